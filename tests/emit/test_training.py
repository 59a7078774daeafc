"""Training as the spec says: batches, precision, penalty, optimisers and initialisers, against plain NumPy written here by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.graph import Network
from symprop.spec import network
from symprop.spec.options import INITIALIZERS, OPTIMIZERS, Optimizer

Emitter = Callable[[Network], ModuleType]
Arrays = dict[str, Any]
SIZES = (5, 7, 4, 3)
SAMPLES, BATCH, SEED, RATE, PENALTY = 21, 8, 3, 0.3, 0.01
RNG = np.random.default_rng(11)
X = RNG.normal(size=(SAMPLES, SIZES[0])).round(3)
CLASSES = RNG.integers(0, SIZES[-1], SAMPLES)
Y = np.eye(SIZES[-1])[CLASSES]


def spec(draw: Mapping[str, object] | None = None, data: bool = True, **training: object) -> Network:
    """Tanh and relu below a softmax, cross-entropy with a penalty."""
    parameters: dict[str, object] = {}
    for layer, (before, after) in enumerate(zip(SIZES, SIZES[1:], strict=False), 1):
        parameters[f"W{layer}"] = {"shape": [before, after], **(draw or {"draw": "glorot_uniform"})}
        parameters[f"b{layer}"] = {"shape": [after], "value": 0.1}
    return network(
        id="layered",
        inputs={"X": X.tolist() if data else {"shape": ["m", SIZES[0]]}},
        targets={"Y": Y.tolist() if data else {"shape": ["m", SIZES[-1]]}},
        parameters=parameters,
        network={"style": "matrix", "loss": "softmax_cross_entropy", "l2": PENALTY},
        layers=[
            {"size": size, "activation": activation}
            for size, activation in zip(SIZES[1:], ("tanh", "relu", "softmax"), strict=True)
        ],
        training={"learning_rate": RATE, "iterations": 9, "seed": SEED, **training},
    )


def gradients(p: Arrays, x: Any, y: Any) -> Arrays:
    a1 = np.tanh(x @ p["W1"] + p["b1"])
    z2 = a1 @ p["W2"] + p["b2"]
    a2 = z2 * (z2 > 0)
    e = np.exp(a2 @ p["W3"] + p["b3"])
    d3 = (e / e.sum(axis=1)[:, None] - y) / x.dtype.type(len(x))
    d2 = (d3 @ p["W3"].T) * (z2 > 0)
    d1 = (d2 @ p["W2"].T) * (1 - a1**2)
    made: Arrays = {}
    for layer, (before, delta) in enumerate(((x, d1), (a1, d2), (a2, d3)), 1):
        made[f"W{layer}"] = before.T @ delta + x.dtype.type(PENALTY) * p[f"W{layer}"]
        made[f"b{layer}"] = delta.sum(axis=0)
    return made


def descended(slope: Any, kept: dict[str, Any], t: int) -> Any:
    return slope


def with_momentum(slope: Any, kept: dict[str, Any], t: int) -> Any:
    kept["v"] = 0.9 * kept.get("v", 0) + slope
    return kept["v"]


def adam(slope: Any, kept: dict[str, Any], t: int) -> Any:
    kept["m"] = 0.9 * kept.get("m", 0) + (1 - 0.9) * slope
    kept["v"] = 0.999 * kept.get("v", 0) + (1 - 0.999) * slope**2
    return kept["m"] / (1 - 0.9**t) / (np.sqrt(kept["v"] / (1 - 0.999**t)) + 1e-8)


# What each optimiser multiplies the rate with, as its paper writes it, from the gradient, what it kept, and the update's number.
RULES: Mapping[str, Callable[[Any, dict[str, Any], int], Any]] = {"sgd": descended, "momentum": with_momentum, "adam": adam}


def trained(start: Arrays, optimizer: str, batch: int, epochs: int, dtype: str) -> Arrays:
    """The parameters after some epochs by the rule of an optimiser."""
    p = {name: np.array(value, dtype) for name, value in start.items()}
    x, y, t = X.astype(dtype), Y.astype(dtype), 0
    kept: dict[str, dict[str, Any]] = {name: {} for name in p}
    for epoch in range(1, epochs + 1):
        order = np.random.default_rng((SEED, epoch)).permutation(SAMPLES) if batch < SAMPLES else np.arange(SAMPLES)
        for place in range(0, SAMPLES, batch):
            rows, t = order[place : place + batch], t + 1
            for name, slope in gradients(p, x[rows], y[rows]).items():
                p[name] = p[name] - RATE * RULES[optimizer](slope, kept[name], t)
    return p


def near(found: Arrays, expected: Arrays, tolerance: float) -> None:
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance, err_msg=name)


def test_every_optimiser_has_its_rule() -> None:
    assert set(RULES) == set(OPTIMIZERS)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch", [BATCH, None], ids=["batches", "whole"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_is_that_of_plain_numpy(emitted: Emitter, optimizer: str, batch: int | None, dtype: str) -> None:
    batches = {} if batch is None else {"batch_size": batch}
    made = emitted(spec(optimizer=optimizer, dtype=dtype, **batches))
    start = made.initial_parameters()
    assert {value.dtype.name for value in start.values()} == {dtype}
    result = made.train()
    assert {np.asarray(value).dtype.name for value in result.parameters.values()} == {dtype}
    near(result.parameters, trained(start, optimizer, batch or SAMPLES, 9, dtype), 1e-12 if dtype == "float64" else 2e-4)


def scalar(samples: bool, sequential: bool, **training: object) -> Network:
    """A symbol for each weight, one sample or four."""
    inputs = {"i1": [0.05, 0.1, -0.3, 1], "i2": [1, 0.4, 0.2, 0.9]} if samples else {"i1": 0.05, "i2": 0.1}
    return network(
        id="scalar",
        inputs=inputs,
        targets={"t": [0, 1, 1, 0.5] if samples else 0.7},
        parameters={f"w{k}": 0.1 * k for k in range(1, 7)} | {"b1": 0.2, "b2": -0.1},
        network={"loss": "binary_cross_entropy", "l2": 0.02},
        layers=[{"size": 2, "activation": "gelu", "bias": "layer"}, {"size": 1, "activation": "sigmoid", "bias": "layer"}],
        training={"learning_rate": 0.1, "iterations": 7, **training},
        updates=[{"name": "document", "order": ["w5", "w6", "w1", "b1", "w2", "b2"], "sequential": True}] if sequential else [],
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("sequential", [False, True], ids=["at once", "in turn"])
@pytest.mark.parametrize("samples", [False, True], ids=["one sample", "four"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_symbols_train_as_they_step(emitted: Emitter, optimizer: str, samples: bool, sequential: bool, dtype: str) -> None:
    made = emitted(scalar(samples, sequential, optimizer=optimizer, dtype=dtype))
    for update in made.UPDATES:
        parameters = made.initial_parameters()
        for _ in range(7):
            parameters = made.step(parameters, made.INPUTS, made.TARGETS, 0.1, update)
        result = made.train(update=update)
        near(result.parameters, parameters, 1e-12 if dtype == "float64" else 1e-5)
        assert {np.asarray(value).dtype.name for value in result.parameters.values()} == {dtype}


@pytest.mark.parametrize("sequential", [False, True], ids=["at once", "in turn"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_symbols_train_in_batches(emitted: Emitter, optimizer: str, sequential: bool) -> None:
    made = emitted(scalar(True, sequential, optimizer=optimizer, batch_size=3, seed=1))
    parameters = made.initial_parameters()
    for iteration in range(1, 8):
        order = np.random.default_rng((1, iteration)).permutation(4)
        for rows in (order[:3], order[3:]):
            given = ({name: value[rows] for name, value in data.items()} for data in (made.INPUTS, made.TARGETS))
            parameters = made.step(parameters, *given, 0.1)
    near(made.train().parameters, parameters, 1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_steps_with_their_state_are_training(emitted: Emitter, optimizer: str) -> None:
    made = emitted(spec(optimizer=optimizer))
    parameters = made.initial_parameters()
    for _ in range(9):
        parameters = made.step(parameters, X, Y, RATE)
    near(made.train().parameters, parameters, 1e-12)
    near(made.train(made.train(iterations=4).parameters, iterations=5).parameters, parameters, 1e-12)


FURTHER = [  # rows whose memory is read again after a first operation could have been written there
    Optimizer("nesterov", "gradient + 0.9*velocity", states={"velocity": "0.9*velocity + gradient"}),
    Optimizer("rmsprop", "gradient/(sqrt(second) + 0.01)", states={"second": "(1 - 0.9)*gradient**2 + 0.9*second"}),
]


@pytest.mark.parametrize("arrays", [True, False], ids=["arrays", "symbols"])
@pytest.mark.parametrize("row", FURTHER, ids=lambda row: row.name)
def test_a_new_row_trains_in_batches_as_it_steps(
    emitted: Emitter, monkeypatch: pytest.MonkeyPatch, row: Optimizer, arrays: bool
) -> None:
    monkeypatch.setitem(OPTIMIZERS, row.name, row)  # type: ignore[misc]
    wishes: dict[str, Any] = {"optimizer": row.name, "batch_size": 3, "seed": 1}
    made = emitted(spec(**wishes) if arrays else scalar(True, False, **wishes))
    inputs, targets = ({"X": X}, {"Y": Y}) if arrays else (made.INPUTS, made.TARGETS)
    samples, parameters = len(next(iter(inputs.values()))), made.initial_parameters()
    rate = RATE if arrays else 0.1
    for iteration in range(1, 5):
        order = np.random.default_rng((1, iteration)).permutation(samples)
        for rows in np.split(order, range(3, samples, 3)):
            given = [{name: np.asarray(value)[rows] for name, value in data.items()} for data in (inputs, targets)]
            parameters = made.step(parameters, *([one for data in given for one in data.values()] if arrays else given), rate)
    near(made.train(iterations=4).parameters, parameters, 1e-12)


def test_every_function_keeps_the_precision(emitted: Emitter) -> None:
    made = emitted(spec(dtype="float32"))
    parameters, x, y = made.initial_parameters(), X.astype("float32"), Y.astype("float32")
    for values in (made.evaluate(parameters, x, y), made.gradients(parameters, x, y), made.step(parameters, x, y, 0.1)):
        assert {name: np.asarray(value).dtype.name for name, value in values.items()} == dict.fromkeys(values, "float32")


DRAWS: Mapping[str, tuple[Mapping[str, object], Callable[[np.random.Generator, tuple[int, int]], Any]]] = {
    "uniform": ({"low": -0.5, "high": 0.25}, lambda r, s: r.uniform(-0.5, 0.25, s)),
    "normal": ({"mean": 0.1, "deviation": 0.2}, lambda r, s: r.normal(0.1, 0.2, s)),
    "glorot_uniform": ({}, lambda r, s: r.uniform(-np.sqrt(6 / sum(s)), np.sqrt(6 / sum(s)), s)),
    "glorot_normal": ({}, lambda r, s: r.normal(0, np.sqrt(2 / sum(s)), s)),
    "he_uniform": ({}, lambda r, s: r.uniform(-np.sqrt(6 / s[0]), np.sqrt(6 / s[0]), s)),
    "he_normal": ({}, lambda r, s: r.normal(0, np.sqrt(2 / s[0]), s)),
    "constant": ({"value": 0.125}, lambda r, s: np.full(s, 0.125)),
}


def test_every_initialiser_has_its_draw() -> None:
    assert set(DRAWS) == {name for name, row in INITIALIZERS.items() if row.draw != "legacy"}


@pytest.mark.parametrize("name", DRAWS)
def test_initialisers_draw_from_a_generator(emitted: Emitter, name: str) -> None:
    options, draw = DRAWS[name]
    made = emitted(spec({"draw": name, **options}))
    for seed, chosen in ((None, SEED), (5, 5)):
        random = np.random.default_rng(chosen)
        drawn = made.initial_parameters(seed)
        for layer, shape in enumerate(zip(SIZES, SIZES[1:], strict=False), 1):
            np.testing.assert_allclose(drawn[f"W{layer}"], draw(random, shape), rtol=1e-15)
            assert np.array_equal(drawn[f"b{layer}"], np.full(shape[1], 0.1))


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
def test_integer_classes_are_targets(emitted: Emitter, data: bool) -> None:
    made = emitted(spec(data=data, batch_size=BATCH))
    expected = made.train(inputs=X, targets=Y)
    for classes in (CLASSES, CLASSES.tolist(), CLASSES.astype(np.uint8)):
        near(made.train(inputs=X, targets=classes).parameters, expected.parameters, 0)
    for wrong, shown in ((3, "3"), (-1, "-1"), (0.5, "0.5")):
        with pytest.raises(ValueError, match=f"^targets Y: expected classes from 0 to 2, got {shown}$"):
            made.train(inputs=X, targets=[*CLASSES[:-1], wrong])
    with pytest.raises(ValueError, match="targets Y: expected shape"):
        made.train(inputs=X, targets=CLASSES[:-1])


def test_divergence_is_located_across_batches(emitted: Emitter) -> None:
    made = emitted(spec(batch_size=BATCH))
    parameters, first = made.initial_parameters(), 0
    with np.errstate(all="ignore"):
        for iteration in range(1, 200):
            if not np.isfinite(made.loss(parameters, X, Y)):
                first = iteration
                break
            order = np.random.default_rng((SEED, iteration)).permutation(SAMPLES)
            for place in range(0, SAMPLES, BATCH):
                rows = order[place : place + BATCH]
                parameters = made.step(parameters, X[rows], Y[rows], 1e80)
    assert first > 1
    with pytest.raises(FloatingPointError, match=f"^iteration {first}: the loss is"):
        made.train(learning_rate=1e80, iterations=200, record_every=50)


def test_names_that_the_training_loops_use_themselves(emitted: Emitter) -> None:
    """A quantity may be called like a word of `_update`; both keep their values."""
    made = emitted(
        network(
            id="words",
            inputs={"batch": [[1, 2], [0.5, -1], [0, 1]]},
            targets={"memory": [[1], [0], [1]]},
            parameters={"count": {"shape": [2, 1], "draw": "glorot_uniform"}, "samples": [0.25]},
            equations={"ones": "batch @ count + samples", "parameter": "sigmoid(ones)", "E": "sum((parameter - memory)**2)"},
            training={"learning_rate": 0.1, "iterations": 5, "batch_size": 2, "seed": 0},
        )
    )
    stepped = made.initial_parameters()
    for iteration in range(1, 6):
        places = np.random.default_rng((0, iteration)).permutation(3)
        for rows in (places[:2], places[2:]):
            stepped = made.step(stepped, made.INPUTS[rows], made.TARGETS[rows], 0.1)
    near(made.train().parameters, stepped, 1e-12)


def test_an_optimisers_step_is_written_once_for_all_parameters() -> None:
    update = module(derive(spec(optimizer="adam", batch_size=BATCH))).split("def _update(")[1]
    assert update.count("0.999*") == update.count("parameter -= ") == 1
