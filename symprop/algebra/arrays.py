"""SymPy expressions in the shape of an array.

Input: an object array of scalar terms and a converter. Output: a SymPy expression, Matrix or Array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from symprop.terms import Term

MATRIX = 2  # dimensions


def arranged(terms: Any, convert: Callable[[Term], Any]) -> Any:
    """Each term converted: one expression for shape (), an immutable Matrix for two dimensions, else an immutable Array."""
    made = [convert(term) for term in terms.flat]
    if not terms.shape:
        return made[0]
    if len(terms.shape) == MATRIX:
        return sympy.ImmutableMatrix(*terms.shape, made)
    return sympy.ImmutableDenseNDimArray(made, terms.shape)
