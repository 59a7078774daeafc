"""The same layers with matrices and with a symbol for each weight: two modules whose numbers agree to 1e-12."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.emit.styles import restyled
from symprop.errors import UnsupportedError
from symprop.functions import ACTIVATIONS
from symprop.graph import Network
from symprop.spec import build, read_spec, spec_of, starting_spec
from symprop.spec.build import Spec
from symprop.spec.options import OPTIMIZERS

Emitter = Callable[[Network], ModuleType]
Arrays = Mapping[str, Any]


def entries(arrays: Arrays) -> dict[str, Any]:
    """W1_2_1 for row 2, column 1."""
    found: dict[str, Any] = {}
    for name, value in arrays.items():
        for place in product(*map(range, np.shape(value))):
            found["_".join((name, *(str(index + 1) for index in place)))] = np.asarray(value)[place]
    return found


def agree(matrix: ModuleType, scalar: ModuleType, entries_of: Callable[[Arrays], dict[str, Any]], iterations: int = 25) -> None:
    """Loss, gradients, every update's step and training."""
    one, other = matrix.initial_parameters(), scalar.initial_parameters()
    same(entries_of(one), other, 0)
    given, numbers = (matrix.INPUTS, matrix.TARGETS), (scalar.INPUTS, scalar.TARGETS)
    np.testing.assert_allclose(scalar.loss(other, *numbers), matrix.loss(one, *given), rtol=1e-12)
    same(entries_of(matrix.gradients(one, *given)), scalar.gradients(other, *numbers))
    assert tuple(matrix.UPDATES) == tuple(scalar.UPDATES)
    for update in matrix.UPDATES:
        same(entries_of(matrix.step(one, *given, 0.3, update)), scalar.step(other, *numbers, 0.3, update))
        whole, single = (made.train(iterations=iterations, update=update) for made in (matrix, scalar))
        same(entries_of(whole.parameters), single.parameters)
        np.testing.assert_allclose(whole.history[-1]["E"], single.history[-1][scalar_loss(scalar)], rtol=1e-12, atol=1e-14)


def scalar_loss(made: ModuleType) -> str:
    return "E_total" if "E_total" in made.ROW else "E"


def same(found: Arrays, expected: Arrays, tolerance: float = 1e-12) -> None:
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance / 100, err_msg=name)


def numbered(arrays: Arrays, by_source: bool = False) -> dict[str, Any]:
    """w1, w2, ... unit by unit or source by source, and one bias for each layer, or for each output."""
    found: dict[str, Any] = {}
    for name, value in arrays.items():
        if name.startswith("W"):
            count = len([key for key in found if key.startswith("w")])
            found |= {f"w{count + k}": entry for k, entry in enumerate((value if by_source else np.transpose(value)).ravel(), 1)}
        else:
            found |= {f"b_o{k}": entry for k, entry in enumerate(value, 1)} if np.ndim(value) else {name: value}
    return found


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("samples", ["one", "three"])
def test_symbols_as_matrices(emitted: Emitter, activation: str, samples: str) -> None:
    text = starting_spec("2-3-2" if activation == "softmax" else "2-3-1", activation)
    if samples == "three":
        for name, row in {"i1": [0.05, 0.3, -1.1], "i2": [0.1, 0.9, 0.7], "target_o1": [0.2, 0.9, 0.4]}.items():
            text = "\n".join(f"{name} = {row}" if line.startswith(f"{name} =") else line for line in text.splitlines())
        text = "\n".join("target_o2 = [0.8, 0.1, 0.6]" if line.startswith("target_o2 =") else line for line in text.splitlines())
    elif activation == "softmax":
        text = text.replace("target_o1 = 0.01", "target_o1 = 0.25").replace("target_o2 = 0.99", "target_o2 = 0.75")
    spec = read_spec(text, "start")
    agree(emitted(build(restyled(spec, "matrix"))), emitted(build(spec)), numbered)


OVER_UNITS = (
    ("2-3-2", 1, "-target_o1*log(out_o1) - target_o2*log(out_o2)", "sum(-Y*log(A2))"),
    (
        "2-3-2", 1, "((target_o1 - out_o1)**2 + (target_o2 - out_o2)**2)/2 + 0.10*(out_h1 + out_h3 + out_h2) + b2**2",
        "sum((Y - A2)**2)/2 + 0.10*sum(A1) + b2**2",
    ),
    (
        "2-3-2", 3, "mean(abs(target_o1 - out_o1) + abs(target_o2 - out_o2)) + w7**2 + w10**2 + w8**2 + w11**2 + w9**2 + w12**2",
        "mean(sum(abs(Y - A2), axis=1, keepdims=True)) + sum(W2**2)",
    ),
    ("2-3-1", 1, "log(1 + (target_o1 - out_o1)**2)", "sum(log(1 + (Y - A2)**2))"),
    (
        "2-3-1", 3, "sum(log(1 + (target_o1 - out_o1)**2) + 0.1*(abs(net_h1) + abs(net_h2) + abs(net_h3)))/m",
        "sum(log(1 + (Y - A2)**2) + 0.1*sum(abs(Z1), axis=1, keepdims=True))/m",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("net", "samples", "loss", "gathered"), OVER_UNITS)
def test_an_authors_loss_over_units(emitted: Emitter, net: str, samples: int, loss: str, gathered: str) -> None:
    spec = over_units(net, samples, loss)
    matrices = restyled(spec, "matrix")
    assert matrices.tables["network"] == {"loss": gathered, "l2": 0.05, "style": "matrix"}
    agree(emitted(build(matrices)), emitted(build(spec)), numbered)


def over_units(net: str, samples: int, loss: str) -> Spec:
    spec = read_spec(starting_spec(net), "start")
    rows = {"i1": [0.05, 0.3, -1.1], "i2": [0.1, 0.9, 0.7], "target_o1": [0.2, 0.9, 0.4], "target_o2": [0.8, 0.1, 0.6]}
    given = {name: row if samples > 1 else row[0] for name, row in rows.items()}
    ends = {key: {name: given[name] for name in dict(spec.tables[key])} for key in ("inputs", "targets")}
    return Spec({**spec.tables, **ends, "network": {"loss": loss, "l2": 0.05}}, "start")


def test_four_three_two_with_matrices(emitted: Emitter) -> None:
    spec = spec_of("four_three_two")
    matrices = restyled(spec, "matrix")
    assert matrices.tables["network"] == {"loss": "1/2*sum((A2 - Y)**2)", "style": "matrix"}
    agree(emitted(build(matrices)), emitted(build(spec)), lambda arrays: numbered(arrays, by_source=True), 50)


def test_step_by_step_with_matrices(emitted: Emitter) -> None:
    spec = spec_of("step_by_step")
    made = emitted(build(restyled(spec, "matrix")))
    agree(made, emitted(build(spec)), numbered, 200)
    assert list(made.UPDATES) == ["document", "simultaneous", "already_updated"]


@pytest.mark.parametrize("net", ["hidden_layer", "xor_class", "single_layer"])
def test_documents_with_symbols(emitted: Emitter, net: str) -> None:
    """Drawn weights too: entry by entry the same generator gives the same numbers."""
    spec = spec_of(net)
    agree(emitted(build(spec)), emitted(build(restyled(spec, "scalar"))), entries, 200)


def layered(**words: Any) -> Spec:
    rng = np.random.default_rng(2)
    tables: dict[str, Any] = {
        "id": "both",
        "inputs": {"X": rng.normal(size=(6, 3)).round(3).tolist()},
        "targets": {"Y": np.eye(2)[rng.integers(0, 2, 6)].tolist()},
        "parameters": {
            "W1": {"shape": [3, 4], "draw": "he_normal"},
            "b1": {"shape": [4], "draw": "uniform", "low": -0.1},
            "W2": {"shape": [4, 2], "draw": "glorot_uniform"},
            "b2": {"shape": [2], "value": 0.1},
        },
        "network": {"style": "matrix", "loss": "softmax_cross_entropy", "l2": 0.05},
        "layers": [{"size": 4, "activation": "elu"}, {"size": 2, "activation": "softmax"}],
        "training": {"learning_rate": 0.3, "iterations": 25, "seed": 4},
    }
    return Spec({**tables, **words}, "both")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 4])
def test_training_settings_in_both_styles(emitted: Emitter, optimizer: str, batch: int | None) -> None:
    settings = {"learning_rate": 0.3, "iterations": 25, "seed": 4, "optimizer": optimizer}
    spec = layered(training=settings | ({"batch_size": batch} if batch else {}))
    matrix, scalar = emitted(build(spec)), emitted(build(restyled(spec, "scalar")))
    whole, single = matrix.train(), scalar.train()
    same(entries({name: whole.parameters[name] for name in ("W1", "b1", "W2", "b2")}), only(single.parameters, matrix))
    np.testing.assert_allclose(matrix.loss(whole.parameters, matrix.INPUTS, matrix.TARGETS), loss_of(scalar, single), rtol=1e-12)


AN_AUTHORS = (
    "1/2*sum((Y - A2)**2)/m",
    "mean(sum((Y - A2)**2, axis=1, keepdims=True))",
    "-sum(Y*log(A2))/m",
    "mean(softmax_cross_entropy(Z2, Y)) + 0.020*sum(abs(W1)) + sum(b1**2)",
    "mean(maximum(0, 1 - Y*Z2)) + 0.1*sum((A2 - mean(A2, axis=0))**2)",
    "sum(mean((X @ W1 - A1)**2, axis=0)**2) + sum((Y - A2)**2)",
)


@pytest.mark.parametrize("loss", AN_AUTHORS)
@pytest.mark.parametrize("l2", [0, 0.05])
def test_an_authors_loss_over_arrays(emitted: Emitter, loss: str, l2: float) -> None:
    spec = layered(network={"style": "matrix", "loss": loss, "l2": l2})
    agree(emitted(build(spec)), emitted(build(restyled(spec, "scalar"))), entries)


def test_equations_beside_layers_of_arrays(emitted: Emitter) -> None:
    rest = {"e": "Y - A2", "d": "e**2", "E": "sum(d)/m + 0.10*sum(abs(e))/m"}
    spec = layered(network={"style": "matrix"}, equations=rest)
    scalar = restyled(spec, "scalar")
    loss = "sum((Y_1 - A2_1)**2 + (Y_2 - A2_2)**2)/m + 0.10*sum(abs(Y_1 - A2_1) + abs(Y_2 - A2_2))/m"
    assert scalar.tables["network"] == {"loss": loss, "style": "scalar"}
    agree(emitted(build(spec)), emitted(build(scalar)), entries)


def test_equations_beside_layers_of_symbols(emitted: Emitter) -> None:
    spec = over_units("2-3-2", 1, "d1 + d2")
    rest = {"d1": "(target_o1 - out_o1)**2", "d2": "(target_o2 - out_o2)**2"}
    spec = Spec({**spec.tables, "loss": "E", "equations": rest}, "start")
    matrices = restyled(spec, "matrix")
    assert matrices.tables["network"] == {"loss": "sum((Y - A2)**2)", "l2": 0.05, "style": "matrix"}
    agree(emitted(build(matrices)), emitted(build(spec)), numbered)


def test_an_authors_loss_keeps_its_digits() -> None:
    spec = restyled(layered(network={"loss": "0.50*mean((Y - A2)**2)"}), "scalar")
    assert spec.tables["network"] == {"style": "scalar", "loss": "0.50*mean(((Y_1 - A2_1)**2 + (Y_2 - A2_2)**2)/2)"}


def only(parameters: Arrays, matrix: ModuleType) -> dict[str, Any]:
    names = entries(matrix.initial_parameters())
    return {name: parameters[name] for name in names}


def loss_of(made: ModuleType, result: Any) -> float:
    return float(made.loss(result.parameters, made.INPUTS, made.TARGETS))


def test_there_and_back_is_the_same_network() -> None:
    spec = layered(
        parameters={"W1": {"shape": [3, 4], "value": 0.5}, "W2": {"shape": [4, 2], "value": 0.25}},
        layers=[{"size": 4, "activation": "elu", "bias": "none"}, {"size": 2, "activation": "softmax", "bias": "none"}],
    )
    back = build(restyled(restyled(spec, "scalar"), "matrix"))
    assert back.graph == build(spec).graph
    assert (back.data, back.initial) == (build(spec).data, build(spec).initial)


@pytest.mark.parametrize(("spec", "style"), [(spec_of("two_node"), "scalar"), (layered(), "matrix")])
def test_the_style_that_a_spec_has_already(spec: Spec, style: str) -> None:
    assert restyled(spec, style) is spec


REFUSED: list[tuple[Callable[[], Spec], str, str]] = [
    (lambda: spec_of("two_node"), "matrix", "two_node: --style matrix: its equations are written out"),
    (
        lambda: over_units("2-3-2", 1, "(target_o1 - out_o1)**2 + 2*(target_o2 - out_o2)**2"), "matrix",
        "net_2-3-2: --style matrix: its loss has target_o1 outside a sum that says the same of every unit",
    ),
    (
        lambda: over_units("2-3-2", 3, "mean(target_o1*out_o1)**2 + mean(target_o2*out_o2)**2"), "matrix",
        "net_2-3-2: --style matrix: its loss has target_o1 outside",
    ),
    (
        lambda: over_units("2-3-2", 1, "(target_o1 - out_o2)**2 + (target_o2 - out_o1)**2"), "matrix",
        "net_2-3-2: --style matrix: its loss has target_o1 outside",
    ),
    (lambda: across(), "scalar", "both: --style scalar: A2.T @ Y in its loss works across the samples"),
    (lambda: shared(), "matrix", "shared: --style matrix: w stands in two places"),
    (lambda: in_turn(), "matrix", "turn: --style matrix: the update 'document' treats weights of one matrix differently"),
]  # fmt: skip


def scalars(**words: Any) -> Spec:
    return Spec({
        "id": "shared", "inputs": {"i1": 1, "i2": 2}, "targets": {"t": 1}, "parameters": {"w": 0.5}, "network": {},
        "layers": [{"size": 1, "activation": "tanh", "weights": [["w", "w"]], "bias": "none"}],
        "training": {"learning_rate": 0.1}, **words,
    }, "shared")  # fmt: skip


def shared() -> Spec:
    return scalars()


def across() -> Spec:
    return layered(network={"loss": "sum((A2.T @ Y)**2)"})


def in_turn() -> Spec:
    return scalars(
        id="turn",
        parameters={"w1": 0.5, "w2": 0.1, "w3": 0.2, "w4": 0.3, "w5": 1, "w6": 2},
        layers=[{"size": 2, "activation": "tanh", "bias": "none"}, {"size": 1, "bias": "none"}],
        updates=[{"name": "document", "order": ["w1", "w5", "w6", "w2", "w3", "w4"], "sequential": True}],
    )


@pytest.mark.parametrize(("spec", "style", "message"), REFUSED)
def test_what_one_style_cannot_say_is_refused(spec: Callable[[], Spec], style: str, message: str) -> None:
    with pytest.raises(UnsupportedError) as refusal:
        restyled(spec(), style)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)
