"""Gradients beside differences of the loss: evidence that owes nothing to the derivation.

Input: a derivation with data, and a parameter. Output: for each entry its gradient by the formula, and a central difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symprop.derive import Derivation
from symprop.errors import UnsupportedError
from symprop.graph import Network
from symprop.worked import floats
from symprop.worked.evaluate import Numeric, Values
from symprop.worked.initial import initial_values

STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry of a parameter (0-based `indices`): dE/dp by the formula, and (E(p + h) - E(p - h))/(2*h) with h = 1e-6."""

    indices: tuple[int, ...]
    gradient: float
    difference: float


def evidence(derivation: Derivation, parameter: str) -> Iterator[Evidence]:
    """Each entry's gradient and difference at the spec's data and initial parameters; UnsupportedError where it has no data."""
    network = derivation.network
    missing = [name for name in network.graph.names("input", "target") if name not in network.data]
    if missing:
        raise UnsupportedError(f"{network.id} holds no numbers for {', '.join(missing)}")
    start = {name: floats.to_floats(value) for name, value in initial_values(network).items()}
    gradient = np.asarray(floats.gradients(derivation, start)[parameter])
    for place in np.ndindex(gradient.shape):
        yield Evidence(place, float(gradient[place]), _difference(network, start, parameter, place))


def _difference(network: Network, start: Values, parameter: str, place: tuple[int, ...]) -> float:
    ahead, behind = (_loss(network, {**start, parameter: _moved(start[parameter], place, by)}) for by in (STEP, -STEP))
    return (ahead - behind) / (2 * STEP)


def _moved(value: Numeric, place: tuple[int, ...], by: float) -> Numeric:
    array = np.array(value, dtype=float)
    array[place] += by
    return array[()]


def _loss(network: Network, parameters: Values) -> float:
    return float(floats.forward(network, parameters)[network.graph.loss])
