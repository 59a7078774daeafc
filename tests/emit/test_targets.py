"""What the modules of targets without arrays of their own have in common: they agree with the NumPy module, number by number."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.spec import network

from .agreement import NAMES, TRAINED, TRAINED_OTHERWISE, Modules, close, named

BARE = network(
    id="bare",
    inputs={"X": {"shape": ["m", 3]}},
    targets={"Y": {"shape": ["m", 2]}},
    parameters={"W": {"shape": [3, 2], "draw": "glorot_normal"}, "b1": {"shape": [2], "value": 0}},
    network={"style": "matrix", "loss": "mean_squared"},
    layers=[{"size": 2, "activation": "tanh", "bias": "unit", "weights": "W"}],
    training={"learning_rate": 0.1, "iterations": 5, "seed": 3},
)
each_network = pytest.mark.parametrize("net", NAMES)


@pytest.fixture(scope="module", params=["python", "numba", "c"])
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def modules(target: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modules]:
    """Numba's functions are run as they stand, as Python: compiling all of them would take minutes."""
    with pytest.MonkeyPatch.context() as patch:
        if target == "numba":
            numba = pytest.importorskip("numba", reason="the numba target's modules need numba: pip install numba")
            patch.setattr(numba.config, "DISABLE_JIT", True)
        if target == "c" and not shutil.which("cc"):
            pytest.skip("the C target's modules need a C compiler: apt-get install gcc")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield Modules(tmp_path_factory.mktemp(target))


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
            close(found.parameters, expected.parameters)
            assert len(found.history) == len(expected.history)
            for row, wanted in zip(found.history, expected.history, strict=True):
                close(row, wanted)


@pytest.mark.parametrize("net", TRAINED_OTHERWISE)
def test_other_optimisers_precisions_and_batches(modules: Modules, target: str, net: str) -> None:
    """The same batches in the same order, states that start at 0 and come back beside the parameters."""
    if target == "python" and ("float32" in net or net.startswith("classes_3")):
        pytest.skip("Python's floats are doubles, and its generator shuffles in another order")
    made, plain = (modules.of(TRAINED_OTHERWISE[net], each) for each in (target, "numpy"))
    tolerance: dict[str, float] = {"rtol": 3e-4, "atol": 3e-6} if "float32" in net else {}
    start = plain.initial_parameters(3)
    for update in plain.UPDATES:
        how: dict[str, Any] = {"iterations": 7, "record_every": 3, "update": update}
        found, expected = (each.train(start, **how) for each in (made, plain))
        close(found.parameters, expected.parameters, **tolerance)
        for row, wanted in zip(found.history, expected.history, strict=True):
            close(row, wanted, **tolerance)
        further = made.step(found.parameters, made.INPUTS, made.TARGETS, 0.1, update=update)
        close(further, plain.step(expected.parameters, plain.INPUTS, plain.TARGETS, 0.1, update=update), **tolerance)
        resumed = (each.train(further, iterations=2, update=update).parameters for each in (made, plain))
        close(*resumed, **tolerance)
    if "float32" in net:
        assert {value.dtype for value in found.parameters.values()} == {np.dtype("float32")}


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_blocks_join(modules: Modules, target: str, net: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = pair(modules, target, net)
    monkeypatch.setattr(made, "BLOCK", 7)
    for record_every in (1, 3, 7, 10, 100):
        found, expected = (each.train(iterations=40, record_every=record_every) for each in (made, plain))
        close(found.parameters, expected.parameters)
        for row, wanted in zip(found.history, expected.history, strict=True):
            close(row, wanted)


def test_rows_columns_callback_and_no_iteration(modules: Modules, target: str) -> None:
    made, plain = pair(modules, target, "two_node")
    seen: list[dict[str, Any]] = []
    result = made.train(iterations=250, record_every=100, callback=seen.append)
    assert list(result.history["iteration"]) == [1, 101, 201, 250]
    assert seen == list(result.history)
    assert result.history[-1]["w0"] == result.parameters["w0"]
    assert list(result.history["E"]) == [row["E"] for row in seen]
    assert len(made.train(iterations=0).history) == 0
    close(made.train(iterations=0).parameters, plain.initial_parameters())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # where NumPy's numbers stand in for compiled ones
@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_a_loss_that_is_not_finite_is_located_as_numpy_does(modules: Modules, target: str, net: str) -> None:
    made, plain = pair(modules, target, net)
    if net == "two_node":
        how: dict[str, Any] = {"learning_rate": 1e160, "iterations": 500}
        start = plain.initial_parameters()
    else:
        how, start = {"iterations": 50}, {"Wh": np.full((3, 4), np.inf), "Wo": plain.initial_parameters()["Wo"]}
        how["inputs"] = np.array([[1.0, -1.0, 1.0]] * 4)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError) as expected:
        plain.train(start, **how)
    with pytest.raises(FloatingPointError) as found:
        made.train(start, **how)
    assert str(found.value) == str(expected.value)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("two_node", {"parameters": {"w0": 1.0, "w1": 2.0}}),
    ("two_node", {"inputs": {"s0": [1.0, 2.0]}}),
    ("hidden_layer", {"inputs": [[0.0, 1.0]]}),
    ("hidden_layer", {"inputs": [0.0, 1.0, 1.0]}),
    ("hidden_layer", {"targets": [[0.0], [1.0]]}),
    ("hidden_layer", {"record_every": 0}),
    ("hidden_layer", {"update": "sideways"}),
]


@pytest.mark.parametrize(("net", "arguments"), WRONG)
def test_wrong_arguments_are_refused_in_numpys_words(modules: Modules, target: str, net: str, arguments: dict[str, Any]) -> None:
    made, plain = pair(modules, target, net)
    with pytest.raises(ValueError) as expected:
        plain.train(**arguments)
    with pytest.raises(ValueError, match=f"^{re.escape(str(expected.value))}$"):
        made.train(**arguments)


def test_a_network_without_data_is_trained_with_data_that_are_given(modules: Modules, target: str) -> None:
    made, plain = (modules.of(BARE, each) for each in (target, "numpy"))
    rng = np.random.default_rng(0)
    given = plain.initial_parameters(1), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    found, expected = (each.train(*given, iterations=5, record_every=2) for each in (made, plain))
    close(found.parameters, expected.parameters)
    assert len(found.history) == len(expected.history)
    for row, wanted in zip(found.history, expected.history, strict=True):
        close(row, wanted)
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
