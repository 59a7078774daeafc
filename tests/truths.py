"""What is true of the functions that are swept, by mpmath: written by hand, independently of the table's texts.

Input: nothing. Output: `TRUTHS`, value and slope by the function's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import mp

Real = Any  # an mpmath number


def sigmoid(z: Real) -> Real:
    return 1 / (1 + mp.exp(-z))


def inner(z: Real) -> Real:
    return 2 * mp.sqrt(2 / mp.pi) * (z + mp.mpf("0.044715") * z**3)


def gelu_tanh_slope(z: Real) -> Real:
    rate = 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf("0.044715") * z**2)
    return sigmoid(inner(z)) + z * sigmoid(inner(z)) * sigmoid(-inner(z)) * rate


@dataclass(frozen=True)
class Truth:
    """Value and slope of a function of one number."""

    value: Callable[[Real], Real]
    slope: Callable[[Real], Real]
    pole: bool = False  # at 0: its slope there is as large as 1/z**2
    grows: bool = False  # as exp(z) does: beyond the largest number no form has a value


TRUTHS: dict[str, Truth] = {
    "identity": Truth(lambda z: z, lambda z: mp.mpf(1)),
    "sigmoid": Truth(sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": Truth(mp.tanh, lambda z: mp.sech(z) ** 2),
    "relu": Truth(lambda z: max(z, mp.mpf(0)), lambda z: mp.mpf(z > 0)),
    "leaky_relu": Truth(lambda z: z if z > 0 else z / 100, lambda z: mp.mpf(1) if z > 0 else mp.mpf(1) / 100),
    "elu": Truth(lambda z: z if z > 0 else mp.expm1(z), lambda z: mp.mpf(1) if z > 0 else mp.exp(z)),
    "softplus": Truth(lambda z: mp.log1p(mp.exp(z)) if z < 0 else z + mp.log1p(mp.exp(-z)), sigmoid),
    "gelu": Truth(lambda z: z * mp.erfc(-z / mp.sqrt(2)) / 2, lambda z: mp.erfc(-z / mp.sqrt(2)) / 2 + z * mp.npdf(z)),
    "gelu_tanh": Truth(lambda z: z * sigmoid(inner(z)), gelu_tanh_slope),
    "normal_cdf": Truth(lambda z: mp.erfc(-z / mp.sqrt(2)) / 2, mp.npdf),
    "normal_pdf": Truth(mp.npdf, lambda z: -z * mp.npdf(z)),
    "sinh": Truth(mp.sinh, mp.cosh, grows=True),
    "cosh": Truth(mp.cosh, mp.sinh, grows=True),
    "sech": Truth(mp.sech, lambda z: -mp.sech(z) * mp.tanh(z)),
    "csch": Truth(mp.csch, lambda z: -mp.csch(z) * mp.coth(z), pole=True),
    "coth": Truth(mp.coth, lambda z: -(mp.csch(z) ** 2), pole=True),
}
