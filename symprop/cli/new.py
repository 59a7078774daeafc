"""`symprop new`: a spec to start from.

Input: layer sizes and an activation. Output: a commented TOML spec on stdout.
"""

from __future__ import annotations

import click


@click.command()
@click.argument("sizes", metavar="SIZES")
@click.option("--activation", default="sigmoid", show_default=True, help="The activation of every layer.")
def new(sizes: str, activation: str) -> None:
    """Print a commented spec for layers of these SIZES, inputs first: symprop new 2-3-1 > mine.toml"""
    from symprop.spec import starting_spec

    click.echo(starting_spec(sizes, activation), nl=False)
