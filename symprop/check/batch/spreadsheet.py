"""CSV as spreadsheets write it: commas, semicolons or tabs, a first line `sep=;`, line breaks inside quotes.

Input: lines of text. Output: a mapping for each record that is not empty. A quotation mark that is never closed costs its own line
alone: the next line begins a record of its own.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from symprop.errors import InputError, suggestion

SEPARATORS = (",", ";", "\t")
FIELD_LIMIT = 200_000  # characters of one cell; the reader refuses far shorter answers with a clear line
MOST_LINES = 50  # of one record
PROBLEM = "\0problem"  # the key of what is wrong with a record


def records(lines: Iterator[str], path: Path, needed: tuple[str, ...]) -> Iterator[Mapping[str, object]]:
    """The records by the names of their columns, in small letters.

    Raises InputError where a `needed` column is missing or stands twice.
    """
    csv.field_size_limit(FIELD_LIMIT)
    separator, names = _heading(lines, needed)
    problems = [f"the column '{name}' is missing{suggestion(name, names)}" for name in needed if name not in names]
    problems += [f"the column '{name}' stands there twice" for name in needed if names.count(name) > 1]
    if problems:
        raise InputError([f"{path}: line 1: {problem}" for problem in problems])
    for cells, problem in _rows(lines, separator):
        if problem or any(cell.strip() for cell in cells):
            yield {**dict(zip(names, cells, strict=False)), PROBLEM: problem}


def _heading(lines: Iterator[str], needed: tuple[str, ...]) -> tuple[str, list[str]]:
    """The separator, said by a line `sep=;` or the one that the columns are named with, and the names."""
    first = next(lines, "")
    said = first.strip()
    if said.lower().startswith("sep=") and len(said) == 5:
        return said[4], _named(next(lines, ""), said[4])
    found = {separator: _named(first, separator) for separator in SEPARATORS}
    separator = max(found, key=lambda each: sum(name in found[each] for name in needed))
    return separator, found[separator]


def _named(line: str, separator: str) -> list[str]:
    return [name.strip().lower() for name in _cells([line], separator)]


def _cells(lines: list[str], separator: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=separator), [])
    except csv.Error:  # a cell beyond the limit
        return []


def _rows(lines: Iterator[str], separator: str) -> Iterator[tuple[list[str], str]]:
    """(cells, what is wrong) of each record."""
    ahead: deque[str] = deque()
    while (first := ahead.popleft() if ahead else next(lines, None)) is not None:
        cells, problem, rest = _record(first, chain(_drained(ahead), lines), separator)
        ahead.extendleft(reversed(rest))
        yield cells, problem


def _drained(ahead: deque[str]) -> Iterator[str]:
    while ahead:
        yield ahead.popleft()


def _record(first: str, more: Iterator[str], separator: str) -> tuple[list[str], str, list[str]]:
    """The cells of the record that begins with a line, what is wrong with it, and the lines behind it that were read already."""
    taken = [first]
    while len(taken) <= MOST_LINES:
        feed = _Feed(taken)
        try:
            return next(csv.reader(feed, delimiter=separator, strict=True), []), "", []
        except csv.Error as error:
            if not feed.exhausted and len(taken) == 1:
                cells = _cells(taken, separator)  # a quotation mark inside a cell is one of its characters
                return cells, "" if cells else f"the line cannot be read: {error}", []
            following = next(more, None) if feed.exhausted else None
        if following is None:
            break
        taken.append(following)
    return _cells(taken[:1], separator), "a quotation mark is opened and never closed", taken[1:]


class _Feed:
    """Lines, and whether more of them were asked for than there are."""

    def __init__(self, lines: list[str]) -> None:
        self._lines, self.exhausted = iter(lines), False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            return line
        self.exhausted = True
        raise StopIteration
