"""The sweep: every activation and fused loss, value and slope, for z = 0 and +-(tiny ... 1e4) in both precisions, against mpmath.

What is evaluated are the table's own texts, stable forms and slopes, with NumPy in the precision of z;
`python -m tests.functions.test_stability` prints the errors. An error in ulp counts units in the last place of the true value, an
error in eps those of 1. "Conditioned" divides by 1 + |z f'(z)/f(z)|: what rounding z once may cost anyway.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp

from symprop.algebra.rows import definition, slope, stable
from symprop.functions import FUNCTIONS
from symprop.terms import Term, call
from symprop.worked.evaluate import Arithmetic, value_of

from ..truths import TRUTHS, Real, Truth, sigmoid

DTYPES = (np.float64, np.float32)
VALUE, SLOPE = 2.5, 3.0  # the bounds: conditioned ulp, eps
PLAIN = 2.5  # ulp, without conditioning, for the functions below
CONDITIONED = {"gelu", "gelu_tanh", "normal_cdf", "normal_pdf"}  # exp of a rounded square: the error grows like z**2 in the tails


def points(dtype: Any) -> Any:
    """0, the smallest numbers, powers of ten with two leading digits, and the places around which functions saturate or vanish."""
    least = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).tiny
    powers = [digits * 10.0**exponent for exponent in range(-8, 4) for digits in (1.0, 3.7)]
    around = [0.5, 0.75179, 2.5, 5.5, 8.3, 16.6, 17.5, 36.7, 37.5, 87.3, 88.8, 103.9, 150.0, 709.7, 710.5, 745.2, 1e4]
    sizes = np.array([*least, *powers, *around], dtype=dtype)
    return np.concatenate((-sizes[::-1], [dtype(0)], sizes))


def _each(function: Callable[[float], float]) -> Callable[[Any], Any]:
    return lambda z: np.vectorize(function, otypes=[z.dtype])(z)[()]


NUMPY: Mapping[str, Callable[..., Any]] = {
    "pi": lambda: math.pi,
    "exp": np.exp,
    "log": np.log,
    "sqrt": lambda z: math.sqrt(z) if isinstance(z, float) else np.sqrt(z),
    "log1p": np.log1p,
    "expm1": np.expm1,
    "tanh": np.tanh,
    "erf": _each(math.erf),
    "erfc": _each(math.erfc),
    "abs": np.abs,
    "sign": np.sign,
    "step": lambda z: np.heaviside(z, z.dtype.type(0)),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "row_max": lambda z: np.max(z, axis=-1, keepdims=True),
}
ARITHMETIC = Arithmetic(float, lambda base, exponent: base ** int(exponent), NUMPY, lambda name: stable(name) or definition(name))


def computed(term: Term | None, **letters: Any) -> Any:
    """The value in the precision of the letters; anything but a harmless underflow is an error."""
    assert term is not None
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
        warnings.simplefilter("error")
        return value_of(term, letters, ARITHMETIC)


def in_ulp(got: Any, true: list[Real], dtype: Any) -> Any:
    """|got - true| in units in the last place of the true value; below the normal numbers that unit stays the same."""
    limits = np.finfo(dtype)

    def unit(value: Real) -> Real:
        exponent = mpmath.frexp(abs(value))[1] if value else -10**9
        return mpmath.ldexp(1, int(max(exponent - limits.nmant - 1, limits.minexp - limits.nmant)))

    return np.array([float(abs(mp.mpf(float(each)) - exact) / unit(exact)) for each, exact in zip(got, true, strict=True)])


def in_eps(got: Any, true: list[Real], dtype: Any) -> Any:
    """|got - true| in units in the last place of 1, or of the true value where that is larger."""
    eps = float(np.finfo(dtype).eps)
    return np.array([float(abs(mp.mpf(float(a)) - b) / eps / max(1, abs(b))) for a, b in zip(got, true, strict=True)])


def conditions(z: list[Real], values: list[Real], slopes: list[Real]) -> Any:
    """|z f'(z)/f(z)|, by how much a relative error of z grows."""
    return np.array([float(abs(x * b / a)) if a else 0.0 for x, a, b in zip(z, values, slopes, strict=True)])


@dataclass(frozen=True)
class Errors:
    """The largest errors of a function in one precision, in the units of the module's docstring."""

    value: float
    value_conditioned: float
    slope: float

    def __str__(self) -> str:
        return f"{self.value:10.2f} {self.value_conditioned:11.2f} {self.slope:9.2f}"


def swept(truth: Truth, z: Any) -> Any:
    """The points at which value and slope are numbers of the precision of z."""
    largest = np.finfo(z.dtype).max
    z = z[np.abs(z) <= math.log(largest)] if truth.grows else z
    return z[np.abs(z) > 2 / math.sqrt(largest)] if truth.pole else z


@cache
def errors(function: str, dtype: Any) -> Errors:
    """The sweep of one elementwise function of one argument."""
    truth, z = TRUTHS[function], swept(TRUTHS[function], points(dtype))
    with mp.workdps(60):
        exact = [mp.mpf(float(each)) for each in z]
        values, slopes = [truth.value(each) for each in exact], [truth.slope(each) for each in exact]
        value = computed(call(function, "z"), z=z)
        assert value.dtype == dtype, "a constant changed the precision"
        plain = in_ulp(value, values, dtype)
        textbook = np.broadcast_to(computed(slope(function), z=z, a=value), z.shape)
        return Errors(
            value=plain.max(),
            value_conditioned=(plain / (1 + conditions(exact, values, slopes))).max(),
            slope=in_eps(textbook, slopes, dtype).max(),
        )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", TRUTHS)
def test_values_and_slopes_are_finite_and_accurate(function: str, dtype: Any) -> None:
    found = errors(function, dtype)
    assert found.value_conditioned <= VALUE
    assert found.value <= PLAIN or function in CONDITIONED
    assert found.slope <= SLOPE


def test_every_activation_is_swept() -> None:
    elementwise = {name for name, row in FUNCTIONS.items() if row.slope and (row.activation or not row.primitive)}
    assert elementwise == set(TRUTHS)


def test_the_definition_alone_would_not_pass() -> None:
    """The sweep can fail: the textbook's forms overflow or lose every digit."""
    z = points(np.float64)
    for function in ("sigmoid", "softplus"):
        with pytest.raises(FloatingPointError):
            computed(definition(function), z=z)
    negative = z[z < 0]
    true = [mp.expm1(mp.mpf(float(each))) for each in negative]
    assert in_ulp(computed(definition("elu"), z=negative), true, np.float64).max() > 1e6


def pairs(dtype: Any) -> Iterator[tuple[Any, Any]]:
    for target in (0.0, 1.0, 0.25):
        yield points(dtype), np.full_like(points(dtype), target)


@pytest.mark.parametrize("dtype", DTYPES)
def test_binary_cross_entropy(dtype: Any) -> None:
    """E = -(y log s + (1 - y) log(1 - s)), s = sigmoid(z); dE/dz = s - y."""
    for z, y in pairs(dtype):
        exact, target = [mp.mpf(float(each)) for each in z], mp.mpf(float(y[0]))
        true = [target * mp.log1p(mp.exp(-x)) + (1 - target) * mp.log1p(mp.exp(x)) for x in exact]
        slopes = [(1 - target) * sigmoid(x) - target * sigmoid(-x) for x in exact]
        got = computed(call("binary_cross_entropy", "z", "y"), z=z, y=y)
        assert got.dtype == dtype
        assert in_ulp(got, true, dtype).max() <= PLAIN
        assert in_eps(computed(slope("binary_cross_entropy"), z=z, y=y), slopes, dtype).max() <= SLOPE


def rows(dtype: Any) -> Iterator[Any]:
    """Rows of three logits: one large, two apart, two nearly equal."""
    for size in points(dtype):
        near = size + dtype(1), size - dtype(2)
        for row in ((size, 0, 1), (size, -size, 0.5), (size, size, size), (size, *near), (0, size, 2 * size)):
            yield np.array([row], dtype=dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_and_its_cross_entropy(dtype: Any) -> None:
    """p_k = exp(z_k)/sum exp(z_j), E = -sum y_k log p_k, dE/dz = p - y; errors in eps, relative where the value exceeds 1."""
    targets = [np.array([y], dtype=dtype) for y in ((0, 1, 0), (1, 0, 0), (0.25, 0.25, 0.5))]
    for z in rows(dtype):
        exact = [mp.mpf(float(each)) for each in z[0]]
        true = [1 / sum(mp.exp(other - each) for other in exact) for each in exact]
        got = computed(call("softmax", "z"), z=z)
        assert got.dtype == dtype
        assert in_eps(got[0], true, dtype).max() <= SLOPE
        for y in targets:
            loss = -sum(mp.mpf(float(t)) * mp.log(p) for t, p in zip(y[0], true, strict=True))
            found = computed(call("softmax_cross_entropy", "z", "y"), z=z, y=y)
            assert found.dtype == dtype and found.shape == (1, 1)
            assert in_eps(found[0], [loss], dtype).max() <= SLOPE
            slopes = [p - mp.mpf(float(t)) for t, p in zip(y[0], true, strict=True)]
            assert in_eps(computed(slope("softmax_cross_entropy"), z=z, y=y, d=1.0)[0], slopes, dtype).max() <= SLOPE


def test_what_a_row_of_softmax_passes_back() -> None:
    """dz = a*(d - sum(d*a)) is the Jacobian diag(a) - a a' times d; no overflow for logits of 1e4."""
    z, d = np.array([[1e4, 1e4 - 1, -1e4]]), np.array([[0.3, -2.0, 5.0]])
    a = computed(call("softmax", "z"), z=z)
    expected = (np.diag(a[0]) - np.outer(a[0], a[0])) @ d[0]
    assert computed(slope("softmax"), z=z, a=a, d=d)[0] == pytest.approx(expected, rel=1e-14)


def report() -> str:
    """The table of errors, a line for each function and precision."""
    head = f"{'function':12s} {'precision':9s} {'value ulp':>10s} {'conditioned':>11s} {'slope eps':>9s}"
    lines = [f"{name:12s} {dtype.__name__:9s} {errors(name, dtype)}" for name in TRUTHS for dtype in DTYPES]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(report())
