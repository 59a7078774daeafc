"""The functions that modules define at their top, and the loop's own: against 60 digits of mpmath, without a warning."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from symprop.emit.functions import form, functions_in, inlined
from symprop.emit.helpers import FLOAT_HELPERS, NUMPY_FUNCTIONS, float_dialect, helper
from symprop.emit.spelling import spelled
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.terms import Apply, Ref

FAR = [0.0, 1e-300, 1e-8, 0.3, 1.0, 5.0, 18.0, 36.0, 40.0, 300.0, 700.0, 1e4]
POINTS = np.array([*(-value for value in reversed(FAR[1:])), *FAR])
TINY = 1e-300  # beyond this the values are nearly subnormal, and sigmoid gives its limit 0

# The mathematics, written again from the textbook.
TRUTH: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: z if z > 0 else mpmath.mpf(0),
    "leaky_relu": lambda z: z if z > 0 else z * mpmath.mpf("0.01"),
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "gelu_tanh": lambda z: z / (1 + mpmath.exp(-2 * mpmath.sqrt(2 / mpmath.pi) * (z + mpmath.mpf("0.044715") * z**3))),
    "identity": lambda z: z,
}


def namespace(function: str) -> dict[str, Any]:
    """The helpers of a function as a module has them."""
    made: dict[str, Any] = {"np": np, "math": math}
    for name in functions_in([Apply(function, (Ref("z"),))]):
        if name not in NUMPY_FUNCTIONS:
            view = helper(name)
            body = "\n".join(f"    {line}" for line in view.lines)
            exec(f"def {view.name}({view.arguments}):\n{body}\n", made)  # a test may: the text is the emitter's own
    return made | {"tanh": made.get("tanh", np.tanh)}


@pytest.mark.parametrize("function", [name for name in ACTIVATIONS if name in TRUTH])
def test_activations_far_out(function: str) -> None:
    """Few ulp of the true value, none overflows aloud or gives nan, up to +-1e4; in single precision too."""
    call = namespace(function)[function]
    with warnings.catch_warnings(), mpmath.workdps(60):
        warnings.simplefilter("error")
        for dtype, most in ((np.float64, 40.0), (np.float32, 40.0)):
            points = POINTS.astype(dtype)
            found = call(points)
            assert np.all(np.isfinite(found))
            for z, value in zip(points, found, strict=True):
                truth = TRUTH[function](mpmath.mpf(float(z)))
                room = most * max(float(np.spacing(dtype(abs(float(truth))))), float(np.finfo(dtype).tiny))
                if function in ("gelu", "gelu_tanh"):  # the tail's relative error grows with z**2
                    room = max(room, abs(float(truth)) * float(np.finfo(dtype).eps) * (1 + float(z) ** 4))
                assert abs(float(value) - float(truth)) <= room, (dtype, z)


def test_rows_of_softmax_and_its_loss() -> None:
    z = np.array([[1e4, -1e4, 0.0], [1.0, 2.0, 3.0], [-1e4, -1e4, -1e4]])
    y = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    made = namespace("softmax")
    loss = namespace("softmax_cross_entropy") | {"z": z, "y": y}
    with np.errstate(all="raise", under="ignore"):
        found = made["softmax"](z)
        cost = loss["softmax_cross_entropy"](z, y).ravel()
    with mpmath.workdps(5000):
        for row, values, target, value in zip(z, found, y, cost, strict=True):
            powers = [mpmath.exp(each) for each in row]
            truth = [power / mpmath.fsum(powers) for power in powers]
            assert values == pytest.approx([float(each) for each in truth], rel=1e-15)
            cross_entropy = -mpmath.fsum(t * mpmath.log(p) for t, p in zip(target, truth, strict=True))
            assert value == pytest.approx(float(cross_entropy), rel=1e-15)


def test_a_complex_step_passes_through_the_sigmoid() -> None:
    call = namespace("sigmoid")["sigmoid"]
    z = np.array([-3.0, 0.0, 0.7])
    np.testing.assert_allclose(np.imag(call(z + 1e-30j)) / 1e-30, call(z) * (1 - call(z)), rtol=1e-15)


@pytest.mark.parametrize("function", [name for name in TRUTH if name in ACTIVATIONS])
def test_the_loops_own_form_is_the_same_function(function: str) -> None:
    text = spelled(inlined(Apply(function, (Ref("z"),))), float_dialect({}))
    names = {**vars(math), "math": math, "abs": abs, "max": max, "min": min}
    for z in (-5.0, -1.5, 0.0, 0.25, 3.0, 5.0):
        with mpmath.workdps(60):
            truth = float(TRUTH[function](mpmath.mpf(z)))
        assert eval(text, {}, names | {"z": z}) == pytest.approx(truth, rel=1e-12, abs=1e-300)


def test_log_of_a_sum_on_floats() -> None:
    view = FLOAT_HELPERS["logsumexp"]
    made: dict[str, Any] = {"log": math.log, "exp": math.exp}
    exec(f"def {view.name}({view.arguments}):\n" + "\n".join(f"    {line}" for line in view.lines), made)
    assert made["_logsumexp"](1000.0, 1000.0) == pytest.approx(1000.0 + math.log(2.0), rel=1e-15)
    assert namespace("logsumexp")["logsumexp"](-1e4, 0.0) == 0.0


def test_every_function_of_the_table_has_code() -> None:
    for name in FUNCTIONS:
        if name not in NUMPY_FUNCTIONS:
            view = helper(name)
            assert view.lines and view.summary.endswith(".")
        assert form(name) is not None or name in NUMPY_FUNCTIONS or name in ("erf", "erfc", "logsumexp")
