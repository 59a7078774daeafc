"""A Document as Markdown with fenced mathematics, safe on GitHub: fences keep Markdown's own rules away from the LaTeX.

Input: a Document. Output: Markdown; equations carry their numbers by a tag, and are cited by them.
"""

from __future__ import annotations

from functools import singledispatch

from symprop.notation.latex import latex, latex_rows
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
from symprop.render.rows import display_rows


def markdown(document: Document) -> str:
    """The document's title as a heading, its displays as fenced mathematics."""
    blocks = [f"# {document.title}", *(_block(block, document) for block in document.blocks)]
    return "\n\n".join(blocks) + "\n"


def _inline(parts: tuple[Part, ...], document: Document) -> str:
    return "".join(_part(part, document) for part in parts)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Cite):
        return f"({document.numbers[part.label]})"
    if isinstance(part, Code):
        return f"`{part.text}`"
    return _escaped(part) if isinstance(part, str) else f"$`{latex(part, document.notation)}`$"


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|$" else sign for sign in text)


@singledispatch
def _block(block: Block, document: Document) -> str:
    raise TypeError(f"markdown: no case for {type(block).__name__}")


@_block.register
def _(block: Heading, document: Document) -> str:
    return f"{'#' * (block.level + 1)} {_inline(block.parts, document)}"


@_block.register
def _(block: Paragraph, document: Document) -> str:
    return _inline(block.parts, document)


@_block.register
def _(block: Display, document: Document) -> str:
    body = latex_rows(display_rows(block, document.notation))
    note = note_of(block, document)
    fence = f"```math\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\tag{{{block.number}}}\n```"
    return fence + (f"\n\n*{_escaped(note)}*" if note else "")


def note_of(block: Display, document: Document) -> str:
    """The rule's name and the numbers of what the display uses."""
    cited = ", ".join(f"({document.numbers[label]})" for label in block.cites)
    return "; ".join(part for part in (block.rule, cited and f"with {cited}") if part)


@_block.register
def _(block: Table, document: Document) -> str:
    rows = ["| " + " | ".join(_part(cell, document) for cell in row) + " |" for row in (block.head, *block.rows)]
    return "\n".join([_escaped(block.caption), "", rows[0], "|" + " --- |" * len(block.head), *rows[1:]])


@_block.register
def _(block: Figure, document: Document) -> str:
    return f"*{_escaped(block.description)}*"


@_block.register
def _(block: Listing, document: Document) -> str:
    return f"```python\n{block.code.rstrip()}\n```"


@_block.register
def _(block: Solution, document: Document) -> str:
    inner = "\n\n".join(_block(each, document) for each in block.blocks)
    return f"<details><summary>{block.summary}</summary>\n\n{inner}\n\n</details>"
