"""An array network read at the scalar level: one symbol for each entry.

Input: a Network with arrays. Output: the Network of its entries, and for each array name the names of its entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import TypeAlias

import numpy as np

from symprop.derive.entries import Block, Blocks, block, entries_like
from symprop.errors import UnsupportedError
from symprop.graph import Equation, Given, Graph, Network, Quantity, Update, Value, gradient_name
from symprop.terms import Ref, number
from symprop.terms.typography import entry_text, indexed, indices_text

Sizes: TypeAlias = tuple[int, ...]  # a shape without symbols


@dataclass(frozen=True)
class Lowered:
    """The scalar network, and the references to its entries by array name (gradient names included)."""

    network: Network
    entries: Blocks


def entry_name(name: str, place: tuple[int, ...]) -> str:
    """The identifier of an entry in code: `Wh_1_2` for row 1, column 2; counted from 1 as on paper."""
    return "_".join((name, *(str(index + 1) for index in place)))


def lowered(network: Network) -> Lowered:
    """The network entry by entry, for the batch size of the document's data; a scalar network comes back as it is.

    Raises UnsupportedError where the batch is symbolic and the spec holds no data to take its size from.
    """
    graph = network.graph
    sizes = _dimensions(network)
    shapes = {name: tuple(_length(length, sizes) for length in shape) for name, shape in graph.shapes.items()}
    blocks = {name: _symbols(name, shape) for name, shape in shapes.items() if shape}
    blocks |= {name: block(number(size)) for name, size in sizes.items()}
    gradients = {gradient_name(graph, name): shape for name, shape in shapes.items() if shape}
    made = Graph(
        quantities=_quantities(graph, shapes),
        equations=tuple(_entry_equations(graph, blocks)),
        loss=graph.loss,
        outputs=tuple(entry_text(name, place) for name in graph.outputs for place in np.ndindex(shapes[name])),
        deltas=_deltas(graph, shapes),
    )
    data = {key: value for name, whole in network.data.items() for key, value in _values(name, whole)}
    given = {name: whole.value for name, whole in network.initial.items() if isinstance(whole, Given)}
    initial = {key: Given(value) for name, whole in given.items() for key, value in _values(name, whole)}
    updates = {name: _entry_update(update, shapes) for name, update in network.updates.items()}
    scalar_network = replace(
        network, graph=made, data=data, initial=initial, updates=updates, batch=None, derived=(), metrics=(), claims=()
    )
    return Lowered(scalar_network, blocks | {name: _symbols(name, shape) for name, shape in gradients.items()})


def count_entries(network: Network) -> int:
    """How many quantities the network has entry by entry; UnsupportedError as in `lowered`."""
    sizes = _dimensions(network)
    return sum(prod(_length(length, sizes) for length in shape) for shape in network.graph.shapes.values())


def _length(length: int | str, sizes: Mapping[str, int]) -> int:
    return length if isinstance(length, int) else sizes[length]


def _entry_update(update: Update, shapes: Mapping[str, Sizes]) -> Update:
    """The same rule entry by entry, an array's entries in the order of its rows."""
    order = tuple(entry_text(name, place) for name in update.order for place in np.ndindex(shapes[name]))
    swapped = [(name, source, place) for name, source in update.gradient_of.items() for place in np.ndindex(shapes[name])]
    gradient_of = {entry_text(name, place): entry_text(source, place) for name, source, place in swapped}
    return replace(update, order=order, gradient_of=gradient_of)


def _dimensions(network: Network) -> dict[str, int]:
    if network.batch is None:
        return {}
    if network.samples is not None:
        return {network.batch: network.samples}
    data = " and ".join(f"'{name}'" for name in network.graph.names("input", "target"))
    raise UnsupportedError(f"{network.id}: entries need the number of samples, and the spec gives no data; give {data} values")


def _symbols(name: str, shape: Sizes) -> Block:
    made = np.empty(shape, dtype=object)
    for place in np.ndindex(made.shape):
        made[place] = Ref(entry_text(name, place))
    return made


def _quantities(graph: Graph, shapes: Mapping[str, Sizes]) -> dict[str, Quantity]:
    made: dict[str, Quantity] = {}
    for name, quantity in graph.quantities.items():
        if quantity.role == "dimension":
            continue
        for place in np.ndindex(shapes[name]):
            key = entry_text(name, place)
            shown = indexed(quantity.typography, indices_text(place)) if place else quantity.typography
            made[key] = Quantity(key, quantity.role, (), shown)
    return made


def _entry_equations(graph: Graph, blocks: Blocks) -> list[Equation]:
    made: list[Equation] = []
    for equation in graph.equations:
        values = entries_like(equation.term, equation.name, blocks)
        made.extend(Equation(entry_text(equation.name, place), values[place]) for place in np.ndindex(values.shape))
    return made


def _deltas(graph: Graph, shapes: Mapping[str, Sizes]) -> dict[str, str]:
    places = [(name, place) for name in graph.deltas for place in np.ndindex(shapes[name])]
    return {entry_text(name, place): entry_text(graph.deltas[name], place) for name, place in places}


def _values(name: str, whole: Value) -> list[tuple[str, Value]]:
    array: Block = np.array(whole, dtype=object)
    return [(entry_text(name, place), array[place]) for place in np.ndindex(array.shape)]
