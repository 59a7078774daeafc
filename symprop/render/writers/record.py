"""A Document as plain data for JSON: every equation with its number, in text and in LaTeX.

Input: a Document. Output: dicts and lists, schema `symprop.derive/1`.
"""

from __future__ import annotations

from symprop.notation.latex import latex
from symprop.notation.text import text
from symprop.render.document import Display, Document, all_blocks
from symprop.terms import Term


def record(document: Document) -> dict[str, object]:
    """The title and the equations, in order."""
    displays = [block for block in all_blocks(document.blocks) if isinstance(block, Display)]
    return {"title": document.title, "equations": [_equation(display, document) for display in displays]}


def _equation(display: Display, document: Document) -> dict[str, object]:
    members = [{"relation": member.relation, **_both(member.term, document)} for member in display.members]
    cites = [document.numbers[label] for label in display.cites]
    head = {"number": display.number, "label": display.label, "head": _both(display.head, document)}
    return {**head, "members": members, "rule": display.rule, "cites": cites}


def _both(term: Term, document: Document) -> dict[str, str]:
    return {"text": text(term), "latex": latex(term, document.notation)}
