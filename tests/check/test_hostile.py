"""Whatever is typed, `check` answers with a Verdict or refuses with one line; hostile texts end by counted operations."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symprop.check import Verdict
from symprop.check.attempts import ALLOWANCE
from symprop.check.decide import DEFAULT
from symprop.check.marker import Marker
from symprop.derive import derive
from symprop.errors import TextError, UsageError
from symprop.spec import load

NAMES = ("w0", "w1", "w2", "s0", "s1", "s2", "x1", "out", "target", "alpha", "delta_2")
PIECES = (*NAMES, *"0123456789+-*/^()[]{}_.,'=\\ @!%", "**", "exp", "sigmoid", "tanh(", "softplus(", "log(", "abs(", "relu(", ".T",
    "\\frac", "\\sigma", "\\hat", "½", "²", "₀", "−", "·", "σ", "ŷ", "∂", "√", "\u200b", "\u202e", "х", "sum(", "mean(", "maximum(")
HOSTILE = [
    ("9**9**9", "exponent"),
    ("10**(10**8)", "exponent"),
    ("factorial(10**7)", "factorial"),
    ("1e999999999", "exponent"),
    ("1e9999999", "exponent"),
    ("(" * 300 + "w1" + ")" * 300, "brackets inside one another"),
    ("(" * 5000, "more than"),
    ("-" * 5000 + "w1", "more than"),
    ("9" * 100_000, "at most 10000"),
    ("binomial(10**6,5*10**5)", "binomial"),
    ("w1.__class__.__mro__", "does not belong"),
    ("__import__('os').getpid()", "does not belong"),
    ("f'{w1}'", "unknown name"),
    ("lambda: 1", ""),
    ("w1/0", "zero"),
    ("ŷ - out", ""),
    ("х + 1", "CYRILLIC"),
    ("w1\u202e", "RIGHT-TO-LEFT"),
    ("w\u200b1", "ZERO WIDTH"),
]
HEAVY = [
    "(w1+1)**100000",
    "(w1+1)**1000",
    "exp(exp(exp(exp(exp(99)))))",
    "+".join(["w1"] * 900),
    "*".join(f"(w1+w2*{k})" for k in range(60)),
    "+".join(f"exp(w1*{k})" for k in range(200)),
    "*".join(["abs(w1)"] * 300),
    "+".join(f"abs(w1-{k})" for k in range(60)),
    "log(" * 30 + "w1" + ")" * 30,
    "sigmoid(" * 30 + "w1" + ")" * 30,
    "abs(" * 40 + "w1" + ")" * 40,
    "relu(" * 40 + "w1" + ")" * 40,
    "*".join(f"relu(w1-{k})" for k in range(12)),
    "+".join(f"w1**{k}*exp(w1**{k})" for k in range(60)),
    "+".join(f"log(w1+{k})" for k in range(100)),
    "+".join(f"tanh(w1*{k}+w2)*exp(w2*{k})" for k in range(80)),
    "+".join(f"1/(w1+{k})" for k in range(100)),
    "w1*cosh(1000)",
    "w1*cosh(10**200)",
    "cosh(" * 30 + "w1" + ")" * 30,
    "(cosh(w1)**2-sinh(w1)**2)**300",
    "*".join(f"cosh(w1/{k})" for k in range(1, 60)),
    "+".join(f"sech(w1*{k})**{k}" for k in range(1, 60)),
    "csch(w1-w1)",
]
MOST_OPERATIONS = ALLOWANCE + 4 * DEFAULT.operations  # what is begun under the allowance ends within the budget of its stages


@cache
def marker() -> Marker:
    return Marker(derive(load("two_node")))


def marked(text: str) -> Verdict | str:
    """The verdict, or the one line of the refusal."""
    try:
        return marker().check("w0", text)
    except (TextError, UsageError) as error:
        assert "\n" not in str(error)
        return str(error)


@pytest.mark.parametrize(("text", "said"), HOSTILE, ids=[text[:24].encode("ascii", "replace").decode() for text, _ in HOSTILE])
def test_hostile_texts_are_refused_in_one_line(text: str, said: str) -> None:
    answer = marked(text)
    assert isinstance(answer, str), str(answer)
    assert said in answer, answer


@pytest.mark.parametrize("text", HEAVY, ids=[text[:24] for text in HEAVY])
def test_heavy_answers_end_and_are_never_right(text: str) -> None:
    answer = marked(text)
    assert isinstance(answer, str) or answer.outcome in ("not correct", "undecided"), str(answer)


@pytest.mark.parametrize("text", [*HEAVY, *(text for text, _ in HOSTILE)], ids=range(len(HEAVY) + len(HOSTILE)))
def test_the_work_of_any_answer_is_counted_and_bounded(text: str) -> None:
    """Operations, not seconds: the same answer takes the same work, whatever was marked before, and ends alike everywhere."""
    first = marked(text)
    spent = marker().judge.spent
    assert spent <= MOST_OPERATIONS
    marked("w1*w2")
    fresh = Marker(derive(load("two_node")))
    try:
        again: Verdict | str = fresh.check("w0", text)
    except (TextError, UsageError) as error:
        again = str(error)
    assert (str(again), fresh.judge.spent) == (str(first), spent)


RIGHT = "(out-target)*w2*s2*(1-s2)*w1*s1*(1-s1)*s0"
NESTED = [(function, 55) for function in ("exp", "sigmoid", "tanh", "cosh", "sech", "csch", "gelu_tanh")]
NESTED += [(function, 6) for function in ("leaky_relu", "elu")]


@pytest.mark.parametrize(("function", "depth"), NESTED)
def test_what_stands_in_many_places_is_looked_at_once(function: str, depth: int) -> None:
    """Functions within functions, each of them twice: a walk that looks into all of them takes 2**depth steps."""
    nest = f"{function}(" * depth + "w1*w2+1" + ")" * depth
    for text in (nest, f"{RIGHT}*({nest})/({nest})", f"{RIGHT}*(1+{nest})-{RIGHT}*{nest}"):
        answer = marker().check("w0", text, reveal=True)
        assert answer.correct or "w0" in str(answer)
        assert marker().judge.spent <= MOST_OPERATIONS


@st.composite
def terms(draw: st.DrawFn, depth: int = 4) -> str:
    """A random formula over the network's names."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from((*NAMES, "2", "0", "1/3", "0.5")))
    kind = draw(st.sampled_from(("+", "-", "*", "/", "**", "call")))
    left = draw(terms(depth=depth - 1))
    if kind == "call":
        functions = ("exp", "sigmoid", "tanh", "cosh", "csch", "log", "relu", "abs", "sqrt", "softplus")
        return f"{draw(st.sampled_from(functions))}({left})"
    right = str(draw(st.integers(-3, 4))) if kind == "**" else draw(terms(depth=depth - 1))
    return f"({left}){kind}({right})"


FUZZ = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@FUZZ
@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_any_text_gets_a_verdict_or_a_refusal(text: str) -> None:
    assert isinstance(marked(text), (Verdict, str))


@FUZZ
@given(terms())
def test_any_formula_gets_a_verdict_or_a_refusal(text: str) -> None:
    assert isinstance(marked(text), (Verdict, str))


@FUZZ
@given(st.text(max_size=30))
def test_any_unicode_gets_a_verdict_or_a_refusal(text: str) -> None:
    assert isinstance(marked(text), (Verdict, str))
