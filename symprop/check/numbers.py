"""Answers in numbers: one step, or a table of steps with credit for what follows from the student's own earlier values.

Input: an exercise and written numbers. Output: verdicts; the first wrong step is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from symprop.check.answer import Answer
from symprop.check.asked import Asked, ask
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.forward import renamed
from symprop.check.mistakes import Diagnoser
from symprop.check.mistakes.diagnose import in_form
from symprop.check.ranges import WORKING_DIGITS, Ranges, Written, written
from symprop.check.verdict import Beside, Diagnosis, Reading, Verdict
from symprop.errors import SympropError, TextError, UsageError
from symprop.graph import gradient_name, new_name
from symprop.language import read
from symprop.terms import Ref, Term
from symprop.worked.reals import NotEnoughDigits

MOST_FITTING = 3
LEAST_DIGITS = 2  # significant digits that a number needs, unless it is exact
EXACT = Fraction(1, 10**30)


def number_of(answer: Answer) -> Written | None:
    """The number that an answer writes out, where it is nothing else."""
    return written(answer.readings[0].term)


def check_number(
    exercise: Exercise,
    diagnoser: Diagnoser,
    asked: Asked,
    expected: Iterable[Expected],
    number: Written,
    open_: tuple[str, ...],
    digits: int = LEAST_DIGITS,
) -> Verdict:
    """Mark one number at the document's data and initial weights; one of fewer significant `digits` must be the exact value."""
    if asked.shape:
        raise UsageError(f"{asked.text}: one number cannot answer for a whole array; ask for an entry, {asked.text}[1,1]")
    ranges = Ranges(exercise, number.significant, 2 * number.half)
    candidates = [each for each in expected if each.form in open_]
    try:
        admitted = [each for each in candidates if ranges.admits(entry_of(each.block), number)]
        right = sorted(admitted, key=lambda each: _distance(exercise, each, number))
        if right and number.significant < digits and not any(_exactly(exercise, each, number) for each in right):
            return _too_short(asked, right[0], number, digits)
        if right:
            return _right(asked, right[0], number)
        fitting = _fitting(diagnoser, ranges, asked, candidates, number)
    except NotEnoughDigits:
        reason = "so few digits leave open on which side of a kink a value lies"
        return Verdict(asked.text, "undecided", Reading(candidates[0].form, asked.subject), "the number was not judged", reason)
    message = f"the number is outside {_admitted(number)}"
    return Verdict(asked.text, "not correct", Reading(candidates[0].form, asked.subject), message, diagnoses=fitting)


def _admitted(number: Written) -> str:
    digits = "1 significant digit" if number.significant == 1 else f"{number.significant} significant digits"
    return f"what correct rounding of intermediate results to {digits} allows"


def _right(asked: Asked, expected: Expected, number: Written) -> Verdict:
    reading = Reading(expected.form, asked.subject, expected.weights, data="in the document's numbers")
    message = f"{reading.words}, within {_admitted(number)}"
    return Verdict(asked.text, "correct", reading, message, credit=Fraction(1))


def _exactly(exercise: Exercise, expected: Expected, number: Written) -> bool:
    """Whether the number is the value itself: 0.5 needs no further digits where nothing was rounded."""
    return _distance(exercise, expected, number) < EXACT


def _distance(exercise: Exercise, expected: Expected, number: Written) -> Fraction:
    """How far the number is from the value at full precision."""
    low, high = Ranges(exercise, WORKING_DIGITS, Fraction(0)).opened(entry_of(expected.block))
    return abs(number.value - (low + high) / 2)


def _too_short(asked: Asked, expected: Expected, number: Written, digits: int) -> Verdict:
    reading = Reading(expected.form, asked.subject, expected.weights, data="in the document's numbers")
    message = f"the number has too few digits: at least {digits} significant ones are asked for, got {number.significant}"
    sentence = "so few digits do not tell whether the number is right: write more of them"
    return Verdict(asked.text, "not correct", reading, message, diagnoses=(Diagnosis("too few digits", sentence),))


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


def check_table(
    exercise: Exercise, diagnoser: Diagnoser, numbers: Mapping[str, str], digits: int = LEAST_DIGITS
) -> TableVerdict:
    """Mark a table of numbers; a step that is right given the student's own earlier values earns its credit.

    Raises TextError and UsageError for what is no number, and for a quantity that the network does not have.
    """
    return _marked(exercise, diagnoser, [_row(exercise, name, text) for name, text in numbers.items()], digits)


def among(exercise: Exercise, diagnoser: Diagnoser, own: Beside, others: Iterable[Beside], digits: int) -> Verdict | None:
    """The verdict of one number among a student's other ones: with credit where it follows from them, the first wrong step named.

    None where it has no place in a table of steps; of the others, those that cannot be read are passed over.
    """
    rows: dict[str, _Row] = {}
    for each in (*others, own):
        with suppress(SympropError):
            name = _table_name(exercise, each)
            rows[name] = _row(exercise, name, each.answer)
    with suppress(SympropError):
        name = _table_name(exercise, own)
        table = _marked(exercise, diagnoser, list(rows.values()), digits)
        step = next(each for each in table.steps if each.verdict.quantity == name)
        first = "this is the first wrong step" if table.first_wrong == name else f"the first wrong step is {table.first_wrong}"
        said = f"; {first}" if step.verdict.outcome == "not correct" and not step.follows else ""
        return replace(step.verdict, quantity=own.quantity, message=step.verdict.message + said)
    return None


def _table_name(exercise: Exercise, each: Beside) -> str:
    """What the number is called in a table, where w5 is the new weight. Raises UsageError for a step, which has no name there."""
    asked = ask(exercise.vocabulary, each.quantity, each.form or None)
    if asked.quantity not in exercise.network.graph.names("parameter") or asked.name != asked.quantity or not each.form:
        return each.quantity
    if each.form == "step":
        raise UsageError("a step has no name in a table")
    gradient = gradient_name(exercise.network.graph, asked.name)
    return each.quantity.replace(asked.name, gradient, 1) if each.form == "gradient" else each.quantity


def _marked(exercise: Exercise, diagnoser: Diagnoser, rows: list[_Row], digits: int) -> TableVerdict:
    given: dict[str, Written] = {}
    steps: list[StepVerdict] = []
    for row in sorted(rows, key=lambda row: row.place):
        steps.append(_step(exercise, diagnoser, row, given, digits))
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


def _step(exercise: Exercise, diagnoser: Diagnoser, row: _Row, given: Mapping[str, Written], digits: int) -> StepVerdict:
    forms = tuple(dict.fromkeys(each.form for each in row.expected))
    verdict = check_number(exercise, diagnoser, row.asked, row.expected, row.number, forms, digits)
    if verdict.outcome != "not correct" or not given or row.number.significant < digits:
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
