"""Elements: sums of exponentials with polynomial coefficients, the normal form in which functions are compared.

Input: monomials and integers. Output: `Element`, immutable by convention, and the arithmetic that needs no knowledge of the atoms.

An element is (1/den) * sum over exponents u of P_u * exp(u); `parts` maps the number of u (0: no exponential) to P_u, and P_u maps
a monomial to its integer coefficient. A monomial is one integer: the exponent of the atom at position i stands, signed, at bit
WIDTH*i, so that the product of two monomials is the sum of two integers and 1/x needs no denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

WIDTH = 32
_MASK = (1 << WIDTH) - 1
_HALF = 1 << (WIDTH - 1)

Monomial: TypeAlias = int
Part: TypeAlias = dict[Monomial, int]


class Element:
    """`degree` bounds the size of every exponent of an atom, `digits` the bits of every coefficient."""

    __slots__ = ("degree", "den", "digits", "parts")

    def __init__(self, parts: dict[int, Part], den: int = 1, degree: int = 0, digits: int = 1) -> None:
        self.parts, self.den, self.degree, self.digits = parts, den, degree, digits

    def __len__(self) -> int:
        return sum([len(part) for part in self.parts.values()])

    def items(self) -> Iterator[tuple[int, Monomial, int]]:
        """(exponent's number, monomial, integer coefficient) of every term."""
        for exponent, part in self.parts.items():
            for monomial, coefficient in part.items():
                yield exponent, monomial, coefficient

    def constant(self) -> Fraction | None:
        """The value of an element without atoms and exponentials; None for any other."""
        if not self.parts:
            return Fraction(0)
        single = len(self.parts) == 1 and self.parts.get(0)
        return Fraction(single[0], self.den) if single and len(single) == 1 and 0 in single else None

    def key(self) -> tuple[int, frozenset[tuple[int, int, int]]]:
        """What identifies an element in lowest terms within one ring."""
        return self.den, frozenset(self.items())


ZERO = Element({})
ONE = Element({0: {0: 1}})


def rational(value: Fraction | int) -> Element:
    """A rational number as an element."""
    if not value:
        return ZERO
    digits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return Element({0: {0: value.numerator}}, value.denominator, 0, digits)


def monomial(position: int, exponent: int = 1) -> Element:
    """The atom at a position, to a power."""
    return Element({0: {exponent << (WIDTH * position): 1}}, 1, abs(exponent))


def fields(value: Monomial) -> Iterator[tuple[int, int]]:
    """(position, exponent) of the atoms in a monomial, by position."""
    position = 0
    while value:
        shift = ((value & -value).bit_length() - 1) // WIDTH
        position += shift
        value >>= shift * WIDTH
        exponent = value & _MASK
        exponent -= (exponent & _HALF) << 1
        yield position, exponent
        value = (value - exponent) >> WIDTH
        position += 1


def pruned(parts: dict[int, Part]) -> dict[int, Part]:
    """The parts without zero coefficients and empty parts."""
    kept = {}
    for exponent, part in parts.items():
        live = {m: c for m, c in part.items() if c} if 0 in part.values() else part
        if live:
            kept[exponent] = live
    return kept


def lowest(element: Element) -> Element:
    """The same element with coprime denominator and coefficients."""
    if element.den == 1:
        return element
    common = gcd(element.den, *(c for _, _, c in element.items()))
    if common == 1:
        return element
    parts = {u: {m: c // common for m, c in part.items()} for u, part in element.parts.items()}
    return Element(parts, element.den // common, element.degree, element.digits)


def total(elements: Iterable[Element]) -> Element:
    """The sum."""
    summands = list(elements)
    den = lcm(*[e.den for e in summands])
    parts: dict[int, Part] = {}
    for element in summands:
        scale = den // element.den
        for exponent, part in element.parts.items():
            into = parts.get(exponent)
            if into is None:
                parts[exponent] = {m: c * scale for m, c in part.items()}
            else:
                for m, c in part.items():
                    into[m] = into.get(m, 0) + c * scale
    digits = max([e.digits for e in summands], default=1) + den.bit_length() + len(summands).bit_length()
    return lowest(Element(pruned(parts), den, max([e.degree for e in summands], default=0), digits))


def scaled(element: Element, factor: Fraction | int) -> Element:
    """The element times a rational number."""
    if not factor:
        return ZERO
    if factor == 1:
        return element
    top = factor.numerator
    parts = {u: {m: c * top for m, c in part.items()} for u, part in element.parts.items()}
    size = max(top.bit_length(), factor.denominator.bit_length())
    return lowest(Element(parts, element.den * factor.denominator, element.degree, element.digits + size))


def multiply_into(target: Part, left: Part, right: Part) -> None:
    """Add the product of two polynomials to `target`."""
    get = target.get
    for m, c in left.items():
        for n, d in right.items():
            target[m + n] = get(m + n, 0) + c * d
