"""The PyTorch target against the NumPy target and against autograd; dtype and device follow the tensors."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.emit.torch import lowered
from symprop.language import Names, read
from symprop.notation.text import text

from .agreement import NAMES, TRAINED, Modules, close, named, same_columns, same_rows

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
            same_rows(found, expected)


RUNS = [("two_node", 1000), ("step_by_step", 1000), ("single_layer", 3000), ("hidden_layer", 3000)]


@pytest.mark.parametrize(("net", "iterations"), RUNS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int) -> None:
    made, plain = pair(modules, net)
    how: dict[str, Any] = {"iterations": iterations, "record_every": 100}
    found, expected = made.train(**how), plain.train(**how)
    same_columns(found, expected, plain.ROW)


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
