"""`symprop derive`: the exercise answered on the command line, in every format."""

import json
from collections.abc import Callable
from typing import get_args

import pytest

from symprop.cli import derive as command
from symprop.render.exercise import Form
from symprop.spec import bundled, starting_spec


def test_the_exercise_is_answered(symprop: Callable) -> None:
    run = symprop("derive", "two_node", "w0")
    assert (run.code, run.err) == (0, "")
    assert "w0 - alpha*(out - target)*w2*s2*(1 - s2)*w1*s1*(1 - s1)*s0" in run.out


@pytest.mark.parametrize(("format_", "sign"), [("latex", r"\frac{"), ("markdown", "```math"), ("text", "chain rule")])
def test_every_format(symprop: Callable, format_: str, sign: str) -> None:
    run = symprop("derive", "two_node", "w0", "--format", format_)
    assert run.code == 0
    assert sign in run.out


def test_json_names_its_schema(symprop: Callable) -> None:
    assert json.loads(symprop("derive", "two_node", "w0", "--format", "json").out)["schema"] == "symprop.derive/1"


@pytest.mark.parametrize("net", bundled())
def test_every_network_in_its_default_form(symprop: Callable, net: str) -> None:
    assert symprop("derive", net).code == 0


def test_a_spec_from_standard_input(process: Callable) -> None:
    run = process("derive", "-", "w1", stdin=starting_spec("2-3-1", "tanh"))
    assert run.code == 0
    assert "tanh" in run.out


def test_standard_input_that_is_no_spec_says_where(process: Callable) -> None:
    run = process("derive", "-", stdin="id = ")
    assert run.code == 3
    assert run.err.startswith("symprop: standard input: expected TOML")


def test_an_unknown_quantity_gets_a_suggestion(symprop: Callable) -> None:
    run = symprop("derive", "two_node", "w00")
    assert (run.code, run.out) == (2, "")
    assert "did you mean 'w0'?" in run.err


def test_a_file_that_is_not_there_is_3(symprop: Callable) -> None:
    run = symprop("derive", "two_nod")
    assert run.code == 3
    assert "did you mean 'two_node'?" in run.err


def test_the_forms_are_those_of_the_exercise() -> None:
    assert get_args(Form) == command.FORMS


def test_numbers_put_a_difference_below_the_gradient(symprop: Callable) -> None:
    """dE/dw0 of the document's numbers by mpmath, to 12 digits."""
    run = symprop("derive", "two_node", "w0", "--numbers")
    assert run.out.splitlines() == [
        "dE_dw0 = (out - target)*w2*s2*(1 - s2)*w1*s1*(1 - s1)*s0",
        "       ≈ -0.0011773525715    [the formula at the spec's numbers]",
        "       ≈ -0.0011773526    [central difference of the loss]",
    ]


def test_numbers_of_an_array_come_entry_by_entry(symprop: Callable) -> None:
    lines = symprop("derive", "hidden_layer", "Wo", "--numbers").out.splitlines()
    assert [line.split()[0] for line in lines[1::2]] == ["dWo[1,1]", "dWo[2,1]", "dWo[3,1]", "dWo[4,1]"]


def test_numbers_are_of_parameters(symprop: Callable) -> None:
    assert symprop("derive", "two_node", "x1", "--numbers").code == 2
