"""Looking for a rational point at which two expressions have disjoint enclosures: the proof that they differ.

Input: two nodes in their scopes. Output: a counterexample, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from symprop.check.decide.budget import Meter
from symprop.check.decide.decision import Counterexample, Enclosure
from symprop.check.decide.definitions import AnswerScope
from symprop.check.decide.intervals import Interval, Oversized, Undefined, Unenclosed
from symprop.check.decide.layer import Layer
from symprop.check.decide.nodes import Node, below
from symprop.check.decide.residues import coordinate

Side: TypeAlias = tuple[AnswerScope, Node]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two nodes, each in its scope, which may be the same; the meter counts what is computed of them. Raises Exhausted on use."""

    left: Side
    right: Side
    meter: Meter

    @property
    def roots(self) -> tuple[Node, Node]:
        """The nodes."""
        return self.left[1], self.right[1]

    def at(self, point: int, bits: int) -> tuple[Interval, Interval]:
        """The intervals of both at a point. Raises what `Scope.enclose` raises."""
        (scope, node), (other, another) = self.left, self.right
        self.meter.spend((len(scope) + (len(other) if other is not scope else 0)) * (4 + bits // 64))
        return scope.enclose(node, point, bits), other.enclose(another, point, bits)

    def defined_at(self, point: int, bits: int) -> tuple[Interval, Interval] | None:
        """The intervals of both at a point; None where one isn't defined, or the precision is at fault."""
        try:
            return self.at(point, bits)
        except (Undefined, Unenclosed):
            return None


def separated(sides: Sides, points: Iterable[int], bits: int) -> Counterexample | None:
    """The first of the points at which the enclosures of this precision are disjoint. Raises Exhausted."""
    for point in points:
        values = sides.defined_at(point, bits)
        if values is not None and (values[0][1] < values[1][0] or values[1][1] < values[0][0]):
            return Counterexample(Coordinates(sides.roots, point), _exact(values[0], bits), _exact(values[1], bits))
    return None


def exists(sides: Sides, points: int, precisions: Sequence[int]) -> bool:
    """Whether both sides are defined at one of the points, or too large to tell."""
    if not any(node.partial for node in sides.roots):
        return True
    tries = [(point, precisions[0]) for point in range(points)] + [(0, bits) for bits in precisions[1:]]
    for point, bits in tries:
        try:
            sides.at(point, bits)
        except Oversized:
            return True
        except (Undefined, Unenclosed):
            continue
        return True
    return False


def agreement(sides: Sides, points: int, bits: int) -> str:
    """The numeric hint of an undecided comparison."""
    agreeing = [point for point in range(points) if sides.defined_at(point, bits) is not None]
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
