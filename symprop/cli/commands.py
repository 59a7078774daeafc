"""The table of commands, and the click group that imports a command's module only when the command is used.

Input: `COMMANDS`. Output: `program`, the whole command line; `symprop --help` prints from the table alone.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import cast

import click

from symprop import __version__
from symprop.errors import suggestion


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command: where its click command lives (`module:name`), and its line in `symprop --help`."""

    name: str
    target: str
    help: str


_ROWS = (
    CommandRow("list", "symprop.cli.list:list_networks", "List the bundled networks."),
    CommandRow("new", "symprop.cli.new:new", "Write a commented starting spec."),
    CommandRow("derive", "symprop.cli.derive:derive", "Derive gradients: the chain rule written out."),
    CommandRow("worksheet", "symprop.cli.worksheet:worksheet", "Write a worked example as a file."),
    CommandRow("generate", "symprop.cli.generate:generate", "Write a network's module and worksheet."),
    CommandRow("train", "symprop.cli.train:train", "Train a network and print or plot the training."),
    CommandRow("check", "symprop.cli.check:check", "Mark an answer, or the answers of a class."),
    CommandRow("audit", "symprop.cli.audit:audit", "Recompute every number that a document prints."),
    CommandRow("doctor", "symprop.cli.doctor:doctor", "Show what is installed, and how to install the rest."),
)

COMMANDS: dict[str, CommandRow] = {row.name: row for row in _ROWS}


class LazyGroup(click.Group):
    """A group over `COMMANDS`, in the table's order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        module, _, name = row.target.partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), name))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            raise click.UsageError(f"command '{args[0]}' is unknown{suggestion(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(row.name, row.help) for row in COMMANDS.values()])


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(__version__, message="symprop %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Exact gradients of neural networks: worked examples, code, marking and auditing from one derivation.

    NET is a bundled network (symprop list) or the path of a TOML spec; - reads the spec from standard input.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
