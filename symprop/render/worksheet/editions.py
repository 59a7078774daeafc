"""The student's edition: chosen results are left blank, and with them everything that would give them away.

Input: a worksheet's blocks. Output: the same blocks, under the same numbers, with blanks to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from symprop.render.document import Block, Body, Display, Filled, Matrices, Member
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import names_in

Blank: TypeAlias = Literal["steps", "gradients"]


def with_blanks(sheet: Sheet, blocks: Iterable[Block], blank: Blank) -> Iterator[Block]:
    """`steps`: every result is blank, its formula stays. `gradients`: those of the weights, formulas included, and what follows.

    What follows from a blank is blank too: numbers put in for names would tell it.
    """
    graph = sheet.network.graph
    gradients = {sheet.derivation.steps[name].name for name in graph.names("parameter")}
    hidden = set(sheet.worked.values) - set(sheet.given) if blank == "steps" else set(gradients)
    for block in blocks:
        if isinstance(block, Display) and hidden.intersection(_names(block)):
            hidden.update(_heads(block))
            asked = blank == "gradients" and bool(gradients.intersection(_heads(block)))
            yield _blanked(block, asked)
        else:
            yield block


def open_results(blocks: Iterable[Block]) -> set[str]:
    """The labels of the displays whose results are printed."""
    displays = (block for block in blocks if isinstance(block, Display))
    return {display.label for display in displays if not any(member.blank for member in display.members)}


def _names(block: Display) -> set[str]:
    return {name for body in (block.head, *(member.body for member in block.members)) for name in _names_of(body)}


def _heads(block: Display) -> set[str]:
    """The names on the left side; a path's head is a product of symbols, and its label its name."""
    return set(_names_of(block.head)) or {block.label}


def _names_of(body: Body) -> tuple[str, ...]:
    if not isinstance(body, Matrices):
        return names_in(body.term if isinstance(body, Filled) else body)
    return tuple(name for factor in body.factors for row in factor for entry in row for name in names_in(entry))


def _blanked(block: Display, whole: bool) -> Display:
    """The results, or everything behind the head, as one blank; its body repeats the head, so that no result is in the document."""
    kept = () if whole else tuple(member for member in block.members if member.kind == "formula")
    return replace(block, members=(*kept, Member("=", block.head, "value", blank=True)))
