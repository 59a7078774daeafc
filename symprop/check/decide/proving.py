"""Proving that two expressions are equal: first with the named intermediates that they share left as free variables, then without.

Input: two nodes. Output: a certificate, or None.
"""

from __future__ import annotations

from collections.abc import Iterable

from symprop.check.decide.cut import Cut
from symprop.check.decide.decision import Certificate
from symprop.check.decide.definitions import AnswerScope
from symprop.check.decide.elements import Element
from symprop.check.decide.functions import Functions
from symprop.check.decide.nodes import Node
from symprop.check.decide.texts import Generators, atom_text
from symprop.check.decide.values import residues
from symprop.check.decide.vanishing import Proof, vanishes


def proved(scope: AnswerScope, left: Node, right: Node) -> Certificate | None:
    """The certificate of the normal form's zero, where it is zero; all definitions are written out.

    Raises:
        Exhausted: the normal form is too large.
    """
    elements = scope.element(left), scope.element(right)
    scope.ring.assumed |= scope.definitions.assumed(scope.defined)
    return _certificate(scope.ring, elements, scope.ring.difference(*elements))


def proved_over(cut: Cut, names: Iterable[str], scope: AnswerScope, left: Node, right: Node) -> Certificate | None:
    """The certificate over a cut, which counts on the scope's meter; `names` are those that the nodes use. Raises Exhausted."""
    forms = cut.above(names, scope.start)
    forms.ring.meter = scope.ring.meter
    elements = forms.element(left), forms.element(right)
    difference = forms.ring.difference(*elements)
    if difference.parts and any(residues(forms.ring.registry, difference)):
        return None  # the free names are related, so that only writing them out can prove it
    return _certificate(forms.ring, elements, difference)


def _certificate(ring: Functions, elements: tuple[Element, Element], difference: Element) -> Certificate | None:
    proof = Proof()
    if not vanishes(ring, difference, proof):
        return None
    cleared = tuple(atom_text(ring.registry, atom) for atom in proof.cleared)
    generators = Generators(ring.registry, elements)
    return Certificate("exact normal form", generators, cleared, max(proof.monomials, sum(map(len, elements))))
