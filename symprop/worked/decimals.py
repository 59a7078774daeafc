"""Networks in decimals of forty digits: what doubles say without their rounding, and so the same digits on every machine.

Input: the values that `symprop.worked.floats` takes. Output: decimals by name, arrays of them as NumPy arrays of objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from functools import partial

import numpy as np

from symprop.algebra.rows import computed
from symprop.derive.derivation import Derivation
from symprop.graph import Equation, Network
from symprop.terms import Term
from symprop.worked import floats
from symprop.worked.evaluate import Arithmetic, Numeric, Values, value_of
from symprop.worked.reals import mpmath_digits

DIGITS = 40
_CONTEXT = Context(prec=DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])  # as in doubles, 1/0 is a value
_NAN = Decimal("nan")


def from_floats(values: Values) -> dict[str, Numeric]:
    """The decimals that doubles are, exactly."""
    return {name: _EXACT(value) for name, value in values.items()}


def evaluate(term: Term, values: Values) -> Numeric:
    """The value of `term`; infinite or nan where it does not exist."""
    with localcontext(_CONTEXT):
        return value_of(term, values, _DECIMALS)


def solve(equations: Iterable[Equation], values: Values) -> dict[str, Numeric]:
    """All values: the given ones, and the left side of each equation in order."""
    return floats.solve(equations, values, evaluate)


def forward(network: Network, parameters: Values) -> dict[str, Numeric]:
    """Every named quantity of the forward pass at the network's data and the given parameters (decimals)."""
    return solve(network.graph.equations, from_floats(floats.known(network)) | dict(parameters))


def backward(derivation: Derivation, values: Values) -> dict[str, Numeric]:
    """The forward values with every gradient and every derived quantity added, in backward order."""
    return floats.backward(derivation, values, evaluate)


def _number(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return base**exponent if exponent else Decimal(1)  # 0**0 is 1, as in NumPy


def _by_mpmath(function: str, z: Decimal) -> Decimal:
    return Decimal(mpmath_digits(function, z, DIGITS)) if z.is_finite() else _NAN


_EXACT = np.frompyfunc(lambda value: Decimal(float(value)), 1, 1)
_ONES: Mapping[str, Callable[[Decimal], Decimal]] = {
    "exp": Decimal.exp,
    "log": Decimal.ln,
    "sqrt": Decimal.sqrt,
    "log1p": lambda z: (1 + z).ln(),
    "expm1": lambda z: z.exp() - 1,
    "tanh": lambda z: 1 - 2 / ((2 * z).exp() + 1),
    "erf": partial(_by_mpmath, "erf"),
    "erfc": partial(_by_mpmath, "erfc"),
    "abs": abs,
    "sign": lambda z: Decimal((z > 0) - (z < 0)),
    "step": lambda z: Decimal(z > 0),
}
_FUNCTIONS: dict[str, Callable[..., Numeric]] = {
    **{name: np.frompyfunc(function, 1, 1) for name, function in _ONES.items()},
    "maximum": np.frompyfunc(max, 2, 1),
    "minimum": np.frompyfunc(min, 2, 1),
    "row_max": lambda z: np.frompyfunc(max, 2, 1).reduce(z, axis=-1, keepdims=True),
    "logsumexp": lambda *z: _FUNCTIONS["log"](sum(map(_FUNCTIONS["exp"], z))),
    "pi": lambda: Decimal(mpmath_digits("pi", None, DIGITS)),
}
_DECIMALS = Arithmetic(_number, np.frompyfunc(_power, 2, 1), _FUNCTIONS, computed)
