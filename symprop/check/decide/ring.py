"""Arithmetic of elements over a registry of atoms: sums, products, powers, reciprocals.

Input: elements. Output: elements; every product of monomials is counted. No common denominator is ever formed: 1/(1 + exp(z)) is
1 - S with the atom S = sigmoid(z), and any other reciprocal is a power of an atom that stands for the polynomial.

Rules applied at once: step**2 = step; exp(-z)*S = 1 - S and exp(z)*S = exp(z) - S. All other relations wait for `vanishing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

from symprop.check.decide.atoms import Atom, Kind, Registry
from symprop.check.decide.budget import Budget, Exhausted, Meter
from symprop.check.decide.elements import (
    ONE,
    WIDTH,
    ZERO,
    Element,
    Monomial,
    Part,
    lowest,
    monomial,
    multiply_into,
    pruned,
    scaled,
    total,
)
from symprop.check.decide.factoring import Factors, complement, logistic, positive, split
from symprop.check.decide.residues import digest

_LONGEST_POWER = 256  # a power with more terms stays an atom to that power


def _is_monomial(element: Element) -> bool:
    parts = element.parts
    return len(parts) == 1 and 0 in parts and len(parts[0]) == 1


class Ring:
    """The arithmetic; `registry` holds the atoms, `meter` counts."""

    def __init__(self, registry: Registry, budget: Budget, meter: Meter) -> None:
        self.registry, self.budget, self.meter = registry, budget, meter

    # sums and products

    def add(self, summands: Iterable[Element]) -> Element:
        """The sum."""
        elements = list(summands)
        self.meter.spend(8 + sum(map(len, elements)))
        return self._checked(total(elements))

    def multiply(self, left: Element, right: Element) -> Element:
        """The product."""
        digits = left.digits + right.digits
        exponents = len(left.parts) * len(right.parts)
        terms = len(left), len(right)
        self.meter.spend(16 + terms[0] * terms[1] * (1 + digits // 512) + (40 * exponents if exponents > 1 else 0))
        parts: dict[int, Part] = {}
        for u, p in left.parts.items():
            for v, r in right.parts.items():
                multiply_into(parts.setdefault(self.registry.plus(u, v), {}), p, r)
        if self.registry.steps:
            parts = {u: self._idempotent(part) for u, part in parts.items()}
        digits += min(terms).bit_length()
        product = Element(pruned(parts), left.den * right.den, left.degree + right.degree, digits)
        if self.registry.sigmoids and any(product.parts):
            product = self._reduced(product)
        return self._checked(lowest(product))

    def product(self, factors: Iterable[Element]) -> Element:
        """The product of several, shortest first: what cancels early stays short."""
        single: list[Element] = []
        longer: list[Element] = []
        for factor in factors:
            (single if _is_monomial(factor) else longer).append(factor)
        result = self._monomials(single)
        for factor in sorted(longer, key=len) if len(longer) > 1 else longer:
            result = factor if result is ONE else self.multiply(result, factor)
        return result

    def _monomials(self, factors: list[Element]) -> Element:
        """The product of elements with one term and no exponential."""
        if len(factors) < 2:
            return factors[0] if factors else ONE
        self.meter.spend(4 * len(factors))
        monomial, coefficient, den = 0, 1, 1
        for factor in factors:
            ((m, c),) = factor.parts[0].items()
            monomial, coefficient, den = monomial + m, coefficient * c, den * factor.den
        part = {monomial: coefficient}
        if self.registry.steps:
            part = pruned({0: self._idempotent(self._idempotent(part, len(factors) + 1))}).get(0, {})
        degree, digits = sum(factor.degree for factor in factors), sum(factor.digits for factor in factors)
        return self._checked(lowest(Element({0: part} if part else {}, den, degree, digits)))

    def difference(self, left: Element, right: Element) -> Element:
        """left - right."""
        return self.add((left, scaled(right, -1)))

    def power(self, base: Element, exponent: int) -> Element:
        """base**exponent (ZeroDivisionError for a negative power of the element 0)."""
        if exponent < 0:
            return self.power(self.reciprocal(base), -exponent)
        if exponent * max(base.degree, 1) > self.budget.degree:
            raise Exhausted(f"an exponent beyond {self.budget.degree}")
        if len(base) <= 1:
            return self._term_power(base, exponent)
        if exponent > _LONGEST_POWER or (exponent > 2 and comb(len(base) + exponent - 1, exponent) > _LONGEST_POWER):
            parts = self.split(base)
            return self.unit(parts, exponent, self.factor_power(parts.factor, exponent))
        return self.expanded(base, exponent)

    def expanded(self, base: Element, exponent: int) -> Element:
        """base**exponent for a natural exponent, multiplied out however long it gets."""
        result = ONE
        for _ in range(exponent):
            result = self.multiply(result, base)
        return result

    def _term_power(self, base: Element, exponent: int) -> Element:
        if not exponent:
            return ONE
        for u, m, c in base.items():
            digits = base.digits * exponent
            self.meter.spend(16 + digits // 64)
            if digits > self.budget.digits:
                raise Exhausted(f"a coefficient of more than {self.budget.digits} bits")
            part = {m * exponent: c**exponent}
            part = self._idempotent(part, exponent) if self.registry.steps else part
            parts = {self.registry.times(u, exponent): part}
            return Element(parts, base.den**exponent, base.degree * exponent, digits)
        return ZERO

    # reciprocals

    def reciprocal(self, element: Element) -> Element:
        """1/element (ZeroDivisionError for the element 0)."""
        if not element.parts:
            raise ZeroDivisionError
        parts = self.split(element)
        steps = [atom for atom, _ in self.registry.decoded(parts.monomial) if atom.kind == "step"]
        factor = self.product([parts.factor, *(monomial(atom.position) for atom in steps)])
        kept = parts.monomial - sum(1 << (WIDTH * atom.position) for atom in steps)
        outer: list[Element] = [self._inverse_factor(factor)]
        for atom, power in self.registry.decoded(kept):
            if atom.kind == "sigmoid" and power > 0:
                kept -= power << (WIDTH * atom.position)
                outer.append(self.power(self._one_plus(self.registry.times(atom.exponent, -1)), power))
        return self.unit(Factors(parts.coefficient, kept, parts.exponent, ONE), -1, self.product(outer))

    def _inverse_factor(self, factor: Element) -> Element:
        one_plus, sigmoid = logistic(self.registry, factor), complement(self.registry, factor)
        if one_plus is not None:
            exponent, power = one_plus
            return self.power(self.difference(ONE, self.sigmoid_atom(exponent)), power)
        if sigmoid is not None:
            return self._one_plus(sigmoid.exponent)
        return self.factor_power(factor, -1)

    def _one_plus(self, exponent: int) -> Element:
        return Element({0: {0: 1}, exponent: {0: 1}}) if exponent else scaled(ONE, 2)

    def unit(self, parts: Factors, exponent: int, factor: Element) -> Element:
        """(coefficient * monomial * exp)**exponent * factor."""
        degree = abs(exponent) * max((abs(e) for _, e in self.registry.decoded(parts.monomial)), default=0)
        outer = Element({self.registry.times(parts.exponent, exponent): {parts.monomial * exponent: 1}}, 1, degree)
        size = max(parts.coefficient.numerator.bit_length(), parts.coefficient.denominator.bit_length()) * abs(exponent)
        if size > self.budget.digits:
            raise Exhausted(f"a coefficient of more than {self.budget.digits} bits")
        return self.multiply(scaled(outer, parts.coefficient**exponent), factor)

    def split(self, element: Element) -> Factors:
        """What the terms of a non-zero element share, and the rest."""
        self.meter.spend(32 * len(element))
        return split(self.registry, element)

    def factor_power(self, factor: Element, exponent: int) -> Element:
        """The power of the atom that stands for a factor."""
        if factor.constant() == 1:
            return ONE
        return monomial(self.factor_atom(factor).position, exponent)

    # atoms

    def variable(self, name: str, positive: bool = False) -> Element:
        """A free variable, of all numbers or of the positive ones."""
        key = ("variable", name)
        known = self.registry.atom(key) or self.registry.register(key, "variable", digest(*key), None, positive, name)
        return monomial(known.position)

    def factor_atom(self, factor: Element) -> Atom:
        """The atom that stands for a polynomial."""
        return self.composite("factor", factor, positive(self.registry, factor))

    def sigmoid_atom(self, exponent: int) -> Element:
        """sigmoid(z) for the number of an exponent z whose leading coefficient is positive."""
        body = self.registry.exponents[exponent]
        atom = self.composite("sigmoid", body, True)
        atom.exponent = exponent
        return monomial(atom.position)

    def composite(self, kind: Kind, body: Element, positive: bool = False) -> Atom:
        """The atom of a kind over an element in lowest terms."""
        key = (kind, body.key())
        found = self.registry.atom(key)
        if found is None:
            found = self.registry.register(key, kind, digest(kind, self.registry.name(body)), body, positive)
        return found

    # rules

    def _idempotent(self, part: Part, limit: int = 2) -> Part:
        """Replace step**2 by step (after a power, step**n too), and drop products of opposite steps."""
        squares, bias = self.registry.steps, self.registry.bias
        if limit > 2:
            return {self._single_steps(m): c for m, c in part.items()}
        if not self.registry.opposites and not any((m + bias) & squares for m in part):
            return part
        kept: Part = {}
        for m, c in part.items():
            m -= ((m + bias) & squares) >> 1
            if not any((m + bias) & one and (m + bias) & other for one, other in self.registry.opposites):
                kept[m] = kept.get(m, 0) + c
        return kept

    def _single_steps(self, value: Monomial) -> Monomial:
        surplus = (((e - 1) << (WIDTH * a.position)) for a, e in self.registry.decoded(value) if a.kind == "step" and e > 1)
        return value - sum(surplus)

    def _reduced(self, element: Element) -> Element:
        """Apply exp(-z)*S = 1 - S and exp(z)*S = exp(z) - S wherever the exponent gets smaller."""
        pending = list(element.items())
        parts: dict[int, Part] = {}
        while pending:
            u, m, c = pending.pop()
            replaced = self._shorter(u, m) if u else None
            if replaced is None:
                part = parts.setdefault(u, {})
                part[m] = part.get(m, 0) + c
            else:
                self.meter.spend(4)
                pending += [(v, n, c * sign) for v, n, sign in replaced]
        return Element(pruned(parts), element.den, element.degree, element.digits + 8)

    def _shorter(self, u: int, m: Monomial) -> list[tuple[int, Monomial, int]] | None:
        registry = self.registry
        for atom, power in registry.decoded(m):
            if atom.kind != "sigmoid" or power < 1:
                continue
            less = m - (1 << (WIDTH * atom.position))
            up = registry.plus(u, atom.exponent)
            if registry.weight(up) < registry.weight(u):
                return [(up, less, 1), (up, m, -1)]
            down = registry.plus(u, registry.times(atom.exponent, -1))
            if registry.weight(down) < registry.weight(u):
                return [(u, less, 1), (down, m, -1)]
        return None

    def _checked(self, element: Element) -> Element:
        if element.degree > self.budget.degree << 8:
            raise Exhausted(f"an exponent beyond {self.budget.degree}")
        if element.digits > self.budget.digits:
            element.digits = max((c.bit_length() for _, _, c in element.items()), default=1) + element.den.bit_length()
            if element.digits > self.budget.digits:
                raise Exhausted(f"a coefficient of more than {self.budget.digits} bits")
        return element
