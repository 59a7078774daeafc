"""`symprop train`: a network's generated module at work.

Input: a network with data. Output: a table of the training and the trained parameters; a figure with --plot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symprop.cli.networks import completions, derivation_of
from symprop.cli.output import print_json, print_table
from symprop.errors import UsageError
from symprop.words import counted

if TYPE_CHECKING:
    from symprop.cli.training import Training

LINES = 10  # rows printed besides the last


@click.command()
@click.argument("net", shell_complete=completions)
@click.option("--update", default="document", show_default=True, help="An update rule; without a document's: simultaneous.")
@click.option("--iterations", type=click.IntRange(min=1), help="How many updates; default: as many as the document.")
@click.option("--learning-rate", "rate", type=click.FloatRange(min=0), metavar="X", help="Default: the document's.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw the training (.png, .svg or .pdf).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.train/1).")
def train(net: str, update: str, iterations: int | None, rate: float | None, plot: Path | None, as_json: bool) -> None:
    """Train NET as its document does; print values on the way and the parameters at the end.

    A row holds the values before the update of its iteration. --plot draws weights, outputs and targets against the iteration.
    """
    from symprop.cli.figure import draw, require_place
    from symprop.cli.training import run_training

    if rate is not None and not math.isfinite(rate):
        raise UsageError(f"--learning-rate: expected a finite number, got {rate}")
    if plot is not None:
        require_place("--plot", plot)
    training = run_training(derivation_of(net), update, iterations, rate)
    if as_json:
        print_json("symprop.train/1", _record(training))
    else:
        _print(training)
    if plot is not None:
        draw(training, plot)


def _print(training: Training) -> None:
    rows, last = training.rows[:-1], training.rows[-1]
    shown = [*rows[:: max(1, -(-len(rows) // LINES))], last]
    names = [name for name, value in last.items() if name not in training.parameters and isinstance(value, (int, float))]
    count = counted(training.iterations, "iteration")
    click.echo(f"{training.network.title}: {count}, update rule '{training.update}', learning rate {training.learning_rate!r}\n")
    print_table(names, ([repr(row[name]) for name in names] for row in shown))
    click.echo(f"\nparameters after iteration {training.iterations}")
    for name, value in training.parameters.items():
        click.echo(f"{name} = {_shown(value, ' ' * (len(name) + 3))}")


def _shown(value: Any, indent: str) -> str:
    """A number in full; an array as NumPy prints it, long ones shortened."""
    if not isinstance(value, list):
        return repr(value)
    import numpy as np

    return str(np.array(value)).replace("\n", f"\n{indent}")


def _record(training: Training) -> dict[str, object]:
    rows: Sequence[object] = training.rows
    return {
        "network": training.network.id,
        "update": training.update,
        "learning_rate": training.learning_rate,
        "iterations": training.iterations,
        "history": rows,
        "parameters": training.parameters,
    }
