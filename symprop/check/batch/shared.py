"""Equal rows: marked once, whoever wrote them, with a memory of what was found that stays bounded.

Input: rows, and results of those that were marked. Output: results of all rows; `Places` keeps them in the rows' order.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from symprop.check.batch.result import Result
from symprop.check.batch.rows import Row

REMEMBERED = 50_000  # answers whose results are kept: about 30 MB, less than one worker
LONGEST = 2_000  # characters of a result that is kept

Key = bytes


def key_of(row: Row) -> Key:
    """What rows have in common that get the same result, apart from points."""
    parts = (row.sheet, row.quantity, row.answer, row.as_, row.beside, row.problem)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=24).digest()


def for_row(row: Row, found: Result) -> Result:
    """A result for 1 point as that of this row."""
    score = None if found.score is None else found.score * row.points
    return replace(found, index=row.index, student=row.student, answer=row.answer, score=score, points=row.points)


class Remembered:
    """The results of the answers met last, for 1 point each."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[Key, Result] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, key: Key) -> Result | None:
        """The result of an answer met before."""
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def keep(self, key: Key, result: Result) -> None:
        """Remember a result; sentences that many results share are held once."""
        if len(result.message) + sum(map(len, result.feedback)) > LONGEST:
            return
        feedback = tuple(map(sys.intern, result.feedback))
        message, mistakes = sys.intern(result.message), tuple(map(sys.intern, result.mistakes))
        self._known[key] = replace(result, student="", answer="", message=message, mistakes=mistakes, feedback=feedback)
        if len(self._known) > self._most:
            self._known.popitem(last=False)


@dataclass(slots=True)
class _Place:
    row: Row
    result: Result | None = None


class Places:
    """Rows in their order, each with its result or waiting for it; `settle` gives a result to every row that waits for it."""

    def __init__(self) -> None:
        self._places: deque[_Place] = deque()
        self._waiting: dict[Key, list[_Place]] = {}
        self._remembered = Remembered()

    def __len__(self) -> int:
        return len(self._places)

    def take(self, row: Row) -> bool:
        """Append a row; whether it must be marked, since no equal one was or is about to be."""
        key, place = key_of(row), _Place(row)
        self._places.append(place)
        known = self._remembered.find(key)
        if known is not None:
            place.result = for_row(row, known)
            return False
        self._waiting.setdefault(key, []).append(place)
        return len(self._waiting[key]) == 1

    def settle(self, row: Row, result: Result) -> None:
        """The result, for 1 point, of a row that had to be marked."""
        key = key_of(row)
        self._remembered.keep(key, result)
        for place in self._waiting.pop(key):
            place.result = for_row(place.row, result)

    def ready(self) -> Iterator[Result]:
        """The results of the first rows, up to one that is still waiting; they are handed on once."""
        while self._places and (result := self._places[0].result) is not None:
            self._places.popleft()
            yield result
