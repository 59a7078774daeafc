"""How the atoms of a normal form read in a certificate.

Input: atoms of a registry. Output: short texts in the language of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import overload

from symprop.check.decide.atoms import Atom, Registry
from symprop.check.decide.elements import Element, Monomial

_LONGEST = 120
_CALLS = {"sigmoid": "sigmoid", "step": "step", "log": "log", "factor": ""}


class Generators(Sequence[str]):
    """The atoms and exponentials of some elements, written when they are asked for: few certificates are ever shown."""

    def __init__(self, registry: Registry, elements: tuple[Element, ...]) -> None:
        self._registry, self._elements = registry, elements

    @cached_property
    def _written(self) -> tuple[str, ...]:
        return listed(self._registry, self._elements)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._written[index]

    def __len__(self) -> int:
        return len(self._written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Generators, tuple)) and self._written == tuple(other)

    def __hash__(self) -> int:
        return hash(self._written)

    def __repr__(self) -> str:
        return repr(self._written)


def listed(registry: Registry, elements: Iterable[Element]) -> tuple[str, ...]:
    """The atoms and exponentials of some elements, sorted."""
    terms = {(u, m) for element in elements for u, m, _ in element.items()}
    atoms = {atom.position: atom for _, m in terms for atom, _ in registry.decoded(m)}
    found = {atom_text(registry, atom) for atom in atoms.values()}
    found |= {_exponential_text(registry, u) for u, _ in terms if u}
    return tuple(sorted(found))


def atom_text(registry: Registry, atom: Atom) -> str:
    """`w5`, `sigmoid(w1*i1 + b1)`, `log(abs(x + 1))`."""
    if atom.body is not None and not atom.text:
        body = element_text(registry, atom.body)
        atom.text = f"{_CALLS[atom.kind]}({f'abs({body})' if atom.kind == 'log' else body})"
    return atom.text


def element_text(registry: Registry, element: Element) -> str:
    """The sum written out, its terms sorted; cut where it is long."""
    terms = sorted(_term_text(registry, u, m, Fraction(c, element.den)) for u, m, c in list(element.items())[:12])
    text = " + ".join(terms) or "0"
    return text if len(text) <= _LONGEST and len(element) <= 12 else f"{text[:_LONGEST]}..."


def _term_text(registry: Registry, u: int, m: Monomial, coefficient: Fraction) -> str:
    powers = [(atom_text(registry, atom), power) for atom, power in registry.decoded(m)]
    factors = [name if power == 1 else f"{name}**{power}" for name, power in powers]
    if u:
        factors.append(_exponential_text(registry, u))
    if coefficient != 1 or not factors:
        factors.insert(0, str(coefficient))
    return "*".join(factors)


def _exponential_text(registry: Registry, exponent: int) -> str:
    return f"exp({registry.of_exponent('text', exponent, lambda inner: element_text(registry, inner))})"
