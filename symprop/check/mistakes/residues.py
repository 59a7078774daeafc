"""Arithmetic on fingerprints: sums, products and quotients of residues modulo the comparer's prime.

Input: residues of terms at the comparer's fixed points. Output: residues. Equal functions have equal residues, so that whatever
differs here is different; what agrees here is still to be proved.
"""

from __future__ import annotations

from symprop.check.decide.residues import PRIME, Residues


def plus(left: Residues, right: Residues) -> Residues:
    """left + right."""
    return tuple([(a + b) % PRIME for a, b in zip(left, right, strict=True)])


def minus(left: Residues, right: Residues) -> Residues:
    """left - right."""
    return tuple([(a - b) % PRIME for a, b in zip(left, right, strict=True)])


def times(left: Residues, right: Residues) -> Residues:
    """left * right."""
    return tuple([a * b % PRIME for a, b in zip(left, right, strict=True)])


def over(left: Residues, right: Residues) -> Residues | None:
    """left / right; None where right vanishes at a point."""
    if 0 in right:
        return None
    return tuple([a * pow(b, -1, PRIME) % PRIME for a, b in zip(left, right, strict=True)])


def opposite(value: Residues) -> Residues:
    """-value."""
    return tuple([-a % PRIME for a in value])


def is_zero(value: Residues) -> bool:
    """Whether every residue is 0."""
    return not any(value)
