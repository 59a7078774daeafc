"""Spoken text of terms: what a screen reader says for an equation.

Input: a term and a Notation. Output: words, with the brackets and ends of fractions that keep two readings apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import singledispatch

from symprop.graph import Value
from symprop.notation.layout import level
from symprop.notation.names import Notation
from symprop.notation.precedence import ATOM, PRODUCT, SIGN
from symprop.notation.symbols import AXES, MOST_ROWS, abbreviated
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
    number,
)
from symprop.terms.typography import entry_of_text, entry_text

POWERS = {"2": "squared", "3": "cubed"}
FUNCTION_NAMES = {"abs": "absolute value", "sqrt": "square root", "log": "natural logarithm", "step": "unit step"}
RELATIONS = {"=": "equals", "≈": "is approximately", "←": "becomes"}


def speech(term: Term, notation: Notation) -> str:
    """The term in words."""
    return _spoken(term, notation)


def spoken_relation(relation: str) -> str:
    """A relation sign in words."""
    return RELATIONS[relation]


@singledispatch
def _spoken(term: Term, notation: Notation) -> str:
    raise TypeError(f"speech: no case for {type(term).__name__}")


@_spoken.register
def _(term: Number, notation: Notation) -> str:
    return spoken_number(term, notation.decimal_comma)


@_spoken.register
def _(term: Ref, notation: Notation) -> str:
    if term.name in notation.values:
        return _spoken_value(notation.values[term.name], notation)
    partial = notation.partial(term.name)
    return _name(term.name, notation) if partial is None else _spoken(partial, notation)


@_spoken.register
def _(term: Entry, notation: Notation) -> str:
    return _name(entry_text(term.name, term.indices), notation)


@_spoken.register
def _(term: Partial, notation: Notation) -> str:
    return f"partial {_name(term.of, notation)} by partial {_name(term.wrt, notation)}"


@_spoken.register
def _(term: Neg, notation: Notation) -> str:
    return f"minus {_bracketed(term.operand, PRODUCT, notation)}"


@_spoken.register
def _(term: Add, notation: Notation) -> str:
    first, *rest = term.terms
    return " ".join([_bracketed(first, SIGN, notation), *(_addend(addend, notation) for addend in rest)])


@_spoken.register
def _(term: Mul, notation: Notation) -> str:
    return " times ".join(_factor(factor, notation) for factor in term.factors)


@_spoken.register
def _(term: Div, notation: Notation) -> str:
    return _fraction(_spoken(term.numerator, notation), _spoken(term.denominator, notation))


@_spoken.register
def _(term: Power, notation: Notation) -> str:
    exponent = _spoken(term.exponent, notation)
    base = _bracketed(term.base, ATOM, notation)
    return f"{base} {POWERS[exponent]}" if exponent in POWERS else f"{base} to the power {exponent} end power"


@_spoken.register
def _(term: Apply, notation: Notation) -> str:
    name = FUNCTION_NAMES.get(term.function, term.function)
    arguments = " comma ".join(_spoken(argument, notation) for argument in term.arguments)
    simple = len(term.arguments) == 1 and _is_simple(term.arguments[0], notation)
    return name if not arguments else f"{name} of {arguments}" if simple else f"{name} of {_in_brackets(arguments)}"


@_spoken.register
def _(term: MatMul, notation: Notation) -> str:
    left = _spoken(term.left, notation) if isinstance(term.left, MatMul) else _factor(term.left, notation)
    return f"{left} matrix times {_factor(term.right, notation)}"


@_spoken.register
def _(term: Transpose, notation: Notation) -> str:
    return f"{_bracketed(term.operand, ATOM, notation)} transposed"


@_spoken.register
def _(term: Sum, notation: Notation) -> str:
    return f"the sum{_over(term.axis)} of {_whole(term.operand, notation)}"


@_spoken.register
def _(term: Mean, notation: Notation) -> str:
    return f"the mean{_over(term.axis)} of {_whole(term.operand, notation)}"


@_spoken.register
def _(term: Broadcast, notation: Notation) -> str:
    return _spoken(term.operand, notation)


def _fraction(above: str, below: str) -> str:
    return f"the fraction {above} over {below} end fraction"


def _is_simple(term: Term, notation: Notation) -> bool:
    return isinstance(term, (Number, Entry, Ref)) and level(term, notation) == ATOM


def _bracketed(term: Term, least: int, notation: Notation) -> str:
    words = _spoken(term, notation)
    return words if level(term, notation) >= least else _in_brackets(words)


def _factor(term: Term, notation: Notation) -> str:
    """A factor: sums, products and signed factors in brackets."""
    return _bracketed(term, PRODUCT + 1, notation)


def _whole(term: Term, notation: Notation) -> str:
    return _spoken(term, notation) if _is_simple(term, notation) else _in_brackets(_spoken(term, notation))


def _in_brackets(words: str) -> str:
    return f"open bracket {words} close bracket"


def _addend(term: Term, notation: Notation) -> str:
    if isinstance(term, Neg):
        return f"minus {_bracketed(term.operand, PRODUCT, notation)}"
    return f"plus {_bracketed(term, PRODUCT, notation)}"


def _over(axis: int | None) -> str:
    return "" if axis is None else f" over the {AXES[axis]}" if axis in AXES else f" over axis {axis}"


def spoken_number(value: Number, decimal_comma: bool = False) -> str:
    """A number in words that a screen reader reads digit by digit: `minus 1.4 times 10 to the power minus 7 end power`."""
    sign, digits = ("minus ", value.text[1:]) if value.text.startswith("-") else ("", value.text)
    return sign + _spoken_digits(digits.replace(".", ",") if decimal_comma else digits)


def _spoken_value(value: Value, notation: Notation) -> str:
    if isinstance(value, Number):
        return spoken_number(value, notation.decimal_comma)
    rows = value if isinstance(value[0], tuple) else (value,)
    return spoken_matrix([[_spoken_value(each, notation) for each in row] for row in rows if isinstance(row, tuple)], MOST_ROWS)


def spoken_matrix(rows: Sequence[Sequence[str]], most: int) -> str:
    """A matrix by its size, then row by row; of many rows the first ones and the last one, as the page shows them."""
    told = [f"row {place}: {', '.join(row)}" for place, row in enumerate(rows, 1)]
    return f"the {len(rows)} by {len(rows[0])} matrix with {'; '.join(abbreviated(told, most, 'and so on'))}, end matrix"


def _spoken_digits(digits: str) -> str:
    above, slash, below = digits.partition("/")
    if slash:
        return "one half" if digits == "1/2" else _fraction(above, below)
    mantissa, _, exponent = digits.lower().partition("e")
    power = spoken_number(number(int(exponent))) if exponent else ""
    return f"{mantissa} times 10 to the power {power} end power" if exponent else mantissa


def _name(name: str, notation: Notation) -> str:
    entry = entry_of_text(name)
    if entry is not None:
        return f"{_name(entry[0], notation)} entry {' '.join(str(index + 1) for index in entry[1])}"
    return spoken_name(notation.typography(name))


def spoken_name(typography: Typography) -> str:
    """A quantity's name: base, accent, subscript and superscript, letters and digits apart: `net h 1`, `y hat 1`, `w 5 new`."""
    above = _SUPERSCRIPTS.get(typography.superscript, typography.superscript)
    parts = (typography.base, typography.accent, typography.subscript, above)
    return " ".join(re.findall(r"[^\W\d_]+|\d+", " ".join(parts)))


_SUPERSCRIPTS = {"+": "new"}
