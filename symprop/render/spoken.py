"""A displayed chain in words, from the same tree as its mathematics.

Input: a Display or a Body, and the notation. Output: what a screen reader says.
"""

from __future__ import annotations

from symprop.notation import Notation
from symprop.notation.speech import speech, spoken_matrix, spoken_relation
from symprop.render.document import Body, Display, Filled, Matrices, Member
from symprop.render.rows import MOST_ROWS

BLANK = "blank"


def spoken_display(display: Display, notation: Notation) -> str:
    """`net h 1 equals w 1 times i 1, equals 0.15 times 0.05, equals 0.0075`."""
    return f"{spoken_body(display.head, notation)} {', '.join(_member(member, notation) for member in display.members)}"


def _member(member: Member, notation: Notation) -> str:
    return f"{spoken_relation(member.relation)} {BLANK if member.blank else spoken_body(member.body, notation)}"


def spoken_body(body: Body, notation: Notation) -> str:
    """A term in words; a matrix by its size, then row by row."""
    if isinstance(body, Filled):
        return speech(body.term, notation.showing(body.values))
    if not isinstance(body, Matrices):
        return speech(body, notation)
    words = ([[speech(entry, notation) for entry in row] for row in factor] for factor in body.factors)
    return " times ".join(spoken_matrix(rows, MOST_ROWS) for rows in words)
