"""Laws of local partials on random elementwise terms: SymPy's own derivative, a complex step, a central difference.

The oracles differentiate the functions' definitions, written out in exp, log and erf; no slope of the table is in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symprop.algebra import local_partials, symbol, to_sympy
from symprop.terms import ONE, Add, Apply, Div, Mul, Neg, Power, Ref, Term, names_in, number
from symprop.worked import floats

NAMES = ("p", "q", "r")
POINT = {"p": 0.4375, "q": -0.8125, "r": 0.28125}  # dyadic, so that doubles and rationals are the same numbers
SMOOTH = ("sigmoid", "tanh", "softplus", "gelu", "gelu_tanh", "normal_cdf", "exp")
KINKED = ("relu", "leaky_relu", "elu", "abs")


def terms(functions: tuple[str, ...]) -> st.SearchStrategy[Term]:
    """Random terms over p, q, r; divisors are 1 + u**2 and logarithms of 2 + u**2, so that every value exists."""
    leaves = st.sampled_from([*map(Ref, NAMES), Ref("p"), number("0.5"), number("2"), number("3/4")])
    return st.recursive(leaves, lambda inner: _compound(inner, functions), max_leaves=5)


def _compound(inner: st.SearchStrategy[Term], functions: tuple[str, ...]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        inner.map(Neg),
        st.builds(lambda top, part: Div(top, Add((ONE, Power(part, number(2))))), inner, inner),
        st.builds(lambda base, exponent: Power(base, number(exponent)), inner, st.integers(2, 4)),
        inner.map(lambda part: Apply("log", (Add((number(2), Power(part, number(2)))),))),
        st.builds(lambda name, part: Apply(name, (part,)), st.sampled_from(functions), inner),
        st.builds(lambda z, y: Apply("binary_cross_entropy", (z, y)), inner, inner),
        st.builds(lambda parts: Apply("logsumexp", parts), several),
    )


def with_p(functions: tuple[str, ...]) -> st.SearchStrategy[Term]:
    return terms(functions).filter(lambda term: "p" in names_in(term))


def at_the_point(expression: Any) -> Any:
    """The value to 30 digits."""
    return sympy.N(expression.subs({symbol(name): sympy.Rational(value) for name, value in POINT.items()}), 30)


@settings(max_examples=40, deadline=None)
@given(with_p(SMOOTH + KINKED))
def test_the_partial_is_sympys_derivative(term: Term) -> None:
    mine = to_sympy(local_partials(term)["p"].term, spelled_out=True)
    true = sympy.diff(to_sympy(term, spelled_out=True), symbol("p"))
    expected = at_the_point(true)
    assert abs(at_the_point(mine) - expected) <= 1e-20 * (1 + abs(expected))


@settings(max_examples=80, deadline=None)
@given(with_p(SMOOTH))
def test_the_partial_is_the_complex_step(term: Term) -> None:
    mine = floats.evaluate(local_partials(term)["p"].term, {name: np.float64(value) for name, value in POINT.items()})
    moved = {name: np.complex128(value + (1e-200j if name == "p" else 0)) for name, value in POINT.items()}
    assert mine == pytest.approx(np.imag(floats.evaluate(term, moved)) / 1e-200, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(with_p(SMOOTH + KINKED))
def test_the_partial_is_near_the_central_difference(term: Term) -> None:
    def value(p: float) -> Any:
        return floats.evaluate(term, {name: np.float64(each) for name, each in (POINT | {"p": p}).items()})

    slopes = [(value(POINT["p"] + h) - value(POINT["p"] - h)) / (2 * h) for h in (2e-6, 1e-6)]
    mine = floats.evaluate(local_partials(term)["p"].term, {name: np.float64(each) for name, each in POINT.items()})
    assert abs(slopes[0] - slopes[1]) > 1e-5 * (1 + abs(mine)) or mine == pytest.approx(slopes[1], rel=1e-4, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(with_p(SMOOTH))
def test_the_output_may_stand_for_the_value(term: Term) -> None:
    """A slope written in the output's name has the same value as the one without it."""
    known = {name: np.float64(value) for name, value in POINT.items()}
    plain = floats.evaluate(local_partials(term)["p"].term, known)
    named = floats.evaluate(local_partials(term, "out")["p"].term, known | {"out": floats.evaluate(term, known)})
    assert named == pytest.approx(plain, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(terms(SMOOTH + KINKED))
def test_a_partial_uses_no_other_name(term: Term) -> None:
    for name in names_in(term):
        assert set(names_in(local_partials(term, "out")[name].term)) <= {*names_in(term), "out"}
