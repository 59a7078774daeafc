"""Texts that can be read in several ways, left sides, and errors as a person sees them."""

from __future__ import annotations

import pytest

from symprop.errors import TextError
from symprop.language import Names, read, readings
from symprop.language.assignment import members_of
from symprop.language.source import normalise
from symprop.terms import Power, call

NAMES = Names.of("a", "b", "c", "bc", "x", "y", "m", "e1", "w0", "alpha", W=2, X=2)

AMBIGUOUS = [
    ("1/2x", ["1/2*x", "1/(2*x)"], ["1/2x read as (1/2)*x", "1/2x read as 1/(2x)"]),
    ("a/bx", ["a/b*x", "a/(b*x)"], ["a/bx read as (a/b)*x", "a/bx read as a/(bx)"]),
    ("a/x y + 1", ["a/x*y + 1", "a/(x*y) + 1"], ["a/x y read as (a/x)*y", "a/x y read as a/(x y)"]),
    ("1/2(a-b)", ["1/2*(a-b)", "1/(2*(a-b))"], ["1/2(a-b) read as (1/2)*(a-b)", "1/2(a-b) read as 1/(2(a-b))"]),
    ("e^-x y", ["exp(-x)*y", "exp(-(x*y))"], ["e^-x y read as e^(-x)*y", "e^-x y read as e^(-x y)"]),
    ("e^2x", ["exp(2)*x", "exp(2*x)"], ["e^2x read as e^(2)*x", "e^2x read as e^(2x)"]),
    (r"\ln x y", ["log(x)*y", "log(x*y)"], [r"\ln x y read as (\ln x)y", r"\ln x y read as \ln(x y)"]),
    (r"\ln x/y", ["log(x)/y", "log(x/y)"], [r"\ln x/y read as (\ln x)/y", r"\ln x/y read as \ln(x/y)"]),
    ("bcx", ["bc*x", "b*c*x"], ["bcx read as bc*x", "bcx read as b*c*x"]),
    ("2e1", ["20", "2*e1"], ["2e1 read as one number", "2e1 read as 2*e1"]),
    ("W·X", ["W@X", "W*X"], ["· in W·X read as the matrix product", "· in W·X read entry by entry"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pythons", "descriptions"), AMBIGUOUS, ids=[text for text, _, _ in AMBIGUOUS])
def test_every_reading_of_an_ambiguous_text(text: str, pythons: list[str], descriptions: list[str]) -> None:
    found = readings(text, NAMES)
    expected = [read(python, NAMES) for python in pythons]
    if text == "2e1":
        expected[0] = read("2e1", NAMES)
    assert [reading.term for reading in found] == expected
    assert [reading.description for reading in found] == descriptions
    with pytest.raises(TextError, match="can be read in 2 ways"):
        read(text, NAMES, "auto")


UNAMBIGUOUS = [
    ("1/2*x", "1/2*x"),
    ("(1/2)x", "1/2*x"),
    ("x/2", "x/2"),
    (r"\frac{1}{2}x", "1/2*x"),
    ("e^{-x}y", "exp(-x)*y"),
    ("e^(-x)y", "exp(-x)*y"),
    ("x^2y", "x**2*y"),
    (r"\ln(x)y", "log(x)*y"),
    ("bc", "bc"),
    ("a/b*x", "a/b*x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "python"), UNAMBIGUOUS, ids=[text for text, _ in UNAMBIGUOUS])
def test_one_reading_has_no_description(text: str, python: str) -> None:
    (only,) = readings(text, NAMES)
    bracketed = "(1/2)*x" if text == "(1/2)x" else python
    assert (only.term, only.description, only.left) == (read(bracketed, NAMES), "", None)


def test_two_ambiguous_places_give_four_readings() -> None:
    found = readings("1/2x + a/b c", NAMES)
    assert [reading.term for reading in found] == [
        read(python, NAMES) for python in ("1/2*x + a/b*c", "1/(2*x) + a/b*c", "1/2*x + a/(b*c)", "1/(2*x) + a/(b*c)")
    ]
    assert found[3].description == "1/2x read as 1/(2x), a/b c read as a/(b c)"


def test_nested_places_are_asked_once_each() -> None:
    pythons = ("1/2*(1/3*x)", "1/(2*(1/3*x))", "1/2*(1/(3*x))", "1/(2*(1/(3*x)))")
    bracketed = {str(read(python, NAMES)) for python in pythons}
    assert {str(reading.term) for reading in readings("1/2(1/3x)", NAMES)} == bracketed


def test_more_readings_than_the_budget_are_refused() -> None:
    with pytest.raises(TextError, match="too many ways"):
        readings(" + ".join(["1/2x"] * 4), NAMES)


def test_a_reading_that_fails_is_no_reading() -> None:
    names = Names.of("a", "ab", "b")
    assert [reading.term for reading in readings("ab^2", names)] == [read("ab**2", names)]


def test_a_declared_function_name_is_read_both_ways() -> None:
    names = Names.of("step", "x")
    assert [reading.description for reading in readings("step(x)", names)] == [
        "step before a bracket read as the function",
        "step before a bracket read as a factor",
    ]


SPLITS = [
    ("w0 - 1", (None, "w0 - 1")),
    ("w0_new = w0 - alpha*x", ("w0_new", "w0 - alpha*x")),
    ("w := w - 1", ("w", "w - 1")),
    (r"w \leftarrow w - \eta x", ("w", r"w - \eta x")),
    ("= w - x", (None, "w - x")),
    ("w ← w − x", ("w", "w − x")),
    ("E = a = b", ("E", "b")),
    ("Z = sum(X, axis=0)", ("Z", "sum(X, axis=0)")),
    ("sum(X, axis=0)", (None, "sum(X, axis=0)")),
    (r"\delta &= (y-o) \\ &= 1", (r"\delta", "1")),
    (r"\frac{\partial E}{\partial w} = x", (r"\frac{\partial E}{\partial w}", "x")),
    ("a == b", (None, "a == b")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sides"), SPLITS, ids=[text for text, _ in SPLITS])
def test_the_sides_of_an_assignment(text: str, sides: tuple[str | None, str]) -> None:
    members = members_of(normalise(text))
    left, right = (side and side.typed(0, len(side.normal)) for side in (members.left, members.right))
    assert (left, right) == sides


@pytest.mark.parametrize("text", ["=", "w =", "w -= x", "w += 1"])
def test_a_side_that_is_missing_or_a_step_is_refused(text: str) -> None:
    with pytest.raises(TextError):
        members_of(normalise(text))


def test_a_reading_that_makes_no_sense_is_left_out() -> None:
    names = Names.of("maximum", "x", "y")
    assert [reading.term for reading in readings("maximum(x, y)", names)] == [call("maximum", "x", "y")]


@pytest.mark.parametrize("text", ["dE/dw^{(1)}", "W^T^{(1)}"])
def test_a_superscript_behind_more_than_a_name_is_a_power(text: str) -> None:
    (reading,) = readings(text, Names.of("E", "w", W=2))
    assert isinstance(reading.term, Power)


def test_the_left_side_is_kept_and_positions_count_from_the_whole_text() -> None:
    assert [(reading.left, reading.term) for reading in readings("w0_new = 1/2x", NAMES)] == [
        ("w0_new", read("1/2*x", NAMES)),
        ("w0_new", read("1/(2*x)", NAMES)),
    ]
    with pytest.raises(TextError) as caught:
        readings("w0_new = w0 - q", NAMES)
    assert caught.value.position == 14
