"""A displayed chain in rows that fit the width of a page: the same breaks in every format.

Input: a `Display`, the notation and the room in em. Output: the breaker's rows.
"""

from __future__ import annotations

from symprop.notation import Notation
from symprop.notation.boxes import Box, Grid, Word, row
from symprop.notation.breaking import DisplayRow, break_chain
from symprop.notation.layout import layout
from symprop.render.document import Body, Display, Matrices, Member

ROOM = 38.0  # em: the text width of an A4 article at 11 pt, less the equation's number; every format takes the same
BLANK = Word("________")  # what a student fills in


def display_rows(display: Display, notation: Notation, room: float = ROOM) -> tuple[DisplayRow, ...]:
    """`head = member = member` broken by the breaker that all formats share."""
    parts = [(member.relation, _body(member, notation)) for member in display.members]
    return break_chain(body_box(display.head, notation), parts, room)


def _body(member: Member, notation: Notation) -> Box:
    return BLANK if member.blank else body_box(member.body, notation)


def body_box(body: Body, notation: Notation) -> Box:
    """What a term or a product of written-out matrices looks like."""
    if not isinstance(body, Matrices):
        return layout(body, notation)
    grids = [Grid(tuple(tuple(layout(entry, notation) for entry in entries) for entries in factor)) for factor in body.factors]
    return row(*grids)
