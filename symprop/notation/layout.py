"""Terms to boxes: which brackets, which product signs, which letters; decided once for every printed format.

Input: a term and a Notation. Output: a Box. Nothing is re-ordered: the page shows the author's tree.
"""

from __future__ import annotations

import re
from functools import singledispatch

from symprop.functions import FUNCTIONS
from symprop.graph import Shape
from symprop.notation.boxes import (
    Accent,
    Box,
    Call,
    Fence,
    Gap,
    Letter,
    Limits,
    Numeral,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Word,
    row,
)
from symprop.notation.names import Notation
from symprop.notation.precedence import ATOM, DISPLAYED, POWER, PRODUCT, SIGN
from symprop.notation.symbols import DOT, MINUS, array, axis_label, listed, numeral, symbol
from symprop.terms import (
    Add,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
    Typography,
    names_in,
)
from symprop.terms.shapes import shape_of
from symprop.terms.typography import GREEK, entry_text

CIRCLE, PARTIAL, TOP = "⊙", "∂", "⊤"


@singledispatch
def layout(term: Term, notation: Notation) -> Box:
    """The term as it stands on the page."""
    raise TypeError(f"layout: no case for {type(term).__name__}")


@layout.register
def _(term: Number, notation: Notation) -> Box:
    return numeral(term, notation)


@layout.register
def _(term: Ref, notation: Notation) -> Box:
    return _named(term.name, notation)


@layout.register
def _(term: Entry, notation: Notation) -> Box:
    return _named(entry_text(term.name, term.indices), notation)


@layout.register
def _(term: Partial, notation: Notation) -> Box:
    return Over(_differential(term.of, notation), _differential(term.wrt, notation))


@layout.register
def _(term: Neg, notation: Notation) -> Box:
    return row(Sign(MINUS, "prefix"), bracketed(term.operand, PRODUCT, notation))


@layout.register
def _(term: Add, notation: Notation) -> Box:
    first, *rest = term.terms
    return row(bracketed(first, SIGN, notation), *(part for addend in rest for part in _addend(addend, notation)))


@layout.register
def _(term: Mul, notation: Notation) -> Box:
    return _juxtaposed(term.factors, notation)


@layout.register
def _(term: Div, notation: Notation) -> Box:
    return Over(layout(term.numerator, notation), layout(term.denominator, notation))


@layout.register
def _(term: Power, notation: Notation) -> Box:
    return _raised(bracketed(term.base, ATOM, notation), layout(term.exponent, notation))


@layout.register
def _(term: Apply, notation: Notation) -> Box:
    return _application(term, notation)


@layout.register
def _(term: MatMul, notation: Notation) -> Box:
    left = layout(term.left, notation) if isinstance(term.left, MatMul) else bracketed(term.left, POWER, notation)
    right = bracketed(term.right, POWER, notation)
    return row(left, Gap(_apart(left, right)), right)


@layout.register
def _(term: Transpose, notation: Notation) -> Box:
    return _raised(bracketed(term.operand, ATOM, notation), Sign(TOP, "symbol"))


@layout.register
def _(term: Sum, notation: Notation) -> Box:
    sign = Sign("∑", "prefix")
    over = sign if term.axis is None else Limits(sign, axis_label(term.axis))
    return row(over, bracketed(term.operand, PRODUCT, notation))


@layout.register
def _(term: Mean, notation: Notation) -> Box:
    mean = Word("mean", function=True)
    return Call(mean if term.axis is None else Scripts(mean, axis_label(term.axis)), Fence(layout(term.operand, notation)))


@layout.register
def _(term: Broadcast, notation: Notation) -> Box:
    return layout(term.operand, notation)  # the page leaves repetition to the reader, as textbooks do


def _named(name: str, notation: Notation) -> Box:
    if name in notation.values:
        return array(notation.values[name], notation)
    partial = notation.partial(name)
    return symbol(notation.typography(name)) if partial is None else layout(partial, notation)


def level(term: Term, notation: Notation) -> int:
    """How tightly the displayed term binds."""
    if isinstance(term, Number):
        return SIGN if term.text.startswith("-") else PRODUCT if "e" in term.text.lower() else POWER if "/" in term.text else ATOM
    if isinstance(term, Broadcast):
        return level(term.operand, notation)
    if isinstance(term, (Ref, Entry)):
        return POWER if _is_raised(term.name, notation) else ATOM
    return DISPLAYED[type(term)]


def _is_raised(name: str, notation: Notation) -> bool:
    """Whether a name is shown as a fraction or with a superscript of its own, so that an exponent needs a bracket."""
    return name not in notation.values and (notation.partial(name) is not None or bool(notation.typography(name).superscript))


def bracketed(term: Term, least: int, notation: Notation) -> Box:
    """The term, in brackets where it binds less tightly than `least`."""
    box = layout(term, notation)
    return box if level(term, notation) >= least else Fence(box)


def _raised(base: Box, exponent: Box) -> Box:
    """A superscript, above the subscript where the base has one."""
    if isinstance(base, Scripts) and base.sup is None:
        return Scripts(base.base, base.sub, exponent)
    return Scripts(base, sup=exponent)


def _addend(term: Term, notation: Notation) -> tuple[Box, Box]:
    if isinstance(term, Neg):
        return Sign(MINUS), bracketed(term.operand, PRODUCT, notation)
    return Sign("+"), bracketed(term, PRODUCT, notation)


def _juxtaposed(factors: tuple[Term, ...], notation: Notation) -> Box:
    """Factors side by side: ⊙ between an array and what precedes it with one, ⋅ between numbers, else an implied product."""
    parts = [bracketed(factor, POWER, notation) for factor in factors]
    arrays = [_is_array(factor, notation) for factor in factors]
    if isinstance(factors[-1], (MatMul, Sum)) and not any(arrays[:-1]):
        parts[-1] = layout(factors[-1], notation)  # a scalar before a matrix product or a sum needs no bracket
    joined = [parts[0]]
    for place in range(1, len(parts)):
        elementwise = arrays[place] and any(arrays[:place])
        before = place - 1
        sign = Sign(CIRCLE) if elementwise else _joint(factors[before], factors[place], parts[before], parts[place])
        joined += [sign, parts[place]]
    return row(*joined)


def _joint(left: Term, right: Term, before: Box, after: Box) -> Box:
    """What stands between two factors of numbers: ⋅ between digits and between fractions, else an implied product."""
    numbers = not names_in(left) and not names_in(right)
    if numbers or isinstance(right, Number) or _begins_with_digit(after) or (isinstance(before, Over) and isinstance(after, Over)):
        return Sign(DOT)
    return Gap(_apart(before, after))


def _is_array(term: Term, notation: Notation) -> bool:
    return bool(shape_of(term, _ScalarsElse(notation.shapes)))


class _ScalarsElse(dict[str, Shape]):
    def __missing__(self, name: str) -> Shape:
        return ()


def _begins_with_digit(box: Box) -> bool:
    if isinstance(box, Row):
        return _begins_with_digit(box.parts[0])
    return isinstance(box, Numeral) or (isinstance(box, Scripts) and _begins_with_digit(box.base))


def _apart(left: Box, right: Box) -> bool:
    """Whether an implied product needs a thin space: beside words, brackets, fractions; `w_1 i_1` needs none."""
    return not (_is_letter(left) and _is_letter(right))


def _is_letter(box: Box) -> bool:
    return isinstance(box, Letter) or (isinstance(box, (Scripts, Accent)) and _is_letter(box.base))


def _application(term: Apply, notation: Notation) -> Box:
    arguments = [layout(argument, notation) for argument in term.arguments]
    if not arguments:
        return symbol(Typography(term.function))
    if term.function == "sqrt":
        return Root(arguments[0])
    inner = listed(arguments)
    return Fence(inner, "|", "|") if term.function == "abs" else Call(_function(term.function), Fence(inner))


def _function(name: str) -> Box:
    command = re.fullmatch(r"\\operatorname\{(\w+)\}|\\(\w+)", FUNCTIONS[name].latex)
    written = (command[1] or command[2]) if command else name
    return Letter(GREEK[written]) if written in GREEK else Word(written, function=True)


def _differential(name: str, notation: Notation) -> Box:
    return row(Sign(PARTIAL, "symbol"), symbol(notation.typography(name)))
