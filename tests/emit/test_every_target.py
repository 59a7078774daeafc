"""What the modules of all targets have in common: rows, errors in NumPy's words, states and batches, logits far out, tables."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import modules as texts
from symprop.spec import load

from .agreement import TRAINED_OTHERWISE, Modules, close, far_out, layered, named, same_rows

TARGETS = ("python", "numba", "c", "jax", "torch")
WITH_XLA = ("chain_momentum", "classes_float32", "classes_3_adam")  # which takes seconds for each network


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pair(modules: Modules, target: str, net: str) -> tuple[ModuleType, ModuleType]:
    return modules.of(named(net), target), modules.of(named(net), "numpy")


@pytest.mark.parametrize("net", TRAINED_OTHERWISE)
def test_other_optimisers_precisions_and_batches(modules: Modules, target: str, net: str) -> None:
    """The same batches in the same order, states that start at 0 and come back beside the parameters."""
    if target == "python" and ("float32" in net or net.startswith("classes_3")):
        pytest.skip("Python's floats are doubles, and its generator shuffles in another order")
    if target == "jax" and net not in WITH_XLA:
        pytest.skip("XLA takes seconds for each network")
    made, plain = (modules.of(TRAINED_OTHERWISE[net], each) for each in (target, "numpy"))
    tolerance: dict[str, float] = {"rtol": 3e-4, "atol": 3e-6} if "float32" in net else {}
    start = plain.initial_parameters(3)
    for update in ("document",) if target == "jax" else plain.UPDATES:
        how: dict[str, Any] = {"iterations": 7, "record_every": 3, "update": update}
        found, expected = (each.train(start, **how) for each in (made, plain))
        same_rows(found, expected, **tolerance)
        again = {"iterations": 2, "update": update}
        resumed = made.train(found.parameters, **again), plain.train(expected.parameters, **again)
        close(*(each.parameters for each in resumed), **tolerance)
        if target not in ("jax", "torch"):  # whose `step` takes their own arrays
            further = made.step(found.parameters, made.INPUTS, made.TARGETS, 0.1, update=update)
            close(further, plain.step(expected.parameters, plain.INPUTS, plain.TARGETS, 0.1, update=update), **tolerance)
    if target != "python":
        assert str(made.__doc__).count("Precision ") == (target in ("jax", "torch") or "float32" in net)
        assert {str(value.dtype)[-7:] for value in found.parameters.values()} == {"float32" if "float32" in net else "float64"}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # where NumPy's numbers stand in for compiled ones
@pytest.mark.parametrize("net", WITH_XLA)
def test_states_and_batches_that_are_not_finite(modules: Modules, target: str, net: str) -> None:
    if target == "python" and "float32" in net:
        pytest.skip("Python's floats are doubles")
    made, plain = (modules.of(TRAINED_OTHERWISE[net], each) for each in (target, "numpy"))
    with pytest.raises(FloatingPointError, match=r"^iteration \d+: the loss is -?(nan|inf), no longer finite; (a learning|check)"):
        inputs = np.full((8, 3), np.inf) if net.startswith("classes") else {"x": np.inf}
        made.train(plain.initial_parameters(3), iterations=30, inputs=inputs)


def test_integer_classes_are_targets(modules: Modules, target: str) -> None:
    net = TRAINED_OTHERWISE["classes_momentum" if target == "python" else "classes_3_4"]  # Python shuffles in another order
    made = modules.of(net, target)
    classes = np.argmax(np.asarray(modules.of(net, "numpy").TARGETS), axis=1).tolist()
    start = made.initial_parameters(3)
    expected = made.train(start, iterations=3).parameters
    own = {"jax": "jax.numpy", "torch": "torch"}.get(target)
    tensors = [] if own is None else [importlib.import_module(own).asarray(classes)]
    for given in (classes, tuple(classes), np.array(classes), [*map(float, classes)], made.one_hot(classes), *tensors):
        close(made.train(start, iterations=3, targets=given).parameters, expected, rtol=0)
    with pytest.raises(ValueError, match="^targets Y: expected classes from 0 to 1, got 2$"):
        made.train(targets=[each + 1 for each in classes])
    with pytest.raises(ValueError, match="^targets Y: expected classes from 0 to 1, got 0.5$"):
        made.train(targets=[0.5, *classes[1:]])
    with pytest.raises(ValueError, match=r"^targets Y: expected shape \(8, 2\), got \(7, 2\)"):
        made.train(targets=classes[:7])


def test_rows_columns_callback_and_no_iteration(modules: Modules, target: str) -> None:
    made, plain = pair(modules, target, "two_node")
    seen: list[dict[str, Any]] = []
    result = made.train(iterations=2500, record_every=1000, callback=seen.append)
    assert list(map(int, result.history["iteration"])) == [1, 1001, 2001, 2500] == [row["iteration"] for row in seen]
    assert seen == list(result.history)
    assert result.history[-1]["w0"] == result.parameters["w0"]
    assert list(result.history["E"]) == [row["E"] for row in seen]
    assert list(result.history[1:3]) == seen[1:3] and list(reversed(result.history)) == seen[::-1]
    with pytest.raises(KeyError, match="^'nobody'$"):
        result.history["nobody"]
    kept = made.train(iterations=2, record_every=1, callback=lambda row: row.clear()).history
    assert [len(row) for row in kept] == [len(plain.ROW)] * 2
    none = made.train(iterations=0, record_every=10)
    assert len(none.history) == 0 == len(none.history["E"])
    close(none.parameters, plain.initial_parameters())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
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
    first = "iteration 1:" in str(found.value)  # before any update: no learning_rate has a share in it
    assert str(found.value).endswith("finite; check the arguments" if first else "may help") and first == (net == "hidden_layer")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("two_node", {"parameters": {"w0": 1.0, "w1": 2.0}}),
    ("two_node", {"inputs": {"s0": [1.0, 2.0]}}),
    ("hidden_layer", {"inputs": [[0.0, 1.0]]}),
    ("hidden_layer", {"inputs": [0.0, 1.0, 1.0]}),
    ("hidden_layer", {"targets": [[0.0], [1.0]]}),
    ("hidden_layer", {"record_every": 0}),
    ("hidden_layer", {"iterations": -1}),
    ("hidden_layer", {"update": "sideways"}),
    ("classes_3_adam", {"batch_size": 0}),
    ("classes_3_adam", {"seed": -1}),
    ("classes_3_adam", {"parameters": {}}),
]


@pytest.mark.parametrize(("net", "arguments"), WRONG)
def test_wrong_arguments_are_refused_in_numpys_words(modules: Modules, target: str, net: str, arguments: dict[str, Any]) -> None:
    made, plain = (modules.of(TRAINED_OTHERWISE.get(net) or named(net), each) for each in (target, "numpy"))
    with pytest.raises(ValueError) as expected:
        plain.train(**arguments)
    with pytest.raises(ValueError, match=f"^{re.escape(str(expected.value))}$"):
        made.train(**arguments)


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_a_learning_rate_of_numpys_decides_no_precision(modules: Modules, target: str, net: str) -> None:
    for made in pair(modules, target, net):
        single, double = (made.train(iterations=9, learning_rate=rate).parameters for rate in (np.float32(0.5), 0.5))
        close(single, double, rtol=0, atol=0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("last", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_logits_far_out_give_finite_losses_and_gradients(modules: Modules, target: str, last: str, dtype: str) -> None:
    """JAX and PyTorch compute in the precision of the arrays that they get, the others in that of the spec."""
    if (target, dtype) == ("python", "float32"):
        pytest.skip("Python's floats are doubles")
    if target == "numba":
        pytest.skip("exp of Python raises where that of numba is infinite: its own tests compile this")
    whose = "float64" if target in ("jax", "torch") else dtype
    made = modules.of(layered("identity", "identity", last, "matrix", dtype=whose), target)
    plain = modules.of(layered("identity", "identity", last, "matrix"), "numpy")
    with made.precision(dtype) if target == "jax" else nullcontext():
        far_out(made, plain, target, dtype)


PRINTED = {"two_node": "0.94153740602372", "single_layer": "0.00966614", "hidden_layer": "0.499623543082938"}


@pytest.mark.parametrize("net", PRINTED)
def test_the_module_prints_its_table(modules: Modules, target: str, net: str) -> None:
    if target == "numba" and net != "two_node":
        pytest.skip("numba compiles for many seconds in a process of its own")
    path = modules.path(named(net), target)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == "" and PRINTED[net] in done.stdout


HIDDEN = "import runpy, sys; sys.modules[sys.argv[3]] = None; runpy.run_path(sys.argv[1], run_name=sys.argv[2])"


@pytest.mark.parametrize("package", ["numba", "jax", "torch"])
def test_without_its_package_one_line_says_how_to_install_it(package: str, tmp_path: Path) -> None:
    path = str(Modules(tmp_path).path(named("two_node"), package))
    line = f"{package} is missing; install it with: {sys.executable} -m pip install {package}\n"
    command = [sys.executable, "-c", HIDDEN, path]
    done = subprocess.run([*command, "__main__", package], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (4, "", line)
    done = subprocess.run([*command, f"network_{package}", package], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.endswith(line)


@pytest.mark.parametrize("name", TARGETS)
def test_gelu_says_which_form_it_is(name: str) -> None:
    for activation, words in (("gelu", "erf form"), ("gelu_tanh", "tanh form")):
        made = texts(derive(layered(activation, "identity", "mean_squared", "matrix")), target=name)
        assert words in next(iter(made.values()))


@pytest.mark.parametrize("net", ["two_node", "hidden_layer"])
def test_each_equation_has_its_number_beside_it(net: str, target: str) -> None:
    derivation = derive(load(net))
    numbers = {equation.name: place for place, equation in enumerate(derivation.network.graph.equations, 5)}
    text = "\n".join(texts(derivation, target, numbers=numbers).values())
    assert {*map(int, re.findall(r"(?:#|//) eq\. (\d+)", text))} == {*numbers.values()}
