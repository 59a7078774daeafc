"""A Document as plain text for a terminal, its mathematics in Python notation.

Input: a Document. Output: text that reads on without colour or width.
"""

from __future__ import annotations

from functools import singledispatch

from symprop.graph import Value
from symprop.notation.text import text
from symprop.render.document import (
    Block,
    Body,
    Cite,
    Code,
    Display,
    Document,
    Figure,
    Filled,
    Heading,
    Listing,
    Matrices,
    Paragraph,
    Part,
    Solution,
    Table,
)
from symprop.terms import Number, Ref, Term, substitute


def plain(document: Document) -> str:
    """The document's title and blocks, displays numbered in brackets."""
    lines = [document.title, "=" * len(document.title), ""]
    for block in document.blocks:
        new = _lines(block, document)
        lines += new[1:] if not new[0] and not lines[-1] else new
    return "\n".join(lines).rstrip() + "\n"


def inline(parts: tuple[Part, ...], document: Document) -> str:
    """Running text."""
    return "".join(_part(part, document) for part in parts)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Cite):
        return f"({document.numbers[part.label]})"
    if isinstance(part, Code):
        return part.text
    return part if isinstance(part, str) else text(part)


@singledispatch
def _lines(block: Block, document: Document) -> list[str]:
    raise TypeError(f"plain: no case for {type(block).__name__}")


@_lines.register
def _(block: Heading, document: Document) -> list[str]:
    title = inline(block.parts, document)
    return ["", title, ("-" if block.level == 1 else "~") * len(title), ""]


@_lines.register
def _(block: Paragraph, document: Document) -> list[str]:
    return ["", inline(block.parts, document), ""]


@_lines.register
def _(block: Display, document: Document) -> list[str]:
    number = f"({block.number})".rjust(5)
    head = body_text(block.head)
    shown = [f"{member.relation} {'________' if member.blank else body_text(member.body)}" for member in block.members]
    first = f"{number} {head} {shown[0]}{_note(block, document)}"
    return [first, *(" " * (len(number) + len(head) + 2) + each for each in shown[1:])]


def body_text(body: Body) -> str:
    """A term in Python notation; matrices as nested lists with @ between them."""
    if isinstance(body, Filled):
        return text(substitute(body.term, {name: Ref(_nested(value)) for name, value in body.values.items()}))
    if not isinstance(body, Matrices):
        return text(body)
    return " @ ".join(f"[{', '.join(_row_text(row) for row in factor)}]" for factor in body.factors)


def _row_text(row: tuple[Term, ...]) -> str:
    return f"[{', '.join(map(text, row))}]"


def _nested(value: Value) -> str:
    return text(value) if isinstance(value, Number) else f"[{', '.join(map(_nested, value))}]"


def _note(block: Display, document: Document) -> str:
    note = document.note(block)
    return f"    [{note}]" if note else ""


@_lines.register
def _(block: Table, document: Document) -> list[str]:
    rows = [tuple(_part(cell, document) for cell in row) for row in (block.head, *block.rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    caption = [block.caption, ""] if block.caption else []
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return ["", *caption, *lines, ""]


@_lines.register
def _(block: Figure, document: Document) -> list[str]:
    return ["", f"[{block.description}]", ""]


@_lines.register
def _(block: Listing, document: Document) -> list[str]:
    return ["", *(f"    {line}".rstrip() for line in block.code.rstrip().splitlines()), ""]


@_lines.register
def _(block: Solution, document: Document) -> list[str]:
    return ["", inline(block.summary, document), "", *(line for inner in block.blocks for line in _lines(inner, document))]
