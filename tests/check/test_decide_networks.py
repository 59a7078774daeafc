"""Gradients of networks: right answers in every form, wrong ones of every kind, and what answers over one network share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symprop.check.decide import Comparer, decide
from symprop.terms import Neg, Ref, Term, number

from .decide_support import network, term, written_out

SMALL = {
    name: term(text)
    for name, text in {
        "z1": "w11*x1 + w12*x2 + b1",
        "h1": "sigmoid(z1)",
        "z2": "w21*x1 + w22*x2 + b2",
        "h2": "sigmoid(z2)",
        "zo": "v1*h1 + v2*h2 + c",
        "o": "sigmoid(zo)",
        "delta": "(o - y)*o*(1 - o)",
        "delta1": "delta*v1*h1*(1 - h1)",
        "dE_dw11": "delta1*x1",
    }.items()
}
H1 = "(1/(1 + exp(-(w11*x1 + w12*x2 + b1))))"
H2 = "(1/(1 + exp(-(w21*x1 + w22*x2 + b2))))"
ZO = f"(v1*{H1} + v2*{H2} + c)"
O = f"(1/(1 + exp(-{ZO})))"  # noqa: E741
RIGHT = [
    "delta1*x1",
    "x1*(1 - h1)*h1*v1*(1 - o)*o*(o - y)",
    "-(y - o)*o*(1 - o)*v1*(h1 - h1**2)*x1",
    "(o**2 - o*y - o**3 + o**2*y)*v1*h1*x1 - (o**2 - o*y - o**3 + o**2*y)*v1*h1**2*x1",
    "delta*v1*exp(-z1)/(1 + exp(-z1))**2*x1",
    "delta*v1*x1*(1 + tanh(z1/2))/2*(1 - tanh(z1/2))/2",
    f"({O} - y)*{O}*(1 - {O})*v1*{H1}*(1 - {H1})*x1",
    f"(sigmoid(zo) - y)*exp({ZO})/(1 + exp({ZO}))**2*v1*{H1}*exp(-z1)/(1 + exp(-z1))*x1",
]
WRONG = [
    "-delta1*x1",
    "(y - o)*o*(1 - o)*v1*h1*(1 - h1)*x1",
    "2*delta1*x1",
    "delta1*x1/2",
    "(o - y)*v1*h1*(1 - h1)*x1",
    "(o - y)*o*(1 - o)*v1*x1",
    "delta*v1*h1*(1 - h1)*o*(1 - o)*x1",
    "delta*v1*z1*(1 - z1)*x1",
    "(o - y)*zo*(1 - zo)*v1*h1*(1 - h1)*x1",
    "delta*v1*sigmoid(h1)*(1 - sigmoid(h1))*x1",
    "delta*v1*h1*(1 + h1)*x1",
    "delta*v1*h1*(h1 - 1)*x1",
    "delta*v1*(1 - h1**2)*x1",
    "delta*v1*step(z1)*x1",
    "delta*v2*h1*(1 - h1)*x1",
    "delta*w11*h1*(1 - h1)*x1",
    "(o - y)*v1*h1*(1 - h1)*x1*o",
    "delta*v1*h2*(1 - h2)*x1",
    "delta*v1*h1*(1 - h1)*x2",
    "delta*v1*h1*(1 - h1)*h1",
    "delta*v1*h1*(1 - h1)",
    "delta*h1*(1 - h1)*x1",
    "abs(o - y)*o*(1 - o)*v1*h1*(1 - h1)*x1",
    "(o - y)**2*o*(1 - o)*v1*h1*(1 - h1)*x1",
    "delta*(v1 - delta*h1/100)*h1*(1 - h1)*x1",
    "o*(1 - o)*v1*h1*(1 - h1)*x1",
]


@pytest.fixture(scope="module")
def small() -> Comparer:
    return Comparer(SMALL)


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_answer_is_proved_in_every_form(small: Comparer, answer: str) -> None:
    for reference in ("dE_dw11", "delta1*x1", "(o - y)*o*(1 - o)*v1*h1*(1 - h1)*x1"):
        decision = small.decide(term(reference), term(answer))
        assert decision.verdict == "equal", decision.reason
        assert small.fingerprint(term(reference)) == small.fingerprint(term(answer))


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_has_a_witness(small: Comparer, answer: str) -> None:
    decision = small.decide(term("dE_dw11"), term(answer))
    assert decision.verdict == "different", decision.reason
    assert decision.counterexample is not None
    assert set(decision.counterexample.point) <= {*"yc", "x1", "x2", "w11", "w12", "w21", "w22", "v1", "v2", "b1", "b2"}
    assert small.fingerprint(term(answer)) != small.fingerprint(term("dE_dw11"))


XOR_ROWS = ((0, 0), (0, 1), (1, 0), (1, 1))


def xor() -> dict[str, Term]:
    """One unit on the four rows of XOR, the data given as numbers: z1 + z4 = z2 + z3."""
    made: dict[str, Term] = {}
    for row, (first, second) in enumerate(XOR_ROWS, 1):
        made |= {f"p{row}": number(first), f"q{row}": number(second)}
        made |= {f"z{row}": term(f"w*p{row} + v*q{row} + b"), f"s{row}": term(f"sigmoid(z{row})")}
    return made


def test_activations_of_dependent_net_inputs_are_not_independent() -> None:
    comparer = Comparer(xor())
    decision = comparer.decide(term("s1*s4*(1 - s2)*(1 - s3)"), term("s2*s3*(1 - s1)*(1 - s4)"))
    assert decision.verdict == "equal"
    assert decision.certificate is not None and len(decision.certificate.cleared) >= 2
    assert comparer.decide(term("s1*s4*(1 - s2)*(1 - s3)"), term("s2*s3*(1 - s1)*s4")).verdict == "different"
    assert comparer.decide(term("s4"), term("1/(1 + exp(z1 - z2 - z3))")).verdict == "equal"
    assert comparer.decide(term("p4*s4"), term("s4")).verdict == "equal"


def test_the_same_activations_of_free_data_are_independent() -> None:
    free = {name: definition for name, definition in xor().items() if name[0] in "zs"}
    assert decide(term("s1*s4*(1 - s2)*(1 - s3)"), term("s2*s3*(1 - s1)*(1 - s4)"), free).verdict == "different"


@pytest.mark.parametrize(
    ("sizes", "activation", "last", "samples", "quantity", "forms"),
    [
        ((4, 3, 2), "sigmoid", "sigmoid", 4, "dE_dw1_0_0", ("zhd", "zh", "")),
        ((2, 2, 2), "sigmoid", "sigmoid", 1, "dE_dw1_1_0", ("zhd", "zh", "")),
        ((3, 4, 1), "tanh", "identity", 4, "dE_dw1_0_0", ("zhd", "zh", "")),
        ((3, 4, 1), "relu", "sigmoid", 2, "dE_dw1_0_0", ("zhd", "zh", "")),
        ((3, 3, 2), "relu", "identity", 1, "dE_db1_0", ("zhd", "zh", "")),
        ((8, 8, 8, 2), "sigmoid", "sigmoid", 1, "dE_dw1_0_0", ("zhd", "zh")),
        ((8, 8, 8, 2), "sigmoid", "sigmoid", 1, "dE_dw3_0_0", ("zhd", "zh", "")),
        ((6, 6, 6, 2), "relu", "identity", 1, "dE_dw1_0_0", ("zhd", "zh")),
    ],
)
def test_gradients_in_intermediates_and_in_weights_alone(
    sizes: tuple[int, ...], activation: str, last: str, samples: int, quantity: str, forms: tuple[str, ...]
) -> None:
    definitions = network(sizes, activation, last, samples)
    comparer = Comparer(definitions)
    for keep in forms:
        answer = written_out(definitions, definitions[quantity], keep)
        decision = comparer.decide(Ref(quantity), answer)
        assert decision.verdict == "equal", (keep, decision.reason)
        assert comparer.decide(Ref(quantity), Neg(answer)).verdict == "different"


def test_only_reachable_definitions_are_touched() -> None:
    definitions = {**SMALL, "broken": term("1/(x1 - x1)"), "huge": term("(a + b + c + d)**1000*(a - b)**1000")}
    comparer = Comparer(definitions)
    assert comparer.decide(term("o*(1 - o)"), term("o - o**2")).verdict == "equal"
    assert comparer.decide(term("o"), term("broken")).verdict == "different"


def test_entries_are_named_as_paper_counts_them() -> None:
    from symprop.terms import Entry

    definitions = {"Z[1,1]": term("x*w"), "H[1,1]": term("1 - exp(-x*w)")}
    assert decide(Entry("H", (0, 0)), term("1 - exp(-w*x)"), definitions).verdict == "equal"
    assert decide(Entry("Z", (0, 0)), Entry("Z", (0, 1)), definitions).verdict == "different"


def test_a_verdict_does_not_depend_on_what_came_before(small: Comparer) -> None:
    used = Comparer(SMALL)
    for answer in [*WRONG, *RIGHT, "log(o)*exp(h1/7)"]:
        used.decide(term("dE_dw11"), term(answer))
    for answer in [*RIGHT, *WRONG]:
        fresh = Comparer(SMALL).decide(term("dE_dw11"), term(answer))
        assert used.decide(term("dE_dw11"), term(answer)) == fresh
        assert used.fingerprint(term(answer)) == Comparer(SMALL).fingerprint(term(answer))


def test_nor_what_it_costs_with_definitions_in_view() -> None:
    used, view = Comparer(SMALL), ("dE_dw11",)
    for seen in (("o",), ("delta1", "z2"), ()):
        for answer in [*WRONG, *RIGHT]:
            used.decide(term(answer), term("delta1*x1"), view=seen)
    for answer in [*RIGHT, *WRONG]:
        fresh = Comparer(SMALL).decide(term(answer), term("dE_dw11"), view=view)
        assert used.decide(term(answer), term("dE_dw11"), view=view) == fresh
        assert fresh.verdict == used.decide(term(answer), term("dE_dw11")).verdict


def test_a_difference_is_shown_alike_whatever_was_compared_before() -> None:
    used, view, expected = Comparer(SMALL), ("dE_dw11",), term("dE_dw11")
    for answer in [*WRONG, *RIGHT]:
        used.decide(term(answer), expected, view=view)
    for answer in WRONG:
        found = used.separate(term(answer), expected, view)
        assert found is not None and found == Comparer(SMALL).separate(term(answer), expected, view)
        assert found.verdict == "different" and str(found.counterexample) == str(used.decide(term(answer), expected).counterexample)
    assert not any(used.separate(term(answer), expected, view) for answer in RIGHT)


@pytest.mark.parametrize("z", ["z1", "(b1 + w12*x2 + x1*w11)"])
@pytest.mark.parametrize("form", ["sigmoid({})", "1/(1 + exp(-{}))", "exp({0})/(exp({0}) + 1)", "(1 + tanh({}/2))/2"])
def test_what_an_answer_writes_out_of_a_definition_in_view_is_known_again(z: str, form: str) -> None:
    answer = term(f"delta*v1*({form.format(z)})*(1 - h1)*x1")
    decision = Comparer(SMALL).decide(answer, term("dE_dw11"), view=("dE_dw11",))
    assert decision.certificate is not None
    assert set(decision.certificate.generators) == {"delta", "v1", "h1", "x1"}
    assert Comparer(SMALL).decide(answer, term("dE_dw12"), view=("dE_dw11",)).verdict == "different"


def test_verdicts_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from check.test_decide_networks import *\n"
        "from check.test_decide_pairs import *\n"
        "c = Comparer(SMALL)\n"
        "for a in RIGHT + WRONG[::4]: print(c.decide(term('dE_dw11'), term(a)), c.fingerprint(term(a)))\n"
        "for a, b in pairs(EQUAL)[::3] + pairs(UNDECIDED)[:2]: print(decide(term(a), term(b), {}))\n"
        "print(Comparer(xor()).decide(term('s1*s4*(1 - s2)*(1 - s3)'), term('s2*s3*(1 - s1)*(1 - s4)')))\n"
    )
    outputs = set()
    for seed in ("1", "4242"):
        command = [sys.executable, "-c", script, str(Path(__file__).parents[1])]
        done = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1 and len(next(iter(outputs))) > 1000
