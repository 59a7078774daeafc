"""Answers in numbers.

Input: an exercise and a written number. Output: a verdict, with the mistakes whose value the digits admit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symprop.check.answer import Answer
from symprop.check.asked import Asked
from symprop.check.exercise import Exercise, Expected, entry_of
from symprop.check.fitting import Fitting
from symprop.check.ranges import WORKING_DIGITS, Ranges, Written, written
from symprop.check.verdict import Diagnosis, Reading, Verdict
from symprop.errors import UsageError
from symprop.terms import Ref
from symprop.worked.reals import NotEnoughDigits

LEAST_DIGITS = 2  # significant digits that a number needs, unless it is exact
SHOWN_DIGITS = 10
EXACT = Fraction(1, 10**30)
TOO_SHORT = "too few digits"


def number_of(answer: Answer) -> Written | None:
    """The number that an answer writes out, where it is nothing else."""
    return written(answer.readings[0].term)


def refuse_array(asked: Asked) -> None:
    """Raises UsageError where a whole array is asked for."""
    if asked.shape:
        first = ",".join("1" for _ in asked.shape)
        raise UsageError(f"{asked.text}: one number cannot answer for a whole array; ask for an entry, {asked.text}[{first}]")


def check_number(
    exercise: Exercise,
    fitting: Fitting,
    asked: Asked,
    expected: Iterable[Expected],
    number: Written,
    open_: tuple[str, ...],
    digits: int = LEAST_DIGITS,
    reveal: bool = False,
) -> Verdict:
    """Mark one number at the document's data and initial weights; one of fewer significant `digits` must be the exact value.

    With `reveal` a wrong number is told the right ones.
    """
    refuse_array(asked)
    candidates = [each for each in expected if each.form in open_]
    try:
        ranges, admitted = _admitting(exercise, candidates, number)
    except NotEnoughDigits:
        return _too_short(asked, candidates[0], number, digits) if number.significant < digits else _open(asked, candidates[0])
    right = sorted(admitted, key=lambda each: _distance(exercise, each, number))
    if right and number.significant < digits and not any(_exactly(exercise, each, number) for each in right):
        return _too_short(asked, right[0], number, digits)
    if right and all(_is_old(exercise, asked, each, number) for each in right):
        return _as_before(asked, right[0])
    if right:
        return _right(asked, right[0], number)
    diagnoses: tuple[Diagnosis, ...] = ()
    if number.significant >= LEAST_DIGITS:
        diagnoses = _cut_off(exercise, candidates, number) or fitting.diagnoses(ranges, asked, candidates, number)
    message = f"the number is outside {_admitted(number)}"
    right_ones = "; ".join(_shown(exercise, asked, each) for each in candidates) if reveal else ""
    reading = Reading(candidates[0].form, asked.subject)
    return Verdict(asked.text, "not correct", reading, message, diagnoses=diagnoses, counterexample=right_ones)


def _shown(exercise: Exercise, asked: Asked, expected: Expected) -> str:
    value = float(_exact(exercise, expected))
    return f"{Reading(expected.form, asked.subject, expected.weights).words} is {value:.{SHOWN_DIGITS}g}"


def _admitting(exercise: Exercise, candidates: list[Expected], number: Written) -> tuple[Ranges, list[Expected]]:
    """The forms whose value the number may be, with intermediates rounded to its last place or to its significant digits.

    Where the last place leaves open on which side of a kink a value lies, the significant digits alone decide. Raises
    NotEnoughDigits where these leave it open too.
    """
    try:
        ranges = Ranges(exercise, number.significant, number.unit)
        return ranges, [each for each in candidates if ranges.admits(entry_of(each.block), number)]
    except NotEnoughDigits:
        ranges = Ranges(exercise, number.significant, Fraction(0))
        return ranges, [each for each in candidates if ranges.admits(entry_of(each.block), number)]


def _open(asked: Asked, expected: Expected) -> Verdict:
    reason = "its digits leave open on which side of a kink a value lies"
    return Verdict(asked.text, "undecided", Reading(expected.form, asked.subject), "the number was not judged", reason)


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
    return abs(number.value - _exact(exercise, expected))


def _exact(exercise: Exercise, expected: Expected) -> Fraction:
    """The value at full precision."""
    low, high = Ranges(exercise, WORKING_DIGITS, Fraction(0)).opened(entry_of(expected.block))
    return (low + high) / 2


def _cut_off(exercise: Exercise, candidates: list[Expected], number: Written) -> tuple[Diagnosis, ...]:
    """0.149 for 0.14978: the right value, its further digits left out."""
    unit = 2 * number.half
    exact = (_exact(exercise, each) for each in candidates)
    if unit and any(abs(value) // unit * unit == abs(number.value) for value in exact if value * number.value > 0):
        return (Diagnosis("cut off", "the digits are cut off where they should be rounded"),)
    return ()


def _is_old(exercise: Exercise, asked: Asked, expected: Expected, number: Written) -> bool:
    """Whether a new value is written so short that it is the old one just as well."""
    if expected.form != "new-value" or _exactly(exercise, expected, number):
        return False
    symbol = entry_of(exercise.entries(Ref(asked.quantity)), asked.indices or ())
    old = exercise.initial.get(symbol.name) if isinstance(symbol, Ref) else None
    return old is not None and abs(old.value - number.value) <= number.half


def _as_before(asked: Asked, expected: Expected) -> Verdict:
    reading = Reading(expected.form, asked.subject, expected.weights, data="in the document's numbers")
    message = "the number has too few digits: rounded so, the new value is the old one"
    sentence = "so few digits do not tell whether a step was made: write more of them"
    return Verdict(asked.text, "not correct", reading, message, diagnoses=(Diagnosis(TOO_SHORT, sentence),))


def _too_short(asked: Asked, expected: Expected, number: Written, digits: int) -> Verdict:
    reading = Reading(expected.form, asked.subject, expected.weights, data="in the document's numbers")
    message = f"the number has too few digits: at least {digits} significant ones are asked for, got {number.significant}"
    sentence = "so few digits do not tell whether the number is right: write more of them"
    return Verdict(asked.text, "not correct", reading, message, diagnoses=(Diagnosis(TOO_SHORT, sentence),))
