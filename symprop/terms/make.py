"""Making terms that read well: products without ones, sums without zeros, signs in front.

Input: terms. Output: terms in the form in which a lecturer would write them; the value never changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from symprop.terms.nodes import Add, Apply, Div, Mul, Neg, Number, Power, Ref, Term


def number(value: int | str | float | Decimal | Fraction) -> Number:
    """An exact number that keeps its written form: `number("0.20").text == "0.20"`; a float by its shortest repr."""
    if isinstance(value, Fraction):
        return Number(value, str(value))
    text = repr(value) if isinstance(value, float) else str(value)
    return Number(Fraction(text), text)


ZERO, ONE, MINUS_ONE = number(0), number(1), number(-1)


def is_number(term: Term, value: int | Fraction) -> bool:
    """Whether the term is the given number."""
    return isinstance(term, Number) and term.value == value


def product(factors: Iterable[Term]) -> Term:
    """The product without factors 1, with every sign pulled to the front; factors keep their order.

    A nested product is opened, so that `delta * (out*(1 - out))` reads `delta*out*(1 - out)`.
    """
    negative = False
    kept: list[Term] = []
    for factor in factors:
        sign, parts = _signed_factors(factor)
        negative ^= sign
        kept.extend(part for part in parts if not is_number(part, 1))
    if any(is_number(part, 0) for part in kept):
        return ZERO
    body: Term = ONE if not kept else kept[0] if len(kept) == 1 else Mul(tuple(kept))
    return negated(body) if negative else body


def _signed_factors(term: Term) -> tuple[bool, tuple[Term, ...]]:
    if isinstance(term, Neg):
        sign, parts = _signed_factors(term.operand)
        return not sign, parts
    if isinstance(term, Number) and term.value < 0:
        return True, (_opposite(term),)
    return False, term.factors if isinstance(term, Mul) else (term,)


def total(terms: Iterable[Term]) -> Term:
    """The sum without zeros, nested sums opened; 0 when nothing is left."""
    kept: list[Term] = []
    for term in terms:
        if not is_number(term, 0):
            kept.extend(term.terms if isinstance(term, Add) else (term,))
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Add((kept[0], *map(_with_sign_in_front, kept[1:])))


def _with_sign_in_front(term: Term) -> Term:
    """`a - 3` rather than `a + (-3)`."""
    return Neg(_opposite(term)) if isinstance(term, Number) and term.value < 0 else term


def negated(term: Term) -> Term:
    """-term, without a double sign."""
    if isinstance(term, Neg):
        return term.operand
    if isinstance(term, Number):
        return term if term.value == 0 else _opposite(term)
    return Neg(term)


def _opposite(term: Number) -> Number:
    """-term, its digits as they were written."""
    text = term.text.removeprefix("-") if term.text.startswith("-") else f"-{term.text}"
    return Number(-term.value, text)


def difference(left: Term, right: Term) -> Term:
    """left - right."""
    return total((left, negated(right)))


def quotient(numerator: Term, denominator: Term) -> Term:
    """numerator / denominator, without a denominator 1, the sign in front."""
    if is_number(denominator, 1):
        return numerator
    if isinstance(numerator, Neg):
        return Neg(quotient(numerator.operand, denominator))
    return Div(numerator, denominator)


def power(base: Term, exponent: int) -> Term:
    """base ** exponent for an integer exponent; exponent 1 leaves the base, 0 gives 1."""
    if exponent == 0:
        return ONE
    return base if exponent == 1 else Power(base, number(exponent))


def call(function: str, *arguments: Term | str) -> Term:
    """A function application; a plain string argument is a quantity's name."""
    return Apply(function, tuple(Ref(a) if isinstance(a, str) else a for a in arguments))
