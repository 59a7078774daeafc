"""Reading the tables of a spec: known keys, and values of the kinds that a spec has.

Input: decoded TOML, or the same words from Python. Output: typed values; whatever is wrong goes to the `Problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from symprop.errors import suggestion
from symprop.spec.problems import MISSING, Problems, Unexpected, described

T = TypeVar("T")
D = TypeVar("D")
Reader = Callable[[object], T]


@dataclass(frozen=True)
class Table:
    """One table of a spec: its content, where it stands, and the list that collects its problems."""

    content: Mapping[str, object]
    path: str
    problems: Problems

    def label(self, key: str) -> str:
        """The full key, `training.rate`."""
        return f"{self.path}.{key}" if self.path else key

    def allow(self, *known: str) -> Table:
        """This table after noting every key that is not known here."""
        for key in self.content:
            if key not in known:
                hint = suggestion(key, known)
                self.problems.add(self.label(key), "a key that is known here", f"'{key}'", hint)
                self.problems.settled.update(self.label(name) for name in known if hint == f"; did you mean '{name}'?")
        return self

    def get(self, key: str, read: Reader[T], default: D) -> T | D:
        """The value of a key, or `default` where it is left out or wrong."""
        value = self.content.get(key, MISSING)
        if value is not MISSING:
            with self.problems.at(self.label(key), value):
                return read(value)
        return default

    def need(self, key: str, read: Reader[T], default: D, example: str = "") -> T | D:
        """As `get`, but leaving the key out is a problem, unless a wrong key or table was meant to hold it."""
        if key not in self.content and self.problems.settled & {self.label(key), self.path}:
            return default
        with self.problems.at(self.label(key), self.content.get(key, MISSING), example):
            return read(self.content.get(key, MISSING))
        return default

    def table(self, key: str) -> Table:
        """A table inside this one; empty where it is left out or none."""
        content = self.get(key, a_table, None)
        if content is None and key in self.content:
            self.problems.settled.add(self.label(key))
        return Table(content or {}, self.label(key), self.problems)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables inside this one (`[[claims]]`), numbered from 1."""
        if isinstance(self.content.get(key), Mapping):
            self.problems.add(self.label(key), "a list of tables", "a table", f"; write [[{key}]] above each")
            return ()
        rows = self.get(key, a_list_of(a_table), ())
        return tuple(Table(row, f"{self.label(key)}[{number}]", self.problems) for number, row in enumerate(rows, 1))

    def entries(self, read: Reader[T]) -> dict[str, T]:
        """Every key with its value as read; wrong ones are noted and left out."""
        found: dict[str, T] = {}
        for key, value in self.content.items():
            with self.problems.at(self.label(key), value):
                found[key] = read(value)
        return found


def a_text(value: object) -> str:
    """A text; numbers are not texts, and no page, module or terminal takes control characters."""
    if type(value) is not str:
        raise Unexpected("a text in quotes")
    if control := next((sign for sign in value if ord(sign) < ord(" ") and sign not in "\n\t\r"), ""):
        raise Unexpected("a text without control characters", f"U+{ord(control):04X}")
    return value


def a_flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Unexpected("true or false")
    return value


def a_count(least: int, most: int = 10**15) -> Reader[int]:
    """A whole number from `least` to `most`."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise Unexpected(f"a whole number of at least {least}")
        if value > most:
            raise Unexpected(f"a whole number of at most {most}")
        return value

    return read


def one_of(known: tuple[str, ...]) -> Reader[str]:
    """One of the words in `known`."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            hint = suggestion(value, known) if isinstance(value, str) else ""
            raise Unexpected(f"one of {', '.join(known)}", hint="" if hint.startswith(" (known") else hint)
        return value

    return read


def a_key_of(known: Mapping[str, object], what: str) -> Reader[str]:
    """One of the names in `known`; `what` says in a message what they are."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            raise Unexpected(what, hint=suggestion(str(value), known))
        return value

    return read


def a_table(value: object) -> Mapping[str, object]:
    """A table with texts as keys."""
    if not isinstance(value, Mapping):
        raise Unexpected("a table")
    for key in value:
        if not isinstance(key, str):
            raise Unexpected("a table with texts as keys", f"the key {described(key)}")
    return value


def a_list_of(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list whose members are all read by `read`."""

    def read_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, (list, tuple)):
            raise Unexpected("a list")
        return tuple(_member(read, index, member) for index, member in enumerate(value, 1))

    return read_all


def _member(read: Reader[T], index: int, member: object) -> T:
    try:
        return read(member)
    except Unexpected as refusal:
        got = refusal.got or described(member)
        raise Unexpected(f"a list of which each member is {refusal.expected}", f"{got} at place {index}", refusal.hint) from None


texts = a_list_of(a_text)
