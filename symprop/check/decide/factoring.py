"""What the terms of an element share, and what kind of polynomial is left.

Input: elements of a registry. Output: `Factors`, and answers about a factor: a power of 1 + exp(z), 1 - sigmoid(z), or positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb, gcd

from symprop.check.decide.atoms import Atom, Registry
from symprop.check.decide.elements import WIDTH, Element, Monomial, Part


@dataclass(frozen=True, slots=True)
class Factors:
    """element = coefficient * monomial * exp(exponent) * factor; the factor is primitive, its sign and scale settled."""

    coefficient: Fraction
    monomial: Monomial
    exponent: int
    factor: Element


def split(registry: Registry, element: Element) -> Factors:
    """Take out of a non-zero element the coefficient, the monomial and the exponential that its terms share."""
    shift = registry.times(_first_exponent(registry, element), -1)
    common = _common_monomial(registry, element)
    parts = {registry.plus(u, shift): {m - common: c for m, c in part.items()} for u, part in element.parts.items()}
    degree = element.degree + max((abs(e) for _, e in registry.decoded(common)), default=0)
    factor = Element(parts, 1, degree, element.digits)
    content = gcd(*(c for _, _, c in element.items())) * _orientation(registry, factor)
    for part in parts.values():
        for m in part:
            part[m] //= content
    return Factors(Fraction(content, element.den), common, registry.times(shift, -1), factor)


def _orientation(registry: Registry, factor: Element) -> int:
    """The sign that makes the leading coefficient positive; 1 - S is never turned into S - 1."""
    coefficient = registry.leading(factor)[2] if complement(registry, factor) is None else factor.parts[0][0]
    return 1 if coefficient > 0 else -1


def _first_exponent(registry: Registry, element: Element) -> int:
    """The least exponent in an order that adding the same exponent to all of them doesn't change."""
    exponents = list(element.parts)
    first = exponents[0]
    for u in exponents[1:]:
        difference = registry.exponents[registry.plus(u, registry.times(first, -1))]
        if registry.leading(difference)[2] < 0:
            first = u
    return first


def _common_monomial(registry: Registry, element: Element) -> Monomial:
    every = [{atom.position: power for atom, power in registry.decoded(m)} for _, m, _ in element.items()]
    least = every[0]
    for powers in every[1:]:
        least = {at: min(least.get(at, 0), powers.get(at, 0)) for at in least.keys() | powers.keys()}
    return sum(power << (WIDTH * at) for at, power in least.items())


def logistic(registry: Registry, factor: Element) -> tuple[int, int] | None:
    """The number of z and n where the factor is (1 + exp(z))**n, else None."""
    power = len(factor.parts) - 1
    if power < 1 or any(part.keys() != {0} for part in factor.parts.values()):
        return None
    bases = (u for u, part in factor.parts.items() if u and part[0] == power)
    return next(((z, power) for z in bases if factor.parts == _one_plus_to(registry, z, power)), None)


def _one_plus_to(registry: Registry, exponent: int, power: int) -> dict[int, Part]:
    """The parts of (1 + exp(z))**power."""
    return {registry.times(exponent, k): {0: comb(power, k)} for k in range(power + 1)}


def complement(registry: Registry, factor: Element) -> Atom | None:
    """The atom S where the factor is a multiple of 1 - S for a sigmoid S, else None."""
    part = factor.parts.get(0, {})
    values = list(part.values())
    if len(factor) != 2 or len(values) != 2 or 0 not in part or values[0] != -values[1]:
        return None
    atoms = registry.decoded(next(m for m in part if m))
    return atoms[0][0] if len(atoms) == 1 and atoms[0][1] == 1 and atoms[0][0].kind == "sigmoid" else None


def positive(registry: Registry, factor: Element) -> bool:
    """Whether a factor is known to be positive almost everywhere: sums of positive terms, and of bounds 0 < sigmoid(z) < 1."""
    least, strict = 0, False
    for u, m, c in factor.items():
        term = registry.decoded(m)
        if c < 0 and not u and all(atom.kind == "sigmoid" and power > 0 for atom, power in term):
            least, strict = least + c, True  # the term lies between c and 0, or is c
        elif c < 0 or not _nowhere_negative(term):
            return False
        else:
            least += 0 if u or m else c
            strict |= all(atom.kind != "step" for atom, _ in term)
    return strict and least >= 0 and bool(factor.parts)


def _nowhere_negative(term: Iterable[tuple[Atom, int]]) -> bool:
    return all(atom.positive or atom.kind == "step" or (power % 2 == 0 and not atom.uncertain) for atom, power in term)
