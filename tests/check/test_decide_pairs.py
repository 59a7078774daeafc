"""Pairs of texts with the verdict that mathematics gives them, and the evidence that each verdict must carry."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest

from symprop.check.decide import Decision, decide
from symprop.errors import TextError
from symprop.language import Names, readings

from .decide_support import evaluated, term

EQUAL = """
1/(1 + exp(-x)) == sigmoid(x)
(1 + tanh(x/2))/2 == sigmoid(x)
exp(-x)/(1 + exp(-x))**2 == sigmoid(x)*(1 - sigmoid(x))
sigmoid(x) - sigmoid(x)**2 == sigmoid(x)*sigmoid(-x)
1/(1 + exp(-2*x)) == tanh(x)/2 + 1/2
exp(x/2)/(exp(x/2) + exp(-x/2)) == sigmoid(x)
1 - tanh(x)**2 == 4/(exp(x) + exp(-x))**2
out*(1 - out)*(out - t) == out**2 - out*t - out**3 + out**2*t
exp(a)/(exp(a) + exp(b)) == 1/(1 + exp(b - a))
exp(a)/(exp(a) + exp(b)) == sigmoid(a - b)
exp(a)/(exp(a) + exp(b) + exp(c)) == exp(a - m)/(exp(a - m) + exp(b - m) + exp(c - m))
softplus(x) - softplus(-x) == x
log(exp(x)) == x
exp(log(x)) == x
exp(log(-x)) == -x
log(x*y) == log(x) + log(y)
log(x**2) == 2*log(x)
log(2*x) == log(2) + log(x)
log(6) == log(2) + log(3)
-log(exp(a)/(exp(a) + exp(b))) == log(exp(a) + exp(b)) - a
binary_cross_entropy(z, y) == softplus(z) - y*z
relu(x) - relu(-x) == x
relu(2*x) == 2*relu(x)
relu(relu(x)) == relu(x)
relu(x**2 + 1) == x**2 + 1
relu(x)*relu(-x) == 0
abs(x) == maximum(x, -x)
abs(x*y) == abs(x)*abs(y)
abs(x)**2 == x**2
abs(relu(x) + relu(y)) == relu(x) + relu(y)
abs(abs(x) - 1) == maximum(abs(x) - 1, 1 - abs(x))
x/abs(x) == sign(x)
x/(x*step(x)) == step(x)
step(x)*step(x - 1) == step(x - 1)
maximum(x, y) + minimum(x, y) == x + y
maximum(maximum(x, y), z) == maximum(x, maximum(y, z))
maximum(0, minimum(1, x)) == minimum(1, maximum(0, x))
exp(relu(x)) == maximum(exp(x), 1)
log(1 + exp(-abs(x))) + relu(x) == softplus(x)
leaky_relu(x) == 0.505*x + 0.495*abs(x)
sigmoid(sigmoid(x)) == 1/(1 + exp(-1/(1 + exp(-x))))
tanh(x + y) == (tanh(x) + tanh(y))/(1 + tanh(x)*tanh(y))
tanh(3*x) == (3*tanh(x) + tanh(x)**3)/(1 + 3*tanh(x)**2)
exp(0.37*x)*exp(0.63*x) == exp(x)
exp(exp(x) + log(x)) == x*exp(exp(x))
x/(x + 1) + 1/(x + 1) == 1
1/(1/x + 1/y) == x*y/(x + y)
(x - a)**600 == (a - x)**600
(x + 1)**1000 == (1 + x)**999*(x + 1)
sqrt(x)*sqrt(x) == x
sqrt(x**2) == abs(x)
(x*y*x*y)**(3/2) == abs(x*y)**3
1/sqrt(x**-2) == abs(x)
1/sqrt(2) == sqrt(2)/2
sqrt(relu(x))**2 == relu(x)
y*sign(sqrt(x)) == y*step(x)
x**0 == 1
relu(x)**-1 == 1/x
3**-x == (1/3)**x
normal_cdf(x) + normal_cdf(-x) == 1
gelu(x) == x*normal_cdf(x)
gelu_tanh(x) == x*sigmoid(2*sqrt(2/pi)*(x + 0.044715*x**3))
sech(x)**2 == 1 - tanh(x)**2
1/(4*cosh(x/2)**2) == sigmoid(x)*(1 - sigmoid(x))
1/(2 + 2*cosh(x)) == exp(-x)/(1 + exp(-x))**2
sinh(x)/cosh(x) == tanh(x)
coth(x) == (exp(2*x) + 1)/(exp(2*x) - 1)
csch(x)**2 == coth(x)**2 - 1
cosh(x)**2 - sinh(x)**2 == 1
cosh(3*x) == 4*cosh(x)**3 - 3*cosh(x)
cosh(cosh(x)) == (exp(exp(x)/2 + exp(-x)/2) + exp(-exp(x)/2 - exp(-x)/2))/2
x*cosh(1000)/cosh(1000) == x
cosh(log(x)) == (x + 1/x)/2
log(1 + 3*exp(x) + 3*exp(2*x) + exp(3*x)) == 3*softplus(x)
abs(2 - sigmoid(y)) == 2 - sigmoid(y)
relu(3 - tanh(x) - tanh(y)*sigmoid(z)) == 3 - tanh(x) - tanh(y)*sigmoid(z)
sign(sigmoid(x)*sigmoid(y)**2 - 2) == -1
"""

DIFFERENT = """
sigmoid(x)*(1 + sigmoid(x)) == sigmoid(x)*(1 - sigmoid(x))
sigmoid(x)*(sigmoid(x) - 1) == sigmoid(x)*(1 - sigmoid(x))
x*(1 - x) == sigmoid(x)*(1 - sigmoid(x))
1 - x**2 == 1 - tanh(x)**2
sigmoid(x + 1) == sigmoid(x)
exp(-10*x) == exp(-10*x) + 1/1000000
exp(a)/(exp(a) + exp(b)) == sigmoid(b - a)
softplus(x) + softplus(-x) == x
log(x + y) == log(x) + log(y)
log(x)*log(y) == log(x*y)
relu(x) + relu(y) == relu(x + y)
relu(x) == x
abs(x) == x
abs(y - sigmoid(z)) == y - sigmoid(z)
abs(1.5 - sigmoid(y) - sigmoid(z)) == 1.5 - sigmoid(y) - sigmoid(z)
log(1 + 2*exp(x) + exp(3*x)) == 2*softplus(x)
step(relu(x) + relu(y)) + step(-relu(x) - relu(y)) == 1
step(x)*step(x + 1) == step(x + 1)
sign(relu(x))**2 == 1
sqrt(x**2) == x
sqrt(x*x*y) == abs(x*y)
(x - a)**600 == (x - a)**599
exp(1) == 2.718281828459045
pi == 3.14159265358979
step(sqrt(step(x))) == step(sqrt(step(-x)))
sqrt(relu(x)) == sqrt(abs(x))
erf(x) == tanh(x)
gelu(x) == gelu_tanh(x)
1 - 1/exp(1) == 1 + 1/exp(1)
0.3333333333333333 == 1/3
x == x + 1/(10**40)
sech(x)**2 == sigmoid(x)*(1 - sigmoid(x))
1/(4*cosh(x)**2) == sigmoid(x)*(1 - sigmoid(x))
1/(4*cosh(x/2)) == sigmoid(x)*(1 - sigmoid(x))
1 - coth(x)**2 == 1 - tanh(x)**2
csch(x) == sech(x)
cosh(x)**2 + sinh(x)**2 == 1
sinh(2*x) == sinh(x)*cosh(x)
x + cosh(1000) == x
cosh(cosh(cosh(x))) == cosh(cosh(x))
"""

UNDECIDED = """
log(x**2 - 1) == log(x - 1) + log(x + 1)
sqrt(3 + 2*sqrt(2)) == 1 + sqrt(2)
sqrt(x**2 + 2*x + 1) == abs(x + 1)
exp(x/(x + 1) + 1/(x + 1)) == exp(1)
abs(x*y - 2*x - y + 2) == abs(x - 1)*abs(y - 2)
exp(log(relu(x))) == x
sign(log(x**2 - 1) - log(x - 1) - log(x + 1))**2 == 1
(-8)**(1/3) == 2
(-8)**(1/3) == -2
exp(exp(exp(exp(exp(99))))) == 1 + exp(exp(exp(exp(exp(99)))))
log(-1 - x**2) == log(-1 - x**2)*sigmoid(x)/sigmoid(x)
sign(sigmoid(log(-1 - x**2))) == 1
"""


def pairs(table: str) -> list[tuple[str, str]]:
    return [tuple(line.split(" == ")) for line in table.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("left", "right"), pairs(EQUAL))
def test_equal(left: str, right: str) -> None:
    for first, second in ((left, right), (right, left)):
        decision = decide(term(first), term(second), {})
        assert decision.verdict == "equal", decision.reason
        assert decision.certificate is not None and decision.counterexample is None
        assert decision.operations > 0


@pytest.mark.parametrize(("left", "right"), pairs(DIFFERENT))
def test_different(left: str, right: str) -> None:
    for first, second in ((left, right), (right, left)):
        decision = decide(term(first), term(second), {})
        assert decision.verdict == "different", decision.reason
        check_counterexample(decision, first, second)


@pytest.mark.parametrize(("left", "right"), pairs(UNDECIDED))
def test_undecided(left: str, right: str) -> None:
    for first, second in ((left, right), (right, left)):
        decision = decide(term(first), term(second), {})
        assert decision.verdict == "undecided"
        assert decision.reason and decision.certificate is None and decision.counterexample is None


def check_counterexample(decision: Decision, left: str, right: str) -> None:
    """The enclosures are disjoint, and hold the values that mpmath computes."""
    found = decision.counterexample
    assert found is not None
    assert found.left[1] < found.right[0] or found.right[1] < found.left[0]
    with mpmath.workprec(600):
        for text, (low, high) in ((left, found.left), (right, found.right)):
            value = evaluated(term(text), found.point)
            slack = (abs(value) + 1) * mpmath.mpf(2) ** -500
            assert low.numerator <= (value + slack) * low.denominator
            assert (value - slack) * high.denominator <= high.numerator


def test_an_answer_that_is_defined_nowhere_is_different() -> None:
    for nowhere in ("1/(x - x)", "x + 1/(y - y)", "sigmoid(x)/(tanh(x) - 2*sigmoid(2*x) + 1)"):
        assert decide(term("x"), term(nowhere), {}).verdict == "different"
        assert decide(term(nowhere), term("x"), {}).verdict == "undecided"


def test_arrays_and_unknown_functions_are_undecided() -> None:
    from symprop.terms import Apply, Partial, Ref, Sum, Transpose

    for odd in (Sum(Ref("X")), Transpose(Ref("X")), Partial("E", "w"), Apply("softmax", (Ref("x"),)), Apply("cos", (Ref("x"),))):
        assert decide(odd, Ref("x"), {}).verdict == "undecided"


def test_a_certificate_names_its_generators() -> None:
    decision = decide(term("w*(1/(1 + exp(-z)))"), term("w - w*sigmoid(-z)"), {})
    assert decision.certificate is not None
    assert decision.certificate.method == "exact normal form"
    assert decision.certificate.generators == ("sigmoid(z)", "w")
    assert "all 2 monomials cancel" in decision.reason
    assert decide(term("x + y"), term("y + x"), {}).certificate.method == "structural"  # type: ignore[union-attr]


def test_the_reason_of_a_difference_shows_the_point() -> None:
    decision = decide(term("x + 1"), term("x"), {})
    assert re.match(r"at x = -?\d+(/\d+)? the values are ", decision.reason)
    assert decision.counterexample is not None and isinstance(decision.counterexample.point["x"], Fraction)


ROUNDED = ("1.1234567891235 * 10^200", "1.1234567891234 * 10^200")  # equal to floating point only: exactly, they differ
LETTERS = Names.of(*"abcmnrtwxy")
FIXTURE = Path(__file__).parents[3] / "shared" / "fixtures" / "khan_kas_compare.tsv"


def compared_rows() -> list[tuple[str, str, bool]]:
    """The value-only rows of the comparisons of Khan Academy's checker: left text, right text, whether they are equal."""
    if not FIXTURE.exists():
        return []
    lines = [line.split("\t") for line in FIXTURE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"][1:]
    return [(row[0], row[1], row[2] == "1") for row in lines if row[3] == "{form: false}" and (row[0], row[1]) != ROUNDED]


def test_no_row_of_the_fixture_is_decided_wrongly() -> None:
    rows = compared_rows()
    if not rows:
        pytest.skip(f"no fixture at {FIXTURE}")
    counts = {"equal": 0, "different": 0, "undecided": 0, "not read": 0}
    for left, right, expected in rows:
        verdict = "not read"
        try:
            sides = [readings(text, LETTERS) for text in (left, right)]
        except TextError:
            sides = []
        same_left = len({reading.left for side in sides for reading in side}) == 1  # `x = ...` against `x = ...`, or no equation
        if same_left:
            verdicts = {decide(a.term, b.term, {}).verdict for a in sides[0] for b in sides[1]}
            verdict = "equal" if "equal" in verdicts else "different" if "different" in verdicts else "undecided"
        counts[verdict] += 1
        assert verdict != ("different" if expected else "equal"), (left, right)
    assert counts["equal"] >= 35 and counts["different"] >= 14 and counts["undecided"] <= 12, counts
