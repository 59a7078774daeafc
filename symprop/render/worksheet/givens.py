"""What a worksheet starts from: the picture, the tables of given numbers, the learning rate and the arithmetic.

Input: a `Sheet`. Output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.notation.layout import layout
from symprop.notation.symbols import numeral
from symprop.notation.width import width
from symprop.render.document import Block, Display, Figure, Heading, Member, Paragraph, Table, matrix
from symprop.render.picture import picture_of
from symprop.render.rows import MOST_ROWS
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Number, Ref

GIVEN = {"input": "Inputs", "target": "Targets", "parameter": "Weights before the step", "constant": "Fixed values"}
TABLE_ROOM, COLUMN = 30.0, 1.2  # em: a table's width, and the space between two columns
ARITHMETIC = {
    "full": "Every line is computed at full precision and rounded for print; \u2248 marks a line whose printed numbers, worked on "
    "a pocket calculator, give another last digit.",
    "carry": "Every line is computed from the digits printed above it, so that each works out on a pocket calculator; \u2248 marks "
    "a second form of a result, where its printed numbers give another last digit.",
}


def given_blocks(sheet: Sheet) -> Iterator[Block]:
    """The picture, the tables and arrays of given numbers, the learning rate, the arithmetic."""
    yield Heading(1, ("What is given",), "given")
    picture = picture_of(sheet.network, sheet.given)
    if picture is not None:
        scalar = sheet.network.graph.scalar
        caption = "with its weights before the step" if scalar else "unit k of a layer is column k of its matrix"
        yield Figure("network", f"The network, {caption}.", picture.description, picture)
    for role, title in GIVEN.items():
        yield from _role(sheet, role, title)
    training = sheet.network.training
    rate = ("The learning rate is ", Ref(training.rate), " = ", training.learning_rate, ". ")
    yield Paragraph((*rate, ARITHMETIC[sheet.worked.mode]))


def _role(sheet: Sheet, role: str, title: str) -> Iterator[Block]:
    quantities = sheet.network.graph.quantities
    names = [name for name in quantities if quantities[name].role == role]
    scalars = [(name, value) for name in names if isinstance(value := sheet.given[name], Number)]
    for place, chunk in enumerate(_chunks(sheet, scalars)):
        caption = f"{title}, continued" if place else title
        yield Table(caption, tuple(Ref(name) for name, _ in chunk), (tuple(value for _, value in chunk),))
    for name in names:
        value = sheet.given[name]
        if not isinstance(value, Number):
            rows = f", {len(value)} rows" if len(value) > MOST_ROWS else ""
            yield Display(name, Ref(name), (Member("=", matrix(value), "value"),), title.lower() + rows)


def _chunks(sheet: Sheet, scalars: list[tuple[str, Number]]) -> list[list[tuple[str, Number]]]:
    """Columns side by side as far as the table's width goes."""
    chunks: list[list[tuple[str, Number]]] = []
    room = 0.0
    for name, value in scalars:
        needed = COLUMN + max(width(layout(Ref(name), sheet.notation)), width(numeral(value, sheet.notation)))
        if not chunks or needed > room:
            chunks.append([])
            room = TABLE_ROOM
        chunks[-1].append((name, value))
        room -= needed
    return chunks


