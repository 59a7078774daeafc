"""The places inside a contribution where one factor or summand could be another.

Input: a contribution. Output: its linear places: each a part of the term and the same term with that part replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from symprop.terms import Add, Div, Mul, Neg, Term, children, with_child


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A part that stands linearly in the whole; `put` gives the whole with something else in its place."""

    part: Term
    put: Callable[[Term], Term]
    parent: Term | None = None


def occurrences(term: Term) -> Iterator[Occurrence]:
    """The linear places of a term, the whole first, then inwards from left to right."""
    yield from _below(Occurrence(term, _itself))


def _itself(new: Term) -> Term:
    return new


def _below(place: Occurrence) -> Iterator[Occurrence]:
    yield place
    term = place.part
    count = 1 if isinstance(term, Div) else len(children(term)) if isinstance(term, (Add, Mul, Neg)) else 0
    for index in range(count):
        put = partial(_put, place, index)
        yield from _below(Occurrence(children(term)[index], put, term))


def _put(place: Occurrence, index: int, new: Term) -> Term:
    return place.put(with_child(place.part, index, new))
