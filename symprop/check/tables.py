"""Tables of numbers: steps with credit for what follows from the student's own earlier values.

Input: an exercise and numbers by the names of their steps. Output: `TableVerdict`: the verdicts, the first wrong step, the credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from symprop.check.asked import Asked, ask
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.fitting import Fitting
from symprop.check.numbers import LEAST_DIGITS, TOO_SHORT, check_number, refuse_array
from symprop.check.ranges import Ranges, Written, written
from symprop.check.verdict import EXIT_CODES, Beside, Verdict
from symprop.errors import SympropError, TextError, UsageError
from symprop.graph import gradient_name, new_name
from symprop.language import read
from symprop.terms import Ref
from symprop.worked.reals import NotEnoughDigits


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One step of a table; `follows` says that it is right given the student's own earlier values."""

    verdict: Verdict
    follows: bool = False


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """A table of steps: the verdicts in the order of the derivation, the first wrong step, and the credit earned of 1.

    Undecided steps are left out of the credit.
    """

    steps: tuple[StepVerdict, ...]
    first_wrong: str
    credit: Fraction

    @property
    def correct(self) -> bool:
        """Whether every step is right."""
        return all(step.verdict.correct for step in self.steps)

    @property
    def exit_code(self) -> int:
        """0 where every step is right, 5 where nothing is wrong but a step is undecided, else 1."""
        return EXIT_CODES["correct" if self.correct else "not correct" if self.first_wrong else "undecided"]

    def lines(self) -> tuple[str, ...]:
        """The table as a tutor would write it."""
        shown = [f"{each.verdict.quantity}: {line}" for each in self.steps for line in each.verdict.lines()]
        first = (f"the first wrong step is {self.first_wrong}",) if self.first_wrong else ()
        return (*shown, *first, f"credit: {float(self.credit):.4g} of 1")


def check_table(
    exercise: Exercise, fitting: Fitting, numbers: Mapping[str, str], digits: int = LEAST_DIGITS
) -> TableVerdict:
    """Mark a table of numbers; a step that is right given the student's own earlier values earns its credit.

    Raises TextError and UsageError for what is no number, for a whole array, and for a quantity that the network does not have.
    """
    return _marked(exercise, fitting, [_row(exercise, name, text) for name, text in numbers.items()], digits)


def among(exercise: Exercise, fitting: Fitting, own: Beside, others: Iterable[Beside], digits: int) -> Verdict | None:
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
        table = _marked(exercise, fitting, list(rows.values()), digits)
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


def _marked(exercise: Exercise, fitting: Fitting, rows: list[_Row], digits: int) -> TableVerdict:
    given: dict[str, Written] = {}
    steps: list[StepVerdict] = []
    for row in sorted(rows, key=lambda row: row.place):
        steps.append(_step(exercise, fitting, row, given, digits))
        given[row.defines] = row.number
    wrong = [each.verdict.quantity for each in steps if each.verdict.outcome == "not correct" and not each.follows]
    decided = [each for each in steps if each.verdict.outcome != "undecided"]
    return TableVerdict(tuple(steps), wrong[0] if wrong else "", Fraction(len(decided) - len(wrong), max(1, len(decided))))


@dataclass(frozen=True)
class _Row:
    asked: Asked
    expected: tuple[Expected, ...]
    number: Written
    defines: str
    place: int


def _row(exercise: Exercise, name: str, text: str) -> _Row:
    asked = ask(exercise.vocabulary, name)
    refuse_array(asked)
    number = written(read(text, exercise.vocabulary.names, "auto"))
    if number is None:
        raise TextError(f"{name}: expected a number; a formula is marked by itself", text, 0)
    parameter = asked.quantity == asked.name and asked.quantity in exercise.network.graph.names("parameter")
    # in a table the name is the value itself: w5 the new weight, out_o1 the output, dE_dw5 the gradient
    is_new = parameter or asked.name in exercise.vocabulary.renewed
    taken = "new-value" if is_new else "gradient" if asked.name in exercise.vocabulary.gradients else "value"
    expected = tuple(each for each in exercise.expected(asked) if each.form == taken)
    symbol = entry_of(exercise.entries(Ref(new_name(asked.name) if parameter else asked.name)), asked.indices or ())
    defines = symbol.name if isinstance(symbol, Ref) else asked.name
    return _Row(asked, expected, number, defines, list(exercise.definitions).index(defines))


def _step(exercise: Exercise, fitting: Fitting, row: _Row, given: Mapping[str, Written], digits: int) -> StepVerdict:
    forms = tuple(dict.fromkeys(each.form for each in row.expected))
    verdict = check_number(exercise, fitting, row.asked, row.expected, row.number, forms, digits)
    too_short = any(each.mistake == TOO_SHORT for each in verdict.diagnoses)
    if verdict.outcome != "not correct" or not given or too_short or row.number.significant < digits:
        return StepVerdict(verdict)
    own = {name: number.range for name, number in given.items()}
    ranges = Ranges(exercise, row.number.significant, row.number.unit, own)
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
