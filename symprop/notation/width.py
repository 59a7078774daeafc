"""How wide a box is on the page, in em of the surrounding text.

Input: a Box. Output: an estimate from the boxes themselves, a little generous, fit for Latin Modern and Computer Modern.
"""

from __future__ import annotations

from functools import singledispatch

from symprop.notation.boxes import (
    Accent,
    Box,
    Call,
    Fence,
    Gap,
    Grid,
    Letter,
    Limits,
    Numeral,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Word,
    is_tall,
)

NARROW, WIDE = set("fijlrtIι.,"), set("mwMWξψΨ") | set("ABCDEFGHKLNOPQRTUVXYZΓΔΘΛΞΠΣΦΩ")
THIN = 0.17
FORMS = {"infix": 1.3, "prefix": 0.8, "open": 0.4, "close": 0.4, "separator": 0.45, "symbol": 0.6}
SIGNS = {"⋅": 0.75, "∑": 1.65, "⊤": 0.8, "/": 0.5, "⋯": 1.4, "⋮": 0.4}  # where a sign differs from its form
SCRIPT = 0.72  # the size of a script
BRACKET, TALL_BRACKET, MATRIX_BRACKET, RULE = 0.4, 0.75, 0.55, 0.25
COLUMN = 0.6  # between two columns of a matrix; our pages set them closer than LaTeX does


@singledispatch
def width(box: Box) -> float:
    """The width of a box in em."""
    raise TypeError(f"width: no case for {type(box).__name__}")


@width.register
def _(box: Letter) -> float:
    return 0.45 if box.text in NARROW else 0.95 if box.text in WIDE else 0.65


@width.register
def _(box: Word) -> float:
    return sum(0.39 if letter in NARROW else 0.84 if letter in WIDE else 0.56 for letter in box.text) + THIN * box.function


@width.register
def _(box: Numeral) -> float:
    return sum(0.28 if mark in ".," else 0.5 for mark in box.text)


@width.register
def _(box: Sign) -> float:
    return SIGNS.get(box.text, FORMS[box.form])


@width.register
def _(box: Gap) -> float:
    return THIN if box.thin else 0.0


@width.register
def _(box: Row) -> float:
    return sum(map(width, box.parts))


@width.register
def _(box: Scripts) -> float:
    return width(box.base) + SCRIPT * max(width(script) for script in (box.sub, box.sup) if script) + 0.06


@width.register
def _(box: Accent) -> float:
    return width(box.base)


@width.register
def _(box: Over) -> float:
    return max(width(box.numerator), width(box.denominator)) + RULE


@width.register
def _(box: Root) -> float:
    return width(box.radicand) + 0.9


@width.register
def _(box: Fence) -> float:
    bracket = TALL_BRACKET if is_tall(box) else BRACKET
    return width(box.inner) + bracket * (bool(box.left) + bool(box.right))


@width.register
def _(box: Call) -> float:
    return width(box.function) + width(box.arguments)


@width.register
def _(box: Limits) -> float:
    return max(width(box.operator), SCRIPT * width(box.under)) + THIN


@width.register
def _(box: Grid) -> float:
    columns = zip(*box.rows, strict=True)
    return sum(max(map(width, column)) + COLUMN for column in columns) + 2 * MATRIX_BRACKET
