"""Emitted modules of many networks: gradients against a numeric oracle, the loop on floats against `step`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import modules
from symprop.functions import ACTIVATIONS
from symprop.graph import Network
from symprop.spec import network
from symprop.spec.build import build
from symprop.spec.sources import read_spec
from symprop.spec.starting import starting_spec

from .agreement import equations

Emitter = Callable[[Network], ModuleType]


def slope(made: ModuleType, parameters: Mapping[str, Any], name: str, place: tuple[int, ...]) -> float:
    """dE/dp of one entry by central differences, extrapolated once."""

    def loss(step: float) -> float:
        moved = np.array(parameters[name], dtype=float)
        moved[place] += step
        return float(made.loss({**parameters, name: moved[()]}, made.INPUTS, made.TARGETS))

    h = 1e-3
    wide, narrow = (loss(2 * h) - loss(-2 * h)) / (4 * h), (loss(h) - loss(-h)) / (2 * h)
    return (4 * narrow - wide) / 3


def hold(made: ModuleType) -> None:
    """Gradients equal the numeric ones; train equals repeated steps."""
    parameters = made.initial_parameters()
    found = made.gradients(parameters, made.INPUTS, made.TARGETS)
    for name, value in parameters.items():
        assert np.shape(found[name]) == np.shape(value)
        expected = [slope(made, parameters, name, place) for place in np.ndindex(np.shape(value))]
        np.testing.assert_allclose(np.ravel(found[name]), expected, rtol=1e-7, atol=1e-9, err_msg=name)
    for update in made.UPDATES:
        stepped = parameters
        for _ in range(12):
            stepped = made.step(stepped, made.INPUTS, made.TARGETS, 0.05, update=update)
        trained = made.train(iterations=12, learning_rate=0.05, update=update, record_every=5)
        for name in parameters:
            np.testing.assert_allclose(trained.parameters[name], stepped[name], rtol=1e-11, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", ["2-3-2", "9-8-3"])
def test_every_activation_scalar_and_matrix(emitted: Emitter, activation: str, sizes: str) -> None:
    text = starting_spec(sizes, activation)
    rng = np.random.default_rng(3)
    for name, width in {"X": 9, "Y": 3}.items():  # rows that sum to 1, as softmax's cross-entropy takes for granted
        rows = rng.uniform(size=(5, width)).round(3)
        rows[:, -1] = (1 - rows[:, :-1].sum(axis=1)).round(3)
        text = text.replace(f'{name} = {{ shape = ["m", {width}] }}', f"{name} = {rows.tolist()}")
    hold(emitted(build(read_spec(text, "start"))))


def test_a_scalar_network_with_a_batch(emitted: Emitter) -> None:
    made = emitted(equations()["batch"])
    assert made.evaluate(made.initial_parameters(), made.INPUTS, made.TARGETS)["z"].shape == (3,)
    assert "E" in made.train().history[-1]
    hold(made)


def test_skip_connections_and_shared_weights(emitted: Emitter) -> None:
    hold(emitted(equations()["skip"]))


def test_names_that_stand_in_the_modules_way(emitted: Emitter) -> None:
    """Identifiers that a module uses for itself, and the three ambiguous letters, as names of the document."""
    inputs, targets = {"count": 0.5, "inputs": -0.4, "samples": 0.3}, {"targets": 0.2}
    names = ("parameters", "values", "l", "O", "I", "learning_rate", "row")
    parameters = {name: 0.1 * place for place, name in enumerate(names, 1)}
    made = emitted(
        network(
            id="hostile",
            inputs=inputs,
            targets=targets,
            parameters=parameters,
            constants={"name": 0.5, "CONSTANTS": 0.25},
            equations={
                "forward": "parameters*count + values*inputs + l*samples",
                "gradients": "tanh(forward)",
                "rows": "O*gradients + I*forward + name*CONSTANTS",
                "block": "rows*learning_rate + row*l",
                "new": "tanh(block)",
                "loss": "1/2*(new - targets)**2",
            },
            metrics={"iteration_error": "abs(new - targets)"},
            training={"rate": "due", "learning_rate": 0.1, "iterations": 3},
            updates=[{"name": "document", "order": ["row", "l", "values"], "sequential": True}],
        )
    )
    assert list(made.initial_parameters()) == list(parameters)
    assert list(made.forward(made.initial_parameters(), made.INPUTS)) == ["forward", "gradients", "rows", "block", "new"]
    hold(made)


@pytest.mark.parametrize("target", ["python", "torch", "jax"])
def test_a_constant_may_have_the_name_of_the_modules_table(target: str) -> None:
    """`CONSTANTS = CONSTANTS["CONSTANTS"]` in a function would be a local name before it has a value."""
    ends: dict[str, Any] = {"inputs": {"x": 1}, "targets": {"t": 1}, "parameters": {"w": 0.5}, "constants": {"CONSTANTS": 2}}
    equations = {"y": "w*x*CONSTANTS", "E": "1/2*(y - t)**2"}
    made = network(id="table", **ends, equations=equations, training={"learning_rate": 0.1, "iterations": 1})
    assert "    CONSTANTS_ = " in modules(derive(made), target)[f"network_{target}.py"]


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mean_squared", "sum_of_squares", "half_sum_of_squares"])
def test_losses_on_matrices(emitted: Emitter, loss: str) -> None:
    hold(
        emitted(
            network(
                id=loss,
                inputs={"X": [[0.1, 0.9], [0.4, -0.3], [1.5, 0.2]]},
                targets={"Y": [[0], [1], [1]]},
                parameters={
                    "W1": {"shape": [2, 3], "draw": "legacy_uniform"},
                    "b1": {"shape": [3], "value": 0.1},
                    "W2": {"shape": [3, 1], "draw": "legacy_uniform"},
                },
                network={"style": "matrix", "loss": loss},
                layers=[
                    {"size": 3, "activation": "tanh", "weights": "W1", "bias": "unit"},
                    {"size": 1, "activation": "sigmoid", "weights": "W2", "bias": "none"},
                ],
                training={"learning_rate": 0.1, "seed": 3},
            )
        )
    )


def test_softmax_cross_entropy(emitted: Emitter) -> None:
    hold(
        emitted(
            network(
                id="softmax_net",
                inputs={"X": [[0.1, 0.9], [0.4, -0.3], [1.5, 0.2]]},
                targets={"Y": [[0, 1, 0], [1, 0, 0], [0, 0, 1]]},
                parameters={"W1": {"shape": [2, 3], "draw": "legacy_uniform"}, "b1": {"shape": [3], "value": 0}},
                network={"style": "matrix", "loss": "softmax_cross_entropy"},
                layers=[{"size": 3, "activation": "softmax", "weights": "W1", "bias": "unit"}],
                training={"learning_rate": 0.1, "seed": 3},
            )
        )
    )


def test_the_documents_own_quantities_may_use_the_rate(emitted: Emitter) -> None:
    made = emitted(
        network(
            id="delta",
            inputs={"x": 2},
            targets={"t": 1},
            parameters={"w": 0.25},
            equations={"o": "w*x", "E": "1/2*(o - t)**2"},
            derived={"change": "eta*dE_dw"},
            training={"learning_rate": 0.1, "iterations": 3},
        )
    )
    assert made.evaluate(made.initial_parameters(), made.INPUTS, made.TARGETS)["change"] == 0.1 * (0.5 - 1) * 2
    hold(made)


def test_a_sample_may_be_a_single_number(emitted: Emitter) -> None:
    """By hand: E = mean((w*x - 1)**2), w less 0.1*mean(2*(w*x - 1)*x) three times."""
    made = emitted(
        network(
            id="alone",
            inputs={"x": {"shape": ["m"], "value": [1, 2, 4]}},
            parameters={"w": 0.5},
            equations={"h": "w*x", "E": "mean((h - 1)**2)"},
            training={"learning_rate": 0.1, "iterations": 3},
        )
    )
    x, w = np.array([1.0, 2.0, 4.0]), 0.5
    for _ in range(3):
        w -= 0.1 * np.mean(2 * (w * x - 1) * x)
    assert made.train().parameters["w"] == pytest.approx(w, rel=1e-14)


@pytest.mark.parametrize("width", [2, 40], ids=["floats", "arrays"])
def test_a_bias_may_be_a_row_in_batches_too(emitted: Emitter, width: int) -> None:
    """A bias of shape (1, n) is trained as one of shape (n,) is."""

    def trained(bias: list[Any]) -> Mapping[str, Any]:
        made = emitted(
            network(
                id="biased",
                inputs={"X": {"shape": ["m", 2], "value": [[1, 2], [3, 1], [0, -1], [2, 2]]}},
                targets={"Y": {"shape": ["m", width], "value": [[k % 3 / 2 for k in range(width)]] * 4}},
                parameters={"W": {"shape": [2, width], "draw": "legacy_uniform"}, "b": bias},
                equations={"Z": "X @ W + b", "L": "mean((Z - Y)**2)"},
                training={"learning_rate": 0.1, "iterations": 5, "batch_size": 2, "seed": 1},
            )
        )
        return made.train().parameters  # type: ignore[no-any-return]

    row, flat = trained([[0.5] * width]), trained([0.5] * width)
    assert row["b"].shape == (1, width)
    assert row["b"][0] == pytest.approx(flat["b"], rel=1e-13) and row["W"] == pytest.approx(flat["W"], rel=1e-13)


def test_an_array_that_has_no_samples_may_be_made_in_every_batch(emitted: Emitter) -> None:
    """Weights times ones are the weights."""

    def trained(equations: Mapping[str, str]) -> Any:
        made = emitted(
            network(
                id="masked",
                inputs={"X": {"shape": ["m", 2], "value": [[1, 2], [3, 1], [0, -1], [2, 2]]}},
                targets={"Y": {"shape": ["m", 40], "value": [[0.5] * 40] * 4}},
                parameters={"W": {"shape": [2, 40], "draw": "legacy_uniform"}},
                constants={"V": [[1] * 40] * 2} if "U" in equations else {},
                equations={**equations, "L": "mean((Z - Y)**2)"},
                training={"learning_rate": 0.1, "iterations": 5, "batch_size": 2, "seed": 1},
            )
        )
        return made.train().parameters["W"]

    assert trained({"U": "W*V", "Z": "X @ U"}) == pytest.approx(trained({"Z": "X @ W"}), rel=1e-13)
