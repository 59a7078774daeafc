"""Values of terms in both arithmetics: functions against mpmath, array operations against NumPy, networks against documents."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from symprop.derive import derive
from symprop.errors import InputError, UsageError
from symprop.functions import FUNCTIONS
from symprop.graph import Given
from symprop.language import Names, read
from symprop.spec import load
from symprop.terms import Apply, Broadcast, Number, Partial, Ref, Sum, Term, number
from symprop.worked import floats
from symprop.worked.exact import evaluate, exactly
from symprop.worked.reals import NotEnoughDigits, middle

MPMATH: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "log1p": mpmath.log1p,
    "expm1": mpmath.expm1,
    "erf": mpmath.erf,
    "abs": abs,
    "sign": mpmath.sign,
    "step": lambda z: mpmath.mpf(z > 0),
    "maximum": max,
    "minimum": min,
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    "erfc": mpmath.erfc,
    "logsumexp": lambda *z: mpmath.log(sum(map(mpmath.exp, z))),
    "leaky_relu": lambda z: z if z > 0 else z / 100,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "gelu_tanh": lambda z: z / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (z + mpmath.mpf("0.044715") * z**3))),
    "normal_cdf": mpmath.ncdf,
    "normal_pdf": mpmath.npdf,
    "binary_cross_entropy": lambda z, y: mpmath.log(1 + mpmath.exp(z)) - y * z,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "sech": mpmath.sech,
    "csch": mpmath.csch,
    "coth": mpmath.coth,
    "pi": lambda: +mpmath.pi,
}
POINTS = ("-2.5", "-1e-3", "0", "0.3", "1.7")
A, B, V = np.array([[1.0, -2.0], [0.5, 3.0], [4.0, 0.25]]), np.array([[2.0, 1.0], [-1.0, 0.5]]), np.array([3.0, -4.0])
ARRAYS = {"A": A, "B": B, "v": V}
ARRAY_NAMES = Names.of("c", A=2, B=2, v=1)
ARRAY_TERMS: list[tuple[Term, Any]] = [
    (read("A @ B", ARRAY_NAMES), lambda A, B, v: A @ B),
    (read("A.T @ A - B*2", ARRAY_NAMES), lambda A, B, v: A.T @ A - B * 2),
    (read("A + v", ARRAY_NAMES), lambda A, B, v: A + v),
    (read("A*v/4", ARRAY_NAMES), lambda A, B, v: A * v / 4),
    (read("sum(A, axis=0)", ARRAY_NAMES), lambda A, B, v: A.sum(axis=0)),
    (read("sum(A, axis=1, keepdims=True)*A", ARRAY_NAMES), lambda A, B, v: A.sum(axis=1, keepdims=True) * A),
    (read("mean(A**2)", ARRAY_NAMES), lambda A, B, v: (A**2).mean()),
    (read("mean(A, axis=1)", ARRAY_NAMES), lambda A, B, v: A.mean(axis=1)),
    (read("-B[1,2]*v[2]", ARRAY_NAMES), lambda A, B, v: -B[0, 1] * v[1]),
    (read("maximum(A, 1)", ARRAY_NAMES), lambda A, B, v: np.maximum(A, 1)),
    (Broadcast(Ref("v"), "A"), lambda A, B, v: np.broadcast_to(v, A.shape)),
    (Sum(Broadcast(Ref("v"), "A")), lambda A, B, v: 3 * v.sum()),
]


def written(array: Any) -> Any:
    return tuple(written(part) for part in array) if np.ndim(array) else Fraction(float(array))


def defined(name: str, point: str) -> bool:
    if name in ("csch", "coth"):
        return float(point) != 0
    lowest = {"log": "1e-9", "sqrt": "0", "log1p": "-0.9"}.get(name)
    return lowest is None or float(point) >= float(lowest)


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if not row.rowwise])
def test_every_function_in_both_arithmetics(name: str) -> None:
    arity = FUNCTIONS[name].arity
    for point in filter(lambda point: defined(name, point), POINTS):
        texts = (point, "0.25", "-0.5")[: arity if arity >= 0 else 3]
        truth = MPMATH[name](*map(mpmath.mpf, texts))
        term = Apply(name, tuple(map(number, texts)))
        ours = evaluate(term, {})
        assert not isinstance(ours, tuple)
        assert float(middle(ours)) == pytest.approx(float(truth), rel=1e-14, abs=1e-300)
        assert floats.evaluate(term, {}) == pytest.approx(float(truth), rel=1e-14, abs=1e-16)


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.slope])
def test_a_complex_step_gives_the_slope_of_the_table(name: str) -> None:
    slope = read(FUNCTIONS[name].slope, Names.of("z", "a"))
    for point in filter(lambda point: defined(name, point) and float(point), POINTS):
        z = float(point)
        stepped = floats.evaluate(Apply(name, (Ref("z"),)), {"z": z + 1e-30j})
        values = {"z": z, "a": floats.evaluate(Apply(name, (Ref("z"),)), {"z": z})}
        assert np.imag(stepped) / 1e-30 == pytest.approx(floats.evaluate(slope, values), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(("term", "numpy"), ARRAY_TERMS)
def test_array_operations_in_both_arithmetics(term: Term, numpy: Callable[..., Any]) -> None:
    truth = numpy(**ARRAYS)
    assert np.array_equal(floats.evaluate(term, ARRAYS), truth)
    exact = evaluate(term, {name: written(array) for name, array in ARRAYS.items()})
    assert np.allclose(np.array(exact, dtype=float), truth, rtol=1e-15, atol=0)


SHARES = np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)
ONE_HOT = np.eye(2)[[0, 1, 1]]
ROWWISE: dict[str, tuple[tuple[Any, ...], Any]] = {
    "softmax": ((A,), SHARES),
    "row_max": ((A,), A.max(axis=1, keepdims=True)),
    "softmax_cross_entropy": ((A, ONE_HOT), -np.log((SHARES * ONE_HOT).sum(axis=1, keepdims=True))),
}


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.rowwise])
def test_functions_of_rows_in_both_arithmetics(name: str) -> None:
    arrays, truth = ROWWISE[name]
    values = dict(zip("zy", arrays, strict=False))
    term = Apply(name, tuple(map(Ref, values)))
    exact: Any = evaluate(term, {letter: written(array) for letter, array in values.items()})
    assert np.allclose([[float(middle(entry)) for entry in row] for row in exact], truth, rtol=1e-14, atol=0)
    assert np.allclose(floats.evaluate(term, values), truth, rtol=1e-14, atol=0)


def test_softmax_of_large_numbers() -> None:
    huge = floats.evaluate(Apply("softmax", (Ref("z"),)), {"z": np.array([[1000.0, 999.0]])})
    assert np.all(np.isfinite(huge)) and huge.sum() == pytest.approx(1)


def test_what_is_rational_is_exact() -> None:
    term = read("1/3*(a - b)**2 + maximum(a, b)", Names.of("a", "b"))
    assert evaluate(term, {"a": Fraction(1, 7), "b": Fraction(2)}) == Fraction(463, 147)


def test_a_partial_has_the_value_of_its_name() -> None:
    assert evaluate(Partial("E", "w"), {"dE_dw": Fraction(2)}) == 2


@pytest.mark.parametrize(
    ("formula", "reason"), [("1/(a - a)", "division by zero"), ("log(a - a)", "logarithm"), ("sqrt(-a)", "square root")]
)
def test_a_value_that_does_not_exist_is_named(formula: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        evaluate(read(formula, Names.of("a")), {"a": Fraction(2)})


def test_too_few_digits_are_said_to_be_too_few() -> None:
    term = read("1/(exp(a)*exp(-a) - 1)", Names.of("a"))
    with pytest.raises(NotEnoughDigits):
        evaluate(term, {"a": Fraction(1, 3)})


def test_an_unknown_name_is_suggested() -> None:
    with pytest.raises(UsageError, match="did you mean 'alpha'"):
        floats.evaluate(Ref("alhpa"), {"alpha": 1.0})


def test_stable_forms_neither_overflow_nor_cancel() -> None:
    softplus = Apply("softplus", (Ref("z"),))
    assert floats.evaluate(softplus, {"z": -40.0}) == pytest.approx(float(mpmath.exp(-40)), rel=1e-12)
    assert floats.evaluate(softplus, {"z": 800.0}) == 800.0
    assert floats.evaluate(Apply("sigmoid", (Ref("z"),)), {"z": -800.0}) == 0.0


def test_the_document_numbers_of_step_by_step() -> None:
    derivation = derive(load("step_by_step"))
    initial = derivation.network.initial
    parameters = {name: floats.to_floats(given.value) for name, given in initial.items() if isinstance(given, Given)}
    values = floats.forward(derivation.network, parameters)
    printed = {"net_h1": 0.3775, "out_h1": 0.593269992, "out_o1": 0.75136507, "out_o2": 0.772928465, "E_total": 0.298371109}
    assert {name: round(float(values[name]), 9) for name in printed} == printed
    gradients = floats.gradients(derivation, parameters)
    assert round(float(gradients["w5"]), 9) == 0.082167041
    assert round(float(gradients["w1"]), 9) == 0.000438568


def test_other_data_and_a_batch_of_another_size() -> None:
    network = load("hidden_layer")
    parameters = {"Wh": np.full((3, 4), 0.1), "Wo": np.full((4, 1), -0.2)}
    (x,), (y,) = network.graph.names("input"), network.graph.names("target")
    one_row = floats.forward(network, parameters, {x: np.ones((1, 3)), y: np.zeros((1, 1))})
    hidden = 1 / (1 + np.exp(-0.3))
    assert one_row[network.graph.outputs[0]] == pytest.approx(1 / (1 + np.exp(0.8 * hidden)))


def test_the_exact_and_the_floating_values_of_a_network_agree() -> None:
    network = load("four_three_two")
    given: dict[str, Any] = {name: value.value for name, value in network.initial.items() if isinstance(value, Given)}
    doubles = floats.forward(network, {name: floats.to_floats(value) for name, value in given.items()})
    exact = {name: exactly(value) for name, value in (given | dict(network.data)).items()}
    exact[network.training.rate] = exactly(network.training.learning_rate)
    for equation in network.graph.equations:
        exact[equation.name] = evaluate(equation.term, exact)
        assert float(middle(exact[equation.name])) == pytest.approx(float(doubles[equation.name]), rel=1e-14)  # type: ignore[arg-type]


def test_written_numbers_become_the_nearest_doubles() -> None:
    assert floats.to_floats(Number(Fraction("0.1"), "0.1")) == 0.1
    assert floats.to_floats((number("0.1"), number("1/3"))).tolist() == [0.1, 1 / 3]
