"""Every array rule, entry by entry: the matrix gradient, written out in the weights, is `sympy.diff` of the written-out loss.

Small arrays are lowered to a symbol for each entry; SymPy differentiates the whole loss at once and knows nothing of arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

from symprop.algebra import symbol, to_sympy
from symprop.derive import Derivation, derive
from symprop.derive.entries import entries
from symprop.derive.expand import in_weights
from symprop.derive.scalar import Lowered, lowered
from symprop.errors import InputError, UnsupportedError, UsageError
from symprop.graph import Network
from symprop.notation.text import text
from symprop.spec import network
from symprop.terms import Ref
from symprop.worked import floats

SHAPES: dict[str, tuple[int, ...]] = {
    "A": (2, 3), "B": (3, 2), "C": (2, 2), "W": (2, 3), "V": (2, 3), "b": (3,), "s": (), "k": (), "r": (1, 3), "l": (2, 1),
    "c": (3,),
}  # fmt: skip


def made(equations: dict[str, str], learned: str) -> Network:
    """A network of these equations; names are arrays of `SHAPES`, with numbers that no proof depends on."""
    parameters = {name: numbers(SHAPES[name]) for name in learned.split()}
    return network(id="rules", parameters=parameters, equations=equations, training={"learning_rate": 1})


def numbers(shape: tuple[int, ...]) -> Any:
    return np.arange(1, 1 + int(np.prod(shape, dtype=int))).reshape(shape).tolist()


def true_gradient(lower: Lowered, name: str) -> Any:
    graph = lower.network.graph
    return sympy.diff(in_weights(graph, Ref(graph.loss), budget=10**6), symbol(name))


def proved(whole: Network) -> Derivation:
    """The derivation, after each entry of each gradient has been proved, in array form and in scalar form."""
    lower, derivation = lowered(whole), derive(whole)
    scalar = derive(lower.network)
    for name in whole.graph.names("parameter"):
        block = np.asarray(lower.entries.get(name, Ref(name)), dtype=object)
        mine = np.broadcast_to(entries(derivation.gradient(name).term, lower.entries), block.shape)
        for place in np.ndindex(block.shape):
            true = true_gradient(lower, block[place].name)
            assert is_zero(in_weights(lower.network.graph, mine[place], budget=10**6) - true), (name, place)
            assert is_zero(scalar.gradient(block[place].name).expanded(budget=10**6) - true), (name, place)
    return derivation


def is_zero(expression: Any) -> bool:
    """Exactly zero: as a polynomial over its functions, else as a rational function of its exponentials."""
    expanded = sympy.expand(expression)
    return bool(expanded == 0 or sympy.cancel(expanded) == 0)


REDUCTIONS = [
    ({"L": "sum(W)"}, "W", {"W": "broadcast(1, like=W)"}),
    ({"L": "sum(W**2)"}, "W", {"W": "2*W"}),
    ({"L": "mean(W**2)"}, "W", {"W": "W/3"}),
    ({"L": "1/2*sum(W**2)"}, "W", {"W": "W"}),
    ({"L": "-mean(W)"}, "W", {"W": "broadcast(-1/6, like=W)"}),
    ({"S": "sum(W, axis=0)", "L": "sum(S**2)"}, "W", {"S": "2*S"}),
    ({"S": "sum(W, axis=1, keepdims=True)", "L": "sum(S**3)"}, "W", {}),
    ({"S": "sum(W, axis=0, keepdims=True)", "L": "sum(S**2)"}, "W", {}),
    ({"S": "mean(W, axis=0)", "L": "sum(S**2)"}, "W", {}),
    ({"S": "mean(W, axis=1, keepdims=True)", "L": "sum(W*S)"}, "W", {}),
    ({"S": "mean(W**2)", "L": "S**2"}, "W", {}),
    ({"S": "sum(W**2, keepdims=True)", "L": "sum(W*S)"}, "W", {}),
    ({"L": "sum(W)*sum(W**2)"}, "W", {}),
    ({"L": "sum(W**2)/sum(W)"}, "W", {}),
    ({"L": "sum(W**2)/s"}, "W s", {}),
    ({"L": "sum(W*s)/(s*s)"}, "W s", {}),
]
PRODUCTS = [
    ({"Z": "A @ B", "L": "sum(Z**2)"}, "A B", {"A": "dZ @ B.T", "B": "A.T @ dZ"}),
    ({"Z": "A @ W.T", "L": "sum(Z**2)"}, "A W", {"W": "(A.T @ dZ).T"}),
    ({"Z": "(A @ B).T", "L": "sum(C*Z)"}, "A B C", {}),
    ({"Z": "A.T", "L": "sum(Z**3)"}, "A", {"A": "dZ.T"}),
    ({"Z": "A @ B @ C", "L": "sum(Z**2)"}, "A B C", {}),
    ({"Z": "A @ (B @ C)", "L": "sum(Z**2)"}, "A B C", {}),
    ({"Z": "tanh(A) @ B", "L": "sum(Z**2)"}, "A B", {}),
    ({"Z": "A @ (2*B)", "L": "sum(Z**2)"}, "A B", {}),
    ({"Z": "C @ C", "L": "sum(Z)"}, "C", {}),
    ({"L": "sum((A @ B)**2)"}, "A B", {}),
]
BROADCASTS = [
    ({"Z": "W + b", "L": "sum(Z**2)"}, "W b", {"W": "dZ", "b": "sum(dZ, axis=0)"}),
    ({"Z": "W*b", "L": "sum(Z**2)"}, "W b", {}),
    ({"Z": "W + s", "L": "sum(Z**2)"}, "W s", {"s": "sum(dZ)"}),
    ({"Z": "s*W", "L": "sum(Z**2)"}, "W s", {}),
    ({"Z": "W + r", "L": "sum(Z**2)"}, "W r", {}),
    ({"Z": "W*l", "L": "sum(Z**2)"}, "W l", {}),
    ({"Z": "r + l", "L": "sum(Z**2)"}, "r l", {}),
    ({"Z": "b + l", "L": "sum(Z**3)"}, "b l", {}),
    ({"Z": "b*s + k", "L": "sum(Z**2)"}, "b s k", {}),
    ({"Z": "W/(1 + b**2)", "L": "sum(Z)"}, "W b", {}),
    # the partial of a repeated operand does not depend on where it stands: it is counted, not summed
    ({"L": "sum(W + b)"}, "W b", {"b": "broadcast(2, like=b)"}),
    ({"L": "sum(W + s)"}, "W s", {"s": "6"}),
    ({"L": "mean(W + s)"}, "W s", {}),
    ({"L": "mean(W*s)"}, "W s", {}),
    ({"L": "sum(W*b)"}, "W b", {}),
    ({"L": "sum(r + l)"}, "r l", {}),
    ({"L": "sum(b*l)"}, "b l", {}),
    ({"L": "mean(s*b + k)"}, "b s k", {}),
    ({"L": "sum(W + s*k)"}, "W s k", {}),
]
ELEMENTWISE = [
    ({"Z": "W*V", "L": "sum(Z**2)"}, "W V", {"W": "dZ*V", "V": "dZ*W"}),
    ({"Z": "tanh(W)", "L": "sum(V*Z)"}, "W V", {"W": "dZ*(1 - Z**2)"}),
    ({"Z": "sigmoid(W + b)", "L": "sum(Z**2)"}, "W b", {}),
    ({"Z": "W/V", "L": "sum(Z)"}, "W V", {}),
    ({"Z": "exp(W)", "L": "mean(Z*V)"}, "W V", {}),
    ({"Z": "softplus(W)*s", "L": "sum(Z)"}, "W s", {}),
    ({"Z": "relu(W)", "L": "sum(Z*V)"}, "W V", {"W": "dZ*step(W)"}),
    ({"Z": "V", "Y": "Z + W", "L": "sum(Y*Z)"}, "W V", {}),
    ({"Z": "W + V", "L": "sum(Z*W)"}, "W V", {}),
]
ROWS = [
    ({"P": "softmax(W)", "L": "sum(V*P)"}, "W V", {"W": "P*(dP - sum(dP*P, axis=1, keepdims=True))"}),
    ({"P": "softmax(W)", "L": "sum(P**2)"}, "W", {}),
    ({"L": "sum(V*softmax(W + b))"}, "W V b", {}),
    ({"E": "softmax_cross_entropy(W, V)", "L": "sum(E)"}, "W V", {"W": "dE*(softmax(W) - V)", "V": "-dE*W"}),
    ({"E": "softmax_cross_entropy(W, V)", "L": "sum(E**2)"}, "W V", {"E": "2*E"}),
    ({"L": "sum(softmax_cross_entropy(W, V))"}, "W V", {"W": "softmax(W) - V", "V": "-W"}),
    ({"L": "mean(softmax_cross_entropy(W, V))"}, "W V", {"W": "(softmax(W) - V)/2"}),
    ({"L": "sum(softmax_cross_entropy(W, V))/3"}, "W V", {"W": "(softmax(W) - V)/3"}),
    ({"L": "sum(softmax_cross_entropy(2*W, V))"}, "W V", {}),
    ({"L": "sum(softmax_cross_entropy(W + b, V))"}, "W V b", {}),
    ({"L": "sum(binary_cross_entropy(W, V))"}, "W V", {"W": "sigmoid(W) - V", "V": "-W"}),
    ({"L": "sum(W**2) + mean(W*V)"}, "W V", {}),
    ({"P": "softmax(b)", "L": "sum(c*P)"}, "b c", {"b": "P*(dP - sum(dP*P, axis=0, keepdims=True))"}),
    ({"L": "sum(softmax_cross_entropy(b, c))"}, "b c", {"b": "softmax(b) - c"}),
]
RULES = [*REDUCTIONS, *PRODUCTS, *BROADCASTS, *ELEMENTWISE, *ROWS]


@pytest.mark.parametrize(("equations", "learned", "forms"), RULES, ids=[" ; ".join(rule[0].values()) for rule in RULES])
def test_every_entry_is_sympys_derivative(equations: dict[str, str], learned: str, forms: dict[str, str]) -> None:
    derivation = proved(made(equations, learned))
    assert {name: text(derivation.steps[name].term) for name in forms} == {name: forms[name] for name in forms}


def test_a_fused_loss_uses_the_outputs_name() -> None:
    words: dict[str, Any] = {"parameters": {"W": [[1, 2, 3]], "V": [[4, 5, 6]]}, "training": {"learning_rate": 1}}
    loss = {"S": "sigmoid(W)", "L": "mean(binary_cross_entropy(W, V))"}
    derivation = proved(network(id="rules", equations=loss, outputs=["S"], **words))
    assert {step.quantity: text(step.term) for step in derivation.steps.values()} == {"W": "(S - V)/3", "V": "-W/3"}
    with pytest.raises(UsageError, match="no gradient of 'S' in rules: L does not depend on S"):
        derivation.gradient("S")


def test_a_gradient_has_the_shape_of_its_quantity() -> None:
    for equations, learned, _ in RULES:
        whole = made(equations, learned)
        lower = lowered(whole)
        for step in derive(whole).steps.values():
            block = np.asarray(lower.entries.get(step.quantity, Ref(step.quantity)), dtype=object)
            assert np.shape(entries(step.term, lower.entries)) in (np.shape(block), ()), step.name


SAMPLES = [[1, 2], [3, 4], [5, 6]]
LAYER = {"Z1": "X @ W1 + b1", "A1": "tanh(Z1)", "Z2": "A1 @ W2 + b2"}
WEIGHTS = {"W1": [[1, 2], [3, 4]], "b1": [1, 2], "W2": [[1, 2], [3, 4]], "b2": [3, 4]}
TARGETS = [[1, 0], [0, 1], [1, 0]]
LOSSES = [
    ("Z2", "1/2*sum((Y - A2)**2)", "-(Y - A2)"),
    ("sigmoid(Z2)", "mean((Y - A2)**2)", "dA2*A2*(1 - A2)"),
    ("sigmoid(Z2)", "mean(binary_cross_entropy(Z2, Y))", "(A2 - Y)/(2*m)"),
    ("softmax(Z2)", "mean(softmax_cross_entropy(Z2, Y))", "(A2 - Y)/m"),
    ("sigmoid(Z2)", "mean(binary_cross_entropy(Z2, Y)) + 1/2*0.01*(sum(W1**2) + sum(W2**2))", "(A2 - Y)/(2*m)"),
]


@pytest.mark.parametrize(("output", "loss", "expected"), LOSSES)
def test_a_batch_of_samples(output: str, loss: str, expected: str) -> None:
    """A two-layer network whose number of samples has a name: step by step the entries' steps, and a complex step of the loss."""
    whole = network(
        id="batch",
        inputs={"X": {"shape": ["m", 2], "value": SAMPLES}},
        targets={"Y": {"shape": ["m", 2], "value": TARGETS}},
        parameters=WEIGHTS,
        equations=LAYER | {"A2": output, "L": loss},
        outputs=["A2"],
        training={"learning_rate": 1},
    )
    assert whole.batch == "m"
    derivation = derive(whole)
    assert text(derivation.steps["A2" if output == "Z2" else "Z2"].term) == expected
    agrees_with_its_entries(whole, derivation)
    agrees_with_a_complex_step(whole, derivation)


def agrees_with_its_entries(whole: Network, derivation: Derivation) -> None:
    lower = lowered(whole)
    scalar = derive(lower.network)
    for step in derivation.steps.values():
        block = lower.entries[step.quantity]
        made_entries = np.broadcast_to(entries(step.term, lower.entries), block.shape)
        for place in np.ndindex(block.shape):
            assert is_zero(to_sympy(made_entries[place]) - to_sympy(scalar.steps[block[place].name].term)), (step.name, place)


def agrees_with_a_complex_step(whole: Network, derivation: Derivation) -> None:
    draw = np.random.default_rng(5)
    names = whole.graph.names("parameter")
    values = {name: draw.normal(size=tuple(int(length) for length in whole.graph.shape(name))) for name in names}
    mine = floats.gradients(derivation, values)
    for name in names:
        for place in np.ndindex(values[name].shape):
            moved = {key: value.astype(complex) for key, value in values.items()}
            moved[name][place] += 1e-200j
            true = np.imag(floats.forward(whole, moved)["L"]) / 1e-200
            assert mine[name][place] == pytest.approx(true, rel=1e-12, abs=1e-14)


def test_the_proof_can_say_no() -> None:
    whole = made({"Z": "A @ B", "L": "sum(Z**2)"}, "A B")
    lower = lowered(whole)
    right = derive(lower.network).gradient("A[1,2]").expanded()
    assert not is_zero(right - true_gradient(lower, "A[1,1]"))


REFUSED = [
    ({"S": "sum(W, axis=1)", "L": "sum(S**2)"}, "W", "a sum or mean along axis 1 needs keepdims=True"),
    ({"Z": "W @ b", "L": "sum(Z**2)"}, "W b", "Z: no gradient rule for a matrix product with a vector; write a vector as a row"),
    ({"Z": "W[1,1]*V", "L": "sum(Z)"}, "W V", "no gradient rule for Entry inside an equation"),
    ({"L": "sum(softmax_cross_entropy(C, V))"}, "C V", "do not fit"),
    ({"Z": "W*V/(W - W)", "L": "sum(Z)"}, "W V", "Z: a derivative is defined nowhere"),
]


@pytest.mark.parametrize(("equations", "learned", "message"), REFUSED)
def test_what_has_no_rule_is_refused_by_name(equations: dict[str, str], learned: str, message: str) -> None:
    with pytest.raises((UnsupportedError, InputError), match=message):
        derive(made(equations, learned))
