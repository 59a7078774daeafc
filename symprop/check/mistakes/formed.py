"""What a gradient leads to in each form of answer, and what is found out about a wrong one.

Input: a gradient and a form. Output: the answer's term; `Found`: diagnoses, the attempt that they explain, and the convention under
which the answer would be right, where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.check.attempts import Attempt
from symprop.check.verdict import Diagnosis, Form
from symprop.terms import Add, Div, Mul, Neg, Term, negated

STEPPED: tuple[Form, ...] = ("step", "new-value")
CHANGES: dict[Form, str] = {"gradient": "the gradient", "step": "the step", "new-value": "the new value"}


@dataclass(frozen=True)
class Found:
    """The proved diagnoses of an answer; `convention` names the one under which it is right."""

    diagnoses: tuple[Diagnosis, ...] = ()
    attempt: Attempt | None = None
    convention: str = ""


def gradient_part(form: Form, parameter: Term, rate: Term, answered: Term) -> Term:
    """The gradient that an answer of this form implies."""
    if form == "step":
        return Neg(Div(answered, rate))
    return Div(Add((parameter, Neg(answered))), rate) if form == "new-value" else answered


def in_form(form: Form, parameter: Term, rate: Term, gradient: Term) -> Term:
    """The answer of a form that a gradient leads to."""
    step = negated(Mul((rate, gradient)))
    if form == "step":
        return step
    return Add((parameter, step)) if form == "new-value" else gradient
