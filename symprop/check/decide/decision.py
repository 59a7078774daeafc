"""What a comparison answers: the verdict, the reason in words, and the evidence for it.

Input: made by `symprop.check.decide.comparer`. Output: frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["equal", "different", "undecided"]
Enclosure: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why two expressions are equal.

    `method` is "structural" (the same operations, apart from the order of sums and products) or "exact normal form" (the numerator
    of their difference is the zero polynomial). `generators` are the variables, named intermediates and exponentials over which it
    is a polynomial; `cleared` those whose relations had to be multiplied out; `monomials` the most that the numerator had before
    all of them cancelled.
    """

    method: Literal["structural", "exact normal form"]
    generators: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    monomials: int = 0

    def __str__(self) -> str:
        if self.method == "structural":
            return "both are built from the same operations"
        where = ", ".join(self.generators) or "no variable"
        relations = f"; relations used: {', '.join(self.cleared)}" if self.cleared else ""
        return f"exact normal form over {where}: all {self.monomials} monomials cancel{relations}"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A rational point at which two expressions differ, and disjoint enclosures (low, high) of their values there."""

    point: Mapping[str, Fraction]
    left: Enclosure
    right: Enclosure

    def __str__(self) -> str:
        point = ", ".join(f"{name} = {value}" for name, value in self.point.items())
        return f"at {point or 'every point'} the values are {_near(self.left)} and {_near(self.right)}"


def _near(enclosure: Enclosure) -> str:
    return f"{float((enclosure[0] + enclosure[1]) / 2):.6g}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict; `operations` counts the work, the same on every machine.

    A verdict "equal" has a certificate. "different" has a counterexample, except where one side divides by zero everywhere.
    """

    verdict: Verdict
    reason: str
    certificate: Certificate | None = None
    counterexample: Counterexample | None = None
    operations: int = 0
