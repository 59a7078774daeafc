"""Emitted modules far out: every activation with every fused loss, net inputs up to +-1e4 and beyond, in matrices and in symbols.

Loss and gradients are finite, nothing overflows, and where the numbers are tame both styles agree with each other.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.derive.scalar import lowered
from symprop.emit import module
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.graph import Network
from symprop.spec import network

HIDDEN = [name for name in ACTIVATIONS if not FUNCTIONS[name].rowwise]
LAST = [
    ("sigmoid", "binary_cross_entropy"), ("identity", "binary_cross_entropy"), ("softmax", "softmax_cross_entropy"),
    ("identity", "softmax_cross_entropy"), ("softmax", "clipped_binary_cross_entropy"), ("sigmoid", "clipped_binary_cross_entropy"),
    ("sigmoid", "half_sum_of_squares"), ("softmax", "mean_squared"),
]  # fmt: skip
PAIRS = [("tanh", *last) for last in LAST] + [(hidden, "softmax", "softmax_cross_entropy") for hidden in HIDDEN]


def made(hidden: str, last: str, loss: str) -> Network:
    return network(
        id="far_out",
        inputs={"X": [[0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]]},
        targets={"Y": [[1, 0], [0, 1], [1, 0]]},
        parameters={
            "W1": [[0.7, -0.2, 0.3], [0.4, 0.5, -0.6]], "b1": [0.1, 0.2, -0.3],
            "W2": [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], "b2": [0.1, -0.2],
        },
        network={"style": "matrix", "loss": loss, "l2": 0.01},
        layers=[{"size": 3, "activation": hidden}, {"size": 2, "activation": last}],
        training={"learning_rate": 0.1},
    )  # fmt: skip


def loaded(whole: Network) -> ModuleType:
    made_module = ModuleType("far_out")
    exec(compile(module(derive(whole)), "far_out.py", "exec"), made_module.__dict__)  # a test may: the text is the emitter's own
    return made_module


@cache
def modules(hidden: str, last: str, loss: str) -> tuple[ModuleType, ModuleType]:
    whole = made(hidden, last, loss)
    return loaded(whole), loaded(lowered(whole).network)


def scaled(parameters: dict[str, Any], factor: float) -> dict[str, Any]:
    return {name: np.asarray(value, dtype=float)[()] * factor for name, value in parameters.items()}


@pytest.mark.parametrize(("hidden", "last", "loss"), PAIRS)
def test_both_styles_agree(hidden: str, last: str, loss: str) -> None:
    matrix, scalar = modules(hidden, last, loss)
    whole, single = matrix.initial_parameters(), scalar.initial_parameters()
    found = matrix.gradients(whole, matrix.INPUTS, matrix.TARGETS)
    entries = scalar.gradients(single, scalar.INPUTS, scalar.TARGETS)
    value = scalar.loss(single, scalar.INPUTS, scalar.TARGETS)
    assert matrix.loss(whole, matrix.INPUTS, matrix.TARGETS) == pytest.approx(value, rel=1e-12)
    flat = [entry for name in whole for entry in np.ravel(found[name])]
    assert flat == pytest.approx([entries[name] for name in single], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("hidden", "last", "loss"), PAIRS)
@pytest.mark.parametrize("factor", [1.0, 40.0, 1e3, 2e4, -2e4, 1e6])
def test_nothing_overflows(hidden: str, last: str, loss: str, factor: float) -> None:
    for each in modules(hidden, last, loss):
        parameters = scaled(each.initial_parameters(), factor)
        with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
            value = each.loss(parameters, each.INPUTS, each.TARGETS)
            gradients = each.gradients(parameters, each.INPUTS, each.TARGETS)
        assert np.isfinite(value) and all(np.all(np.isfinite(gradient)) for gradient in gradients.values())
