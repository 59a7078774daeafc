"""Terms in the words of a target language: brackets by precedence, the author's order, every digit of a number.

Input: a term and a `Dialect`, the data in which targets differ. Output: one expression's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

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
    names_in,
)

FRACTION = re.compile(r"\d{1,15}/\d{1,15}")  # Python's quotient of such integers is the nearest double
ALL = "{*}"
SUM, MATRIX, PRODUCT, SIGN, POWER, ATOM = range(6)  # a matrix product is bracketed inside a product, and the other way round


def decimal(number: Number) -> str:
    """An integer as it is, a written fraction as `2/3`, else the nearest double's `repr`, so that every digit comes back."""
    if number.value.denominator == 1:
        return str(number.value.numerator)
    return number.text if FRACTION.fullmatch(number.text) else repr(float(number.value))


def real(number: Number) -> str:
    """The nearest double's `repr`, integers as `2.0`."""
    return repr(float(number.value))


@dataclass(frozen=True)
class Dialect:
    """How a target writes what targets write differently; `{}` and `{0}` stand for operands, `{*}` for all of them.

    `functions` holds the calls of functions that are not called by their own name, `constants` those on numbers alone, `factors`
    the conditions that stand for a function of values 0 and 1 as a factor; `names` the identifiers of quantities.
    """

    functions: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    number: Callable[[Number], str] = decimal
    power: str = "{}**{}"
    matmul: str = "{} @ {}"
    transpose: str = "{}.T"
    total: str = "np.sum({})"
    mean: str = "np.mean({})"
    axis: str = "{}, axis={}"
    keep: str = "{}, keepdims=True"
    broadcast: str = "np.broadcast_to({}, np.shape({}))"

    def name(self, quantity: str) -> str:
        """The identifier of a quantity."""
        return self.names.get(quantity, quantity)


def spelled(term: Term, dialect: Dialect, above: int = SUM) -> str:
    """The text of a term, in brackets where it binds less tightly than `above`."""
    text, precedence = _spelled(term, dialect)
    return text if precedence >= above else f"({text})"


@singledispatch
def _spelled(term: Term, dialect: Dialect) -> tuple[str, int]:
    """The text of a term and how tightly it binds."""
    raise TypeError(f"spelled: no case for {type(term).__name__}")


@_spelled.register
def _(term: Number, dialect: Dialect) -> tuple[str, int]:
    text = dialect.number(term)
    return text, PRODUCT if "/" in text else SIGN if text[0] == "-" else ATOM


@_spelled.register
def _(term: Ref, dialect: Dialect) -> tuple[str, int]:
    return dialect.name(term.name), ATOM


@_spelled.register
def _(term: Entry, dialect: Dialect) -> tuple[str, int]:
    return f"{dialect.name(term.name)}[{', '.join(map(str, term.indices))}]", ATOM


@_spelled.register
def _(term: Partial, dialect: Dialect) -> tuple[str, int]:
    return dialect.name(f"d{term.of}_d{term.wrt}"), ATOM


@_spelled.register
def _(term: Neg, dialect: Dialect) -> tuple[str, int]:
    return f"-{spelled(term.operand, dialect, PRODUCT)}", SIGN


@_spelled.register
def _(term: Add, dialect: Dialect) -> tuple[str, int]:
    first, *others = term.terms
    return spelled(first, dialect) + "".join(_added(part, dialect) for part in others), SUM


def _added(term: Term, dialect: Dialect) -> str:
    text = spelled(term, dialect, MATRIX)
    return f" - {text[1:]}" if text[0] == "-" else f" + {text}"


@_spelled.register
def _(term: Mul, dialect: Dialect) -> tuple[str, int]:
    first, *others = term.factors
    texts = [spelled(first, dialect, PRODUCT), *(spelled(part, dialect, POWER) for part in others)]
    known = conditions(term, dialect)
    return "*".join(known.get(place, text) for place, text in enumerate(texts)), PRODUCT


def conditions(term: Mul, dialect: Dialect) -> dict[int, str]:
    """The factors of values 0 and 1 that may stand as conditions beside a factor that is an array, by their places.

    The first one may not: a sign before the product would be taken as its own, and a condition has none.
    """
    found = {
        place: _called(part, dialect, dialect.factors)
        for place, part in enumerate(term.factors)
        if place and isinstance(part, Apply) and part.function in dialect.factors
    }
    others = (part for place, part in enumerate(term.factors) if place not in found)
    return found if any(names_in(part) for part in others) else {}


@_spelled.register
def _(term: Div, dialect: Dialect) -> tuple[str, int]:
    return f"{spelled(term.numerator, dialect, PRODUCT)}/{spelled(term.denominator, dialect, POWER)}", PRODUCT


@_spelled.register
def _(term: Power, dialect: Dialect) -> tuple[str, int]:
    return dialect.power.format(spelled(term.base, dialect, ATOM), _exponent(term.exponent, dialect)), POWER


def _exponent(term: Term, dialect: Dialect) -> str:
    if isinstance(term, Number) and term.value.denominator == 1:
        return str(term.value.numerator)
    return spelled(term, dialect, ATOM)


@_spelled.register
def _(term: Apply, dialect: Dialect) -> tuple[str, int]:
    known = term.function in dialect.constants and not names_in(term)
    return _called(term, dialect, dialect.constants if known else dialect.functions), ATOM


def _called(term: Apply, dialect: Dialect, calls: Mapping[str, str]) -> str:
    arguments = [spelled(part, dialect) for part in term.arguments]
    call = calls.get(term.function, f"{term.function}({ALL})")
    return call.replace(ALL, ", ".join(arguments)) if ALL in call else call.format(*arguments)


@_spelled.register
def _(term: MatMul, dialect: Dialect) -> tuple[str, int]:
    return dialect.matmul.format(spelled(term.left, dialect, POWER), spelled(term.right, dialect, POWER)), MATRIX


@_spelled.register
def _(term: Transpose, dialect: Dialect) -> tuple[str, int]:
    return dialect.transpose.format(spelled(term.operand, dialect, ATOM)), ATOM


@_spelled.register
def _(term: Sum, dialect: Dialect) -> tuple[str, int]:
    return dialect.total.format(_along(term, dialect)), ATOM


@_spelled.register
def _(term: Mean, dialect: Dialect) -> tuple[str, int]:
    return dialect.mean.format(_along(term, dialect)), ATOM


def _along(term: Sum | Mean, dialect: Dialect) -> str:
    operand = spelled(term.operand, dialect)
    operand = operand if term.axis is None else dialect.axis.format(operand, term.axis)
    return dialect.keep.format(operand) if term.keep else operand


@_spelled.register
def _(term: Broadcast, dialect: Dialect) -> tuple[str, int]:
    return dialect.broadcast.format(spelled(term.operand, dialect), dialect.name(term.like)), ATOM
