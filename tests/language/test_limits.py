"""Budgets are counted: hostile texts are refused at a character, and nothing that is read is deep or large."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from symprop.errors import TextError
from symprop.language import Names, readings
from symprop.language.limits import MAX_HEIGHT, MAX_LENGTH, MAX_OPERANDS
from symprop.language.pratt import Parser
from symprop.terms import Term, children

NAMES = Names.of("x", "a", "b", "ab", "bc", "c", "e1", "E", "w0", W=2)

REFUSED = [
    ("9**9**9", "the exponent is beyond 1000"),
    ("10**(10**8)", "the exponent is beyond 1000"),
    ("9^{9^{9}}", "the exponent is beyond 1000"),
    ("1e9999999", "the number's exponent is beyond 400"),
    ("1e999999999999999999", "the number's exponent is beyond 400"),
    ("1" * 61, "a number of 61 digits; at most 60 are read"),
    ("1" * 9000, "a number of 9000 digits"),
    ("1" * 100_000, "the text has 100000 characters; at most 10000 are read"),
    ("(x+1)**100000", "the exponent is beyond 1000"),
    ("x**1000.5", "the exponent is beyond 1000"),
    ("((x**10)**10)**11", "beyond an exponent of 1000"),
    ("(9**999)**2", "beyond an exponent of 1000"),
    ("1e400**200", "the power is too large a number"),
    ("*".join(["9**999"] * 40), "the constant is too large a number"),
    ("(" * 10_000, "the text has more than 2000 words and signs"),
    ("(" * 1_900, "more than 64 brackets inside one another"),
    ("(" * 65 + "x" + ")" * 65, "more than 64 brackets inside one another"),
    ("exp(" * 65 + "x" + ")" * 65, "more than 64 brackets inside one another"),
    (r"\frac" * 1000, "more than 64 brackets inside one another"),
    (r"\ln " * 1000 + "x", "more than 64 brackets inside one another"),
    ("√" * 1000 + "x", "more than 64 brackets inside one another"),
    ("{" * 1000, "more than 64 brackets inside one another"),
    ("|" * 1000, "more than 64 brackets inside one another"),
    (r"\text{" * 1000, "more than 64 brackets inside one another"),
    ("-" * 1900 + "x", "the signs are nested too deeply"),
    ("^".join(["x"] * 900), "the signs are nested too deeply"),
    ("/".join(["x"] * 900), "the formula is nested deeper than 128 levels"),
    ("@".join(["W"] * 900), "the formula is nested deeper than 128 levels"),
    ("W" + ".T" * 900, "the formula is nested deeper than 128 levels"),
    ("abc" * 20, "too many ways"),
    ("1/2x + " * 300 + "x", "too many ways"),
    ("1/2(" * 30 + "x" + ")" * 30, "too many ways"),
    ("e^-x(" * 20 + "x" + ")" * 20, "too many ways"),
    ("2e1 + " * 100 + "x", "too many ways"),
    ("a" * 9000, "a word of 9000 characters"),
    ("dE_d" * 2000, "a word of 8000 characters"),
    ("x_{" * 2000, "holds too long a name"),
    ("__import__('os')", "'_' does not belong here"),
    ("x.__class__.__mro__", "'_' does not belong here"),
    ("x.real", "attributes are not part of the language"),
    ("'abc'", "texts in quotes are not part of the language"),
    ('"abc"', "texts in quotes are not part of the language"),
    ("f'{x}'", "unknown name 'f'"),
    ("X[:, 0]", "of an array the whole is read, or one entry such as W[1,2]"),
    ("x.transpose(1, 0)", "attributes are not part of the language"),
    ("lambda x: x", "':' is not part of the language"),
    ("x; x", "';' is not part of the language"),
    ("x # comment", "comments are not part of the language"),
    ("x if x else x", "unknown name 'if'"),
    ("[x for x in x]", "unknown name 'for'"),
    ("{x: 1}", "':' is not part of the language"),
    ("x, x", "unexpected ','"),
    ("factorial(10**7)", "unknown function 'factorial'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[f"{text[:24]}~{len(text)}" for text, _ in REFUSED])
def test_hostile_texts_are_refused_at_a_character(text: str, message: str) -> None:
    with pytest.raises(TextError) as caught:
        readings(text, NAMES)
    assert message in caught.value.message
    assert len(caught.value.message) < 300
    assert 0 <= caught.value.position <= len(text)


ACCEPTED = [
    "(" * 64 + "x" + ")" * 64,
    "exp(" * 64 + "x" + ")" * 64,
    r"\ln " * 64 + "x",
    "-" * 126 + "x",
    "/".join(["x"] * 128),
    " + ".join(["x"] * 1000),
    "x^2" * 490,
    "(x**10)**100",
    "9**999",
    "1e400",
    "exp(exp(exp(exp(exp(99)))))",
    "x" + " " * (MAX_LENGTH - 1),
]


def height(term: Term) -> int:
    levels, row = 0, [term]
    while row:
        levels, row = levels + 1, [part for above in row for part in children(above)]
    return levels


@pytest.mark.parametrize("text", ACCEPTED, ids=[f"{text[:24]}~{len(text)}" for text in ACCEPTED])
def test_what_is_within_the_budgets_is_read_and_flat(text: str) -> None:
    for reading in readings(text, NAMES):
        assert height(reading.term) <= MAX_HEIGHT


DEEPEST = [
    "(" * 64 + "x" + ")" * 64,
    "a*-(" * 64 + "x" + ")" * 64,
    "a+b*-c^-(" * 64 + "x" + ")" * 64,
    "exp(" * 65,
    "a*-exp(" * 64,
    "maximum(x, " * 65,
    "np.exp(" * 65,
    r"\frac{" * 65,
    r"\ln " * 65 + "x",
    r"-\ln " * 65 + "x",
    "|" * 65,
    "x^" * 200,
    "-" * 200,
    "sum(" * 65,
]


@pytest.mark.parametrize("text", DEEPEST, ids=[text[:24] for text in DEEPEST])
def test_no_text_recurses_deeper_than_800_calls(text: str) -> None:
    frames = sum(1 for _ in stack())
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(frames + 800)
    try:
        readings(text, NAMES)
    except TextError:
        pass
    finally:
        sys.setrecursionlimit(limit)


def stack() -> Iterator[object]:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]


NESTED = ["1/2(" * 30 + "x" + ")" * 30, "e^-x(" * 20 + "x" + ")" * 20, r"\ln " * 40 + "x a", "bc x/a " * 9, "1/2x + " * 300 + "x"]
NESTED += ["1/2x + 1/2x + 1/2x" + " + x" * 900]


@pytest.mark.parametrize("text", NESTED, ids=[text[:24] for text in NESTED])
def test_the_work_on_an_ambiguous_text_is_bounded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    original = Parser.operand

    def counted(self: Parser) -> object:
        nonlocal calls
        calls += 1
        return original(self)

    monkeypatch.setattr(Parser, "operand", counted)
    with pytest.raises(TextError, match="too many ways"):
        readings(text, NAMES)
    assert calls <= MAX_OPERANDS + 1


def test_reading_imports_neither_sympy_nor_numpy() -> None:
    program = (
        "import sys; from symprop.language import Names, readings; readings('1/2x + sigmoid(x)', Names.of('x')); "
        "print(sorted({'sympy', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
