"""Printed numbers: pairs of value and text, and the laws of rounding against the decimal module."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.errors import UsageError
from symprop.terms import Number, number
from symprop.worked.digits import Digits, last_place, printed, rounds_to, significant_digits
from symprop.worked.reals import Enclosure, NotEnoughDigits

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.3775", 4, "0.3775"),
        ("0.3775", 9, "0.377500000"),
        ("0.3775", 3, "0.378"),
        ("-0.3775", 3, "-0.378"),
        ("1", 4, "1.000"),
        ("0", 4, "0"),
        ("0.00014", 2, "0.00014"),
        ("0.000014", 2, "1.4e-5"),
        ("0.00000014", 4, "1.400e-7"),
        ("-0.00000014", 4, "-1.400e-7"),
        ("0.99996", 4, "1.000"),
        ("0.000099999", 3, "0.000100"),
        ("1234", 4, "1234"),
        ("12345", 4, "1.235e4"),
        ("9999.7", 4, "1.000e4"),
        ("100000", 1, "1e5"),
        ("7", 1, "7"),
        ("1/3", 5, "0.33333"),
        ("2/3", 5, "0.66667"),
    ],
)
def test_significant_digits(value: str, digits: int, text: str) -> None:
    shown = printed(Fraction(value), Digits(significant=digits))
    assert shown == Number(Fraction(text), text)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0.3775", 3, "0.378"),
        ("12345.6", 2, "12345.60"),
        ("0", 3, "0.000"),
        ("-0.0004", 3, "-4.000e-4"),  # never -0.000
        ("0.0005", 3, "0.001"),
        ("0.00000014", 4, "1.4000e-7"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.2", 0, "2e-1"),
    ],
)
def test_fixed_decimals(value: str, decimals: int, text: str) -> None:
    assert printed(Fraction(value), Digits(decimals=decimals)) == Number(Fraction(text), text)


@given(decimals, st.integers(1, 15))
def test_significant_digits_are_those_of_the_decimal_module(value: Decimal, digits: int) -> None:
    expected = Context(prec=digits, rounding=ROUND_HALF_UP).plus(value)
    shown = printed(Fraction(value), Digits(significant=digits))
    assert shown.value == Fraction(expected)
    assert shown.value == Fraction(shown.text), "the text says exactly what the value is"
    assert shown.value == 0 or significant_digits(shown) == digits, "zeros at the end are kept"


@given(decimals, st.integers(0, 12))
def test_decimals_are_those_of_the_decimal_module(value: Decimal, count: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)
    shown = printed(Fraction(value), Digits(decimals=count))
    if expected or not value:
        assert (shown.value, shown.text.partition(".")[2]) == (Fraction(expected), f"{abs(expected):f}".partition(".")[2])
    else:
        assert "e" in shown.text and shown.value != 0, "what would print as zero is printed with its power of ten"


@given(decimals, st.integers(1, 15))
def test_a_value_rounds_to_its_own_print_and_to_nothing_else(value: Decimal, digits: int) -> None:
    shown = printed(Fraction(value), Digits(significant=digits))
    assert rounds_to(Fraction(value), shown)
    if shown.value:
        above = shown.value + last_place(shown)
        assert not rounds_to(above, shown) and not rounds_to(above - last_place(shown) / 2, shown) or value < 0


def test_a_printed_zero_must_be_exact() -> None:
    assert rounds_to(Fraction(0), number("0.000"))
    assert not rounds_to(Fraction(1, 10**9), number("0.000"))


def test_an_enclosure_across_a_tie_is_not_decided() -> None:
    tie = Enclosure(Decimal("0.12449999"), Decimal("0.12450001"), 20)
    with pytest.raises(NotEnoughDigits):
        printed(tie, Digits(significant=3))
    with pytest.raises(NotEnoughDigits):
        rounds_to(tie, number("0.124"))
    assert printed(tie, Digits(significant=2)).text == "0.12"


@pytest.mark.parametrize(
    "options", [{}, {"significant": 3, "decimals": 3}, {"significant": 0}, {"decimals": -1}, {"significant": 101}]
)
def test_digits_that_make_no_sense_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="digits"):
        Digits(**options)
