"""A displayed chain in words, from the same tree as its mathematics.

Input: a Display or a Body, and the notation. Output: what a screen reader says.
"""

from __future__ import annotations

from symprop.notation import Notation
from symprop.notation.speech import speech, spoken_relation
from symprop.render.document import Body, Display, Matrices, Member
from symprop.terms import Term

BLANK = "blank"


def spoken_display(display: Display, notation: Notation) -> str:
    """`net h 1 equals w 1 times i 1, equals 0.15 times 0.05, equals 0.0075`."""
    return f"{spoken_body(display.head, notation)} {', '.join(_member(member, notation) for member in display.members)}"


def _member(member: Member, notation: Notation) -> str:
    return f"{spoken_relation(member.relation)} {BLANK if member.blank else spoken_body(member.body, notation)}"


def spoken_body(body: Body, notation: Notation) -> str:
    """A term in words; a matrix by its size, then row by row."""
    if not isinstance(body, Matrices):
        return speech(body, notation)
    return " times ".join(_matrix(factor, notation) for factor in body.factors)


def _matrix(rows: tuple[tuple[Term, ...], ...], notation: Notation) -> str:
    told = "; ".join(f"row {place}: {', '.join(speech(entry, notation) for entry in row)}" for place, row in enumerate(rows, 1))
    return f"the {len(rows)} by {len(rows[0])} matrix with {told}, end matrix"
