"""The texts of the function table, read once into terms.

Input: a row's name. Output: its definition or slope as a term in `z` (the argument) and `a` (the function's own output).
"""

from __future__ import annotations

from functools import cache

from symprop.functions import FUNCTIONS
from symprop.language import Names, read
from symprop.terms import Term, typography_of

_LETTERS = Names(declared={name: typography_of(name) for name in ("z", "a")})


@cache
def definition(function: str) -> Term | None:
    """The definition of a function in `z`; None for a primitive."""
    row = FUNCTIONS[function]
    return read(row.definition, _LETTERS) if row.definition else None


@cache
def slope(function: str) -> Term | None:
    """The textbook form of a function's slope, in `z` and `a`; None where the table has none."""
    row = FUNCTIONS[function]
    return read(row.slope, _LETTERS) if row.slope else None
