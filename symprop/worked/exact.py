"""Terms in exact arithmetic: rational where the value is, else enclosed as narrowly as asked.

Input: a term and exact values by name (fractions, enclosures, or arrays of them as nested tuples). Output: the same kind of value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import DecimalException, Overflow
from fractions import Fraction
from functools import cache, partial
from typing import TypeAlias

import numpy as np

from symprop.algebra.rows import definition
from symprop.errors import InputError, UnsupportedError
from symprop.graph import Value
from symprop.terms import Number, Term
from symprop.worked import reals
from symprop.worked.evaluate import Arithmetic, Numeric, value_of
from symprop.worked.reals import FIRST_DIGITS, NotEnoughDigits, Real

Reals: TypeAlias = "Real | tuple[Reals, ...]"  # nested like the array's rows


def evaluate(term: Term, values: Mapping[str, Reals], digits: int = FIRST_DIGITS) -> Reals:
    """The exact value of `term`, functions enclosed to about `digits` digits.

    Raises `InputError` where the value does not exist (division by 0, logarithm of 0), `UnsupportedError` where it is too large,
    `NotEnoughDigits` where more digits decide.
    """
    arrays = {name: to_array(value) for name, value in values.items()}
    try:
        return to_reals(value_of(term, arrays, exact_arithmetic(digits)))
    except NotEnoughDigits:
        raise
    except ZeroDivisionError as reason:
        raise InputError("the value does not exist: division by zero") from reason
    except Overflow as reason:
        raise UnsupportedError("a value is too large to be worked by hand") from reason
    except (ValueError, DecimalException) as reason:
        raise InputError(f"the value does not exist: {reason}") from reason


def exactly(value: Value) -> Reals:
    """The exact value of written numbers."""
    return value.value if isinstance(value, Number) else tuple(exactly(part) for part in value)


def to_array(value: Reals) -> Numeric:
    """Nested tuples as a NumPy array of objects; a scalar stays what it is."""
    return np.array(value, dtype=object) if isinstance(value, tuple) else value


def to_reals(value: Numeric) -> Reals:
    """The inverse of `to_array`."""
    return tuple(to_reals(part) for part in value) if isinstance(value, np.ndarray) and value.ndim else _scalar(value)


def _scalar(value: Numeric) -> Real:
    scalar: Real = value.item() if isinstance(value, np.ndarray) else value
    return scalar


@cache
def exact_arithmetic(digits: int) -> Arithmetic:
    """Arithmetic of `Real` values whose functions are enclosed with `digits` digits."""
    functions = {name: _each(partial(function, digits=digits), arity) for name, (function, arity) in _FUNCTIONS.items()}
    functions["row_max"] = partial(functions["maximum"].reduce, axis=-1, keepdims=True)
    functions["logsumexp"] = lambda *z: functions["log"](sum(map(functions["exp"], z)))
    return Arithmetic(Fraction, _each(partial(reals.power, digits=digits), 2), functions, definition)


def _each(function: Callable[..., Real], arity: int) -> Numeric:
    """The function on each element, broadcast; a function of no argument is a constant."""
    return np.frompyfunc(function, arity, 1) if arity else function


def _sign(z: Real, digits: int) -> Real:
    return Fraction(reals.sign_of(z))


def _step(z: Real, digits: int) -> Real:
    return Fraction(reals.sign_of(z) > 0)


_FUNCTIONS: dict[str, tuple[Callable[..., Real], int]] = {
    "exp": (reals.exp, 1),
    "log": (reals.log, 1),
    "sqrt": (reals.sqrt, 1),
    "log1p": (lambda z, digits: reals.log(1 + z, digits), 1),
    "expm1": (lambda z, digits: reals.exp(z, digits) - 1, 1),
    "tanh": (reals.tanh, 1),
    "erf": (reals.erf, 1),
    "erfc": (lambda z, digits: 1 - reals.erf(z, digits), 1),
    "abs": (lambda z, digits: reals.larger(z, -z, digits), 1),
    "sign": (_sign, 1),
    "step": (_step, 1),
    "maximum": (reals.larger, 2),
    "minimum": (reals.smaller, 2),
    "pi": (reals.pi, 0),
}
