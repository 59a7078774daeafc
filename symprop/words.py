"""How a count is said.

Input: a number and the noun for one of what is counted. Output: both, `1 claim` or `3 claims`.
"""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """The number and the noun, which takes an s for any number but one; the last word of several is the noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
