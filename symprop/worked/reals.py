"""Real numbers that are known: fractions where they are rational, else enclosures by two decimals.

Input: fractions. Output: `Real` values whose arithmetic and functions (`exp`, `log`, ...) never lose the true value.

An enclosure is computed with a number of digits; where a question (which sign, which rounded digit) falls between its ends,
`NotEnoughDigits` is raised and the asker computes everything again with more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from functools import cache
from importlib import import_module
from math import isqrt
from typing import TypeAlias

from symprop.errors import UnsupportedError

Real: TypeAlias = "Fraction | Enclosure"

FIRST_DIGITS = 60
MOST_DIGITS = 960  # a saturated unit's 1 - out may need hundreds
SATURATED = 2000  # exp(-2000) still shows in that many digits beside 1, exp(-2300) no more
LONGEST_FRACTION = 4096  # bits of a denominator beyond which a fraction goes on as an enclosure
LARGEST_POWER = 100_000  # of ten: a fraction of more digits takes seconds, and then the memory


class NotEnoughDigits(ArithmeticError):
    """An enclosure is too wide to answer; the same computation with more digits may answer."""


@cache
def _context(digits: int, rounding: str) -> Context:
    traps = [Overflow, DivisionByZero, InvalidOperation]
    return Context(prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=traps)


def _down(digits: int) -> Context:
    return _context(digits, ROUND_FLOOR)


def _up(digits: int) -> Context:
    return _context(digits, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A real number between `low` and `high`, both included; `digits` is the precision of its arithmetic."""

    low: Decimal
    high: Decimal
    digits: int

    def __neg__(self) -> Enclosure:
        return Enclosure(self.high.copy_negate(), self.low.copy_negate(), self.digits)

    def __add__(self, other: Real | int) -> Enclosure:
        if not isinstance(other, REALS):
            return NotImplemented  # an array takes the operation entry by entry
        right = enclosed(other, self.digits)
        return Enclosure(_down(self.digits).add(self.low, right.low), _up(self.digits).add(self.high, right.high), self.digits)

    def __sub__(self, other: Real | int) -> Enclosure:
        if not isinstance(other, REALS):
            return NotImplemented  # an array takes the operation entry by entry
        return self + -enclosed(other, self.digits)

    def __rsub__(self, other: Fraction | int) -> Enclosure:
        return -self + other

    def __mul__(self, other: Real | int) -> Enclosure:
        if not isinstance(other, REALS):
            return NotImplemented  # an array takes the operation entry by entry
        right = enclosed(other, self.digits)
        pairs = [(a, b) for a in (self.low, self.high) for b in (right.low, right.high)]
        low = min(_down(self.digits).multiply(a, b) for a, b in pairs)
        high = max(_up(self.digits).multiply(a, b) for a, b in pairs)
        return Enclosure(low, high, self.digits)

    def __truediv__(self, other: Real | int) -> Enclosure:
        if not isinstance(other, REALS):
            return NotImplemented  # an array takes the operation entry by entry
        return self * reciprocal(enclosed(other, self.digits))

    def __rtruediv__(self, other: Fraction | int) -> Enclosure:
        return reciprocal(self) * other

    __radd__ = __add__
    __rmul__ = __mul__


REALS = (int, Fraction, Enclosure)


def enclosed(value: Real | int, digits: int) -> Enclosure:
    """The value as an enclosure computed with `digits` digits."""
    if isinstance(value, Enclosure):
        return value
    top, bottom = Decimal(value.numerator), Decimal(value.denominator)
    return Enclosure(_down(digits).divide(top, bottom), _up(digits).divide(top, bottom), digits)


def ends(value: Real) -> tuple[Fraction, Fraction]:
    """The fractions between which the value lies; both are the value itself where it is rational."""
    return (_fraction(value.low), _fraction(value.high)) if isinstance(value, Enclosure) else (value, value)


def _fraction(end: Decimal) -> Fraction:
    """The decimal as a fraction; raises `UnsupportedError` where that would be too long to compute with."""
    if end and abs(end.adjusted()) > LARGEST_POWER:
        size = "large" if end.adjusted() > 0 else "small"
        raise UnsupportedError(f"a value of about {end.copy_abs():.0e} is too {size} to be worked by hand")
    return Fraction(end)


def middle(value: Real) -> Fraction:
    """The value, or the middle of its enclosure."""
    low, high = ends(value)
    return (low + high) / 2


def shortened(value: Real, digits: int) -> Real:
    """The value; a fraction too long to go on computing with becomes an enclosure."""
    long = isinstance(value, Fraction) and value.denominator.bit_length() > LONGEST_FRACTION
    return enclosed(value, digits) if long else value


def is_zero(value: Real) -> bool:
    """Whether the value is 0, as an enclosure around 0 by the most digits is.

    Only an identity makes it so, h1 - h2 of two units alike, since arguments beyond `SATURATED` are refused there.
    """
    if not isinstance(value, Enclosure):
        return value == 0
    return value.low == value.high == 0 or (value.digits >= MOST_DIGITS and value.low <= 0 <= value.high)


def sign_of(value: Real) -> int:
    """-1, 0 or 1; raises `NotEnoughDigits` where an enclosure holds 0 and other numbers, and more digits may tell."""
    if is_zero(value):
        return 0
    low, high = (value.low, value.high) if isinstance(value, Enclosure) else (value, value)
    if low <= 0 <= high:
        raise NotEnoughDigits("the sign is not decided")
    return 1 if low > 0 else -1


def reciprocal(value: Enclosure) -> Enclosure:
    """1/value; raises `ZeroDivisionError` for 0 and `NotEnoughDigits` where the value may be 0."""
    if sign_of(value) == 0:
        raise ZeroDivisionError("division by zero")
    one = Decimal(1)
    return Enclosure(_down(value.digits).divide(one, value.high), _up(value.digits).divide(one, value.low), value.digits)


def larger(left: Real, right: Real, digits: int) -> Real:
    """The larger of two values."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return max(left, right)
    a, b = enclosed(left, digits), enclosed(right, digits)
    return Enclosure(max(a.low, b.low), max(a.high, b.high), digits)


def smaller(left: Real, right: Real, digits: int) -> Real:
    """The smaller of two values."""
    return -larger(-left, -right, digits)


def integer_power(base: Real, exponent: int) -> Real:
    """base ** exponent, by squaring."""
    if exponent < 0:
        return Fraction(1) / integer_power(base, -exponent)
    if isinstance(base, Fraction):
        return base**exponent
    result: Real = Fraction(1)
    for bit in f"{exponent:b}":
        result = result * result
        result = result * base if bit == "1" else result
    return result


def power(base: Real, exponent: Real, digits: int) -> Real:
    """base ** exponent; a broken exponent needs a positive base."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return integer_power(_bounded(base, abs(int(exponent)), digits), int(exponent))
    if exponent == Fraction(1, 2):
        return sqrt(base, digits)
    return exp(log(base, digits) * exponent, digits)


def _bounded(base: Real, exponent: int, digits: int) -> Real:
    """The base; an enclosure of it where the power as a fraction would be too long."""
    if isinstance(base, Enclosure):
        return base
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return enclosed(base, digits) if bits * exponent > LARGEST_POWER else base


def _monotone(function: Callable[[Context, Decimal], Decimal], value: Real, digits: int) -> Enclosure:
    """An increasing function that `decimal` rounds correctly, at both ends, each moved out by one unit."""
    inner = enclosed(value, digits)
    low, high = function(_down(digits), inner.low), function(_up(digits), inner.high)
    return Enclosure(_down(digits).next_minus(low), _up(digits).next_plus(high), digits)


def exp(value: Real, digits: int) -> Real:
    """e ** value."""
    _require_in_sight(value, SATURATED, digits)
    return Fraction(1) if value == 0 else _monotone(Context.exp, value, digits)


def _require_in_sight(value: Real, most: int, digits: int) -> None:
    """Raise `NotEnoughDigits` where even the most digits do not show what a function of `value` differs by from its limit."""
    low, high = (value.low, value.high) if isinstance(value, Enclosure) else (value, value)
    if digits >= MOST_DIGITS and not -most <= low <= high <= most:
        raise NotEnoughDigits(f"a unit is saturated: an argument is beyond {most}")


def log(value: Real, digits: int) -> Real:
    """The natural logarithm; raises `ValueError` unless the value is positive."""
    if sign_of(value) <= 0:
        raise ValueError("the logarithm needs a positive number")
    return Fraction(0) if value == 1 else _monotone(Context.ln, value, digits)


def sqrt(value: Real, digits: int) -> Real:
    """The square root; rational where it is. Raises `ValueError` for a negative number."""
    if sign_of(value) < 0:
        raise ValueError("the square root needs a number that is not negative")
    if isinstance(value, Fraction):
        root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
        if root * root == value:
            return root
    return _monotone(Context.sqrt, value, digits)


def tanh(value: Real, digits: int) -> Real:
    """(exp(2z) - 1)/(exp(2z) + 1), written so that its enclosure stays narrow."""
    return 1 - 2 / (exp(2 * value, digits) + 1)


def pi(digits: int) -> Enclosure:
    """The circle's number."""
    return _monotone(Context.plus, Fraction(mpmath_digits("pi", None, digits)), digits)


def mpmath_digits(function: str, argument: Decimal | None, digits: int) -> str:
    """The digits of pi, or of a function of mpmath, with a few to spare."""
    mpmath = import_module("mpmath")  # only where it is needed: it costs 40 ms
    with mpmath.workdps(digits + 10):
        value = +getattr(mpmath, function) if argument is None else getattr(mpmath, function)(mpmath.mpf(str(argument)))
        return str(mpmath.nstr(value, digits + 5))


def erf(value: Real, digits: int) -> Real:
    """The error function 2/sqrt(pi) * integral of exp(-t**2) from 0 to z, by mpmath at both ends."""
    if value == 0:
        return Fraction(0)
    _require_in_sight(value, isqrt(SATURATED), digits)  # it comes near its limit as exp(-z**2) comes near 0
    return _monotone(lambda context, end: context.create_decimal(mpmath_digits("erf", end, digits)), value, digits)
