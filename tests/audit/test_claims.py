"""Claims held against a network: what reproduces, what a finding explains, and what must fail."""

from dataclasses import replace
from typing import Any

import pytest

from symprop.artefacts.modules import module_of
from symprop.audit import Audited, audit
from symprop.derive import derive
from symprop.emit import module
from symprop.errors import InputError, UsageError
from symprop.graph import Claim, Finding, Printed
from symprop.spec import load


def audited(net: str, *claims: Claim) -> tuple[Audited, ...]:
    derivation = derive(replace(load(net), claims=claims))
    generated = module_of(module(derivation))

    def train(parameters: Any, iterations: int, update: str) -> Any:
        return generated.train(parameters, iterations=iterations, update=update).parameters

    return audit(derivation, generated.initial_parameters(), train)


def verdict(net: str, claim: Claim) -> str:
    (row,) = audited(net, claim)
    return row.verdict


AFTER_ONE = Claim("E_total", "0.291027924", "after one round", 1)


@pytest.mark.parametrize(
    ("quantity", "printed", "expected"),
    [
        ("out_o1", "0.75136507", "reproduces"),
        ("out_o1", "0.75136508", "fails"),
        ("dE_dw5", "0.082167041", "reproduces"),
        ("delta_o1", "0.138498562", "reproduces"),
        ("dout_o1_dnet_o1", "0.186815602", "reproduces"),
        ("dE_o1_dout_h1", "0.055399425", "reproduces"),
        ("dnet_o1_dw5", "0.593269992", "reproduces"),
        ("dnet_h1_di1", "0.15", "reproduces"),
        ("dE_total_di1", "0.00132", "fails"),
    ],
)
def test_any_named_quantity_can_be_claimed(quantity: str, printed: str, expected: str) -> None:
    assert verdict("step_by_step", Claim(quantity, printed, "here")) == expected


def test_a_claim_holds_after_a_number_of_updates_under_a_named_rule() -> None:
    assert verdict("step_by_step", Claim("w5", "0.35891648", "here", 1)) == "reproduces"
    assert verdict("step_by_step", replace(AFTER_ONE, update="already_updated")) == "reproduces"
    assert verdict("step_by_step", AFTER_ONE) == "fails"


def test_each_rule_is_trained_from_the_start() -> None:
    """What one rule has reached is no start for another."""
    first = replace(AFTER_ONE, printed="0.291027774", update="simultaneous")
    second = replace(AFTER_ONE, update="already_updated", iterations=2)
    alone = audited("step_by_step", second)[0].computed
    assert [row.computed for row in audited("step_by_step", first, second)] == ["0.291027774", alone]


def test_a_finding_explains_only_while_it_holds() -> None:
    explained = Finding("weights already new", update="already_updated")
    assert verdict("step_by_step", replace(AFTER_ONE, finding=explained)) == "explained"
    (row,) = audited("step_by_step", replace(AFTER_ONE, finding=Finding("no change", update="simultaneous")))
    assert (row.verdict, row.reason) == ("fails", "the recorded finding no longer reproduces it: no change")
    assert verdict("step_by_step", replace(AFTER_ONE, finding=Finding("another round", iterations=2))) == "fails"


@pytest.mark.parametrize(
    ("printed", "expected"), [("0.0000351085", "explained"), ("0.0000351095", "fails"), ("0.000035085", "explained")]
)
def test_a_finding_from_printed_values(printed: str, expected: str) -> None:
    values = {"out_o1": "0.015912196", "out_o2": "0.984065734"}
    finding = Finding("one digit too many", printed_values=values, decimals=9, extra_digit=printed != "0.000035085")
    assert verdict("step_by_step", Claim("E_total", printed, "here", 10000, finding=finding)) == expected


def test_a_finding_by_difference() -> None:
    values = {"dE_dout_h1": "0.036350306", "dE_o1_dout_h1": "0.055399425"}
    finding = Finding("the difference of printed numbers", printed_values=values, difference=tuple(values))
    assert verdict("step_by_step", Claim("dE_o2_dout_h1", "-0.019049119", "here", finding=finding)) == "explained"
    assert verdict("step_by_step", Claim("dE_o2_dout_h1", "-0.019049117", "here", finding=finding)) == "fails"


def test_the_entries_of_an_array_are_judged_one_by_one() -> None:
    (row,) = audited("single_layer", Claim("Wo", (("0.17",), ("0.50",), ("0.00",)), "here"))
    assert (row.verdict, row.computed) == ("fails", (("0.34",), ("0.59",), ("0.00",)))
    assert row.verdicts == (("fails",), ("fails",), ("reproduces",))


@pytest.mark.parametrize(
    ("quantity", "printed", "expected"),
    [
        ("Wo[1,1]", "0.34", "reproduces"),
        ("Wo[2, 1]", "0.59", "reproduces"),
        ("Wo[1,1]", "0.59", "fails"),
        ("l1[4,1]", "0.72", "reproduces"),
        ("dWo[2,1]", "0.0901", "reproduces"),
        ("dE_dWo[3,1]", "0.11416", "reproduces"),
    ],
)
def test_one_entry_of_an_array_can_be_claimed(quantity: str, printed: str, expected: str) -> None:
    assert verdict("single_layer", Claim(quantity, printed, "here")) == expected


def test_a_finding_from_printed_values_explains_a_gradient() -> None:
    """dE/dw5 is (out_o1 - target_o1)*out_o1*(1 - out_o1)*out_h1, here with out_o1 as printed; a delta may be given too."""
    gradient = Claim("dE_dw5", "0.0743", "here", finding=Finding("out_o1 cut", printed_values={"out_o1": "0.7"}))
    assert verdict("step_by_step", gradient) == "fails"
    assert verdict("step_by_step", replace(gradient, printed=f"{0.69 * 0.21 * 0.593269992:.4f}")) == "explained"
    slope = Finding("delta_o1 as printed", printed_values={"delta_o1": "0.1"})
    assert verdict("step_by_step", Claim("dE_dw5", "0.0593", "here", finding=slope)) == "explained"


@pytest.mark.parametrize(
    ("quantity", "printed", "told"),
    [
        ("Wo[0,1]", "0.1", r"a claim on Wo\[0,1\]: Wo has shape \(3, 1\): it has no entry with index 0 \(counted from 1\)"),
        ("dE_dWo[4,1]", "0.1", "it has no entry with index 4"),
        ("dnet_o1_dout_h1", ("0.4",), r"the claim on 'dnet_o1_dout_h1' \(here\): expected the shape \(\), got \(1,\)"),
        ("w1", ("0.15", "0.2"), r"expected the shape \(\), got \(2,\)"),
    ],
)
def test_a_claim_of_another_shape_is_told(quantity: str, printed: Printed, told: str) -> None:
    with pytest.raises(InputError, match=told):
        audited("single_layer" if "Wo" in quantity else "step_by_step", Claim(quantity, printed, "here"))


def test_a_claim_on_nothing_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'out_o1'"):
        audited("step_by_step", Claim("out_O1", "0.75", "here"))
