"""Sign cases: an element with every combination of its steps' values put in.

Input: an element of a ring. Output: the cases, the element in a case, and whether a case can't occur: some combination with
positive coefficients of the steps' arguments, and of terms known to be positive, would have to be positive but is zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from symprop.check.decide.atoms import Atom
from symprop.check.decide.elements import ONE, Element, monomial, rational, scaled
from symprop.check.decide.factoring import positive
from symprop.check.decide.functions import Functions
from symprop.check.decide.relations import Vector, relation, vector

_LARGEST_RELATION = 4

Case = Mapping[int, int]  # the value of each step, by its position


def steps_in(ring: Functions, element: Element) -> list[Atom]:
    """The steps of an element, of its exponents and of the bodies of its atoms, by position."""
    found: dict[int, Atom] = {}
    met: set[int] = set()  # exponents
    pending = [element]
    while pending:
        current = pending.pop()
        pending.extend(ring.registry.exponents[u] for u in current.parts.keys() - met if u)
        met.update(current.parts)
        for atom in {a.position: a for _, m, _ in current.items() for a, _ in ring.registry.decoded(m)}.values():
            if atom.position not in found and atom.body is not None:
                pending.append(atom.body)
                found[atom.position] = atom
    return [found[position] for position in sorted(found) if found[position].kind == "step"]


def at_case(ring: Functions, element: Element, case: Case, known: dict[int | Atom, Element] | None = None) -> Element:
    """The element with the values of steps put in (ZeroDivisionError where it isn't defined then).

    `known` are the exponents and atoms in which that is done: they may stand in many places.
    """
    known = {} if known is None else known
    summands = []
    for u, m, c in element.items():
        atoms = ring.registry.decoded(m)
        if any(case.get(atom.position) == 0 for atom, _ in atoms):
            continue  # a root of 0 is 0, although it is written with a logarithm
        for atom in (atom for atom, _ in atoms if atom not in known):
            known[atom] = _atom_at_case(ring, atom, case, known)
        factors = [ring.power(known[atom], power) for atom, power in atoms]
        if u and u not in known:
            known[u] = ring.exp(at_case(ring, ring.registry.exponents[u], case, known))
        factors += [known[u]] if u else []
        summands.append(scaled(ring.product(factors), Fraction(c, element.den)))
    return ring.add(summands)


def _atom_at_case(ring: Functions, atom: Atom, case: Case, known: dict[int | Atom, Element]) -> Element:
    if atom.body is None:
        return monomial(atom.position)
    if atom.position in case:
        return rational(case[atom.position])
    body = at_case(ring, atom.body, case, known)
    return {"sigmoid": ring.sigmoid, "log": ring.log_of_size, "step": ring.step}.get(atom.kind, lambda value: value)(body)


def cases(ring: Functions, element: Element) -> list[Case] | None:
    """All combinations of the values of the element's steps; None where there are none or too many."""
    steps = steps_in(ring, element)
    if not steps or 1 << len(steps) > ring.budget.cells:
        return None
    return [dict(zip((step.position for step in steps), values, strict=True)) for values in product((1, 0), repeat=len(steps))]


def impossible(ring: Functions, case: Case) -> bool:
    """Whether the case is proved to occur nowhere, or only on a set without inner points."""
    strict: list[Vector] = []
    weak: list[Vector] = []
    for position, value in case.items():
        body = at_case(ring, ring.registry.atoms[position].body or ONE, case)
        constant = body.constant()
        if constant is None:
            positive = value == 1 or ring.certain(body)
            (strict if positive else weak).append(vector(scaled(body, 1 if value else -1)))
        elif (constant > 0) != (value == 1):
            return True
    strict += _positive_terms(ring, [*strict, *weak])
    return _contradiction(ring, strict, weak)


def _positive_terms(ring: Functions, vectors: Sequence[Vector]) -> list[Vector]:
    """The terms of some vectors that are known to be positive, each as a vector, and the number 1."""
    columns = {column for each in vectors for column in each} | {(0, 0)}
    terms = [(column, Element({column[0]: {column[1]: 1}})) for column in sorted(columns)]
    return [{column: Fraction(1)} for column, term in terms if positive(ring.registry, term)]


def _contradiction(ring: Functions, strict: Sequence[Vector], weak: Sequence[Vector]) -> bool:
    """Whether some combination with positive coefficients is zero; the strict vectors are positive, the weak ones not negative."""
    for size in range(2, _LARGEST_RELATION + 1):
        for chosen in combinations([*strict, *weak], size):
            ring.meter.spend(4 * size)
            found = relation(chosen) if chosen[0] in strict else None
            if found is not None and (min(found) > 0 or max(found) < 0):
                return True
    return False
