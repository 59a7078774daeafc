"""The order in which a textbook goes back: net input by net input, from the loss to the first layer.

Input: a Derivation. Output: `Level`s, each with the quantities it passes through and the parameters that enter it.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.derive import Derivation
from symprop.render.document import Part
from symprop.terms import Ref, is_number, names_in

MOST_LISTED = 4


@dataclass(frozen=True, slots=True)
class Level:
    """`title`, then the quantities to pass through and the parameters, both by name and in the order of the page."""

    title: tuple[Part, ...]
    quantities: tuple[str, ...]
    parameters: tuple[str, ...]


def levels(derivation: Derivation) -> list[Level]:
    """Every gradient in one level: as many net inputs lie between a level and the loss as there are levels before it."""
    depth = _depths(derivation)
    parameters = derivation.network.graph.names("parameter")
    last = max(depth.values(), default=0)
    return [_level(derivation, depth, parameters, number, last) for number in range(last + 1)]


def _depths(derivation: Derivation) -> dict[str, int]:
    """The largest number of net inputs between a quantity and the loss; a parameter belongs to what it enters."""
    graph = derivation.network.graph
    learned = set(graph.names("parameter"))
    depth = {graph.loss: 0}
    for name, step in derivation.steps.items():  # consumers come before what they use
        behind = (depth[edge.consumer] + (edge.consumer in graph.deltas and name not in learned) for edge in step.edges)
        depth[name] = max(behind, default=0)
    return depth


def _level(derivation: Derivation, depth: dict[str, int], parameters: tuple[str, ...], number: int, last: int) -> Level:
    shown = {name for name, step in derivation.steps.items() if depth[name] == number and not is_number(step.term, 1)}
    quantities = _in_order(derivation, shown - set(parameters))
    entering = tuple(name for name in parameters if name in shown)
    nets = [name for name in derivation.network.graph.deltas if name in quantities]
    return Level(_title(derivation, nets, number, last), quantities, entering)


def _in_order(derivation: Derivation, names: set[str]) -> tuple[str, ...]:
    """Unit by unit, in the order of the equations; for each what it passes through from the loss back."""
    places = {equation.name: place for place, equation in enumerate(derivation.network.graph.equations)}
    placed: dict[str, None] = {}
    for name in sorted(names, key=places.__getitem__):
        found: set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current in names and current not in placed and current not in found:
                found.add(current)
                pending.extend(edge.consumer for edge in derivation.steps[current].edges)
        placed.update(dict.fromkeys(sorted(found, key=places.__getitem__, reverse=True)))
    return tuple(placed)


def _title(derivation: Derivation, nets: list[str], number: int, last: int) -> tuple[Part, ...]:
    """`Output layer: net_o1 and net_o2`; without an output among its units `Back to x1`."""
    graph = derivation.network.graph
    if not nets:
        return ("Back from the loss",) if number == 0 else ("Further back",)
    uses_net = any(name in nets for output in graph.outputs for name in names_in(graph.definitions[output]))
    outputs = number == 0 and uses_net
    hidden = "Hidden layer" if last == 1 else f"Hidden layer {last - number + 1}"
    layered = bool(derivation.network.layers)
    kind = "Output layer: " if outputs else f"{hidden}: " if layered and number else "Back to "
    return (kind, *_listed(nets))


def _listed(names: list[str]) -> list[Part]:
    if len(names) > MOST_LISTED:
        return [Ref(names[0]), ", …, ", Ref(names[-1])]
    parts: list[Part] = [Ref(names[0])]
    for place, name in enumerate(names[1:], 2):
        parts += [" and " if place == len(names) else ", ", Ref(name)]
    return parts
