"""The matrix form of a scalar network's gradients: an outer product of deltas and of what the units received.

Input: a `Sheet`. Output: for each layer one display, [dE/dw] = [delta][input]^T = [values]; nothing where the weights form no grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symprop.derive import Step
from symprop.render.document import Block, Display, Heading, Matrices, Member, Paragraph
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Mul, Number, Ref, Term


@dataclass(frozen=True, slots=True)
class _Layer:
    """The deltas (rows), the inputs (columns), and the gradient of the weight between each pair."""

    deltas: tuple[str, ...]
    inputs: tuple[str, ...]
    gradients: tuple[tuple[Step, ...], ...]


def matrix_blocks(sheet: Sheet) -> Iterator[Block]:
    """The same gradients, layer by layer, as products of matrices."""
    layers = list(_layers(sheet)) if sheet.network.graph.scalar else []
    if not layers:
        return
    yield Heading(1, ("The same in matrix form",), "matrix-form")
    yield Paragraph(("A row for each unit, a column for each of its inputs.",))
    for number, layer in enumerate(layers, 1):
        yield _display(sheet, layer, number)


def _display(sheet: Sheet, layer: _Layer, number: int) -> Display:
    head = Matrices((tuple(tuple(Ref(step.name) for step in row) for row in layer.gradients),))
    column = tuple((Ref(delta),) for delta in layer.deltas)
    row = (tuple(Ref(name) for name in layer.inputs),)
    values = Matrices((tuple(tuple(_printed(sheet, step.name) for step in row) for row in layer.gradients),))
    cites = tuple(step.name for row in layer.gradients for step in row)
    members = (Member("=", Matrices((column, row))), Member("=", values, "value"))
    return Display(f"matrix form {number}", head, members, "outer product", (cites[0], cites[-1]))


def _printed(sheet: Sheet, name: str) -> Term:
    value = sheet.worked.values[name]
    assert isinstance(value, Number), "a scalar network's gradient"
    return value


def _layers(sheet: Sheet) -> Iterator[_Layer]:
    """The complete grids of weights whose gradient is delta * input, in the order of the equations."""
    found = {pair: step for step in sheet.derivation.steps.values() if (pair := _pair(sheet, step)) is not None}
    inputs: dict[str, tuple[str, ...]] = {}
    for delta, name in found:
        inputs[delta] = (*inputs.get(delta, ()), name)
    for names in dict.fromkeys(inputs.values()):
        deltas = tuple(delta for delta in inputs if inputs[delta] == names)
        if len(names) > 1 or len(deltas) > 1:
            yield _Layer(deltas, names, tuple(tuple(found[delta, name] for name in names) for delta in deltas))


def _pair(sheet: Sheet, step: Step) -> tuple[str, str] | None:
    """(delta, input) where the gradient of a parameter is just their product."""
    graph = sheet.network.graph
    if step.quantity not in graph.names("parameter") or not isinstance(step.term, Mul) or len(step.term.factors) != 2:
        return None
    delta, received = step.term.factors
    if isinstance(delta, Ref) and isinstance(received, Ref) and delta.name in graph.deltas.values():
        return delta.name, received.name
    return None
