"""Proving that two expressions are equal: first with the named intermediates that they share left as free variables, then without.

Input: two nodes; the names on both sides. Output: a certificate, or None.
"""

from __future__ import annotations

from collections.abc import Iterable

from symprop.check.decide.circuit import Node
from symprop.check.decide.decision import Certificate
from symprop.check.decide.definitions import AnswerScope, Definitions
from symprop.check.decide.texts import atom_text, listed
from symprop.check.decide.vanishing import Proof, vanishes


def proved(scope: AnswerScope, left: Node, right: Node) -> Certificate | None:
    """The certificate of the normal form's zero, where it is zero.

    Raises:
        Exhausted: the normal form is too large.
    """
    ring, proof = scope.ring, Proof()
    elements = scope.element(left), scope.element(right)
    ring.assumed |= scope.definitions.assumed(scope.defined)
    difference = ring.difference(*elements)
    if not vanishes(ring, difference, proof):
        return None
    cleared = tuple(atom_text(ring.registry, atom) for atom in proof.cleared)
    generators = listed(ring.registry, elements)
    return Certificate("exact normal form", generators, cleared, max(proof.monomials, sum(map(len, elements))))


def opened(definitions: Definitions, left: Iterable[str], right: Iterable[str]) -> tuple[str, ...] | None:
    """The definitions to write out so that two sets of names become the same; None where no defined name would be left."""
    sides = set(left), set(right)
    found: list[str] = []
    while unshared := [name for name in sides[0] ^ sides[1] if name in definitions.terms]:
        latest = max(unshared, key=definitions.place)
        found.append(latest)
        for side in sides:
            if latest in side:
                side.remove(latest)
                side.update(definitions.uses(latest))
    kept = [name for name in sides[0] & sides[1] if name in definitions.terms]
    return tuple(sorted(found, key=definitions.place)) if kept else None
