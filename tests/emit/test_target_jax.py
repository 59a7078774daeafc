"""The JAX target against the NumPy target and against jax.grad; mapped, shared out over devices, in both precisions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.spec import bundled

from .agreement import (
    DOCUMENTS,
    NAMES,
    TRAINED,
    TRAINED_OTHERWISE,
    Modules,
    Numbers,
    close,
    named,
    same_columns,
    same_rows,
)

jax = pytest.importorskip("jax", reason="the JAX target's modules need JAX: pip install jax")
jnp = jax.numpy
each_network = pytest.mark.parametrize("net", NAMES)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(tmp_path_factory.mktemp("jax"))


def pair(modules: Modules, net: str) -> tuple[ModuleType, ModuleType]:
    return modules.of(named(net), "jax"), modules.of(named(net), "numpy")


@each_network
def test_values_and_gradients_are_those_of_numpy_and_of_autodiff(modules: Modules, net: str) -> None:
    made, plain = pair(modules, net)
    parameters = plain.initial_parameters(7)

    @jax.jit
    def everything(*arguments: Any) -> Any:
        return made.evaluate(*arguments), made.gradients(*arguments), jax.grad(made.loss)(*arguments)

    with made.precision():
        values, found, automatic = everything(made.initial_parameters(7), made.INPUTS, made.TARGETS)
    same_names(values, plain.evaluate(parameters, plain.INPUTS, plain.TARGETS))
    expected = plain.gradients(parameters, plain.INPUTS, plain.TARGETS)
    same_names(found, expected)
    same_names(automatic, expected, rtol=1e-10, atol=1e-13)
    assert {value.dtype for value in found.values()} == {np.dtype("float64")}


def same_names(found: Numbers, expected: Numbers, rtol: float = 1e-12, atol: float = 1e-14) -> None:
    """jit sorts the names of a dict."""
    assert set(found) == set(expected)
    close({name: found[name] for name in expected}, expected, rtol, atol)


@pytest.mark.parametrize("net", TRAINED)
def test_training_is_that_of_numpy(modules: Modules, net: str) -> None:
    made, plain = pair(modules, net)
    for update, record_every in zip(plain.UPDATES, (1, 4), strict=False):
        how = {"iterations": 10, "update": update, "record_every": record_every, "learning_rate": 0.02}
        found, expected = made.train(made._initial_values(3), **how), plain.train(plain.initial_parameters(3), **how)
        same_rows(found, expected)


@pytest.mark.parametrize(("net", "iterations", "record_every"), DOCUMENTS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int, record_every: int) -> None:
    made, plain = pair(modules, net)
    for update in plain.UPDATES:
        how = {"iterations": iterations, "update": update, "record_every": record_every}
        found, expected = made.train(made._initial_values(3), **how), plain.train(plain.initial_parameters(3), **how)
        same_columns(found, expected, plain.ROW)


def test_rows_of_every_iteration_are_those_of_repeated_steps(modules: Modules) -> None:
    """step_by_step repeats stretches of its iterations side by side to record them."""
    made = pair(modules, "step_by_step")[0]
    result = made.train(iterations=1003)
    assert hasattr(made, "STRIDE") and len(result.history) == 1003
    with made.precision():
        parameters = made.initial_parameters()
        for place in range(1003):
            values = made.evaluate(parameters, made.INPUTS, made.TARGETS) if place % 101 == 0 else {}
            parameters = made.steps(parameters, made.INPUTS, made.TARGETS, made.LEARNING_RATE, 1)
            row = result.history[place]
            assert row["iteration"] == place + 1
            close({name: row[name] for name in values}, values)
            close({name: row[name] for name in parameters}, parameters)
    assert [float(result.history[-1][name]) for name in result.parameters] == list(map(float, result.parameters.values()))


def test_states_and_batches_go_through_jit_and_vmap(modules: Modules) -> None:
    made = modules.of(TRAINED_OTHERWISE["classes_adam"], "jax")
    with made.precision():
        starts = [made.initial_parameters(seed) for seed in range(3)]
        stacked = jax.tree.map(lambda *each: jnp.stack(each), *starts)
        found = jax.vmap(lambda start: made.steps(start, made.INPUTS, made.TARGETS, made.LEARNING_RATE, 7))(stacked)
        for place, start in enumerate(starts):
            expected = made.train(start, iterations=7).parameters
            close({name: found[name][place] for name in expected}, expected)


def test_blocks_join(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = pair(modules, "hidden_layer")
    monkeypatch.setattr(made, "BLOCK", 7)
    for record_every in (1, 3, 7, 10, 100):
        found, expected = (each.train(iterations=40, record_every=record_every) for each in (made, plain))
        same_rows(found, expected)


def test_another_number_of_iterations_compiles_no_epoch_again(modules: Modules) -> None:
    made = modules.of(TRAINED_OTHERWISE["classes_3_4"], "jax")
    made.train(iterations=13, record_every=5)
    compiled = made._iterations._cache_size()
    for iterations in (1, 7, 25):
        made.train(iterations=iterations, record_every=4)
    assert made._iterations._cache_size() == compiled


def test_the_setting_of_jax_stays_as_it_is(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    before = jax.config.jax_enable_x64
    assert {value.dtype for value in made.train(iterations=3).parameters.values()} == {np.dtype("float64")}
    with made.precision():
        assert jnp.ones(1).dtype == np.float64
    assert jax.config.jax_enable_x64 == before


def test_jax_arrays_keep_their_precision(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    single = made.initial_parameters(1, dtype="float32")
    found = made.train(single, iterations=50).parameters
    assert {value.dtype for value in found.values()} == {np.dtype("float32")}
    close(found, made.train(iterations=50).parameters, rtol=1e-4)


@pytest.mark.filterwarnings("error")
def test_float64_that_jax_would_cut_short_is_not_silent(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    with jax.enable_x64(False), pytest.raises(UserWarning, match="float64 .* truncated to dtype float32"):
        made.initial_parameters()


def test_mapped_over_seeds_and_over_inputs(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    with made.precision():
        starts = [made.initial_parameters(seed) for seed in range(5)]
        stacked = jax.tree.map(lambda *each: jnp.stack(each), *starts)
        found = jax.vmap(made.gradients, in_axes=(0, None, None))(stacked, made.INPUTS, made.TARGETS)
        trained = jax.vmap(lambda start: made.steps(start, made.INPUTS, made.TARGETS, 1.0, 30))(stacked)
        for place, start in enumerate(starts):
            close({name: found[name][place] for name in found}, made.gradients(start, made.INPUTS, made.TARGETS))
            expected = made.train(start, iterations=30).parameters
            close({name: trained[name][place] for name in expected}, expected)
        samples = made.INPUTS[:, None, :], made.TARGETS[:, None, :]
        each = jax.jit(jax.vmap(made.gradients, in_axes=(None, 0, 0)))(starts[0], *samples)
        close({name: each[name].sum(axis=0) for name in each}, made.gradients(starts[0], made.INPUTS, made.TARGETS))


def test_a_scalar_network_mapped_over_its_inputs(modules: Modules) -> None:
    made = pair(modules, "step_by_step")[0]
    with made.precision():
        points = {"i1": np.linspace(0, 1, 6), "i2": np.linspace(1, -1, 6)}
        found = jax.vmap(made.loss, in_axes=(None, 0, None))(made.initial_parameters(), points, made.TARGETS)
        for place in range(6):
            inputs = {name: float(values[place]) for name, values in points.items()}
            assert found[place] == pytest.approx(float(made.loss(made.initial_parameters(), inputs, made.TARGETS)), rel=1e-14)


LOADED = """
import importlib.util, sys
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
spec = importlib.util.spec_from_file_location("network_jax", sys.argv[1])
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
assert len(jax.devices()) == 4, jax.devices()

def laid(value, *axes):
    return jax.device_put(value, NamedSharding(mesh, PartitionSpec(*axes)))

def same(found, expected):
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-14, err_msg=name)
"""
SAMPLES = """
mesh = Mesh(np.array(jax.devices()), ("samples",))
with made.precision():
    whole = np.tile(made.INPUTS, (8, 1)), np.tile(made.TARGETS, (8, 1))
    start, X, y = laid(made.initial_parameters(1)), laid(whole[0], "samples"), laid(whole[1], "samples")
    values = jax.jit(made.forward)(start, X)
    assert len(values["l1"].sharding.device_set) == 4 and not values["l1"].sharding.is_fully_replicated
    same(jax.jit(made.gradients)(start, X, y), made.gradients(made.initial_parameters(1), *whole))
    trained = made.train(start, X, y, iterations=40, learning_rate=0.1, record_every=10)
    plain = made.train(made.initial_parameters(1), *whole, iterations=40, learning_rate=0.1, record_every=10)
    assert all(len(value.sharding.device_set) == 4 for value in trained.parameters.values())
    same(trained.parameters, plain.parameters)
    same(trained.history, {"E": plain.history["E"]})
"""
UNITS = """
mesh = Mesh(np.array(jax.devices()).reshape(2, 2), ("samples", "units"))
axes = {"W1": (None, "units"), "b1": ("units",), "W2": ("units",), "b2": ()}
with made.precision():
    plain = made.initial_parameters(1)
    start = {name: laid(value, *axes[name]) for name, value in plain.items()}
    X, Y = laid(np.array(made.INPUTS), "samples"), laid(np.array(made.TARGETS), "samples")
    found, expected = made.train(start, X, Y, iterations=13, record_every=5), made.train(plain, iterations=13, record_every=5)
    for name in axes:
        assert found.parameters[name].sharding.is_equivalent_to(start[name].sharding, start[name].ndim), name
    same(found.parameters, expected.parameters)
    same(found.history, {name: expected.history[name] for name in made.ROW})
    try:
        made.train(start, X, Y, learning_rate=float("inf"))
    except FloatingPointError as error:
        assert str(error).startswith("iteration 2: the loss is nan, no longer finite"), error
    else:
        raise AssertionError("a training without end")
"""
SEEDS = """
mesh = Mesh(np.array(jax.devices()), ("seeds",))
with made.precision():
    starts = [made.initial_parameters(seed) for seed in range(8)]
    stacked = {name: laid(np.stack([start[name] for start in starts]), "seeds") for name in starts[0]}
    trained = jax.jit(jax.vmap(lambda start: made.steps(start, made.INPUTS, made.TARGETS, made.LEARNING_RATE, 30)))(stacked)
    for name, values in trained.items():
        assert len(values.sharding.device_set) == 4 and not values.sharding.is_fully_replicated, name
    for seed, start in enumerate(starts):
        expected = made.steps(start, made.INPUTS, made.TARGETS, made.LEARNING_RATE, 30)
        same({name: trained[name][seed] for name in expected}, expected)
"""


@pytest.mark.parametrize(
    ("net", "script"),
    [("hidden_layer", SAMPLES), ("classes_3_adam", UNITS), ("xor_class", SEEDS), ("step_by_step", SEEDS)],
    ids=["samples", "samples and units", "seeds, arrays", "seeds, single numbers"],
)
def test_shared_out_over_four_devices(modules: Modules, net: str, script: str) -> None:
    flags = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}
    path = modules.path(TRAINED_OTHERWISE.get(net) or named(net), "jax")
    command = [sys.executable, "-c", LOADED + script, str(path)]
    done = subprocess.run(command, env=flags, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_the_texts_are_clean(target: str, tmp_path: Path) -> None:
    for place, net in enumerate([*bundled(), *TRAINED]):
        text = module(derive(named(net)), target=target)
        assert all(len(line) <= 124 and line == line.rstrip() for line in text.splitlines()), net
        (tmp_path / f"net_{place}.py").write_text(text, encoding="utf-8")
    config = str(Path(__file__).parents[2] / "pyproject.toml")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", config, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
