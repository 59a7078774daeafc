"""The column of the function table that says how far a slope in output form falls behind: read by tests alone."""

from __future__ import annotations

from symprop.functions import FUNCTIONS
from symprop.language import Names, read
from symprop.terms import Term


def stable_slope(function: str) -> Term | None:
    """The slope by z in a form that keeps its relative accuracy; None where the textbook form does."""
    texts = FUNCTIONS[function].stable_slopes
    return read(texts[0], Names.of("z", "a")) if texts else None
