"""SymPy to terms: for a derivative that no textbook form fits.

Input: a SymPy expression. Output: the same value as a term, its parts in SymPy's printing order (never hash order).
"""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

import sympy

from symprop.algebra.to_sympy import Expr
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.terms import Apply, Neg, Power, Ref, Term, negated, number, power, product, quotient, total

_NAMES = {"Abs": "abs", "Max": "maximum", "Min": "minimum", "Heaviside": "step"}


@singledispatch
def from_sympy(expression: Expr) -> Term:
    """The term of a SymPy expression over the functions of the table."""
    raise UnsupportedError(f"a derivative contains {type(expression).__name__}, which symprop's language does not have")


@from_sympy.register(type(sympy.nan))
@from_sympy.register(type(sympy.zoo))
def _(expression: Expr) -> Term:
    raise UnsupportedError("a derivative is defined nowhere: it divides by what is always 0")


@from_sympy.register
def _(expression: sympy.Rational) -> Term:
    value = number(Fraction(abs(int(expression.p)), int(expression.q)))
    return Neg(value) if expression.is_negative else value


@from_sympy.register(type(sympy.pi))
def _(expression: Expr) -> Term:
    return Apply("pi", ())


@from_sympy.register(type(sympy.E))
def _(expression: Expr) -> Term:
    return Apply("exp", (number(1),))


@from_sympy.register
def _(expression: sympy.Symbol) -> Term:
    return Ref(expression.name)


@from_sympy.register
def _(expression: sympy.Add) -> Term:
    return total(from_sympy(part) for part in expression.as_ordered_terms())


@from_sympy.register
def _(expression: sympy.Mul) -> Term:
    if expression.as_coeff_Mul()[0].is_negative:
        return negated(from_sympy(-expression))
    numerator, denominator = expression.as_numer_denom()
    if denominator != 1:
        return quotient(from_sympy(numerator), from_sympy(denominator))
    return product(from_sympy(part) for part in expression.as_ordered_factors())


@from_sympy.register
def _(expression: sympy.Pow) -> Term:
    base, exponent = expression.as_base_exp()
    if exponent.is_Integer and exponent > 0:
        return power(from_sympy(base), int(exponent))
    if exponent.is_Integer:
        return quotient(number(1), power(from_sympy(base), -int(exponent)))
    if exponent == sympy.Rational(1, 2):
        return Apply("sqrt", (from_sympy(base),))
    return Power(from_sympy(base), from_sympy(exponent))


@from_sympy.register
def _(expression: sympy.Function) -> Term:
    name = _NAMES.get(type(expression).__name__, type(expression).__name__)
    if name not in FUNCTIONS:
        raise UnsupportedError(f"a derivative contains the function {name}, which symprop's table does not have")
    return Apply(name, tuple(from_sympy(part) for part in expression.args[: FUNCTIONS[name].arity]))


@from_sympy.register(sympy.Max)
@from_sympy.register(sympy.Min)
def _(expression: Expr) -> Term:
    first, *rest = (from_sympy(part) for part in sorted(expression.args, key=sympy.default_sort_key))
    for part in rest:
        first = Apply(_NAMES[type(expression).__name__], (first, part))
    return first
