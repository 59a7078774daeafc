"""A label as SVG text: letters in italics, subscripts lowered and smaller, as the equations set it.

Input: a Box of a name or a number, and the size in pixels. Output: `tspan` elements, to stand in a `text` element.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch
from html import escape

from symprop.notation.boxes import Accent, Box, Fence, Gap, Letter, Numeral, Over, Row, Scripts, Sign, Word

SMALLER, LOWERED, RAISED = 0.72, 0.28, -0.4  # the size of a script, and its shift in em of its base
COMBINING = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in one style; `size` and `shift` (downwards) are in em of the label's own size."""

    text: str
    italic: bool = False
    size: float = 1.0
    shift: float = 0.0


def svg_text(box: Box, size: float) -> str:
    """The label's runs, each moved from where the last one stood."""
    spans: list[str] = []
    last = 0.0
    for run in _runs(box):
        shift = (run.shift - last) * size
        last = run.shift
        style = ' font-style="italic"' * run.italic
        moved = f' dy="{shift:.1f}"' if abs(shift) > 0.05 else ""
        scaled = f' font-size="{run.size * size:.1f}"' if run.size != 1 else ""
        spans.append(f"<tspan{moved}{scaled}{style}>{escape(run.text)}</tspan>")
    return "".join(spans)


@singledispatch
def _runs(box: Box) -> Iterator[Run]:
    raise TypeError(f"svg_text: no case for {type(box).__name__}")


@_runs.register
def _(box: Letter) -> Iterator[Run]:
    yield Run(box.text, italic=True)


@_runs.register(Word)
@_runs.register(Numeral)
def _(box: Word | Numeral) -> Iterator[Run]:
    yield Run(box.text)


@_runs.register
def _(box: Sign) -> Iterator[Run]:
    yield Run(f" {box.text} " if box.form == "infix" and box.text not in ",⋅" else box.text)


@_runs.register
def _(box: Gap) -> Iterator[Run]:
    yield Run("\u2009")


@_runs.register
def _(box: Row) -> Iterator[Run]:
    for part in box.parts:
        yield from _runs(part)


@_runs.register
def _(box: Fence) -> Iterator[Run]:
    yield Run(box.left)
    yield from _runs(box.inner)
    yield Run(box.right)


@_runs.register
def _(box: Over) -> Iterator[Run]:
    yield from _runs(box.numerator)
    yield Run("/")
    yield from _runs(box.denominator)


@_runs.register
def _(box: Accent) -> Iterator[Run]:
    for run in _runs(box.base):
        yield replace(run, text=run.text + COMBINING[box.mark])


@_runs.register
def _(box: Scripts) -> Iterator[Run]:
    yield from _runs(box.base)
    for script, shift in ((box.sub, LOWERED), (box.sup, RAISED)):
        for run in _runs(script) if script else ():
            yield Run(run.text, run.italic, run.size * SMALLER, shift + run.shift * SMALLER)
