"""The initial parameters of a network as written numbers, drawn where the spec draws them.

Input: a Network and, optionally, another seed. Output: exact values by name; a drawn double is written by its shortest text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symprop.errors import UnsupportedError
from symprop.graph import Draw, Given, Network, Value
from symprop.terms import Term, number
from symprop.worked.floats import evaluate

Shape = tuple[int, ...]


def initial_values(network: Network, seed: int | None = None) -> dict[str, Value]:
    """The parameters before training, in order; drawn in parameter order after one seed, as the generated module draws them.

    Raises UnsupportedError where the spec draws without a seed and none is given.
    """
    chosen = network.training.seed if seed is None else seed
    draws = any(isinstance(initial, Draw) for initial in network.initial.values())
    if draws and chosen is None:
        raise UnsupportedError(f"{network.id} draws its weights without a seed; give one")
    source = np.random.RandomState(chosen)
    return {name: _value(network, name, initial, source) for name, initial in network.initial.items()}


def _value(network: Network, name: str, initial: Given | Draw, source: np.random.RandomState) -> Value:
    if isinstance(initial, Given):
        return initial.value
    if initial.initializer not in LEGACY:
        raise UnsupportedError(f"{network.id}: the draw '{initial.initializer}' of {name} has no written values")
    shape = tuple(int(length) for length in network.graph.shape(name))
    return _written(LEGACY[initial.initializer](source, shape, initial.options))


def _legacy_uniform(source: np.random.RandomState, shape: Shape, options: Mapping[str, Term]) -> Any:
    return source.random_sample(shape) * evaluate(options["scale"], {})


LEGACY: dict[str, Callable[[np.random.RandomState, Shape, Mapping[str, Term]], Any]] = {"legacy_uniform": _legacy_uniform}


def _written(array: Any) -> Value:
    return tuple(_written(part) for part in array) if np.ndim(array) else number(float(array))
