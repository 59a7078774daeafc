"""The proofs: for every bundled network each gradient entry equals `sympy.diff` of the written-out loss, and a complex step.

SymPy differentiates the whole loss at once, the sweep equation by equation. The slopes of the activations, which both use,
are proved from their definitions elsewhere.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy

from symprop.algebra import symbol, to_sympy
from symprop.derive import Derivation, derive
from symprop.derive.entries import entries
from symprop.derive.expand import in_weights
from symprop.derive.scalar import lowered
from symprop.errors import UnsupportedError, UsageError
from symprop.spec import bundled, load, network
from symprop.terms import Ref
from symprop.worked import floats

NETWORKS = bundled()


@cache
def scalar_derivation(net: str) -> Derivation:
    return derive(lowered(load(net)).network)


@cache
def written_out_loss(net: str) -> Any:
    graph = scalar_derivation(net).network.graph
    return in_weights(graph, Ref(graph.loss), budget=10**6)


def weights(net: str) -> tuple[str, ...]:
    return scalar_derivation(net).network.graph.names("parameter")


@pytest.mark.parametrize("net", NETWORKS)
def test_every_entry_equals_sympy_diff_of_the_written_out_loss(net: str) -> None:
    derivation = scalar_derivation(net)
    for name in weights(net):
        ours = derivation.gradient(name).expanded(budget=10**6)
        assert is_zero(sympy.diff(written_out_loss(net), symbol(name)) - ours), name


def is_zero(expression: Any) -> bool:
    """Whether an expression is the zero polynomial over its activations, outermost first, each a variable of its own."""
    atoms = sorted(expression.atoms(sympy.Function), key=lambda atom: (-sympy.count_ops(atom), sympy.default_sort_key(atom)))
    for place, atom in enumerate(atoms):
        expression = expression.xreplace({atom: sympy.Symbol(f"atom{place}")})
    return bool(sympy.expand(expression) == 0)


def test_the_zero_test_can_say_no() -> None:
    derivation = scalar_derivation("two_node")
    right = derivation.gradient("w0").expanded()
    assert not is_zero(right - 2 * right)
    assert not is_zero(sympy.diff(written_out_loss("two_node"), symbol("w1")) - right)


@pytest.mark.parametrize("net", ["xor_class", "single_layer", "hidden_layer"])
def test_matrix_form_and_scalar_entries_agree(net: str) -> None:
    network = load(net)
    lower = lowered(network)
    scalar = derive(lower.network)
    for step in derive(network).steps.values():
        made = np.broadcast_to(entries(step.term, lower.entries), np.shape(lower.entries[step.quantity]))
        for place in np.ndindex(made.shape):
            entry = lower.entries[step.quantity][place].name
            assert sympy.expand(to_sympy(made[place]) - to_sympy(scalar.steps[entry].term)) == 0, (step.quantity, place)


def test_hidden_layer_has_sixteen_weights_in_both_forms() -> None:
    assert str(derive(load("hidden_layer")).gradient("Wo").step.term).count("Transpose") == 1
    assert len(weights("hidden_layer")) == 16


@pytest.mark.parametrize("net", NETWORKS)
def test_complex_step(net: str) -> None:
    """dE/dp = Im E(p + ih)/h for h = 1e-200: exact to rounding, no subtraction."""
    network = load(net)
    derivation = derive(network)
    values = parameters(net)
    ours = floats.gradients(derivation, values)
    for name in values:
        for place in np.ndindex(np.shape(values[name])):
            moved = {key: np.array(value, dtype=complex) for key, value in values.items()}
            moved[name][place] += 1e-200j
            slope = np.imag(floats.forward(network, moved)[network.graph.loss]) / 1e-200
            assert np.asarray(ours[name])[place] == pytest.approx(slope, rel=1e-12, abs=1e-15)


def parameters(net: str) -> dict[str, Any]:
    """Random weights of the network's shapes: a gradient must be right everywhere, not only at the document's values."""
    graph = load(net).graph
    draw = np.random.default_rng(7)
    return {name: draw.normal(size=tuple(int(length) for length in graph.shape(name))) for name in graph.names("parameter")}


def test_the_written_out_form_has_a_budget() -> None:
    gradient = scalar_derivation("step_by_step").gradient("w1")
    with pytest.raises(UnsupportedError, match="budget of 20") as refused:
        gradient.expanded(budget=20)
    nodes = int(str(refused.value).partition(" has ")[2].partition(" nodes")[0])
    assert gradient.expanded(budget=nodes)
    with pytest.raises(UnsupportedError):
        gradient.expanded(budget=nodes - 1)


def test_a_formula_in_forward_quantities_has_a_budget() -> None:
    """Each of the 20 stages has two paths: a million paths are counted, not written."""
    stages = {"y0": "w*x"}
    for k in range(20):
        stages |= {f"a{k}": f"u*y{k}", f"b{k}": f"v*y{k}", f"y{k + 1}": f"a{k} + b{k}"}
    deep = network(id="deep", inputs={"x": 1}, parameters={"w": 1, "u": 1, "v": 1}, equations=stages, training={"learning_rate": 1})
    with pytest.raises(UnsupportedError, match="w: written out it has .* nodes, more than the budget of 200,000"):
        derive(deep).gradient("w").term  # noqa: B018  the access is what is tested


def test_an_unknown_quantity_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'w0'"):
        derive(load("two_node")).gradient("W0")
