"""What commands print: aligned tables and JSON with a named schema.

Input: rows or plain values. Output: text on stdout.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import click


def print_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as their widest cell, two spaces apart."""
    lines = [tuple(heading), *(tuple(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_json(schema: str, content: Mapping[str, object]) -> None:
    """Print one JSON object whose first key names its schema and version, `symprop.list/1`."""
    click.echo(json.dumps({"schema": schema, **content}, ensure_ascii=False, indent=2))
