"""Where the labels of a picture's connections stand: on their lines, clear of each other, of units and of crossing lines.

Input: a Picture and the notation. Output: for each connection the point along its line, 0 at its source and 1 at its target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot

from symprop.notation import Notation
from symprop.notation.boxes import Box, Sign, row
from symprop.notation.layout import layout
from symprop.notation.symbols import numeral
from symprop.notation.width import width
from symprop.render.picture import Connection, Picture, Unit
from symprop.terms import Entry, Ref

EM, HALF_HEIGHT = 0.31, 0.22  # cm: the size of a label's text, half its height with some room around it
UNIT, NAME_EM = 0.45, 0.27  # cm: the radius of a unit, the size of its name's text
ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.28, 0.72)  # in order of preference
COVERS, CROSSED, AWAY = 10.0, 1.0, 1.0  # the cost of covering a label or a unit, of a line behind, of a place off the middle


@dataclass(frozen=True, slots=True)
class _Patch:
    """A rectangle by its centre and its half-widths, in cm."""

    x: float
    y: float
    rx: float
    ry: float


def connection_label(connection: Connection, notation: Notation) -> Box | None:
    """The weight's name and, where there is room for it, its value."""
    if not connection.weight:
        return None
    name = layout(Ref(connection.weight), notation)
    return row(name, Sign("="), numeral(connection.value, notation)) if connection.value is not None else name


def label_places(picture: Picture, notation: Notation) -> list[float]:
    """One place for each connection."""
    return [along for along, _ in _places(picture, notation)]


def legible(picture: Picture, notation: Notation) -> Picture:
    """The picture, its weights without their values where a label with its value would cover something."""
    if not any(covered for _, covered in _places(picture, notation)):
        return picture
    return replace(picture, connections=tuple(replace(connection, value=None) for connection in picture.connections))


def _places(picture: Picture, notation: Notation) -> Iterator[tuple[float, bool]]:
    """Each place and whether its label covers something: in order the cheapest, and of equal ones the nearest to the middle."""
    taken = [patch for unit in picture.units for patch in _unit_patches(unit, notation)]
    for connection in picture.connections:
        box = connection_label(connection, notation)
        if box is None:
            yield 0.5, False
            continue
        half = width(box) * EM / 2 + 0.06
        others = [other for other in picture.connections if other is not connection]
        best = min(ALONG, key=lambda along: _cost(_patch(connection, along, half, picture), along, taken, others, picture))
        patch = _patch(connection, best, half, picture)
        yield best, _covered(patch, taken) > 0
        taken.append(patch)


def unit_name(unit: Unit, notation: Notation) -> Box:
    """What stands in a unit."""
    return layout(Entry(unit.name, (unit.index - 1,)) if unit.index else Ref(unit.name), notation)


def is_long(unit: Unit, notation: Notation) -> bool:
    """Whether a name needs more room than a circle of the usual size."""
    return _half_width(unit, notation) > UNIT


def _half_width(unit: Unit, notation: Notation) -> float:
    return width(unit_name(unit, notation)) * NAME_EM / 2 if unit.name else 0.0


def _unit_patches(unit: Unit, notation: Notation) -> Iterator[_Patch]:
    """A unit, and its value under it."""
    yield _Patch(unit.x, unit.y, max(UNIT, _half_width(unit, notation)), UNIT)
    if unit.value is not None:
        yield _Patch(unit.x, unit.y - UNIT - 0.15, width(numeral(unit.value, notation)) * EM / 2, 0.15)


def _patch(connection: Connection, along: float, half: float, picture: Picture) -> _Patch:
    (x1, y1), (x2, y2) = _ends(connection, picture)
    return _Patch(x1 + along * (x2 - x1), y1 + along * (y2 - y1), half, HALF_HEIGHT)


def _ends(connection: Connection, picture: Picture) -> tuple[tuple[float, float], tuple[float, float]]:
    source, target = picture.units[connection.source], picture.units[connection.target]
    return (source.x, source.y), (target.x, target.y)


def _cost(patch: _Patch, along: float, taken: Sequence[_Patch], others: Sequence[Connection], picture: Picture) -> float:
    crossed = sum(any(_inside(point, patch) for point in _points(other, picture, patch)) for other in others)
    return COVERS * _covered(patch, taken) + CROSSED * crossed + AWAY * abs(along - 0.5)


def _covered(patch: _Patch, taken: Sequence[_Patch]) -> int:
    return sum(abs(patch.x - each.x) < patch.rx + each.rx and abs(patch.y - each.y) < patch.ry + each.ry for each in taken)


def _inside(point: tuple[float, float], patch: _Patch) -> bool:
    return abs(point[0] - patch.x) < patch.rx and abs(point[1] - patch.y) < patch.ry


def _points(connection: Connection, picture: Picture, near: _Patch) -> Iterator[tuple[float, float]]:
    """Points of a line beside a patch, close enough to each other to meet it."""
    (x1, y1), (x2, y2) = _ends(connection, picture)
    if not x1 < near.x < x2:
        return
    steps = int(hypot(x2 - x1, y2 - y1) / HALF_HEIGHT) + 1
    for step in range(steps + 1):
        yield x1 + step / steps * (x2 - x1), y1 + step / steps * (y2 - y1)
