"""What a tutor would say and what he would not: each sentence on the answer that calls for it, and none that is untrue there."""

import pytest

from symprop.check import Verdict, check
from symprop.derive import Derivation, derive
from symprop.spec import build, load, read_spec

REST = "w1*s1*(1-s1)*s0"


@pytest.fixture(scope="module")
def two_node() -> Derivation:
    return derive(load("two_node"))


@pytest.fixture(scope="module")
def hidden_layer() -> Derivation:
    return derive(load("hidden_layer"))


def told(verdict: Verdict) -> list[str]:
    assert verdict.outcome == "not correct"
    return [each.sentence for each in verdict.diagnoses]


@pytest.mark.parametrize(
    ("quantity", "answer"),
    [
        ("w0", f"(out-target)*w2*s2*1-s2*{REST}"),
        ("w0", f"out-target*w2*s2*(1-s2)*{REST}"),
        ("w0", f"w0-alpha*out-target*w2*s2*(1-s2)*{REST}"),
        ("w2", "(out-target)*1/1+exp(-x2)"),
        ("s1", "1/1+exp(-x1)"),
        ("E", "1/2*out-target**2"),
    ],
)
def test_missing_brackets_are_told(two_node: Derivation, quantity: str, answer: str) -> None:
    assert told(check(two_node, quantity, answer)) == ["brackets are missing: a product binds tighter than a sum"]


def test_missing_brackets_among_arrays_are_told(hidden_layer: Derivation) -> None:
    assert told(check(hidden_layer, "Wh", "X.T @ (delta_2 @ Wo.T * l1*1-l1)"))[0].startswith("brackets are missing")


@pytest.mark.parametrize(
    ("quantity", "answer", "number"),
    [
        ("w2", "w2 - 0.01*(out-target)*s2", "0.01"),
        ("w2", "w2 - 0.5*(out-target)*s2", "0.5"),
        ("w2", "-0.01*(out-target)*s2", "0.01"),
        ("w1", "w1 - 0.2*(out-target)*w2_new*s2*(1-s2)*s1", "0.2"),
    ],
)
def test_a_number_that_is_not_the_learning_rate_is_told(two_node: Derivation, quantity: str, answer: str, number: str) -> None:
    assert told(check(two_node, quantity, answer)) == [f"{number} stands where the learning rate alpha belongs"]


def test_another_learning_rate_among_arrays_is_told(hidden_layer: Derivation) -> None:
    said = "0.5 stands where the learning rate eta belongs"
    assert told(check(hidden_layer, "Wo", "Wo - 0.5*l1.T @ ((l2-y)*l2*(1-l2))")) == [said]


@pytest.mark.parametrize(
    ("answer", "mistake"), [("-0.5*(out-target)*s2", "factor 1/2"), ("w2 - 1*(out-target)*s2", "learning rate missing")]
)
def test_a_number_that_explains_more_is_no_learning_rate(two_node: Derivation, answer: str, mistake: str) -> None:
    assert [each.mistake for each in check(two_node, "w2", answer).diagnoses] == [mistake]


@pytest.mark.parametrize("function", ["tanh", "sinh", "exp", "log"])
def test_another_function_of_the_same_argument_is_told(two_node: Derivation, function: str) -> None:
    assert told(check(two_node, "s1", f"{function}(x1)")) == [f"{function} stands where the activation sigmoid belongs"]


@pytest.mark.parametrize("answer", [f"(out-target)*w2*s2*(1-s2)+{REST}", "w2 + alpha*(out-target)*s1", "out*s2-target"])
def test_brackets_that_would_not_put_it_right_are_not_told(two_node: Derivation, answer: str) -> None:
    assert not any("brackets" in sentence for sentence in told(check(two_node, "w0", answer)))


@pytest.mark.parametrize("start", ["", "w0 - alpha*", "-alpha*"])
def test_the_gradient_of_another_weight_is_told(two_node: Derivation, start: str) -> None:
    assert told(check(two_node, "w0", f"{start}(out-target)*s2")) == ["the gradient of w2 is used, not that of w0"]


def test_the_gradient_of_another_entry_is_told(hidden_layer: Derivation) -> None:
    answer = "+".join(f"l1[{row},2]*delta_2[{row},1]" for row in range(1, 5))
    assert told(check(hidden_layer, "Wo[1,1]", answer)) == ["the gradient of Wo[2,1] is used, not that of Wo[1,1]"]


@pytest.mark.parametrize(("slope", "name"), [("out*(1-out)", "sigmoid"), ("(1-out**2)", "tanh")])
def test_a_slope_at_an_output_without_activation_is_told(two_node: Derivation, slope: str, name: str) -> None:
    said = f"the slope of {name} at out is a factor too many: that output has no activation"
    assert told(check(two_node, "w2", f"(out-target)*s2*{slope}")) == [said]


def test_a_long_answer_is_told_what_is_wrong_with_it(two_node: Derivation) -> None:
    calls = "".join(f" + tanh({name}) - tanh({name})" for name in ("w0", "w1", "w2", "x1") * 25)
    assert "the whole has a factor 2 too many" in told(check(two_node, "w0", f"2*(out-target)*w2*s2*(1-s2)*{REST}{calls}"))


def test_an_activation_too_many_is_told(two_node: Derivation) -> None:
    assert told(check(two_node, "out", "sigmoid(w2*s2)")) == ["the activation sigmoid is one too many"]


BY_RULE = "already-updated weights are used, as the update rule has it"


@pytest.mark.parametrize("answer", ["w1 + alpha*(out-target)*w2_new*s2*(1-s2)*s1", "w1 - alpha*(out-target)*w2_new*s2*s1"])
def test_updated_weights_are_no_mistake_where_the_rule_uses_them(two_node: Derivation, answer: str) -> None:
    ruled, other = (check(two_node, "w1", answer, update=rule) for rule in ("document", "simultaneous"))
    assert all(sentence.endswith(BY_RULE) for sentence in told(ruled))
    assert not any("already-updated" in each.mistake for each in ruled.diagnoses)
    assert any("belongs" in sentence and BY_RULE not in sentence for sentence in told(other))


def test_no_gradient_explains_itself(two_node: Derivation) -> None:
    """dE/dout = out - target: with dE_dout itself for the target that is the target, which explains nothing."""
    sentences = told(check(two_node, "w0", f"target*w2*s2*(1-s2)*{REST}"))
    assert sentences == ["the target target stands where the gradient belongs, on the path from s2 to out"]


def test_an_updated_weight_has_the_name_of_the_weight(two_node: Derivation) -> None:
    sentences = told(check(two_node, "w0", f"(out-target)*w2*w1_new*(1-s2)*{REST}"))
    assert any("the already-updated value of the weight w1 stands" in each for each in sentences)


@pytest.mark.parametrize("quantity", ["w5", "E_total"])
def test_nobody_is_told_to_divide_where_the_loss_is_a_sum(quantity: str) -> None:
    right = {"w5": "delta_o1*out_h1", "E_total": "E_o1 + E_o2"}[quantity]
    sentences = told(check(derive(load("step_by_step")), quantity, f"2*({right})"))
    assert "the whole has a factor 2 too many" in sentences and not any("divided" in each for each in sentences)


def test_the_outputs_of_a_layer_in_the_places_of_its_deltas_are_told() -> None:
    verdict = check(derive(load("step_by_step")), "w1", "(out_o1*w5 + out_o2*w7)*out_h1*(1-out_h1)*i1")
    assert told(verdict) == ["outputs of units stand where their gradients belong, on the paths from out_h1"]


CLASSIFIER = """
id = "classifier"
title = "A classifier"
inputs.X = [[0.1, 0.2], [0.3, 0.5], [0.3, 0.4]]
targets.Y = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
network = { style = "matrix", loss = "softmax_cross_entropy", l2 = 0.01 }
layers = [{ size = 3, activation = "relu" }, { size = 3, activation = "softmax" }]
training = { rate = "eta", learning_rate = 0.1, seed = 0 }
[parameters]
W1 = { shape = [2, 3], draw = "glorot_uniform" }
b1 = { shape = [3], value = 0 }
W2 = { shape = [3, 3], draw = "glorot_uniform" }
b2 = { shape = [3], value = 0 }
"""


@pytest.mark.parametrize(
    ("array", "said"), [("A1", "the layer's output A1 stands where a"), ("Z1", "the net input Z1 stands where another")]
)
def test_a_softmax_of_something_else_is_told(array: str, said: str) -> None:
    verdict = check(derive(build(read_spec(CLASSIFIER, "test"))), "A2", f"softmax({array})")
    assert told(verdict) == [f"{said} net input belongs"]


@pytest.fixture(scope="module")
def classifier() -> Derivation:
    return derive(build(read_spec(CLASSIFIER, "test")))


@pytest.mark.parametrize(
    ("quantity", "answer", "said"),
    [
        ("W2", "A1.T @ (A2 - Y) + 0.01*W2", "apart from the L2 penalty, the number of samples is a factor too many"),
        ("W2", "A1.T @ (Y - A2)/m + 0.01*W2", "apart from the L2 penalty, the sign is turned around"),
        ("W2", "A1.T @ ((A2 - Y)*A2*(1-A2))/m + 0.01*W2", "factors too many: the loss has taken them in"),
        ("W2", "A1 @ (A2 - Y)/m + 0.01*W2", "a transpose is missing"),
        ("W2", "A1.T * (A2 - Y)/m + 0.01*W2", "* stands where the matrix product @ belongs"),
        ("b2", "delta_2", "the sum over the samples is missing"),
        ("b2", "sum(delta_2, axis=1)", "does not run over the samples, axis 0"),
        ("b2", "sum(delta_2)", "does not run over the samples, axis 0"),
        ("b2", "mean(delta_2, axis=0)", "divided twice by the number of samples"),
        ("b2", "sum(A2 - Y, axis=0)", "not divided by the number of samples"),
        ("W1", "X.T @ (delta_2 @ W2.T * A1) + 0.01*W1", "the outputs of the units stand where their slopes belong"),
        ("A2", "sigmoid(Z2)", "sigmoid stands where the softmax belongs"),
        ("A2", "exp(Z2)", "the division by the sum of all exponentials is missing"),
    ],
)
def test_mistakes_with_softmax_relu_and_a_penalty(classifier: Derivation, quantity: str, answer: str, said: str) -> None:
    assert any(said in sentence for sentence in told(check(classifier, quantity, answer)))


def test_an_output_that_a_fused_loss_does_not_use_has_no_gradient(classifier: Derivation) -> None:
    verdict = check(classifier, "A2", "softmax(2*Z2)")
    assert verdict.message == "proved different from the value of A2"


def test_products_with_vectors_are_marked(classifier: Derivation) -> None:
    assert check(classifier, "b2", "sum(A1.T, axis=0) @ (A2 - Y)").outcome == "not correct"
    assert check(classifier, "delta_2", "(A2 - Y)/m + (b1 @ W2 - b1 @ W2)").outcome == "correct"
