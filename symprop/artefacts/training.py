"""The training of a worksheet: the generated module trains as the document does, and its history becomes curves.

Input: a derivation whose spec holds data. Output: `Curves`, plain numbers; None where there is nothing to draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from symprop.artefacts.modules import module_of
from symprop.derive import Derivation
from symprop.emit import module
from symprop.graph import Network, Value
from symprop.render.curves import Curves, Series
from symprop.worked.floats import to_floats
from symprop.worked.initial import initial_values

POINTS = 100  # of each curve
MOST_LINES = 40  # entries of one quantity that are drawn
MOST_WORK = 20_000_000  # iterations times weights times samples: a longer training is drawn as far as that


def curves_of(derivation: Derivation) -> Curves | None:
    """Train with the document's update rule; None without data, for one iteration, and for a loss that does not stay finite.

    Raises UnsupportedError where the weights are drawn without a seed: each run would draw other curves.
    """
    network = derivation.network
    initial_values(network)
    if any(name not in network.data for name in network.graph.names("input", "target")):
        return None
    iterations = min(network.training.iterations, MOST_WORK // _work(network))
    if iterations < 2:
        return None
    rows = _rows(derivation, iterations)
    if len(rows) < 2:
        return None
    graph = network.graph
    steps = tuple(row["iteration"] for row in rows)
    targets = [name for name in graph.names("target") if name in network.data]
    outputs = (*_followed(graph.outputs, rows), *(_constant(name, network.data[name], len(rows)) for name in targets))
    return Curves(
        network.document_update.name,
        steps,
        _series(graph.loss, rows),
        tuple(_followed(graph.names("parameter"), rows)),
        outputs if sum(len(series.lines) for series in outputs) <= MOST_LINES else (),
    )


def _work(network: Network) -> int:
    """Weights times samples: what one iteration costs, roughly."""
    weights = sum(math.prod(int(length) for length in network.graph.shape(name)) for name in network.graph.names("parameter"))
    samples = max((len(value) for value in network.data.values() if isinstance(value, tuple)), default=1)
    return max(1, weights * samples)


def _rows(derivation: Derivation, iterations: int) -> Sequence[Mapping[str, Any]]:
    update = derivation.network.document_update.name
    try:
        history = module_of(module(derivation)).train(
            update=update, iterations=iterations, record_every=max(1, iterations // POINTS)
        ).history
    except FloatingPointError:
        return ()
    return [history[place] for place in range(len(history))]


def _followed(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[Series]:
    return (_series(name, rows) for name in names if np.size(rows[0][name]) <= MOST_LINES)


def _series(name: str, rows: Sequence[Mapping[str, Any]]) -> Series:
    values = np.array([row[name] for row in rows], dtype=float)
    columns = values.reshape(len(rows), -1).T
    return Series(name, tuple(map(tuple, columns.tolist())), values.shape[1:])


def _constant(name: str, value: Value, length: int) -> Series:
    numbers = np.asarray(to_floats(value))
    lines = tuple((number,) * length for number in numbers.ravel().tolist())
    return Series(name, lines, numbers.shape, dashed=True)
