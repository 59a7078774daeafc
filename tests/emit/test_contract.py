"""What every generated module offers: the same functions, true gradients, updates that mutate nothing, checks at the door."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.graph import Network
from symprop.spec import bundled, load, network

Loader = Callable[[str], ModuleType]
Emitter = Callable[[Network], ModuleType]
NETWORKS = bundled()
each_network = pytest.mark.parametrize("net", NETWORKS)


def complex_step(net: ModuleType, parameters: Mapping[str, Any], name: str, place: tuple[int, ...]) -> float:
    """dE/dp of one entry by a step along the imaginary axis; exact to rounding, and independent of the derivation."""
    moved = np.array(parameters[name], dtype=complex)
    moved[place] += 1e-30j
    return float(np.imag(net.loss({**parameters, name: moved[()]}, net.INPUTS, net.TARGETS)) / 1e-30)


@each_network
def test_gradients_are_those_of_the_loss(generated: Loader, net: str) -> None:
    made = generated(net)
    parameters = made.initial_parameters()
    found = made.gradients(parameters, made.INPUTS, made.TARGETS)
    assert list(found) == list(parameters)
    for name, value in parameters.items():
        expected = np.array([complex_step(made, parameters, name, place) for place in np.ndindex(np.shape(value))])
        np.testing.assert_allclose(np.ravel(found[name]), expected, rtol=1e-12, atol=1e-14)


@each_network
def test_names_and_shapes_are_the_documents(generated: Loader, net: str) -> None:
    made, graph = generated(net), load(net).graph
    parameters = made.initial_parameters()
    values = made.forward(parameters, made.INPUTS)
    assert tuple(parameters) == graph.names("parameter")
    assert set(values) <= set(graph.names("intermediate"))
    assert graph.loss not in values
    assert graph.loss in made.evaluate(parameters, made.INPUTS, made.TARGETS)
    if graph.scalar:
        assert tuple(made.predict(parameters, made.INPUTS)) == graph.outputs
    else:
        assert np.array_equal(made.predict(parameters, made.INPUTS), values[graph.outputs[0]])


@each_network
def test_a_step_mutates_nothing_and_train_repeats_it(generated: Loader, net: str) -> None:
    made = generated(net)
    for update in made.UPDATES:
        parameters = made.initial_parameters()
        before = copy.deepcopy((parameters, made.INPUTS, made.TARGETS))
        trained = made.train(parameters, iterations=7, update=update, record_every=3)
        stepped, rows = parameters, []
        for iteration in range(1, 8):
            values = made.evaluate(stepped, made.INPUTS, made.TARGETS)
            stepped = made.step(stepped, made.INPUTS, made.TARGETS, made.LEARNING_RATE, update=update)
            if iteration in (1, 4, 7):
                whole = {"iteration": iteration, **values, **stepped}
                rows.append({name: whole[name] for name in made.ROW})
        np.testing.assert_equal((parameters, made.INPUTS, made.TARGETS), before)
        assert_same(trained.parameters, stepped)
        assert len(trained.history) == 3
        for row, expected in zip(trained.history, rows, strict=True):
            assert_same(row, expected)


def assert_same(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-14, err_msg=name)


@each_network
def test_an_unknown_update_is_named_with_the_known_ones(generated: Loader, net: str) -> None:
    made = generated(net)
    for call in (made.step, made.train):
        with pytest.raises(ValueError) as refusal:
            call(made.initial_parameters(), made.INPUTS, made.TARGETS, learning_rate=0.1, update="sideways")
        assert str(refusal.value) == f"update 'sideways' is unknown (known: {', '.join(made.UPDATES)})"
    assert {"document", *load(net).updates} == set(made.UPDATES)


def test_drawn_parameters_are_those_of_the_global_generator(generated: Loader) -> None:
    for net, seed in (("hidden_layer", 1), ("hidden_layer", 12345), ("xor_class", 3)):
        made, shapes = generated(net), load(net).graph
        np.random.seed(seed)
        for name, value in made.initial_parameters(seed).items():
            shape = shapes.shape(name)
            scale = np.sqrt(2.0 / int(shape[0])) if net == "hidden_layer" else 1.0
            assert np.array_equal(value, np.random.random(shape) * scale)


def test_given_parameters_are_new_in_every_call(generated: Loader) -> None:
    made = generated("two_node")
    made.initial_parameters()["w0"] = 99.0
    assert made.initial_parameters(7) == {"w0": 2.0, "w1": 1.0, "w2": 0.5}


WRONG = [  # network, arguments, the message
    ("two_node", {"parameters": {"w0": 1.0, "w1": 2.0}}, "parameters: expected w0, w1, w2, got w0, w1"),
    ("two_node", {"inputs": {"s0": [1.0, 2.0]}}, "inputs s0: expected shape (), got (2,)"),
    ("hidden_layer", {"inputs": [[0.0, 1.0]]}, "inputs X: expected shape (1, 3), got (1, 2)"),
    ("hidden_layer", {"inputs": [0.0, 1.0, 1.0]}, "inputs X: expected shape (m, 3), got (3,)"),
    ("hidden_layer", {"targets": [[0.0], [1.0]]}, "targets y: expected shape (4, 1), got (2, 1)"),
    ("single_layer", {"parameters": {"Wo": np.zeros(3)}}, "parameters Wo: expected shape (3, 1), got (3,)"),
    ("two_node", {"record_every": 0}, "iterations=1000, record_every=0: expected at least 0 and 1"),
    ("two_node", {"iterations": -1}, "iterations=-1, record_every=1: expected at least 0 and 1"),
    ("hidden_layer", {"iterations": -1}, "iterations=-1, record_every=10000: expected at least 0 and 1"),
]


@pytest.mark.parametrize(("net", "arguments", "message"), WRONG)
def test_wrong_shapes_are_told_at_the_door(generated: Loader, net: str, arguments: Mapping[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        generated(net).train(**arguments)
    assert str(refusal.value) == message


def test_other_data_than_the_documents(generated: Loader) -> None:
    made = generated("hidden_layer")
    rng = np.random.default_rng(5)
    for samples in (1, 6, 200):  # the loop on floats serves few samples, NumPy many
        x, y = rng.normal(size=(samples, 3)), rng.uniform(size=(samples, 1))
        start = parameters = made.initial_parameters(2)
        for _ in range(30):
            parameters = made.step(parameters, x, y, 0.3)
        assert_same(made.train(start, x, y, learning_rate=0.3, iterations=30).parameters, parameters)


def test_scalar_networks_take_arrays(generated: Loader) -> None:
    made = generated("two_node")
    inputs = np.array([-1.0, 0.0, 2.0])
    together = made.predict(made.initial_parameters(), {"s0": inputs})["out"]
    assert list(together) == [made.predict(made.initial_parameters(), {"s0": value})["out"] for value in inputs]


def linear(width: int) -> Network:
    """A linear layer, whose training diverges when the learning rate is large."""
    return network(
        id=f"linear_{width}",
        inputs={"X": [[1, 2, 3], [3, 1, 2]]},
        targets={"Y": [[1] * width, [0] * width]},
        parameters={"W": {"shape": [3, width], "draw": "legacy_uniform"}},
        network={"style": "matrix"},
        layers=[{"size": width, "activation": "identity", "weights": "W", "bias": "none"}],
        training={"learning_rate": 5, "iterations": 5000, "seed": 0},
    )


def first_not_finite(made: ModuleType, rate: float) -> int:
    parameters = {name: np.array(value)[()] for name, value in made.initial_parameters().items()}
    for iteration in range(1, 1000):
        if not np.isfinite(made.loss(parameters, made.INPUTS, made.TARGETS)):
            return iteration
        parameters = made.step(parameters, made.INPUTS, made.TARGETS, rate)
    raise AssertionError("it does not diverge")


@pytest.mark.parametrize(("kind", "rate"), [("floats", 1e160), ("samples", 5.0), ("arrays", 5.0)])
def test_a_loss_that_is_not_finite_is_located(generated: Loader, emitted: Emitter, kind: str, rate: float) -> None:
    made = generated("two_node") if kind == "floats" else emitted(linear(1 if kind == "samples" else 40))
    assert hasattr(made, "_loop") == (kind != "arrays")
    with np.errstate(all="ignore"):
        iteration = first_not_finite(made, rate)
    message = rf"^iteration {iteration}: the loss is (inf|nan), no longer finite; .* smaller than {re.escape(str(rate))} may help$"
    for count in (5000, iteration - 1):  # in the middle of a block, and just after the last iteration
        with pytest.raises(FloatingPointError, match=message):
            made.train(learning_rate=rate, iterations=count)


@pytest.mark.parametrize("width", [1, 40], ids=["samples", "steps"])
def test_a_loss_that_is_not_finite_is_seen_between_two_records(emitted: Emitter, monkeypatch: Any, width: int) -> None:
    """Long before the next record: after a block, and once more to locate it."""
    made, calls = emitted(linear(width)), []
    if width == 1:
        monkeypatch.setattr(made, "MOST_SAMPLES", 0)
    step = made.step
    monkeypatch.setattr(made, "step", lambda *given: calls.append(given) or step(*given))
    with pytest.raises(FloatingPointError, match="no longer finite"):
        made.train(iterations=10**5, record_every=10**5)
    assert len(calls) <= 2 * made.BLOCK


def test_where_math_overflows_numpy_goes_on(generated: Loader) -> None:
    """exp(800) raises on floats and is inf in NumPy, where the sigmoid has its limit 0."""
    made = generated("two_node")
    start = {"w0": -400.0, "w1": 1.0, "w2": 0.5}
    trained = made.train(start, iterations=5)
    parameters: Mapping[str, Any] = start
    for _ in range(5):
        parameters = made.step(parameters, made.INPUTS, made.TARGETS, 0.1)
    assert_same(trained.parameters, parameters)
    assert trained.history[0]["s1"] == 0.0
    assert len(trained.history) == 5


def test_rows_columns_and_callback(generated: Loader) -> None:
    made, seen = generated("two_node"), []
    result = made.train(iterations=2500, record_every=1000, callback=seen.append)
    assert [row["iteration"] for row in result.history] == [1, 1001, 2001, 2500]
    assert list(result.history["w0"]) == [row["w0"] for row in result.history]
    assert result.history[-1]["w0"] == result.parameters["w0"]
    assert seen == list(result.history)
    assert list(result.history[1:3]) == seen[1:3] and list(reversed(result.history)) == seen[::-1]
    with pytest.raises(KeyError, match="^'nobody'$"):
        result.history["nobody"]
    assert len(made.train(iterations=0).history) == 0


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_a_callback_has_a_row_of_its_own(generated: Loader, net: str) -> None:
    made = generated(net)
    history = made.train(iterations=2, record_every=1, callback=lambda row: row.clear()).history
    assert [list(row) for row in history] == [list(made.ROW)] * 2


@each_network
def test_the_module_prints_its_table(net: str, tmp_path: Path) -> None:
    path = tmp_path / "network.py"
    text = module(derive(load(net))).replace("ITERATIONS = 100000", "ITERATIONS = 1000")
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    expected = {"two_node": "0.9415374060237287", "four_three_two": "0.4998870565497362", "hidden_layer": "0.49962354308293877"}
    assert expected.get(net, "iteration") in done.stdout


def test_no_data_no_table(emitted: Emitter) -> None:
    made = emitted(
        network(
            id="bare",
            inputs={"X": {"shape": ["m", 3]}},
            targets={"Y": {"shape": ["m", 2]}},
            parameters={"W1": {"shape": [3, 2], "draw": "legacy_uniform"}, "b1": {"shape": [2], "value": 0}},
            network={"style": "matrix"},
            layers=[{"size": 2, "activation": "tanh", "weights": "W1", "bias": "unit"}],
            training={"learning_rate": 0.1},
        )
    )
    assert not hasattr(made, "main")
    with pytest.raises(ValueError, match="the spec holds no data"):
        made.train()
