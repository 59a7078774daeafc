"""The value of a term: one case for each node, over any arithmetic that NumPy's arrays can hold.

Input: a term, values by name, and an `Arithmetic` (exact reals in `symprop.worked.exact`, doubles in `symprop.worked.floats`).
Output: an array or scalar of that arithmetic, computed in the author's order and broadcast as NumPy does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce, singledispatch
from typing import Any, TypeAlias

import numpy as np

from symprop.algebra.rows import bound
from symprop.errors import UnsupportedError, UsageError, suggestion
from symprop.terms import (
    Add,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
)

Numeric: TypeAlias = Any  # a NumPy array, or a scalar of its dtype
Values: TypeAlias = Mapping[str, Numeric]
_sum: Callable[..., Numeric] = np.sum  # NumPy 2.5 declares it for a `keepdims` that is True or False as written


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What a kind of number must know: its numbers, powers and primitive functions, and which form of the others to compute by."""

    number: Callable[[Fraction], Numeric]
    power: Callable[[Numeric, Numeric], Numeric]
    functions: Mapping[str, Callable[..., Numeric]]
    form: Callable[[str], Term | None]


@singledispatch
def value_of(term: Term, values: Values, arithmetic: Arithmetic) -> Numeric:
    """The value of `term`; raises `UsageError` for a name without a value."""
    raise TypeError(f"value_of: no case for {type(term).__name__}")


def _named(name: str, values: Values) -> Numeric:
    if name not in values:
        raise UsageError(f"'{name}' has no value{suggestion(name, values)}")
    return values[name]


@value_of.register
def _(term: Number, values: Values, arithmetic: Arithmetic) -> Numeric:
    return arithmetic.number(term.value)


@value_of.register
def _(term: Ref, values: Values, arithmetic: Arithmetic) -> Numeric:
    return _named(term.name, values)


@value_of.register
def _(term: Entry, values: Values, arithmetic: Arithmetic) -> Numeric:
    return _named(term.name, values)[term.indices]


@value_of.register
def _(term: Partial, values: Values, arithmetic: Arithmetic) -> Numeric:
    return _named(f"d{term.of}_d{term.wrt}", values)


@value_of.register
def _(term: Neg, values: Values, arithmetic: Arithmetic) -> Numeric:
    return -value_of(term.operand, values, arithmetic)


@value_of.register
def _(term: Add, values: Values, arithmetic: Arithmetic) -> Numeric:
    return reduce(operator.add, (value_of(part, values, arithmetic) for part in term.terms))


@value_of.register
def _(term: Mul, values: Values, arithmetic: Arithmetic) -> Numeric:
    return reduce(operator.mul, (value_of(part, values, arithmetic) for part in term.factors))


@value_of.register
def _(term: Div, values: Values, arithmetic: Arithmetic) -> Numeric:
    return value_of(term.numerator, values, arithmetic) / value_of(term.denominator, values, arithmetic)


@value_of.register
def _(term: Power, values: Values, arithmetic: Arithmetic) -> Numeric:
    return arithmetic.power(value_of(term.base, values, arithmetic), value_of(term.exponent, values, arithmetic))


@value_of.register
def _(term: Apply, values: Values, arithmetic: Arithmetic) -> Numeric:
    arguments = [value_of(part, values, arithmetic) for part in term.arguments]
    if term.function in arithmetic.functions:
        return arithmetic.functions[term.function](*arguments)
    form = arithmetic.form(term.function)
    if form is None:
        raise UnsupportedError(f"the function '{term.function}' has neither a definition nor a numeric form")
    return value_of(form, bound(term.function, arguments), arithmetic)


@value_of.register
def _(term: MatMul, values: Values, arithmetic: Arithmetic) -> Numeric:
    return value_of(term.left, values, arithmetic) @ value_of(term.right, values, arithmetic)


@value_of.register
def _(term: Transpose, values: Values, arithmetic: Arithmetic) -> Numeric:
    return value_of(term.operand, values, arithmetic).T


@value_of.register
def _(term: Sum, values: Values, arithmetic: Arithmetic) -> Numeric:
    return _sum(value_of(term.operand, values, arithmetic), axis=term.axis, keepdims=term.keep)


@value_of.register
def _(term: Mean, values: Values, arithmetic: Arithmetic) -> Numeric:
    operand = value_of(term.operand, values, arithmetic)
    total = _sum(operand, axis=term.axis, keepdims=term.keep)
    count = np.size(operand) if term.axis is None else np.shape(operand)[term.axis]
    return total / arithmetic.number(Fraction(count))


@value_of.register
def _(term: Broadcast, values: Values, arithmetic: Arithmetic) -> Numeric:
    return np.broadcast_to(value_of(term.operand, values, arithmetic), np.shape(_named(term.like, values)))
