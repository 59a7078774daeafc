"""Drawn initial values against NumPy's own generators, called as their papers say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symprop.errors import InputError, UnsupportedError
from symprop.graph import Network
from symprop.spec import network
from symprop.worked.floats import to_floats
from symprop.worked.initial import initial_values


def net(weights: dict[str, Any], **training: Any) -> Network:
    return network(
        id="drawn",
        inputs={"X": [[1, 2, 3]]},
        targets={"Y": [[0, 1]]},
        parameters={"W1": weights, "b1": {"shape": [2], "draw": "constant", "value": 0.5}},
        network={"style": "matrix"},
        layers=[{"size": 2, "activation": "tanh", "bias": "unit"}],
        training={"learning_rate": 1, **training},
    )


GLOROT, HE = np.sqrt(6 / 5), np.sqrt(2 / 3)
ROWS: list[tuple[dict[str, Any], Any]] = [
    ({"draw": "uniform"}, lambda random: random.uniform(-1, 1, (3, 2))),
    ({"draw": "uniform", "low": 0, "high": "1/3"}, lambda random: random.uniform(0, 1 / 3, (3, 2))),
    ({"draw": "normal"}, lambda random: random.normal(0, 1, (3, 2))),
    ({"draw": "normal", "mean": 1, "deviation": 0.01}, lambda random: random.normal(1, 0.01, (3, 2))),
    ({"draw": "glorot_uniform"}, lambda random: random.uniform(-GLOROT, GLOROT, (3, 2))),
    ({"draw": "glorot_normal"}, lambda random: random.normal(0, np.sqrt(2 / 5), (3, 2))),
    ({"draw": "he_uniform"}, lambda random: random.uniform(-np.sqrt(2), np.sqrt(2), (3, 2))),
    ({"draw": "he_normal"}, lambda random: random.normal(0, HE, (3, 2))),
    ({"draw": "he_normal", "fan_in": 8}, lambda random: random.normal(0, 0.5, (3, 2))),
    ({"draw": "constant", "value": "1/4"}, lambda random: np.full((3, 2), 0.25)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("words", "drawn"), ROWS)
def test_a_row_draws_as_numpy_does(words: dict[str, Any], drawn: Any, dtype: str) -> None:
    values = initial_values(net({"shape": [3, 2], **words}, seed=11, dtype=dtype))
    assert np.array_equal(to_floats(values["W1"]), drawn(np.random.default_rng(11)).astype(dtype))
    assert np.array_equal(to_floats(values["b1"]), [0.5, 0.5])


def test_another_seed_is_another_draw_and_none_is_told() -> None:
    made = net({"shape": [3, 2], "draw": "normal"})
    assert np.array_equal(to_floats(initial_values(made, 4)["W1"]), np.random.default_rng(4).normal(0, 1, (3, 2)))
    with pytest.raises(UnsupportedError, match="draws its weights without a seed"):
        initial_values(made)
    constant = net({"shape": [3, 2], "draw": "constant", "value": 2})
    assert np.array_equal(to_floats(initial_values(constant)["W1"]), np.full((3, 2), 2.0))


def test_units_before_a_single_weight_must_be_given() -> None:
    words: dict[str, Any] = {
        "id": "one",
        "inputs": {"x": 1},
        "targets": {"t": 2},
        "equations": {"o": "w*x", "E": "(o - t)**2"},
        "training": {"learning_rate": 1, "seed": 0},
    }
    made = network(**words, parameters={"w": {"shape": [], "draw": "he_normal", "fan_in": 2}})
    assert to_floats(initial_values(made)["w"]) == np.random.default_rng(0).normal(0, 1.0)
    with pytest.raises(InputError, match="parameters.w.fan_in: expected a number, got nothing"):
        network(**words, parameters={"w": {"shape": [], "draw": "he_normal"}})
