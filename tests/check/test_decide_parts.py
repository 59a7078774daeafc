"""The parts of the decision against oracles of their own: enclosures, residues, normal forms, budgets, hostile terms."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
import sympy

from symprop.check.decide import DEFAULT, Budget, Comparer, decide, intervals
from symprop.check.decide.grounds import Grounds
from symprop.check.decide.lowering import Written
from symprop.check.decide.proving import proved
from symprop.check.decide.residues import GENERATOR, ORDER, PRIME, coordinate, exponential, reduced
from symprop.check.decide.subject import Subject
from symprop.terms import Add, Apply, Div, Mul, Neg, Number, Power, Ref, Term, number

from .decide_support import term

BITS = (53, 128, 384, 1024)


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize(
    ("function", "oracle"),
    [
        (intervals.exp, mpmath.exp),
        (intervals.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x))),
        (intervals.log, mpmath.log),
        (intervals.erf, mpmath.erf),
    ],
)
def test_enclosures_hold_the_value_and_are_narrow(bits: int, function: object, oracle: object) -> None:
    rng = random.Random(bits)
    with mpmath.workprec(bits + 400):
        for _ in range(20):
            value = Fraction(rng.randint(1, 10**9), 10 ** rng.randint(7, 10))
            value *= 1 if function is intervals.log else rng.choice((1, -1))
            low, high = function(intervals.fixed(value, bits), bits)  # type: ignore[operator]
            exact = oracle(mpmath.mpf(value.numerator) / value.denominator) * mpmath.mpf(2) ** bits  # type: ignore[operator]
            slope = 1 + abs(exact) * mpmath.mpf(2) ** -bits + mpmath.mpf(value.denominator) / abs(value.numerator)
            assert low <= exact <= high
            assert abs(value) > 8 and function is intervals.erf or high - low <= 8 + 8 * slope


@pytest.mark.parametrize("bits", BITS)
def test_interval_arithmetic_is_outward(bits: int) -> None:
    rng = random.Random(bits)
    for _ in range(60):
        a, b = (Fraction(rng.randint(-(10**6), 10**6), rng.randint(1, 10**4)) for _ in range(2))
        n = rng.randint(0, 9)
        x, y = intervals.fixed(a, bits), intervals.fixed(b, bits)
        scale = 1 << bits
        for (low, high), exact in (
            (intervals.plus((x, y)), a + b),
            (intervals.times(x, y, bits), a * b),
            (intervals.power(x, n, bits), a**n),
            (intervals.reciprocal(y, bits) if b else (0, 0), 1 / b if b else Fraction(0)),
        ):
            assert low <= exact * scale <= high


def test_the_prime_is_a_safe_prime_of_61_bits() -> None:
    assert PRIME == 2 * ORDER + 1 and PRIME.bit_length() == 61
    assert sympy.isprime(PRIME) and sympy.isprime(ORDER)
    assert pow(GENERATOR, ORDER, PRIME) == 1


def test_exponentials_of_residues_are_powers() -> None:
    rng = random.Random(1)
    for _ in range(20):
        exponent = rng.randrange(ORDER)
        assert exponential(exponent) == pow(GENERATOR, exponent, PRIME)
    third = reduced(Fraction(1, 3), ORDER)
    assert exponential(third) ** 3 % PRIME == GENERATOR


def test_fixed_points_differ_and_are_never_zero() -> None:
    points = [coordinate(name, point) for name in ("w1", "w2", "x") for point in range(32)]
    assert 0 not in points and len(set(points)) > 80
    assert coordinate("x", 0) > 0 > coordinate("x", 1)


def test_fingerprints_follow_the_arithmetic() -> None:
    comparer = Comparer({})
    x, y, both, product = (comparer.fingerprint(term(text)) for text in ("x", "exp(y)", "x + exp(y)", "x*exp(y)"))
    assert x and y and both and product
    assert both == tuple((a + b) % PRIME for a, b in zip(x, y, strict=True))
    assert product == tuple(a * b % PRIME for a, b in zip(x, y, strict=True))
    assert comparer.fingerprint(term("1/(x - x)")) is None
    assert comparer.fingerprint(Apply("nothing", (Ref("x"),))) is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_random_rational_functions_agree_with_sympy(count: int) -> None:
    """Sums of quotients of small polynomials: equal exactly where SymPy's cancelled difference is zero."""
    rng = random.Random(count)
    names = ("x", "y")

    def polynomial() -> Term:
        monomials = [Mul((number(rng.randint(1, 3)), Power(Ref(rng.choice(names)), number(rng.randint(1, 2))))) for _ in range(2)]
        return Add((*monomials, number(1)))

    for _ in range(12):
        a, b, c, d = (polynomial() for _ in range(4))
        left = Add((Div(a, b), Div(c, d)))
        right = Div(Add((Mul((a, d)), Mul((c, b)))), Mul((b, d)))
        wrong = Div(Add((Mul((a, d)), Mul((c, a)))), Mul((b, d)))
        assert decide(left, right, {}).verdict == "equal"
        expected = "equal" if sympy.cancel(as_sympy(left) - as_sympy(wrong)) == 0 else "different"
        assert decide(left, wrong, {}).verdict == expected


def as_sympy(written: Term) -> sympy.Expr:
    """Rational terms for SymPy, for this test alone."""
    if isinstance(written, Number):
        return sympy.Rational(written.value.numerator, written.value.denominator)
    if isinstance(written, Ref):
        return sympy.Symbol(written.name)
    if isinstance(written, Add):
        return sympy.Add(*map(as_sympy, written.terms))
    if isinstance(written, Mul):
        return sympy.Mul(*map(as_sympy, written.factors))
    if isinstance(written, Div):
        return as_sympy(written.numerator) / as_sympy(written.denominator)
    assert isinstance(written, Power)
    return as_sympy(written.base) ** as_sympy(written.exponent)


def test_no_proof_passes_over_a_case_in_which_a_root_is_zero() -> None:
    """sqrt(relu(x)) is 0, not undefined, for negative x: the two sides differ there."""
    left = Subject(Grounds({}, DEFAULT), term("sqrt(relu(x)) + exp(relu(x))"))
    wrong = Written.of(term("sqrt(relu(x)) + maximum(exp(x), 1) + step(-x)"))
    scope, nodes = left.against(wrong, left.grounds.all)
    assert proved(scope, *nodes) is None
    equal = Written.of(term("sqrt(relu(x)) + maximum(exp(x), 1)"))
    scope, nodes = left.against(equal, left.grounds.all)
    assert proved(scope, *nodes) is not None


@pytest.mark.parametrize(
    ("sum_of_terms", "verdict"),
    [
        ("2 - sigmoid(-y)", "equal"),
        ("1 + exp(x) - sigmoid(-y)", "equal"),
        ("1 + x**2 - 1.000000001*sigmoid(-y)", "undecided"),
        *((f"10**9 {term}", "undecided") for term in ("+ x", "- x", "- x**2", "- exp(x)", "+ sigmoid(x)*y", "- sigmoid(x)*y")),
    ],
)
def test_a_sum_is_positive_only_where_its_bounds_say_so(sum_of_terms: str, verdict: str) -> None:
    """The third is negative where x is 0 and y is below -21, the last ones far out: no point is looked at there."""
    assert decide(term(f"abs({sum_of_terms})"), term(sum_of_terms), {}).verdict == verdict


def nested(function: str, depth: int, innermost: Term) -> Term:
    for _ in range(depth):
        innermost = Apply(function, (innermost,))
    return innermost


def hostile() -> dict[str, tuple[Term, Term]]:
    x = Ref("x")
    many = [Ref(f"v{i}") for i in range(60)]
    tower = nested("exp", 5, number(99))
    deep = nested("sigmoid", 64, x)
    chain: Term = x
    for i in range(64):
        chain = Div(number(1), Add((chain, Ref(f"v{i % 7}"))))
    negated: Term = x
    for _ in range(5000):
        negated = Neg(negated)
    return {
        "tower of exponentials": (tower, Add((tower, number(1)))),
        "tower over a variable": (nested("exp", 64, x), Add((nested("exp", 64, x), number(1)))),
        "64 sigmoids": (deep, Add((deep, Power(x, number(2))))),
        "a power of a sum": (Power(Add((*many, number(1))), number(1000)), Power(Add((*many, number(2))), number(1000))),
        "a power of a sum, regrouped": (
            Power(Add(tuple(many)), number(40)),
            Mul((Power(Add(tuple(many[::-1])), number(39)), Add((*many, x)))),
        ),
        "powers of powers": (Power(Power(Power(x, number(1000)), number(1000)), number(1000)), x),
        "a huge exponent": (Power(x, number(10**30)), x),
        "a huge number": (Power(number(9), Power(number(9), number(9))), number(1)),
        "a continued fraction": (chain, Add((chain, Div(number(1), Ref("v1"))))),
        "5000 signs": (negated, x),
        "5000 terms": (Add(tuple(Mul((Ref(f"v{i}"), Ref(f"v{i + 1}"))) for i in range(2500))), x),
        "products of sums": (
            Mul(tuple(Add((Ref(f"v{i}"), Ref(f"v{i + 1}"), number(1))) for i in range(40))),
            Mul(tuple(Add((Ref(f"v{i}"), number(1), Ref(f"v{i + 1}"))) for i in range(41))),
        ),
        "sums of exponentials": (
            Power(Add(tuple(Apply("exp", (Ref(f"v{i}"),)) for i in range(40))), number(9)),
            Mul((Power(Add(tuple(Apply("exp", (Ref(f"v{i}"),)) for i in range(39, -1, -1))), number(8)), x)),
        ),
        "exponents that are large": (
            Apply("exp", (Power(Add(tuple(many)), number(9)),)),
            Apply("exp", (Power(Add((*many, x)), number(9)),)),
        ),
        "many kinks": (nested("relu", 64, x), Add(tuple(Apply("abs", (Add((v, Apply("relu", (x,)))),)) for v in many))),
        "a factorial": (Mul(tuple(number(i) for i in range(1, 3000))), number(1)),
        "a long number": (number(10**4200), number(10**4200 + 1)),
        "a division by a small difference": (Div(number(1), Add((x, Neg(x), number(Fraction(1, 10**300))))), number(10**300)),
    }


@pytest.mark.parametrize("name", hostile())
def test_hostile_terms_end_within_the_budget(name: str) -> None:
    left, right = hostile()[name]
    for first, second in ((left, right), (right, left), (left, left)):
        decision = decide(first, second, {})
        assert decision.reason
        assert decision.operations <= 8 * DEFAULT.operations
        equal = first is second or name in ("5000 signs", "a division by a small difference")
        assert decision.verdict != ("different" if equal else "equal")


def test_a_small_budget_gives_undecided_with_its_reason() -> None:
    left, right = term("(x + 1)*(y + 1)*(z + 1)*(w + 1)*sigmoid(x)"), term("(x*y + x + y + 1)*(z*w + z + w + 1)*sigmoid(x)")
    assert decide(left, right, {}).verdict == "equal"
    tight = decide(left, right, {}, budget=Budget(operations=75))
    assert tight.verdict == "undecided" and "75 operations" in tight.reason
    few = decide(left, right, {}, budget=Budget(nodes=5))
    assert few.verdict == "undecided" and "5 operations are written" in few.reason


def test_a_definition_that_is_too_large_leaves_answers_in_intermediates_decided() -> None:
    big = term("(a + b + c + d + f)**20*(a - b + c)**20 + exp(a)")
    definitions = {"big": big, "s": term("sigmoid(big)"), "g": term("s*(1 - s)*a")}
    comparer = Comparer(definitions)
    assert comparer.decide(Ref("g"), term("a*s - a*s**2")).verdict == "equal"
    assert comparer.decide(Ref("g"), term("a*s - a*s**3")).verdict == "different"
    assert comparer.decide(term("s"), term("exp(big)/(1 + exp(big))")).verdict != "different"


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ("x + y*x", "x*y + x", "both are built from the same operations"),
        ("x*(x + y)", "x**2 + x*y", "exact normal form over x, y: all 4 monomials cancel"),
    ],
)
def test_the_reason_says_how_equality_was_proved(left: str, right: str, reason: str) -> None:
    assert decide(term(left), term(right), {}).reason == reason


@pytest.mark.parametrize(
    ("named", "verdict"), [("x + 1000", "undecided"), ("sigmoid(x)", "equal"), ("sigmoid(log(-1 - x**2))", "undecided")]
)
def test_a_name_is_positive_only_where_its_function_is(named: str, verdict: str) -> None:
    """x + 1000 is positive at every fixed point."""
    assert decide(term("abs(v)"), term("v"), {"v": term(named)}).verdict == verdict


def test_number_nodes_share_nothing_with_variables() -> None:
    assert decide(Number(Fraction(1, 2), "0.5"), Number(Fraction(1, 2), "1/2"), {}).verdict == "equal"
    assert decide(Ref("half"), number("0.5"), {}).verdict == "different"
    assert decide(Ref("half"), number("0.5"), {"half": number("1/2")}).verdict == "equal"
