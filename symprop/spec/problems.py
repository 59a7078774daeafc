"""Collecting every problem of a spec, so that all of them are reported at once.

Input: key, expectation and what was got. Output: one line each, `file: key: expected ..., got ...; did you mean ...`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from symprop.errors import InputError, TextError, suggestion
from symprop.terms import Number

MISSING = object()
LONGEST_QUOTE = 60


class Unexpected(Exception):
    """A value that a reader refuses; `expected` says what it wanted, `got` what it saw where the value alone would not say it."""

    def __init__(self, expected: str, got: str = "", hint: str = "") -> None:
        self.expected, self.got, self.hint = expected, got, hint
        super().__init__(expected)


@dataclass
class Problems:
    """The problems found so far in the spec from `source`."""

    source: str
    lines: list[str] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)  # keys of which all is said: what is missing inside them is not told too

    def add(self, key: str, expected: str, got: str, hint: str = "") -> None:
        """Note one problem at `key`."""
        self.note(key, f"expected {expected}, got {got}{hint}")

    def note(self, key: str, message: str) -> None:
        """Note one problem in words of its own; the same line is kept once."""
        line = f"{self.source}: {key}: {message}"
        if line not in self.lines:
            self.lines.append(line)

    @contextmanager
    def at(self, key: str, value: object = MISSING, example: str = "") -> Iterator[None]:
        """Turn a refusal inside the block into a problem at `key`; a missing value is told with the example of one."""
        hint = f"; write e.g. {example}" if example and value is MISSING else ""
        try:
            yield
        except Unexpected as refusal:
            self.add(key, refusal.expected, refusal.got or described(value), refusal.hint or hint)
        except TextError as refusal:
            self.note(key, f"{refusal} in '{quoted(refusal.text)}'")
        except InputError as refusal:
            for problem in refusal.problems:
                self.note(key, problem)

    def raise_any(self) -> None:
        """Raise one `InputError` with a line for each problem, if there is any."""
        if self.lines:
            raise InputError(self.lines)


def quoted(text: str) -> str:
    """A text on one line, printable and cut to a readable length."""
    plain = "".join(character if character.isprintable() else "?" for character in text)
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 3] + "..."


def meant(wrong: str, known: Iterable[str], other_names: Mapping[str, tuple[str, ...]]) -> str:
    """The hint at a known name: by another name of it or by its letters, else all of them."""
    word = wrong.strip().lower().replace("-", "_").replace(" ", "_")
    found = next((name for name, others in other_names.items() if word in others), None)
    return suggestion(wrong, known) if found is None else f"; did you mean '{found}'?"


def described(value: object) -> str:
    """What was got, in a few words: `nothing`, `'tahn'`, `a table`, `a list of 3`, `2.5`."""
    if value is MISSING or value is None:
        return "nothing"
    if isinstance(value, Number):
        return quoted(value.text)
    if isinstance(value, str) and type(value) is str:
        return f"'{quoted(value)}'"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))
