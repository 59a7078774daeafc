"""The comparer: what many answers over the same definitions share.

Input: definitions, and terms. Output: a `Decision` for two terms, a fingerprint for one.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.check.decide.budget import DEFAULT, Budget, Exhausted, Unreadable
from symprop.check.decide.comparison import Comparison
from symprop.check.decide.decision import Decision
from symprop.check.decide.grounds import Grounds, lowered
from symprop.check.decide.lowering import Written
from symprop.check.decide.residues import Residues
from symprop.terms import Term

_NOWHERE = "the {} expression is defined nowhere"


class Comparer:
    """Compares terms over the same definitions; what the definitions need is computed once.

    `definitions` are ordered named equations, each over earlier names and free ones; every other name is a free real variable. A
    verdict never depends on what was compared before.
    """

    def __init__(self, definitions: Mapping[str, Term], budget: Budget = DEFAULT) -> None:
        self._grounds = Grounds(definitions, budget)

    def fingerprint(self, term: Term) -> Residues | None:
        """The values of a term modulo a 61-bit prime at the fixed points; None where it has none.

        Equal terms of the decided class have equal fingerprints, however they are written (roots apart). Unequal ones share a
        fingerprint with a probability below degree/2**60, unless they differ only in sign cases that no fixed point lies in.
        """
        try:
            _, (node,) = lowered(self._grounds.all, Written.of(term))
        except (Unreadable, Exhausted, ZeroDivisionError):
            return None
        return None if node.poles else node.residues

    def decide(self, left: Term, right: Term) -> Decision:
        """Whether two terms are equal wherever both are defined."""
        try:
            sides = Written.of(left), Written.of(right)
            scope, nodes = lowered(self._grounds.all, *sides)
        except Unreadable as problem:
            return Decision("undecided", str(problem))
        except Exhausted as problem:
            return Decision("undecided", f"the expressions are too large: {problem}")
        except ZeroDivisionError:
            first = self._divides_by_zero(left)
            return Decision("undecided" if first else "different", _NOWHERE.format("first" if first else "second"))
        return Comparison(self._grounds, scope, sides, (nodes[0], nodes[1])).decision()

    def _divides_by_zero(self, term: Term) -> bool:
        """Whether the term divides by the number 0."""
        try:
            lowered(self._grounds.all, Written.of(term))
        except ZeroDivisionError:
            return True
        except Exhausted:
            return False
        return False
