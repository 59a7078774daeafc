"""The values of elements: modulo the prime at the fixed points, and in intervals at the real points.

Input: elements of a registry. Output: residues and intervals. exp(u) is GENERATOR to the sum of coefficient * word of each monomial
of u, with a fixed word for each monomial: exp(u + v) = exp(u)*exp(v) holds by construction, for rational multiples too.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.check.decide import intervals
from symprop.check.decide.atoms import Atom, Registry
from symprop.check.decide.elements import WIDTH, Element, Monomial
from symprop.check.decide.intervals import Interval, Undefined, Unenclosed
from symprop.check.decide.residues import (
    ORDER,
    PRIME,
    Residues,
    added,
    coordinate,
    exponential,
    multiplied,
    raised_apart_from_poles,
    reduced,
    words,
)

_SIGN_BITS = 128


def exponential_residues(registry: Registry, exponent: int) -> Residues:
    """exp(exponent) modulo the prime."""
    known: Residues | None = registry.values[exponent]
    if known is None:
        logarithms = [0] * registry.points
        element = registry.exponents[exponent]
        for u, m, c in element.items():
            scale = reduced(Fraction(c, element.den), ORDER)
            for j, word in enumerate(_words(registry, u, m)):
                logarithms[j] += scale * word
        known = tuple([exponential(value % ORDER) for value in logarithms])
        registry.values[exponent] = known
    return known


def _words(registry: Registry, exponent: int, value: Monomial) -> Residues:
    """The word of a monomial at each point; its steps take their values there (x*step(x) is x, or 0)."""
    steps = [atom for atom, _ in registry.decoded(value) if atom.kind == "step"]
    rest = value - sum(1 << (WIDTH * atom.position) for atom in steps)
    found = words(registry.term_name(exponent, rest), registry.points, ORDER)
    for atom in steps:
        found = tuple([word * step for word, step in zip(found, atom_residues(registry, atom), strict=True)])
    return found


def residues(registry: Registry, element: Element) -> Residues:
    """The element modulo the prime; its negative powers of 0 count as 0."""
    scale = reduced(Fraction(1, element.den))
    summands = [(0,) * registry.points]
    for u, m, c in element.items():
        term = (c * scale % PRIME,) * registry.points
        for atom, power in registry.decoded(m):
            term = multiplied(term, raised_apart_from_poles(atom_residues(registry, atom), power)[0])
        summands.append(multiplied(term, exponential_residues(registry, u)) if u else term)
    return added(summands)


def atom_residues(registry: Registry, atom: Atom) -> Residues:
    """An atom modulo the prime; a step has its real values, 0 and 1."""
    if atom.residues is None:
        atom.residues = _atom_residues(registry, atom)
    return atom.residues


def _atom_residues(registry: Registry, atom: Atom) -> Residues:
    if atom.kind == "sigmoid":
        above = exponential_residues(registry, atom.exponent)
        return multiplied(above, raised_apart_from_poles(added((above, (1,) * registry.points)), -1)[0])
    if atom.kind == "step":
        return tuple(step_value(registry, atom, point) for point in range(registry.points))
    if atom.kind == "factor" and atom.body is not None:
        return residues(registry, atom.body)
    return words(atom.digest, registry.points)


def step_value(registry: Registry, atom: Atom, point: int) -> int:
    """A step at a real point; 1 where the sign can't be told, which only guides the search."""
    assert atom.body is not None
    try:
        return int(enclosed(registry, atom.body, point, _SIGN_BITS)[1] > 0)
    except (Undefined, Unenclosed):
        return 1


def enclosed(registry: Registry, element: Element, point: int, bits: int) -> Interval:
    """The element at a real point."""
    summands = [(0, 0)]
    for u, m, c in element.items():
        term = intervals.fixed(Fraction(c, element.den), bits)
        for atom, power in registry.decoded(m):
            term = intervals.times(term, intervals.power(_atom_interval(registry, atom, point, bits), power, bits), bits)
        if u:
            exponent = registry.of_exponent((point, bits), u, lambda inner: enclosed(registry, inner, point, bits))
            above = intervals.exp(exponent, bits)
            term = intervals.times(term, above, bits)
        summands.append(term)
    return intervals.plus(summands)


def _atom_interval(registry: Registry, atom: Atom, point: int, bits: int) -> Interval:
    if (point, bits) not in atom.intervals:
        atom.intervals[point, bits] = _atom_enclosed(registry, atom, point, bits)
    return atom.intervals[point, bits]


def _atom_enclosed(registry: Registry, atom: Atom, point: int, bits: int) -> Interval:
    if atom.kind == "variable":
        return intervals.fixed(coordinate(atom.text, point), bits)
    if atom.body is None:
        raise Unenclosed
    inner = enclosed(registry, atom.body, point, bits)
    if atom.kind == "sigmoid":
        return intervals.sigmoid(inner, bits)
    if atom.kind == "log":
        return intervals.log((max(inner[0], -inner[1]), max(-inner[0], inner[1])), bits)
    if atom.kind == "step":
        return intervals.fixed(Fraction(int(inner[1] > 0)), bits)
    return inner
