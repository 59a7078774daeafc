"""The JAX target against the NumPy target and against jax.grad; mapped, shared out over devices, in both precisions."""

from __future__ import annotations

import os
import re
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

from .agreement import DOCUMENTS, NAMES, TRAINED, TRAINED_OTHERWISE, Modules, Numbers, close, layered, named

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
        close(found.parameters, expected.parameters)
        assert len(found.history) == len(expected.history)
        for row, wanted in zip(found.history, expected.history, strict=True):
            close(row, wanted)


@pytest.mark.parametrize(("net", "iterations", "record_every"), DOCUMENTS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int, record_every: int) -> None:
    made, plain = pair(modules, net)
    for update in plain.UPDATES:
        how = {"iterations": iterations, "update": update, "record_every": record_every}
        found, expected = made.train(made._initial_values(3), **how), plain.train(plain.initial_parameters(3), **how)
        close(found.parameters, expected.parameters)
        for name in plain.ROW:
            np.testing.assert_allclose(found.history[name], expected.history[name], rtol=1e-12, atol=1e-14, err_msg=name)


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


@pytest.mark.parametrize("net", ["chain_momentum", "classes_float32", "classes_3_adam"])  # XLA takes seconds for each
def test_other_optimisers_precisions_and_batches(modules: Modules, net: str) -> None:
    """The same batches in the same order, states that start at 0 and come back beside the parameters."""
    made, plain = (modules.of(TRAINED_OTHERWISE[net], target) for target in ("jax", "numpy"))
    tolerance: dict[str, float] = {"rtol": 3e-4, "atol": 3e-6} if "float32" in net else {}
    start = plain.initial_parameters(3)
    for update in ("document",):  # compiling the others takes longer than anything else here
        how: dict[str, Any] = {"iterations": 7, "record_every": 3, "update": update}
        found, expected = (each.train(start, **how) for each in (made, plain))
        close(found.parameters, expected.parameters, **tolerance)
        for row, wanted in zip(found.history, expected.history, strict=True):
            close(row, wanted, **tolerance)
        again = {"iterations": 2, "update": update}
        resumed = made.train(found.parameters, **again), plain.train(expected.parameters, **again)
        close(*(each.parameters for each in resumed), **tolerance)
    assert {str(value.dtype)[-7:] for value in found.parameters.values()} == {"float32" if "float32" in net else "float64"}
    with pytest.raises(FloatingPointError, match=r"^iteration \d+: the loss is (nan|inf), no longer finite; a learning_rate "):
        made.train(start, iterations=30, inputs=np.full((8, 3), np.inf) if net.startswith("classes") else {"x": np.inf})


def test_states_and_batches_go_through_jit_and_vmap(modules: Modules) -> None:
    made = modules.of(TRAINED_OTHERWISE["classes_adam"], "jax")
    with made.precision():
        starts = [made.initial_parameters(seed) for seed in range(3)]
        stacked = jax.tree.map(lambda *each: jnp.stack(each), *starts)
        found = jax.vmap(lambda start: made.steps(start, made.INPUTS, made.TARGETS, made.LEARNING_RATE, 7))(stacked)
        for place, start in enumerate(starts):
            expected = made.train(start, iterations=7).parameters
            close({name: found[name][place] for name in expected}, expected)


def test_rows_columns_callback_and_no_iteration(modules: Modules) -> None:
    made, plain = pair(modules, "two_node")
    seen: list[dict[str, Any]] = []
    result = made.train(iterations=2500, record_every=1000, callback=seen.append)
    assert list(result.history["iteration"]) == [1, 1001, 2001, 2500] == [row["iteration"] for row in seen]
    assert seen == list(result.history)
    assert result.history[-1]["w0"] == result.parameters["w0"]
    none = made.train(iterations=0)
    assert len(none.history) == 0 == len(none.history["E"])
    close(none.parameters, plain.initial_parameters())


def test_blocks_join(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = pair(modules, "hidden_layer")
    monkeypatch.setattr(made, "BLOCK", 7)
    for record_every in (1, 3, 7, 10, 100):
        found, expected = (each.train(iterations=40, record_every=record_every) for each in (made, plain))
        close(found.parameters, expected.parameters)
        for row, wanted in zip(found.history, expected.history, strict=True):
            close(row, wanted)


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


SHARED = """
import importlib.util, sys
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
spec = importlib.util.spec_from_file_location("network_jax", sys.argv[1])
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
assert len(jax.devices()) == 2, jax.devices()
mesh = Mesh(np.array(jax.devices()), ("samples",))
with made.precision():
    rows = NamedSharding(mesh, PartitionSpec("samples"))
    start = jax.device_put(made.initial_parameters(1), NamedSharding(mesh, PartitionSpec()))
    X, y = jax.device_put(np.tile(made.INPUTS, (8, 1)), rows), jax.device_put(np.tile(made.TARGETS, (8, 1)), rows)
    whole = np.tile(made.INPUTS, (8, 1)), np.tile(made.TARGETS, (8, 1))
    values = jax.jit(made.forward)(start, X)
    assert len(values["l1"].sharding.device_set) == 2 and not values["l1"].sharding.is_fully_replicated
    found, expected = jax.jit(made.gradients)(start, X, y), made.gradients(made.initial_parameters(1), *whole)
    trained = made.train(start, X, y, iterations=40, learning_rate=0.1, record_every=10)
    plain = made.train(made.initial_parameters(1), *whole, iterations=40, learning_rate=0.1, record_every=10)
    assert all(len(value.sharding.device_set) == 2 for value in trained.parameters.values())
    for name in found:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(trained.parameters[name], plain.parameters[name], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(trained.history["E"], plain.history["E"], rtol=1e-12)
print("shared")
"""


def test_a_batch_shared_out_over_two_devices(modules: Modules) -> None:
    flags = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", SHARED, str(modules.path(named("hidden_layer"), "jax"))]
    done = subprocess.run(command, env=flags, capture_output=True, text=True, check=False)
    assert done.stdout == "shared\n", done.stderr


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_a_loss_that_is_not_finite_is_located_as_numpy_does(modules: Modules, net: str) -> None:
    made, plain = pair(modules, net)
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
    ("hidden_layer", {"targets": [[0.0], [1.0]]}),
    ("hidden_layer", {"record_every": 0}),
    ("hidden_layer", {"update": "sideways"}),
]


@pytest.mark.parametrize(("net", "arguments"), WRONG)
def test_wrong_arguments_are_refused_in_numpys_words(modules: Modules, net: str, arguments: dict[str, Any]) -> None:
    made, plain = pair(modules, net)
    with pytest.raises(ValueError) as expected:
        plain.train(**arguments)
    with pytest.raises(ValueError, match=f"^{re.escape(str(expected.value))}$"):
        made.train(**arguments)


FAR = np.array([-1e4, -700, -300, -40, -5, -0.3, -1e-8, 0, 1e-8, 0.3, 5, 40, 300, 700, 1e4])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("last", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_logits_far_out_give_finite_losses_and_gradients(modules: Modules, last: str, dtype: str) -> None:
    made, plain = (modules.of(layered("identity", "identity", last, "matrix"), target) for target in ("jax", "numpy"))
    inputs = np.stack([FAR, -FAR, FAR[::-1]], axis=1)
    targets = np.tile([[0.0, 1.0], [1.0, 0.0], [0.25, 0.75]], (5, 1))
    eye = {"W1": np.eye(3), "b1": np.zeros(3), "W2": np.eye(3, 2), "b2": np.zeros(2)}
    with made.precision(dtype):
        arguments = jax.tree.map(lambda value: jnp.asarray(value, dtype), (eye, inputs, targets))
        found, value = jax.jit(made.gradients)(*arguments), made.loss(*arguments)
    assert value.dtype == dtype
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    assert float(value) == pytest.approx(float(plain.loss(eye, inputs, targets)), rel=tolerance)
    expected = plain.gradients(eye, inputs, targets)
    for name in expected:
        scale = float(np.max(np.abs(expected[name])))
        np.testing.assert_allclose(found[name], expected[name], rtol=tolerance, atol=tolerance * scale)


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_the_module_prints_its_table(modules: Modules, net: str) -> None:
    done = subprocess.run([sys.executable, str(modules.path(named(net), "jax"))], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert {"two_node": "0.9415374060237287", "hidden_layer": "0.499623543082938"}[net] in done.stdout


HIDDEN = "import runpy, sys; sys.modules['jax'] = None; runpy.run_path(sys.argv[1], run_name=sys.argv[2])"


def test_without_jax_one_line_says_how_to_install_it(modules: Modules) -> None:
    path = str(modules.path(named("two_node"), "jax"))
    done = subprocess.run([sys.executable, "-c", HIDDEN, path, "__main__"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == f"jax is missing; install it with: {sys.executable} -m pip install jax\n"
    done = subprocess.run([sys.executable, "-c", HIDDEN, path, "network_jax"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.endswith(f"jax is missing; install it with: {sys.executable} -m pip install jax\n")


def test_gelu_says_which_form_it_is() -> None:
    for activation, words in (("gelu", "erf form"), ("gelu_tanh", "tanh form")):
        assert words in module(derive(layered(activation, "identity", "mean_squared", "matrix")), target="jax")


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
