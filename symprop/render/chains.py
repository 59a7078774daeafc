"""The chain rule along a path, as symbols: one partial derivative for each edge.

Input: a Derivation and a quantity. Output: the edges of its single path, and their symbols as one product.
"""

from __future__ import annotations

from symprop.derive import Derivation, Edge
from symprop.terms import Partial, Term, is_number, product


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


def chain_symbols(derivation: Derivation, quantity: str) -> Term:
    """dE/dq as a product of partials along its single path, from the loss down; a sum at its end stays one symbol."""
    path, last = single_path(derivation, quantity)
    head = [Partial(derivation.network.graph.loss, last)] if last is not None else []
    told = [edge for edge in reversed(path) if edge.local is not None and not is_number(edge.local, 1)]
    return product([*head, *map(edge_symbol, told)])


def path_symbols(derivation: Derivation, edge: Edge) -> Term:
    """What one path adds: dE/d(consumer) * d(consumer)/dq; the first factor is left out where it is 1."""
    loss = derivation.network.graph.loss
    upstream = () if is_number(edge.upstream, 1) else (Partial(loss, edge.consumer),)
    return product((*upstream, edge_symbol(edge)))
