"""Training a network through its generated module, in a process of its own.

Input: a derivation, an update rule, a number of iterations. Output: a `Training` with the recorded rows and the final parameters.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from symprop.derive import Derivation
from symprop.derive.updates import find_update
from symprop.emit import module
from symprop.errors import InputError
from symprop.graph import Network

ROWS = 500  # rows recorded, so many points a curve has
MOST_ENTRIES = 200  # an array with more entries is not followed row by row


@dataclass(frozen=True)
class Training:
    """What was trained, the recorded rows (values before an update, parameters after it) and the parameters at the end."""

    network: Network
    update: str
    learning_rate: float
    iterations: int
    rows: Sequence[Mapping[str, Any]]
    parameters: Mapping[str, Any]


def run_training(derivation: Derivation, update: str, iterations: int | None, rate: float | None = None) -> Training:
    """Emit the module into a folder of its own and train there; None means as many iterations and the rate of the document.

    Raises InputError where data is missing or the loss is no longer finite, UsageError for an unknown update.
    """
    network = derivation.network
    update = find_update(network, update).name
    _require_data(network)
    count = network.training.iterations if iterations is None else iterations
    used = float(network.training.learning_rate.value) if rate is None else rate
    options = {"update": update, "learning_rate": used, "iterations": count, "record_every": max(1, count // ROWS)}
    with tempfile.TemporaryDirectory() as folder, _progress(count) as advance:
        path = Path(folder, "network.py")
        path.write_text(module(derivation), encoding="utf-8")
        request = {"module": str(path), "names": ["iteration", *followed(network)], "options": options}
        rows, parameters = _collect(request, advance)
    learned = {name: parameters[name] for name in network.graph.names("parameter")}  # without the optimiser's states
    return Training(network, update, used, count, rows, learned)


def followed(network: Network) -> list[str]:
    """The outputs, metrics, loss and parameters that are small enough to be reported row by row."""
    graph = network.graph
    wanted = (*graph.outputs, *(metric.name for metric in network.metrics), graph.loss, *graph.names("parameter"))
    return [name for name in dict.fromkeys(wanted) if _size(network, name) <= MOST_ENTRIES]


def _size(network: Network, name: str) -> int:
    """How many numbers a quantity is; a batch is as long as the data in the spec. Metrics are scalars."""
    shapes = network.graph.quantities
    shape = shapes[name].shape if name in shapes else ()
    return math.prod(length if isinstance(length, int) else network.samples or 1 for length in shape)


def _require_data(network: Network) -> None:
    missing = [name for name in network.graph.names("input", "target") if name not in network.data]
    if missing:
        raise InputError([f"{network.id}: training needs data; give '{name}' its values in the spec" for name in missing])


def _collect(request: Mapping[str, Any], advance: Callable[[int], None]) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    """Run the process, row by row."""
    rows: list[Mapping[str, Any]] = []
    command = [sys.executable, "-m", "symprop.cli.training_process", json.dumps(request)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        for told in map(json.loads, process.stdout or ()):
            if "error" in told:
                raise InputError(told["error"])
            if "parameters" in told:
                return rows, told["parameters"]
            rows.append(told["row"])
            advance(told["row"]["iteration"])
    raise RuntimeError("the training process ended without a result")


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal, else nothing; yields a function of the iteration that was reached."""
    if not sys.stderr.isatty():
        yield lambda iteration: None
        return
    with click.progressbar(length=length, label="training", file=sys.stderr) as bar:
        yield lambda iteration: bar.update(iteration - bar.pos)
