"""MathML Core of terms and boxes, as presentation markup that browsers set without scripts.

Input: a term and a Notation, or a Box. Output: XML-escaped markup; `math` wraps it with its spoken text and its LaTeX.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from html import escape

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
    has_fraction,
    is_tall,
    missing_height,
)
from symprop.notation.breaking import DisplayRow
from symprop.notation.layout import layout
from symprop.notation.names import Notation
from symprop.terms import Term

INVISIBLE_TIMES, APPLY = "\u2062", "\u2061"
THIN_SPACE = '<mspace width="0.167em"></mspace>'
AXIS = 0.25  # em: the height of the line in whose middle brackets stand
FIRST, LAST, SMALL = ' form="prefix"', ' form="postfix"', ' stretchy="false"'
MARKS = {"hat": "^", "bar": "¯", "tilde": "~"}


def mathml(term: Term, notation: Notation) -> str:
    """The presentation markup of a term, without the `math` element."""
    return box_mathml(layout(term, notation))


def math(content: str, spoken: str, tex: str, display: bool = False) -> str:
    """A `math` element around presentation markup, with the spoken text as its label and the LaTeX to copy."""
    block = ' display="block"' if display else ""
    annotation = f'<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation>'
    return f'<math{block} aria-label="{escape(spoken)}"><semantics><mrow>{content}</mrow>{annotation}</semantics></math>'


def mathml_rows(rows: Iterable[DisplayRow]) -> str:
    """A table of class `al`: what stands left of the relation, and the relation with its body (a continued row is indented)."""
    return f'<mtable class="al" displaystyle="true">{"".join(map(_mathml_row, rows))}</mtable>'


def _mathml_row(each: DisplayRow) -> str:
    left = box_mathml(each.left) if each.left else ""
    indent = f'<mspace width="{each.indent}em"></mspace>' if each.indent else ""
    relation = _operator(each.relation, _ATTRIBUTES["infix"]) if each.relation else ""
    return f"<mtr><mtd>{left}</mtd><mtd>{indent}{relation}{box_mathml(each.body)}</mtd></mtr>"


@singledispatch
def box_mathml(box: Box) -> str:
    """The markup of a box: one element, or several side by side for a row."""
    raise TypeError(f"box_mathml: no case for {type(box).__name__}")


@box_mathml.register
def _(box: Letter) -> str:
    return f"<mi>{escape(box.text)}</mi>"


@box_mathml.register
def _(box: Word) -> str:
    return f'<mi mathvariant="normal">{escape(box.text)}</mi>'


@box_mathml.register
def _(box: Numeral) -> str:
    return f"<mn>{escape(box.text)}</mn>"


@box_mathml.register
def _(box: Sign) -> str:
    return _operator(box.text, _ATTRIBUTES[box.form])


@box_mathml.register
def _(box: Gap) -> str:
    return _operator(INVISIBLE_TIMES) + THIN_SPACE * box.thin


@box_mathml.register
def _(box: Row) -> str:
    return "".join(map(box_mathml, box.parts))


@box_mathml.register
def _(box: Scripts) -> str:
    element = "msubsup" if box.sub and box.sup else "msub" if box.sub else "msup"
    return f"<{element}>{''.join(_one(part) for part in (box.base, box.sub, box.sup) if part)}</{element}>"


@box_mathml.register
def _(box: Accent) -> str:
    return f'<mover accent="true">{_one(box.base)}{_operator(MARKS[box.mark], SMALL)}</mover>'


@box_mathml.register
def _(box: Over) -> str:
    return f"<mfrac>{_fraction_part(box.numerator)}{_fraction_part(box.denominator)}</mfrac>"


def _fraction_part(box: Box) -> str:
    return f'<mstyle displaystyle="true">{_one(box)}</mstyle>' if has_fraction(box) else _one(box)


@box_mathml.register
def _(box: Root) -> str:
    return f"<msqrt>{_one(box.radicand)}</msqrt>"


@box_mathml.register
def _(box: Fence) -> str:
    small = "" if is_tall(box) else SMALL
    return _between(box.left, _strut(missing_height(box)) + box_mathml(box.inner), box.right, small)


def _strut(needed: float) -> str:
    """An invisible box of that height, its middle on the axis."""
    return f'<mspace height="{needed / 2 + AXIS:.2f}em" depth="{needed / 2 - AXIS:.2f}em"></mspace>' if needed else ""


@box_mathml.register
def _(box: Call) -> str:
    return box_mathml(box.function) + _operator(APPLY) + box_mathml(box.arguments)


@box_mathml.register
def _(box: Limits) -> str:
    return f"<munder>{_one(box.operator)}{_one(box.under)}</munder>"


@box_mathml.register
def _(box: Grid) -> str:
    rows = [[f"<mtd>{box_mathml(entry)}</mtd>" for entry in entries] for entries in box.rows]
    lines = "".join(f"<mtr>{''.join(cells)}</mtr>" for cells in rows)
    return _between(box.left, f"<mtable>{lines}</mtable>", box.right, "")


def _between(left: str, content: str, right: str, size: str) -> str:
    opening, closing = (_operator(sign, form + size) if sign else "" for sign, form in ((left, FIRST), (right, LAST)))
    return f"<mrow>{opening}{content}{closing}</mrow>"


_ATTRIBUTES = {
    "infix": ' form="infix"',
    "prefix": FIRST,
    "open": FIRST + SMALL,
    "close": LAST + SMALL,
    "separator": ' separator="true"',
    "symbol": ' form="infix" lspace="0" rspace="0"',
}


def _operator(text: str, attributes: str = "") -> str:
    return f"<mo{attributes}>{escape(text)}</mo>"


def _one(box: Box) -> str:
    """A box as exactly one element, as the schemas of scripts and fractions ask."""
    return f"<mrow>{box_mathml(box)}</mrow>" if isinstance(box, (Row, Call, Gap)) else box_mathml(box)
