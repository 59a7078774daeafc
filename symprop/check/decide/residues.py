"""The field in which functions are compared, and the fixed points at which they are evaluated.

Input: names and digests. Output: residues modulo `PRIME`, words modulo `ORDER`, rational coordinates; the same on every machine.

`PRIME` = 2*`ORDER` + 1 is a safe prime of 61 bits: the squares form a group of prime order, so that exp(c*u) has a residue for
every rational c, GENERATOR**(c*t) with a word t for u, and exp(u + v) = exp(u)*exp(v) holds among the residues.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

PRIME = 2305843009213691579
ORDER = (PRIME - 1) // 2
GENERATOR = 4  # a square other than 1: it generates the group of the squares
MOST_POINTS = 8  # a digest of 64 bytes holds eight words

Residues: TypeAlias = tuple[int, ...]  # one value for each of the fixed points
_WINDOW = 8


def digest(*parts: str | bytes) -> bytes:
    """64 bytes that name the parts; equal parts, equal bytes, whatever the hash seed."""
    state = blake2b(digest_size=64)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(4, "big") + data)
    return state.digest()


def words(name: bytes, points: int, modulus: int = PRIME) -> Residues:
    """`points` pseudo-random residues that belong to a digest."""
    return tuple(int.from_bytes(name[8 * j : 8 * j + 8], "big") % modulus for j in range(points))


@lru_cache(maxsize=1 << 14)
def coordinate(name: str, point: int) -> Fraction:
    """The rational value of a free variable at a point of the search for a difference; never 0.

    Point 0 is positive in every variable and point 1 negative; the others have signs at random. Sizes are up to 2, from the tenth
    point on up to 16.
    """
    word = int.from_bytes(digest("coordinate", name, str(point))[:8], "big")
    size = Fraction(1 + word % 61, 31) if point < 10 else Fraction(1 + word % 251, (127, 61, 16)[point % 3])
    negative = point == 1 or (point > 1 and (word >> 32) & 1)
    return -size if negative else size


@lru_cache(maxsize=1)
def _powers() -> tuple[tuple[int, ...], ...]:
    """GENERATOR**(d * 2**(8*k)) for each digit d of 8 bits at place k: a power then costs eight products."""
    rows = []
    step = GENERATOR
    for _ in range(8):
        row = [1]
        for _ in range(1 << _WINDOW):
            row.append(row[-1] * step % PRIME)
        rows.append(tuple(row))
        step = row[-1]
    return tuple(rows)


def exponential(exponent: int) -> int:
    """GENERATOR**exponent modulo PRIME, for 0 <= exponent < ORDER."""
    result = 1
    for row in _powers():
        result = result * row[exponent & 0xFF] % PRIME
        exponent >>= _WINDOW
    return result


def reduced(value: Fraction | int, modulus: int = PRIME) -> int:
    """A rational number modulo a prime that doesn't divide its denominator (ZeroDivisionError where it does)."""
    if value.denominator == 1:
        return value.numerator % modulus
    if value.denominator % modulus == 0:
        raise ZeroDivisionError
    return value.numerator * pow(value.denominator, -1, modulus) % modulus


def added(rows: Sequence[Residues]) -> Residues:
    """The sum, point by point."""
    return tuple([sum(column) % PRIME for column in zip(*rows, strict=True)])


def multiplied(left: Residues, right: Residues) -> Residues:
    """The product, point by point."""
    return tuple([a * b % PRIME for a, b in zip(left, right, strict=True)])


def raised(base: Residues, exponent: int) -> Residues:
    """The power, point by point (ZeroDivisionError for a negative power of 0)."""
    if exponent < 0 and 0 in base:
        raise ZeroDivisionError
    return tuple([pow(value, exponent, PRIME) for value in base])


def raised_apart_from_poles(base: Residues, exponent: int) -> tuple[Residues, int]:
    """The power, 0 at its poles, and a bit for each pole."""
    if exponent >= 0 or 0 not in base:
        return raised(base, exponent), 0
    poles = sum(1 << point for point, value in enumerate(base) if not value)
    return tuple([pow(value, exponent, PRIME) if value else 0 for value in base]), poles
