"""One marked row, as the journal keeps it and the reports read it.

Input: a row and its verdict or the error that it met. Output: `Result`, and its line of JSON.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from symprop.check.batch.rows import Row
from symprop.check.verdict import Verdict

Status: TypeAlias = Literal["correct", "not correct", "undecided", "malformed"]
STATUSES: tuple[Status, ...] = ("correct", "not correct", "undecided", "malformed")


@dataclass(frozen=True, slots=True)
class Result:
    """What one row got; `score` is out of `points`, None where the marker could not decide (a person then looks)."""

    index: int
    student: str
    quantity: str
    status: Status
    score: float | None
    points: float
    message: str
    mistakes: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    answer: str = ""

    def to_json(self) -> str:
        """One line, keys in a fixed order."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def from_json(line: str) -> Result:
    """The result of a journal's line; ValueError where the line was torn."""
    content = json.loads(line)
    if not isinstance(content, dict):
        raise ValueError("no result")
    try:
        return Result(**{**content, "mistakes": tuple(content["mistakes"]), "feedback": tuple(content["feedback"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"no result: {error}") from error


def result_of(row: Row, verdict: Verdict) -> Result:
    """The row's result from its verdict."""
    score = None if verdict.outcome == "undecided" else float(verdict.credit) * row.points
    mistakes = tuple(diagnosis.mistake for diagnosis in verdict.diagnoses)
    feedback = verdict.feedback
    message = verdict.message if not verdict.reason else f"{verdict.message} ({verdict.reason})"
    return Result(row.index, row.student, row.quantity, verdict.outcome, score, row.points, message, mistakes, feedback, row.answer)


def malformed(row: Row, problem: str) -> Result:
    """The result of an answer that cannot be read: it earns nothing, and says why. A flaw of the row is not the student's."""
    score = None if row.problem else 0.0
    return Result(row.index, row.student, row.quantity, "malformed", score, row.points, problem, answer=row.answer)


def undecided(row: Row, reason: str) -> Result:
    """The result of a row on which the marker stopped; it never counts against the student."""
    return Result(row.index, row.student, row.quantity, "undecided", None, row.points, reason, answer=row.answer)
