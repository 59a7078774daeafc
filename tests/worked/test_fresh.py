"""Fresh numbers: well conditioned by a forward and backward pass of this test's own, repeatable, and nothing kept is changed."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from symprop.derive import Derivation, derive
from symprop.errors import UnsupportedError
from symprop.graph import Given, Network, Value
from symprop.spec import build, bundled, load, read_spec, starting_spec
from symprop.terms import Number
from symprop.worked.fresh import fresh, sheet_id, texts

SIGMOID = (lambda z: 1 / (1 + np.exp(-z)), lambda z, s: s * (1 - s))
RELU = (lambda z: np.maximum(z, 0), lambda z, s: (z > 0) * 1.0)
TANH = (np.tanh, lambda z, s: 1 - s**2)
ACTIVATIONS = {"sigmoid": SIGMOID, "relu": RELU, "tanh": TANH}


def matrix_network(sizes: str, activation: str) -> Derivation:
    """Layers of matrices with a row of biases each, half the sum of squares, any number of examples."""
    widths = [int(size) for size in sizes.split("-")]
    lines = [f'id = "n"\ntitle = "{sizes}"\n[inputs]\nX = {{ shape = ["m", {widths[0]}] }}']
    lines += [f'[targets]\nY = {{ shape = ["m", {widths[-1]}] }}\n[parameters]']
    for place, (before, after) in enumerate(zip(widths, widths[1:], strict=False), 1):
        lines += [f"W{place} = {{ shape = [{before}, {after}], value = 0 }}", f"b{place} = {{ shape = [{after}], value = 0 }}"]
    lines += ['[network]\nloss = "half_sum_of_squares"\nstyle = "matrix"']
    lines += [f'[[layers]]\nsize = {width}\nactivation = "{activation}"\nbias = "unit"' for width in widths[1:]]
    lines += ['[training]\nrate = "eta"\nlearning_rate = 0.5\niterations = 1']
    return derive(build(read_spec("\n".join(lines), "n")))


def given(network: Network) -> dict[str, Value]:
    starts = {name: start.value for name, start in network.initial.items() if isinstance(start, Given)}
    return {**network.data, **starts}


def as_floats(value: Value) -> Any:
    return np.array(_nested(texts(value)), dtype=float)


def _nested(text: object) -> object:
    return [_nested(part) for part in text] if isinstance(text, list) else float(str(text))


def entries(value: Value) -> list[Number]:
    return [value] if isinstance(value, Number) else [entry for part in value for entry in entries(part)]


def passes(numbers: Mapping[str, Value], activation: str) -> tuple[list[Any], list[Any]]:
    """The net inputs of every layer, and the gradients of all weights and biases, by textbook matrices."""
    function, slope = ACTIVATIONS[activation]
    values = {name: as_floats(value) for name, value in numbers.items()}
    nets, outs = [], [values["X"]]
    layers = sum(name.startswith("W") for name in values)
    for layer in range(1, layers + 1):
        nets.append(outs[-1] @ values[f"W{layer}"] + values[f"b{layer}"])
        outs.append(function(nets[-1]))
    behind, gradients = outs[-1] - values["Y"], []
    for layer in range(layers, 0, -1):
        delta = behind * slope(nets[layer - 1], outs[layer])
        gradients += [outs[layer - 1].T @ delta, delta.sum(axis=0)]
        behind = delta @ values[f"W{layer}"].T
    return nets, gradients


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", ["3-4-2", "12-9-1", "12-12-1", "6-6-6-6-2"])
def test_a_draw_is_well_conditioned(sizes: str, activation: str) -> None:
    """Wide and deep layers too, and wide layers of relu, which have dead units and kinks to keep away from."""
    drawn = fresh(matrix_network(sizes, activation), 5)
    nets, gradients = passes(given(drawn.network), activation)
    assert all(np.abs(net).max() <= {"sigmoid": 2.5, "tanh": 1.5, "relu": 10}[activation] for net in nets)
    if activation == "relu":
        assert all(np.abs(net).min() >= 0.01 for net in nets)
    assert all(np.abs(gradient).min() >= 1e-6 for gradient in gradients)


@pytest.mark.parametrize("seed", range(3))
def test_a_large_network_takes_few_draws(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some nine hundred gradients one is always small, so the bound has to fall in less than a hundred draws."""
    monkeypatch.setattr("symprop.worked.fresh.ATTEMPTS", 100)
    drawn = fresh(matrix_network("30-20-10-3", "sigmoid"), seed)
    _, gradients = passes(given(drawn.network), "sigmoid")
    assert min(np.abs(gradient).min() for gradient in gradients) >= 1e-6


@pytest.mark.parametrize("net", bundled())
def test_the_bundled_networks_have_draws(net: str) -> None:
    derivation = derive(load(net))
    first, again, other = (fresh(derivation, seed).network for seed in (3, 3, 4))
    assert given(first) == given(again) != given(other)
    assert first.graph == derivation.network.graph
    assert first.training == derivation.network.training
    assert (first.claims, first.remarks) == ((), ())


@pytest.mark.parametrize("seed", range(6))
def test_numbers_have_two_decimals_and_differ_in_size(seed: int) -> None:
    network = fresh(derive(load("step_by_step")), seed).network
    weights = [entry for name in network.initial for entry in entries(given(network)[name])]
    assert all(len(entry.text.lstrip("-")) == 4 and 10 <= 100 * abs(entry.value) <= 90 for entry in weights)
    assert len({abs(entry.value) for entry in weights}) == len(weights)
    assert len({entry.value < 0 for entry in weights}) == 2


def test_truth_tables_and_fixed_values_are_kept() -> None:
    exclusive_or = load("xor_class")
    assert fresh(derive(exclusive_or), 1).network.data == exclusive_or.data
    tutorial = load("step_by_step")
    drawn = fresh(derive(tutorial), 1).network
    fixed = tutorial.graph.names("constant")
    assert fixed and all(drawn.data[name] == tutorial.data[name] for name in fixed)


def test_an_open_batch_gets_examples() -> None:
    numbers = given(fresh(matrix_network("2-3-1", "sigmoid"), 1).network)
    assert as_floats(numbers["X"]).shape == (3, 2)
    assert as_floats(numbers["Y"]).shape == (3, 1)


def test_the_same_numbers_in_every_process() -> None:
    code = (
        "from symprop.derive import derive; from symprop.spec import load; from symprop.worked.fresh import fresh, sheet_id\n"
        "from symprop.graph import Given\n"
        "n = fresh(derive(load('step_by_step')), 12).network\n"
        "numbers = {**n.data, **{k: v.value for k, v in n.initial.items()}}\n"
        "print(sheet_id(n, numbers, 12), {k: v.text for k, v in numbers.items()})"
    )
    runs = [_run(code, seed) for seed in ("0", "1")]
    network = fresh(derive(load("step_by_step")), 12).network
    assert runs[0] == runs[1]
    assert runs[0].split()[0] == sheet_id(network, given(network), 12)


def _run(code: str, seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout


def test_the_id_depends_on_the_seed_and_on_every_number() -> None:
    network = load("step_by_step")
    numbers = given(network)
    ids = {sheet_id(network, numbers, seed) for seed in (None, 0, 1)}
    ids |= {sheet_id(network, {**numbers, name: numbers["i1"]}, 0) for name in numbers if name != "i1"}
    assert len(ids) == 3 + len(numbers) - 1


def test_a_network_that_cannot_be_well_conditioned_is_said() -> None:
    """Here the kink lies where every number puts the argument."""
    spec = """
id = "hopeless"
title = "Always at the kink"
[inputs]
x = 0.5
[targets]
t = 1
[parameters]
w = 0.3
[equations]
y = "w*relu(x - x)"
E = "1/2*(y - t)**2"
[training]
learning_rate = 0.1
iterations = 1
"""
    with pytest.raises(UnsupportedError, match="hopeless: no well-conditioned numbers in 400 draws: a value lay beside a kink"):
        fresh(derive(build(read_spec(spec, "hopeless"))), 1)


@pytest.mark.parametrize("sizes", ["2-2", "3-4-3"])
def test_a_new_classifier_can_be_drawn(sizes: str) -> None:
    """One bias for all classes moves no softmax: its gradient is 0, and no draw was ever taken."""
    spec = starting_spec(sizes, "softmax")
    assert fresh(derive(build(read_spec(spec, "classes"))), 1)
    shared = re.sub(r"b_o1 = .*\n(b_o\d = .*\n)*", "b_last = 0.1\n", spec)
    shared = shared.replace('bias = "unit"', 'bias = "layer"\nbiases = "b_last" #')
    with pytest.raises(UnsupportedError, match="a gradient came near 0 in"):
        fresh(derive(build(read_spec(shared, "classes"))), 1)


def test_a_network_too_wide_for_a_worked_example_is_refused_before_anything_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symprop.worked.fresh.Source", None)
    with pytest.raises(UnsupportedError, match=r"has [\d,]+ numbers, 5,600 of them in W1; a worked example has at most 5,000"):
        fresh(matrix_network("80-70-2", "relu"), 4)


def test_the_numbers_of_all_draws_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symprop.worked.fresh._fault", lambda *given: "dead")
    with pytest.raises(UnsupportedError, match=r"in (1[0-9]{2}) draws"):
        fresh(matrix_network("64-40-2", "relu"), 4)
