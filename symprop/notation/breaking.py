"""Our own line breaker: a chain of equations in rows that fit, the same rows in every format.

Input: the left side, the parts of the chain with their relations, and the width of the text in em. Output: `DisplayRow`s.

Rows break before a relation, then before a top-level + or −, then before a factor, then inside brackets, where commas come first;
a matrix breaks between columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symprop.notation.boxes import Box, Call, Fence, Gap, Grid, Over, Row, Scripts, Sign, height, is_tall, row
from symprop.notation.symbols import DOTS
from symprop.notation.width import width

RELATION = 1.4  # em of a relation sign with its spaces
CONTINUED = 1  # em of space in its place on a row that goes on: less, for a sign brings spaces of its own


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """One row: `left` before the alignment point (on the first row only), then the indent in em, the relation and the body.

    A row without a relation continues the part above it, and begins under its first sign.
    """

    left: Box | None
    relation: str
    body: Box
    indent: int = 0


def break_chain(
    left: Box | None, parts: Sequence[tuple[str, Box]], room: float, apart: int | None = None
) -> tuple[DisplayRow, ...]:
    """`left` = part = part ... in rows of at most `room` em; only a fraction bar, a root or a matrix column may be wider.

    Where not everything fits one row, the part with the number `apart` begins a new one.
    """
    available = room - (width(left) if left else 0.0) - RELATION
    rows = _rows(parts, available, None)
    if len(rows) > 1 and apart:
        rows = _rows(parts, available, apart)
    return tuple(replace(each, left=None if place else left) for place, each in enumerate(rows))


def hang_chain(left: Box, parts: Sequence[tuple[str, Box]], room: float, apart: int) -> tuple[DisplayRow, ...]:
    """As `break_chain`, but the rows stand under `left`, a little indented: they gain the room that a wide left side takes."""
    first, *more = _rows([("", left), *parts], room - CONTINUED - RELATION, apart + 1)
    return (replace(first, indent=0), *(replace(each, indent=each.indent + CONTINUED) for each in more))


def _rows(parts: Sequence[tuple[str, Box]], available: float, apart: int | None) -> list[DisplayRow]:
    rows: list[DisplayRow] = []
    for place, (relation, part) in enumerate(parts):
        if rows and place != apart and _fits_behind(rows[-1], part, available):
            rows[-1] = replace(rows[-1], body=row(rows[-1].body, Sign(relation), part))
        else:
            rows.extend(_rows_of(relation, part, available))
    return rows


def _fits_behind(last: DisplayRow, part: Box, available: float) -> bool:
    return width(last.body) + RELATION + width(part) <= available


def _rows_of(relation: str, part: Box, available: float) -> Iterator[DisplayRow]:
    for body in filled(part, available):
        yield DisplayRow(None, relation, body, 0 if relation else CONTINUED)
        relation = ""


def filled(box: Box, room: float) -> list[Box]:
    """The box in pieces of at most `room` em, each as full as it can be."""
    if width(box) <= room:
        return [box]
    if isinstance(box, Grid):
        return _columns(box, room)
    lines: list[list[Box]] = [[]]
    for piece in _pieces(box, room):
        if lines[-1] and sum(map(width, lines[-1])) + width(piece) > room:
            lines.append([_after_break(piece)])
        else:
            lines[-1].append(piece)
    return [row(*line) for line in lines]


def _columns(box: Grid, room: float) -> list[Box]:
    """A matrix in blocks of columns, dots where it goes on."""
    columns = list(zip(*box.rows, strict=True))
    widths = [width(Grid(tuple((entry,) for entry in column))) for column in columns]
    most = max(1, int((room - 2 * width(DOTS)) / max(widths)))
    blocks = [tuple(zip(*columns[start : start + most], strict=True)) for start in range(0, len(columns), most)]
    last = len(blocks) - 1
    if not last:
        return [box]
    grids = [Grid(rows, "[" if place == 0 else "", "]" if place == last else "") for place, rows in enumerate(blocks)]
    return [row(*[DOTS] * (place > 0), grid, *[DOTS] * (place < last)) for place, grid in enumerate(grids)]


def _after_break(piece: Box) -> Box:
    """An implied product at the start of a row is written out."""
    parts = piece.parts if isinstance(piece, Row) else (piece,)
    return row(Sign("⋅"), *parts[1:]) if isinstance(parts[0], Gap) else piece


def _pieces(box: Box, room: float) -> list[Box]:
    """The box cut at its outermost places; a piece still too wide is cut further in."""
    pieces = _cut(box)
    if len(pieces) == 1:
        return _split_matrix(box, room)
    return [small for piece in pieces for small in (_pieces(piece, room) if width(_after_break(piece)) > room else [piece])]


def _split_matrix(box: Box, room: float) -> list[Box]:
    """What nothing else cuts, cut between the columns of its widest part where that is a matrix."""
    parts = box.parts if isinstance(box, Row) else (box,)
    widest = max(range(len(parts)), key=lambda place: width(parts[place]))
    matrix, before, after = parts[widest], parts[:widest], parts[widest + 1 :]
    if not isinstance(matrix, Grid) or width(box) <= room:
        return [box]
    first, *more = _columns(matrix, room - sum(map(width, (*before, *after))))
    return [row(*before, first), *more[:-1], row(more[-1], *after)] if more else [box]


def _cut(box: Box) -> list[Box]:
    if isinstance(box, Row):
        return _cut_row(box)
    if isinstance(box, Fence):
        return _cut_brackets(box)
    if isinstance(box, Call):
        first, *more = _cut(box.arguments)
        return [Call(box.function, first) if isinstance(first, Fence) else row(box.function, first), *more]
    if isinstance(box, Scripts) and isinstance(box.base, Fence):
        opened = _cut(box.base)
        last = opened[-1].parts if isinstance(opened[-1], Row) else (opened[-1],)
        return [*opened[:-1], row(*last[:-1], Scripts(last[-1], box.sub, box.sup))]
    if isinstance(box, Over):
        return [_closed(box.numerator), row(Sign("/", "symbol"), _closed(box.denominator))]
    return [box]


def _closed(box: Box) -> Box:
    """A fraction's part as it stands beside a slash."""
    return Fence(box) if isinstance(box, (Row, Over)) else box


def _cut_brackets(box: Fence) -> list[Box]:
    """The inside in pieces; tall brackets open around the first piece and close around the last, as high as the whole."""
    pieces = _cut(box.inner)
    if len(pieces) == 1 and is_tall(box):
        return [box]
    if not is_tall(box):
        closed = [*pieces[:-1], row(pieces[-1], Sign(box.right, "close"))]
        return [row(Sign(box.left, "open"), closed[0]), *closed[1:]]
    first, *between, last = pieces
    tall = max(box.height, height(box.inner))
    opened = Fence(first, box.left, "", tall) if box.left else first
    return [opened, *between, _closed_behind(last, box.right, tall) if box.right else last]


def _closed_behind(piece: Box, right: str, tall: float) -> Box:
    """A piece with the closing bracket; the sign before it, which relates it to the row above, stays outside."""
    parts = piece.parts if isinstance(piece, Row) else (piece,)
    sign = [part for part in parts[:1] if _adds(part) or _multiplies(part)]
    return row(*sign, Fence(row(*parts[len(sign) :]), "", right, tall))


def _cut_row(box: Row) -> list[Box]:
    """Behind each comma of the row; without them before each + and −, then before each factor, then inside its widest part."""
    for is_break, behind in ((_separates, 1), (_adds, 0), (_multiplies, 0)):
        places = [place + behind for place, part in enumerate(box.parts[: len(box.parts) - behind]) if place and is_break(part)]
        if places:
            return [row(*box.parts[start:end]) for start, end in zip([0, *places], [*places, len(box.parts)], strict=True)]
    widest = max(range(len(box.parts)), key=lambda place: width(box.parts[place]))
    inner = _cut(box.parts[widest])
    if len(inner) == 1:
        return [box]
    before, after = box.parts[:widest], box.parts[widest + 1 :]
    return [row(*before, inner[0]), *inner[1:-1], row(inner[-1], *after)]


def _separates(part: Box) -> bool:
    return isinstance(part, Sign) and part.form == "separator"


def _adds(part: Box) -> bool:
    return isinstance(part, Sign) and part.form == "infix" and part.text in "+−"


def _multiplies(part: Box) -> bool:
    return isinstance(part, Gap) or (isinstance(part, Sign) and part.form == "infix" and part.text in "⋅⊙")
