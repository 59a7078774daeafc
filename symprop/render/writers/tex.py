"""A Document as LaTeX: the body of an article, with numbered, labelled, broken equations.

Input: a Document and the room of its page. Output: LaTeX that needs amsmath, booktabs, tikz and the commands of
`templates/commands.tex.jinja`; `symprop.render.article` puts both together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from itertools import groupby

from symprop.notation.boxes import Box, Grid, inner_boxes
from symprop.notation.breaking import DisplayRow
from symprop.notation.latex import escaped, latex, latex_rows
from symprop.render.curves import Chart
from symprop.render.document import (
    Block,
    Cite,
    Code,
    Display,
    Document,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Part,
    Solution,
    Table,
)
from symprop.render.pgfplots import pgfplots
from symprop.render.picture import Picture
from symprop.render.rows import ARTICLE, Page, display_rows, fits_beside_note
from symprop.render.tikz import tikz
from symprop.render.writers.plain import inline as plain_inline

INTRODUCED = [Heading, Paragraph, Heading]  # a section's first lines, which would stand alone at the foot of a page
MOST_LINES = 36  # of one equation; a page of A4 holds about 45


def tex(document: Document, page: Page = ARTICLE) -> str:
    """The document's blocks, the title left to the preamble that surrounds them."""
    return _joined(document.blocks, document, page) + "\n"


def _joined(blocks: Sequence[Block], document: Document, page: Page) -> str:
    """A display belongs to the paragraph above it; tables stand side by side as far as they fit."""
    text, before = "", None
    runs = [(kind, list(run)) for kind, run in groupby(blocks, key=type)]
    for place, (kind, run) in enumerate(runs):
        pieces = [_side_by_side(run, document)] if kind is Table else [_block(each, document, page) for each in run]
        if [each for each, _ in runs[place : place + 3]] == INTRODUCED:
            pieces[0] = f"\\workedroom\n{pieces[0]}"
        for piece in pieces:
            text += _between(before, kind) + piece
            before = kind
    return text


def _between(before: type[Block] | None, kind: type[Block]) -> str:
    if before is None or kind is not Display:
        return "" if before is None else "\n\n"
    return "\n" if before in (Display, Paragraph) else "\n\n\\workedstart\n"


def inline(parts: tuple[Part, ...], document: Document) -> str:
    """Running text with inline mathematics."""
    return "".join(_part(part, document) for part in parts)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Cite):
        return rf"\eqref{{{document.anchors[part.label]}}}"
    if isinstance(part, Code):
        return rf"\texttt{{{escaped(part.text)}}}"
    return escaped(part) if isinstance(part, str) else f"${latex(part, document.notation)}$"


@singledispatch
def _block(block: Block, document: Document, page: Page) -> str:
    raise TypeError(f"tex: no case for {type(block).__name__}")


@_block.register
def _(block: Heading, document: Document, page: Page) -> str:
    title = inline(block.parts, document)
    if any(not isinstance(part, str) for part in block.parts):
        title = rf"\texorpdfstring{{{title}}}{{{escaped(plain_inline(block.parts, document))}}}"
    return rf"\{'sub' * (block.level - 1)}section{{{title}}}"


@_block.register
def _(block: Paragraph, document: Document, page: Page) -> str:
    return inline(block.parts, document)


@_block.register
def _(block: Display, document: Document, page: Page) -> str:
    rows, note = display_rows(block, document.notation, page), _note(block, document)
    first, *more = _chunks(rows)
    shape = "wide" if not note else "line" if fits_beside_note(rows, page) else "tall"
    shown = f"\\worked{shape}{{{_aligned(first)}}}" + (f"{{{note}}}" if note else "")
    numbered = f"\\begin{{equation}}\\label{{{document.anchors[block.label]}}}\n{shown}\n\\end{{equation}}"
    return "\n".join([numbered, *(f"\\[\\workedwide{{{_aligned(each)}}}\\]" for each in more)])


def _aligned(rows: Sequence[DisplayRow]) -> str:
    return f"\\begin{{aligned}}\n{latex_rows(rows)}\n\\end{{aligned}}"


def _chunks(rows: Sequence[DisplayRow]) -> list[list[DisplayRow]]:
    """The rows in pieces that fit a page: matrices of many rows need several."""
    chunks: list[list[DisplayRow]] = [[]]
    for each in rows:
        if chunks[-1] and sum(map(_height, chunks[-1])) + _height(each) > MOST_LINES:
            chunks.append([])
        chunks[-1].append(each)
    return chunks


def _height(each: DisplayRow) -> int:
    """Lines of text, about."""
    return max(2, _matrix_rows(each.body))


def _matrix_rows(box: Box) -> int:
    return len(box.rows) if isinstance(box, Grid) else max(map(_matrix_rows, inner_boxes(box)), default=0)


def _note(block: Display, document: Document) -> str:
    """The rule's name and links to what the display uses."""
    cited = ", ".join(rf"\eqref{{{document.anchors[label]}}}" for label in block.cites)
    return "; ".join(part for part in (escaped(block.rule), cited and f"with {cited}") if part)


@_block.register
def _(block: Table, document: Document, page: Page) -> str:
    return _side_by_side([block], document)


def _side_by_side(tables: Sequence[Block], document: Document) -> str:
    shown = "\\qquad\n".join(_table(each, document) for each in tables if isinstance(each, Table))
    return f"\\begin{{center}}\\small\n{shown}\n\\end{{center}}"


def _table(block: Table, document: Document) -> str:
    columns = "c" * len(block.head) if len(block.rows) == 1 else "l" + "r" * (len(block.head) - 1)
    rows = [_cells(row, document) for row in block.rows]
    body = "\n".join([r"\toprule", _cells(block.head, document), r"\midrule", *rows, r"\bottomrule"])
    inner = f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}"
    caption = rf"\textit{{{escaped(block.caption)}}}"
    return f"\\begin{{tabular}}[t]{{@{{}}c@{{}}}}\n{caption}\\\\[3pt]\n{inner}\\\\\n\\noalign{{\\vskip 8pt}}\n\\end{{tabular}}"


def _cells(row: tuple[Part, ...], document: Document) -> str:
    return " & ".join(_part(cell, document) for cell in row) + r" \\"


@_block.register
def _(block: Figure, document: Document, page: Page) -> str:
    return f"\\begin{{center}}\n{_drawing(block, document)}\n\n\\small {escaped(block.caption)}\n\\end{{center}}"


def _drawing(block: Figure, document: Document) -> str:
    if isinstance(block.content, Picture):
        return tikz(block.content, document.notation)
    return pgfplots(block.content, document.notation) if isinstance(block.content, Chart) else escaped(block.description)


@_block.register
def _(block: Listing, document: Document, page: Page) -> str:
    return f"\\begin{{verbatim}}\n{block.code.rstrip()}\n\\end{{verbatim}}"


@_block.register
def _(block: Solution, document: Document, page: Page) -> str:
    return _joined(block.blocks, document, page)
