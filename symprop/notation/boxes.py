"""What stands on the page: boxes, the same for LaTeX, MathML and the line breaker.

Input: made by `symprop.notation.layout`. Output: read by one printer for each format; `BOX_TYPES` lists them for the tests.

Text is Unicode throughout (`δ`, `−`, `⋅`); brackets and product signs have been decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["infix", "prefix", "open", "close", "separator", "symbol"]


class Box:
    """Base of all boxes; immutable, compared by structure."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Letter(Box):
    """A quantity's single letter, Latin or Greek, set in italics."""

    text: str


@dataclass(frozen=True, slots=True)
class Word(Box):
    """A whole word, set upright: a quantity (`net`) or a function's name (`relu`)."""

    text: str
    function: bool = False


@dataclass(frozen=True, slots=True)
class Numeral(Box):
    """The digits of a number without its sign, as printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign(Box):
    """An operator, relation, bracket or symbol of one character."""

    text: str
    form: Form = "infix"


@dataclass(frozen=True, slots=True)
class Gap(Box):
    """An implied product; `thin` leaves a thin space, so that words and brackets stand apart."""

    thin: bool = False


@dataclass(frozen=True, slots=True)
class Row(Box):
    """Boxes side by side."""

    parts: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Scripts(Box):
    """A base with a subscript, a superscript or both."""

    base: Box
    sub: Box | None = None
    sup: Box | None = None


@dataclass(frozen=True, slots=True)
class Accent(Box):
    """A base under a mark: hat, bar or tilde."""

    base: Box
    mark: str


@dataclass(frozen=True, slots=True)
class Over(Box):
    """A fraction."""

    numerator: Box
    denominator: Box


@dataclass(frozen=True, slots=True)
class Root(Box):
    """A square root."""

    radicand: Box


@dataclass(frozen=True, slots=True)
class Fence(Box):
    """Something between brackets, which grow with it; one is empty where a wide inside goes on in another row.

    `height` in em is that of the whole inside: brackets on different rows are of one size.
    """

    inner: Box
    left: str = "("
    right: str = ")"
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Call(Box):
    """A function's name before its bracketed arguments."""

    function: Box
    arguments: Fence


@dataclass(frozen=True, slots=True)
class Limits(Box):
    """A large operator with what stands under it."""

    operator: Sign
    under: Box


@dataclass(frozen=True, slots=True)
class Grid(Box):
    """The entries of a matrix, row by row; its brackets belong to it, and are empty where a wide matrix goes on in another row."""

    rows: tuple[tuple[Box, ...], ...]
    left: str = "["
    right: str = "]"


BOX_TYPES: tuple[type[Box], ...] = (
    Letter, Word, Numeral, Sign, Gap, Row, Scripts, Accent, Over, Root, Fence, Call, Limits, Grid,
)  # fmt: skip


def row(*parts: Box) -> Box:
    """Boxes side by side, nested rows opened; one box stays itself."""
    flat: list[Box] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Row) else (part,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def inner_boxes(box: Box) -> tuple[Box, ...]:
    """The boxes directly inside a box that stand at its own size (not its scripts)."""
    if isinstance(box, Row):
        return box.parts
    if isinstance(box, Call):
        return (box.function, box.arguments)
    if isinstance(box, (Fence, Root)):
        return (box.inner if isinstance(box, Fence) else box.radicand,)
    return (box.base,) if isinstance(box, (Scripts, Accent)) else ()


def is_tall(box: Box) -> bool:
    """Whether a box is higher than a line of letters, so that brackets around it must grow."""
    broken = isinstance(box, Fence) and box.height > 0
    return broken or isinstance(box, (Over, Limits, Grid)) or any(is_tall(part) for part in inner_boxes(box))


def has_fraction(box: Box) -> bool:
    """Whether a fraction stands in a box at the box's own size: in another fraction it keeps it, or nobody could read it."""
    return isinstance(box, Over) or any(map(has_fraction, inner_boxes(box)))


FRACTION, LIMITS, MATRIX_ROW, LINE = 2.3, 2.5, 1.2, 1.0  # em


def height(box: Box) -> float:
    """How high a box is with its depth, about, in em."""
    if isinstance(box, Grid):
        return MATRIX_ROW * len(box.rows)
    known = FRACTION if isinstance(box, Over) else LIMITS if isinstance(box, Limits) else LINE
    return max([known, *map(height, inner_boxes(box))])


def missing_height(box: Fence) -> float:
    """The height that an invisible strut gives to a piece of a bracket's inside that is lower than the whole; else 0."""
    return box.height if box.height > height(box.inner) else 0.0
