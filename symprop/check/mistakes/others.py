"""The right gradient of something else than what is asked for, or a value that is none.

Input: an exercise, its catalogue, what was asked for, and an attempt that is proved wrong. Output: `Found`.
"""

from __future__ import annotations

from symprop.check.asked import Asked
from symprop.check.attempts import Attempt, Judge
from symprop.check.exercise import Exercise, entry_of
from symprop.check.mistakes.formed import CHANGES, Found, gradient_part, in_form
from symprop.check.mistakes.search import Catalogue
from symprop.check.mistakes.words import Words
from symprop.check.verdict import Diagnosis
from symprop.terms import Ref


def other_gradient(
    exercise: Exercise, judge: Judge, catalogue: Catalogue, words: Words, asked: Asked, attempt: Attempt
) -> Found:
    """The right gradient, step or new value, but with the gradient of another quantity, or with a value in its place."""
    own, seen = entry_of(exercise.entries(Ref(asked.quantity)), asked.indices or ()), catalogue.seen(None)
    form, pairs = attempt.expected.form, list(attempt.pairs())
    if attempt.substituted or form not in CHANGES or len(pairs) > 1 or not isinstance(own, Ref) or own.name not in seen.links.of:
        return Found()
    answered = pairs[0][1]
    residues = judge.fingerprint(gradient_part(form, own, exercise.rate, answered))
    for name in () if residues is None else seen.table.names.get(residues, ()):
        other = seen.links.gradient_of.get(name)
        if other != own.name and judge.proves([(answered, in_form(form, own, exercise.rate, Ref(name)))]):
            return Found((_diagnosis(words, own.name, other, name),), attempt)
    return Found()


def _diagnosis(words: Words, own: str, other: str | None, name: str) -> Diagnosis:
    shown = words.shown(own)
    if other is None:
        return Diagnosis("value for gradient", f"{words.thing(name)} stands where the gradient of {shown} belongs")
    return Diagnosis("gradient of another quantity", f"the gradient of {words.shown(other)} is used, not that of {shown}")
