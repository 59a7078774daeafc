"""The exact test whether an element is the zero function, by clearing the atoms that hide relations.

Input: an element of a ring. Output: yes or no, and what the proof used.

Factors are cleared outermost first: multiplying by f**k turns the atom's negative powers into polynomials. Then the sigmoids
whose exponents are linearly dependent over the rationals (with one another or with an exponential's exponent) are replaced by
E/(1 + E) and the denominators multiplied out; distinct exponents now mean independent exponentials, so that the element is zero
exactly if no term is left. The sigmoids of independent exponents stay: they are as free as their exponentials.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symprop.check.decide.atoms import Atom
from symprop.check.decide.cells import Case, at_case, cases, impossible, steps_in
from symprop.check.decide.elements import ONE, WIDTH, Element
from symprop.check.decide.functions import Functions
from symprop.check.decide.relations import related, vector


@dataclass
class Proof:
    """What a zero test used: the most monomials that stood in the numerator, and the atoms cleared."""

    monomials: int = 0
    cleared: list[Atom] = field(default_factory=list)


def vanishes(ring: Functions, element: Element, proof: Proof) -> bool:
    """Whether the element is zero wherever it is defined; fills in the proof.

    Raises:
        Exhausted: the budget is used up.
        ZeroDivisionError: it is defined nowhere.
    """
    element = _assuming(ring, ring.settled(element))
    if _cancels(ring, element, proof):
        return True
    possible = cases(ring, element) or []
    return bool(possible) and all(_cancels_at(ring, element, case, proof) for case in possible)


def _assuming(ring: Functions, element: Element) -> Element:
    """The element with every step whose sign a logarithm's domain settles replaced by its value."""
    steps = steps_in(ring, element) if ring.assumed else []
    settled = {step.position: ring.assumed.get(step.body.key()) for step in steps if step.body is not None}
    case = {position: int(sign > 0) for position, sign in settled.items() if sign is not None}
    return at_case(ring, element, case) if case else element


def _cancels_at(ring: Functions, element: Element, case: Case, proof: Proof) -> bool:
    """Whether the element is zero in one case, or the case can't occur, or nothing is defined in it."""
    try:
        return _cancels(ring, ring.settled(at_case(ring, element, case)), proof) or impossible(ring, case)
    except ZeroDivisionError:
        return True


def _cancels(ring: Functions, element: Element, proof: Proof) -> bool:
    """Whether no term is left after clearing."""
    for find, replace in ((_factors, _cleared_factor), (_dependent_sigmoids, _cleared_sigmoid)):
        while element.parts:
            proof.monomials = max(proof.monomials, len(element))
            atoms = find(ring, element)
            if not atoms:
                break
            proof.cleared.append(atoms[0])
            element = replace(ring, element, atoms[0])
    return not element.parts


def _factors(ring: Functions, element: Element) -> list[Atom]:
    """The factor atoms of an element, outermost first."""
    found = {a.position: a for _, m, _ in element.items() for a, _ in ring.registry.decoded(m) if a.kind == "factor"}
    return sorted(found.values(), key=lambda atom: (-atom.level, atom.digest))


def _cleared_factor(ring: Functions, element: Element, atom: Atom) -> Element:
    assert atom.body is not None
    return _cleared(ring, element, atom, lambda power, _: ring.expanded(atom.body or ONE, power))


def _cleared_sigmoid(ring: Functions, element: Element, atom: Atom) -> Element:
    """S**a with the denominators (1 + E)**most multiplied out: E**a * (1 + E)**(most - a)."""
    exponential = Element({atom.exponent: {0: 1}})
    one_plus = ring.add((ONE, exponential))

    def cleared(power: int, most: int) -> Element:
        return ring.multiply(ring.power(exponential, power), ring.expanded(one_plus, most - power))

    return _cleared(ring, element, atom, cleared)


def _cleared(ring: Functions, element: Element, atom: Atom, value: Callable[[int, int], Element]) -> Element:
    """Replace atom**(a + least) by value(a, most - least) in every term."""
    by_power = _by_power(ring, element, atom)
    least = min(by_power)
    summands = [ring.multiply(rest, value(power - least, max(by_power) - least)) for power, rest in sorted(by_power.items())]
    return ring.add(summands)


def _by_power(ring: Functions, element: Element, atom: Atom) -> dict[int, Element]:
    """The coefficients of the powers of an atom; the common denominator is dropped."""
    shift = WIDTH * atom.position
    found: dict[int, Element] = {}
    for u, m, c in element.items():
        power = next((e for a, e in ring.registry.decoded(m) if a is atom), 0)
        rest = found.setdefault(power, Element({}, 1, element.degree, element.digits))
        rest.parts.setdefault(u, {})[m - (power << shift)] = c
    return found


def _dependent_sigmoids(ring: Functions, element: Element) -> list[Atom]:
    """The sigmoids whose exponents take part in a linear relation with the element's other exponents."""
    registry = ring.registry
    found = {a.position: a for _, m, _ in element.items() for a, _ in registry.decoded(m) if a.kind == "sigmoid"}
    sigmoids = sorted(found.values(), key=lambda atom: (-atom.level, atom.digest))
    first = next(iter(element.parts))
    others = [registry.plus(u, registry.times(first, -1)) for u in element.parts if u != first]
    vectors = [vector(registry.exponents[u]) for u in [*(a.exponent for a in sigmoids), *others]]
    ring.meter.spend(len(vectors) ** 2)
    dependent = related(vectors)
    return [atom for i, atom in enumerate(sigmoids) if i in dependent]
