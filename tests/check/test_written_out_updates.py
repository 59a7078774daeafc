"""A new value in which already updated weights are written out is right under a sequential rule, and under no other."""

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.spec import load

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
