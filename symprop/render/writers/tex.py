"""A Document as LaTeX: the body of an article, with numbered, labelled, broken equations.

Input: a Document. Output: LaTeX that needs amsmath alone; `symprop.render.worksheet` puts an article around it.
"""

from __future__ import annotations

from functools import singledispatch

from symprop.notation.latex import escaped, latex, latex_rows
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
    anchor,
)
from symprop.render.picture import Picture
from symprop.render.rows import display_rows
from symprop.render.tikz import tikz


def tex(document: Document) -> str:
    """The document's blocks, the title left to the preamble that surrounds them."""
    return "\n\n".join(_block(block, document) for block in document.blocks) + "\n"


def inline(parts: tuple[Part, ...], document: Document) -> str:
    """Running text with inline mathematics."""
    return "".join(_part(part, document) for part in parts)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Cite):
        return rf"\eqref{{{anchor(part.label)}}}"
    if isinstance(part, Code):
        return rf"\texttt{{{escaped(part.text)}}}"
    return escaped(part) if isinstance(part, str) else f"${latex(part, document.notation)}$"


@singledispatch
def _block(block: Block, document: Document) -> str:
    raise TypeError(f"tex: no case for {type(block).__name__}")


@_block.register
def _(block: Heading, document: Document) -> str:
    return rf"\{'sub' * (block.level - 1)}section*{{{inline(block.parts, document)}}}"


@_block.register
def _(block: Paragraph, document: Document) -> str:
    return inline(block.parts, document)


@_block.register
def _(block: Display, document: Document) -> str:
    body = latex_rows(display_rows(block, document.notation))
    note = _note(block)
    shown = f"\\begin{{equation}}\\label{{{anchor(block.label)}}}\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\end{{equation}}"
    return shown + (f"\n\\emph{{{note}}}" if note else "")


def _note(block: Display) -> str:
    """The rule's name and links to what the display uses."""
    cited = ", ".join(rf"\eqref{{{anchor(label)}}}" for label in block.cites)
    return "; ".join(part for part in (escaped(block.rule), cited and f"with {cited}") if part)


@_block.register
def _(block: Table, document: Document) -> str:
    rows = [" & ".join(_part(cell, document) for cell in row) for row in (block.head, *block.rows)]
    body = " \\\\\n".join(rows)
    return f"{escaped(block.caption)}\n\n\\begin{{tabular}}{{{'l' * len(block.head)}}}\n{body}\n\\end{{tabular}}"


@_block.register
def _(block: Figure, document: Document) -> str:
    return f"\\begin{{center}}\n{_drawing(block, document)}\n\n\\small {escaped(block.caption)}\n\\end{{center}}"


def _drawing(block: Figure, document: Document) -> str:
    return tikz(block.content, document.notation) if isinstance(block.content, Picture) else escaped(block.description)


@_block.register
def _(block: Listing, document: Document) -> str:
    return f"\\begin{{verbatim}}\n{block.code.rstrip()}\n\\end{{verbatim}}"


@_block.register
def _(block: Solution, document: Document) -> str:
    return "\n\n".join(_block(each, document) for each in block.blocks)
