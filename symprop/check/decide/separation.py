"""Looking for a rational point at which two expressions have disjoint enclosures: the proof that they differ.

Input: two nodes of a scope. Output: a counterexample, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from symprop.check.decide.circuit import Node, below
from symprop.check.decide.decision import Counterexample, Enclosure
from symprop.check.decide.definitions import AnswerScope
from symprop.check.decide.intervals import Interval, Oversized, Undefined, Unenclosed
from symprop.check.decide.layer import Layer
from symprop.check.decide.residues import coordinate


def separated(scope: AnswerScope, left: Node, right: Node, points: Iterable[int], bits: int) -> Counterexample | None:
    """The first of the points at which the enclosures of this precision are disjoint.

    Raises:
        Exhausted: the budget is used up.
    """
    for point in points:
        values = _values(scope, left, right, point, bits)
        if values is not None and (values[0][1] < values[1][0] or values[1][1] < values[0][0]):
            return Counterexample(Coordinates((left, right), point), _exact(values[0], bits), _exact(values[1], bits))
    return None


def _values(scope: AnswerScope, left: Node, right: Node, point: int, bits: int) -> tuple[Interval, Interval] | None:
    try:
        return _both(scope, left, right, point, bits)
    except (Undefined, Unenclosed):
        return None


def _both(scope: AnswerScope, left: Node, right: Node, point: int, bits: int) -> tuple[Interval, Interval]:
    scope.ring.meter.spend(len(scope) * (4 + bits // 64))
    return scope.enclose(left, point, bits), scope.enclose(right, point, bits)


def exists(scope: AnswerScope, left: Node, right: Node, points: int) -> bool:
    """Whether both sides are defined at one of the points, or too large to tell."""
    if not left.partial and not right.partial:
        return True
    tries = [(point, scope.ring.budget.bits[0]) for point in range(points)] + [(0, bits) for bits in scope.ring.budget.bits[1:]]
    for point, bits in tries:
        try:
            _both(scope, left, right, point, bits)
        except Oversized:
            return True
        except (Undefined, Unenclosed):
            continue
        return True
    return False


def agreement(scope: AnswerScope, left: Node, right: Node, points: int, bits: int) -> str:
    """The numeric hint of an undecided comparison."""
    agreeing = [point for point in range(points) if _values(scope, left, right, point, bits) is not None]
    if not agreeing:
        return "their values could not be computed at any of the points tried"
    return f"their values agree to about {bits * 3 // 10} digits at {len(agreeing)} rational points"


class Coordinates(Mapping[str, Fraction]):
    """The variables below some nodes with their values at a point, found when they are asked for: few are ever shown."""

    def __init__(self, roots: tuple[Node, ...], point: int) -> None:
        self._roots, self._point = roots, point

    @cached_property
    def _known(self) -> dict[str, Fraction]:
        nodes = (node for root in self._roots for node in below(root, Layer()))
        names = sorted({str(node.data) for node in nodes if node.kind == "variable"})
        return {name: coordinate(name, self._point) for name in names}

    def __getitem__(self, name: str) -> Fraction:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return repr(self._known)


def _exact(value: Interval, bits: int) -> Enclosure:
    return Fraction(value[0], 1 << bits), Fraction(value[1], 1 << bits)
