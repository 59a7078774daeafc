"""What a comparison answers: the verdict, the reason in words, and the evidence for it.

Input: made by `symprop.check.decide.comparer`. Output: frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
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
    generators: Sequence[str] = ()
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
        left, right = self._shown()
        return f"at {point or 'every point'} the values are {left} and {right}"

    def _shown(self) -> tuple[str, str]:
        """Both values to as few digits as tell them apart."""
        for digits in (6, 12, 24, 48, 96):
            left, right = _near(self.left, digits), _near(self.right, digits)
            if left != right:
                return left, right
        gap = (self.right[0] - self.left[1], self.right[1] - self.left[0])
        return _near(self.left, 6), f"{_near(self.left, 6)} plus {_near(gap, 6)}"


def _near(enclosure: Enclosure, digits: int) -> str:
    middle = (enclosure[0] + enclosure[1]) / 2
    context = Context(prec=digits)
    return f"{context.divide(Decimal(middle.numerator), Decimal(middle.denominator)).normalize(context):g}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict; `operations` counts the work, the same on every machine.

    A verdict "equal" has a certificate. "different" has a counterexample, except where one side divides by zero everywhere.
    """

    verdict: Verdict
    why: str = ""
    certificate: Certificate | None = None
    counterexample: Counterexample | None = None
    operations: int = 0

    @property
    def reason(self) -> str:
        """Why, in words; where there is evidence, the evidence."""
        return self.why or str(self.certificate or self.counterexample or "")
