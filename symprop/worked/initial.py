"""The initial parameters of a network as written numbers, drawn where the spec draws them.

Input: a Network and, optionally, another seed. Output: exact values by name; a drawn double is written by its shortest text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symprop.errors import UnsupportedError
from symprop.graph import Draw, Given, Network, Value
from symprop.spec.option_terms import draw_arguments
from symprop.spec.options import INITIALIZERS
from symprop.terms import number
from symprop.worked.floats import evaluate

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Sources:
    """NumPy's generators after one seed: the one of today, and the legacy one that older documents draw from."""

    seed: int | None

    @cached_property
    def today(self) -> np.random.Generator:
        """`np.random.default_rng(seed)`."""
        return np.random.default_rng(self.seed)

    @cached_property
    def legacy(self) -> np.random.RandomState:
        """What `np.random.random` draws from after `np.random.seed(seed)`."""
        return np.random.RandomState(self.seed)


DRAWS: Mapping[str, Callable[..., Any]] = {
    "uniform": lambda sources, shape, low, high: sources.today.uniform(low, high, shape),
    "normal": lambda sources, shape, mean, deviation: sources.today.normal(mean, deviation, shape),
    "legacy": lambda sources, shape, scale: sources.legacy.random_sample(shape) * scale,
    "none": lambda sources, shape, value: np.full(shape, value),
}


def initial_values(network: Network, seed: int | None = None) -> dict[str, Value]:
    """The parameters before training, in order; drawn in parameter order after one seed, as the generated module draws them.

    Raises UnsupportedError where the spec draws without a seed and none is given.
    """
    chosen = network.training.seed if seed is None else seed
    drawn = {INITIALIZERS[initial.initializer].draw for initial in network.initial.values() if isinstance(initial, Draw)}
    if drawn - {"none"} and chosen is None:
        raise UnsupportedError(f"{network.id} draws its weights without a seed; write one, seed = 0, under [training]")
    sources = Sources(chosen)
    return {name: _value(network, name, initial, sources) for name, initial in network.initial.items()}


def _value(network: Network, name: str, initial: Given | Draw, sources: Sources) -> Value:
    if isinstance(initial, Given):
        return initial.value
    shape = tuple(int(length) for length in network.graph.shape(name))
    arguments = [evaluate(term, {}) for term in draw_arguments(initial)]
    drawn = DRAWS[INITIALIZERS[initial.initializer].draw](sources, shape, *arguments)
    return _written(np.asarray(drawn, dtype=network.training.dtype))


def _written(array: Any) -> Value:
    return tuple(_written(part) for part in array) if np.ndim(array) else number(float(array))
