"""What the tests of the decision share, written apart from the code under test.

Input: layer sizes, texts, terms. Output: networks as definitions of scalar names (forward equations and textbook deltas), terms
written out to the weights, values by mpmath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath

from symprop.language import Names, read
from symprop.terms import (
    Add,
    Apply,
    Div,
    Mul,
    Neg,
    Number,
    Power,
    Ref,
    Term,
    children,
    difference,
    product,
    substitute,
    total,
)

OPEN = Names({}, open=True)
SLOPES = {"sigmoid": "{a}*(1 - {a})", "tanh": "1 - {a}**2", "relu": "step({z})", "identity": "1"}


def term(text: str) -> Term:
    """A text in Python notation whose every name is a quantity."""
    return read(text, OPEN)


def network(sizes: tuple[int, ...], activation: str = "sigmoid", last: str = "", samples: int = 1) -> dict[str, Term]:
    """Definitions of `z{layer}_{unit}_{sample}`, `h...`, `delta...`, `dE_dw{layer}_{to}_{from}` and `dE_db{layer}_{to}`.

    E, which has no name, is the sum of (o - y)**2/2.
    """
    made: dict[str, Term] = {}
    last = last or activation
    for s in range(samples):
        for layer in range(1, len(sizes)):
            function = last if layer == len(sizes) - 1 else activation
            for j in range(sizes[layer]):
                inputs = [product((Ref(f"w{layer}_{j}_{i}"), unit(layer - 1, i, s))) for i in range(sizes[layer - 1])]
                made[f"z{layer}_{j}_{s}"] = total((*inputs, Ref(f"b{layer}_{j}")))
                made[f"h{layer}_{j}_{s}"] = Apply(function, (Ref(f"z{layer}_{j}_{s}"),))
    made |= _backward(sizes, activation, last, samples)
    return made


def unit(layer: int, index: int, sample: int) -> Ref:
    """An input or the output of a unit."""
    return Ref(f"x_{index}_{sample}" if layer == 0 else f"h{layer}_{index}_{sample}")


def _backward(sizes: tuple[int, ...], activation: str, last: str, samples: int) -> dict[str, Term]:
    made: dict[str, Term] = {}
    depth = len(sizes) - 1
    for s in range(samples):
        for layer in range(depth, 0, -1):
            for j in range(sizes[layer]):
                function = last if layer == depth else activation
                slope = term(SLOPES[function].format(a=f"h{layer}_{j}_{s}", z=f"z{layer}_{j}_{s}"))
                if layer == depth:
                    error: Term = difference(unit(layer, j, s), Ref(f"y_{j}_{s}"))
                else:
                    above = range(sizes[layer + 1])
                    error = total(product((Ref(f"delta{layer + 1}_{k}_{s}"), Ref(f"w{layer + 1}_{k}_{j}"))) for k in above)
                made[f"delta{layer}_{j}_{s}"] = product((error, slope))
    for layer in range(1, depth + 1):
        for j in range(sizes[layer]):
            deltas = [Ref(f"delta{layer}_{j}_{s}") for s in range(samples)]
            made[f"dE_db{layer}_{j}"] = total(deltas)
            for i in range(sizes[layer - 1]):
                made[f"dE_dw{layer}_{j}_{i}"] = total(product((d, unit(layer - 1, i, s))) for s, d in enumerate(deltas))
    return made


def written_out(definitions: dict[str, Term], written: Term, keep: str = "") -> Term:
    """The term without defined names, apart from those that begin with one of the letters of `keep`."""
    for name in reversed(definitions):
        if not (keep and name[0] in keep):
            written = substitute(written, {name: definitions[name]})
    return written


_MPMATH: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "abs": abs,
    "sign": mpmath.sign,
    "step": lambda z: mpmath.mpf(z > 0),
    "maximum": max,
    "minimum": min,
    "pi": lambda: +mpmath.pi,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    **{name: getattr(mpmath, name) for name in ("sinh", "cosh", "sech", "csch", "coth")},
    "gelu": lambda z: z * (1 + mpmath.erf(z / mpmath.sqrt(2))) / 2,
    "gelu_tanh": lambda z: z * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (z + mpmath.mpf(44715) / 10**6 * z**3))) / 2,
}


def evaluated(written: Term, point: Mapping[str, Fraction]) -> Any:
    """The value in mpmath's floating-point arithmetic at its working precision: written apart from the code under test."""
    if isinstance(written, Number):
        return mpmath.mpf(written.value.numerator) / written.value.denominator
    if isinstance(written, Ref):
        return mpmath.mpf(point[written.name].numerator) / point[written.name].denominator
    parts = [evaluated(part, point) for part in children(written)]
    if isinstance(written, Apply):
        return _MPMATH[written.function](*parts)
    operation: dict[type[Term], Callable[..., Any]] = {
        Neg: lambda a: -a,
        Add: lambda *terms: sum(terms),
        Mul: lambda *factors: mpmath.fprod(factors),
        Div: lambda a, b: a / b,
        Power: lambda a, b: a ** (int(b) if b == int(b) else b),
    }
    return operation[type(written)](*parts)
