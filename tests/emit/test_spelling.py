"""The printer: pairs of a text of the language and its NumPy, and Python's own reading of what it prints."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.emit.helpers import float_dialect, numpy_dialect
from symprop.emit.spelling import decimal, real, spelled
from symprop.language import Names, read
from symprop.terms import Add, Broadcast, Div, Entry, MatMul, Mul, Neg, Number, Partial, Power, Ref, Sum, Term, Transpose, number

SCALARS = Names.of("a", "b", "c", "d")
ARRAYS = Names.of(A=2, B=2, C=2)
NUMPY = numpy_dialect({})

PAIRS = [
    ("a*b", "a*b"),
    ("a - (b - c)", "a - (b - c)"),
    ("-(a - b)", "-(a - b)"),
    ("-(a - b)*c", "-(a - b)*c"),
    ("a*-b", "a*(-b)"),
    ("a*(b*c)", "a*(b*c)"),
    ("a/b/c", "a/b/c"),
    ("a/(b*c)", "a/(b*c)"),
    ("a*b/c", "a*b/c"),
    ("(a + b)/c", "(a + b)/c"),
    ("a**2", "a**2"),
    ("-a**2", "-a**2"),
    ("(-a)**2", "(-a)**2"),
    ("(a*b)**2", "(a*b)**2"),
    ("a**2**b", "a**(2**b)"),
    ("1/2*(a - b)**2", "1/2*(a - b)**2"),
    ("a*1/2", "a*1/2"),
    ("0.1*a + 2.50", "0.1*a + 2.5"),
    ("2*exp(-a)", "2*np.exp(-a)"),
    ("sigmoid(a + b)", "sigmoid(a + b)"),
    ("maximum(a, b - 1)", "np.maximum(a, b - 1)"),
    ("b*step(a)", "b*(a > 0)"),
    ("-(step(a)*b)", "-np.float64(a > 0)*b"),
    ("2*step(a)", "2*np.float64(a > 0)"),
    ("b*(step(a) + 1)", "b*(np.float64(a > 0) + 1)"),
    ("a*sqrt(2/3)", "a*math.sqrt(2/3)"),
    ("sqrt(2/a)", "np.sqrt(2/a)"),
]


@pytest.mark.parametrize(("text", "expected"), PAIRS)
def test_scalar_pairs(text: str, expected: str) -> None:
    assert spelled(read(text, SCALARS), NUMPY) == expected


ARRAY_PAIRS = [
    ("A @ B", "A @ B"),
    ("A @ B @ C", "(A @ B) @ C"),
    ("(A @ B)*C", "(A @ B)*C"),
    ("A @ B + C", "A @ B + C"),
    ("C - A @ B", "C - (A @ B)"),
    ("transpose(A) @ B", "A.T @ B"),
    ("transpose(A + B)", "(A + B).T"),
    ("sum((A - B)**2)", "np.sum((A - B)**2)"),
    ("mean(abs(A))", "np.mean(np.abs(A))"),
    ("sum(A, axis=0)", "np.sum(A, axis=0)"),
    ("sum(A, axis=1, keepdims=True)", "np.sum(A, axis=1, keepdims=True)"),
]


@pytest.mark.parametrize(("text", "expected"), ARRAY_PAIRS)
def test_array_pairs(text: str, expected: str) -> None:
    assert spelled(read(text, ARRAYS), NUMPY) == expected


def test_nodes_without_a_text_of_the_language() -> None:
    assert spelled(Entry("W", (0, 2)), NUMPY) == "W[0, 2]"
    assert spelled(Broadcast(Ref("a"), "A"), NUMPY) == "np.broadcast_to(a, np.shape(A))"
    assert spelled(Partial("E", "w"), NUMPY) == "dE_dw"
    assert spelled(Add((Ref("a"), number(-1))), NUMPY) == "a - 1"
    assert spelled(Mul((Ref("a"), Number(Fraction(1, 2), "1/2"))), NUMPY) == "a*(1/2)"
    assert spelled(Power(Ref("a"), number(-2)), NUMPY) == "a**-2"


def test_names_are_replaced_everywhere() -> None:
    dialect = numpy_dialect({"lambda": "lambda_"})
    term = Mul((Ref("lambda"), Sum(Broadcast(Entry("lambda", (1,)), "lambda"))))
    assert spelled(term, dialect) == "lambda_*np.sum(np.broadcast_to(lambda_[1], np.shape(lambda_)))"


@given(st.fractions())
def test_numbers_come_back_with_every_digit(value: Fraction) -> None:
    written = number(value)
    nearest = value.numerator / value.denominator
    assert float(ast.literal_eval(real(written))) == nearest
    assert float(eval(decimal(written))) == nearest  # a test may: `2/3` is Python's own quotient


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_come_back_with_every_digit(value: float) -> None:
    assert float(ast.literal_eval(real(number(value)))) == value


LEAVES = st.sampled_from([Ref("A"), Ref("B"), Ref("C")])
NUMBERS = st.integers(-3, 3).map(number) | st.just(Number(Fraction(1, 2), "1/2")) | st.just(number(0.3))


def larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    mixed = st.tuples(NUMBERS, inner) | st.tuples(inner, NUMBERS)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        mixed.map(Add),
        mixed.map(Mul),
        mixed.map(lambda pair: Div(*pair)),
        st.tuples(inner, inner).map(lambda pair: Div(*pair)),
        st.tuples(inner, st.integers(0, 3).map(number)).map(lambda pair: Power(*pair)),
        st.tuples(inner, inner).map(lambda pair: MatMul(*pair)),
        inner.map(Neg),
        inner.map(Transpose),
    )


VALUES = {name: np.random.default_rng(seed).normal(size=(2, 2)) for seed, name in enumerate("ABC")}
MEANING: dict[type[Term], Callable[..., Any]] = {
    Number: lambda term: float(term.value),
    Ref: lambda term: VALUES[term.name],
    Neg: lambda term: -meaning(term.operand),
    Add: lambda term: reduce(operator.add, map(meaning, term.terms)),
    Mul: lambda term: reduce(operator.mul, map(meaning, term.factors)),
    Div: lambda term: np.divide(meaning(term.numerator), meaning(term.denominator)),
    Power: lambda term: meaning(term.base) ** int(term.exponent.value),
    MatMul: lambda term: meaning(term.left) @ meaning(term.right),
    Transpose: lambda term: meaning(term.operand).T,
}


def meaning(term: Term) -> Any:
    return MEANING[type(term)](term)


@given(st.recursive(LEAVES, larger, max_leaves=10))
def test_python_reads_the_text_as_the_term(term: Term) -> None:
    """The text, evaluated by Python, has the value of the term, to the last bit: no bracket is missing."""
    for dialect in (numpy_dialect({}), replace(float_dialect({}), transpose="{}.T")):
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(eval(spelled(term, dialect), {}, dict(VALUES)), meaning(term))
