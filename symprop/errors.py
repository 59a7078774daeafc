"""The errors that symprop raises: one base class, few kinds, one exit code each.

Every message says where, what was expected, what was got, and suggests a repair.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence


class SympropError(Exception):
    """Base of every error that symprop raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 70


class InputError(SympropError):
    """The spec or another input file is wrong or cannot be read (exit code 3).

    `problems` holds every problem found, one line each, so that all of them are reported at once.
    """

    exit_code = 3

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class UsageError(SympropError):
    """The call itself is wrong: an unknown quantity, a malformed answer (exit code 2)."""

    exit_code = 2


SHOWN = 72  # characters around a mistake


class TextError(UsageError):
    """A text that the language's reader refuses; points at the character.

    `text` is what was read, `position` the 0-based offset of the character in it.
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        self.message, self.text, self.position = message, text, position
        super().__init__(f"column {position + 1}: {message}")

    @property
    def pointer(self) -> tuple[str, str]:
        """What stands around the character on one line, and a caret below it."""
        first = max(0, self.position - SHOWN // 2)
        around = self.text[first : first + SHOWN]
        shown = "".join(mark if mark.isprintable() else " " for mark in around)
        return shown, f"{' ' * sum(map(_columns, around[: self.position - first]))}^"


def _columns(mark: str) -> int:
    """The width of a character on a terminal."""
    return 0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1


class UnsupportedError(SympropError):
    """Right input that symprop cannot handle yet, or beyond a stated budget (exit code 3)."""

    exit_code = 3


class MissingToolError(SympropError):
    """An external program or optional package is missing; the message holds the install line (exit code 4)."""

    exit_code = 4


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean 'tanh'?` where a known name is near, else the known names, sorted as given."""
    names = list(known)
    by_letters = {_look(name): name for name in reversed(names)}
    near = difflib.get_close_matches(_look(wrong), by_letters, n=1)
    if near:
        return f"; did you mean '{by_letters[near[0]]}'?"
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f" (known: {listed})" if names else ""


def _look(name: str) -> str:
    """A name as a hurried eye sees it: in small letters, o like 0 and l like 1."""
    return name.lower().replace("o", "0").replace("l", "1")
