"""The texts of the function table, read once into terms.

Input: a row's name. Output: its definition, slopes and stable forms as terms in its arguments (`z`, `y`) and `a`, its own value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from symprop.functions import FUNCTIONS
from symprop.language import Names, read
from symprop.terms import Mean, Sum, Term, rebuild, typography_of

LETTERS = ("z", "y", "a", "d")  # arguments, the function's value, and the gradient of that value
_DECLARED = {letter: typography_of(letter) for letter in LETTERS}
T = TypeVar("T")


def _read(text: str, rank: int = 2) -> Term | None:
    return read(text, Names(_DECLARED, arrays=dict.fromkeys(LETTERS, rank))) if text else None


@cache
def definition(function: str) -> Term | None:
    """The definition of a function in its arguments; None for a primitive."""
    return _along_last_axis(_read(FUNCTIONS[function].definition))


@cache
def stable(function: str) -> Term | None:
    """The form of a function from which code is emitted, in its arguments; None where the definition serves."""
    return _along_last_axis(_read(FUNCTIONS[function].stable))


def computed(function: str) -> Term | None:
    """The form from which values are computed: the stable one, else the definition; None for a primitive."""
    return stable(function) or definition(function)


@cache
def slope(function: str, argument: int = 0, rank: int = 2) -> Term | None:
    """The textbook form of the slope by one argument, in the arguments and `a`; None where the table has none.

    Along rows it is the gradient that passes back to the argument, in `d`, the gradient of the function's value; `rank` is the
    number of the value's dimensions, the last of which is a row.
    """
    row = FUNCTIONS[function]
    place = 0 if row.variadic else argument
    return _read(row.slopes[place], rank) if place < len(row.slopes) else None


def bound(function: str, arguments: Sequence[T], argument: int = 0) -> dict[str, T]:
    """What the letters of a row's texts stand for in a call; in a variadic row `z` is the argument of that number."""
    if FUNCTIONS[function].variadic:
        return {"z": arguments[argument]}
    return dict(zip(FUNCTIONS[function].arguments, arguments, strict=True))


def _along_last_axis(term: Term | None) -> Term | None:
    """Reductions along rows of the last axis, so that the form serves a single row and a table of rows."""

    def changed(part: Term) -> Term | None:
        if isinstance(part, (Sum, Mean)) and part.axis == 1:
            return replace(part, operand=rebuild(part.operand, changed), axis=-1)
        return None

    return None if term is None else rebuild(term, changed)
