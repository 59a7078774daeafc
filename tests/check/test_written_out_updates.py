"""A new value in which already updated weights are written out is right under a sequential rule, and under no other."""

from dataclasses import replace

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.spec import load
from symprop.terms import number

W2 = "(w2 - alpha*(out - target)*s2)"
W1 = f"(w1 - alpha*(out - target)*{W2}*s2*(1 - s2)*s1)"
W5 = "(w5 + eta*(target_o1 - out_o1)*out_o1*(1 - out_o1)*out_h1)"
W7 = "(w7 - eta*delta_o2*out_h1)"


@pytest.fixture(scope="module")
def two_node() -> Derivation:
    return derive(load("two_node"))


@pytest.fixture(scope="module")
def step_by_step() -> Derivation:
    return derive(load("step_by_step"))


@pytest.mark.parametrize("inner", [W2, "w2_new", "w2"])
def test_the_weight_behind_may_be_written_out_named_or_plain(two_node: Derivation, inner: str) -> None:
    verdict = check(two_node, "w1", f"w1 - alpha*(out - target)*{inner}*s2*(1 - s2)*s1")
    assert verdict.outcome == "correct"
    assert "with w2 already updated" in verdict.message


@pytest.mark.parametrize(("first", "second"), [(W2, W1), (W2, "w1"), ("w2", "w1"), ("w2_new", "w1_new")])
def test_of_two_weights_each_may_be_written_out(two_node: Derivation, first: str, second: str) -> None:
    verdict = check(two_node, "w0", f"w0 - alpha*(out - target)*{first}*s2*(1 - s2)*{second}*s1*(1 - s1)*s0")
    assert (verdict.outcome, "with w2 and w1 already updated" in verdict.message) == ("correct", True)


WRONG = ["(w2 + alpha*(out - target)*s2)", "(w2 - alpha*(out - target)*s1)", "(w2 - alpha*(out - target))"]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_update_written_out_is_wrong(two_node: Derivation, wrong: str) -> None:
    assert check(two_node, "w1", f"w1 - alpha*(out - target)*{wrong}*s2*(1 - s2)*s1").outcome == "not correct"


@pytest.mark.parametrize("as_", ["new-value", None])
def test_under_the_announced_rule(step_by_step: Derivation, as_: str | None) -> None:
    back = f"(delta_o1*{W5} + delta_o2*{W7})"
    answer = f"w1 - eta*{back}*out_h1*(1 - out_h1)*i1"
    verdict = check(step_by_step, "w1", answer, as_=as_, update="already_updated")
    assert (verdict.outcome, "with w5 and w7 already updated" in verdict.message) == ("correct", True)
    assert check(step_by_step, "w1", answer, as_=as_).outcome == "not correct"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("w2_new", "w1", "w2 is taken as already updated, but w1 is not"),
        ("w2", "w1_new", "w1 is taken as already updated, but w2 is not"),
    ],
)
@pytest.mark.parametrize("start", ["w0 - ", "-"])
def test_old_and_updated_weights_mixed(two_node: Derivation, first: str, second: str, said: str, start: str) -> None:
    verdict = check(two_node, "w0", f"{start}alpha*(out - target)*{first}*s2*(1 - s2)*{second}*s1*(1 - s1)*s0")
    assert verdict.outcome == "not correct"
    assert [each.mistake for each in verdict.diagnoses] == ["old and updated weights mixed"]
    assert verdict.diagnoses[0].sentence.startswith(said) and "updates w2 and w1 before w0" in verdict.diagnoses[0].sentence


def test_weights_that_the_rule_leaves_old_are_no_mixture(two_node: Derivation) -> None:
    """Another mistake besides, or a rule that updates all at once: then the mixture does not explain the answer."""
    text = "w0 - alpha*(out - target)*w2_new*s2*(1 - s2)*w1*s1*(1 - s1)"
    rows = [check(two_node, "w0", answer, update=rule) for answer, rule in ((text, "document"), (f"{text}*s0", "simultaneous"))]
    assert all("mixed" not in each.mistake for row in rows for each in row.diagnoses)


@pytest.fixture(scope="module")
def at_rate_1(two_node: Derivation) -> Derivation:
    training = replace(two_node.network.training, learning_rate=number(1))
    return derive(replace(two_node.network, training=training))


V2 = "(w2 - (out - target)*s2)"
V1 = f"(w1 - (out - target)*{V2}*s2*(1 - s2)*s1)"


@pytest.mark.parametrize(("second", "first"), [("w2", "w1"), ("w2_new", "w1_new"), (V2, "w1"), (V2, "w1_new"), (V2, V1)])
def test_a_rate_of_1_may_be_left_out_of_every_step(at_rate_1: Derivation, second: str, first: str) -> None:
    step = f"(out - target)*{second}*s2*(1 - s2)*{first}*s1*(1 - s1)*s0"
    assert check(at_rate_1, "w0", f"w0 - {step}").message == (
        "the new value of w0, " + ("with the old weights, and equally " if second == "w2" else "")
        + "with w2 and w1 already updated, with the document's learning rate, 1"
    )  # fmt: skip
    assert check(at_rate_1, "w0", f"-{step}", as_="step").correct
    assert not check(at_rate_1, "w0", f"w0 + {step}").correct


@pytest.mark.parametrize(("second", "first", "said"), [("w2_new", "w1", "w2 is taken"), ("w2", "w1_new", "w1 is taken")])
@pytest.mark.parametrize(("start", "as_"), [("w0 - ", None), ("-", "step")])
def test_at_rate_1_a_mixture_is_told(
    at_rate_1: Derivation, second: str, first: str, said: str, start: str, as_: str | None
) -> None:
    verdict = check(at_rate_1, "w0", f"{start}(out - target)*{second}*s2*(1 - s2)*{first}*s1*(1 - s1)*s0", as_=as_)
    assert [each.sentence.startswith(said) for each in verdict.diagnoses] == [True]


@pytest.mark.parametrize(
    "answer", ["w1 - (out - target)*w2*s2*s1", "w1 - (out - target)*w2*s1", "w1 + (out - target)*w2*s2*(1 - s2)*s1"]
)
def test_at_rate_1_nobody_is_told_that_the_rate_is_missing(at_rate_1: Derivation, answer: str) -> None:
    verdict = check(at_rate_1, "w1", answer)
    assert verdict.outcome == "not correct" and verdict.diagnoses
    assert not any("rate" in each.sentence for each in verdict.diagnoses)


def test_at_rate_1_a_missing_transpose_is_told() -> None:
    verdict = check(derive(load("hidden_layer")), "Wo", "Wo - l1 @ delta_2")
    assert "wrong transpose" in [each.mistake for each in verdict.diagnoses]
