"""Random array equations: every entry of every gradient against a complex step of the loss.

One equation, or two with a name between them, mixes broadcasting, reductions, matrix products and functions along rows freely.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symprop.derive import derive
from symprop.errors import UnsupportedError
from symprop.graph import Equation, Graph, Network, Quantity, Training, Update
from symprop.notation.text import text
from symprop.terms import (
    ONE,
    Add,
    Apply,
    Div,
    MatMul,
    Mean,
    Mul,
    Neg,
    Power,
    Ref,
    Shape,
    Sum,
    Term,
    Transpose,
    number,
    shape_of,
    substitute,
    typography_of,
)
from symprop.worked import floats

SHAPES: dict[str, Shape] = {"W": (2, 3), "V": (2, 3), "b": (3,), "r": (1, 3), "l": (2, 1), "s": (), "C": (2, 2)}
TWO = number("2")
Terms = st.SearchStrategy[Term]


def tables() -> Terms:
    """Terms of shape (2, 3)."""
    return st.recursive(st.sampled_from([Ref("W"), Ref("V")]), _larger, max_leaves=5)


def _larger(inner: Terms) -> Terms:
    smaller = st.one_of(st.sampled_from([Ref("b"), Ref("r"), Ref("l"), Ref("s"), number("0.5")]), _reduced(inner))
    return st.one_of(
        st.builds(lambda a, b: Add((a, b)), inner, smaller),
        st.builds(lambda a, b: Mul((b, a)), inner, smaller),
        st.builds(lambda a, b: Mul((a, b)), inner, inner),
        st.builds(lambda a, b: Add((a, Neg(b))), inner, inner),
        st.builds(lambda a, b: Div(a, Add((ONE, Power(b, TWO)))), inner, smaller),
        inner.map(lambda a: MatMul(Ref("C"), a)),
        inner.map(lambda a: Transpose(MatMul(Transpose(a), Ref("C")))),
        inner.map(lambda a: Apply("tanh", (a,))),
        inner.map(lambda a: Apply("softmax", (a,))),
        inner.map(lambda a: Power(a, TWO)),
    )


def _reduced(inner: Terms) -> Terms:
    """Terms that broadcast to (2, 3)."""
    return st.one_of(
        st.builds(lambda kind, a: kind(a), st.sampled_from([Sum, Mean]), inner),
        st.builds(lambda kind, a, keep: kind(a, 0, keep), st.sampled_from([Sum, Mean]), inner, st.booleans()),
        st.builds(lambda kind, a: kind(a, 1, True), st.sampled_from([Sum, Mean]), inner),
        st.builds(lambda a, b: Apply("softmax_cross_entropy", (a, b)), inner, inner),
    )


def losses() -> Terms:
    one = st.builds(lambda kind, a: kind(a), st.sampled_from([Sum, Mean]), tables())
    return st.one_of(
        one,
        one.map(lambda a: Mul((number("1/2"), a))),
        st.builds(lambda a, b: Mul((a, b)), one, one),
        st.builds(lambda a, b: Div(a, Add((ONE, Power(b, TWO)))), one, one),
        st.builds(lambda a, b: Add((a, Neg(Mul((Ref("s"), b))))), one, one),
    )


def network_of(terms: dict[str, Term]) -> Network:
    shapes = dict(SHAPES)
    for name, term in terms.items():
        shapes[name] = shape_of(term, shapes)
    quantities = {name: Quantity(name, _role(name), shape, typography_of(name)) for name, shape in shapes.items()}
    graph = Graph(quantities, tuple(Equation(name, term) for name, term in terms.items()), "L", ("L",))
    update = Update("simultaneous", tuple(SHAPES))
    return Network("random", "", graph, {}, {}, Training("rate", number("1"), 1), {"simultaneous": update})


def _role(name: str) -> Any:
    return "parameter" if name in SHAPES else "intermediate"


def check(terms: dict[str, Term]) -> None:
    network = network_of(terms)
    try:
        derivation = derive(network)
    except UnsupportedError:
        assume(False)
    draw = np.random.default_rng(11)
    values = {name: draw.normal(size=shape)[()] for name, shape in SHAPES.items()}
    mine = floats.gradients(derivation, values)
    for name in SHAPES:
        for place in np.ndindex(np.shape(values[name])):
            moved = {key: np.array(value, dtype=complex) for key, value in values.items()}
            moved[name][place] += 1e-200j
            true = np.imag(floats.forward(network, moved)["L"]) / 1e-200
            assume(np.isfinite(true))  # a complex step goes through the definition of softmax, which overflows
            gradient = np.broadcast_to(mine[name], np.shape(values[name]))
            assert gradient[place] == pytest.approx(true, rel=1e-9, abs=1e-11), (name, text(terms["L"]))
        assert shape_of(derivation.steps[name].term, network.graph.shapes | _gradient_shapes(derivation)) == SHAPES[name]


def _gradient_shapes(derivation: Any) -> dict[str, Shape]:
    return {name: quantity.shape for name, quantity in derivation.gradient_quantities.items()}


@settings(max_examples=80, deadline=None)
@given(losses())
def test_one_equation(loss: Term) -> None:
    check({"L": loss})


@settings(max_examples=60, deadline=None)
@given(tables(), losses(), st.sampled_from("WV"))
def test_two_equations(middle: Term, loss: Term, replaced: str) -> None:
    check({"Z": middle, "L": substitute(loss, {replaced: Ref("Z")})})
