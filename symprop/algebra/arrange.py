"""Products, quotients and powers as they are written down: one number at the front, 1/v as a denominator, no zeros, no ones.

Input: terms. Output: a term of the same value; the order of the factors stays the author's.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symprop.terms import (
    MINUS_ONE,
    Add,
    Div,
    Mul,
    Neg,
    Number,
    Power,
    Term,
    children,
    is_number,
    negated,
    number,
    product,
    quotient,
    total,
    with_children,
)


def multiplied(factors: Iterable[Term]) -> Term:
    """The product: its numbers as one number at the front, `t*(1/out)` as `t/out`."""
    whole = product(factors)
    if isinstance(whole, Neg):
        return negated(multiplied((whole.operand,)))
    parts = _factors(whole)
    below = [part.denominator for part in parts if _is_reciprocal(part)]
    above = product(_one_number(part for part in parts if not _is_reciprocal(part)))
    return divided(above, product(below)) if below else above


def divided(numerator: Term, denominator: Term) -> Term:
    """The quotient, its numbers in lowest terms: `2*x/2` is x, `3*x/6` is x/2."""
    if isinstance(numerator, Neg):
        return negated(divided(numerator.operand, denominator))
    parts = _one_number(_factors(numerator))
    if not isinstance(denominator, Number) or not isinstance(parts[0], Number):
        return quotient(numerator, denominator)
    value = parts[0].value / denominator.value
    return quotient(product((number(value.numerator), *parts[1:])), number(value.denominator))


def raised(base: Term, exponent: Term) -> Term:
    """The power; exponent 1 leaves the base, 0 gives 1."""
    if is_number(exponent, 0):
        return number(1)
    return base if is_number(exponent, 1) else Power(base, exponent)


def lowered(exponent: Term) -> Term:
    """The exponent less one."""
    return number(exponent.value - 1) if isinstance(exponent, Number) else total((exponent, MINUS_ONE))


def tidied(term: Term) -> Term:
    """The term without the zeros and ones that were put into a row's text."""
    parts = tuple(tidied(part) for part in children(term))
    if isinstance(term, Add):
        return total(parts)
    if isinstance(term, Mul):
        return product(parts)
    return negated(parts[0]) if isinstance(term, Neg) else with_children(term, parts)


def _factors(term: Term) -> tuple[Term, ...]:
    return term.factors if isinstance(term, Mul) else (term,)


def _is_reciprocal(term: Term) -> bool:
    return isinstance(term, Div) and is_number(term.numerator, 1)


def _one_number(factors: Iterable[Term]) -> tuple[Term, ...]:
    """The factors, two or more numbers among them multiplied into one at the front."""
    parts = tuple(factors)
    numbers = [part for part in parts if isinstance(part, Number)]
    if len(numbers) < 2:
        return (*numbers, *(part for part in parts if not isinstance(part, Number))) or (number(1),)
    value = Fraction(1)
    for part in numbers:
        value *= part.value
    return (number(value), *(part for part in parts if not isinstance(part, Number)))
