"""The matrix form of a scalar network's gradients: an outer product of deltas and of what the units received.

Input: a `Sheet`. Output: for each layer [dE/dw] = [delta][input]^T = [numbers] = [values]; nothing where the weights form no grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symprop.derive import Step
from symprop.graph import Value
from symprop.notation.width import width
from symprop.render.document import Block, Display, Heading, Matrices, Member, Paragraph, Relation
from symprop.render.rows import body_box
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Mul, Number, Ref, Term

WIDEST_HEAD = 16.0  # em: what stands behind it breaks, between matrices and between their columns


@dataclass(frozen=True, slots=True)
class _Layer:
    """The deltas (rows), the inputs (columns), and the gradient of the weight between each pair."""

    deltas: tuple[str, ...]
    inputs: tuple[str, ...]
    gradients: tuple[tuple[Step, ...], ...]


def matrix_blocks(sheet: Sheet) -> Iterator[Block]:
    """The same gradients, layer by layer, as products of matrices."""
    layers = list(_layers(sheet)) if sheet.network.graph.scalar else []
    displays = [_display(sheet, layer, number) for number, layer in enumerate(layers, 1)]
    narrow = [each for each in displays if _fits(each, sheet)]
    if not layers:
        return
    yield Heading(1, ("The same in matrix form",), "matrix-form")
    yield Paragraph(("A row for each unit, a column for each of its inputs: the deltas times what the units received.",))
    yield from narrow
    if len(narrow) < len(displays):
        yield Paragraph(("A layer whose matrix is wider than the page is left out: its entries are the lines of the delta rule.",))


def _fits(display: Display, sheet: Sheet) -> bool:
    return width(body_box(display.head, sheet.notation)) <= WIDEST_HEAD


def _display(sheet: Sheet, layer: _Layer, number: int) -> Display:
    lines = [sheet.worked.line(step.name) for row in layer.gradients for step in row]
    relation: Relation = "=" if all(line.relation == "=" for line in lines) else "≈"
    members = (
        Member("=", _product(layer, Ref)),
        Member("=", _product(layer, lambda name: _number(sheet.worked.values[name])), "numbers"),
        Member(relation, _grid(layer, lambda name: _number(sheet.worked.values[name])), "value"),
    )
    return Display(f"matrix form {number}", _grid(layer, Ref), members, "outer product", (lines[0].name, lines[-1].name))


def _grid(layer: _Layer, entry: Callable[[str], Term]) -> Matrices:
    return Matrices((tuple(tuple(entry(step.name) for step in row) for row in layer.gradients),))


def _product(layer: _Layer, entry: Callable[[str], Term]) -> Matrices:
    return Matrices((tuple((entry(delta),) for delta in layer.deltas), (tuple(entry(name) for name in layer.inputs),)))


def _number(value: Value) -> Term:
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
