"""`symprop worksheet`: a worked example as a file.

Input: a network and a file's name, whose ending says the format. Output: the file; `-` writes LaTeX to stdout.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from symprop.cli.networks import derivation_of
from symprop.errors import MissingToolError, UsageError

if TYPE_CHECKING:
    from symprop.render.document import Document
    from symprop.worked.digits import Digits
    from symprop.worked.lines import Mode


@click.command()
@click.argument("net")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file; its ending says the format: .tex .pdf .md")
@click.option("--digits", type=int, metavar="N", help="Significant digits of every computed number (default: 9).")
@click.option("--decimals", type=int, metavar="N", help="A fixed number of decimals instead.")
@click.option("--arithmetic", type=click.Choice(["full", "carry"]), default="full", show_default=True)
@click.option("--fragment", is_flag=True, help="Only the body, for your own LaTeX document.")
@click.option("--templates", metavar="DIR", help="A folder of your own templates; they come before the shipped ones.")
def worksheet(
    net: str, output: str, digits: int | None, decimals: int | None, arithmetic: Mode, fragment: bool, templates: str | None
) -> None:
    """Write a worked example of NET: a whole round of training by hand, every line true as printed.

    full computes at full precision and writes = or \u2248 by what the printed operands give; carry computes each line from the
    digits printed above it.
    """
    from symprop.artefacts.files import write_file
    from symprop.render import formats

    name = "worksheet.tex" if output == "-" else output
    writer = formats.format_of(name)
    if fragment:
        writer = formats.fragment
    folder = Path(templates) if templates else None
    document = _document(net, _digits(digits, decimals), arithmetic)
    try:
        content = writer(document, folder)
    except MissingToolError as missing:
        kept = Path(output).with_suffix(".tex")
        write_file(kept, formats.format_of(kept.name)(document, folder))
        raise MissingToolError(f"{missing}; the LaTeX is kept in {kept}") from missing
    if output == "-":
        click.echo(content, nl=False)
    else:
        write_file(Path(output), content)
        click.echo(output)


def _digits(digits: int | None, decimals: int | None) -> Digits:
    from symprop.render.worksheet import DEFAULT_DIGITS
    from symprop.worked.digits import Digits

    if digits is not None and decimals is not None:
        raise UsageError("--digits and --decimals: give one of the two")
    return Digits(digits, decimals) if digits is not None or decimals is not None else DEFAULT_DIGITS


def _document(net: str, digits: Digits, arithmetic: Mode) -> Document:
    from symprop.render.worksheet import worksheet as worksheet_of

    return worksheet_of(derivation_of(net), digits, arithmetic)
