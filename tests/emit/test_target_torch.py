"""The PyTorch target against the NumPy target and against autograd; dtype and device follow the tensors."""

from __future__ import annotations

import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.emit.torch import lowered
from symprop.language import Names, read
from symprop.notation.text import text

from .agreement import NAMES, TRAINED, TRAINED_OTHERWISE, Modules, close, layered, named

torch = pytest.importorskip("torch", reason="the PyTorch target's modules need PyTorch: pip install torch")
each_network = pytest.mark.parametrize("net", NAMES)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(tmp_path_factory.mktemp("torch"))


def pair(modules: Modules, net: str) -> tuple[ModuleType, ModuleType]:
    return modules.of(named(net), "torch"), modules.of(named(net), "numpy")


@each_network
def test_values_and_gradients_are_those_of_numpy_and_of_autograd(modules: Modules, net: str) -> None:
    made, plain = pair(modules, net)
    parameters = plain.initial_parameters(7)
    arguments = (made.initial_parameters(7), made.INPUTS, made.TARGETS)
    close(made.evaluate(*arguments), plain.evaluate(parameters, plain.INPUTS, plain.TARGETS))
    found = made.gradients(*arguments)
    expected = plain.gradients(parameters, plain.INPUTS, plain.TARGETS)
    close(found, expected)
    assert {value.dtype for value in found.values()} == {torch.float64}
    leaves = {name: value.requires_grad_() for name, value in made.initial_parameters(7).items()}
    automatic = torch.autograd.grad(made.loss(leaves, made.INPUTS, made.TARGETS), leaves.values(), allow_unused=True)
    zero = {name: np.zeros(np.shape(value)) for name, value in expected.items()}
    own = {name: zero[name] if value is None else value for name, value in zip(leaves, automatic, strict=True)}
    close(own, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("net", [*TRAINED, "four_three_two", "hidden_layer"])
def test_training_is_that_of_numpy(modules: Modules, net: str) -> None:
    made, plain = pair(modules, net)
    for update in plain.UPDATES:
        for record_every in (1, 4):
            how = {"iterations": 10, "update": update, "record_every": record_every, "learning_rate": 0.02}
            found, expected = made.train(made.initial_parameters(3), **how), plain.train(plain.initial_parameters(3), **how)
            close(found.parameters, expected.parameters)
            assert len(found.history) == len(expected.history)
            for row, wanted in zip(found.history, expected.history, strict=True):
                close(row, wanted)


RUNS = [("two_node", 1000), ("step_by_step", 1000), ("single_layer", 3000), ("hidden_layer", 3000)]


@pytest.mark.parametrize(("net", "iterations"), RUNS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int) -> None:
    made, plain = pair(modules, net)
    how: dict[str, Any] = {"iterations": iterations, "record_every": 100}
    found, expected = made.train(**how), plain.train(**how)
    close(found.parameters, expected.parameters)
    for name in plain.ROW:
        np.testing.assert_allclose(found.history[name], expected.history[name], rtol=1e-12, atol=1e-14, err_msg=name)


def test_dtype_and_device_follow_the_parameters(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    single = made.initial_parameters(1, dtype=torch.float32)
    trained = made.train(single, iterations=30)
    assert {value.dtype for value in trained.parameters.values()} == {torch.float32}
    close(trained.parameters, made.train(iterations=30).parameters, rtol=1e-4)
    assert trained.history["E"].dtype == torch.float32
    arrays = modules.of(named("arrays"), "torch")
    parameters = arrays.initial_parameters(dtype=torch.float32)
    inputs, targets = arrays.INPUTS.float(), arrays.TARGETS.float()
    values = arrays.evaluate(parameters, inputs, targets) | arrays.gradients(parameters, inputs, targets)
    assert {value.dtype for value in values.values()} == {torch.float32}
    meta = {name: value.to("meta") for name, value in parameters.items()}  # a device without numbers: any other tensor is refused
    data = inputs.to("meta"), targets.to("meta")
    values = arrays.evaluate(meta, *data) | arrays.gradients(meta, *data)
    assert {value.device.type for value in values.values()} == {"meta"}


def test_training_neither_needs_nor_builds_a_graph(modules: Modules) -> None:
    made = pair(modules, "hidden_layer")[0]
    leaves = {name: value.requires_grad_() for name, value in made.initial_parameters(1).items()}
    trained = made.train(leaves, iterations=5)
    assert not any(value.requires_grad for value in trained.parameters.values())
    close(trained.parameters, made.train(iterations=5).parameters)
    assert all(value.grad is None for value in leaves.values())


@pytest.mark.parametrize("net", TRAINED_OTHERWISE)
def test_other_optimisers_precisions_and_batches(modules: Modules, net: str) -> None:
    """The same batches in the same order, states that start at 0 and come back beside the parameters."""
    made, plain = (modules.of(TRAINED_OTHERWISE[net], target) for target in ("torch", "numpy"))
    tolerance: dict[str, float] = {"rtol": 3e-4, "atol": 3e-6} if "float32" in net else {}
    start = plain.initial_parameters(3)
    for update in plain.UPDATES:
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


def test_rows_columns_callback_and_no_iteration(modules: Modules) -> None:
    made, plain = pair(modules, "two_node")
    seen: list[dict[str, Any]] = []
    result = made.train(iterations=250, record_every=100, callback=seen.append)
    assert result.history["iteration"].tolist() == [1, 101, 201, 250]
    assert seen == list(result.history)
    assert result.history[-1]["w0"] == result.parameters["w0"]
    assert len(made.train(iterations=0).history) == 0
    close(made.train(iterations=0).parameters, plain.initial_parameters())


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
    made, plain = (modules.of(layered("identity", "identity", last, "matrix"), target) for target in ("torch", "numpy"))
    inputs = np.stack([FAR, -FAR, FAR[::-1]], axis=1)
    targets = np.tile([[0.0, 1.0], [1.0, 0.0], [0.25, 0.75]], (5, 1))
    eye = {"W1": np.eye(3), "b1": np.zeros(3), "W2": np.eye(3, 2), "b2": np.zeros(2)}
    tensors = {name: torch.as_tensor(value, dtype=getattr(torch, dtype)) for name, value in eye.items()}
    data = (torch.as_tensor(each, dtype=getattr(torch, dtype)) for each in (inputs, targets))
    given = (tensors, *data)
    found, value = made.gradients(*given), made.loss(*given)
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    assert float(value) == pytest.approx(float(plain.loss(eye, inputs, targets)), rel=tolerance)
    expected = plain.gradients(eye, inputs, targets)
    for name in expected:
        scale = float(np.max(np.abs(expected[name])))
        np.testing.assert_allclose(found[name], expected[name], rtol=tolerance, atol=tolerance * scale)


LOWERED = [  # a term, and the calls in torch's words: numbers and lengths are no tensors
    ("sqrt(2)*x", {"number sqrt"}),
    ("exp(-1/m)*x", {"number exp"}),
    ("exp(x)", {"exp"}),
    ("maximum(x, 0)", {"at least"}),
    ("minimum(1, exp(x))", {"at most", "exp"}),
    ("maximum(x, y)", {"maximum"}),
    ("softplus(1/2)*x", {"number maximum", "number log1p", "number exp", "number abs"}),
]


@pytest.mark.parametrize(("term", "calls"), LOWERED)
def test_terms_in_torchs_words(term: str, calls: set[str]) -> None:
    from symprop.emit.functions import called

    made = lowered(read(term, Names.of("x", "y", "m")), ("m",))
    assert set(called(made)) == calls, text(made)


@pytest.mark.parametrize("net", ["two_node", "single_layer"])
def test_the_module_prints_its_table(modules: Modules, net: str) -> None:
    done = subprocess.run([sys.executable, str(modules.path(named(net), "torch"))], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert {"two_node": "0.9415374060237287", "single_layer": "[0.00966614]"}[net] in done.stdout


HIDDEN = "import runpy, sys; sys.modules['torch'] = None; runpy.run_path(sys.argv[1], run_name=sys.argv[2])"


def test_without_torch_one_line_says_how_to_install_it(modules: Modules) -> None:
    path = str(modules.path(named("two_node"), "torch"))
    line = f"torch is missing; install it with: {sys.executable} -m pip install torch\n"
    done = subprocess.run([sys.executable, "-c", HIDDEN, path, "__main__"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (4, "", line)
    done = subprocess.run([sys.executable, "-c", HIDDEN, path, "network_torch"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.endswith(line)


def test_gelu_says_which_form_it_is() -> None:
    for activation, words in (("gelu", "erf form"), ("gelu_tanh", "tanh form")):
        assert words in module(derive(layered(activation, "identity", "mean_squared", "matrix")), target="torch")
