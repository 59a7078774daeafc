"""What students confuse on the way back and in formulas of the forward pass: each sentence on the answer that calls for it."""

from __future__ import annotations

from functools import cache

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.spec import build, load, read_spec, starting_spec

MADE = {
    "softmax": starting_spec("2-3-3", "tanh", "softmax_cross_entropy"),
    "entropy": starting_spec("2-2-1", "sigmoid", "binary_cross_entropy"),
}


@cache
def derivation(net: str) -> Derivation:
    return derive(build(read_spec(MADE[net], net)) if net in MADE else load(net))


def told(net: str, quantity: str, answer: str) -> list[str]:
    verdict = check(derivation(net), quantity, answer)
    assert verdict.outcome == "not correct", str(verdict)
    return [each.sentence for each in verdict.diagnoses]


BACKWARD = [
    ("two_node", "w1", "(out-target)*w2*s1*(1-s1)*s1", "the slope of the activation at s1 stands where that at s2 belongs"),
    ("two_node", "w1", "E", "the quantity E stands where the gradient of w1 belongs"),
    ("two_node", "w1", "w1 - alpha*E", "the quantity E stands where the gradient of w1 belongs"),
    ("step_by_step", "w1", "(delta_o1+delta_o2)*(w5+w7)*out_h1*(1-out_h1)*i1", "each gradient belongs to its own weight"),
    ("step_by_step", "w1", "delta_o1*w5*delta_o2*w7*out_h1*(1-out_h1)*i1", "the paths from out_h1 are multiplied"),
    ("softmax", "w7", "-target_o1/out_o1*out_h1", "not by its net input net_o1: the slope of the output is missing"),
    ("softmax", "w7", "-target_o1*(1-out_o1)*out_h1", "as if each output depended on its own net input alone"),
    ("softmax", "w7", "out_o1*(1-out_o1)*out_h1", "the output that belongs to net_o1 is differentiated instead of the loss"),
    ("entropy", "w5", "(out_o1-target_o1)/(out_o1*(1-out_o1))*out_h1", "not by its net input net_o1: the slope of the output is"),
]
FORWARD = [
    ("step_by_step", "E_total", "1/2*(target_o1-out_o1+target_o2-out_o2)^2", "the power belongs to each of its terms"),
    ("softmax", "out_o1", "exp(net_o1)/(exp(net_o1)+exp(net_o2))", "a term of the sum of exponentials is missing"),
    ("softmax", "out_o1", "exp(net_o1)/exp(net_o1+net_o2+net_o3)", "the exponential of the sum stands where the sum of the"),
    ("softmax", "out_o1", "net_o1/(net_o1+net_o2+net_o3)", "the net inputs are divided by their sum"),
    ("softmax", "out_o1", "exp(-net_o1)/(exp(-net_o1)+exp(-net_o2)+exp(-net_o3))", "the sign inside the exponentials"),
    ("softmax", "E", "-(target_o1*log(out_o1)+target_o2*log(out_o2))", "a term of the sum is missing"),
    ("softmax", "E", "target_o1*log(out_o1)+target_o2*log(out_o2)+target_o3*log(out_o3)", "the sign is turned around"),
    ("entropy", "E", "-target_o1*log(out_o1)", "a term of the sum is missing"),
    ("entropy", "E", "-(target_o1*log(out_o1)+(1-target_o1)*log(out_o1))", "a quantity stands where 1 minus the quantity belongs"),
]


@pytest.mark.parametrize(("net", "quantity", "answer", "said"), [*BACKWARD, *FORWARD])
def test_a_confusion_is_told(net: str, quantity: str, answer: str, said: str) -> None:
    assert said in told(net, quantity, answer)[0]


def test_a_hidden_weight_behind_outputs_taken_by_themselves_is_told_once() -> None:
    errors = "+".join(f"-target_o{k}*(1-out_o{k})*w{weight}" for k, weight in ((1, 7), (2, 10), (3, 13)))
    assert "as if each output depended on its own net input alone" in told("softmax", "w1", f"({errors})*(1-out_h1^2)*i1")[0]


@pytest.mark.parametrize(
    ("quantity", "answer"),
    [
        ("E", "-(target_o1*log(out_o1)+target_o2*log(out_o2)+target_o3*log(out_o3))"),
        ("w7", "-(target_o1*(1-out_o1) - target_o2*out_o1 - target_o3*out_o1)*out_h1"),
        ("w13", "(out_o3 - 0)*out_h1"),
    ],
)
def test_targets_of_classes_sum_to_1_where_each_unit_is_written_out(quantity: str, answer: str) -> None:
    """The loss over net inputs is the textbook's only where they do; networks over arrays take the same for granted."""
    verdict = check(derivation("softmax"), quantity, answer)
    assert verdict.correct, str(verdict)


def test_targets_that_do_not_sum_to_1_stay_free() -> None:
    other = derive(build(read_spec(MADE["softmax"].replace("target_o2 = 0", "target_o2 = 0.5"), "other")))
    assert not check(other, "E", "-(target_o1*log(out_o1)+target_o2*log(out_o2)+target_o3*log(out_o3))").correct
    assert check(other, "w7", "(out_o1-target_o1)*out_h1").correct


@pytest.mark.parametrize(("number", "cut"), [("0.149", True), ("0.1497", True), ("0.1499", False), ("0.148", False)])
def test_digits_that_are_cut_off_are_told(number: str, cut: bool) -> None:
    """The new w1 is 0.149780716."""
    said = told("step_by_step", "w1", number)
    assert (said == ["the digits are cut off where they should be rounded"]) == cut
