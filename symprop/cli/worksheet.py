"""`symprop worksheet`: a worked example as a file, for the teacher or with blanks for a student, and its key.

Input: a network and a file's name, whose ending says the format. Output: the file; `-` writes LaTeX to stdout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symprop.cli.networks import completions, derivation_of
from symprop.errors import MissingToolError, UsageError
from symprop.render.formats import FORMATS

if TYPE_CHECKING:
    from symprop.derive import Derivation
    from symprop.render.document import Document
    from symprop.render.formats import Writer
    from symprop.render.worksheet import Blank, Sheet
    from symprop.worked.digits import Digits
    from symprop.worked.lines import Mode


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about the numbers and the edition; `runs` says whether the format runs code."""

    digits: int | None
    decimals: int | None
    arithmetic: Mode
    decimal_comma: bool
    edition: str
    blank: Blank | None
    seed: int | None
    key: Path | None
    runs: bool


@click.command()
@click.argument("net", shell_complete=completions)
@click.option("-o", "--output", required=True, metavar="FILE", help=f"The file; its ending says the format: {' '.join(FORMATS)}")
@click.option("--digits", type=int, metavar="N", help="Significant digits of every computed number (default: 9).")
@click.option("--decimals", type=int, metavar="N", help="A fixed number of decimals instead.")
@click.option("--decimal-comma", is_flag=True, help="0,5 for 0.5.")
@click.option("--arithmetic", type=click.Choice(["full", "carry"]), default="full", show_default=True)
@click.option("--edition", type=click.Choice(["teacher", "student"]), default="teacher", show_default=True)
@click.option("--blank", type=click.Choice(["steps", "gradients"]), help="Left blank; for the teacher, with solutions.")
@click.option("--seed", type=int, metavar="N", help="Draw fresh numbers; take a long seed, students can try short ones.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Write the sheet's key too: its numbers and results.")
@click.option("--fragment", is_flag=True, help="Only the body, for your own LaTeX document.")
@click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Your own templates; they come first.")
def worksheet(net: str, output: str, fragment: bool, templates: Path | None, **given: Any) -> None:
    """Write a worked example of NET: a whole round of training by hand, every line true as printed.

    full computes at full precision and writes = or \u2248 by what the printed operands give; carry computes each line from the
    digits printed above it. The student's edition leaves every step's result blank, or the weights' gradients.
    """
    writer, runs = _writer(output, fragment)
    options = Options(**given, runs=runs)
    digits = _digits(options.digits, options.decimals)
    _check_options(options, output)
    sheet = _sheet(derivation_of(net), digits, options)
    key = {} if options.key is None else _key(sheet, options, options.key)
    _write(writer, _document(sheet, options), output, templates, key)
    for path in key:
        click.echo(path, err=output == "-")


def _writer(output: str, fragment: bool) -> tuple[Writer, bool]:
    """The format's writer, and whether it runs code."""
    from symprop.render import formats

    name = "worksheet.tex" if output == "-" else output
    if fragment and Path(name).suffix.lower() != ".tex":
        raise UsageError(f"--fragment: expected a file ending in .tex, got '{output}'")
    return formats.fragment if fragment else formats.format_of(name), Path(name).suffix.lower() in formats.RUNNING


def _digits(digits: int | None, decimals: int | None) -> Digits:
    from symprop.render.worksheet import DEFAULT_DIGITS
    from symprop.worked.digits import Digits

    if digits is not None and decimals is not None:
        raise UsageError("--digits and --decimals: give one of the two")
    return Digits(digits, decimals) if digits is not None or decimals is not None else DEFAULT_DIGITS


def _check_options(options: Options, output: str) -> None:
    if options.seed is not None and options.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {options.seed}")
    if options.key is not None and output != "-" and options.key.resolve() == Path(output).resolve():
        raise UsageError(f"--key: expected another file than the sheet's, got '{options.key}'")


def _sheet(derivation: Derivation, digits: Digits, options: Options) -> Sheet:
    from symprop.render.worksheet import sheet_of
    from symprop.worked.fresh import fresh

    drawn = derivation if options.seed is None else fresh(derivation, options.seed)
    return sheet_of(drawn, digits, options.arithmetic, options.decimal_comma)


def _document(sheet: Sheet, options: Options) -> Document:
    from symprop.artefacts.listings import listings_of
    from symprop.artefacts.training import curves_of
    from symprop.render.listings import with_listings
    from symprop.render.solutions import with_solutions
    from symprop.render.worksheet import document_of

    identity = _id(sheet, options)
    if options.edition == "student":
        return document_of(sheet, options.blank or "steps", identity)
    document = document_of(sheet, None, identity, curves_of(sheet.derivation))
    if options.blank is not None:
        document = with_solutions(document, document_of(sheet, options.blank, identity))
    return with_listings(document, listings_of(sheet.derivation)) if options.runs else document


def _id(sheet: Sheet, options: Options) -> str:
    """The sheet's id, where its numbers are its own or a key goes with it."""
    from symprop.worked.fresh import sheet_id

    return "" if options.seed is None and options.key is None else sheet_id(sheet.network, sheet.given, options.seed)


def _key(sheet: Sheet, options: Options, path: Path) -> dict[Path, bytes]:
    """The key by its place; another sheet's key, without which that sheet cannot be marked, is not replaced."""
    from symprop.artefacts.key import key_of
    from symprop.render.worksheet import document_of

    content = key_of(document_of(sheet), sheet.given, sheet.network, _id(sheet, options), options.seed)
    if path.is_file() and path.read_bytes() != content:
        raise UsageError(f"--key {path}: expected a file that does not exist yet, or this sheet's key: another one is not replaced")
    return {path: content}


def _write(writer: Writer, document: Document, output: str, templates: Path | None, key: Mapping[Path, bytes]) -> None:
    """The sheet and its key, or neither."""
    from symprop.artefacts.files import write_files
    from symprop.render import formats

    try:
        content = writer(document, templates)
    except MissingToolError as missing:
        if Path(output).suffix.lower() != ".pdf":
            raise
        kept = Path(output).with_suffix(".tex")
        write_files({kept: formats.format_of(kept.name)(document, templates), **key})
        raise MissingToolError(f"{missing}; the LaTeX is kept in {kept}") from missing
    write_files(key if output == "-" else {Path(output): content, **key})
    click.echo(content if output == "-" else output, nl=output != "-")
