"""A Document as Markdown with fenced mathematics, safe on GitHub: fences keep Markdown's own rules away from the LaTeX.

Input: a Document. Output: Markdown; the number of an equation stands in the text above it, and is cited by it.
"""

from __future__ import annotations

import re
from functools import singledispatch
from html import escape

from symprop.notation.latex import latex, latex_rows
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
from symprop.render.mermaid import mermaid
from symprop.render.picture import Picture
from symprop.render.rows import display_rows
from symprop.render.writers.plain import inline as plain_inline
from symprop.terms import Ref, number

FENCE = ("$`", "`$")  # inline mathematics on GitHub: Markdown leaves what is code alone
SAMPLES = (0, 1, 2, 5, 10, 20, 50)  # the recorded points of a curve that its table shows, besides the last
MOST_COLUMNS = 8


def markdown(document: Document) -> str:
    """The document's title as a heading, its displays as fenced mathematics."""
    subtitle = [f"*{escaped(document.subtitle)}*"] if document.subtitle else []
    blocks = [f"# {escaped(document.title)}", *subtitle, *(_block(block, document) for block in document.blocks)]
    return "\n\n".join(blocks) + "\n"


def inline(parts: tuple[Part, ...], document: Document, fence: tuple[str, str] = FENCE) -> str:
    """Running text with mathematics between `fence`; a sign that would begin a list or a heading is made harmless."""
    text = "".join(_part(part, document, fence) for part in parts)
    return re.sub(r"^(\d*)([+#=.)-])", r"\1\\\2", text)


def _part(part: Part, document: Document, fence: tuple[str, str]) -> str:
    if isinstance(part, Cite):
        return f"({document.numbers[part.label]})"
    if isinstance(part, Code):
        return f"`{part.text}`"
    return escaped(part) if isinstance(part, str) else github(latex(part, document.notation)).join(fence)


def escaped(text: str) -> str:
    """Text in which nothing is markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|$&~" else sign for sign in text)


def github(tex: str) -> str:
    r"""LaTeX without what GitHub refuses: \operatorname (github/markup issue 1688)."""
    return re.sub(r"\\operatorname\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}", tex)


@singledispatch
def _block(block: Block, document: Document) -> str:
    raise TypeError(f"markdown: no case for {type(block).__name__}")


@_block.register
def _(block: Heading, document: Document) -> str:
    return f"{'#' * (block.level + 1)} {inline(block.parts, document)}"


@_block.register
def _(block: Paragraph, document: Document) -> str:
    return inline(block.parts, document)


@_block.register
def _(block: Display, document: Document) -> str:
    return f"{number_line(block, document)}\n\n```math\n{aligned(block, document)}\n```"


def number_line(block: Display, document: Document) -> str:
    """The number, the rule's name and the numbers of what the display uses, above the display."""
    note = escaped(document.note(block))
    return f"**({block.number})**" + (f" *{note}*" if note else "")


def aligned(block: Display, document: Document) -> str:
    """The rows of a display as KaTeX and MathJax take them."""
    return github(f"\\begin{{aligned}}\n{latex_rows(display_rows(block, document.notation))}\n\\end{{aligned}}")


@_block.register
def _(block: Table, document: Document) -> str:
    return table(block, document)


def table(block: Table, document: Document, fence: tuple[str, str] = FENCE) -> str:
    """A table below its caption."""
    rows = ["| " + " | ".join(_cell(cell, document, fence) for cell in row) + " |" for row in (block.head, *block.rows)]
    return "\n".join([escaped(block.caption), "", rows[0], "|" + " --- |" * len(block.head), *rows[1:]])


def _cell(cell: Part, document: Document, fence: tuple[str, str]) -> str:
    """A bar of mathematics would end the cell."""
    shown = _part(cell, document, fence)
    return shown if isinstance(cell, str) else shown.replace("|", r"\vert ")


@_block.register
def _(block: Figure, document: Document) -> str:
    drawn, told = _drawing(block, document), in_words(block)
    return f"{drawn}\n\n{told}" if drawn else told


def in_words(block: Figure) -> str:
    """What stands for a drawing: its caption too, unless that tells how curves are drawn that are not here."""
    caption = "" if isinstance(block.content, Chart) else f"{escaped(block.caption)} "
    return f"*{caption}{escaped(block.description)}*"


def _drawing(block: Figure, document: Document) -> str:
    if isinstance(block.content, Picture):
        drawn = mermaid(block.content, document.notation.decimal_comma)
        return f"```mermaid\n{drawn}\n```" if drawn else ""
    if isinstance(block.content, Chart):
        lines = [(series.name, series.lines[0]) for series in block.content.series if len(series.lines) == 1]
        return _samples(block.content, lines, document) if lines else ""
    return ""


def _samples(chart: Chart, lines: list[tuple[str, tuple[float, ...]]], document: Document) -> str:
    """A table of some points of the curves, as far as there is room for columns."""
    last = len(chart.iterations) - 1
    shown = [place for place in SAMPLES if place < last] + [last]
    rows = [(number(chart.iterations[at]), *(number(f"{line[at]:.5g}") for _, line in lines[:MOST_COLUMNS])) for at in shown]
    caption = chart.title + (f", {MOST_COLUMNS} of {len(lines)}" if len(lines) > MOST_COLUMNS else "")
    return table(Table(caption, ("iteration", *(Ref(name) for name, _ in lines[:MOST_COLUMNS])), tuple(rows)), document)


@_block.register
def _(block: Listing, document: Document) -> str:
    return f"```python\n{block.code.rstrip()}\n```"


@_block.register
def _(block: Solution, document: Document) -> str:
    inner = "\n\n".join(_block(each, document) for each in block.blocks)
    return f"<details><summary>{summary(block, document)}</summary>\n\n{inner}\n\n</details>"


def summary(block: Solution, document: Document) -> str:
    """A summary stands in HTML, where GitHub sets no mathematics: its terms as text."""
    return escape(plain_inline(block.summary, document), quote=False)
