"""The functions of the table as a compiled target defines them: numbers on one line, rows as loops.

Input: functions' names and a `Language`. Output: `Kernel`s; a helper is defined where the text of a module calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from symprop.emit.functions import form
from symprop.emit.helpers import summary
from symprop.emit.kernels.blocks import Language, Placed, nests_blocks
from symprop.emit.kernels.functions import Argument, Kernel
from symprop.emit.nests import nested
from symprop.emit.program import Assignment
from symprop.emit.spelling import spelled
from symprop.functions import FUNCTIONS
from symprop.graph import Shape
from symprop.terms import Ref, Sum, Term, call, difference, total

VALUE, LENGTH = "a", "n"  # the value of a function along rows, and the length of its rows
LARGEST = call("row_max", "z")
# What the table leaves to the targets: numbers one behind the other are a row.
WRITTEN: Mapping[str, Term] = {
    "logsumexp": total((LARGEST, call("log", Sum(call("exp", difference(Ref("z"), LARGEST)), -1, True)))),
}


def helper(function: str, language: Language, dialect: Placed) -> Kernel:
    """One function of the table, by the form for code, with the definition as its summary."""
    if function in WRITTEN:
        return _row(function, f"{FUNCTIONS[function].note}.", WRITTEN[function], language, dialect)
    written = form(function)
    assert written is not None, f"no code for the function {function}"
    if FUNCTIONS[function].rowwise:
        return _row(function, summary(function), written, language, dialect)
    arguments: tuple[Argument, ...] = tuple(("number", name) for name in FUNCTIONS[function].arguments)
    return Kernel(function, arguments, summary(function), (f"return {spelled(language.lowered(written), dialect)}",), "number")


def _row(function: str, said: str, written: Term, language: Language, dialect: Placed) -> Kernel:
    """A function along a row: into the row `a`, or as the number that is returned."""
    row = FUNCTIONS[function]
    shapes: dict[str, Shape] = {**dict.fromkeys(row.arguments, (LENGTH,)), VALUE: (LENGTH,)}
    reduces = row.reduces or row.variadic
    shapes |= {VALUE: (1,)} if reduces else {}
    (made,) = nested([Assignment(VALUE, written)], shapes)
    shapes |= made.added
    local = {name for name, shape in shapes.items() if shape in ((), (1,))}
    inner = replace(dialect, plain=dialect.plain | local)
    scratch = [language.scratch.format(name, LENGTH) for name in made.added if name not in local]
    blocks = (*scratch, *nests_blocks(made.nests, language, inner, shapes))
    result: tuple[Argument, ...] = () if reduces else (("out", VALUE),)
    arguments = (("count", LENGTH), *(("in", name) for name in row.arguments), *result)
    if reduces:
        return Kernel(function, arguments, said, (*blocks, f"return {VALUE}"), "number")
    return Kernel(function, arguments, said, blocks)


def called(helpers: Mapping[str, str], texts: Iterable[str]) -> tuple[str, ...]:
    """The helpers, given with their texts, that are called in the texts or by such a helper; each before those that call it."""
    found: dict[str, None] = {}

    def visit(text: str) -> None:
        for name, own in helpers.items():
            if name not in found and re.search(rf"\b{name}\(", text) and own is not text:
                visit(own)
                found[name] = None

    for text in texts:
        visit(text)
    return tuple(found)
