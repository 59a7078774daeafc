"""The residues of terms, computed on their structure, so that a part can be replaced without asking the comparer again.

Input: terms over names that the comparer knows. Output: their residues; `Pole` where a term divides by zero there.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from symprop.check.decide.residues import Residues, raised, reduced
from symprop.check.mistakes.residues import opposite, over, plus, times
from symprop.terms import ONE, ZERO, Add, Div, Mul, Neg, Number, Power, Ref, Term


class Fingerprints(Protocol):
    """What is needed of a comparer."""

    def fingerprint(self, term: Term) -> Residues | None:
        """The residues of a term; None where it has none."""


class Pole(ArithmeticError):
    """A term has no residues: it divides by zero, or is outside what the comparer knows."""


MOST_CALLS = 2048


class Field:
    """Residues by term, remembered for names and calls; with `points`, only those of some of the fixed points."""

    def __init__(self, comparer: Fingerprints, points: tuple[int, ...] | None = None) -> None:
        self._comparer, self.points = comparer, points
        self._names: dict[Term, Residues] = {}
        self._calls: dict[Term, Residues] = {}
        self.one: Residues = self._leaf(ONE)
        self.zero: Residues = self._leaf(ZERO)

    def of(self, term: Term, changed: Mapping[str, Residues] | None = None) -> Residues:
        """The residues of a term; names in `changed` have other ones. Raises Pole."""
        if isinstance(term, Ref):
            value = changed.get(term.name) if changed else None
            return self._leaf(term) if value is None else value
        if isinstance(term, Number):
            return self.number(term.value)
        if isinstance(term, Neg):
            return opposite(self.of(term.operand, changed))
        if isinstance(term, (Add, Mul)):
            return self._chain(term, changed)
        if isinstance(term, Div):
            return self._quotient(self.of(term.numerator, changed), self.of(term.denominator, changed))
        if isinstance(term, Power) and isinstance(term.exponent, Number) and term.exponent.value.denominator == 1:
            return self._power(self.of(term.base, changed), int(term.exponent.value))
        return self._leaf(term)

    def number(self, value: Fraction) -> Residues:
        """A rational number, the same at every point."""
        return (reduced(value),) * len(self.one)

    def _chain(self, term: Add | Mul, changed: Mapping[str, Residues] | None) -> Residues:
        parts = term.terms if isinstance(term, Add) else term.factors
        combine = plus if isinstance(term, Add) else times
        value = self.of(parts[0], changed)
        for part in parts[1:]:
            value = combine(value, self.of(part, changed))
        return value

    def _quotient(self, left: Residues, right: Residues) -> Residues:
        value = over(left, right)
        if value is None:
            raise Pole
        return value

    def _power(self, base: Residues, exponent: int) -> Residues:
        try:
            return raised(base, exponent)
        except ZeroDivisionError as error:
            raise Pole from error

    def _leaf(self, term: Term) -> Residues:
        remembered = self._names if isinstance(term, Ref) else self._calls
        known = remembered.get(term)
        if known is None:
            value = self._comparer.fingerprint(term)
            if value is None:
                raise Pole
            if len(self._calls) >= MOST_CALLS:
                self._calls.clear()
            known = remembered[term] = self.seen(value)
        return known

    def seen(self, value: Residues) -> Residues:
        """What this field sees of residues at all points."""
        return value if self.points is None else tuple([value[point] for point in self.points])
