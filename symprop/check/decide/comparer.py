"""The comparer: what many answers over the same definitions share.

Input: definitions, and terms. Output: a `Decision` for two terms, a fingerprint for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symprop.check.decide.budget import DEFAULT, Budget, Exhausted, Meter, Unreadable
from symprop.check.decide.comparison import Comparison
from symprop.check.decide.decision import Decision
from symprop.check.decide.grounds import Grounds
from symprop.check.decide.lowering import Written
from symprop.check.decide.residues import Residues
from symprop.check.decide.separation import Sides, separated
from symprop.check.decide.subject import Subject
from symprop.terms import Term

NOWHERE = "the {} expression is defined nowhere"
_MOST_WRITTEN = 16
_MOST_SUBJECTS = 4  # terms kept ready for the next comparison: the forms and explanations of one answer
_MOST_EXPECTED = 64  # terms that answers are told from, kept ready for the answers to come


class Comparer:
    """Compares terms over the same definitions; what the definitions need is computed once.

    `definitions` are ordered named equations, each over earlier names and free ones; every other name is a free real variable. A
    verdict never depends on what was compared before.
    """

    def __init__(self, definitions: Mapping[str, Term], budget: Budget = DEFAULT) -> None:
        self._grounds = Grounds(definitions, budget)
        self._subjects: list[Subject] = []
        self._written: dict[int, tuple[Term, Written]] = {}
        self._expected: dict[int, Subject] = {}

    def fingerprint(self, term: Term) -> Residues | None:
        """The values of a term modulo a 61-bit prime at the fixed points; None where it has none.

        Equal terms of the decided class have equal fingerprints, however they are written (roots apart). Unequal ones share a
        fingerprint with a probability below degree/2**60, unless they differ only in sign cases that no fixed point lies in.
        """
        return self.evaluated(term)[0]

    def evaluated(self, term: Term, view: tuple[str, ...] = ()) -> tuple[Residues | None, int]:
        """The fingerprint of a term that may write out the definitions of the names in view, and the operations that it takes."""
        try:
            subject = self._subject(term, view)
            return subject.residues, subject.operations
        except (Unreadable, Exhausted, ZeroDivisionError):
            return None, self._grounds.budget.nodes

    @property
    def kinked(self) -> bool:
        """Whether the definitions have sign cases: fingerprints may then agree where the terms differ."""
        return self._grounds.kinked

    def separate(self, left: Term, right: Term, view: tuple[str, ...] = ()) -> Decision | None:
        """The proof that two terms with other fingerprints differ, at one of the fixed points; None where that isn't seen there.

        Each keeps the circuit of its own, with all that is found out about it, also `right` for the answers to come.
        """
        grounds = self._grounds
        try:
            one, other = self._subject(left, view).on(grounds.all), self._subject_expected(right).on(grounds.all)
            meter = Meter(grounds.budget.operations)
            points = [point for point, (a, b) in enumerate(zip(one[1].residues, other[1].residues, strict=True)) if a != b]
            found = separated(Sides(one, other, meter), points, grounds.budget.bits[0])
        except (Unreadable, Exhausted, ZeroDivisionError):
            return None
        return None if found is None else Decision("different", counterexample=found, operations=meter.spent)

    def decide(
        self, left: Term, right: Term, apart: Callable[[], bool] = lambda: False, view: tuple[str, ...] = ()
    ) -> Decision:
        """Whether two terms are equal wherever both are defined; `left` is kept ready for the next comparison.

        `apart`, asked only where signs occur, says that they are thought to differ: that is tried first then. `view` are names
        whose definitions, and those of all that they are made of, are known again where `left` writes them out: a proof then need
        not write them out itself.
        """
        try:
            return Comparison(self._subject(left, view), self._taken_apart(right), apart).decision()
        except Unreadable as problem:
            return Decision("undecided", str(problem))
        except Exhausted as problem:
            return Decision("undecided", f"the expressions are too large: {problem}")
        except ZeroDivisionError:
            first = self._divides_by_zero(left, view)
            return Decision("undecided" if first else "different", NOWHERE.format("first" if first else "second"))

    def _subject(self, term: Term, view: tuple[str, ...]) -> Subject:
        """The term's subject; terms are told apart by identity, since one of any depth may come."""
        for known in self._subjects:
            if known.term is term and known.view == view:
                return known
        found = Subject(self._grounds, term, view)
        self._subjects = [found, *self._subjects[: _MOST_SUBJECTS - 1]]
        return found

    def _subject_expected(self, term: Term) -> Subject:
        if id(term) not in self._expected:
            if len(self._expected) >= _MOST_EXPECTED:
                self._expected.clear()
            self._expected[id(term)] = Subject(self._grounds, term)
        return self._expected[id(term)]

    def _taken_apart(self, term: Term) -> Written:
        """What a term is compared by; what answers are held against comes again and again."""
        known = self._written.get(id(term))
        if known is None:
            if len(self._written) >= _MOST_WRITTEN:
                self._written.clear()
            known = self._written[id(term)] = term, Written.of(term)
        return known[1]

    def _divides_by_zero(self, term: Term, view: tuple[str, ...]) -> bool:
        """Whether the term divides by the number 0."""
        try:
            self._subject(term, view).on(self._grounds.all)
        except ZeroDivisionError:
            return True
        except Exhausted:
            return False
        return False
