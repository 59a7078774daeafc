"""One mistake in the answer's own text, and mistakes beside numbers: each told where it stands, on the answer that calls for it."""

from __future__ import annotations

from functools import cache

import pytest

from symprop.check import Verdict, check
from symprop.check.mistakes.edits import MOST_WORK, edits
from symprop.check.mistakes.words import Words
from symprop.derive import Derivation, derive
from symprop.language import Names, read
from symprop.spec import load
from symprop.terms import Term, size
from symprop.terms.typography import typography_of

SLOPE = "(out-target)*w2*{}*(1-{})*s1"  # of w1 in two_node
PATHS = "(delta_o1*w5 + delta_o2*w7)*out_h1*(1-out_h1)*i1"  # of w1 in step_by_step


@cache
def derivation(net: str) -> Derivation:
    return derive(load(net))


def told(net: str, quantity: str, answer: str) -> list[str]:
    verdict = check(derivation(net), quantity, answer)
    assert verdict.outcome == "not correct"
    return [each.sentence for each in verdict.diagnoses]


@pytest.mark.parametrize(
    ("net", "quantity", "answer", "said"),
    [
        ("two_node", "w1", SLOPE.format("sigmoid(2*x2)", "sigmoid(2*x2)"), "in 2*x2, 2 is a factor too many"),
        ("two_node", "w1", SLOPE.format("sigmoid(2*w1*s1)", "s2"), "in 2*w1*s1, 2 is a factor too many"),
        ("two_node", "w1", SLOPE.format("s2", "s2") + " + 1", " + 1, 1 is a term too many"),
        ("two_node", "w1", SLOPE.format("s2", "s2").replace("*s1", "+s1"), "+ stands where * belongs"),
        ("two_node", "w1", "(out-target)*w2*exp(-x2)/(1-exp(-x2))^2*s1", "in 1 - exp(-x2), the sign of exp(-x2) is turned around"),
        ("two_node", "w1", "(out-target)*w2*exp(x2)/(1+exp(-x2))^2*s1", "in exp(x2), the sign inside the function"),
        ("two_node", "w1", SLOPE.format("sigmoid(w0*s1)", "sigmoid(w0*s1)"), "the weight w0 stands where another weight belongs"),
        ("two_node", "s2", "sigmoid(w1)*s1", "in sigmoid(w1)*s1, all of it belongs inside the brackets of sigmoid"),
        ("step_by_step", "out_o1", "sigmoid(w5*out_h1 + w6*out_h2) + b2", "all of it belongs inside the brackets of sigmoid"),
        ("two_node", "s2", "1/(2+exp(-x2))", "in 2 + exp(-x2), the number 2 is wrong"),
        ("two_node", "s2", "1/(1+exp(-x2)^2)", "in exp(-x2)**2, the power is one too many"),
        ("two_node", "x2", "w1+s1", "in w1 + s1, + stands where * belongs"),
        ("step_by_step", "net_h1", "w1*i1*w2*i2+b1", "in w1*i1*w2*i2, * stands where + belongs"),
        ("step_by_step", "out_h1", "1/(1+e^(-w1*i1+w2*i2+b1))", "the minus sign belongs to all of -w1*i1 + w2*i2 + b1"),
        ("step_by_step", "w5", f"({'(out_o1-target_o1)+(out_o2-target_o2)'})*out_o1*(1-out_o1)*out_h1", "is a term too many"),
        ("hidden_layer", "Wo", "l1.T @ delta_2 + 1", "in l1.T @ delta_2 + 1, 1 is a term too many"),
        ("hidden_layer", "l2", "sigmoid(2*(l1@Wo))", "in 2*(l1 @ Wo), 2 is a factor too many"),
        ("hidden_layer", "E", "1/2*sum(y-l2)**2", "the sum is raised: the power belongs to each of its terms"),
        ("hidden_layer", "Wh", "X.T @ (delta_2 @ Wo.T * l2*(1-l2))", "l2 stands where a layer's output belongs"),
    ],
)
def test_one_mistake_in_the_text_is_told(net: str, quantity: str, answer: str, said: str) -> None:
    (sentence,) = told(net, quantity, answer)
    assert said in sentence


@pytest.mark.parametrize(
    ("net", "quantity", "answer", "said"),
    [
        ("two_node", "w2", "w2 + 0.3*(out-target)*s2", "alpha belongs; and the step is added instead of subtracted"),
        ("two_node", "w2", "w2 - 0.3*(out-target)", "0.3 stands where the learning rate alpha belongs; and the value that"),
        ("step_by_step", "w1", f"w1 + 0.1*{PATHS}", "eta belongs; and the step is added instead of subtracted"),
        ("hidden_layer", "Wo", "Wo + 0.3*l1.T @ delta_2", "eta belongs; and in the entry Wo[1,1] the step is added"),
    ],
)
def test_a_wrong_learning_rate_hides_no_second_mistake(net: str, quantity: str, answer: str, said: str) -> None:
    assert any(said in sentence for sentence in told(net, quantity, answer))


@pytest.mark.parametrize("answer", ["w5 - 0.5*(out_o1 - target_o1)*{}", "w5 - 0.5*(out_o1 - 0.01)*{}", "(out_o1 - 0.01)*{}"])
def test_a_mistake_beside_the_documents_numbers_is_told_as_beside_their_names(answer: str) -> None:
    assert told("step_by_step", "w5", answer.format("out_h1")) == ["the slope of the activation at out_o1 is missing"]
    assert "0.5 for eta" in reading(check(derivation("step_by_step"), "w5", "w5 - 0.5*(out_o1 - target_o1)*out_h1"))


def reading(verdict: Verdict) -> str:
    return verdict.reading.words


def test_two_mistakes_that_people_make_come_before_what_a_number_might_stand_for() -> None:
    """In two_node 2 is the input s0, and a factor 2 is a factor 2."""
    (said,) = told("two_node", "w0", "2*(out-target)*(w2*w1)*(s1*(1-s1)*s0)")[:1]
    assert "factor 2" in said


def test_edits_are_bounded() -> None:
    """By what it costs to evaluate all of them: a function counts for more than its one node."""
    words = Words(derivation("step_by_step"), {}, {})
    names = Names({name: typography_of(name) for name in "abcdefgh"}, {})

    def made(text: str) -> list[Term]:
        return [each.term for each in edits(words, read(text, names, "python"), words.scalars * 20)]

    assert not made("*".join("abcdefgh" * 20))
    wide = made("+".join(f"sigmoid({one}*{other})" for one in "abcd" for other in "efgh"))
    nested = made("sigmoid(" * 60 + "a + b" + ")" * 60)
    assert 0 < sum(map(size, wide)) <= MOST_WORK
    assert 0 < sum(map(size, nested)) <= MOST_WORK // 5
