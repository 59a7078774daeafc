"""What a marked answer gets: a verdict, the reading that was taken, and what a tutor would say.

Input: made by the marker. Output: frozen values that print, and that become JSON for other graders.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["correct", "not correct", "undecided"]
Form: TypeAlias = Literal["gradient", "step", "new-value", "value"]

EXIT_CODES: dict[str, int] = {"correct": 0, "not correct": 1, "undecided": 5}
FORM_WORDS: dict[str, str] = {
    "gradient": "the gradient of {0}",
    "step": "the step of {0}",
    "new-value": "the new value of {0}",
    "value": "the value of {0}",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One proved explanation of a wrong answer: the row of the catalogue, the sentence, and the formula kept for `reveal`."""

    mistake: str
    sentence: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the answer was read: as which form, with which weights, and which reading of an ambiguous text."""

    form: Form
    subject: str
    weights: str = ""
    text: str = ""
    data: str = ""

    @property
    def words(self) -> str:
        """The reading in words: `the new value of w0, with w1 and w2 already updated`."""
        parts = [FORM_WORDS[self.form].format(self.subject), self.weights, self.text, self.data]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Beside:
    """A number that a student gave for a quantity, in a form (empty: not said)."""

    quantity: str
    form: str
    answer: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one answer; `certificate` and `counterexample` are empty unless they were asked for (`reveal`).

    `credit` is the part of the full mark earned, 1 or 0 for a single expression; undecided never counts against the student.
    """

    quantity: str
    outcome: Outcome
    reading: Reading
    message: str
    reason: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    credit: Fraction = Fraction(0)
    certificate: str = ""
    counterexample: str = ""

    @property
    def correct(self) -> bool:
        """Whether the answer was proved right."""
        return self.outcome == "correct"

    @property
    def exit_code(self) -> int:
        """0 correct, 1 not correct, 5 undecided."""
        return EXIT_CODES[self.outcome]

    def lines(self) -> tuple[str, ...]:
        """The verdict as a tutor would write it, one thought a line."""
        reason = f"reason: {self.reason}" if self.reason else ""
        head, feedback = f"{self.outcome}: {self.message}", self.feedback
        told = len(self.diagnoses)
        return tuple(line for line in (head, *feedback[:told], reason, *feedback[told:]) if line)

    @property
    def feedback(self) -> tuple[str, ...]:
        """The diagnoses, and with `reveal` their formulas, the certificate and the counterexample."""
        sentences = [f"{diagnosis.sentence}{_kept(diagnosis.formula)}" for diagnosis in self.diagnoses]
        return tuple(filter(None, (*sentences, self.certificate, self.counterexample)))

    def as_json(self) -> dict[str, object]:
        """Plain values, in a fixed order, for JSON."""
        return {
            "quantity": self.quantity,
            "verdict": self.outcome,
            "form": self.reading.form,
            "reading": self.reading.words,
            "message": self.message,
            "reason": self.reason,
            "diagnoses": [_plain(diagnosis) for diagnosis in self.diagnoses],
            "credit": float(self.credit),
            "certificate": self.certificate,
            "counterexample": self.counterexample,
        }

    def __str__(self) -> str:
        return "\n".join(self.lines())


def _kept(formula: str) -> str:
    return f" [{formula}]" if formula else ""


def _plain(diagnosis: Diagnosis) -> dict[str, str]:
    return {"mistake": diagnosis.mistake, "sentence": diagnosis.sentence, "formula": diagnosis.formula}
