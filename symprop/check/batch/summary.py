"""What a class got and which mistakes it made.

Input: results, one at a time. Output: counts by verdict, by mistake and by student, as text or plain values for JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from symprop.check.batch.result import STATUSES, Result
from symprop.words import counted

BAR = 40  # characters of the longest bar


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over a class; mistakes are counted once for each answer in which they were proved."""

    answers: int
    statuses: tuple[tuple[str, int], ...]
    mistakes: tuple[tuple[str, int], ...]
    unexplained: int
    repeated: int = 0  # answers beyond the first of one student to one quantity

    def as_json(self) -> dict[str, object]:
        """Plain values in a fixed order."""
        return {
            "answers": self.answers,
            "verdicts": dict(self.statuses),
            "mistakes": dict(self.mistakes),
            "unexplained": self.unexplained,
            "repeated": self.repeated,
        }

    def lines(self) -> tuple[str, ...]:
        """The summary as a text table with bars."""
        counts = [*self.statuses, *self.mistakes, *([("no known mistake fits", self.unexplained)] if self.unexplained else [])]
        width = max((len(name) for name, _ in counts), default=0)
        longest = max((count for _, count in self.mistakes), default=1)
        again = f"  {self.repeated} beyond a student's first to a quantity: each of them counts"
        notes = [again] if self.repeated else []
        shown = [f"  {name.ljust(width)}  {count:>7}" for name, count in self.statuses]
        barred = [f"  {name.ljust(width)}  {count:>7}  {_bar(count, longest)}" for name, count in counts[len(self.statuses) :]]
        return (counted(self.answers, "answer"), *shown, *notes, *(["mistakes"] if barred else []), *barred)


def _bar(count: int, longest: int) -> str:
    return "#" * max(1, round(BAR * min(count, longest) / longest))


def summarise(results: Iterable[Result]) -> Summary:
    """Count a class; ties are ordered by name, so that two runs agree."""
    statuses: Counter[str] = Counter()
    mistakes: Counter[str] = Counter()
    unexplained = repeated = 0
    met: set[tuple[str, str]] = set()
    for result in results:
        repeated += bool(result.student) and (result.student, result.quantity) in met
        met.add((result.student, result.quantity))
        statuses[result.status] += 1
        mistakes.update(set(result.mistakes))
        unexplained += result.status == "not correct" and not result.mistakes and not result.score  # what follows is no mistake
    ordered = tuple(sorted(mistakes.items(), key=lambda item: (-item[1], item[0])))
    verdicts = tuple((name, statuses[name]) for name in STATUSES)
    return Summary(sum(statuses.values()), verdicts, ordered, unexplained, repeated)
