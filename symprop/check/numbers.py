"""Answers in numbers: one step, or a table of steps with credit for what follows from the student's own earlier values.

Input: an exercise and written numbers. Output: verdicts; the first wrong step is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symprop.check.answer import Answer
from symprop.check.asked import Asked, ask
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.forward import renamed
from symprop.check.mistakes import Diagnoser
from symprop.check.mistakes.diagnose import in_form
from symprop.check.ranges import Ranges, Written, written
from symprop.check.verdict import Diagnosis, Reading, Verdict
from symprop.errors import TextError, UsageError
from symprop.graph import new_name
from symprop.language import read
from symprop.terms import Ref, Term
from symprop.worked.reals import NotEnoughDigits

MOST_FITTING = 3
ADMITS = "what correct rounding of intermediate results allows"


def number_of(answer: Answer) -> Written | None:
    """The number that an answer writes out, where it is nothing else."""
    return written(answer.readings[0].term)


def check_number(
    exercise: Exercise, diagnoser: Diagnoser, asked: Asked, expected: Iterable[Expected], number: Written, open_: tuple[str, ...]
) -> Verdict:
    """Mark one number at the document's data and initial weights."""
    if asked.shape:
        raise UsageError(f"{asked.text}: one number cannot answer for a whole array; ask for an entry, {asked.text}[1,1]")
    ranges = Ranges(exercise, number.significant, 2 * number.half)
    candidates = [each for each in expected if each.form in open_]
    try:
        right = [each for each in candidates if ranges.admits(entry_of(each.block), number)]
        if right:
            return _right(asked, right[0])
        fitting = _fitting(diagnoser, ranges, asked, candidates, number)
    except NotEnoughDigits:
        reason = "so few digits leave open on which side of a kink a value lies"
        return Verdict(asked.text, "undecided", Reading(candidates[0].form, asked.subject), "the number was not judged", reason)
    message = f"the number is outside {ADMITS}"
    return Verdict(asked.text, "not correct", Reading(candidates[0].form, asked.subject), message, diagnoses=fitting)


def _right(asked: Asked, expected: Expected) -> Verdict:
    reading = Reading(expected.form, asked.subject, expected.weights, data="in the document's numbers")
    message = f"{reading.words}, within {ADMITS}"
    return Verdict(asked.text, "correct", reading, message, credit=Fraction(1))


def _fitting(
    diagnoser: Diagnoser, ranges: Ranges, asked: Asked, candidates: list[Expected], number: Written
) -> tuple[Diagnosis, ...]:
    """The mistakes whose value the digits admit; several that cannot be told apart are all named."""
    found: list[Diagnosis] = []
    opposite = Written(-number.value, number.half, number.significant)
    if any(each.form != "new-value" and ranges.admits(entry_of(each.block), opposite) for each in candidates):
        found.append(Diagnosis("sign", "the sign is turned around: the digits are right"))
    for mistake, sentence, term in (*_wrong_forward(diagnoser.exercise, candidates), *_wrong_values(diagnoser, asked, candidates)):
        if len(found) < MOST_FITTING and ranges.admits(term, number):
            found.append(Diagnosis(mistake, f"the digits fit this mistake: {sentence}"))
    return tuple(dict.fromkeys(found))


def _wrong_forward(exercise: Exercise, candidates: list[Expected]) -> Iterable[tuple[str, str, Term]]:
    """What follows from a wrong forward pass."""
    for variant in exercise.variants:
        for each in candidates:
            term = renamed(entry_of(each.block), variant.names)
            if term != entry_of(each.block):
                yield variant.mistake, variant.sentence, term


def _wrong_values(diagnoser: Diagnoser, asked: Asked, candidates: list[Expected]) -> Iterable[tuple[str, str, Term]]:
    quantity = diagnoser.exercise.entries(Ref(asked.quantity)) if asked.quantity in diagnoser.exercise.vocabulary.shapes else None
    target = None if quantity is None else entry_of(quantity, asked.indices or ())
    if not isinstance(target, Ref) or target.name not in diagnoser.links.of:
        return
    search = diagnoser.search(target.name)
    for form in dict.fromkeys(each.form for each in candidates if each.form != "value"):
        for single in search.singles:
            gradient = diagnoser.links.term(target.name, single.slip.change)
            yield single.slip.mistake, single.slip.sentence, in_form(form, target, diagnoser.exercise.rate, gradient)


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One step of a table; `follows` says that it is right given the student's own earlier values."""

    verdict: Verdict
    follows: bool = False


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """A table of steps: the verdicts in the order of the derivation, the first wrong step, and the credit earned of 1."""

    steps: tuple[StepVerdict, ...]
    first_wrong: str
    credit: Fraction

    @property
    def correct(self) -> bool:
        """Whether every step is right."""
        return all(step.verdict.correct for step in self.steps)

    def lines(self) -> tuple[str, ...]:
        """The table as a tutor would write it."""
        shown = [f"{each.verdict.quantity}: {line}" for each in self.steps for line in each.verdict.lines()]
        first = (f"the first wrong step is {self.first_wrong}",) if self.first_wrong else ()
        return (*shown, *first, f"credit: {float(self.credit):.4g} of 1")


def check_table(exercise: Exercise, diagnoser: Diagnoser, numbers: Mapping[str, str]) -> TableVerdict:
    """Mark a table of numbers; a step that is right given the student's own earlier values earns its credit.

    Raises TextError and UsageError for what is no number, and for a quantity that the network does not have.
    """
    rows = sorted((_row(exercise, name, text) for name, text in numbers.items()), key=lambda row: row.place)
    given: dict[str, Written] = {}
    steps: list[StepVerdict] = []
    for row in rows:
        steps.append(_step(exercise, diagnoser, row, given))
        given[row.defines] = row.number
    wrong = [each.verdict.quantity for each in steps if not each.verdict.correct and not each.follows]
    earned = sum((Fraction(1) for each in steps if each.verdict.correct or each.follows), Fraction(0))
    return TableVerdict(tuple(steps), wrong[0] if wrong else "", earned / max(1, len(steps)))


@dataclass(frozen=True)
class _Row:
    asked: Asked
    expected: tuple[Expected, ...]
    number: Written
    defines: str
    place: int


def _row(exercise: Exercise, name: str, text: str) -> _Row:
    asked = ask(exercise.vocabulary, name)
    number = written(read(text, exercise.vocabulary.names, "auto"))
    if number is None:
        raise TextError(f"{name}: expected a number", text, 0)
    parameter = asked.quantity == asked.name and asked.quantity in exercise.network.graph.names("parameter")
    # in a table the name is the value itself: w5 the new weight, out_o1 the output, dE_dw5 the gradient
    taken = "new-value" if parameter else "gradient" if asked.name in exercise.vocabulary.gradients else "value"
    expected = tuple(each for each in exercise.expected(asked) if each.form == taken)
    symbol = entry_of(exercise.entries(Ref(new_name(asked.name) if parameter else asked.name)), asked.indices or ())
    defines = symbol.name if isinstance(symbol, Ref) else asked.name
    return _Row(asked, expected, number, defines, list(exercise.definitions).index(defines))


def _step(exercise: Exercise, diagnoser: Diagnoser, row: _Row, given: Mapping[str, Written]) -> StepVerdict:
    forms = tuple(dict.fromkeys(each.form for each in row.expected))
    verdict = check_number(exercise, diagnoser, row.asked, row.expected, row.number, forms)
    if verdict.outcome != "not correct" or not given:
        return StepVerdict(verdict)
    own = {name: number.range for name, number in given.items()}
    ranges = Ranges(exercise, row.number.significant, 2 * row.number.half, own)
    if not any(_follows(ranges, exercise, row, each) for each in row.expected):
        return StepVerdict(verdict)
    message = "not the right value, but it follows rightly from the student's own earlier values"
    return StepVerdict(Verdict(verdict.quantity, "not correct", verdict.reading, message, credit=Fraction(1)), True)


def _follows(ranges: Ranges, exercise: Exercise, row: _Row, expected: Expected) -> bool:
    term = exercise.definitions[row.defines] if entry_of(expected.block) == Ref(row.defines) else entry_of(expected.block)
    try:
        return ranges.admits(term, row.number)
    except NotEnoughDigits:
        return False
