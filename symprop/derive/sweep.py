"""One backward sweep over the named equations.

Input: a Network. Output: its frozen Derivation; the work grows with the number of equations, never with the number of paths.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from symprop.derive.arrays import contributions
from symprop.derive.derivation import Derivation
from symprop.derive.steps import Edge, Step
from symprop.graph import Equation, Graph, Network, Quantity, gradient_name
from symprop.terms import ONE, ZERO, Broadcast, Number, Ref, Term, total, typography_of


def derive(network: Network) -> Derivation:
    """The gradients of the loss with respect to every parameter and every intermediate between it and the loss.

    dE/dq = sum over the equations c that use q of dE/dc * dc/dq, each dc/dq by SymPy (scalars, elementwise) or by a proved
    array rule; each gradient has the shape of its quantity. Raises UnsupportedError where an equation has no known rule.
    """
    graph = network.graph
    edges: dict[str, list[Edge]] = {name: [] for name in graph.learned}
    steps: dict[str, Step] = {}
    for equation in reversed(graph.equations):
        if equation.name in edges:
            steps[equation.name] = _step(graph, equation.name, edges[equation.name])
        elif equation.name != graph.loss:
            continue
        for edge in _edges(graph, equation, _upstream(graph, equation.name, steps), edges):
            edges[edge.quantity].append(edge)
    for name in graph.names("parameter"):
        steps[name] = _step(graph, name, edges[name])
    return Derivation(network, steps, dict(_gradient_quantities(graph, steps)))


def _upstream(graph: Graph, name: str, steps: Mapping[str, Step]) -> Term:
    """dE/d`name`: 1 for the loss itself and where the sweep found 1 (a loss that is a plain sum), else its symbol."""
    if name == graph.loss:
        return ONE
    value = steps[name].term
    return value if isinstance(value, Number) and not graph.shape(name) else Ref(steps[name].name)


def _edges(graph: Graph, equation: Equation, upstream: Term, learned: Container[str]) -> Iterator[Edge]:
    for found in contributions(graph, equation, upstream):
        if found.quantity in learned:
            yield Edge(found.quantity, equation.name, found.rule, upstream, found.local, found.term)


def _step(graph: Graph, name: str, edges: list[Edge]) -> Step:
    # the sweep meets the last equation first; on paper paths are listed in the order of the equations
    forward = tuple(reversed(edges))
    term = total(edge.term for edge in forward)
    return Step(gradient_name(graph, name), name, forward, Broadcast(term, name) if term == ZERO and graph.shape(name) else term)


def _gradient_quantities(graph: Graph, steps: Mapping[str, Step]) -> Iterator[tuple[str, Quantity]]:
    for step in steps.values():
        yield step.name, Quantity(step.name, "gradient", graph.shape(step.quantity), typography_of(step.name))
