"""Wrong formulas of the forward pass, the loss and the documents' own quantities: the sentence names what is wrong."""

from __future__ import annotations

from functools import cache

import pytest

from symprop.check import check
from symprop.check.marker import Marker
from symprop.derive import Derivation, derive
from symprop.spec import load, network

ROWS = [
    ("step_by_step", "net_h1", "w1*i1 + w3*i2 + b1", "the weight w3 stands where another weight belongs"),
    ("step_by_step", "net_h1", "w1*i1 + w2*i2", "the bias is forgotten"),
    ("step_by_step", "net_h1", "w1*i1 - w2*i2 + b1", "the sign of one term"),
    ("step_by_step", "net_h1", "w1*i1 + b1", "a term of the sum is missing"),
    ("step_by_step", "out_h1", "tanh(net_h1)", "tanh stands where the activation sigmoid belongs"),
    ("step_by_step", "out_h1", "1/(1 + exp(net_h1))", "the sign of what stands in the activation"),
    ("step_by_step", "out_h1", "net_h1", "the activation sigmoid is missing"),
    ("step_by_step", "out_h1", "sigmoid(net_h2)", "net_h2 stands where another net input belongs"),
    ("step_by_step", "out_o1", "sigmoid(w5*out_h1 + w6*out_h1 + b2)", "out_h1 stands where another output of a unit belongs"),
    ("step_by_step", "E_total", "(target_o1 - out_o1)**2 + (target_o2 - out_o2)**2", "a factor 2 too many"),
    ("step_by_step", "E_total", "(E_o1 + E_o2)/2", "divided by the number of outputs"),
    ("step_by_step", "E_total", "1/2*(target_o1 - out_o1)**2", "a term of the sum is missing"),
    ("four_three_two", "h1", "sigmoid(w1*x1 + w4*x2 + w7*x3 + w9*x4 + b1)", "the weight w9 stands where another weight belongs"),
    ("two_node", "x2", "w0*s1", "the weight w0 stands where another weight belongs"),
    ("two_node", "E", "(out - target)**2", "a factor 2 too many"),
    ("hidden_layer", "l1", "tanh(X @ Wh)", "in the entry l1[1,1] tanh stands where"),
    ("hidden_layer", "l2_delta", "(l2 - y)*l2*(1 - l2)", "turned around"),
    ("hidden_layer", "l2_delta", "l2_error", "in the entry l2_delta[1,1] the slope of the activation at l2[1,1] is missing"),
    ("hidden_layer", "l1_error", "l2_error @ Wo.T", "the slope of the activation at l2[1,1] is missing"),
    ("hidden_layer", "l1_delta", "l1_error*sigmoid(l1)*(1 - sigmoid(l1))", "as if the activation were applied twice"),
    ("single_layer", "l1_delta", "l1_error*z1*(1 - z1)", "written with the net input"),
    ("xor_class", "d_weights2", "layer1.T @ ((y - output)*output*(1 - output))", "a factor 1/2 too many"),
]


@cache
def marker(name: str) -> Marker:
    return Marker(derive(load(name)))


@pytest.mark.parametrize(("name", "quantity", "wrong", "sentence"), ROWS)
def test_what_is_wrong_with_a_value_is_said(name: str, quantity: str, wrong: str, sentence: str) -> None:
    verdict = marker(name).check(quantity, wrong)
    assert verdict.outcome == "not correct"
    assert any(sentence in each.sentence for each in verdict.diagnoses), str(verdict)


def test_an_announced_convention_holds_for_a_loss_too() -> None:
    whole = "(target_o1 - out_o1)**2 + (target_o2 - out_o2)**2"
    assert not marker("step_by_step").check("E_total", whole).correct
    assert marker("step_by_step").check("E_total", whole, conventions=("half",)).correct
    assert not marker("step_by_step").check("E_total", whole, conventions=("sign",)).correct


def test_nothing_is_said_where_nothing_simple_is_wrong() -> None:
    verdict = marker("step_by_step").check("net_h1", "w1**2*i1*exp(i2) + out_o1")
    assert verdict.outcome == "not correct" and not verdict.diagnoses


def of_classes(*targets: list[int]) -> Derivation:
    return derive(
        network(
            id="classes",
            inputs={"X": [[0.1, 0.2], [0.3, -0.4]]},
            targets={"Y": list(targets)},
            parameters={"W": [[0.7, -0.2, 0.1], [0.4, 0.5, -0.3]]},
            network={"style": "matrix", "loss": "softmax_cross_entropy"},
            layers=[{"size": 3, "activation": "softmax", "weights": "W", "bias": "none"}],
            training={"learning_rate": 0.1},
        )
    )


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("-sum(Y*log(A1))/m", True),
        ("-mean(sum(Y*log(softmax(Z1)), axis=1))", True),
        ("-sum(Y*log(A1))", False),
        ("-sum(A1*log(Y))/m", False),
        ("-sum((1-Y)*log(A1))/m", False),
    ],
)
def test_cross_entropy_as_the_textbooks_write_it(answer: str, right: bool) -> None:
    """-sum y log a is the fused loss where each row of targets sums to 1: what the loss takes for granted may be used."""
    assert check(of_classes([1, 0, 0], [0, 0, 1]), "E", answer).correct is right
    assert not check(of_classes([1, 1, 0], [0, 0, 1]), "E", answer).correct


def test_ones_that_may_be_targets_leave_work_for_what_is_wrong() -> None:
    """Each 1 is tried as every target that is 1: that may take half of an answer's work, not all of it."""
    made = network(
        id="targets",
        inputs={"X": [[0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]]},
        targets={"Y": [[1, 0], [0, 1], [1, 0]]},
        parameters={
            "W1": [[0.7, -0.2, 0.3], [0.4, 0.5, -0.6]], "b1": [0.1, 0.2, -0.3],
            "W2": [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], "b2": [0.1, -0.2],
        },
        network={"style": "matrix", "loss": "binary_cross_entropy"},
        layers=[{"size": 3, "activation": "relu"}, {"size": 2, "activation": "sigmoid"}],
        training={"learning_rate": 0.1},
    )  # fmt: skip
    verdict = check(derive(made), "E", "-2*mean(Y*log(A2) + (1-Y)*log(1-A2))")
    assert "the whole has a factor 2 too many" in [each.sentence for each in verdict.diagnoses]
