"""Emitted code far out and at its kinks: the sweep's bounds, training there, the conventions that docstrings print."""

from __future__ import annotations

import shutil
import warnings
from typing import Any

import mpmath
import numpy as np
import pytest

from symprop.artefacts.modules import module_of
from symprop.derive import derive
from symprop.emit import module
from symprop.emit.normal import normal_cdf
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.spec import network
from symprop.spec.losses import LOSSES

from .stability import DTYPES, ROWS, Row, error, made, report, swept

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.mark.parametrize("dtype", DTYPES)
@each_row
def test_values_and_gradients_keep_their_bounds(row: Row, dtype: Any) -> None:
    found = swept(row, dtype, "numpy")
    assert found.finite and found.kept and found.cases >= 39
    assert found.value <= row.value
    assert found.gradient <= row.gradient


@each_row
def test_the_target_of_plain_python_keeps_them_too(row: Row) -> None:
    found = swept(row, np.float64, "python")
    assert found.finite and found.value <= row.value and found.gradient <= row.gradient


@pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["sigmoid", "softplus", "gelu", "softmax", "bce, logits", "cross-entropy, logits"])
def test_c_keeps_them_too(name: str, dtype: Any) -> None:
    row = next(row for row in ROWS if row.name == name)
    found = swept(row, dtype, "c")
    assert found.finite and found.value <= row.value and found.gradient <= row.gradient


def test_every_activation_and_every_loss_is_swept() -> None:
    assert {row.activation for row in ROWS} == set(ACTIVATIONS)
    assert {row.loss for row in ROWS} - {"sum(Y*a)"} == set(LOSSES)


@pytest.mark.parametrize("dtype", DTYPES)
@each_row
def test_training_goes_through_the_same_numbers(row: Row, dtype: Any) -> None:
    """One update in train's own loop, on floats or in place, gives what `step` gives; no warning, nothing that is not finite."""
    module_made = made(row, dtype, "numpy")
    width = sum(int(np.prod(shape)) for shape in module_made.SHAPES["parameters"].values())
    for z in (-1e4, -88.8, -17.5, 0.0, 1.0, 36.7, 1e4):
        logits = [z, 0.5 * z, -z][:width]
        arrays = {"W": np.array([logits], dtype=dtype)}
        start = arrays if row.style == "matrix" else {f"w{k}": value for k, value in enumerate(logits, 1)}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            trained = module_made.train(start, iterations=2, learning_rate=0.5).parameters
            stepped = start
            for _ in range(2):
                stepped = module_made.step(stepped, module_made.INPUTS, module_made.TARGETS, 0.5)
        for name, value in stepped.items():
            assert np.all(np.isfinite(value))
            np.testing.assert_allclose(trained[name], value, rtol=20 * np.finfo(dtype).eps, atol=20 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_usual_eps_keeps_probabilities_of_0_and_1_finite(dtype: str) -> None:
    net = network(
        id="clip",
        inputs={"X": [[1]]},
        targets={"Y": [[1]]},
        parameters={"W": [[0]]},
        network={"style": "matrix", "loss": "clipped_binary_cross_entropy"},
        layers=[{"size": 1, "activation": "sigmoid", "weights": "W", "bias": "none"}],
        training={"learning_rate": 1, "dtype": dtype},
    )
    text = module(derive(net))
    assert "1e-12" in text
    made_of, word = module_of(text), np.dtype(dtype).type
    for z in (-1e4, -50.0, 50.0, 1e4):
        for y in (0.0, 1.0):
            arguments = {"W": np.array([[z]], word)}, np.ones((1, 1), word), np.array([[y]], word)
            value, gradient = made_of.loss(*arguments), made_of.gradients(*arguments)["W"]
            assert 0 <= value <= -np.log(1e-12) * (1 + 1e-6)
            assert np.isfinite(gradient) and abs(gradient) <= 1


KINKS = {  # function: where it has its kink, and the slope that the convention gives there
    "relu(z)": (0.0, 0.0),
    "leaky_relu(z)": (0.0, 0.01),
    "abs(z)": (0.0, 0.0),
    "maximum(z, 2)": (2.0, 0.0),
    "minimum(z, 2)": (2.0, 0.0),
    "sign(z)*z": (0.0, 0.0),
    "step(z)*z": (0.0, 0.0),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("style", ["symbols", "arrays"])
@pytest.mark.parametrize("call", KINKS)
def test_the_convention_at_a_kink_is_printed_and_kept(call: str, style: str, dtype: str) -> None:
    at, slope = KINKS[call]
    zeros: Any = 0 if style == "symbols" else [[0, 0]]
    net = network(
        id="kink",
        inputs={"x": 0},
        targets={"t": 1},
        parameters={"w": zeros},
        equations={"z": "w + x", "a": call, "E": "sum(t*a)" if style == "arrays" else "t*a"},
        training={"learning_rate": 1, "dtype": dtype},
    )
    text = module(derive(net))
    made_of = module_of(text)
    docstring = " ".join((made_of.__doc__ or "").split())
    assert f"Kinks {FUNCTIONS[call.partition('(')[0]].kink}" in docstring
    w = np.full(np.shape(zeros), at, dtype=dtype)[()]
    found = made_of.gradients({"w": w}, made_of.INPUTS, made_of.TARGETS)["w"]
    assert np.all(np.asarray(found) == np.dtype(dtype).type(slope))


@pytest.mark.parametrize(("dtype", "last", "most"), [("float64", 37.4, 4.5), ("float32", 12.9, 4.5)])
def test_the_normal_distribution_over_arrays(dtype: str, last: float, most: float) -> None:
    """In its own precision, in few ulp down to the smallest normal number; a complex step passes through it."""
    view = normal_cdf(dtype)
    space: dict[str, Any] = {"np": np}
    exec(f"def {view.name}({view.arguments}):\n" + "\n".join(f"    {line}" for line in view.lines), space)
    call, kind = space["normal_cdf"], np.dtype(dtype).type
    z = np.concatenate([np.linspace(-last, last, 401), 10.0 ** np.arange(-30, 0), -(10.0 ** np.arange(-30, 0))]).astype(dtype)
    found = call(z)
    assert found.dtype == dtype and call(z.reshape(1, -1)).shape == (1, len(z))
    with mpmath.workdps(40):
        true = [mpmath.ncdf(mpmath.mpf(float(each))) for each in z]
        assert max(error(got, exact, kind, "ulp", 0) for got, exact in zip(found, true, strict=True)) <= most
        slopes = [float(mpmath.npdf(mpmath.mpf(float(each)))) for each in z]
    np.testing.assert_allclose(np.imag(call(z + 1e-30j)) / 1e-30, slopes, rtol=1e-9 if dtype == "float64" else 2e-3, atol=1e-6)
    assert call(kind(0)) == 0.5 and call(kind(1e4)) == 1 and call(kind(-1e4)) == 0 and np.isnan(call(kind(np.nan)))


def test_functions_without_a_kink_say_nothing() -> None:
    net = network(
        id="smooth",
        inputs={"x": 1},
        targets={"t": 1},
        parameters={"w": 0.5},
        equations={"a": "elu(w*x)", "b": "gelu(a)", "E": "(b - t)**2"},
        training={"learning_rate": 1},
    )
    docstring = module_of(module(derive(net))).__doc__ or ""
    assert "Kinks" not in docstring
    assert "gelu is the erf form, not the tanh form" in docstring


def test_the_report_has_a_line_for_each_row_and_precision() -> None:
    assert len(report("numpy").splitlines()) == 1 + len(ROWS) * len(DTYPES)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("last", ["identity", "softmax"])
def test_integer_and_one_hot_targets_agree(last: str, dtype: str) -> None:
    net = network(
        id="classes",
        inputs={"X": {"shape": ["m", 2]}},
        targets={"Y": {"shape": ["m", 3]}},
        parameters={"W": {"shape": [2, 3], "draw": "glorot_normal"}, "b1": {"shape": [3], "value": 0}},
        network={"style": "matrix", "loss": "softmax_cross_entropy"},
        layers=[{"size": 3, "activation": last, "weights": "W", "bias": "unit"}],
        training={"learning_rate": 0.5, "iterations": 20, "seed": 1, "dtype": dtype},
    )
    made_of = module_of(module(derive(net)))
    classes = [2, 0, 1, 1, 2]
    rows = np.eye(3, dtype=dtype)[classes]
    x = np.random.default_rng(3).normal(size=(5, 2)).astype(dtype) * dtype_of(1e4 if last == "softmax" else 1, dtype)
    start = made_of.initial_parameters()
    for given in (classes, np.array(classes), np.array(classes, dtype=np.uint8), tuple(classes)):
        hot = made_of.one_hot(given)
        assert hot.dtype == dtype and np.array_equal(hot, rows)
        trained, expected = made_of.train(start, x, given), made_of.train(start, x, rows)
        for name, value in expected.parameters.items():
            assert value.dtype == dtype and np.array_equal(trained.parameters[name], value)
        assert np.array_equal(trained.history["E"], expected.history["E"])
    for wrong in ([0, 1, 2, 3, 0], [0, -1, 0, 0, 0], [0, 1.5, 0, 0, 0]):
        with pytest.raises(ValueError, match="targets Y: expected classes from 0 to 2, got "):
            made_of.train(start, x, wrong)
    with pytest.raises(ValueError, match=r"targets Y: expected shape \(5, 3\), got \(4, 3\)"):
        made_of.train(start, x, classes[:4])


def dtype_of(number: float, dtype: str) -> Any:
    return np.dtype(dtype).type(number)
