"""`symprop generate`: the files of networks, written or compared with what is on the disk.

Input: networks and a folder. Output: files; with --check and --diff only words and an exit code.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from symprop.cli.networks import completions, derivation_of
from symprop.errors import UsageError

if TYPE_CHECKING:
    from symprop.artefacts.files import Artefact, Drift

COLORS = {"+": "green", "-": "red", "@": "cyan"}
TARGET_HELP = "numpy, python, numba, c, jax or torch; may be given more than once."


@click.command()
@click.argument("nets", metavar="[NET]...", nargs=-1, shell_complete=completions)
@click.option("--all", "every", is_flag=True, help="Every bundled network.")
@click.option("-o", "--output", default="generated", show_default=True, metavar="DIR", help="The folder to write into.")
@click.option("--target", "targets", multiple=True, default=("numpy",), show_default=True, help=TARGET_HELP)
@click.option("--style", type=click.Choice(("matrix", "scalar")), help="Matrices or a symbol per weight; else the spec's own.")
@click.option("--tests", "tested", is_flag=True, help="Also the tests of each module, to run with pytest alone.")
@click.option("--templates", metavar="DIR", help="A folder of your own templates; they come before the shipped ones.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is changed, missing or extra.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def generate(
    nets: tuple[str, ...],
    every: bool,
    output: str,
    targets: tuple[str, ...],
    style: str | None,
    tested: bool,
    templates: str | None,
    check: bool,
    diff: bool,
) -> int:
    """Write the module and the worksheet of each NET into DIR/<id>/.

    Everything is made before the first file is written; each file appears whole or not at all.
    """
    from symprop.artefacts.files import drift, write

    root = Path(output)
    artefacts = _artefacts(_chosen(nets, every), templates, targets, style or "", tested)
    if not check and not diff:
        write(artefacts, root)
        click.echo("\n".join(str(root / artefact.path) for artefact in artefacts))
        return 0
    folders = {artefact.path.parent: None for artefact in artefacts}
    found = drift(artefacts, root, [PurePosixPath()] if every else list(folders))
    if diff:
        _show_diff(found)
    if not check:
        return 0
    _report(found, root, _words(root, nets, every, targets, style or "", tested, templates))
    return 1 if found else 0


def _chosen(nets: tuple[str, ...], every: bool) -> tuple[str, ...]:
    from symprop.spec import bundled

    if nets and every:
        raise UsageError(f"expected NET or --all, not both; got --all and {', '.join(nets)}")
    if not nets and not every:
        raise UsageError("expected one or more NET, or --all; 'symprop list' shows the bundled networks")
    return bundled() if every else nets


def _artefacts(nets: Sequence[str], templates: str | None, targets: Sequence[str], style: str, tested: bool) -> list[Artefact]:
    from symprop.artefacts.catalogue import artefacts_of, folder_of

    made: dict[PurePosixPath, tuple[Artefact, ...]] = {}
    for net in nets:
        derivation = derivation_of(net, style)
        folder = folder_of(derivation)
        if folder in made:
            raise UsageError(f"{net}: two networks have the id '{folder}' and would share a folder")
        own = Path(templates) if templates else None
        made[folder] = artefacts_of(derivation, own, targets, tested, partial(click.echo, err=True))
    return [artefact for artefacts in made.values() for artefact in artefacts]


def _show_diff(found: Sequence[Drift]) -> None:
    for line in (line for finding in found for line in finding.diff.splitlines()):
        click.secho(line, fg=COLORS.get(line[:1]))


def _report(found: Sequence[Drift], root: Path, words: Sequence[str]) -> None:
    for finding in found:
        click.echo(f"{finding.kind}: {root / finding.path}")
    if found:
        click.echo(f"repair with: {_repair(found, root, words)}")


def _words(
    root: Path, nets: Sequence[str], every: bool, targets: Sequence[str], style: str, tested: bool, templates: str | None
) -> list[str]:
    """The command that writes these files."""
    words = ["symprop", "generate", *(["--all"] if every else nets)]
    words += ["-o", str(root)] if str(root) != "generated" else []
    words += [word for target in targets for word in ("--target", target)] if tuple(targets) != ("numpy",) else []
    words += ["--style", style] if style else []
    words += ["--tests"] if tested else []
    words += ["--templates", templates] if templates else []
    return words


def _repair(found: Sequence[Drift], root: Path, words: Sequence[str]) -> str:
    extra = [str(root / finding.path) for finding in found if finding.kind == "extra"]
    commands = [words] if len(extra) < len(found) else []
    commands += [["rm", *extra]] if extra else []
    return " && ".join(map(shlex.join, commands))
