"""`symprop derive`: the chain rule of some gradients, written out.

Input: a network, quantities, a form and a format. Output: the derivation on stdout.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from symprop.cli.networks import derivation_of
from symprop.cli.output import print_json
from symprop.render.document import Document
from symprop.render.exercise import FORMS, Form, exercise
from symprop.render.writers.markdown import markdown
from symprop.render.writers.plain import plain
from symprop.render.writers.record import record
from symprop.render.writers.tex import tex

WRITERS: dict[str, Callable[[Document], str]] = {"text": plain, "latex": tex, "markdown": markdown}


@click.command()
@click.argument("net")
@click.argument("quantities", metavar="[QUANTITY]...", nargs=-1)
@click.option("--form", type=click.Choice(FORMS), help="How the gradients are written; default: chain, or matrix for arrays.")
@click.option("--format", "format_", type=click.Choice([*WRITERS, "json"]), default="text", show_default=True)
def derive(net: str, quantities: tuple[str, ...], form: Form | None, format_: str) -> None:
    """Derive gradients of NET: the chain rule, its factors, the result and the update rule.

    QUANTITY is a parameter, a named intermediate or a gradient's name; default: every parameter.
    """
    page = exercise(derivation_of(net), quantities, form)
    if format_ == "json":
        print_json("symprop.derive/1", record(page))
    else:
        click.echo(WRITERS[format_](page), nl=False)
