"""The marker: an answer held against what was asked for, decided, and explained where it is wrong.

Input: a Derivation, a quantity and a text. Output: a `Verdict`. The text is read first; only a well-formed one is decided.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import NoReturn

from symprop.check.answer import Answer, Misfit, read_answer
from symprop.check.asked import Asked, ask
from symprop.check.attempts import Attempt, Judge, Judged, attempts, judged, proved_right
from symprop.check.decide import Comparer
from symprop.check.exercise import Exercise, Expected, is_symbolic, names_of
from symprop.check.explainer import Explainer
from symprop.check.fitting import Fitting
from symprop.check.literals import NamedValues, named_values, with_names_for_numbers
from symprop.check.mistakes import Diagnoser
from symprop.check.mistakes.diagnose import likelihood
from symprop.check.mistakes.formed import STEPPED
from symprop.check.numbers import LEAST_DIGITS, check_number, number_of
from symprop.check.outcomes import right, undecided, undefined
from symprop.check.probe import Probe
from symprop.check.tables import TableVerdict, among, check_table
from symprop.check.verdict import Beside, Verdict
from symprop.derive import Derivation
from symprop.errors import UsageError
from symprop.language import Notation
from symprop.terms import names_in

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
    def explainer(self) -> Explainer:
        """What says why a wrong answer is wrong."""
        return Explainer(self.exercise, self.judge, self.diagnoser, self._named_values)

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
            return self.explainer.of_another_shape(asked, answer, expected, str(misfit)) or _refused(misfit)
        if answer.from_zero and asked.indices is not None and not self._proved(answer, expected):
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
            proved = self._proved(answer, expected)
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
        proved = proved_right(tried, self.judge)
        if proved:
            return self._right(asked, proved, reveal)
        decided = [judged(attempt, self.judge) for attempt in tried]
        proved = [each for each in decided if each.decision.verdict == "equal"]  # a fingerprint also looks where no root is defined
        if proved:
            return self._right(asked, proved, reveal)
        for words, named in with_names_for_numbers(self._named_values, answer):
            if self.judge.half_exhausted:
                break
            proved = self._proved(named, expected)
            if proved:
                return self._right(asked, proved, reveal, words)
        open_ = [each for each in decided if each.decision.verdict != "different" and not each.undefined]
        if open_:
            return undecided(asked, min(open_, key=lambda each: self._likelihood(asked, each.attempt)))
        if all(each.undefined for each in decided):
            return undefined(asked, decided[0])
        return self.explainer.explained(asked, answer, expected, decided, reveal, conventions)

    def _proved(self, answer: Answer, expected: tuple[Expected, ...]) -> list[Judged]:
        """The attempts of an answer that are proved right."""
        return proved_right(attempts(self.exercise, answer, expected), self.judge)

    def _right(self, asked: Asked, proved: list[Judged], reveal: bool, data: str = "") -> Verdict:
        stepped = self.exercise.at_unit_rate and proved[0].attempt.expected.form in STEPPED
        return right(asked, proved, reveal, ", ".join(filter(None, (data, UNIT_RATE if stepped else ""))))

    def _likelihood(self, asked: Asked, attempt: Attempt) -> int:
        return likelihood(self.exercise, asked, attempt, names_in(attempt.text.term))

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
