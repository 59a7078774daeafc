"""SymPy expressions as terms, in pairs; and there and back again."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from symprop.algebra import from_sympy, symbol, to_sympy
from symprop.errors import UnsupportedError
from symprop.notation.text import text
from symprop.terms import Entry, Partial, Ref, Sum

X, Y = symbol("x"), symbol("y")

PAIRS: list[tuple[Any, str]] = [
    (X * Y / 2, "x*y/2"),
    (-X / 2, "-x/2"),
    (-2 * X**-3, "-2/x**3"),
    (X - Y, "x - y"),
    (sympy.Rational(-1, 3) + X, "x - 1/3"),
    (1 / X, "1/x"),
    (sympy.sqrt(X), "sqrt(x)"),
    (X**Y, "x**y"),
    (sympy.exp(-X), "exp(-x)"),
    (sympy.pi * X, "pi*x"),
    (sympy.E + X, "x + exp(1)"),
    (sympy.Abs(X), "abs(x)"),
    (sympy.Max(X, 0), "maximum(0, x)"),
    (sympy.Heaviside(X), "step(x)"),
    (sympy.sign(X), "sign(x)"),
    (sympy.tanh(X) ** 2, "tanh(x)**2"),
]


@pytest.mark.parametrize(("expression", "expected"), PAIRS, ids=[expected for _, expected in PAIRS])
def test_an_expression_reads_as_a_term(expression: Any, expected: str) -> None:
    assert text(from_sympy(expression)) == expected


@pytest.mark.parametrize("expression", [expression for expression, _ in PAIRS], ids=str)
def test_there_and_back_is_the_same(expression: Any) -> None:
    back = to_sympy(from_sympy(expression)).replace(sympy.Heaviside, lambda z, _=None: sympy.Heaviside(z))
    assert sympy.expand(back - expression) == 0


def test_what_the_language_does_not_have_is_named() -> None:
    with pytest.raises(UnsupportedError, match="gamma"):
        from_sympy(sympy.gamma(X))
    with pytest.raises(UnsupportedError, match="Integral"):
        from_sympy(sympy.Integral(sympy.exp(X**2), X))


def test_an_entry_and_a_partial_derivative_are_symbols_named_as_on_paper() -> None:
    assert to_sympy(Entry("W", (0, 1))) == symbol("W[1,2]")
    assert to_sympy(Partial("E", "w")) == symbol("dE/dw")


def test_an_array_operation_has_no_scalar_form() -> None:
    with pytest.raises(UnsupportedError, match="Sum is an array operation"):
        to_sympy(Sum(Ref("X")))
