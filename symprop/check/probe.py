"""A quick look at real points before a proof is tried: candidates that agree only where some units are alive fall here.

Input: two terms. Output: whether floats tell them apart. It only saves work: nothing is said without a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import blake2b

import numpy as np

from symprop.errors import SympropError
from symprop.graph import Equation
from symprop.terms import Term, names_in
from symprop.worked import floats
from symprop.worked.evaluate import Numeric

POINTS = 96
TOLERANCE = 1e-6
REMEMBERED = 64  # terms with their values


class Probe:
    """The values of all names at fixed real points of both signs."""

    def __init__(self, definitions: Mapping[str, Term]) -> None:
        self._definitions = definitions
        self._latest: dict[int, tuple[Term, Numeric]] = {}  # by identity: terms are held against one after another

    @cached_property
    def _values(self) -> dict[str, Numeric]:
        used = dict.fromkeys(name for term in self._definitions.values() for name in names_in(term))
        leaves = {name: _points(name) for name in used if name not in self._definitions}
        return floats.solve((Equation(name, term) for name, term in self._definitions.items()), leaves)

    @cached_property
    def _firsts(self) -> dict[str, Numeric]:
        """The values of all names at the first point."""
        return {name: np.ravel(value)[0] for name, value in self._values.items()}

    def first(self, term: Term) -> float:
        """The value of a scalar term at the first point."""
        return float(floats.real(term, self._firsts))

    def near(self, wanted: Iterable[Term]) -> Callable[[Term], bool]:
        """Whether a scalar term may equal one of those wanted: it is near it at every point, not only where units are dead."""
        known = list(wanted)
        return lambda term: not all(self.tells_apart(term, each) for each in known)

    def tells_apart(self, left: Term, right: Term) -> bool:
        """Whether the two differ clearly at a point where both are finite."""
        try:
            one, other = self._of(left), self._of(right)
        except SympropError:  # a name or function without floats: the proof will tell
            return False
        return _differ(one, other)

    def _of(self, term: Term) -> Numeric:
        """The values of a term at all points; those of the latest terms are kept."""
        known = self._latest.get(id(term))
        if known is None:
            if len(self._latest) >= REMEMBERED:
                self._latest.clear()
            known = self._latest[id(term)] = term, np.asarray(floats.real(term, self._values), dtype=float)
        return known[1]


def _differ(one: Numeric, other: Numeric) -> bool:
    """Whether they differ clearly where both are finite."""
    with np.errstate(all="ignore"):
        gap = np.abs(one - other) / (np.abs(one) + np.abs(other) + 1e-12)
    return bool(np.any(gap[np.isfinite(gap)] > TOLERANCE))


def _points(name: str) -> Numeric:
    """The coordinates of a name, the same on every machine."""
    seed = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).uniform(-1.5, 1.5, POINTS)
