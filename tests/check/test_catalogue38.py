"""The mistakes that learners make, row by row of a survey: each typed as an answer, each named by a proved sentence.

A row gives its number, a network, the quantity, a wrong answer and a fragment of the sentence; the rows that show only in code
are listed with the reason.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from symprop.check.marker import Marker
from symprop.derive import derive
from symprop.spec import load, network

TWO = "(out-target)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*s0)"
SAMPLES: dict[str, Any] = {
    "inputs": {"X": [[0.1, 0.2], [0.3, 0.5], [0.3, 0.4]]},
    "targets": {"y": [[1.0], [0.0], [1.0]]},
    "parameters": {
        "W1": {"shape": [2, 2], "value": 0.1},
        "b1": {"shape": [2], "value": 0},
        "W2": {"shape": [2, 1], "value": 0.3},
        "b2": {"shape": [1], "value": 0},
    },
    "layers": [{"size": 2, "activation": "tanh"}, {"size": 1, "activation": "sigmoid"}],
    "training": {"rate": "eta", "learning_rate": 0.1, "iterations": 1},
}
TABLE: dict[str, dict[str, Any]] = {
    "batch": {**SAMPLES, "network": {"style": "matrix", "loss": "half_sum_of_squares"}},
    "penalty": {**SAMPLES, "network": {"style": "matrix", "loss": "half_sum_of_squares", "l2": 0.01}},
    "entropy": {**SAMPLES, "network": {"style": "matrix", "loss": "binary_cross_entropy"}},
    "softmax": {
        **SAMPLES,
        "targets": {"y": [[1, 0], [0, 1], [1, 0]]},
        "parameters": {"W1": {"shape": [2, 2], "value": 0.1}, "b1": {"shape": [2], "value": 0}},
        "layers": [{"size": 2, "activation": "softmax"}],
        "network": {"style": "matrix", "loss": "half_sum_of_squares"},
    },
    "relu": {
        "inputs": {"x": 0.5}, "targets": {"t": 1.0}, "parameters": {"w1": 0.3, "w2": 0.4, "b": 0.1},
        "equations": {"z": "w1*x + b", "h": "relu(z)", "o": "w2*h", "E": "1/2*(o - t)**2"},
        "training": {"rate": "eta", "learning_rate": 0.1, "iterations": 1},
    },
    "tanh": {
        "inputs": {"x": 0.5}, "targets": {"t": 1.0}, "parameters": {"w1": 0.3, "w2": 0.4, "b": 0.1},
        "equations": {"z": "w1*x + b", "h": "tanh(z)", "o": "w2*h", "E": "1/2*(o - t)**2"},
        "training": {"rate": "eta", "learning_rate": 0.1, "iterations": 1},
    },
}  # fmt: skip
ROWS: list[tuple[int, str, str, str, str]] = [
    (1, "two_node", "w0", TWO.replace("out-target", "target-out"), "the sign of the error at out is turned around"),
    (1, "two_node", "w0", f"w0 + alpha*{TWO}", "the step is added instead of subtracted"),
    (2, "two_node", "w0", f"2*{TWO}", "a factor 2 too many"),
    (2, "two_node", "w0", f"{TWO}/2", "a factor 1/2 too many"),
    (3, "batch", "W2", "A1.T @ delta_2 / 3", "divided by the number of samples"),
    (3, "batch", "W2", "A1.T @ delta_2 / 9", "divided twice by the number of samples"),
    (4, "step_by_step", "w5", "(out_o1 - target_o1)*out_h1", "the slope of the activation at out_o1 is missing"),
    (5, "entropy", "W2[1,1]", " + ".join(f"A1[{k},1]*delta_2[{k},1]*A2[{k},1]*(1-A2[{k},1])" for k in (1, 2, 3)),
        "the loss has taken them in"),
    (6, "two_node", "w0", TWO.replace("s1*(1-s1)*", ""), "the slope of the activation at s1 is missing"),
    (7, "two_node", "w0", TWO.replace("s2*(1-s2)", "sigmoid(s2)*(1-sigmoid(s2))"), "as if the activation were applied twice"),
    (8, "two_node", "w0", TWO.replace("s2*(1-s2)", "x2*(1-x2)"), "written with the net input"),
    (9, "two_node", "w0", TWO.replace("s2*(1-s2)", "s2*(1+s2)"), "a sign inside the slope at s2"),
    (9, "two_node", "w0", TWO.replace("s2*(1-s2)", "s2*(s2-1)"), "sign"),
    (10, "two_node", "w0", TWO.replace("s2*(1-s2)", "step(x2)"), "the slope of relu stands at s2"),
    (10, "relu", "w1", "(o-t)*w2*h*(1-h)*x", "the slope of sigmoid stands at h"),
    (11, "tanh", "w1", "(o-t)*w2*(1-z**2)*x", "written with the net input"),
    (12, "relu", "w1", "step(z)*x", "replaces what comes back"),
    (13, "two_node", "w0", TWO.replace("w2", "w2_new"), "the already-updated value of a weight is used"),
    (14, "step_by_step", "w1", "((out_o1-target_o1)*w5 + (out_o2-target_o2)*w7)*out_h1*(1-out_h1)*i1", "slopes"),
    (15, "step_by_step", "w1", "(out_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1", "stands where the gradient belongs"),
    (16, "step_by_step", "w1", "delta_o1*w5*out_h1*(1-out_h1)*i1", "the path from out_h1 to net_o2 is missing"),
    (17, "step_by_step", "w1", "(delta_o1*w5 + delta_o2*w6)*out_h1*(1-out_h1)*i1", "weight"),
    (18, "step_by_step", "w5", "delta_o1*out_o1", "stands where"),
    (19, "step_by_step", "w1", "(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i2", "stands where another input belongs"),
    (19, "step_by_step", "w5", "delta_o1*out_h2", "stands where another output of a unit belongs"),
    (20, "two_node", "w0", TWO.replace("*s0", "*w0"), "stands where the input belongs"),
    (20, "two_node", "w0", TWO.replace("*w1)", ")"), "the weight on the path"),
    (20, "two_node", "w0", TWO.replace("*s0", ""), "the value that w0 multiplies is missing"),
    (21, "hidden_layer", "Wo", "l1.T * delta_2", "* stands where the matrix product @ belongs"),
    (21, "hidden_layer", "Wh", "X.T @ ((delta_2 @ Wo.T) @ (l1*(1-l1)))", "@ stands where * belongs"),
    (22, "hidden_layer", "Wo", "l1 @ delta_2", "a transpose is missing"),
    (22, "hidden_layer", "Wh", "delta_1.T @ X", "a product is transposed"),
    (23, "batch", "b2[1]", "b2[1]*(delta_2[1,1]+delta_2[2,1]+delta_2[3,1])", "the bias b2[1] is a factor too many"),
    (23, "tanh", "b", "(o-t)*w2*(1-h**2)*h", "is a factor too many"),
    (24, "tanh", "w2", "(w2*tanh(w1*x) - t)*tanh(w1*x)", "the bias b is forgotten in the forward pass"),
    (24, "step_by_step", "out_h1", "0.50687", "the bias b1 is forgotten in the forward pass"),
    (25, "batch", "b2[1]", "(delta_2[1,1]+delta_2[2,1]+delta_2[3,1])/3", "divided by the number of samples"),
    (27, "penalty", "W2", "A1.T @ delta_2", "the L2 penalty on this weight is missing"),
    (27, "penalty", "W2", "A1.T @ delta_2 + 2*0.01*W2", "the L2 penalty has a factor 2 too many"),
    (27, "penalty", "W2", "A1.T @ delta_2 + 0.01/3*W2", "the L2 penalty is divided by the number of samples"),
    (27, "penalty", "b2[1]", "delta_2[1,1]+delta_2[2,1]+delta_2[3,1] + 0.01*b2[1]", "the L2 penalty is put on a bias"),
    (28, "softmax", "W1[1,1]", " + ".join(f"X[{k},1]*(A1[{k},1]-y[{k},1])*A1[{k},1]*(1-A1[{k},1])" for k in (1, 2, 3)),
        "as if each output depended on its own net input alone"),
    (29, "softmax", "W1[1,1]", " + ".join(f"X[{k},1]*(A1[{k},1]-y[{k},1])" for k in (1, 2, 3)),
        "the slope of the softmax is missing"),
    (30, "two_node", "w0", f"w0 - {TWO}", "the learning rate is missing"),
    (30, "two_node", "w0", f"w0 - alpha**2*{TWO}", "the learning rate is taken twice"),
    (32, "two_node", "w0", TWO.replace("(out-target)*", ""), "the output out is differentiated instead of the loss"),
    (33, "batch", "W1[1,1]", "(X[1,1]+X[2,1]+X[3,1])*(delta_1[1,1]+delta_1[2,1]+delta_1[3,1])/3", "the samples are averaged"),
    (35, "two_node", "w0", TWO.replace("w2*", "w2_new*") + "*s2*(1-s2)", "already-updated"),
    (36, "batch", "W1[1,1]", "X[2,1]*delta_1[2,1] + X[3,1]*delta_1[3,1]", "is missing"),
    (37, "two_node", "w0", TWO.replace("(out-target)", "(out-target)**2"), "squared"),
    (37, "two_node", "w0", TWO.replace("(out-target)", "abs(out-target)"), "absolute value"),
    # the same rows on other networks
    (1, "hidden_layer", "Wo", "Wo + eta*l1.T @ delta_2", "the step is added instead of subtracted"),
    (1, "four_three_two", "w13", "(t1-o1)*o1*(1-o1)*h1", "the sign of the error at o1 is turned around"),
    (2, "hidden_layer", "Wo", "2*l1.T @ delta_2", "a factor 2 too many"),
    (3, "hidden_layer", "Wo", "l1.T @ delta_2 / 4", "divided by the number of samples"),
    (4, "hidden_layer", "Wo", "l1.T @ (l2 - y)", "the slopes of the activations are missing"),
    (6, "xor_class", "weights1", "X.T @ (delta_2 @ weights2.T)", "the slopes of the activations are missing (at layer1)"),
    (8, "hidden_layer", "Wh", "X.T @ ((delta_2 @ Wo.T)*z1*(1-z1))", "written with the net inputs"),
    (7, "hidden_layer", "Wh", "X.T @ ((delta_2 @ Wo.T)*sigmoid(l1)*(1-sigmoid(l1)))", "as if the activation were applied twice"),
    (10, "hidden_layer", "Wh", "X.T @ ((delta_2 @ Wo.T)*(1-l1**2))", "the slope of tanh stands where"),
    (10, "step_by_step", "w1", "(delta_o1*w5 + delta_o2*w7)*(1-out_h1**2)*i1", "the slope of tanh stands at out_h1"),
    (13, "step_by_step", "w1", "w1 - eta*(delta_o1*w5_new + delta_o2*w7_new)*out_h1*(1-out_h1)*i1", "already-updated weights"),
    (13, "hidden_layer", "Wh", "X.T @ ((delta_2 @ Wo_new.T)*l1*(1-l1))", "already-updated weights"),
    (14, "hidden_layer", "Wh", "X.T @ (((l2-y) @ Wo.T)*l1*(1-l1))", "slopes of the activations are missing (at l2)"),
    (16, "four_three_two", "w1", "delta_o1*w13*h1*(1-h1)*x1", "the path from h1 to zo2 is missing"),
    (17, "step_by_step", "w1", "(delta_o1*w7 + delta_o2*w5)*out_h1*(1-out_h1)*i1", "two weights are exchanged"),
    (17, "four_three_two", "w1", "(delta_o1*w15 + delta_o2*w14)*h1*(1-h1)*x1", "stands where another weight belongs"),
    (17, "step_by_step", "w1", "w5 - eta*(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1", "made from the weight w5"),
    (20, "hidden_layer", "Wh[1,2]", "X[1,1]*delta_1[1,2]", "only the path from Wh[1,2] to z1[1,2] is counted"),
    (21, "xor_class", "weights2", "layer1.T * delta_2", "* stands where the matrix product @ belongs"),
    (22, "single_layer", "Wo", "X @ delta_1", "a transpose is missing"),
    (30, "step_by_step", "w5", "w5 - delta_o1*out_h1", "the learning rate is missing"),
    (31, "step_by_step", "w5", "w5", "the step is missing: the old value is given"),
    (32, "step_by_step", "w5", "out_o1*(1-out_o1)*out_h1", "the output out_o1 is differentiated instead of the loss"),
    (35, "step_by_step", "w1", "(delta_o1*w5_new + delta_o2*w7_new)*(out_h1*(1-out_h1))**2*i1", "already-updated"),
    (37, "step_by_step", "w5", "(out_o1-target_o1)**2*out_o1*(1-out_o1)*out_h1", "squared"),
]  # fmt: skip
IN_CODE = {
    26: "a bias kept as a row of the weights exists only in arrays that a script makes",
    34: "gradients that are not reset, or updates inside the loop over samples, show in a script's order of statements",
}
ELSEWHERE = {31: "test_the_gradient_for_the_update_is_named", 38: "test_rounded_intermediate_results_are_admitted"}


@cache
def marker(net: str) -> Marker:
    return Marker(derive(network(id=net, title=net, **TABLE[net]) if net in TABLE else load(net)))


@pytest.mark.parametrize(("row", "net", "quantity", "wrong", "sentence"), ROWS)
def test_each_row_is_named(row: int, net: str, quantity: str, wrong: str, sentence: str) -> None:
    verdict = marker(net).check(quantity, wrong)
    assert verdict.outcome == "not correct"
    assert any(sentence in each.sentence for each in verdict.diagnoses), (row, str(verdict))


def test_the_gradient_for_the_update_is_named() -> None:
    assert marker("two_node").check("w0", TWO).message == "the gradient of w0"
    as_gradient = marker("two_node").check("w0", f"-alpha*{TWO}", as_="gradient")
    assert any("the step is given where the gradient is asked for" in each.sentence for each in as_gradient.diagnoses)


def test_rounded_intermediate_results_are_admitted() -> None:
    for digits in ("0.0822", "0.08217", "0.082167"):
        assert marker("step_by_step").check("dE_dw5", digits).correct


def test_the_table_has_every_row() -> None:
    assert {row for row, *_ in ROWS} | set(IN_CODE) | set(ELSEWHERE) == set(range(1, 39))
