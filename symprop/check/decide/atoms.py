"""The atoms of normal forms and the exponents of exponentials: their positions, numbers and names.

Input: digests and elements. Output: `Atom`, and `Registry`, which gives each atom a position and each exponent a number.

A registry may stand on another one (the definitions'), which it reads and never changes: an answer's atoms die with the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar

from symprop.check.decide.elements import WIDTH, ZERO, Element, Monomial, fields, scaled, total
from symprop.check.decide.intervals import Interval
from symprop.check.decide.layer import Layer
from symprop.check.decide.residues import Residues, digest

Kind: TypeAlias = Literal["variable", "sigmoid", "factor", "step", "log", "opaque"]
Known = TypeVar("Known")
_BIAS = 1 << (WIDTH - 1)


@dataclass(eq=False, slots=True)
class Atom:
    """A generator of the ring.

    `body` is the exponent of a sigmoid (`exponent` its number), the polynomial of a factor, a step or a logarithm. Values, modulo
    the prime and in intervals by (point, bits), and the text of what has a body are filled in when they are needed. What is made
    of `uncertain` atoms (steps, logarithms, opaque functions) may be 0 on an open set, or everywhere, although its normal form
    isn't 0.
    """

    kind: Kind
    position: int
    digest: bytes
    level: int
    body: Element | None = None
    positive: bool = False
    text: str = ""
    uncertain: bool = False
    exponent: int = 0
    residues: Residues | None = None
    intervals: dict[tuple[int, int], Interval] = field(default_factory=dict)


class Registry:
    """Atoms by position, exponents by number; number 0 is the exponent 0."""

    def __init__(self, points: int, below: Registry | None = None) -> None:
        self.points = points  # the number of fixed points
        self.atoms: list[Atom] = list(below.atoms) if below else []
        self.exponents: list[Element] = list(below.exponents) if below else [ZERO]
        self.steps: int = below.steps if below else 0  # bit 1 of each step's field: set where a step is squared
        self.opposites: tuple[tuple[Monomial, Monomial], ...] = below.opposites if below else ()  # pairs of steps with product 0
        self.bias: int = below.bias if below else 0  # makes all fields positive, so that their bits can be tested
        self.sigmoids: bool = below.sigmoids if below else False  # whether there are any
        self._tables: tuple[Layer, ...] = tuple(Layer(table) for table in (below._tables if below else (None,) * 8))
        self._by_key, self._numbers, self._sums, self._decoded, self._names, self.values, self._weights, self._known = self._tables

    def atom(self, key: Hashable) -> Atom | None:
        """The atom registered under a key."""
        found: Atom | None = self._by_key[key]
        return found

    def register(
        self, key: Hashable, kind: Kind, name: bytes, body: Element | None = None, positive: bool = False, text: str = ""
    ) -> Atom:
        """A new atom, at the next position."""
        level = 1 + self.level(body) if body is not None else 0
        uncertain = kind in ("step", "log", "opaque") or (body is not None and self.uncertain(body))
        atom = Atom(kind, len(self.atoms), name, level, body, positive, text, uncertain)
        self.atoms.append(atom)
        self._by_key[key] = atom
        self.bias += _BIAS << (WIDTH * atom.position)
        if kind == "step":
            self.steps |= 2 << (WIDTH * atom.position)
        self.sigmoids |= kind == "sigmoid"
        return atom

    def decoded(self, value: Monomial) -> tuple[tuple[Atom, int], ...]:
        """(atom, exponent) of a monomial, by position."""
        known: tuple[tuple[Atom, int], ...] | None = self._decoded[value]
        if known is None:
            known = tuple([(self.atoms[position], exponent) for position, exponent in fields(value)])
            self._decoded[value] = known
        return known

    def level(self, element: Element) -> int:
        """How deeply atoms stand within atoms."""
        levels = [atom.level for _, m, _ in element.items() for atom, _ in self.decoded(m)]
        return max(levels + [1 + self.of_exponent("level", u, self.level) for u in element.parts if u], default=0)

    def uncertain(self, element: Element) -> bool:
        """Whether uncertain atoms occur in an element or its exponents."""
        if any(atom.uncertain for _, m, _ in element.items() for atom, _ in self.decoded(m)):
            return True
        return any(self.of_exponent("uncertain", u, self.uncertain) for u in element.parts if u)

    def oppose(self, atom: Atom, other: Atom) -> None:
        """Declare that the product of two steps is 0."""
        pair = (1 << (WIDTH * atom.position), 1 << (WIDTH * other.position))
        if pair not in self.opposites:
            self.opposites += (pair,)

    # exponents

    def number(self, exponent: Element) -> int:
        """The number of an exponent in lowest terms."""
        if not exponent.parts:
            return 0
        key = exponent.key()
        known: int | None = self._numbers[key]
        if known is None:
            known = len(self.exponents)
            self.exponents.append(exponent)
            self._numbers[key] = known
        return known

    def plus(self, left: int, right: int) -> int:
        """The number of the sum of two exponents."""
        if not left or not right:
            return left or right
        key = (left, right) if left < right else (right, left)
        known: int | None = self._sums[key]
        if known is None:
            known = self.number(total((self.exponents[left], self.exponents[right])))
            self._sums[key] = known
        return known

    def times(self, exponent: int, factor: Fraction | int) -> int:
        """The number of a rational multiple of an exponent."""
        return self.number(scaled(self.exponents[exponent], factor)) if exponent else 0

    def of_exponent(self, what: Hashable, exponent: int, found_out: Callable[[Element], Known]) -> Known:
        """What is found out about an exponent, once: one inside another may stand in many places there."""
        known: Known | None = self._known[what, exponent]
        if known is None:
            known = self._known[what, exponent] = found_out(self.exponents[exponent])
        return known

    def weight(self, exponent: int) -> Fraction:
        """The sum of the sizes of an exponent's coefficients."""
        known: Fraction | None = self._weights[exponent]
        if known is None:
            element = self.exponents[exponent]
            known = Fraction(sum(abs(c) for _, _, c in element.items()), element.den)
            self._weights[exponent] = known
        return known

    # names that don't depend on positions, and values

    def term_name(self, exponent: int, value: Monomial) -> bytes:
        """The digest of monomial * exp(exponent)."""
        key = (exponent, value)
        known: bytes | None = self._names[key]
        if known is None:
            factors = sorted((atom.digest, power) for atom, power in self.decoded(value))
            above = self.name(self.exponents[exponent]) if exponent else b""
            known = digest("term", above, *(part for name, power in factors for part in (name, str(power))))
            self._names[key] = known
        return known

    def name(self, element: Element) -> bytes:
        """The digest of an element in lowest terms."""
        terms = sorted((self.term_name(u, m), c) for u, m, c in element.items())
        return digest("sum", str(element.den), *(part for name, c in terms for part in (name, str(c))))

    def leading(self, element: Element) -> tuple[int, Monomial, int]:
        """The term whose digest is smallest: a choice that doesn't depend on positions."""
        return min(element.items(), key=lambda term: self.term_name(term[0], term[1]))
