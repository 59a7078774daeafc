"""The functions that a worksheet uses, as a sentence: their definitions, and what is agreed where a slope jumps.

Input: a `Sheet`. Output: a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable

from symprop.algebra.rows import definition
from symprop.functions import FUNCTIONS
from symprop.render.document import Paragraph, Part
from symprop.render.picture import with_commas
from symprop.render.worksheet.sheet import Sheet
from symprop.terms import Apply, Ref, Term, subterms

IN_WORDS = {
    "step": "1 for positive z and else 0",
    "sign": "1, 0 or −1 with the sign of z",
    "logsumexp": "the logarithm of exp(z) + exp(y), and likewise for more numbers",
}
INTRODUCTION = "Each quantity in turn, from the inputs to the loss."


def functions_paragraph(sheet: Sheet) -> Paragraph:
    """`Each quantity in turn. Here σ(z) = 1/(1 + exp(-z)).`"""
    names = _used(line.formula for line in sheet.worked.lines)
    told = [part for name in names for part in _told(name)]
    here: tuple[Part, ...] = (" Here ", *told[:-1], ".") if told else ()
    called = [name for name in _called(sheet.network.graph.definitions.values()) if name not in IN_WORDS]
    conventions = dict.fromkeys(map(_convention, called))
    return Paragraph((INTRODUCTION, *here, *(map(with_commas, conventions) if sheet.notation.decimal_comma else conventions)))


def _called(formulas: Iterable[Term]) -> list[str]:
    """The functions that formulas call by name, in order of appearance."""
    parts = (part for formula in formulas for part in subterms(formula))
    return list(dict.fromkeys(part.function for part in parts if isinstance(part, Apply)))


def _convention(name: str) -> str:
    """What is agreed of a slope: a sentence of its own, so that it begins with a capital."""
    kink = FUNCTIONS[name].kink
    return f" {kink[0].upper()}{kink[1:]}." if kink else ""


def _used(formulas: Iterable[Term]) -> list[str]:
    """The functions in formulas and in the definitions of those functions, in order of appearance."""
    found, pending = dict[str, None](), _called(formulas)
    while pending:
        name = pending.pop(0)
        meaning = None if name in found else definition(name)
        found[name] = None
        pending += [] if meaning is None else _called([meaning])
    return list(found)


def _told(name: str) -> tuple[Part, ...]:
    function = FUNCTIONS[name]
    call = Apply(name, tuple(map(Ref, ("z", "y") if function.variadic else function.arguments)))
    meaning = definition(name)
    if meaning is not None:
        return (call, " = ", meaning, ", ")
    return (call, f" is {IN_WORDS[name]}", ", ") if name in IN_WORDS else ()
