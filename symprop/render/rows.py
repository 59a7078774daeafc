"""A displayed chain in rows that fit the width of a page: the same breaks in every format.

Input: a `Display`, the notation and the room in em. Output: the breaker's rows.
"""

from __future__ import annotations

from symprop.notation import Notation
from symprop.notation.boxes import Box, Word
from symprop.notation.breaking import DisplayRow, break_chain
from symprop.notation.layout import layout
from symprop.notation.symbols import array
from symprop.render.document import Display, Member

BLANK = Word("________")  # what a student fills in


def display_rows(display: Display, notation: Notation, room: float) -> tuple[DisplayRow, ...]:
    """`head = member = member` broken by the breaker that all formats share."""
    parts = [(member.relation, _body(member, notation)) for member in display.members]
    return break_chain(layout(display.head, notation), parts, room)


def _body(member: Member, notation: Notation) -> Box:
    if member.blank:
        return BLANK
    return layout(member.term, notation) if member.matrix is None else array(member.matrix, notation)
