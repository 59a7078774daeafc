"""What the modules of targets without arrays of their own have in common: they agree with the NumPy module, number by number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.spec import network

from .agreement import NAMES, TRAINED, TRAINED_OTHERWISE, Modules, close, named, same_rows

BARE = network(
    id="bare",
    inputs={"X": {"shape": ["m", 3]}},
    targets={"Y": {"shape": ["m", 2]}},
    parameters={"W": {"shape": [3, 2], "draw": "glorot_normal"}, "b1": {"shape": [2], "value": 0}},
    network={"style": "matrix", "loss": "mean_squared"},
    layers=[{"size": 2, "activation": "tanh", "bias": "unit", "weights": "W"}],
    training={"learning_rate": 0.1, "iterations": 5, "seed": 3},
)
EACH = network(  # no samples: the history holds every value
    id="each",
    inputs={"x": {"shape": []}},
    targets={"t": {"shape": []}},
    parameters={"w": 0.5},
    equations={"out": "tanh(w*x)", "E": "1/2*(out - t)**2"},
    training={"learning_rate": 0.1, "iterations": 5},
)
ONE = network(
    id="one",
    inputs={"X": {"shape": [2, 3]}},
    targets={"Y": {"shape": [2, 1]}},
    parameters={"W": [[0.1], [0.2], [0.3]]},
    equations={"A": "tanh(X @ W)", "E": "1/2*sum((A - Y)**2)"},
    training={"learning_rate": 0.1, "iterations": 5},
)
ROW = network(  # arrays beside a parameter that is a number
    id="row",
    inputs={"x": {"shape": [3]}},
    targets={"y": {"shape": [3]}},
    parameters={"w": 0.1},
    equations={"out": "tanh(w*x)", "E": "sum((out - y)**2)"},
    metrics={"miss": "out - y"},
    training={"learning_rate": 0.1, "iterations": 5},
)
each_network = pytest.mark.parametrize("net", NAMES)


@pytest.fixture(scope="module", params=["python", "numba", "c"])
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pair(modules: Modules, target: str, net: str) -> tuple[ModuleType, ModuleType]:
    return modules.of(named(net), target), modules.of(named(net), "numpy")


@each_network
def test_values_and_gradients_are_those_of_numpy(modules: Modules, target: str, net: str) -> None:
    made, plain = pair(modules, target, net)
    parameters = plain.initial_parameters(7)
    given, expected = (parameters, made.INPUTS, made.TARGETS), (parameters, plain.INPUTS, plain.TARGETS)
    close(made.forward(*given[:2]), plain.forward(*expected[:2]))
    close(made.evaluate(*given), plain.evaluate(*expected))
    close(made.gradients(*given), plain.gradients(*expected))
    assert made.loss(*given) == pytest.approx(plain.loss(*expected), rel=1e-12)
    np.testing.assert_equal(made.predict(*given[:2]), numbers_of(made, given))
    for update in plain.UPDATES:
        close(made.step(*given, 0.02, update=update), plain.step(*expected, 0.02, update=update))
    np.testing.assert_equal(parameters, plain.initial_parameters(7))


def numbers_of(made: ModuleType, given: tuple[Any, ...]) -> Any:
    """What predict returns: the outputs of forward, by name or alone."""
    values, predicted = made.forward(*given[:2]), made.predict(*given[:2])
    return {name: values[name] for name in predicted} if isinstance(predicted, dict) else list(values.values())[-1]


@pytest.mark.parametrize("net", [*TRAINED, "four_three_two", "hidden_layer"])
def test_training_is_that_of_numpy(modules: Modules, target: str, net: str) -> None:
    made, plain = pair(modules, target, net)
    for update in plain.UPDATES:
        for record_every in (1, 4):
            how: dict[str, Any] = {"iterations": 10, "update": update, "record_every": record_every, "learning_rate": 0.02}
            found, expected = (each.train(plain.initial_parameters(3), **how) for each in (made, plain))
            same_rows(found, expected)


@pytest.mark.parametrize("net", ["classes_momentum", "chain_momentum"])
def test_what_training_returns_is_taken_by_every_function(modules: Modules, target: str, net: str) -> None:
    """The optimiser's state beside the parameters changes no value."""
    made, plain = (modules.of(TRAINED_OTHERWISE[net], each) for each in (target, "numpy"))
    trained = made.train(plain.initial_parameters(3), iterations=2).parameters
    alone = {name: np.asarray(trained[name]) for name in plain.initial_parameters(3)}
    for parameters in (alone, trained):
        close(made.forward(parameters, made.INPUTS), plain.forward(alone, plain.INPUTS))
        np.testing.assert_equal(made.predict(parameters, made.INPUTS), numbers_of(made, (parameters, made.INPUTS)))
        close(made.gradients(parameters, made.INPUTS, made.TARGETS), plain.gradients(alone, plain.INPUTS, plain.TARGETS))
        assert made.loss(parameters, made.INPUTS, made.TARGETS) == pytest.approx(plain.loss(alone, plain.INPUTS, plain.TARGETS))


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_blocks_join(modules: Modules, target: str, net: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = pair(modules, target, net)
    monkeypatch.setattr(made, "BLOCK", 7)
    for record_every in (1, 3, 7, 10, 100):
        found, expected = (each.train(iterations=40, record_every=record_every) for each in (made, plain))
        same_rows(found, expected)


def test_a_network_without_data_is_trained_with_data_that_are_given(modules: Modules, target: str) -> None:
    rng = np.random.default_rng(0)
    given: dict[str, tuple[Any, Any]] = {
        "bare": (rng.normal(size=(5, 3)), rng.normal(size=(5, 2))),
        "each": ({"x": 1.5}, {"t": -0.5}),
        "one": (rng.normal(size=(2, 3)), rng.normal(size=(2, 1))),
        "row": ({"x": rng.normal(size=3)}, {"y": rng.normal(size=3)}),
    }
    rows = ((BARE, ("E", "W", "b1")), (EACH, ("out", "E", "w")), (ONE, ("A", "E", "W")), (ROW, ("out", "E", "miss", "w")))
    for net, recorded in rows:
        made, plain = (modules.of(net, each) for each in (target, "numpy"))
        parameters = plain.initial_parameters(1)
        found, expected = (each.train(parameters, *given[net.id], iterations=5, record_every=2) for each in (made, plain))
        same_rows(found, expected)
        assert tuple(expected.history[-1]) == ("iteration", *recorded)
        with pytest.raises(ValueError, match="^inputs and targets: the spec holds no data, so both must be given$"):
            made.train()


def test_the_texts_are_clean(modules: Modules, target: str) -> None:
    paths = [modules.path(named(net), target) for net in [*TRAINED, "four_three_two", "hidden_layer", "two_node"]]
    for each in (file for path in paths for file in path.parent.iterdir() if file.is_file()):
        lines = each.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > 132 or line != line.rstrip()] == [], each
    config = str(Path(__file__).parents[2] / "pyproject.toml")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", config, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
