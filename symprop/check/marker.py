"""The marker: an answer held against what was asked for, decided, and explained where it is wrong.

Input: a Derivation, a quantity and a text. Output: a `Verdict`. The text is read first; only a well-formed one is decided.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import NoReturn

from symprop.check.answer import Answer, Misfit, read_answer
from symprop.check.asked import Asked, ask
from symprop.check.attempts import ALLOWANCE, Attempt, Judge, Judged, agrees, attempts, judged
from symprop.check.decide import Comparer
from symprop.check.exercise import Exercise, Expected, entry_of, is_symbolic, listed, names_of
from symprop.check.fitting import Fitting
from symprop.check.literals import NamedValues, named_values, with_names_for_numbers
from symprop.check.mistakes import Diagnoser, Found
from symprop.check.mistakes.diagnose import likelihood
from symprop.check.mistakes.field import alike
from symprop.check.mistakes.formed import STEPPED
from symprop.check.mistakes.misplaced import Misplaced
from symprop.check.mistakes.mixture import mixture
from symprop.check.numbers import LEAST_DIGITS, check_number, number_of
from symprop.check.outcomes import reading_of, right, told, undecided, undefined
from symprop.check.probe import Probe
from symprop.check.quotient import compared
from symprop.check.repairs import Repair, bracketed, rated, repairs
from symprop.check.tables import TableVerdict, among, check_table
from symprop.check.verdict import Beside, Diagnosis, Reading, Verdict
from symprop.derive import Derivation
from symprop.errors import UsageError
from symprop.language import Notation
from symprop.terms import Term, names_in

MOST_DIAGNOSES = 3
UNIT_RATE = "with the document's learning rate, 1"
_FROM_ONE = "the answer counts indices from 0, what is said here from 1"


class Marker:
    """Marks answers to one derivation; what is found out about the network is kept from one answer to the next."""

    def __init__(
        self, derivation: Derivation, update: str = "document", digits: int = LEAST_DIGITS, *, at_unit_rate: bool = False
    ) -> None:
        self.exercise, self.digits = Exercise(derivation, update, at_unit_rate=at_unit_rate), digits
        self._asked: dict[tuple[str, str | None, bool], tuple[Asked, tuple[Expected, ...]]] = {}

    @cached_property
    def judge(self) -> Judge:
        """The decision over this network's definitions."""
        return Judge(Comparer(self.exercise.definitions), Probe(self.exercise.definitions))

    @cached_property
    def diagnoser(self) -> Diagnoser:
        """The catalogue of mistakes, made from the derivation."""
        return Diagnoser(self.exercise, self.judge)

    @cached_property
    def _at_unit_rate(self) -> Marker:
        """The marker of answers that leave out a learning rate of 1, as documents that learn at this rate do."""
        return Marker(self.exercise.derivation, self.exercise.update.name, self.digits, at_unit_rate=True)

    @cached_property
    def fitting(self) -> Fitting:
        """The same catalogue in numbers."""
        return Fitting(self.diagnoser)

    @cached_property
    def _named_values(self) -> NamedValues:
        """The document's numbers by value."""
        return named_values(self.exercise)

    def check(
        self,
        quantity: str,
        text: str,
        *,
        as_: str | None = None,
        notation: Notation = "auto",
        reveal: bool = False,
        conventions: tuple[str, ...] = (),
    ) -> Verdict:
        """Mark one answer; see `symprop.check.check`."""
        asked, expected = self._question(quantity, as_)
        self.judge.begin(names_of(expected))
        misfit: Misfit | None = None
        try:
            answer = self._read(asked, text, notation)
        except Misfit as refusal:
            answer, misfit = refusal.answer, refusal
        if _leaves_out_unit_rate(self.exercise, answer):
            return self._at_unit_rate.check(quantity, text, as_=as_, notation=notation, reveal=reveal, conventions=conventions)
        if misfit is not None:
            ways = (self._rewritten, self._replaced)
            found = (self._repaired(asked, answer, expected, str(misfit), way) for way in ways)
            return next(filter(None, found), None) or _refused(misfit)
        if answer.from_zero and asked.indices is not None and not self._proved(list(attempts(self.exercise, answer, expected))):
            counted = self._counted_from_zero(quantity, as_, text, notation)
            if counted is not None:
                return counted
        verdict = self._mark(asked, answer, expected, reveal, conventions)
        return replace(verdict, message=f"{verdict.message}; {_FROM_ONE}") if answer.from_zero and not verdict.correct else verdict

    def _read(self, asked: Asked, text: str, notation: Notation) -> Answer:
        """The answer. At a rate of 1 a step is the gradient with the other sign: one is read only where a step alone is open."""
        answer = read_answer(self.exercise.vocabulary, asked, text, notation)
        others = tuple(form for form in answer.forms if form != "step")
        at_1 = self.exercise.at_unit_rate or number_of(answer) is not None and self.exercise.learns_at_1
        return replace(answer, forms=others) if at_1 and others else answer

    def _question(self, quantity: str, as_: str | None, from_zero: bool = False) -> tuple[Asked, tuple[Expected, ...]]:
        """What is asked for and what answers it, kept for the next answer."""
        key = (quantity, as_, from_zero)
        if key not in self._asked:
            asked = ask(self.exercise.vocabulary, quantity, as_, from_zero=from_zero)
            self._asked[key] = asked, self.exercise.expected(asked)
        return self._asked[key]

    def _counted_from_zero(self, quantity: str, as_: str | None, text: str, notation: Notation) -> Verdict | None:
        """The verdict of an answer that counts from 0, where it is right for the entry that is asked for counted so too."""
        with suppress(UsageError):
            asked, expected = self._question(quantity, as_, True)
            answer = self._read(asked, text, notation)
            proved = self._proved(list(attempts(self.exercise, answer, expected)))
            return self._right(asked, proved, False) if proved else None
        return None

    def check_table(self, numbers: Mapping[str, str]) -> TableVerdict:
        """Mark a table of numbers, step by step; see `symprop.check.check_table`."""
        return check_table(self.exercise, self.fitting, numbers, self.digits)

    def among(self, own: Beside, others: Iterable[Beside]) -> Verdict | None:
        """Mark a number among a student's other ones: what follows from a wrong one earns its credit."""
        return among(self.exercise, self.fitting, own, others, self.digits)

    def _mark(
        self, asked: Asked, answer: Answer, expected: tuple[Expected, ...], reveal: bool, conventions: tuple[str, ...]
    ) -> Verdict:
        number = number_of(answer)
        if number is not None and not is_symbolic(expected):
            return check_number(self.exercise, self.fitting, asked, expected, number, answer.forms, self.digits, reveal)
        tried = list(attempts(self.exercise, answer, expected))
        proved = self._proved(tried)
        if proved:
            return self._right(asked, proved, reveal)
        decided = [judged(attempt, self.judge) for attempt in tried]
        proved = [each for each in decided if each.decision.verdict == "equal"]  # a fingerprint also looks where no root is defined
        if proved:
            return self._right(asked, proved, reveal)
        for words, named in with_names_for_numbers(self._named_values, answer):
            if self.judge.spent > ALLOWANCE // 2:  # the rest is for what is wrong
                break
            proved = self._proved(list(attempts(self.exercise, named, expected)))
            if proved:
                return self._right(asked, proved, reveal, words)
        open_ = [each for each in decided if each.decision.verdict != "different" and not each.undefined]
        if open_:
            return undecided(asked, min(open_, key=lambda each: self._likelihood(asked, each.attempt)))
        if all(each.undefined for each in decided):
            return undefined(asked, decided[0])
        message = f"proved different from {listed(dict.fromkeys(told(each, asked) for each in decided))}"
        wrong = self._repaired(asked, answer, expected, message, self._rewritten)
        wrong = wrong or self._wrong(asked, decided, message, reveal, conventions)
        if wrong.diagnoses or wrong.correct:
            return wrong
        return self._repaired(asked, answer, expected, message, self._replaced) or wrong

    def _rewritten(self, asked: Asked, term: Term, expected: tuple[Expected, ...]) -> Iterable[Repair]:
        """The term with brackets, the learning rate, a transpose, or `*` and `@`, put right."""
        sure = asked.shape or any(each.renewed for each in expected)
        likely = alike(self.judge, [] if sure else [entry_of(each.block) for each in expected])
        yield from (each for each in bracketed(self.exercise.vocabulary, asked.shape, term) if sure or likely(each.term))
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

    def _right(self, asked: Asked, proved: list[Judged], reveal: bool, data: str = "") -> Verdict:
        stepped = self.exercise.at_unit_rate and proved[0].attempt.expected.form in STEPPED
        return right(asked, proved, reveal, ", ".join(filter(None, (data, UNIT_RATE if stepped else ""))))

    def _proved(self, tried: list[Attempt]) -> list[Judged]:
        """The attempts that are proved right."""
        decided = [judged(attempt, self.judge) for attempt in tried if agrees(attempt, self.judge)]
        return [each for each in decided if each.decision.verdict == "equal"]

    def _likelihood(self, asked: Asked, attempt: Attempt) -> int:
        return likelihood(self.exercise, asked, attempt, names_in(attempt.text.term))

    def _repaired(
        self,
        asked: Asked,
        answer: Answer,
        expected: tuple[Expected, ...],
        message: str,
        tried: Callable[[Asked, Term, tuple[Expected, ...]], Iterable[Repair]],
    ) -> Verdict | None:
        """The verdict of an answer that one repair would put right."""
        found: dict[Diagnosis, Reading] = {}
        for reading in answer.readings:
            for repair in tried(asked, reading.term, expected):
                repaired = replace(answer, readings=(replace(reading, term=repair.term),))
                right = self._proved(list(attempts(self.exercise, repaired, expected)))
                if right:
                    found.setdefault(Diagnosis(repair.mistake, repair.sentence), reading_of(asked, right[0].attempt))
        if not found:
            return None
        return Verdict(asked.text, "not correct", next(iter(found.values())), message, diagnoses=tuple(found)[:MOST_DIAGNOSES])

    def _wrong(
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


_MARKERS: OrderedDict[tuple[int, str, int], Marker] = OrderedDict()
MOST_MARKERS = 8


def marker_of(derivation: Derivation, update: str, digits: int = LEAST_DIGITS) -> Marker:
    """The marker of a derivation, kept for the next answer; it holds the derivation, so that its identity stays its own."""
    key = (id(derivation), update, digits)
    if key not in _MARKERS:
        _MARKERS[key] = Marker(derivation, update, digits)
        if len(_MARKERS) > MOST_MARKERS:
            _MARKERS.popitem(last=False)
    return _MARKERS[key]


def _refused(misfit: Misfit) -> NoReturn:
    raise misfit


def _leaves_out_unit_rate(exercise: Exercise, answer: Answer) -> bool:
    """Whether the learning rate is 1, and a formula speaks of it nowhere."""
    if exercise.at_unit_rate or not exercise.learns_at_1 or number_of(answer) is not None:
        return False
    return not any(exercise.network.training.rate in names_in(reading.term) for reading in answer.readings)
