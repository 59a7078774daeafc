"""exp, sigmoid, log and sign of elements.

Input: elements of a ring. Output: elements. Every identity used is true wherever both sides are defined, apart from the points
where a sign changes: log of a product is the sum of the logarithms of the sizes of its factors; exp(n*log|f|) is |f|**n for an
integer n; the sign of a product is the product of the signs. The sign of f is 2*H - 1 with the step H of f, H**2 = H; where f may
be 0 on an open set, as relu(x) + relu(y) is, it is H - K with the step K of -f and H*K = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symprop.check.decide.atoms import Atom, Registry
from symprop.check.decide.budget import Budget, Meter
from symprop.check.decide.elements import ONE, ZERO, Element, lowest, monomial, pruned, rational, scaled
from symprop.check.decide.factoring import Factors, complement, logistic, positive
from symprop.check.decide.ring import Ring
from symprop.check.decide.values import residues

_SMALL_PRIMES = tuple(n for n in range(2, 1000) if all(n % d for d in range(2, int(n**0.5) + 1)))


class Functions(Ring):
    """A ring with exp, sigmoid, log and sign; `assumed` holds the signs that follow from the domains of logarithms."""

    def __init__(self, registry: Registry, budget: Budget, meter: Meter) -> None:
        super().__init__(registry, budget, meter)
        self.assumed: dict[object, int] = {}

    # exponentials

    def exp(self, argument: Element) -> Element:
        """exp(argument)."""
        self.meter.spend(32 * len(argument))
        rest, sizes = self._without_logarithms(argument)
        number = self.registry.number(rest)
        return self.product([Element({number: {0: 1}}), *(self.power(size, n) for size, n in sizes)])

    def sigmoid(self, argument: Element) -> Element:
        """1/(1 + exp(-argument))."""
        self.meter.spend(32 * len(argument))
        if not argument.parts:
            return rational(Fraction(1, 2))
        if self._without_logarithms(argument)[1]:
            return self.reciprocal(self.add((ONE, self.exp(scaled(argument, -1)))))
        if self.registry.leading(argument)[2] > 0:
            return self.sigmoid_atom(self.registry.number(argument))
        return self.difference(ONE, self.sigmoid_atom(self.registry.number(scaled(argument, -1))))

    def _without_logarithms(self, argument: Element) -> tuple[Element, list[tuple[Element, int]]]:
        """argument = rest + sum of n*log|f|: the rest, with only fractions of each log|f|, and each |f| with its integer n."""
        sizes: list[tuple[Element, int]] = []
        part = dict(argument.parts.get(0, {}))
        for m, c in argument.parts.get(0, {}).items():
            atoms = self.registry.decoded(m)
            if len(atoms) == 1 and atoms[0][1] == 1 and atoms[0][0].kind == "log" and c // argument.den:
                sizes.append((self._size(atoms[0][0]), c // argument.den))
                part[m] = c % argument.den
        if not sizes:
            return argument, sizes
        return lowest(Element(pruned({**argument.parts, 0: part}), argument.den, argument.degree, argument.digits)), sizes

    def _size(self, logarithm: Atom) -> Element:
        """|f| for the atom log|f|."""
        assert logarithm.body is not None
        return self.multiply(logarithm.body, self._factor_sign(logarithm.body))

    def settled(self, element: Element) -> Element:
        """The element with exp(n*log|f|), as products of roots make it, replaced by |f|**n for integers n."""
        exponents = {u: self._without_logarithms(self.registry.exponents[u])[1] for u in element.parts if u}
        if not any(exponents.values()):
            return element
        pieces = {u: Element({0: part}, element.den, element.degree, element.digits) for u, part in element.parts.items()}
        return self.add([self.multiply(piece, self.exp(self.registry.exponents[u])) for u, piece in pieces.items()])

    # logarithms

    def log(self, argument: Element) -> Element:
        """log(argument), which is defined where the argument is positive (ZeroDivisionError for the element 0)."""
        if argument.parts:
            self._assume(self.split(argument))
        return self.log_of_size(argument)

    def root(self, argument: Element, exponent: Fraction) -> Element:
        """argument**exponent for a positive fraction: 0 where the argument is 0, undefined where it is less."""
        if not argument.parts:
            return ZERO
        if not self.registry.uncertain(argument):
            return self.exp(scaled(self.log(argument), exponent))
        return self.multiply(self.step(argument), self.exp(scaled(self.log_of_size(argument), exponent)))

    def log_of_size(self, argument: Element) -> Element:
        """log|argument|: the sum of the logarithms of the sizes of the factors (ZeroDivisionError for the element 0)."""
        if not argument.parts:
            raise ZeroDivisionError
        parts = self.split(argument)
        summands = [self._log_rational(abs(parts.coefficient)), self._log_factor(parts.factor)]
        summands.append(self.registry.exponents[parts.exponent])
        for atom, power in self.registry.decoded(parts.monomial):
            if atom.kind != "step":  # the logarithm is defined only where it is 1
                summands.append(scaled(self._log_factor(_meaning(atom)), power))
        return self.add(summands)

    def _log_factor(self, factor: Element) -> Element:
        if factor.constant() == 1:
            return ZERO
        one_plus, sigmoid = logistic(self.registry, factor), complement(self.registry, factor)
        if one_plus is not None:  # 1 + exp(z) = exp(z)/S
            exponent, power = one_plus
            one = self.difference(self.registry.exponents[exponent], self._log_factor(self.sigmoid_atom(exponent)))
            return scaled(one, power)
        if sigmoid is not None:  # 1 - S = S*exp(-z)
            return self.difference(self._log_factor(monomial(sigmoid.position)), self.registry.exponents[sigmoid.exponent])
        return monomial(self.composite("log", factor).position)

    def _log_rational(self, value: Fraction) -> Element:
        powers = [*_factored(value.numerator), *((prime, -n) for prime, n in _factored(value.denominator))]
        return self.add(scaled(monomial(self.composite("log", rational(prime)).position), n) for prime, n in powers)

    def _assume(self, parts: Factors) -> None:
        """A logarithm is defined where its argument is positive: that settles the sign of an only factor of unknown sign."""
        unknown = [f for f, power in self._sign_factors(parts) if power == 1 and not self._known_sign(f)]
        if len(unknown) == 1 and not self._steps_of(parts):
            sign = 1 if parts.coefficient > 0 else -1
            self.assumed |= {unknown[0].key(): sign, scaled(unknown[0], -1).key(): -sign}

    # signs

    def sign(self, argument: Element) -> Element:
        """sign(argument): 0 for the element 0, else a polynomial in steps."""
        if not argument.parts:
            return ZERO
        parts = self.split(argument)
        signs = [self.power(self._factor_sign(factor), power) for factor, power in self._sign_factors(parts)]
        steps = [monomial(atom.position) for atom in self._steps_of(parts)]
        return self.product([rational(1 if parts.coefficient > 0 else -1), *steps, *signs])

    def step(self, argument: Element) -> Element:
        """1 where the argument is positive, else 0."""
        sign = self.sign(argument)
        return scaled(self.add((self.multiply(sign, sign), sign)), Fraction(1, 2))

    def _sign_factors(self, parts: Factors) -> Iterator[tuple[Element, int]]:
        """The factors on which a sign depends, steps apart, with power 1 or 2 (which matters where a factor may be 0)."""
        for atom, power in self.registry.decoded(parts.monomial):
            if not atom.positive and atom.kind != "step" and (power % 2 or atom.uncertain):
                yield _meaning(atom), 2 - power % 2
        if parts.factor.constant() != 1:
            yield parts.factor, 1

    def _steps_of(self, parts: Factors) -> list[Atom]:
        return [atom for atom, _ in self.registry.decoded(parts.monomial) if atom.kind == "step"]

    def _known_sign(self, factor: Element) -> bool:
        return self._range_sign(factor) is not None or factor.key() in self.assumed

    def _range_sign(self, factor: Element) -> int | None:
        """The sign that the ranges of a factor's terms settle."""
        return next((sign for sign in (1, -1) if positive(self.registry, scaled(factor, sign))), None)

    def _factor_sign(self, factor: Element) -> Element:
        settled = self._range_sign(factor)
        if settled is not None:
            return rational(settled)
        monotone = self._monotone(factor)
        if monotone is not None:
            return self.sign(monotone)
        known = self.assumed.get(factor.key())
        if known is not None:
            return rational(known)
        step = self.composite("step", factor)
        if self.certain(factor):
            return self.difference(scaled(monomial(step.position), 2), ONE)
        other = self.composite("step", scaled(factor, -1))
        self.registry.oppose(step, other)
        return self.difference(monomial(step.position), monomial(other.position))

    def certain(self, factor: Element) -> bool:
        """Whether a factor whose normal form isn't 0 is 0 on no open set: it is analytic, and one of its residues isn't 0."""
        return not self.registry.uncertain(factor) and any(residues(self.registry, factor))

    def _monotone(self, factor: Element) -> Element | None:
        """The element whose sign the factor has: c*z for c*(exp(z) - 1) and for c*(2*sigmoid(z) - 1)."""
        constant = factor.parts.get(0, {}).get(0, 0)
        if len(factor) != 2 or abs(constant) != 1:
            return None
        u, m, c = next(term for term in factor.items() if term[:2] != (0, 0))
        if u and not m and c == -constant:
            return scaled(self.registry.exponents[u], c)
        atoms = self.registry.decoded(m)
        if not u and c == -2 * constant and len(atoms) == 1 and atoms[0][0].kind == "sigmoid" and atoms[0][1] == 1:
            return scaled(self.registry.exponents[atoms[0][0].exponent], c)
        return None


def _meaning(atom: Atom) -> Element:
    """The polynomial that an atom of a monomial stands for: a factor's own, else the atom."""
    return atom.body if atom.kind == "factor" and atom.body is not None else monomial(atom.position)


def _factored(value: int) -> Iterator[tuple[int, int]]:
    """(prime, power) of a positive integer; what is left beyond the small primes counts as one prime."""
    for prime in _SMALL_PRIMES:
        power = 0
        while value % prime == 0:
            value, power = value // prime, power + 1
        if power:
            yield prime, power
    if value > 1:
        yield value, 1
