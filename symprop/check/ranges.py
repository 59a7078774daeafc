"""The values that a careful calculator can arrive at: every intermediate result rounded to the digits of the answer.

Input: an exercise, a number of digits, values that the student has written already. Output: enclosures that hold the exact
value and every value that comes from correct rounding of intermediates on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from symprop.check.exercise import Exercise
from symprop.errors import SympropError, UsageError
from symprop.terms import Add, Div, Mul, Neg, Number, Power, Ref, Term, names_in, subterms
from symprop.worked.digits import last_place, significant_digits
from symprop.worked.evaluate import value_of
from symprop.worked.exact import exact_arithmetic
from symprop.worked.reals import Enclosure, Real, enclosed, ends

WORKING_DIGITS = 50
LONGEST = 15  # digits that a double holds: a longer print carries the rounding of every operation behind it
MOST_PARTS = 100  # of a calculation that stands for its result
DOUBLE = Fraction(1, 2**52)  # relative distance of neighbouring doubles


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it was written: its value, half a unit of its last digit, and its significant digits."""

    value: Fraction
    half: Fraction
    significant: int

    @property
    def unit(self) -> Fraction:
        """One unit of its last decimal; 0 without decimals: nobody rounds all that leads to 88 to whole numbers."""
        return 2 * self.half if self.half < Fraction(1, 2) else Fraction(0)

    @property
    def range(self) -> Enclosure:
        """Every value that rounds to it."""
        low, high = enclosed(self.value - self.half, WORKING_DIGITS), enclosed(self.value + self.half, WORKING_DIGITS)
        return Enclosure(low.low, high.high, WORKING_DIGITS)


def written(term: Term) -> Written | None:
    """The number that a term writes out, with its sign, or that follows from the numbers in it; None for anything else."""
    if isinstance(term, Neg):
        inner = written(term.operand)
        return None if inner is None else Written(-inner.value, inner.half, inner.significant)
    if not isinstance(term, Number):
        return _calculated(term)
    if "/" in term.text:
        return Written(term.value, Fraction(0), 15)
    half = max(last_place(term) / 2, abs(term.value) * DOUBLE)
    return Written(term.value, half, min(max(1, significant_digits(term)), LONGEST))


def _calculated(term: Term) -> Written | None:
    """The result of arithmetic on numbers, `8.2*10^-2` or `0.4 - 0.5*0.082`: as many digits as the longest decimal in it has."""
    parts = list(subterms(term))
    if len(parts) > MOST_PARTS or not all(isinstance(part, (Number, Neg, Add, Mul, Div, Power)) for part in parts):
        return None
    decimals = [part for part in parts if isinstance(part, Number) and "." in part.text]
    try:
        value = value_of(term, {}, exact_arithmetic(WORKING_DIGITS))
    except (SympropError, ArithmeticError, ValueError):
        return None
    if not isinstance(value, Fraction):
        return None
    significant = min(max((max(1, significant_digits(each)) for each in decimals), default=LONGEST), LONGEST)
    half = max(_unit(value, significant) / 2, abs(value) * DOUBLE) if decimals else Fraction(0)
    return Written(value, half, significant)


@dataclass
class Ranges:
    """The ranges of all names, at one precision; `given` are values that the student has written, by name."""

    exercise: Exercise
    significant: int
    unit: Fraction
    given: Mapping[str, Enclosure] = field(default_factory=dict)
    _known: dict[str, Real] = field(default_factory=dict)

    def of(self, term: Term) -> tuple[Fraction, Fraction]:
        """The ends of a term's range.

        Raises UsageError where the document gives no number for a name, NotEnoughDigits where a range is too wide to go on.
        """
        self._find(names_in(term))
        return ends(value_of(term, self._known, exact_arithmetic(WORKING_DIGITS)))

    def admits(self, term: Term, number: Written) -> bool:
        """Whether correct rounding can lead to the number; the last result itself is rounded only once, when it is written."""
        low, high = self.opened(term)
        return low <= number.value + number.half and number.value - number.half <= high

    def opened(self, term: Term) -> tuple[Fraction, Fraction]:
        """The ends of a term's range; a name's own definition is not rounded."""
        if not isinstance(term, Ref) or term.name in self.given:
            return self.of(term)
        return self.of(self.exercise.every_definition.get(term.name, term))

    def _find(self, names: tuple[str, ...]) -> None:
        for name in self._in_order(names):
            term = self.exercise.every_definition.get(name)
            if name in self.given:
                self._known[name] = self.given[name]
            elif term is not None:
                self._known[name] = self._rounded(value_of(term, self._known, exact_arithmetic(WORKING_DIGITS)))
            else:
                self._known[name] = self._leaf(name)

    def _in_order(self, names: tuple[str, ...]) -> list[str]:
        """The names that are needed and not known yet, each after those that it uses."""
        needed: set[str] = set()
        pending = [name for name in names if name not in self._known]
        while pending:
            name = pending.pop()
            if name not in needed and name not in self._known:
                needed.add(name)
                term = None if name in self.given else self.exercise.every_definition.get(name)
                pending.extend(names_in(term) if term is not None else ())
        places = {name: place for place, name in enumerate(self.exercise.every_definition)}
        return sorted(needed, key=lambda name: (places.get(name, -1), name))

    def _leaf(self, name: str) -> Fraction:
        number = self.exercise.data.get(name) or self.exercise.initial.get(name)
        if number is None:
            raise UsageError(f"{self.exercise.network.id} writes out no number for {name}: an answer in numbers cannot be checked")
        return number.value

    def _rounded(self, value: Real) -> Enclosure:
        low, high = ends(value)
        unit = max(_unit(max(abs(low), abs(high)), self.significant), self.unit)
        if low == high and self.significant < LONGEST and (not unit or low % unit == 0):
            return enclosed(low, WORKING_DIGITS)  # an exact value with few digits is what it is rounded to; a double need not be
        half = unit / 2
        wider = enclosed(low - half, WORKING_DIGITS), enclosed(high + half, WORKING_DIGITS)
        return Enclosure(wider[0].low, wider[1].high, WORKING_DIGITS)


def _unit(value: Fraction, significant: int) -> Fraction:
    """What one unit in the last of the significant digits is worth."""
    if not value:
        return Fraction(0)
    exponent = (Decimal(value.numerator) / Decimal(value.denominator)).adjusted()
    return Fraction(10) ** (exponent - significant + 1)
