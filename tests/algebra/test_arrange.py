"""Products, quotients and filled-in rows in pairs of text."""

from __future__ import annotations

import pytest

from symprop.algebra.arrange import divided, filled, multiplied
from symprop.language import Names, read
from symprop.notation.text import text
from symprop.terms import Term

NAMES = Names.of("x", "y", "z", "a", "d")


def term(written: str) -> Term:
    return read(written, NAMES)


PRODUCTS = [
    (("1/2", "2", "x"), "x"),
    (("x", "3", "y", "2"), "6*x*y"),
    (("0.01", "1/2", "2", "x"), "0.01*x"),
    (("1/3", "0.5", "x"), "1/6*x"),
    (("y", "1/x"), "y/x"),
    (("-y", "1/x", "1/z"), "-y/(x*z)"),
    (("-x", "-y"), "x*y"),
    (("x", "0"), "0"),
    (("1/x", "1"), "1/x"),
    (("2e3", "5", "x"), "10000*x"),
    (("2e6", "5", "x"), "1e7*x"),
    (("2e-7", "3"), "6e-7"),
]
QUOTIENTS = [
    ("2*x", "2", "x"),
    ("3*x", "6", "x/2"),
    ("-4*x", "6", "-2*x/3"),
    ("0.1*x", "0.3", "1/3*x"),
    ("x", "1", "x"),
    ("x", "y", "x/y"),
    ("-2*x", "2*y", "-x/y"),
    ("0.5*x", "2*y", "0.25*x/y"),
    ("x", "2*y", "x/(2*y)"),
    ("1", "x**2", "1/x**2"),
]
ROWS = [
    ("step(z - y)", {"z": "x", "y": "0"}, "step(x)"),
    ("step(y - z)", {"z": "0", "y": "x"}, "step(x)"),
    ("d*(a - y)", {"d": "1", "a": "x", "y": "z"}, "x - z"),
    ("a*(1 - a)", {"a": "0 + x"}, "(0 + x)*(1 - (0 + x))"),
]


@pytest.mark.parametrize(("factors", "expected"), PRODUCTS)
def test_a_product_has_one_number_and_one_bar(factors: tuple[str, ...], expected: str) -> None:
    assert text(multiplied(term(each) for each in factors)) == expected


@pytest.mark.parametrize(("numerator", "denominator", "expected"), QUOTIENTS)
def test_a_quotient_is_in_lowest_terms(numerator: str, denominator: str, expected: str) -> None:
    assert text(divided(term(numerator), term(denominator))) == expected


@pytest.mark.parametrize(("row", "letters", "expected"), ROWS)
def test_a_filled_row_has_no_zeros_but_keeps_what_the_author_wrote(row: str, letters: dict[str, str], expected: str) -> None:
    assert text(filled(term(row), {letter: term(each) for letter, each in letters.items()})) == expected
