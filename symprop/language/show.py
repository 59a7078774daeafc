"""A text error with a caret under the character.

Input: a TextError. Output: three lines: the text (a window of it where it is long), the caret, the message.
"""

from __future__ import annotations

import unicodedata

from symprop.errors import TextError

WINDOW = 76


def show(error: TextError) -> str:
    """The text, `^` under the character that is refused, and the message."""
    start = max(0, min(error.position - WINDOW // 2, len(error.text) - WINDOW))
    end = min(len(error.text), start + WINDOW)
    before, after = "..." if start else "", "..." if end < len(error.text) else ""
    line = before + "".join(_printable(char) for char in error.text[start:end]) + after
    column = len(before) + sum(_width(char) for char in error.text[start : error.position])
    return f"{line}\n{' ' * column}^\n{error.message}"


def _printable(char: str) -> str:
    return char if char.isprintable() else " " if char.isspace() else "\ufffd"


def _width(char: str) -> int:
    """Columns on a terminal."""
    return 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
