"""A displayed chain in rows that fit the width of a page: the same breaks in every format.

Input: a `Display`, the notation and the page. Output: the breaker's rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from symprop.graph import shape_of_value
from symprop.notation import Notation
from symprop.notation.boxes import Box, Call, Fence, Gap, Grid, Row, Word, inner_boxes, row
from symprop.notation.breaking import RELATION, DisplayRow, break_chain, filled, hang_chain
from symprop.notation.layout import layout
from symprop.notation.symbols import DOTS, VERTICAL_DOTS, abbreviated
from symprop.notation.width import width
from symprop.render.document import Body, Display, Filled, Matrices, Member

BLANK = Word("________")  # what a student fills in
MOST_ROWS = 30  # of a matrix that is a value; a longer one is abbreviated
MOST_COLUMNS, FEWEST_COLUMNS = 8, 3  # of a matrix in a formula, abbreviated as far as the page asks


@dataclass(frozen=True, slots=True)
class Page:
    """How many em an equation may take: `beside` a note, or in `full` without one."""

    beside: float
    full: float


ARTICLE = Page(29.0, 37.3)  # A4 at 11 pt with margins of 25 mm; every format takes the same breaks
FRAGMENT = Page(22.9, 29.6)  # the narrowest text of LaTeX's own article class


def display_rows(display: Display, notation: Notation, page: Page = ARTICLE) -> tuple[DisplayRow, ...]:
    """`head = member = member` broken by the breaker that all formats share; numbers begin a row where there is more than one.

    A display with a note leaves room for it, unless matrices would take more rows for that, or a matrix or the brackets around
    one would have to be split.
    """
    beside = _broken(display, notation, page.beside) if has_note(display) else ()
    fits = bool(beside) and fits_beside_note(beside, page) and not any(map(_is_torn, beside))
    if fits and len(beside) == 1:  # as most are: no other width could take fewer rows
        return beside
    wide = _broken(display, notation, page.full)
    higher = len(beside) > len(wide) and any(_has_high_matrix(each.body) for each in wide)
    return beside if fits and not higher else wide


def _has_high_matrix(box: Box) -> bool:
    return isinstance(box, Grid) and len(box.rows) > 1 or any(map(_has_high_matrix, inner_boxes(box)))


def _is_torn(each: DisplayRow) -> bool:
    """Whether a matrix or tall brackets that open in a row close in another."""
    parts = each.body.parts if isinstance(each.body, Row) else (each.body,)
    fences = [part.arguments if isinstance(part, Call) else part for part in parts]
    return any(isinstance(part, (Fence, Grid)) and not part.right for part in fences)


def has_note(display: Display) -> bool:
    """Whether a rule or a citation stands beside the display."""
    return bool(display.rule or display.cites)


def fits_beside_note(rows: Sequence[DisplayRow], page: Page = ARTICLE) -> bool:
    """Whether the rows leave room for a note, no matrix being split."""
    left = rows[0].left
    margin = RELATION + (width(left) if left else 0.0)
    fits = all(margin + each.indent * bool(each.relation) + width(each.body) <= page.beside for each in rows)
    return fits and not any(isinstance(each.body, Row) and DOTS in each.body.parts for each in rows)


def _broken(display: Display, notation: Notation, room: float) -> tuple[DisplayRow, ...]:
    """Beside the head, or under it where only that keeps matrices whole."""
    head = body_box(display.head, notation)
    available = room - width(head) - RELATION
    parts = [(member.relation, _body(member, notation, available)) for member in display.members]
    formulas = sum(member.kind == "formula" for member in display.members)
    rows = break_chain(head, parts, room, formulas)
    if not any(map(_is_torn, rows)):
        return rows
    under = hang_chain(head, parts, room, formulas)
    return rows if any(map(_is_torn, under)) else under


def _body(member: Member, notation: Notation, available: float) -> Box:
    return BLANK if member.blank else body_box(member.body, notation, available)


def body_box(body: Body, notation: Notation, available: float = inf) -> Box:
    """What a term, a product of written-out matrices or a formula filled with them looks like in rows of `available` em."""
    if isinstance(body, Filled):
        return _filled(body, notation, available)
    if not isinstance(body, Matrices):
        return layout(body, notation)
    grids = [_grid([[layout(entry, notation) for entry in entries] for entries in factor]) for factor in body.factors]
    return row(grids[0], *(part for grid in grids[1:] for part in (Gap(thin=True), grid)))


def _grid(rows: Sequence[Sequence[Box]]) -> Grid:
    shown = abbreviated(rows, MOST_ROWS, (VERTICAL_DOTS,) * len(rows[0]))
    return Grid(tuple(map(tuple, shown)))


def _filled(body: Filled, notation: Notation, available: float) -> Box:
    """With as many columns of each matrix as leave every row room."""
    widest = min(MOST_COLUMNS, max(shape_of_value(value)[-1] for value in body.values.values()))
    boxes = (layout(body.term, notation.showing(body.values, columns)) for columns in range(widest, FEWEST_COLUMNS, -1))
    fitting = (box for box in boxes if max(map(width, filled(box, available))) <= available)
    return next(fitting, None) or layout(body.term, notation.showing(body.values, FEWEST_COLUMNS))
