"""One entry of an array's gradient: by its name `Wh[1,2]`, against SymPy's derivative of the whole loss, and its refusals."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy

from symprop.algebra import symbol
from symprop.derive import Derivation, derive
from symprop.derive.expand import in_weights
from symprop.derive.scalar import lowered
from symprop.errors import UnsupportedError, UsageError
from symprop.notation import text
from symprop.spec import load, network
from symprop.terms import Ref
from symprop.worked import floats
from symprop.worked.initial import initial_values


@cache
def derivation(net: str = "hidden_layer") -> Derivation:
    return derive(load(net))


@cache
def loss_in_weights(net: str) -> Any:
    graph = lowered(load(net)).network.graph
    return in_weights(graph, Ref(graph.loss), budget=10**6)


def is_zero(expression: Any) -> bool:
    """Whether an expression is the zero polynomial over its activations, each a variable of its own."""
    atoms = sorted(expression.atoms(sympy.Function), key=lambda atom: (-sympy.count_ops(atom), sympy.default_sort_key(atom)))
    for place, atom in enumerate(atoms):
        expression = expression.xreplace({atom: sympy.Symbol(f"atom{place}")})
    return bool(sympy.expand(expression) == 0)


@pytest.mark.parametrize(("net", "entry"), [("hidden_layer", "Wh[1,2]"), ("hidden_layer", "Wo[4,1]"), ("single_layer", "w[3,1]")])
def test_an_entry_equals_sympys_derivative_of_the_written_out_loss(net: str, entry: str) -> None:
    parameter = load(net).graph.names("parameter")[0] if net == "single_layer" else entry.partition("[")[0]
    name = parameter + entry[entry.index("[") :]
    ours = derivation(net).gradient(name).expanded()
    assert is_zero(sympy.diff(loss_in_weights(net), symbol(name)) - ours)


def test_another_entry_is_told_apart() -> None:
    ours = derivation().gradient("Wo[1,1]").expanded()
    assert not is_zero(sympy.diff(loss_in_weights("hidden_layer"), symbol("Wo[2,1]")) - ours)


@pytest.mark.parametrize("name", ["Wh", "Wo", "l1", "z2"])
def test_a_whole_gradient_in_sympy_is_the_matrix_of_its_entries(name: str) -> None:
    whole = derivation().gradient(name).sympy
    rows, columns = whole.shape
    for row in range(rows):
        for column in range(columns):
            assert whole[row, column] == derivation().gradient(f"{name}[{row + 1},{column + 1}]").sympy


def test_an_entry_at_the_documents_numbers_is_the_complex_step() -> None:
    """dE/dWh[1,2] = Im E(Wh + i h e)/h: exact to rounding, and nothing of the derivation in it."""
    gradient = derivation().gradient("Wh[1,2]")
    lower = derivation().by_entry.network
    start = {name: floats.to_floats(value) for name, value in initial_values(load("hidden_layer")).items()}
    places = [(name, whole, place) for name, whole in start.items() for place in np.ndindex(whole.shape)]
    values = {f"{name}[{row + 1},{column + 1}]": whole[row, column] for name, whole, (row, column) in places}
    ours = floats.evaluate(gradient.term, floats.forward(lower, values))
    moved = {**start, "Wh": start["Wh"].astype(complex)}
    moved["Wh"][0, 1] += 1e-200j
    assert ours == pytest.approx(np.imag(floats.forward(load("hidden_layer"), moved)["E"]) / 1e-200, rel=1e-14)


PLAIN = ["Wh[1,2]", " Wh[1, 2] ", "dWh[1,2]", "dE/dWh[1,2]", "W_h[1,2]"]
TYPESET = ["W_{h}[1,2]", "W_{h;1,2}", r"\frac{\partial E}{\partial W_{h;1,2}}"]


@pytest.mark.parametrize("spelling", PLAIN + TYPESET)
def test_every_spelling_of_an_entry(spelling: str) -> None:
    found = derivation().gradient(spelling)
    assert (found.quantity, found.indices, found.name) == ("Wh", (0, 1), "dWh[1,2]")


@pytest.mark.parametrize("spelling", ["dE/dWh", r"\frac{\partial E}{\partial W_h}", "dWh", "W_h"])
def test_a_derivative_of_a_whole_array(spelling: str) -> None:
    assert derivation().gradient(spelling).quantity == "Wh"


REFUSED = [
    ("Wh[5,1]", r"Wh has shape \(3, 4\): it has no entry with index 5"),
    ("Wh[1]", r"expected 2 indices, got 1.*Wh has shape \(3, 4\)"),
    ("Wh[0,1]", r"the first entry has 1; Wh has shape \(3, 4\)"),
    ("Wh[1,-2]", r"Wh has shape \(3, 4\)"),
    ("Wh[1,2", r"never closed; Wh has shape \(3, 4\)"),
    ("l1[5,1]", r"l1 has shape \(4, 4\) with the spec's data: it has no entry l1\[5,1\]"),
    ("E[1,1]", "E is a single number"),
    ("Wx[1,1]", "no gradient of 'Wx' in hidden_layer; did you mean 'Wh'|known"),
    ("X[1,1]", "no gradient of 'X'"),
    ("Wh[1,2] + 1", "got a formula"),
    ("dl1/dWh", "expected the name of a quantity"),
]


@pytest.mark.parametrize(("asked", "message"), REFUSED)
def test_what_is_no_entry_is_refused_with_the_shape(asked: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        derivation().gradient(asked)


def test_an_entry_needs_the_length_of_a_batch() -> None:
    layered = network(
        inputs={"X": {"shape": ["m", 2]}},
        targets={"Y": {"shape": ["m", 1]}},
        parameters={"W": {"shape": [2, 1], "value": 0.5}},
        equations={"Z": "X @ W", "E": "sum((Z - Y)**2)"},
        training={"rate": "eta", "learning_rate": 1, "iterations": 1},
    )
    with pytest.raises(UsageError, match="no gradient of 'm' in network: m is the number of samples"):
        derive(layered).gradient("m")
    with pytest.raises(UnsupportedError, match="gives no data"):
        derive(layered).gradient("W[1,1]")


def test_a_scalar_network_has_no_entries() -> None:
    with pytest.raises(UsageError, match="w0 is a single number"):
        derivation("two_node").gradient("w0[1]")


def test_short_forms_and_notebook_forms() -> None:
    two_node = derivation("two_node")
    assert repr(two_node) == "<Derivation of two_node: dE/d(w0, w1, w2)>"
    assert repr(derivation("four_three_two")) == "<Derivation of four_three_two: dE/d(w1, w2, w3, ..., b2)>"
    assert repr(two_node.gradient("w2")) == "<Gradient dE_dw2 = (out - target)*s2>"
    shown = two_node._repr_latex_()
    assert shown.startswith("$$\\begin{aligned}\nx_1 &= w_0 s_0 \\\\\n")
    assert shown.count("&=") == len(two_node.network.graph.equations) + len(two_node.steps)
    assert r"\frac{\partial E}{\partial w_0} &= " in shown
    entry = derivation().gradient("Wo[1,1]")
    assert entry._repr_latex_().startswith(r"$\frac{\partial E}{\partial W_{o;1, 1}} = -l_{1;1, 1}\,(y_{1, 1} - l_{2;1, 1})")
    assert text(entry.term).startswith("-l1[1,1]*(y[1,1] - l2[1,1])")
