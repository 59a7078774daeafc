"""A Document as a Jupyter notebook: the derivation in Markdown cells, its listings in code cells that run from top to bottom.

Input: a Document, with or without listings. Output: the JSON of format 4.5, the same bytes each time; nbformat comes from the
extra `notebook`.
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from html import escape
from typing import Any

from symprop.errors import MissingToolError
from symprop.render.curves import Chart
from symprop.render.document import Block, Display, Document, Figure, Heading, Listing, Paragraph, Solution, Table, all_blocks
from symprop.render.picture import Picture
from symprop.render.plotting import plotting
from symprop.render.spoken import spoken_display
from symprop.render.svg import standalone, svg
from symprop.render.svg_curves import svg_curves
from symprop.render.writers.markdown import aligned, escaped, in_words, inline, number_line, summary, table

DOLLARS = ("$", "$")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}


@dataclass(slots=True)
class _Cell:
    """A cell in the making: code, or pieces of Markdown with the equations in words that belong to it."""

    code: str = ""
    pieces: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def notebook(document: Document) -> str:
    """The notebook's JSON; curves are drawn by code where the document has listings. Raises MissingToolError without nbformat."""
    if importlib.util.find_spec("nbformat") is None:
        raise MissingToolError(f"a notebook needs nbformat; this installs it: {sys.executable} -m pip install nbformat")
    nbformat: Any = importlib.import_module("nbformat")
    cells = [_written(cell, place) for place, cell in enumerate(_cells(document), 1)]
    book = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    nbformat.validate(book)
    return str(nbformat.writes(book)) + "\n"


def _cells(document: Document) -> Iterator[_Cell]:
    """A Markdown cell for each section, cut where code stands."""
    runs = any(isinstance(block, Listing) for block in all_blocks(document.blocks))
    subtitle = [escaped(document.subtitle)] if document.subtitle else []
    cell = _Cell(pieces=[f"# {escaped(document.title)}", *subtitle])
    for block in document.blocks:
        code = _code(block) if runs else ""
        if (code or isinstance(block, Heading)) and cell.pieces:
            yield cell
            cell = _Cell()
        if code:
            yield _Cell(code=code)
        if not isinstance(block, Listing):
            _add(block, document, cell)
    if cell.pieces:
        yield cell


def _code(block: Block) -> str:
    if isinstance(block, Figure) and isinstance(block.content, Chart):
        return plotting(block.content)
    return block.code if isinstance(block, Listing) else ""


def _written(cell: _Cell, place: int) -> dict[str, Any]:
    common: dict[str, Any] = {"id": f"symprop-{place}", "metadata": {}}
    if cell.code:
        return {**common, "cell_type": "code", "source": cell.code, "outputs": [], "execution_count": None}
    return {**common, "cell_type": "markdown", "source": "\n\n".join([*cell.pieces, *_words(cell.words)])}


def _words(words: Sequence[str]) -> Iterator[str]:
    """What a screen reader says for the equations of a cell, folded away."""
    if words:
        yield "<details><summary>The equations above in words</summary>\n\n" + "\n\n".join(words) + "\n\n</details>"


@singledispatch
def _add(block: Block, document: Document, cell: _Cell) -> None:
    raise TypeError(f"notebook: no case for {type(block).__name__}")


@_add.register
def _(block: Heading, document: Document, cell: _Cell) -> None:
    cell.pieces.append(f"{'#' * (block.level + 1)} {inline(block.parts, document, DOLLARS)}")


@_add.register
def _(block: Paragraph, document: Document, cell: _Cell) -> None:
    cell.pieces.append(inline(block.parts, document, DOLLARS))


@_add.register
def _(block: Display, document: Document, cell: _Cell) -> None:
    cell.pieces.append(f"{number_line(block, document)}\n\n$$\n{aligned(block, document)}\n$$")
    cell.words.append(escaped(f"({block.number}) {spoken_display(block, document.notation)}"))


@_add.register
def _(block: Table, document: Document, cell: _Cell) -> None:
    cell.pieces.append(table(block, document, DOLLARS))


@_add.register
def _(block: Figure, document: Document, cell: _Cell) -> None:
    """The drawing with its text alternative; where code draws the curves, the text alone."""
    runs = any(isinstance(each, Listing) for each in all_blocks(document.blocks))
    if isinstance(block.content, Picture):
        cell.pieces += [_image(svg(block.content, document.notation), block), f"*{escaped(block.caption)}*"]
    elif isinstance(block.content, Chart) and not runs:
        cell.pieces += [_image(svg_curves(block.content, document.notation, "curves"), block), f"*{escaped(block.caption)}*"]
    else:
        cell.pieces.append(in_words(block))


def _image(drawing: str, block: Figure) -> str:
    """In the cell's own text: JupyterLab shows no attached SVG, and leaves the mathematics of such a cell as it is typed."""
    data = base64.b64encode(standalone(drawing).encode()).decode()
    return f'<img alt="{escape(block.description)}" src="data:image/svg+xml;base64,{data}">'


@_add.register
def _(block: Listing, document: Document, cell: _Cell) -> None:
    cell.pieces.append(f"```python\n{block.code}\n```")  # inside a solution: shown, not run


@_add.register
def _(block: Solution, document: Document, cell: _Cell) -> None:
    inner = _Cell()
    for each in block.blocks:
        _add(each, document, inner)
    cell.pieces.append(f"<details><summary>{summary(block, document)}</summary>\n\n" + "\n\n".join(inner.pieces) + "\n\n</details>")
    cell.words += inner.words
