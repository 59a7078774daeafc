"""Gradients beside differences of the loss: evidence that owes nothing to the derivation.

Input: a derivation with data, and a parameter. Output: for each entry its gradient by the formula, and a central difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from symprop.derive import Derivation
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Network
from symprop.terms import Apply, Ref, difference, number, quotient, subterms
from symprop.worked import decimals, floats
from symprop.worked.evaluate import Numeric, Values
from symprop.worked.initial import initial_values

STEP = Decimal("1e-6")
_SLOPE = quotient(difference(Ref("ahead"), Ref("behind")), number(2 * STEP))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry of a parameter (0-based `indices`): dE/dp by the formula, and (E(p + h) - E(p - h))/(2*h) with h = 1e-6.

    `kinks` are the conventions of functions with a kink between p - h and p + h: there the difference is no evidence.
    """

    indices: tuple[int, ...]
    gradient: float
    difference: float
    kinks: tuple[str, ...] = ()


def evidence(derivation: Derivation, parameter: str) -> Iterator[Evidence]:
    """Each entry's gradient and difference at the spec's data and initial parameters; UnsupportedError where it has no data."""
    network = derivation.network
    missing = [name for name in network.graph.names("input", "target") if name not in network.data]
    if missing:
        raise UnsupportedError(f"{network.id} holds no numbers for {', '.join(missing)}")
    start = decimals.from_floats({name: floats.to_floats(value) for name, value in initial_values(network).items()})
    gradients = decimals.backward(derivation, decimals.forward(network, start))
    gradient = np.asarray(gradients[derivation.steps[parameter].name])
    for place in np.ndindex(gradient.shape):
        behind, ahead = (_forward(network, start, parameter, place, by) for by in (-STEP, STEP))
        ends = {"behind": behind[network.graph.loss], "ahead": ahead[network.graph.loss]}
        slope = float(decimals.evaluate(_SLOPE, ends))
        yield Evidence(place, float(gradient[place]), slope, tuple(_kinks_between(network, behind, ahead)))


def _forward(network: Network, start: Values, parameter: str, place: tuple[int, ...], by: Decimal) -> Values:
    return decimals.forward(network, {**start, parameter: _moved(start[parameter], place, by)})


def _moved(value: Numeric, place: tuple[int, ...], by: Decimal) -> Numeric:
    array = np.array(value, dtype=object)
    array[place] += by
    return array[()]


def _kinks_between(network: Network, behind: Values, ahead: Values) -> Iterator[str]:
    """The conventions of the functions whose argument is on one side of its kink behind and on the other ahead."""
    calls = [part for equation in network.graph.equations for part in subterms(equation.term) if isinstance(part, Apply)]
    kinked = [call for call in calls if FUNCTIONS[call.function].kink]
    crossed = [call.function for call in kinked if np.any(_side(call, behind) != _side(call, ahead))]
    yield from (FUNCTIONS[name].kink for name in dict.fromkeys(crossed))


def _side(call: Apply, values: Values) -> Numeric:
    """Below, at or above the kink: the sign of the argument, or of the difference of two."""
    first, *others = call.arguments
    return decimals.evaluate(Apply("sign", (difference(first, others[0]) if others else first,)), values)
