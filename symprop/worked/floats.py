"""Terms, networks and derivations in floating point: doubles, or complex doubles for the complex-step check.

Input: terms and NumPy values by name. Output: NumPy values, computed in the author's order as generated code computes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import numpy as np

from symprop.algebra.rows import computed, definition
from symprop.derive.derivation import Derivation
from symprop.graph import Equation, Graph, Network, Value
from symprop.terms import Number, Term
from symprop.worked.evaluate import Arithmetic, Numeric, Values, value_of


def evaluate(term: Term, values: Values) -> Numeric:
    """The value of `term` over float or complex arrays; overflow and division by 0 give inf and nan, as in NumPy."""
    with np.errstate(all="ignore"):
        return value_of(term, values, _COMPLEX if any(map(np.iscomplexobj, values.values())) else _FLOATS)


def real(term: Term, values: Values) -> Numeric:
    """The same where no value is complex: of many values none is looked at."""
    with np.errstate(all="ignore"):
        return value_of(term, values, _FLOATS)


def to_floats(value: Value) -> Numeric:
    """Written numbers as the nearest doubles, nested tuples as an array."""
    return np.float64(float(value.value)) if isinstance(value, Number) else np.array([to_floats(part) for part in value])


def solve(
    equations: Iterable[Equation], values: Values, value: Callable[[Term, Values], Numeric] = evaluate
) -> dict[str, Numeric]:
    """All values: the given ones, and the left side of each equation in order; `value` is that of a term, in another arithmetic."""
    solved = dict(values)
    for equation in equations:
        solved[equation.name] = value(equation.term, solved)
    return solved


def known(network: Network, data: Values | None = None) -> dict[str, Numeric]:
    """The values that are not parameters: inputs, targets, constants, the learning rate, and the sizes of symbolic dimensions.

    `data` replaces the network's own inputs and targets by name.
    """
    values = {name: to_floats(value) for name, value in network.data.items()}
    values.update({name: np.asarray(value)[()] for name, value in (data or {}).items()})
    values[network.training.rate] = to_floats(network.training.learning_rate)
    return values | _dimensions(network.graph, values)


def _dimensions(graph: Graph, values: Values) -> dict[str, Numeric]:
    sizes: dict[str, Numeric] = {}
    for name, value in values.items():
        shape = graph.shape(name) if name in graph.quantities else ()
        lengths = zip(shape, np.shape(value), strict=False)
        sizes.update({dimension: np.float64(length) for dimension, length in lengths if isinstance(dimension, str)})
    return sizes


def forward(network: Network, parameters: Values, data: Values | None = None) -> dict[str, Numeric]:
    """Every named quantity of the forward pass, leaves and metrics' operands included, at the given parameters.

    Parameters and data may be complex (for a complex step). Raises `UsageError` for a parameter without a value.
    """
    leaves = known(network, data) | {name: np.asarray(value)[()] for name, value in parameters.items()}
    return solve(network.graph.equations, leaves)


def backward(
    derivation: Derivation, values: Values, value: Callable[[Term, Values], Numeric] = evaluate
) -> dict[str, Numeric]:
    """The forward values with every gradient (`delta_o1`, `dE_dw5`) and every derived quantity added, in backward order."""
    steps = [Equation(step.name, step.term) for step in derivation.steps.values()]
    return solve((*steps, *derivation.network.derived), values, value)


def gradients(derivation: Derivation, parameters: Values, data: Values | None = None) -> dict[str, Numeric]:
    """dE/dp by parameter name, each with the parameter's shape."""
    values = backward(derivation, forward(derivation.network, parameters, data))
    return {name: values[derivation.steps[name].name] for name in derivation.network.graph.names("parameter")}


def _power(base: Numeric, exponent: Numeric) -> Numeric:
    """base ** exponent; an integer exponent is given to NumPy as one, so that squares are products."""
    whole = np.ndim(exponent) == 0 and exponent == np.round(exponent.real)
    return base ** (int(exponent.real) if whole else exponent)


def _absolute(z: Numeric) -> Numeric:
    return _chosen(np.real(z) < 0, -z, z)


def _chosen(first: Numeric, one: Numeric, other: Numeric) -> Numeric:
    """`one` where `first` holds, else `other`; a scalar stays a scalar."""
    return np.asarray(np.where(first, one, other))[()]


def _erf(z: Numeric) -> Numeric:
    """erf on the real part; a complex step h*1j passes with the slope, exact to first order."""
    real = np.vectorize(math.erf, otypes=[np.float64])(np.real(z))[()]
    return real + 1j * np.imag(z) * 2 / np.sqrt(np.pi) * np.exp(-(np.real(z) ** 2)) if np.iscomplexobj(z) else real


def _erfc(z: Numeric) -> Numeric:
    return 1 - _erf(z) if np.iscomplexobj(z) else np.vectorize(math.erfc, otypes=[np.float64])(z)[()]


def _row_max(z: Numeric) -> Numeric:
    return np.max(np.real(z), axis=-1, keepdims=True)


def _logsumexp(*z: Numeric) -> Numeric:
    largest = np.max(np.real(np.array(np.broadcast_arrays(*z))), axis=0)
    return largest + np.log(sum(np.exp(each - largest) for each in z))


_FUNCTIONS: Mapping[str, Callable[..., Numeric]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "tanh": np.tanh,
    "erf": _erf,
    "erfc": _erfc,
    "abs": _absolute,
    "sign": lambda z: np.sign(np.real(z)),
    "step": lambda z: np.heaviside(np.real(z), 0.0),
    "maximum": lambda a, b: _chosen(np.real(a) > np.real(b), a, b),
    "minimum": lambda a, b: _chosen(np.real(a) < np.real(b), a, b),
    "row_max": _row_max,
    "logsumexp": _logsumexp,
    "pi": lambda: np.float64(np.pi),
}


def _number(value: Fraction) -> Numeric:
    return np.float64(float(value))


_FLOATS = Arithmetic(_number, _power, _FUNCTIONS, computed)
_COMPLEX = Arithmetic(_number, _power, _FUNCTIONS, definition)  # a stable form may hide its slope at 0 in a maximum and an abs
