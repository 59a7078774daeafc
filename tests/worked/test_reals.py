"""Enclosures: the true value, computed by mpmath with far more digits, always lies between the ends, and the ends are close."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.worked import reals
from symprop.worked.reals import Enclosure, NotEnoughDigits, Real

DIGITS = 30
rationals = st.fractions(min_value=-50, max_value=50, max_denominator=1000)

ONE_ARGUMENT: dict[str, tuple[Callable[[Real, int], Real], Callable[[Any], Any]]] = {
    "exp": (reals.exp, mpmath.exp),
    "tanh": (reals.tanh, mpmath.tanh),
    "erf": (reals.erf, mpmath.erf),
    "exp of exp": (lambda z, digits: reals.exp(reals.exp(-z * z, digits), digits), lambda z: mpmath.exp(mpmath.exp(-z * z))),
    "log": (lambda z, digits: reals.log(z * z + 1, digits), lambda z: mpmath.log(z * z + 1)),
    "sqrt": (lambda z, digits: reals.sqrt(z * z + 1, digits), lambda z: mpmath.sqrt(z * z + 1)),
    "power": (lambda z, digits: reals.power(z * z + 1, Fraction(1, 3), digits), lambda z: (z * z + 1) ** (mpmath.mpf(1) / 3)),
    "pi": (lambda z, digits: reals.pi(digits) * z, lambda z: mpmath.pi * z),
}


def holds(value: Real, truth: Any) -> bool:
    """Whether the truth (100 digits) lies between the ends, and they differ by little: near 1 a logarithm loses leading digits."""
    low, high = reals.ends(value)
    with mpmath.workdps(100):
        below, above = (mpmath.mpf(end.numerator) / end.denominator for end in (low, high))
        slack = abs(truth) * mpmath.mpf(10) ** -95
        close = above - below <= (abs(truth) + mpmath.mpf(10) ** -4) * mpmath.mpf(10) ** (6 - DIGITS)
        return bool(below - slack <= truth <= above + slack and close)


def true_value(function: Callable[[Any], Any], z: Fraction) -> Any:
    with mpmath.workdps(100):
        return function(mpmath.mpf(z.numerator) / z.denominator)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@given(z=rationals)
def test_functions_enclose_the_true_value(name: str, z: Fraction) -> None:
    ours, truth = ONE_ARGUMENT[name]
    assert holds(ours(z, DIGITS), true_value(truth, z))


@given(a=rationals, b=rationals)
def test_arithmetic_encloses_the_true_value(a: Fraction, b: Fraction) -> None:
    x, y = reals.exp(a, DIGITS), reals.tanh(b, DIGITS) + 3
    ours = (x - y) * (y - 2 * x) / (x + y) - 1 / y + (1 - x) * 7
    with mpmath.workdps(100):
        e, t = true_value(mpmath.exp, a), true_value(mpmath.tanh, b) + 3
        assert holds(ours, (e - t) * (t - 2 * e) / (e + t) - 1 / t + (1 - e) * 7) or abs(e - t) < 1e-6


@given(a=rationals, exponent=st.integers(-7, 7))
def test_integer_powers(a: Fraction, exponent: int) -> None:
    assert holds(reals.integer_power(reals.exp(a / 9, DIGITS), exponent), true_value(lambda z: mpmath.exp(z / 9 * exponent), a))


@given(a=rationals, b=rationals)
def test_the_larger_and_the_smaller(a: Fraction, b: Fraction) -> None:
    assert reals.larger(a, b, DIGITS) == max(a, b)
    assert reals.smaller(a, b, DIGITS) == min(a, b)
    with mpmath.workdps(100):
        truth = max(true_value(mpmath.exp, a), mpmath.mpf(b.numerator) / b.denominator)
    assert holds(reals.larger(reals.exp(a, DIGITS), b, DIGITS), truth)


def test_what_is_rational_stays_rational() -> None:
    assert reals.exp(Fraction(0), DIGITS) == 1
    assert reals.log(Fraction(1), DIGITS) == 0
    assert reals.sqrt(Fraction(9, 16), DIGITS) == Fraction(3, 4)
    assert reals.power(Fraction(9, 16), Fraction(1, 2), DIGITS) == Fraction(3, 4)
    assert reals.tanh(Fraction(0), DIGITS) == 0
    assert reals.erf(Fraction(0), DIGITS) == 0


def test_a_long_fraction_goes_on_as_an_enclosure() -> None:
    long = Fraction(1, 3**5000)
    assert isinstance(reals.shortened(long, DIGITS), Enclosure)
    assert reals.shortened(Fraction(1, 3), DIGITS) == Fraction(1, 3)


def test_the_sign_of_what_may_be_zero_is_not_decided() -> None:
    for low, high in (("-1", "1"), ("0", "1"), ("-1", "0")):
        with pytest.raises(NotEnoughDigits):
            reals.sign_of(Enclosure(Decimal(low), Decimal(high), DIGITS))
    assert [reals.sign_of(Fraction(value)) for value in (-3, 0, 2)] == [-1, 0, 1]


def test_division_by_zero_is_named() -> None:
    with pytest.raises(ZeroDivisionError):
        reals.exp(Fraction(1), DIGITS) / Fraction(0)
