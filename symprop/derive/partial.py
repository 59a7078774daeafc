"""The partial derivative of any named scalar by any quantity before it: dout_o1/dnet_o1, dE_o1/dout_h1.

Input: a network and two names. Output: the derivative in forward quantities, by the same sweep that derives the loss: `of` stands
for the loss, `wrt` for a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.derive.expand import in_quantities
from symprop.derive.sweep import derive
from symprop.errors import UsageError, suggestion
from symprop.graph import Graph, Network
from symprop.terms import ONE, Term, ancestors


def partial(network: Network, of: str, wrt: str) -> Term:
    """d`of`/d`wrt` along every path, in forward quantities; `of` is a scalar equation's name.

    Raises UsageError where `of` has no equation or does not depend on `wrt`.
    """
    graph = network.graph
    if of not in graph.definitions or graph.shape(of):
        raise UsageError(f"'{of}' is not a scalar equation of {network.id}{suggestion(of, graph.definitions)}")
    if wrt not in ancestors((of,), graph.definitions):
        raise UsageError(f"'{of}' does not depend on '{wrt}'")
    return ONE if of == wrt else in_quantities(derive(replace(network, graph=_between(graph, of, wrt))).steps, wrt)


def _between(graph: Graph, of: str, wrt: str) -> Graph:
    """The same graph with `of` in the place of the loss and nothing behind it, and `wrt` among the parameters."""
    last = next(place for place, equation in enumerate(graph.equations) if equation.name == of)
    kept = tuple(equation for equation in graph.equations[: last + 1] if equation.name != wrt)
    learned = replace(graph.quantities[wrt], role="parameter")
    return replace(graph, quantities={**graph.quantities, wrt: learned}, equations=kept, loss=of)


def split_partial(name: str, network: Network) -> tuple[str, str] | None:
    """The two names in `dout_o1_dnet_o1`; None where the text is not such a name in this network."""
    return next(_splits(name, network), None)


def _splits(name: str, network: Network) -> Iterator[tuple[str, str]]:
    if not name.startswith("d"):
        return
    places = [place for place in range(len(name)) if name.startswith("_d", place)]
    for place in places:
        of, wrt = name[1:place], name[place + 2 :]
        if of in network.graph.definitions and wrt in network.graph.quantities:
            yield of, wrt
