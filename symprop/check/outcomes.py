"""Verdicts of answers that are right, undecided, or defined nowhere.

Input: what was asked for, and attempts that are decided. Output: a `Verdict`.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.check.asked import Asked
from symprop.check.attempts import Attempt, Judged
from symprop.check.verdict import Diagnosis, Reading, Verdict


def told(judged: Judged, asked: Asked) -> str:
    """The form that an answer was held against, in words."""
    return Reading(judged.attempt.expected.form, asked.subject).words


def reading_of(asked: Asked, attempt: Attempt, data: str = "") -> Reading:
    """How an attempt was read."""
    return Reading(attempt.expected.form, asked.subject, attempt.expected.weights, attempt.text.description, data)


def right(asked: Asked, proved: list[Judged], reveal: bool, data: str = "") -> Verdict:
    """The verdict of a right answer: every set of weights with which it is right is named."""
    first = proved[0].attempt
    same = [each.attempt for each in proved if each.attempt.expected.form == first.expected.form]
    weights = dict.fromkeys(attempt.expected.weights or "with the old weights" for attempt in same)
    sequential = len(weights) > 1 or any(attempt.expected.renewed for attempt in same)
    said = ", and equally ".join(weights) if sequential else ""
    reading = Reading(first.expected.form, asked.subject, said, first.text.description, data)
    certificate = proved[0].decision.certificate
    shown = f"certificate: {certificate}" if reveal and certificate is not None else ""
    return Verdict(asked.text, "correct", reading, reading.words, credit=Fraction(1), certificate=shown)


def undefined(asked: Asked, judged: Judged) -> Verdict:
    """The verdict of an answer that is defined nowhere."""
    sentence = "it divides by zero, or takes the logarithm of zero, whatever the numbers are"
    reading = reading_of(asked, judged.attempt)
    message = "the answer is proved to be defined nowhere"
    return Verdict(asked.text, "not correct", reading, message, diagnoses=(Diagnosis("defined nowhere", sentence),))


def undecided(asked: Asked, judged: Judged) -> Verdict:
    """The verdict of an answer that is proved neither right nor wrong."""
    reading = reading_of(asked, judged.attempt)
    message = f"read as {reading.words}, proved neither right nor wrong; it does not count against the student"
    return Verdict(asked.text, "undecided", reading, message, judged.decision.reason)
