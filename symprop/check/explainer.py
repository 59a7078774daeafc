"""Why a wrong answer is wrong: what would put it right, or which mistakes of the catalogue it has.

Input: what was asked for, an answer, and its attempts, proved wrong. Output: the `Verdict`, every sentence of it proved. What one
change explains comes before what takes two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from symprop.check.answer import Answer
from symprop.check.asked import Asked
from symprop.check.attempts import Judge, Judged, attempts, proved_right
from symprop.check.exercise import Exercise, Expected, entry_of, listed
from symprop.check.literals import TRIVIAL, NamedValues, with_names_for_numbers
from symprop.check.mistakes import Diagnoser, Found
from symprop.check.mistakes.edits import edits
from symprop.check.mistakes.formed import STEPPED
from symprop.check.mistakes.misplaced import Misplaced
from symprop.check.mistakes.mixture import mixture
from symprop.check.outcomes import reading_of, told
from symprop.check.quotient import compared
from symprop.check.repairs import Repair, bracketed, rated, repairs
from symprop.check.verdict import Diagnosis, Reading, Verdict
from symprop.terms import Term, names_in
from symprop.terms.shapes import is_scalar

MOST_DIAGNOSES = 3
MOST_REREAD = 4  # other readings of the numbers in an answer that are explained

Reread: TypeAlias = tuple[Answer, str, Repair | None]  # in words which numbers were read as what; what is wrong with one of them
Repairs: TypeAlias = Callable[[Asked, Term, tuple[Expected, ...]], Iterable[Repair]]


class Explainer:
    """Explains the wrong answers to one exercise."""

    def __init__(self, exercise: Exercise, judge: Judge, diagnoser: Diagnoser, named: NamedValues) -> None:
        self.exercise, self.judge, self.diagnoser, self.named = exercise, judge, diagnoser, named

    @cached_property
    def _rates(self) -> NamedValues:
        """The learning rate's number, where nobody would write it for another reason."""
        rate = self.exercise.rate
        own = {value: tuple(each for each in options if each.term == rate) for value, options in self.named.items()}
        return {value: options for value, options in own.items() if options and value not in TRIVIAL}

    def of_another_shape(self, asked: Asked, answer: Answer, expected: tuple[Expected, ...], message: str) -> Verdict | None:
        """The verdict of an answer of another shape than that asked for, where one repair would put it right."""
        ways = (self._rewritten, self._replaced)
        return next(filter(None, (self._repaired(asked, answer, expected, message, way) for way in ways)), None)

    def explained(
        self,
        asked: Asked,
        answer: Answer,
        expected: tuple[Expected, ...],
        decided: list[Judged],
        reveal: bool,
        conventions: tuple[str, ...],
    ) -> Verdict:
        """The verdict of an answer that is proved different from all that is expected."""
        message = f"proved different from {listed(dict.fromkeys(told(each, asked) for each in decided))}"

        def repaired(way: Repairs, most: int = MOST_DIAGNOSES) -> Verdict | None:
            return self._repaired(asked, answer, expected, message, way, most)

        right_but_for = repaired(self._rewritten)
        if right_but_for is not None:
            return right_but_for
        catalogued = self._catalogued(asked, decided, message, reveal, conventions)
        if catalogued.correct or _is_single(catalogued.diagnoses):
            return catalogued
        other = None if catalogued.diagnoses else repaired(self._replaced)
        other = other or repaired(self._edited, 1)
        readings = self._other_readings(asked, answer, expected, bool(catalogued.diagnoses))
        return other or self._reread(asked, readings, expected, message) or catalogued

    def _rewritten(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Iterable[Repair]:
        """The term with brackets, the learning rate, a transpose, or `*` and `@`, put right."""
        renewed = any(each.renewed for each in expected)  # then a plain weight may mean the updated one
        likely = self._likely(asked, term, expected)
        yield from (each for each in bracketed(self.exercise.vocabulary, asked.shape, term) if renewed or likely(each.term))
        if self._rated_first(asked, term):
            yield from self._rated(asked, term, expected)
        yield from repairs(self.exercise.vocabulary, asked.shape, term) if asked.shape else ()

    def _replaced(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Iterable[Repair]:
        """The term with the learning rate, or one array in the place of another, put right."""
        if not self._rated_first(asked, term):
            yield from self._rated(asked, term, expected)
        yield from self._misplaced.repairs(asked, term, expected) if asked.shape else ()

    @staticmethod
    def _rated_first(asked: Asked, term: Term) -> bool:
        """Whether the learning rate is looked at before the catalogue: where a gradient cannot be what the answer means."""
        return "gradient" not in asked.forms or asked.quantity in names_in(term)

    def _rated(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Iterable[Repair]:
        """The term with the learning rate put right, where a step or new value may be meant."""
        stepped = any(each.form in STEPPED for each in expected)
        return rated(self.exercise.vocabulary, asked.shape, term, self.exercise.rate) if stepped else ()

    @cached_property
    def _misplaced(self) -> Misplaced:
        """Arrays in the places of others."""
        return Misplaced(self.exercise, self.diagnoser.words, self.judge.probe)

    def _edited(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Iterable[Repair]:
        """The term with one mistake in its own text put right: a term too many, a sign, a factor inside a function."""
        words, likely = self.diagnoser.words, self._likely(asked, term, expected)
        names = words.scalars if self._is_scalar(asked, term) else ()
        return (each for each in edits(words, term, names) if likely(each.term))

    def _likely(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Callable[[Term], bool]:
        """A quick look, in floats at one point, whether a term like this one may be what is expected."""
        if self._is_scalar(asked, term):
            return self.judge.probe.near(entry_of(each.block) for each in expected)
        return self._misplaced.likely(asked, expected)

    def _is_scalar(self, asked: Asked, term: Term) -> bool:
        return not asked.shape and is_scalar(term, self.exercise.vocabulary.names.arrays)

    def _repaired(
        self,
        asked: Asked,
        answer: Answer,
        expected: tuple[Expected, ...],
        message: str,
        tried: Repairs,
        most: int = MOST_DIAGNOSES,
    ) -> Verdict | None:
        """The verdict of an answer that one repair would put right; at most so many of them are told."""
        found: dict[Diagnosis, Reading] = {}
        looked_at = ((each, repair) for each in answer.readings for repair in tried(asked, each.term, expected))
        for reading, repair in looked_at:
            repaired = replace(answer, readings=(replace(reading, term=repair.term),))
            right = proved_right(attempts(self.exercise, repaired, expected), self.judge)
            if right:
                found.setdefault(Diagnosis(repair.mistake, repair.sentence), reading_of(asked, right[0].attempt))
            if len(found) == most:
                break
        if not found:
            return None
        return Verdict(asked.text, "not correct", next(iter(found.values())), message, diagnoses=tuple(found))

    def _reread(
        self, asked: Asked, readings: Iterable[Reread], expected: tuple[Expected, ...], message: str
    ) -> Verdict | None:
        """The verdict where one mistake explains the answer, once its numbers are read as what they stand for."""
        for other, words, wrong in islice(readings, MOST_REREAD):
            if self.judge.half_exhausted:
                break
            found = self.diagnoser.diagnose(asked, list(attempts(self.exercise, other, expected)), False)
            if found.attempt is not None and _is_single(found.diagnoses):
                diagnoses = tuple(_beside(wrong, each) for each in found.diagnoses[:MOST_DIAGNOSES])
                return Verdict(asked.text, "not correct", reading_of(asked, found.attempt, words), message, diagnoses=diagnoses)
        return None

    def _other_readings(
        self, asked: Asked, answer: Answer, expected: tuple[Expected, ...], explained: bool
    ) -> Iterator[Reread]:
        """The answer with the learning rate for its number; where nothing explains it, with names for other numbers too."""
        stepped = replace(answer, forms=tuple(form for form in answer.forms if form in STEPPED))
        if stepped.forms:
            yield from ((named, words, None) for words, named in with_names_for_numbers(self._rates, stepped))
        if explained:
            return
        yield from ((named, words, None) for words, named in with_names_for_numbers(self.named, answer))
        for reading in stepped.readings:
            for repair in self._rated(asked, reading.term, expected):
                yield replace(stepped, readings=(replace(reading, term=repair.term),)), "", repair

    def _catalogued(
        self, asked: Asked, decided: list[Judged], different: str, reveal: bool, conventions: tuple[str, ...]
    ) -> Verdict:
        found = self._mixed(asked, decided) or self.diagnoser.diagnose(asked, [each.attempt for each in decided], reveal)
        shown = next((each for each in decided if each.attempt is found.attempt), decided[0])
        reading = reading_of(asked, shown.attempt)
        if found.convention and found.convention in conventions:
            message = f"{reading.words}, under the announced convention '{found.convention}'"
            return Verdict(asked.text, "correct", reading, message, credit=Fraction(1))
        diagnoses = found.diagnoses[:MOST_DIAGNOSES]
        if not reveal:
            return Verdict(asked.text, "not correct", reading, different, diagnoses=diagnoses)
        evidence = [str(shown.decision.counterexample or "")]
        if not diagnoses:
            evidence += compared(self.exercise, shown.attempt, shown.place)
        return Verdict(
            asked.text, "not correct", reading, different, diagnoses=diagnoses, counterexample="; ".join(filter(None, evidence))
        )

    def _mixed(self, asked: Asked, decided: list[Judged]) -> Found | None:
        """What is wrong where only some of the weights are taken as already updated."""
        for attempt in (each.attempt for each in decided):
            diagnosis = mixture(self.exercise, self.judge, asked, attempt)
            if diagnosis is not None:
                return Found((diagnosis,), attempt)
        return None


def _is_single(diagnoses: tuple[Diagnosis, ...]) -> bool:
    """Whether one mistake explains the answer."""
    return bool(diagnoses) and " + " not in diagnoses[0].mistake


def _beside(wrong: Repair | None, diagnosis: Diagnosis) -> Diagnosis:
    """A diagnosis told beside a wrong number."""
    if wrong is None:
        return diagnosis
    return Diagnosis(f"{wrong.mistake} + {diagnosis.mistake}", f"{wrong.sentence}; and {diagnosis.sentence}", diagnosis.formula)
