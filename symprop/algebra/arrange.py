"""Products, quotients and powers as they are written down: one number at the front, 1/v as a denominator, no zeros, no ones.

Input: terms. Output: a term of the same value; the order of the factors stays the author's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, Inexact, localcontext
from fractions import Fraction
from math import prod

from symprop.terms import (
    MINUS_ONE,
    Add,
    Div,
    Mul,
    Neg,
    Number,
    Power,
    Ref,
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

MOST_DIGITS = 40  # a merged decimal is written with at most so many


def multiplied(factors: Iterable[Term]) -> Term:
    """The product: its numbers as one number at the front, `t*(1/out)` as `t/out`."""
    whole = product(factors)
    if isinstance(whole, Neg):
        return negated(multiplied((whole.operand,)))
    parts = _factors(whole)
    below = [part.denominator for part in parts if isinstance(part, Div) and is_number(part.numerator, 1)]
    above = product(_one_number(part for part in parts if not (isinstance(part, Div) and is_number(part.numerator, 1))))
    return divided(above, product(below)) if below else above


def divided(numerator: Term, denominator: Term) -> Term:
    """The quotient, its numbers in lowest terms: `2*x/2` is x, `3*x/6` is x/2."""
    if isinstance(numerator, Neg):
        return negated(divided(numerator.operand, denominator))
    (above, *parts), (below, *rest) = _one_number(_factors(numerator)), _one_number(_factors(denominator))
    if not isinstance(above, Number) or not isinstance(below, Number):
        return quotient(numerator, denominator)
    value = above.value / below.value
    if _has_point(above) or _has_point(below):
        return quotient(product((_merged(value, (above, below)), *parts)), product(rest))
    return quotient(product((number(value.numerator), *parts)), product((number(value.denominator), *rest)))


def raised(base: Term, exponent: Term) -> Term:
    """The power; exponent 1 leaves the base, 0 gives 1."""
    if is_number(exponent, 0):
        return number(1)
    return base if is_number(exponent, 1) else Power(base, exponent)


def lowered(exponent: Term) -> Term:
    """The exponent less one."""
    return number(exponent.value - 1) if isinstance(exponent, Number) else total((exponent, MINUS_ONE))


def filled(text: Term, letters: Mapping[str, Term]) -> Term:
    """A row's text with a term for each letter; zeros and ones that come in are left out, the terms themselves stay as they are."""
    if isinstance(text, Ref):
        return letters[text.name]
    parts = tuple(filled(part, letters) for part in children(text))
    if isinstance(text, Add):
        return total(parts)
    if isinstance(text, Mul):
        return product(parts)
    return negated(parts[0]) if isinstance(text, Neg) else with_children(text, parts)


def _factors(term: Term) -> tuple[Term, ...]:
    return term.factors if isinstance(term, Mul) else (term,)


def _one_number(factors: Iterable[Term]) -> tuple[Term, ...]:
    """The factors, two or more numbers among them multiplied into one at the front."""
    parts = tuple(factors)
    numbers = [part for part in parts if isinstance(part, Number)]
    if len(numbers) < 2:
        return (*numbers, *(part for part in parts if not isinstance(part, Number))) or (number(1),)
    value = prod((part.value for part in numbers), start=Fraction(1))
    return (_merged(value, numbers), *(part for part in parts if not isinstance(part, Number)))


def _merged(value: Fraction, numbers: Iterable[Number]) -> Number:
    """The number that several came to: in decimals where one of them was, and where that is exact."""
    if any(map(_has_point, numbers)):
        with localcontext(prec=MOST_DIGITS) as context:
            context.clear_flags()  # a local context starts with what was raised before it
            decimal = Decimal(value.numerator) / Decimal(value.denominator)
            if not context.flags[Inexact]:
                return number(_short(decimal.normalize()))
    return number(value)


def _short(decimal: Decimal) -> str:
    return f"{decimal:f}" if abs(decimal.adjusted()) < 5 else f"{decimal:e}".replace("+", "")


def _has_point(written: Number) -> bool:
    return any(sign in written.text for sign in ".eE")
