"""The grounds on which answers over the same names are compared: all definitions, or some of them.

Input: ordered definitions. Output: `Grounds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from symprop.check.decide.budget import Budget
from symprop.check.decide.cut import Cut
from symprop.check.decide.definitions import Definitions
from symprop.check.decide.opening import Seen, Spelled, opened, spelled
from symprop.check.decide.residues import MOST_POINTS
from symprop.functions import FUNCTIONS
from symprop.terms import Apply, Term, subterms

_SMOOTH_POINTS = 4
_KINKED = ("abs", "sign", "step", "maximum", "minimum")
_MOST_CUTS = 128  # kept for the answers to come


class Grounds:
    """`terms` are ordered definitions, `budget` the limits; what they need is computed once, when it is needed."""

    def __init__(self, terms: Mapping[str, Term], budget: Budget) -> None:
        self.terms, self.budget = dict(terms), budget
        self.kinked = any(map(_kinked, self.terms.values()))
        self.points = MOST_POINTS if self.kinked else _SMOOTH_POINTS
        self._cuts: dict[tuple[str, ...], Cut] = {}
        self._opened: dict[tuple[frozenset[str], frozenset[str], Spelled], tuple[str, ...] | None] = {}

    @cached_property
    def all(self) -> Definitions:
        """All definitions."""
        return Definitions(self.terms, self.budget, self.points)

    def opened(self, left: Seen, right: Seen) -> tuple[str, ...] | None:
        """The definitions to write out for two terms, by what they use: answers to one question use much the same."""
        key = (left.names, right.names, spelled(left, right))
        if key not in self._opened:
            if len(self._opened) >= _MOST_CUTS:
                self._opened.clear()
            self._opened[key] = opened(self.all, *key)
        return self._opened[key]

    def cut(self, names: tuple[str, ...]) -> Cut:
        """The definitions of these names written out: all others are free."""
        found = self._cuts.pop(names, None) or Cut(self.all, names)
        self._cuts[names] = found
        if len(self._cuts) > _MOST_CUTS:
            del self._cuts[next(iter(self._cuts))]
        return found


def _kinked(term: Term) -> bool:
    """Whether a function of the term, or of its definition, has a kink."""
    calls = {part.function for part in subterms(term) if isinstance(part, Apply)}
    texts = [f"{name}( {FUNCTIONS[name].definition}" for name in calls if name in FUNCTIONS]
    return any(f"{kink}(" in text for kink in _KINKED for text in texts)
