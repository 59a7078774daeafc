"""The sweep of emitted code: value and gradient of every activation and loss at logits 0, +-tiny, ... +-1e4, against mpmath.

`python -m tests.emit.stability [TARGET]` prints the table. Each row is a network of one layer whose weights are the logits (the
input is 1), generated as a module, loaded and called. An error in ulp counts units in the last place of the true value; one in eps
those of 1, or of the value where that is larger. Below the smallest normal number an error counts against that number. "cond" is
ulp divided by 1 + |z f'(z)/f(z)|, what rounding z once may cost anyway.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
from mpmath import mp

from symprop.artefacts.modules import load_module
from symprop.derive import derive
from symprop.emit import modules
from symprop.spec import network

from ..truths import TRUTHS, Real, sigmoid

Truth = Callable[[Sequence[Real], Sequence[Real]], tuple[Real, Sequence[Real]]]  # of logits and targets: the value, its gradient
DTYPES = (np.float64, np.float32)
SIZES = (1e-8, 1e-4, 0.1, 0.5, 0.75179, 1.0, 2.5, 5.5, 8.3, 12.9, 16.6, 17.5, 36.7, 37.5, 87.3, 88.8, 103.9, 709.7, 745.2, 1e4)
EPS = 1e-3  # at which raw probabilities are clipped: a number of which both precisions see both sides


@dataclass(frozen=True)
class Row:
    """A network of one layer: its name, last activation, loss and style, what is true of it, and the stated bounds.

    `value` and `gradient` bound the errors in the units `measures` ("ulp", "eps", ...); `cases` are pairs of logits and targets.
    """

    name: str
    activation: str
    loss: str
    truth: Truth
    cases: Callable[[Any], Iterator[tuple[Sequence[float], Sequence[float]]]]
    value: float
    gradient: float
    measures: tuple[str, str] = ("ulp", "eps")
    style: str = "matrix"
    elsewhere: str = ""  # the measure of values on other targets, where NumPy's modules have a better form


def points(dtype: Any) -> list[float]:
    """0, the smallest numbers, and the places around which functions saturate, overflow or vanish."""
    least = float(np.finfo(dtype).smallest_subnormal), float(np.finfo(dtype).tiny)
    sizes = [*least, *SIZES]
    return [float(dtype(each)) for each in (*(-size for size in reversed(sizes)), 0.0, *sizes)]


def alone(dtype: Any) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """Each logit once; the loss is 1 times the activation."""
    return (((z,), (1.0,)) for z in points(dtype))


def against(*targets: float) -> Callable[[Any], Iterator[tuple[Sequence[float], Sequence[float]]]]:
    """Each logit against each target."""
    return lambda dtype: (((z,), (y,)) for z in points(dtype) for y in targets)


def probabilities(dtype: Any) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """Raw probabilities, those at the ends and beside the clip among them, and what is none."""
    inside = (1e-30, 1e-6, EPS / 2, EPS * 1.01, 0.1, 0.5, 0.9, 1 - EPS * 1.01, 1 - EPS / 2)
    for p in (-1e4, -1.0, 0.0, *inside, 1.0, 2.0, 1e4):
        yield from (((float(dtype(p)),), (y,)) for y in (0.0, 1.0, 0.25))


def rows_of_three(dtype: Any) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """One logit large, two apart, all equal, two near each other; against each class, and against probabilities."""
    for z in points(dtype):
        near = float(dtype(z + 1)), float(dtype(z - 2))
        for logits in ((z, 0.0, 1.0), (z, -z, 0.5), (z, z, z), (z, *near)):
            yield from ((logits, y) for y in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.25, 0.25, 0.5)))


def softmax(z: Sequence[Real]) -> list[Real]:
    return [1 / mp.fsum(mp.exp(other - each) for other in z) for each in z]


def first_of_softmax(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    """sum(y*a): the value weighted by the targets, and y*a passed back through a's rows."""
    a = softmax(z)
    total = mp.fsum(t * p for t, p in zip(y, a, strict=True))
    return total, [p * (t - total) for t, p in zip(y, a, strict=True)]


def squares(factor: str, z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    return mp.mpf(factor) * (y[0] - z[0]) ** 2, (2 * mp.mpf(factor) * (z[0] - y[0]),)


def binary(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    value = y[0] * mp.log1p(mp.exp(-z[0])) + (1 - y[0]) * mp.log1p(mp.exp(z[0]))
    return value, ((1 - y[0]) * sigmoid(z[0]) - y[0] * sigmoid(-z[0]),)


def clipped(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    """-(y log max(p, eps) + (1 - y) log max(1 - p, eps)); where a maximum takes eps, its slope is 0."""
    eps, p = mp.mpf(repr(EPS)), z[0]
    value = -(y[0] * mp.log(max(p, eps)) + (1 - y[0]) * mp.log(max(1 - p, eps)))
    return value, ((1 - y[0]) * _reciprocal(1 - p, eps) - y[0] * _reciprocal(p, eps),)


def _reciprocal(p: Real, eps: Real) -> Real:
    return 1 / p if p > eps else mp.mpf(0)


def clipped_sigmoid(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    p = sigmoid(z[0])
    value, (slope,) = clipped((p,), y)
    return value, (slope * p * sigmoid(-z[0]),)


def cross_entropy(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
    a = softmax(z)
    return -mp.fsum(t * mp.log(p) for t, p in zip(y, a, strict=True)), [p - t for t, p in zip(y, a, strict=True)]


def activation(name: str, value: float, gradient: float, measure: str = "ulp", elsewhere: str = "") -> Row:
    """An activation of each logit alone; the loss is 1 times its value."""

    def truth(z: Sequence[Real], y: Sequence[Real]) -> tuple[Real, Sequence[Real]]:
        return TRUTHS[name].value(z[0]), (TRUTHS[name].slope(z[0]),)

    return Row(name, name, "sum(Y*a)", truth, alone, value, gradient, (measure, "eps"), elsewhere=elsewhere)


THREE = against(0.0, 1.0, 0.25)
IN_EPS = ("eps", "eps")
ROWS = (
    activation("identity", 0, 0),
    activation("sigmoid", 3, 1),
    activation("tanh", 3, 2),
    activation("relu", 0, 0),
    activation("leaky_relu", 2, 1),
    activation("elu", 2, 1),
    activation("softplus", 3, 2),
    activation("gelu", 5, 3, elsewhere="cond"),
    activation("gelu_tanh", 3, 3, "cond"),
    Row("softmax", "softmax", "sum(Y*a)", first_of_softmax, rows_of_three, 3, 3, IN_EPS),
    Row("half sum of squares", "identity", "half_sum_of_squares", partial(squares, "0.5"), THREE, 2, 1),
    Row("sum of squares", "identity", "sum_of_squares", partial(squares, "1"), THREE, 2, 1),
    Row("mean squared", "identity", "mean_squared", partial(squares, "1"), THREE, 2, 1),
    Row("bce, logits", "identity", "binary_cross_entropy", binary, THREE, 3, 2),
    Row("bce, sigmoid unit", "sigmoid", "binary_cross_entropy", binary, THREE, 3, 2),
    Row("bce, probabilities", "identity", "clipped_binary_cross_entropy", clipped, probabilities, 2, 3, IN_EPS),
    Row("bce, clipped unit", "sigmoid", "clipped_binary_cross_entropy", clipped_sigmoid, THREE, 30, 3, IN_EPS),
    Row("cross-entropy, logits", "identity", "softmax_cross_entropy", cross_entropy, rows_of_three, 3, 2, IN_EPS),
    Row("cross-entropy, softmax", "softmax", "softmax_cross_entropy", cross_entropy, rows_of_three, 3, 2, IN_EPS),
    Row("cross-entropy, scalar", "identity", "softmax_cross_entropy", cross_entropy, rows_of_three, 3, 2, IN_EPS, "scalar"),
    Row("softmax, scalar", "softmax", "softmax_cross_entropy", cross_entropy, rows_of_three, 3, 2, IN_EPS, "scalar"),
    Row("bce, scalar", "identity", "binary_cross_entropy", binary, THREE, 3, 2, ("ulp", "eps"), "scalar"),
)  # fmt: skip


def as_arrays(numbers: Any, dtype: Any) -> Any:
    return np.asarray(numbers, dtype)[()]


def as_lists(numbers: Any, dtype: Any) -> Any:
    return np.asarray(numbers, float).tolist()


def as_tensors(numbers: Any, dtype: Any) -> Any:
    import torch

    return torch.as_tensor(np.asarray(numbers, dtype))


GIVEN: Mapping[str, Callable[[Any, Any], Any]] = {
    "numpy": as_arrays,
    "python": as_lists,
    "numba": as_arrays,
    "c": as_arrays,
    "torch": as_tensors,
}


@cache
def made(row: Row, dtype: Any, target: str = "numpy") -> ModuleType:
    """The module of a row in one precision."""
    width = len(next(row.cases(dtype))[0])
    matrix = row.style == "matrix"
    units = range(1, width + 1)
    net = network(
        id="row",
        inputs={"X": [[1]]} if matrix else {"x": 1},
        targets={"Y": [[0] * width]} if matrix else {f"t{k}": 0 for k in units},
        parameters={"W": {"shape": [1, width], "value": 0}} if matrix else {f"w{k}": 0 for k in units},
        network={"style": row.style, "loss": row.loss, **({"eps": EPS} if "clipped" in row.loss else {})},
        layers=[
            {
                "size": width,
                "activation": row.activation,
                "weights": "W" if matrix else "w{k}",
                "bias": "none",
                **({"net": "z", "output": "a"} if matrix else {}),
            }
        ],
        training={"learning_rate": 1, "dtype": np.dtype(dtype).name},
    )
    with tempfile.TemporaryDirectory() as folder:
        texts = modules(derive(net), target)
        for name, text in texts.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return load_module(Path(folder, next(iter(texts))))


def called(row: Row, dtype: Any, target: str, logits: Sequence[float], targets: Sequence[float]) -> tuple[Any, Any]:
    """Value and gradient by the module; a warning is an error."""
    made_of, given = made(row, dtype, target), GIVEN[target]
    if row.style == "matrix":
        arguments = {"W": given([logits], dtype)}, given([[1]], dtype), given([targets], dtype)
    else:
        arguments = (
            {f"w{k}": given(z, dtype) for k, z in enumerate(logits, 1)},
            {"x": given(1, dtype)},
            {f"t{k}": given(y, dtype) for k, y in enumerate(targets, 1)},
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradients = made_of.loss(*arguments), made_of.gradients(*arguments)
    return np.asarray(value), np.ravel(gradients["W"] if row.style == "matrix" else list(map(np.asarray, gradients.values())))


def error(got: Any, true: Real, dtype: Any, measure: str, growth: Real) -> float:
    """|got - true| in the units of the module's docstring; `growth` is the condition for "cond"."""
    limits, off = np.finfo(dtype), abs(mp.mpf(float(got)) - true)
    if measure == "eps":
        return float(off / float(limits.eps) / max(1, abs(true)))
    if abs(true) < float(limits.tiny):
        return float(off / float(limits.tiny))
    ulp = float(off / mpmath.ldexp(1, mpmath.frexp(abs(true))[1] - limits.nmant - 1))
    return ulp / float(1 + growth) if measure == "cond" else ulp


def growth(logits: Sequence[Real], value: Real, slopes: Sequence[Real]) -> Real:
    """|z f'(z)/f(z)| of one logit."""
    return abs(logits[0] * slopes[0] / value) if value else mp.mpf(0)


@dataclass(frozen=True)
class Found:
    """The largest errors of a row in one precision, over so many cases; whether all is finite, and in the module's precision."""

    value: float
    gradient: float
    cases: int
    finite: bool
    kept: bool


def measures(row: Row, target: str) -> tuple[str, str]:
    """The units of a row's errors on a target."""
    return (row.measures[0] if target == "numpy" else row.elsewhere or row.measures[0]), row.measures[1]


@cache
def swept(row: Row, dtype: Any, target: str = "numpy") -> Found:
    """Every case of a row."""
    of_value, of_slope = measures(row, target)
    value, gradient, count, finite, kept = 0.0, 0.0, 0, True, True
    with mp.workdps(60):
        for logits, targets in row.cases(dtype):
            found, parts = called(row, dtype, target, logits, targets)
            exact = [mp.mpf(each) for each in logits]
            true, slopes = row.truth(exact, [mp.mpf(each) for each in targets])
            grown = growth(exact, true, slopes)
            finite = finite and bool(np.isfinite(found) and np.all(np.isfinite(parts)))
            kept = kept and found.dtype == parts.dtype == dtype
            value = max(value, error(found, true, dtype, of_value, grown))
            pairs = zip(parts, slopes, strict=True)
            gradient = max(gradient, *(error(got, slope, dtype, of_slope, grown) for got, slope in pairs))
            count += 1
    return Found(value, gradient, count, finite, kept)


def report(target: str = "numpy") -> str:
    """The table of errors and bounds, a line for each row and precision."""
    head = f"{'row':24s} {'precision':9s} {'cases':>5s} {'value':>12s} {'bound':>5s}   {'gradient':>12s} {'bound':>5s}"
    precisions = DTYPES[:1] if target == "python" else DTYPES
    return "\n".join([head, *(_line(row, dtype, target) for row in ROWS for dtype in precisions)])


def _line(row: Row, dtype: Any, target: str) -> str:
    found, units = swept(row, dtype, target), measures(row, target)
    value, gradient = f"{found.value:.2f} {units[0]:5s}", f"{found.gradient:.2f} {units[1]:5s}"
    head = f"{row.name:24s} {np.dtype(dtype).name:9s} {found.cases:5d}"
    return f"{head} {value:>12s} {row.value:5g}   {gradient:>12s} {row.gradient:5g}{'' if found.kept else '  other precision'}"


if __name__ == "__main__":
    print(report(*sys.argv[1:2]))
