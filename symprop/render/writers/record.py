"""A Document as plain data for JSON: every equation with its number, in text and in LaTeX, and what is said between them.

Input: a Document. Output: dicts and lists, schema `symprop.derive/1`.
"""

from __future__ import annotations

from symprop.notation.latex import box_latex
from symprop.render.document import Body, Display, Document, Heading, Paragraph, all_blocks
from symprop.render.rows import body_box
from symprop.render.writers.plain import body_text, inline


def record(document: Document) -> dict[str, object]:
    """The title and the equations in order; the headings and the paragraphs, each with the number of the equation above it."""
    content: dict[str, list[dict[str, object]]] = {"equations": [], "headings": [], "paragraphs": []}
    for block in all_blocks(document.blocks):
        if isinstance(block, Display):
            content["equations"].append(_equation(block, document))
        elif isinstance(block, (Heading, Paragraph)):
            kind = "headings" if isinstance(block, Heading) else "paragraphs"
            content[kind].append({"after": len(content["equations"]), "text": inline(block.parts, document)})
    return {"title": document.title, **content}


def _equation(display: Display, document: Document) -> dict[str, object]:
    members = [{"relation": member.relation, **_both(member.body, document)} for member in display.members]
    cites = [document.numbers[label] for label in display.cites]
    head = {"number": display.number, "label": display.label, "head": _both(display.head, document)}
    return {**head, "members": members, "rule": display.rule, "cites": cites}


def _both(body: Body, document: Document) -> dict[str, str]:
    return {"text": body_text(body), "latex": box_latex(body_box(body, document.notation))}
