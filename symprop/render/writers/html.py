"""A Document as HTML: the body of a page, its mathematics in MathML Core, its drawings in SVG.

Input: a Document. Output: XML-safe HTML; equations carry the anchors and numbers of the LaTeX, and their spoken text as a label.
"""

from __future__ import annotations

from functools import singledispatch
from html import escape

from symprop.notation.latex import latex, latex_rows
from symprop.notation.mathml import math, mathml, mathml_rows
from symprop.notation.speech import speech
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
    all_blocks,
)
from symprop.render.picture import Picture
from symprop.render.rows import display_rows, fits_beside_note
from symprop.render.spoken import spoken_display
from symprop.render.svg import svg
from symprop.render.svg_curves import svg_curves


def html(document: Document) -> str:
    """The document's blocks below its title, which belongs to the page around them."""
    return "\n".join(_block(block, document) for block in document.blocks) + "\n"


def inline(parts: tuple[Part, ...], document: Document) -> str:
    """Running text with inline mathematics and links to equations."""
    return "".join(_part(part, document) for part in parts)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Cite):
        return _link(part.label, document)
    if isinstance(part, Code):
        return f"<code>{escape(part.text)}</code>"
    if isinstance(part, str):
        return escape(part)
    return math(mathml(part, document.notation), speech(part, document.notation), latex(part, document.notation))


def _link(label: str, document: Document) -> str:
    return f'<a href="#{document.anchors[label]}">({document.numbers[label]})</a>'


@singledispatch
def _block(block: Block, document: Document) -> str:
    raise TypeError(f"html: no case for {type(block).__name__}")


@_block.register
def _(block: Heading, document: Document) -> str:
    level = block.level + 1  # the title is the only h1
    return f'<h{level} id="{escape(block.anchor)}">{inline(block.parts, document)}</h{level}>'


@_block.register
def _(block: Paragraph, document: Document) -> str:
    return f"<p>{inline(block.parts, document)}</p>"


@_block.register
def _(block: Display, document: Document) -> str:
    rows = display_rows(block, document.notation)
    tex = f"\\begin{{aligned}}\n{latex_rows(rows)}\n\\end{{aligned}}"
    shown = math(mathml_rows(rows), spoken_display(block, document.notation), tex, display=True)
    here = document.anchors[block.label]
    number = f'<a class="number" href="#{here}" aria-label="equation {block.number}">({block.number})</a>'
    note = _note(block, document)
    told = f'<p class="note">{note}</p>' if note else ""
    layout = "equation beside" if note and fits_beside_note(rows) else "equation"
    return f'<div class="{layout}" id="{here}">\n<div class="scroll">{shown}</div>{told}{number}\n</div>'


def _note(block: Display, document: Document) -> str:
    """The rule's name and links to what the display uses."""
    cited = ", ".join(_link(label, document) for label in block.cites)
    return "; ".join(part for part in (escape(block.rule), cited and f"with {cited}") if part)


@_block.register
def _(block: Table, document: Document) -> str:
    head = "".join(f'<th scope="col">{_part(cell, document)}</th>' for cell in block.head)
    rows = ["".join(f"<td>{_part(cell, document)}</td>" for cell in row) for row in block.rows]
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    caption = f"<caption>{escape(block.caption)}</caption>"
    return f'<div class="scroll"><table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


@_block.register
def _(block: Figure, document: Document) -> str:
    caption = f"<figcaption>{escape(block.caption)}</figcaption>"
    return f'<figure>\n<div class="scroll">{_drawing(block, document)}</div>\n{caption}\n</figure>'


def _drawing(block: Figure, document: Document) -> str:
    figures = [each for each in all_blocks(document.blocks) if isinstance(each, Figure)]
    identity = f"figure-{next(place for place, each in enumerate(figures, 1) if each is block)}"
    if isinstance(block.content, Picture):
        return svg(block.content, document.notation, identity)
    if isinstance(block.content, Chart):
        return svg_curves(block.content, document.notation, identity)
    return f"<p>{escape(block.description)}</p>"


@_block.register
def _(block: Listing, document: Document) -> str:
    return f'<pre class="scroll"><code>{escape(block.code.rstrip())}</code></pre>'


@_block.register
def _(block: Solution, document: Document) -> str:
    inner = "\n".join(_block(each, document) for each in block.blocks)
    return f"<details>\n<summary>{inline(block.summary, document)}</summary>\n{inner}\n</details>"
