"""Linear relations over the rationals.

Input: vectors, as dictionaries from columns to coefficients. Output: which of them are related, and how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias, TypeVar

from symprop.check.decide.elements import Element, Monomial

Vector: TypeAlias = dict[tuple[int, Monomial], Fraction]
Key = TypeVar("Key")


def vector(element: Element) -> Vector:
    """The coefficients of an element by exponential and monomial."""
    return {(u, m): Fraction(c, element.den) for u, m, c in element.items()}


def circuits(vectors: Sequence[Vector]) -> list[dict[int, Fraction]]:
    """A basis of the relations: for each vector that depends on those before it, the coefficients by index."""
    pivots: dict[tuple[int, Monomial], tuple[Vector, dict[int, Fraction]]] = {}
    found: list[dict[int, Fraction]] = []
    for index, row in enumerate(vectors):
        rest, combination = dict(row), {index: Fraction(1)}
        while rest:
            column = next((c for c in rest if c in pivots), None)
            if column is None:
                pivots[next(iter(rest))] = (rest, combination)
                break
            above, made_of = pivots[column]
            scale = rest[column] / above[column]
            rest, combination = _less(rest, above, scale), _less(combination, made_of, scale)
        else:
            found.append(combination)
    return found


def related(vectors: Sequence[Vector]) -> set[int]:
    """The indices of the vectors that take part in some relation."""
    return {index for circuit in circuits(vectors) for index in circuit}


def relation(vectors: Sequence[Vector]) -> list[Fraction] | None:
    """The coefficients of the only relation of the vectors, all of them different from 0; None where there is no such relation."""
    found = circuits(vectors)
    if len(found) != 1 or len(found[0]) != len(vectors):
        return None
    return [found[0][index] for index in range(len(vectors))]


def _less(left: Mapping[Key, Fraction], right: Mapping[Key, Fraction], scale: Fraction) -> dict[Key, Fraction]:
    result = dict(left)
    for key, value in right.items():
        result[key] = result.get(key, Fraction(0)) - scale * value
    return {key: value for key, value in result.items() if value}
