"""The teacher's edition of a sheet with blanks: each question with its solution behind it, folded away where a format can fold.

Input: the same worksheet for the teacher and for a student. Output: a Document under the same equation numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.render.document import Block, Body, Display, Document, Figure, Part, Solution, all_blocks
from symprop.terms import Term


def with_solutions(teacher: Document, student: Document) -> Document:
    """Every display that is blank for the student becomes a `Solution` whose summary is what the student sees.

    The picture of the network is the student's: it would show what is folded away.
    """
    asked = {block.label: block for block in all_blocks(student.blocks) if isinstance(block, Display) and _is_asked(block)}
    pictures = [block for block in student.blocks if _is_picture(block)]
    blocks = (pictures.pop(0) if pictures and _is_picture(block) else _folded(block, asked) for block in teacher.blocks)
    return replace(teacher, blocks=tuple(blocks))


def _is_picture(block: Block) -> bool:
    return isinstance(block, Figure) and block.kind == "network"


def _is_asked(display: Display) -> bool:
    return any(member.blank for member in display.members)


def _folded(block: Block, asked: dict[str, Display]) -> Block:
    question = asked.get(block.label) if isinstance(block, Display) else None
    return block if question is None else Solution(tuple(_question(question)), (block,))


def _question(display: Display) -> Iterator[Part]:
    yield f"({display.number}) "
    yield _part(display.head, display.label)
    for member in display.members:
        yield f" {member.relation} "
        yield "?" if member.blank else _part(member.body, display.label)


def _part(body: Body, label: str) -> Part:
    return body if isinstance(body, Term) else label
