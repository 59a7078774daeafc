"""Answers that take some weights as already updated and leave others old, where the document's order has updated them all.

Input: an exercise, what was asked for, and an attempt that is proved wrong. Output: the sentence, where it is proved to be so.
"""

from __future__ import annotations

from collections.abc import Sequence

from symprop.check.asked import Asked
from symprop.check.attempts import Attempt, Judge
from symprop.check.exercise import Exercise, entry_of, listed
from symprop.check.verdict import Diagnosis
from symprop.derive.updates import UpdateStep
from symprop.graph import new_name
from symprop.terms import Ref, Term, names_in, substitute

FORMS = ("step", "new-value")


def mixture(exercise: Exercise, judge: Judge, asked: Asked, attempt: Attempt) -> Diagnosis | None:
    """Which weights the answer takes as already updated, and which others the document's order updates before this one."""
    step = exercise.steps.get(asked.quantity)
    if step is None or not step.already_new or attempt.expected.form not in FORMS or attempt.expected.renewed:
        return None
    used = names_in(attempt.text.term)
    taken = [name for name in step.already_new if new_name(name) in used]
    left = [name for name in step.already_new if name not in taken]
    if not taken or not left or not _proved(exercise, judge, asked, attempt, _mixed(exercise, asked, attempt, step, left)):
        return None
    return Diagnosis("old and updated weights mixed", _sentence(asked, step, taken, left))


def _mixed(exercise: Exercise, asked: Asked, attempt: Attempt, step: UpdateStep, left: Sequence[str]) -> Term:
    """What is right under the document's order, with the old weights in the place of those left old."""
    right = exercise.changed(attempt.expected.form, asked.quantity, step.gradient)
    return substitute(right, {new_name(name): Ref(name) for name in left})


def _proved(exercise: Exercise, judge: Judge, asked: Asked, attempt: Attempt, mixed: Term) -> bool:
    block = exercise.entries(mixed)
    pairs = [(answered, entry_of(block, asked.indices or place)) for place, answered, _ in attempt.pairs()]
    return judge.proves(pairs)


def _sentence(asked: Asked, step: UpdateStep, taken: Sequence[str], left: Sequence[str]) -> str:
    mixed = f"{listed(taken)} {_are(taken)} taken as already updated, but {listed(left)} {_are(left)} not"
    order = f"the document's order updates {listed(step.already_new)} before {asked.quantity}"
    return f"{mixed}: {order}, so take all of them as updated, or all as old"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
