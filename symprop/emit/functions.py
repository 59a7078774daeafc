"""The functions of the table as emitted code knows them: the stable form where a row has one, else the definition.

Input: terms. Output: terms without functions that a target must be told about, and the names of those that it must.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from symprop.algebra.rows import bound, computed, definition
from symprop.functions import FUNCTIONS
from symprop.terms import Apply, Term, rebuild, substitute, subterms


def form(function: str) -> Term | None:
    """The term in the row's arguments from which a function's code is written; None for a primitive.

    A definition that goes to its limit is kept: it costs one exp instead of two, gives the digits that the documents print, and
    a complex step passes through it.
    """
    return definition(function) if FUNCTIONS[function].to_the_limit else computed(function)


def without_identity(term: Term) -> Term:
    """identity(x) written as x."""

    def replace(part: Term) -> Term | None:
        return without_identity(part.arguments[0]) if isinstance(part, Apply) and part.function == "identity" else None

    return rebuild(term, replace)


def inlined(term: Term) -> Term:
    """Every function with a form written out in its arguments, so that primitives alone are left."""

    def replace(part: Term) -> Term | None:
        if not isinstance(part, Apply) or (written := form(part.function)) is None:
            return None
        return inlined(substitute(written, bound(part.function, part.arguments)))

    return rebuild(term, replace)


def functions_in(terms: Iterable[Term], whole: Container[str] = ()) -> tuple[str, ...]:
    """The functions called, and those inside their forms, in the table's order; those in `whole` call no others."""
    found: set[str] = set()
    pending = [name for term in terms for name in called(term)]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            written = None if name in whole else form(name)
            pending.extend(called(written) if written else ())
    return tuple(name for name in FUNCTIONS if name in found)


def called(term: Term) -> tuple[str, ...]:
    """The functions that a term itself calls."""
    return tuple(part.function for part in subterms(term) if isinstance(part, Apply))
