"""The readings of an answer held against the forms that it may take.

Input: an answer and the expected forms. Output: `Attempt`s: pairs of scalar terms, entry by entry, to be decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from symprop.check.answer import Answer
from symprop.check.decide import Comparer, Decision
from symprop.check.decide.comparer import NOWHERE
from symprop.check.decide.residues import Residues
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.probe import Probe
from symprop.derive.entries import Block
from symprop.language import Reading
from symprop.terms import Add, Apply, Ref, Term, names_in, rebuild, subterms

Place: TypeAlias = tuple[int, ...]
REMEMBERED = 512  # fingerprints
ALLOWANCE = 30_000  # operations for one answer
MOST_BY_CHOICE = 3  # updated weights of which each may be written out or called by its plain name


@dataclass(frozen=True)
class Attempt:
    """One reading of the text held against one expected form; `substituted` says that plain weights were taken as updated ones."""

    text: Reading
    expected: Expected
    block: Block
    substituted: bool = False

    def pairs(self) -> Iterator[tuple[Place, Term, Term]]:
        """(place, answered, expected) of each entry."""
        if self.block.shape == self.expected.block.shape == ():
            yield (), entry_of(self.block), entry_of(self.expected.block)
            return
        answered = np.broadcast_to(self.block, self.expected.block.shape)
        for place in np.ndindex(answered.shape):
            yield place, entry_of(answered, place), entry_of(self.expected.block, place)


@dataclass(frozen=True)
class Judged:
    """An attempt with its outcome: the decision on the first entry that is not proved equal, or on the last one."""

    attempt: Attempt
    decision: Decision
    place: Place = ()

    @property
    def undefined(self) -> bool:
        """Whether the answer, which stands first in the comparison, is proved to be defined nowhere."""
        return self.decision.why == NOWHERE.format("first")


def attempts(exercise: Exercise, answer: Answer, expected: Iterable[Expected]) -> Iterator[Attempt]:
    """Every reading against every form that the answer leaves open, old weights before updated ones.

    Where the expected form has weights already updated, a plain weight outside the functions means the updated one, inside them the
    old one; a text that writes new values by name means what it says. One in which the learning rate stands more than once, or
    one without the rate in which several sums step a weight, may write them out, `w2 - alpha*(out - target)*s2` for the new w2:
    then the plain weights of some of them are the old ones.
    """
    for reading in answer.readings:
        written = exercise.entries(reading.term)
        plain = not any(name in exercise.vocabulary.renewed for name in names_in(reading.term))
        twice = plain and any(each.renewed for each in expected) and _steps(exercise, reading) > 1
        for each in expected:
            if each.form in answer.forms:
                yield _attempt(exercise, reading, each, written, plain)
                yield from _written_out(exercise, reading, each) if twice else ()


def _attempt(exercise: Exercise, reading: Reading, expected: Expected, written: Block, plain: bool) -> Attempt:
    if not (expected.renewed and plain):
        return Attempt(reading, expected, written)
    block = exercise.entries(renewed(reading.term, exercise, expected.renewed))
    return Attempt(reading, expected, block, True)


def _steps(exercise: Exercise, reading: Reading) -> int:
    """How many steps a text may write: one for each learning rate; where that is 1, its own and one for each sum with a weight."""
    if exercise.at_unit_rate:
        old = {Ref(name) for name in exercise.vocabulary.renewed.values()}
        return 1 + sum([isinstance(part, Add) and not old.isdisjoint(part.terms) for part in subterms(reading.term)])
    return sum([part == exercise.rate for part in subterms(reading.term)])


def _written_out(exercise: Exercise, reading: Reading, expected: Expected) -> Iterator[Attempt]:
    """The readings of a text with several rates, which may write out the new values of some weights, or of all."""
    few = expected.renewed if len(expected.renewed) <= MOST_BY_CHOICE else ()
    for count in range(len(few) or bool(expected.renewed)):
        for by_name in combinations(few, count):
            yield Attempt(reading, expected, exercise.entries(renewed(reading.term, exercise, by_name)), True)


def renewed(term: Term, exercise: Exercise, parameters: tuple[str, ...]) -> Term:
    """The term with the new values of some weights wherever they stand outside functions."""
    new = {name: Ref(name_of_new) for name_of_new, name in exercise.vocabulary.renewed.items() if name in parameters}

    def change(part: Term) -> Term | None:
        if isinstance(part, Apply):
            return part
        return new.get(part.name) if isinstance(part, Ref) else None

    return rebuild(term, change)


class Judge:
    """A comparer that remembers fingerprints, and counts the work of an answer: all its readings, forms and explanations."""

    def __init__(self, comparer: Comparer, probe: Probe) -> None:
        self.comparer, self.probe = comparer, probe
        self._known: dict[Term, tuple[Term, Residues | None]] = {}
        self._answered: dict[int, tuple[Term, Residues | None]] = {}
        self._decided: dict[tuple[int, int], tuple[Term, Term, Decision]] = {}
        self._view: tuple[str, ...] = ()
        self.spent = 0

    def begin(self, view: tuple[str, ...] = ()) -> None:
        """Begin with another answer; `view` are the names in what is expected."""
        self._answered.clear()
        self._decided.clear()
        self._view = view
        self.spent = 0

    @property
    def exhausted(self) -> bool:
        """Whether the answer has used up its operations: from then on nothing more is found out about it."""
        return self.spent > ALLOWANCE

    @property
    def half_exhausted(self) -> bool:
        """Whether half of them are used up: the rest is for what must be found out, not for what the numbers may stand for."""
        return self.spent > ALLOWANCE // 2

    def fingerprint(self, term: Term) -> Residues | None:
        """The residues of a term that is asked for again and again; None where it has none."""
        known = self._answered.get(id(term)) or self._known.get(term)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[term] = term, self.comparer.fingerprint(term)
        return known[1]

    def differ(self, left: Term, right: Term) -> bool:
        """Whether fingerprints tell an answer and an expected term apart."""
        one, other = self._of_answer(left), self.fingerprint(right)
        return one is not None and other is not None and one != other

    def _of_answer(self, term: Term) -> Residues | None:
        """The residues of an answer's term, counted the first time."""
        if id(term) not in self._answered and not self.exhausted:
            residues, operations = self.comparer.evaluated(term, self._view)
            self.spent += operations
            self._answered[id(term)] = term, residues
        return self._answered.get(id(term), (term, None))[1]

    def proves(self, pairs: Iterable[tuple[Term, Term]]) -> bool:
        """Whether each answered term is proved equal to its expected one; fingerprints, which cost least, come first."""
        known = list(pairs)
        return not any(self.differ(*pair) for pair in known) and all(self.decide(*pair).verdict == "equal" for pair in known)

    def decide(self, left: Term, right: Term) -> Decision:
        """Whether two terms are equal, with proof; asked again, it answers the same at no cost."""
        known = self._decided.get((id(left), id(right)))
        if known is not None:
            return known[2]
        if self.exhausted:
            return Decision("undecided", f"the answer needs more than {ALLOWANCE} operations")
        decision = self.comparer.decide(left, right, lambda: self.probe.tells_apart(left, right), self._view)
        return self._kept(left, right, decision)

    def settle(self, answered: Term, expected: Term) -> Decision:
        """The same for an answer and what is expected: where fingerprints tell them apart, a point that shows it comes first."""
        apart = (id(answered), id(expected)) not in self._decided and self.differ(answered, expected)
        found = self.comparer.separate(answered, expected, self._view) if apart and not self.exhausted else None
        return self.decide(answered, expected) if found is None else self._kept(answered, expected, found)

    def _kept(self, left: Term, right: Term, decision: Decision) -> Decision:
        """The decision, counted; the terms are kept with it, so that their identities stay theirs."""
        self.spent += decision.operations
        self._decided[id(left), id(right)] = left, right, decision
        return decision

    def excludes(self, left: Term, right: Term) -> bool:
        """Whether a quick look at real points tells terms of one fingerprint apart: they may differ where units are dead."""
        return self.comparer.kinked and self.probe.tells_apart(left, right)


def agrees(attempt: Attempt, known: Judge) -> bool:
    """Whether no fingerprint tells the entries apart: a necessary condition, looked at before anything is proved."""
    return not any(known.differ(answered, expected) for _, answered, expected in attempt.pairs())


def proved_right(tried: Iterable[Attempt], known: Judge) -> list[Judged]:
    """The attempts that are proved right."""
    decided = [judged(attempt, known) for attempt in tried if agrees(attempt, known)]
    return [each for each in decided if each.decision.verdict == "equal"]


def judged(attempt: Attempt, known: Judge) -> Judged:
    """Decide entry by entry: different if one is; else undecided if one is; else equal."""
    undecided: Judged | None = None
    for place, answered, expected in _most_telling_first(attempt, known):
        latest = Judged(attempt, known.settle(answered, expected), place)
        if latest.decision.verdict == "different":
            return latest
        if latest.decision.verdict == "undecided":
            undecided = undecided or latest
    return undecided or latest


def _most_telling_first(attempt: Attempt, known: Judge) -> list[tuple[Place, Term, Term]]:
    """The entries that fingerprints tell apart come first: one proved difference settles the answer."""
    pairs = list(attempt.pairs())
    if len(pairs) == 1:
        return pairs
    return sorted(pairs, key=lambda pair: not known.differ(pair[1], pair[2]))
