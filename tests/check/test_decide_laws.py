"""Laws: a term rewritten by identities is never called different, a mutated one gets the verdict that its values have.

The rewriter and the oracle (mpmath at 60 digits) know nothing of the code under test.
"""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
from hypothesis import given, settings
from hypothesis import strategies as st

from symprop.check.decide import Comparer, decide
from symprop.terms import Add, Apply, Div, Mul, Neg, Number, Power, Ref, Term, children, number, with_children

from .decide_support import evaluated

NAMES = ("x", "y", "w")
SMOOTH = ("sigmoid", "tanh", "exp", "softplus")
KINKED = ("relu", "abs")
POINTS = [{name: Fraction(rng.randint(-60, 60) or 1, 37) for name in NAMES} for rng in map(random.Random, range(8))]


def terms(functions: tuple[str, ...]) -> st.SearchStrategy[Term]:
    leaves = st.one_of(st.sampled_from(NAMES).map(Ref), st.sampled_from((2, 3, -1, "1/2", "0.3")).map(number))

    def larger(part: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        several = st.lists(part, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            several.map(Add),
            several.map(Mul),
            part.map(Neg),
            st.tuples(part, st.sampled_from((2, 3))).map(lambda pair: Power(pair[0], number(pair[1]))),
            st.tuples(st.sampled_from(functions), part).map(lambda pair: Apply(pair[0], (pair[1],))),
            st.tuples(part, st.sampled_from(NAMES)).map(lambda pair: Div(pair[0], Apply("exp", (Ref(pair[1]),)))),
        )

    return st.recursive(leaves, larger, max_leaves=7)


def _one() -> Term:
    return number(1)


def _e(z: Term) -> Term:
    return Apply("exp", (z,))


def _distributed(term: Mul) -> Term:
    first, *rest = term.factors
    if not isinstance(first, Add):
        return Mul(tuple(reversed(term.factors)))
    return Add(tuple(Mul((part, *rest)) for part in first.terms))


def _spelled(term: Apply, rng: random.Random) -> Term:
    """A function in other words."""
    z = term.arguments[0]
    forms: dict[str, list[Term]] = {
        "sigmoid": [
            Div(_one(), Add((_one(), _e(Neg(z))))),
            Div(_e(z), Add((_e(z), _one()))),
            Div(Add((_one(), Apply("tanh", (Div(z, number(2)),)))), number(2)),
            Add((_one(), Neg(Apply("sigmoid", (Neg(z),))))),
        ],
        "tanh": [
            Add((Mul((number(2), Apply("sigmoid", (Mul((number(2), z)),)))), number(-1))),
            Div(Add((_e(z), Neg(_e(Neg(z))))), Add((_e(z), _e(Neg(z))))),
        ],
        "exp": [Div(_one(), _e(Neg(z))), Power(_e(Div(z, number(2))), number(2))],
        "softplus": [Apply("log", (Add((_one(), _e(z))),)), Neg(Apply("log", (Apply("sigmoid", (Neg(z),)),)))],
        "relu": [
            Apply("maximum", (z, number(0))),
            Mul((z, Apply("step", (z,)))),
            Div(Add((z, Apply("abs", (z,)))), number(2)),
        ],
        "abs": [Apply("maximum", (Neg(z), z)), Add((Apply("relu", (z,)), Apply("relu", (Neg(z),)))), Mul((z, Apply("sign", (z,))))],
    }
    return rng.choice(forms[term.function])


def rewritten(term: Term, rng: random.Random) -> Term:
    """The same function, written otherwise at some of its places."""
    if isinstance(term, Power):
        return _repeated(term, rewritten(term.base, rng), rng)
    term = with_children(term, tuple(rewritten(part, rng) for part in children(term)))
    if rng.random() < 0.5:
        return term
    if isinstance(term, Add):
        return Add((*term.terms[1:], term.terms[0]))
    if isinstance(term, Mul):
        return _distributed(term)
    if isinstance(term, Neg):
        return Mul((number(-1), term.operand))
    if isinstance(term, Div):
        return Mul((term.numerator, Power(term.denominator, number(-1))))
    return _spelled(term, rng) if isinstance(term, Apply) else Add((term, number(2), number(-2)))


def _repeated(term: Power, base: Term, rng: random.Random) -> Term:
    assert isinstance(term.exponent, Number)
    exponent = int(term.exponent.value)
    return Mul((base,) * exponent) if exponent > 1 and rng.random() < 0.5 else Power(base, term.exponent)


def mutated(term: Term, rng: random.Random) -> Term:
    """The term with one place changed: a name, a number, a function or a sign."""
    parts = children(term)
    if isinstance(term, Power):
        return Power(mutated(term.base, rng), term.exponent)
    if parts and rng.random() < 0.75:
        at = rng.randrange(len(parts))
        return with_children(term, tuple(mutated(part, rng) if i == at else part for i, part in enumerate(parts)))
    if isinstance(term, Ref):
        return Ref(rng.choice([name for name in NAMES if name != term.name]))
    if isinstance(term, Number):
        return number(term.value + 1)
    return Neg(term) if rng.random() < 0.7 else Add((term, number(1)))


def values(term: Term) -> list[object]:
    with mpmath.workdps(60):
        return [evaluated(term, point) for point in POINTS]


def numerically_equal(left: Term, right: Term) -> bool:
    with mpmath.workdps(60):
        return all(abs(a - b) <= (1 + abs(a)) * mpmath.mpf(10) ** -40 for a, b in zip(values(left), values(right), strict=True))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(SMOOTH), st.randoms(use_true_random=False))
def test_a_rewritten_smooth_term_is_proved_equal(term: Term, rng: random.Random) -> None:
    other = rewritten(term, rng)
    assert numerically_equal(term, other), "the rewriter is wrong"
    decision = decide(term, other, {})
    assert decision.verdict == "equal", decision.reason


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms((*SMOOTH, *KINKED)), st.randoms(use_true_random=False))
def test_a_rewritten_term_with_kinks_is_never_called_different(term: Term, rng: random.Random) -> None:
    other = rewritten(term, rng)
    assert numerically_equal(term, other), "the rewriter is wrong"
    assert decide(term, other, {}).verdict != "different"


@settings(max_examples=80, deadline=None, derandomize=True)
@given(terms((*SMOOTH, *KINKED)), st.randoms(use_true_random=False))
def test_a_mutated_term_gets_the_verdict_of_its_values(term: Term, rng: random.Random) -> None:
    other = rewritten(mutated(term, rng), rng)
    verdict = decide(term, other, {}).verdict
    if numerically_equal(term, other):
        assert verdict != "different" or any(function in repr(term) for function in KINKED)
    else:
        assert verdict == "different"


@settings(max_examples=40, deadline=None, derandomize=True)
@given(terms(SMOOTH), terms(SMOOTH), st.randoms(use_true_random=False))
def test_definitions_change_no_verdict(inner: Term, outer: Term, rng: random.Random) -> None:
    """Naming a part of a term, or writing it out, makes no difference."""
    definitions = {"d": inner, "e": Add((outer, Ref("d")))}
    comparer = Comparer(definitions)
    assert comparer.decide(Mul((Ref("e"), Ref("d"))), rewritten(Mul((Add((outer, inner)), inner)), rng)).verdict == "equal"
    if not numerically_equal(inner, number(0)):
        assert comparer.decide(Ref("e"), outer).verdict == "different"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(SMOOTH), st.randoms(use_true_random=False))
def test_equal_terms_share_their_fingerprint(term: Term, rng: random.Random) -> None:
    comparer = Comparer({})
    assert comparer.fingerprint(term) == comparer.fingerprint(rewritten(term, rng))
