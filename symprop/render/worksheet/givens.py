"""What a worksheet starts from: the picture, the tables of given numbers, the learning rate and the arithmetic.

Input: a `Sheet`. Output: blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import ceil, inf

from symprop.notation.layout import layout
from symprop.notation.symbols import numeral
from symprop.notation.width import width
from symprop.render.document import Block, Display, Figure, Heading, Member, Paragraph, Part, Table, matrix
from symprop.render.labels import legible
from symprop.render.picture import picture_of
from symprop.render.rows import MOST_ROWS
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Number, Ref

COLUMNS = "unit k of a layer is column k of its matrix"
GIVEN = {"input": "Inputs", "target": "Targets", "parameter": "Weights before the step", "constant": "Fixed values"}
SCALAR = ("with its weights before the step", "with its weights before the step and the values of the forward pass")
ARRAY = (f"{COLUMNS}, here the inputs of the first row", f"{COLUMNS}, here with the values of the first row")
TABLE_ROOM, COLUMN = 30.0, 1.2  # em: a table's width, and the space between two columns
ARITHMETIC = {
    "full": "Every line is computed at full precision and rounded for print; \u2248 marks a line whose printed numbers, worked on "
    "a pocket calculator, give another last digit.",
    "carry": "Every line is computed from the digits printed above it, so that each works out on a pocket calculator; \u2248 marks "
    "a second form of a result, where its printed numbers give another last digit.",
}
TASK = {
    "full": "Give every result to {}, and go on with the unrounded number.",
    "carry": "Round every result to {}, and go on with the rounded number.",
}


def given_blocks(sheet: Sheet, open_results: Collection[str]) -> Iterator[Block]:
    """The picture, the tables and arrays of given numbers, the learning rate, the arithmetic; no result but open ones."""
    yield Heading(1, ("What is given",), "given")
    yield from _picture(sheet, open_results)
    for role, title in GIVEN.items():
        yield from _role(sheet, role, title)
    training = sheet.network.training
    rate = ("The learning rate is ", Ref(training.rate), " = ", training.learning_rate, ". ")
    yield Paragraph((*rate, *_samples(sheet), ARITHMETIC[sheet.worked.mode] if open_results else _task(sheet)))


def _samples(sheet: Sheet) -> tuple[Part, ...]:
    """The number that a mean divides by, where a line names it."""
    batch = sheet.network.batch or ""
    count = sheet.given.get(batch)
    is_named = any(batch in line.operands for line in sheet.worked.lines)
    return ("The number of samples is ", Ref(batch), " = ", count, ". ") if is_named and isinstance(count, Number) else ()


def _task(sheet: Sheet) -> str:
    """Where every result is left blank: the digits that are asked for, with which the key computes too."""
    digits = sheet.worked.digits
    asked = f"{digits.decimals} decimals" if digits.significant is None else f"{digits.significant} significant digits"
    return TASK[sheet.worked.mode].format(asked)


def _picture(sheet: Sheet, open_results: Collection[str]) -> Iterator[Block]:
    results = {name: value for name, value in sheet.worked.values.items() if name in open_results}
    drawn = picture_of(sheet.network, {**sheet.given, **results}, sheet.notation.decimal_comma)
    if drawn is not None:
        picture = legible(drawn, sheet.notation)
        shown = SCALAR if sheet.network.graph.scalar else ARRAY
        caption = shown[any(unit.value is not None and unit.name not in sheet.given for unit in picture.units)]
        yield Figure("network", f"The network, {caption}.", picture.description, picture)


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
    """Columns side by side as far as the table's width goes, in tables of about one width."""
    cells = [(layout(Ref(name), sheet.notation), numeral(value, sheet.notation)) for name, value in scalars]
    needed = [COLUMN + max(map(width, each)) for each in cells]
    share = sum(needed) / max(1, ceil(sum(needed) / TABLE_ROOM))
    chunks: list[list[tuple[str, Number]]] = []
    taken = inf
    for column, each in zip(scalars, needed, strict=True):
        if taken >= share or taken + each > TABLE_ROOM:
            chunks.append([])
            taken = 0.0
        chunks[-1].append(column)
        taken += each
    return chunks
