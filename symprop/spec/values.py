"""Numbers and arrays as an author wrote them.

Input: decoded TOML or Python numbers, nested lists. Output: `Value` with each number's digits as written, and its shape.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import cast

from symprop.graph import Printed, Value, shape_of_value
from symprop.spec.problems import Unexpected, described
from symprop.terms import Number, number

LARGEST_EXPONENT = 308  # of a double
MOST_DIGITS = 400


class Written(str):
    """A number of a TOML file, digit by digit as it stands there."""

    __slots__ = ()


def a_number(value: object) -> Number:
    """A finite number, its digits kept: `0.20` stays `0.20`."""
    if isinstance(value, Number):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction, Written)):
        raise Unexpected("a number")
    if isinstance(value, Fraction):
        return number(value)
    text = repr(value) if isinstance(value, float) else str(value)
    text = text.replace("_", "").removeprefix("+")
    _check_size(text)
    return number(text)


def _check_size(text: str) -> None:
    """Refuse what a double cannot hold, before any exact arithmetic is tried on it."""
    try:
        decimal = Decimal(text)
    except InvalidOperation:
        raise Unexpected("a number") from None
    if not decimal.is_finite():
        raise Unexpected("a finite number", text)
    if len(text) > MOST_DIGITS or abs(decimal.adjusted()) > LARGEST_EXPONENT and decimal != 0:
        raise Unexpected("a number that fits a double (up to 1e308)")


def a_value(value: object) -> Value:
    """A number, or lists of them nested like the array's rows, all of one length on each level."""
    if not isinstance(value, (list, tuple)):
        return a_number(value)
    if not value:
        raise Unexpected("a list that is not empty", "an empty list")
    rows = tuple(a_value(row) for row in value)
    if len({shape_of_value(row) for row in rows}) > 1:
        raise Unexpected("rows of one length", f"rows of shapes {', '.join(str(shape_of_value(row)) for row in rows[:6])}")
    return rows


def filled(value: Number, shape: tuple[int, ...]) -> Value:
    """An array of `shape` that holds the same number everywhere."""
    return tuple(filled(value, shape[1:]) for _ in range(shape[0])) if shape else value


def a_printed(value: object) -> Printed:
    """A number, or nested rows of numbers, kept as the text that the document prints."""
    if isinstance(value, (list, tuple)):
        rows = tuple(a_printed(row) for row in value)
        if not rows or len({shape_of_value(row) for row in rows}) > 1:
            raise Unexpected("rows of one length", described(value))
        return cast(Printed, rows)
    if isinstance(value, str) and not isinstance(value, Written):
        text = value.replace("\N{MINUS SIGN}", "-")
        _check_size(text)
        return text
    return a_number(value).text
