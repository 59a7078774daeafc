"""Pictures as files, and the figure of a training: parameters, outputs and targets against the iteration, as the documents draw it.

Input: a `Training`, or a figure. Output: a picture file, the same bytes each time; matplotlib comes from the extra `plot`.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symprop.artefacts.files import write_file
from symprop.errors import MissingToolError, UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from symprop.cli.training import Training

# What would put the clock into each kind of file.
CLOCK: dict[str, dict[str, None]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def require_place(option: str, path: Path) -> None:
    """Refuse before any work is done.

    Raises UsageError for an unknown kind of file and for a place where none can be, MissingToolError without matplotlib.
    """
    if path.suffix.lower() not in CLOCK:
        raise UsageError(f"{option}: expected a file ending in {', '.join(CLOCK)}, got '{path}'")
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingToolError(f"{option} needs matplotlib; this installs it: {sys.executable} -m pip install matplotlib")
    if not path.parent.is_dir():
        raise UsageError(f"{option}: the folder '{path.parent}' does not exist")
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"{option}: '{path}' cannot be written")


def draw(training: Training, path: Path) -> None:
    """Draw the training into a file: one colour for each quantity, targets dashed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for index, (name, style, points) in enumerate(curves(training)):
        lines = axes.plot(*points, style, color=f"C{index % 10}", linewidth=1.2)
        lines[0].set_label(name)
    axes.set(title=training.network.title, xlabel="iteration")
    figure.legend(loc="outside right upper")
    save(figure, path)


def save(figure: Figure, path: Path) -> None:
    """The figure as a file of the kind that its ending says."""
    import matplotlib

    picture, ending = io.BytesIO(), path.suffix.lower()
    with matplotlib.rc_context({"svg.hashsalt": "symprop"}):
        figure.savefig(picture, format=ending[1:], dpi=150, metadata=CLOCK[ending])
    write_file(path, picture.getvalue())


def curves(training: Training) -> Iterator[tuple[str, str, tuple[Any, Any]]]:
    """Each curve's name, line style and points; an array gives one curve an entry, all under one name."""
    import numpy as np

    from symprop.worked.floats import to_floats

    network = training.network
    iterations = np.array([row["iteration"] for row in training.rows])
    for name in (*network.graph.names("parameter"), *network.graph.outputs):
        if name in training.rows[0]:
            values = np.array([row[name] for row in training.rows], dtype=float)
            yield name, "-", (iterations, values.reshape(len(iterations), -1))
    for name in network.graph.names("target"):
        target = np.array(to_floats(network.data[name])).reshape(1, -1)
        yield name, "--", (iterations[[0, -1]], np.vstack([target, target]))
