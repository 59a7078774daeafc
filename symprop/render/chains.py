"""The chain rule along a path, as symbols: one partial derivative for each edge.

Input: a Derivation and a quantity. Output: the edges of its single path, and their symbols as one product.
"""

from __future__ import annotations

from symprop.derive import Derivation, Edge, Step
from symprop.terms import Partial, Term, is_number, product, total


def single_path(derivation: Derivation, quantity: str) -> tuple[list[Edge], str | None]:
    """The edges up to the loss (then None), or up to the first quantity whose gradient is a sum over paths or an array rule."""
    path: list[Edge] = []
    while quantity != derivation.network.graph.loss:
        edges = derivation.steps[quantity].edges
        if len(edges) != 1 or edges[0].local is None:
            return path, quantity
        path.append(edges[0])
        quantity = edges[0].consumer
    return path, None


def edge_symbol(edge: Edge) -> Term:
    """d(consumer)/d(quantity)."""
    return Partial(edge.consumer, edge.quantity)


def told(edge: Edge) -> bool:
    """Whether a factor is worth a symbol and a line: not where the slope is 1, nor for an array rule."""
    return edge.local is not None and not is_number(edge.local, 1)


def chain_symbols(derivation: Derivation, quantity: str) -> Term:
    """dE/dq as a product of partials along its single path, from the loss down; a sum at its end stays one symbol."""
    path, last = single_path(derivation, quantity)
    head = [Partial(derivation.network.graph.loss, last)] if last is not None else []
    return product([*head, *(edge_symbol(edge) for edge in reversed(path) if told(edge))])


def path_symbols(derivation: Derivation, edge: Edge) -> Term:
    """What one path adds: dE/d(consumer) * d(consumer)/dq; the first factor is left out where it is 1."""
    loss = derivation.network.graph.loss
    upstream = () if is_number(edge.upstream, 1) else (Partial(loss, edge.consumer),)
    return product((*upstream, edge_symbol(edge)))


def summed_symbols(derivation: Derivation, step: Step) -> Term:
    """The sum over the paths of a step in symbols; where the loss itself holds the quantity, what that path adds."""
    loss = derivation.network.graph.loss
    return total(edge.term if edge.consumer == loss else _told_symbols(derivation, edge) for edge in step.edges)


def _told_symbols(derivation: Derivation, edge: Edge) -> Term:
    return path_symbols(derivation, edge) if told(edge) else Partial(derivation.network.graph.loss, edge.consumer)
