"""The functions that a worksheet uses, as a sentence: their definitions, and what is agreed where a slope jumps.

Input: a `Sheet`. Output: a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable

from symprop.algebra.rows import definition
from symprop.functions import FUNCTIONS
from symprop.render.document import Paragraph, Part
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Apply, Ref, Term, subterms

IN_WORDS = {"step": "1 for positive z and else 0", "sign": "1, 0 or −1 with the sign of z"}
INTRODUCTION = "Each quantity in turn, from the inputs to the loss."


def functions_paragraph(sheet: Sheet) -> Paragraph:
    """`Each quantity in turn. Here σ(z) = 1/(1 + exp(-z)).`"""
    names = _used(line.formula for line in sheet.worked.lines)
    told = [part for name in names for part in _told(name)]
    here: tuple[Part, ...] = (" Here ", *told[:-1], ".") if told else ()
    return Paragraph((INTRODUCTION, *here, *dict.fromkeys(map(_convention, names))))


def _convention(name: str) -> str:
    kink = FUNCTIONS[name].kink
    return f" {kink[0].upper()}{kink[1:]}." if kink else ""


def _used(formulas: Iterable[Term]) -> list[str]:
    """The functions in formulas and in the definitions of those functions, in order of appearance."""
    found: dict[str, None] = {}
    pending = list(formulas)
    while pending:
        for part in subterms(pending.pop(0)):
            if isinstance(part, Apply) and part.function not in found:
                found[part.function] = None
                meaning = definition(part.function)
                pending += [] if meaning is None else [meaning]
    return list(found)


def _told(name: str) -> tuple[Part, ...]:
    call = Apply(name, tuple(Ref(argument) for argument in FUNCTIONS[name].arguments))
    meaning = definition(name)
    if meaning is not None:
        return (call, " = ", meaning, ", ")
    return (call, f" is {IN_WORDS[name]}", ", ") if name in IN_WORDS else ()
