"""Numbers: what too few digits can and cannot tell, and which mistakes the digits fit; oracles are the documents' own numbers."""

from __future__ import annotations

import gc
import weakref
from functools import cache

import pytest

from symprop.check import check, check_table
from symprop.check.batch.result import result_of
from symprop.check.batch.rows import Row
from symprop.check.marker import Marker
from symprop.check.verdict import Verdict
from symprop.derive import Derivation, derive
from symprop.errors import UsageError
from symprop.spec import load, network

KINKED = {"inputs": {"x": 0.5}, "targets": {"t": 1.0}, "parameters": {"w1": 0.3, "w2": 0.4, "b": 0.1},
    "equations": {"z": "w1*x + b", "h": "relu(z)", "o": "w2*h", "E": "1/2*(o - t)**2"},
    "training": {"rate": "eta", "learning_rate": 0.1, "iterations": 1}}  # fmt: skip


@cache
def derivation(name: str) -> Derivation:
    return derive(network(id="n", title="n", **KINKED) if name == "kinked" else load(name))


@cache
def marker(name: str) -> Marker:
    return Marker(derivation(name))


def marked(name: str, quantity: str, number: str) -> Verdict:
    return marker(name).check(quantity, number)


@pytest.mark.parametrize("number", ["1", "2", "-3", "100", "0", "99.0", "5e3"])
@pytest.mark.parametrize(("name", "quantity"), [("step_by_step", "w1"), ("kinked", "w1"), ("kinked", "h")])
def test_no_number_is_undecided_because_it_is_short_or_far_off(name: str, quantity: str, number: str) -> None:
    """Undecided answers cost nothing: a student must not get there by typing a 1 everywhere."""
    assert marked(name, quantity, number).outcome == "not correct"


@pytest.mark.parametrize("number", ["0.3", "0.5", "7"])
def test_one_digit_fits_too_much_for_a_mistake_to_be_named(number: str) -> None:
    assert not marked("step_by_step", "net_h1", number).diagnoses


@pytest.mark.parametrize(("name", "quantity"), [("two_node", "w0"), ("step_by_step", "w1"), ("hidden_layer", "Wh[1,2]")])
def test_what_floats_leave_out_no_digits_fit(name: str, quantity: str) -> None:
    """Each mistake's own value, to six digits, is told from the floats' short list."""
    fitting = marker(name).fitting
    known = [each for each in fitting._wrong_paths(quantity) if abs(each.value) > 1e-9]
    told = 0
    for each in known[:25]:
        verdict = marker(name).check(quantity, f"{each.value:.6g}", as_="gradient")
        told += verdict.correct or any(each.mistake == said.mistake for said in verdict.diagnoses) or len(verdict.diagnoses) == 3
    assert told == len(known[:25]) > 3


def test_the_old_weight_is_not_the_new_one_rounded() -> None:
    """The document's new w1 is 0.149780716; 0.15, the old one, shows no step."""
    short = marked("step_by_step", "w1", "0.15")
    assert not short.correct and "the new value is the old one" in short.message
    assert marked("step_by_step", "w1", "0.1498").correct
    table = check_table(derivation("step_by_step"), {"net_h1": "0.3775", "w1": "0.15"})
    assert table.first_wrong == "w1" and not table.steps[1].follows


@pytest.mark.parametrize(
    ("number", "mistake"),
    [("0.31783", "learning rate missing"), ("0.44108", "sign"), ("0.37945824", "factor 1/2")],
)
def test_digits_that_fit_a_mistake_in_the_step(number: str, mistake: str) -> None:
    """0.4 minus the gradient 0.082167041, plus half of it, minus a quarter of it."""
    assert mistake in [each.mistake for each in marked("step_by_step", "w5", number).diagnoses]


def test_what_numbers_were_held_against_goes_with_the_marker() -> None:
    made = Marker(derivation("two_node"))
    assert made.check("w0", "0.5", as_="gradient").outcome == "not correct"
    assert made.check("w0", "0.512", as_="gradient").outcome == "not correct"
    fitting = weakref.ref(made.fitting)
    del made
    gc.collect()
    assert fitting() is None


def test_an_undecided_step_is_left_out_of_the_credit(monkeypatch: pytest.MonkeyPatch) -> None:
    from symprop.check import tables

    real = tables.check_number

    def undecided_here(exercise: object, fitting: object, asked: object, *rest: object) -> Verdict:
        verdict = real(exercise, fitting, asked, *rest)  # type: ignore[arg-type]
        return Verdict(verdict.quantity, "undecided", verdict.reading, "open") if verdict.quantity == "out_h1" else verdict

    monkeypatch.setattr(tables, "check_number", undecided_here)
    table = check_table(derivation("step_by_step"), {"net_h1": "0.3775", "out_h1": "0.5933"})
    assert (table.credit, table.first_wrong, table.exit_code) == (1, "", 5)


@pytest.mark.parametrize("number", ["4" * 28, "123456789012", "1e300", "-1e300", "1e-300", "0.3333333333333333333333333333333333"])
def test_a_huge_number_does_not_round_what_leads_to_it_to_nothing(number: str) -> None:
    """A last digit worth 10**12 once gave exponents of that size, which nothing could compute."""
    assert marked("two_node", "w0", number).outcome == "not correct"


def test_the_right_numbers_are_told_only_with_reveal() -> None:
    plain, told = (marker("step_by_step").check("w5", "0.215", reveal=reveal, as_="new-value") for reveal in (False, True))
    assert not plain.counterexample and "0.358" not in str(plain)
    assert "the new value of w5 is 0.358916479" in told.counterexample
    assert "0.358916479" in " ".join(result_of(Row(0, "ada", "w5", "0.215"), told).feedback)


CHAIN = {
    "inputs": {"x": 2}, "targets": {"y": 1}, "parameters": {"a": 1, "b": 2, "c": 3},
    "equations": {"h": "a*x", "k": "b*h", "out": "c*k", "E": "1/2*(out - y)**2"},
    "training": {"learning_rate": 0.1, "iterations": 1},
}  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "number"), [("a", "133.3"), ("a", "-132"), ("c", "88"), ("c", "45"), ("E", "61.5"), ("k", "5")]
)
def test_whole_numbers_on_the_way_are_not_rounded_any_further(quantity: str, number: str) -> None:
    """dE/da = 132, dE/dc = 44, E = 60.5 and k = 4, whatever digits one works with."""
    assert not check(derive(network(id="n", title="", **CHAIN)), quantity, number).correct


@pytest.mark.parametrize(
    ("quantity", "number"), [("a", "132"), ("c", "44"), ("E", "60.5"), ("E", "61"), ("k", "4"), ("a", "132.00000000000003")]
)
def test_whole_numbers_and_what_a_double_makes_of_them_are_right(quantity: str, number: str) -> None:
    assert check(derive(network(id="n", title="", **CHAIN)), quantity, number).correct


def test_a_number_with_the_wrong_sign_is_no_step_at_rate_1() -> None:
    """dE/dWo[1,1] = 0.10652: as of a formula, its opposite is a step only where a step is asked for."""
    derivation = derive(load("hidden_layer"))
    wrong = check(derivation, "Wo[1,1]", "-0.10652")
    assert not wrong.correct and wrong.diagnoses[0].mistake == "sign"
    assert check(derivation, "Wo[1,1]", "-0.10652", as_="step").correct
    assert check(derivation, "Wo[1,1]", "0.10652").correct


def test_a_number_for_a_whole_array_is_refused_with_the_name_of_an_entry() -> None:
    derivation = derive(load("hidden_layer"))
    for mark in (lambda: check_table(derivation, {"l2": "0.6"}), lambda: check(derivation, "l2", "0.6")):
        with pytest.raises(UsageError, match=r"one number cannot answer for a whole array; ask for an entry, l2\[1,1\]"):
            mark()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("8.2167041*10^-2", "correct"),
        (r"8.2167041 \times 10^{-2}", "correct"),
        ("8.2167041×10⁻²", "correct"),
        ("8.2167041*10^-3", "not correct"),
        ("0.4 - 0.5*0.082167041", "correct"),
        ("0.4 + 0.5*0.082167041", "not correct"),
        ("(0.7514-0.01)*0.7514*(1-0.7514)*0.5933", "correct"),
        ("(0.7514+0.01)*0.7514*(1-0.7514)*0.5933", "not correct"),
        ("0.1-0.02", "not correct"),  # one digit: it may be anything
        ("9.5**1000*0.1", "not correct"),
    ],
)
def test_a_calculation_stands_for_its_result(answer: str, outcome: str) -> None:
    """With the digits of its longest decimal: students show the numbers that they put in, and powers of ten."""
    verdict = marked("step_by_step", "w5", answer)
    assert verdict.outcome == outcome and "digit" in verdict.message
