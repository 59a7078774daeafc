"""Shapes: pairs of a term and its shape, held against NumPy; and operands that do not fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop import terms as t
from symprop.terms import Ref, Shape, ShapeError, broadcast, shape_of
from symprop.terms.shapes import is_scalar

SHAPES: dict[str, Shape] = {"X": ("m", 3), "W": (3, 4), "b": (4,), "s": (), "Z": ("m", 4), "v": (3,), "E": ()}
X, W, B, S, Z, V = (Ref(name) for name in "XWbsZv")
PAIRS = [
    (t.number(2), ()),
    (X, ("m", 3)),
    (t.Entry("W", (2, 3)), ()),
    (t.Neg(W), (3, 4)),
    (t.MatMul(X, W), ("m", 4)),
    (t.Add((t.MatMul(X, W), B)), ("m", 4)),
    (t.Mul((S, X)), ("m", 3)),
    (t.Div(X, V), ("m", 3)),
    (t.Power(X, t.number(2)), ("m", 3)),
    (t.call("sigmoid", X), ("m", 3)),
    (t.call("maximum", "b", "Z"), ("m", 4)),
    (t.Transpose(X), (3, "m")),
    (t.MatMul(t.Transpose(X), X), (3, 3)),
    (t.MatMul(X, V), ("m",)),
    (t.MatMul(V, W), (4,)),
    (t.MatMul(V, V), ()),
    (t.Sum(X), ()),
    (t.Sum(X, 0), (3,)),
    (t.Sum(X, -1), ("m",)),
    (t.Mean(X, 1, True), ("m", 1)),
    (t.Mean(X, None, True), (1, 1)),
    (t.Broadcast(B, "Z"), ("m", 4)),
    (t.Partial("E", "W"), (3, 4)),
    (t.Partial("Z", "Z"), ("m", 4)),
]
MISFITS = [
    (t.Add((X, W)), r"shapes \(m, 3\) and \(3, 4\) do not fit together"),
    (t.MatMul(W, X), r"the matrix product of shapes \(3, 4\) and \(m, 3\) does not exist"),
    (t.MatMul(S, X), r"the matrix product of shapes \(\) and \(m, 3\) does not exist"),
    (t.MatMul(V, Z), r"shapes \(3,\) and \(m, 4\) does not exist$"),
    (t.MatMul(t.MatMul(X, V), W), r"shapes \(m,\) and \(3, 4\) does not exist; one sample of several numbers is a row"),
    (t.Sum(X, 2), r"shape \(m, 3\) has no axis 2"),
    (t.Entry("W", (3, 0)), r"W has shape \(3, 4\): it has no entry with index 4"),
    (t.Entry("W", (1,)), r"W has shape \(3, 4\): an entry takes 2 indices, not 1"),
    (t.Broadcast(V, "Z"), r"shapes \(3,\) and \(m, 4\) do not fit together"),
    (t.Broadcast(Z, "b"), r"shape \(m, 4\) cannot be repeated to the shape \(4,\) of b"),
]


@pytest.mark.parametrize(("term", "shape"), PAIRS)
def test_a_term_has_its_shape(term: t.Term, shape: Shape) -> None:
    assert shape_of(term, SHAPES) == shape


@pytest.mark.parametrize("term", [*(term for term, _ in PAIRS), t.call("sigmoid", S), t.call("maximum", S, t.number(0))])
def test_what_is_made_of_numbers_alone_is_a_number(term: t.Term) -> None:
    scalars = {name for name, shape in SHAPES.items() if not shape}
    expected = set(t.names_in(term)) <= scalars and not isinstance(term, (t.Entry, t.Partial))
    assert is_scalar(term, SHAPES.keys() - scalars) == expected


@pytest.mark.parametrize("function", ["softmax", "row_max"])
def test_a_function_along_rows_is_never_taken_for_a_number(function: str) -> None:
    assert not is_scalar(t.call(function, S), set())


@pytest.mark.parametrize(("term", "message"), MISFITS)
def test_operands_that_do_not_fit_are_named(term: t.Term, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        shape_of(term, SHAPES)


def test_every_node_type_has_a_shape() -> None:
    assert {type(term) for term, _ in PAIRS} == set(t.NODE_TYPES)


LENGTHS = st.lists(st.integers(1, 3), max_size=3).map(tuple)


@given(LENGTHS, LENGTHS)
def test_broadcasting_is_numpys(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    try:
        expected = np.broadcast_shapes(left, right)
    except ValueError:
        with pytest.raises(ShapeError):
            broadcast(left, right)
    else:
        assert broadcast(left, right) == expected


@given(LENGTHS, LENGTHS)
def test_matrix_products_are_numpys(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    term, shapes = t.MatMul(Ref("a"), Ref("b")), {"a": left, "b": right}
    if max(len(left), len(right)) > 2:  # stacks of matrices are not in the language
        with pytest.raises(ShapeError):
            shape_of(term, shapes)
        return
    try:
        expected = np.matmul(np.zeros(left), np.zeros(right)).shape
    except ValueError:
        with pytest.raises(ShapeError):
            shape_of(term, shapes)
    else:
        assert shape_of(term, shapes) == expected
