"""`symprop new`: a spec to start from.

Input: layer sizes, an activation, a loss, an optimiser. Output: a commented TOML spec, on stdout or in a file.
"""

from __future__ import annotations

from pathlib import Path

import click

from symprop.errors import UsageError
from symprop.functions import ACTIVATIONS
from symprop.spec.losses import LOSSES
from symprop.spec.options import OPTIMIZERS


@click.command()
@click.argument("sizes", metavar="SIZES")
@click.option("-o", "--output", default="-", metavar="FILE", help="The file to write; default: stdout.")
@click.option("--activation", default="sigmoid", show_default=True, metavar="NAME", help=f"{', '.join(ACTIVATIONS)}.")
@click.option("--loss", default="", metavar="NAME", help=f"{', '.join(LOSSES)}; default: what fits the activation.")
@click.option("--optimizer", default="", metavar="NAME", help=f"{', '.join(OPTIMIZERS)}; default: {next(iter(OPTIMIZERS))}.")
def new(sizes: str, output: str, activation: str, loss: str, optimizer: str) -> None:
    """Write a commented spec for layers of these SIZES, inputs first: symprop new 2-3-1 -o mine.toml

    Every layer has the activation, but the last one has that which its loss needs.
    """
    from symprop.artefacts.files import write_file
    from symprop.spec import starting_spec

    text = starting_spec(sizes, activation, loss, optimizer)
    if output == "-":
        click.echo(text, nl=False)
    elif Path(output).is_file():
        raise UsageError(f"-o {output}: expected a file that does not exist yet: a spec is written on by hand, and is not replaced")
    else:
        write_file(Path(output), text.encode())
        click.echo(output)
