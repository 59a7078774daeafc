"""The leaves of the page: names, numbers, matrices of numbers and labels as boxes.

Input: typographies and written numbers. Output: boxes; signs, subscripts and exponents in their places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from symprop.graph import Value
from symprop.notation.boxes import Accent, Box, Gap, Grid, Letter, Numeral, Over, Scripts, Sign, Word, row
from symprop.notation.names import Notation
from symprop.terms import Number, Typography, number
from symprop.terms.typography import GREEK

MINUS, DOT = "−", "⋅"
MOST_ROWS = 8  # of a matrix that stands in a formula
DOTS, VERTICAL_DOTS = Sign("⋯", "symbol"), Sign("⋮", "symbol")
AXES = {0: "rows", 1: "columns", -1: "columns"}


def symbol(typography: Typography) -> Box:
    """A quantity's name: base, accent, subscript, superscript."""
    base = _word(typography.base)
    accented = Accent(base, typography.accent) if typography.accent else base
    sub, sup = _script(typography.subscript), _script(typography.superscript)
    return Scripts(accented, sub, sup) if sub or sup else accented


def _word(text: str) -> Box:
    return Letter(GREEK[text]) if text in GREEK else Letter(text) if len(text) == 1 else Word(text)


def _script(text: str) -> Box | None:
    """`h1` in italics with its digits upright, `total` upright, `1,2` with its comma."""
    pieces = re.findall(r"[^\W\d_]+|\d+|.", text)
    return row(*(_script_piece(piece) for piece in pieces)) if pieces else None


def _script_piece(piece: str) -> Box:
    if piece.isdigit():
        return Numeral(piece)
    return _word(piece) if piece.isalpha() else Sign(piece, "separator" if piece == "," else "symbol")


def listed(boxes: Sequence[Box]) -> Box:
    """Boxes with commas between them."""
    return row(boxes[0], *(part for box in boxes[1:] for part in (Sign(",", "separator"), box)))


def axis_label(axis: int) -> Box:
    """What stands under a sum over one axis."""
    return Word(AXES[axis]) if axis in AXES else row(Word("axis"), Gap(thin=True), Numeral(str(axis)))


def numeral(value: Number, notation: Notation) -> Box:
    """A number by its written text: sign, digits, `⋅10` with its power for an exponent, a fraction for `1/2`."""
    sign, digits = ("-", value.text[1:]) if value.text.startswith("-") else ("", value.text)
    box = _unsigned(digits, notation)
    return row(Sign(MINUS, "prefix"), box) if sign else box


def _unsigned(digits: str, notation: Notation) -> Box:
    top, slash, bottom = digits.partition("/")
    if slash:
        return Over(Numeral(top), Numeral(bottom))
    mantissa, _, exponent = digits.lower().partition("e")
    shown = Numeral(mantissa.replace(".", ",") if notation.decimal_comma else mantissa)
    return row(shown, Sign(DOT), Scripts(Numeral("10"), sup=numeral(number(int(exponent)), notation))) if exponent else shown


def array(value: Value, notation: Notation) -> Box:
    """Printed numbers as a matrix, abbreviated where it is long; a vector is one row."""
    if isinstance(value, Number):
        return numeral(value, notation)
    rows = [part if isinstance(part, tuple) else (part,) for part in value] if isinstance(value[0], tuple) else [value]
    shown = abbreviated(rows, MOST_ROWS, (VERTICAL_DOTS,) * len(rows[0]))
    columns = notation.most_columns or len(rows[0])
    return Grid(tuple(tuple(_entry(each, notation) for each in abbreviated(entries, columns, DOTS)) for entries in shown))


def _entry(value: Value | Box, notation: Notation) -> Box:
    return value if isinstance(value, Box) else array(value, notation)


Element = TypeVar("Element")


def abbreviated(parts: Sequence[Element], most: int, dots: Element) -> Sequence[Element]:
    """All of at most `most` parts; of more the first ones, dots and the last one, together as many."""
    return parts if len(parts) <= most else [*parts[: max(1, most - 2)], dots, parts[-1]]
