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


def test_latex_brings_its_commands(symprop: Callable) -> None:
    out = symprop("derive", "two_node", "w0", "--format", "latex").out
    assert out.startswith("% Two nodes in a chain: \\input this into a document with \\usepackage{amsmath,amssymb}.")
    used = {word for word in ("workedline", "workedwide", "workedstart") if f"\\{word}{{" in out or f"\\{word}\n" in out}
    assert all(f"\\providecommand{{\\{word}}}" in out for word in used)


def test_json_says_what_stands_between_the_equations(symprop: Callable) -> None:
    told = json.loads(symprop("derive", "four_three_two", "b1", "b2", "--format", "json").out)
    last = told["equations"][-1]["number"]
    assert told["headings"][0] == {"after": 0, "text": "The network"}
    assert {"after": last - 2, "text": "This rule never steps b1."} in told["paragraphs"]
    assert told["headings"][-1] == {"after": last - 3, "text": "The update"}


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


ENTRY_FORMS = {
    "chain": "dE/dWh[1,2] = (dE/dz1[1,2])*(dz1[1,2]/dWh[1,2]) + ",
    "delta": "delta_1[3,2] = dl1[3,2]*l1[3,2]*(1 - l1[3,2])",
    "expanded": "- sigmoid(sigmoid(X[1,1]*Wh[1,1] + X[1,2]*Wh[2,1] + X[1,3]*Wh[3,1])*Wo[1,1]",
    "matrix": "dWh[1,2] = X[1,1]*delta_1[1,2] + X[2,1]*delta_1[2,2] + X[3,1]*delta_1[3,2] + X[4,1]*delta_1[4,2]",
}


@pytest.mark.parametrize(("form", "line"), ENTRY_FORMS.items())
def test_one_entry_in_every_form(symprop: Callable, form: str, line: str) -> None:
    run = symprop("derive", "hidden_layer", "Wh[1,2]", "--form", form)
    assert (run.code, run.err) == (0, "")
    assert line in run.out
    assert "Wh_new[1,2] = Wh[1,2] - eta*dWh[1,2]" in run.out


@pytest.mark.parametrize(("format_", "sign"), [("latex", r"W_{h;1, 2}"), ("markdown", r"W_{h;1, 2}"), ("json", '"dE/dWh[1,2]"')])
def test_one_entry_in_every_format(symprop: Callable, format_: str, sign: str) -> None:
    run = symprop("derive", "hidden_layer", "Wh[1,2]", "Wo", "--format", format_)
    assert (run.code, run.err) == (0, "")
    assert sign in run.out


def test_the_numbers_of_one_entry(symprop: Callable) -> None:
    lines = symprop("derive", "hidden_layer", "Wh[1,2]", "--numbers").out.splitlines()
    assert [line.split()[0] for line in lines] == ["dWh[1,2]", "dWh[1,2]", "≈"]
    assert len({f"{float(line.split('≈')[1].split()[0]):.6g}" for line in lines[1:]}) == 1


@pytest.mark.parametrize("asked", ["Wh[4,1]", "Wh[1]", "Wh[0,1]", "Wh[1,2"])
def test_an_entry_that_is_not_there_is_refused_with_the_shape(symprop: Callable, asked: str) -> None:
    run = symprop("derive", "hidden_layer", asked)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert "Wh has shape (3, 4)" in run.err


KINKED = """[inputs]
x = 1
[targets]
t = 1
[parameters]
u = 0
v = 0.5
[equations]
h = "relu(u*x)"
E = "1/2*(v*h - t)**2"
[training]
learning_rate = 0.1
iterations = 1
"""


def test_at_a_kink_the_difference_says_that_it_is_no_evidence(process: Callable) -> None:
    u, v = process("derive", "-", "u", "v", "--numbers", stdin=KINKED).out.split("dE_dv")
    assert "across a kink and so no evidence: the slope of relu at 0 is taken as 0]" in u
    assert "kink" not in v


@pytest.mark.parametrize("net", bundled())
def test_text_has_no_doubled_blank_lines(symprop: Callable, net: str) -> None:
    assert "\n\n\n" not in symprop("derive", net).out


@pytest.mark.parametrize("options", [("--form", "delta"), ("--format", "json")])
def test_numbers_take_no_form_and_no_format(symprop: Callable, options: tuple[str, str]) -> None:
    run = symprop("derive", "two_node", "w0", "--numbers", *options)
    assert (run.code, run.out) == (2, "")
    assert "--numbers" in run.err


def test_a_spec_that_an_editor_began_with_a_mark(process: Callable) -> None:
    assert process("derive", "-", "w1", stdin="\ufeff" + starting_spec("2-3-1")).code == 0


UNLEARNED = {
    "s0": "s0 is an input: no derivative is taken by it",
    "target": "target is a target: no derivative is taken by it",
    "alpha": "alpha is the learning rate: no derivative is taken by it",
    "E": "E is the loss, whose derivatives are taken",
}


@pytest.mark.parametrize(("asked", "why"), UNLEARNED.items())
def test_what_has_no_gradient_is_told_why(symprop: Callable, asked: str, why: str) -> None:
    run = symprop("derive", "two_node", asked)
    assert (run.code, run.err) == (2, f"symprop: no gradient of '{asked}' in two_node: {why}\n")


@pytest.mark.parametrize("asked", ["wo", "WO", "wO"])
def test_a_letter_that_looks_like_the_digit_is_understood(symprop: Callable, asked: str) -> None:
    assert "did you mean 'w0'?" in symprop("derive", "two_node", asked).err
