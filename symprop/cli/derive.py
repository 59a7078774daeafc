"""`symprop derive`: the chain rule of some gradients, written out.

Input: a network, quantities, a form and a format. Output: the derivation on stdout.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from symprop.cli.networks import completions, derivation_of
from symprop.cli.output import print_json
from symprop.errors import UsageError, suggestion

if TYPE_CHECKING:
    from symprop.derive import Derivation
    from symprop.render.exercise import Form

FORMS = ("chain", "delta", "expanded", "matrix")
WRITERS = {  # each loaded when it is asked for
    "text": ("symprop.render.writers.plain", "plain"),
    "latex": ("symprop.render.article", "fragment"),
    "markdown": ("symprop.render.writers.markdown", "markdown"),
}


@click.command()
@click.argument("net", shell_complete=completions)
@click.argument("quantities", metavar="[QUANTITY]...", nargs=-1)
@click.option("--form", type=click.Choice(FORMS), help="How the gradients are written; default: chain, or matrix for arrays.")
@click.option("--numbers", is_flag=True, help="Only each gradient, its value at the spec's numbers, and a central difference.")
@click.option("--format", "format_", type=click.Choice((*WRITERS, "json")), default="text", show_default=True)
def derive(net: str, quantities: tuple[str, ...], form: Form | None, numbers: bool, format_: str) -> None:
    """Derive gradients of NET: the chain rule, its factors, the result and the update rule.

    QUANTITY is a parameter, a named intermediate, a gradient's name, or one entry of an array, 'Wh[1,2]' counted from 1;
    default: every parameter.
    """
    if numbers and (form is not None or format_ != "text"):
        raise UsageError("--numbers prints text in one form: it takes no --form and no --format")
    derivation = derivation_of(net)
    if numbers:
        _print_numbers(derivation, quantities)
        return
    from symprop.render.exercise import exercise

    page = exercise(derivation, quantities, form)
    if format_ == "json":
        from symprop.render.writers.record import record

        print_json("symprop.derive/1", record(page))
    else:
        home, writer = WRITERS[format_]
        click.echo(getattr(importlib.import_module(home), writer)(page), nl=False)


def _print_numbers(derivation: Derivation, quantities: tuple[str, ...]) -> None:
    from symprop.terms.typography import entry_text
    from symprop.worked.differences import evidence

    parameters = derivation.network.graph.names("parameter")
    for asked in quantities or parameters:
        gradient = derivation.gradient(asked)
        if gradient.quantity not in parameters:
            raise UsageError(f"--numbers: expected a parameter, got '{asked}'{suggestion(asked, parameters)}")
        entries = list(evidence(derivation, gradient.quantity))  # what is missing is told before anything is printed
        click.echo(gradient)
        for entry in entries:
            if gradient.indices not in (None, entry.indices):
                continue
            head = entry_text(gradient.step.name, entry.indices) if entry.indices else " " * len(gradient.name)
            click.echo(f"{head} \u2248 {entry.gradient:.12g}    [the formula at the spec's numbers]")
            kinks = f", across a kink and so no evidence: {'; '.join(entry.kinks)}" if entry.kinks else ""
            click.echo(f"{' ' * len(head)} \u2248 {entry.difference:.8g}    [central difference of the loss{kinks}]")
