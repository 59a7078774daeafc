"""`symprop derive`: the chain rule of some gradients, written out.

Input: a network, quantities, a form and a format. Output: the derivation on stdout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symprop.cli.networks import derivation_of
from symprop.cli.output import print_json

if TYPE_CHECKING:
    from symprop.render.exercise import Form

FORMS = ("chain", "delta", "expanded", "matrix")
FORMATS = ("text", "latex", "markdown", "json")


@click.command()
@click.argument("net")
@click.argument("quantities", metavar="[QUANTITY]...", nargs=-1)
@click.option("--form", type=click.Choice(FORMS), help="How the gradients are written; default: chain, or matrix for arrays.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
def derive(net: str, quantities: tuple[str, ...], form: Form | None, format_: str) -> None:
    """Derive gradients of NET: the chain rule, its factors, the result and the update rule.

    QUANTITY is a parameter, a named intermediate or a gradient's name; default: every parameter.
    """
    from symprop.render.exercise import exercise
    from symprop.render.writers.markdown import markdown
    from symprop.render.writers.plain import plain
    from symprop.render.writers.record import record
    from symprop.render.writers.tex import tex

    page = exercise(derivation_of(net), quantities, form)
    if format_ == "json":
        print_json("symprop.derive/1", record(page))
    else:
        writers = {"text": plain, "latex": tex, "markdown": markdown}
        click.echo(writers[format_](page), nl=False)
