"""Making terms while reading: flat chains in the author's order, with height, rank and constants counted.

Input: `Item`s, terms with what the reader must know about them. Output: the larger term's `Item`; beyond a budget, a TextError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from symprop.language.limits import MAX_BITS, MAX_HEIGHT, MAX_POWER
from symprop.language.source import Source
from symprop.terms import Add, Apply, Div, MatMul, Mean, Mul, Neg, Number, Power, Sum, Term, Transpose

Form: TypeAlias = Literal["", "integer", "number", "sum", "product", "e"]


class Item(NamedTuple):
    """A term just read from normal[start:end].

    `form`: how the term may go on (an open sum takes further terms; two bare integers divide to one number; `e` is the
    constant). `degree`: the product of the integer exponents inside one another. `value`: of a term without names.
    """

    term: Term
    start: int
    end: int
    rank: int = 0
    height: int = 1
    degree: int = 1
    value: Fraction | None = None
    form: Form = ""

    def closed(self, start: int, end: int) -> Item:
        """The same term in brackets: its chain takes nothing more, and a bare number is bare no longer."""
        form: Form = "e" if self.form == "e" else ""
        return Item(self.term, start, end, self.rank, self.height, self.degree, self.value, form)


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes items; refuses at places in `source`."""

    source: Source

    def number(self, value: Fraction, text: str, start: int, end: int) -> Item:
        """A literal."""
        return Item(Number(value, text), start, end, value=value, form="integer" if text.isdigit() else "number")

    def total(self, left: Item, right: Item) -> Item:
        """left + right; a chain without brackets is one flat sum."""
        terms = left.term.terms if left.form == "sum" and isinstance(left.term, Add) else (left.term,)
        value = None if left.value is None or right.value is None else left.value + right.value
        return self._made(Add((*terms, right.term)), (left, right), value=value, form="sum")

    def product(self, left: Item, right: Item) -> Item:
        """left * right, elementwise; a chain without brackets is one flat product."""
        factors = left.term.factors if left.form == "product" and isinstance(left.term, Mul) else (left.term,)
        value = None if left.value is None or right.value is None else left.value * right.value
        return self._made(Mul((*factors, right.term)), (left, right), value=value, form="product")

    def matrix_product(self, left: Item, right: Item) -> Item:
        """left @ right, left to right as in Python."""
        return self._made(MatMul(left.term, right.term), (left, right), rank=_product_rank(left, right))

    def applied(self, left: Item, right: Item) -> Item:
        """The matrix product of paper: in `alpha X^T delta` only the last factor of the chain is multiplied."""
        rank = _product_rank(left, right)
        if left.form == "product" and isinstance(left.term, Mul):
            last = MatMul(left.term.factors[-1], right.term)
            return self._made(Mul((*left.term.factors[:-1], last)), (left, right), rank=rank, form="product", levels=2)
        return self.matrix_product(left, right)

    def quotient(self, left: Item, right: Item) -> Item:
        """left / right; two bare integers are one number, `1/2`."""
        if right.value == 0:
            raise self.source.refuse("division by zero", right.start)
        value = None if left.value is None or right.value is None else left.value / right.value
        if left.form == right.form == "integer" and isinstance(left.term, Number) and isinstance(right.term, Number):
            fraction = Number(left.term.value / right.term.value, f"{left.term.text}/{right.term.text}")
            return Item(fraction, left.start, right.end, value=fraction.value, form="number")
        return self._made(Div(left.term, right.term), (left, right), value=value)

    def negative(self, operand: Item, start: int) -> Item:
        """-operand; the sign of a bare number belongs to it."""
        if operand.form in ("integer", "number") and isinstance(operand.term, Number):
            term = Number(-operand.term.value, f"-{operand.term.text}")
            return operand._replace(term=term, start=start, value=-operand.term.value, form="")
        return self.subtracted(operand, start)

    def subtracted(self, operand: Item, start: int) -> Item:
        """The -operand of a difference: `a - 3` keeps its minus, `a + (-3)` its negative number."""
        value = None if operand.value is None else -operand.value
        return self._made(Neg(operand.term), (operand,), value=value, start=start)

    def power(self, base: Item, exponent: Item) -> Item:
        """base ** exponent; a power of e is exp."""
        if exponent.value is not None and abs(exponent.value) > MAX_POWER:
            raise self.source.refuse(f"the exponent is beyond {MAX_POWER}", exponent.start)
        if base.form == "e":
            return self._made(Apply("exp", (exponent.term,)), (base, exponent))
        degree = self._degree(base, exponent)
        return self._made(Power(base.term, exponent.term), (base, exponent), value=self._constant(base, exponent), degree=degree)

    def apply(self, function: str, arguments: tuple[Item, ...], start: int, end: int) -> Item:
        """A function of the table."""
        made = self._made(Apply(function, tuple(item.term for item in arguments)), arguments, start=start, end=end)
        return made._replace(form="")

    def wrapped(self, term: Term, inner: Iterable[Item], rank: int, start: int, end: int, levels: int = 1) -> Item:
        """Any other node over `inner`."""
        return self._made(term, tuple(inner), rank=rank, start=start, end=end, levels=levels)

    def transposed(self, operand: Item, end: int) -> Item:
        """The transpose."""
        return self._made(Transpose(operand.term), (operand,), rank=operand.rank, end=end)

    def reduced(self, name: str, operand: Item, axis: int | None, keep: bool, start: int, end: int) -> Item:
        """`sum` or `mean` over an axis, or over everything; where the rank is known, the axis is counted from the front."""
        if axis is not None and operand.rank and not -operand.rank <= axis < operand.rank:
            raise self.source.refuse(f"there is no such axis: the array has {operand.rank} dimensions", start)
        axis = axis % operand.rank if axis is not None and operand.rank else axis
        rank = operand.rank if keep else 0 if axis is None else max(operand.rank - 1, 0)
        node = Sum if name == "sum" else Mean
        return self._made(node(operand.term, axis, keep), (operand,), rank=rank, start=start, end=end)

    def _degree(self, base: Item, exponent: Item) -> int:
        whole = exponent.value is not None and exponent.value.denominator == 1
        degree = base.degree * max(abs(int(exponent.value or 0)), 1) if whole else max(base.degree, exponent.degree)
        if degree > MAX_POWER:
            raise self.source.refuse(f"the powers inside one another go beyond an exponent of {MAX_POWER}", exponent.start)
        return degree

    def _constant(self, base: Item, exponent: Item) -> Fraction | None:
        """The value of a power of rational numbers, where it is rational by its form."""
        if base.value is None or exponent.value is None or exponent.value.denominator != 1:
            return None
        count = int(exponent.value)
        if base.value == 0 and count < 0:
            raise self.source.refuse("division by zero", base.start)
        if _bits(base.value) * abs(count) > MAX_BITS:
            raise self.source.refuse("the power is too large a number", base.start)
        return Fraction(base.value**count)

    def _made(
        self,
        term: Term,
        inner: tuple[Item, ...],
        *,
        rank: int | None = None,
        value: Fraction | None = None,
        degree: int | None = None,
        form: Form = "",
        start: int | None = None,
        end: int | None = None,
        levels: int = 1,
    ) -> Item:
        """The item of `term` over `inner`, its counts taken from them unless given; a flat chain that grows stays as high."""
        first = inner[0] if inner else None
        grows = first is not None and form in ("sum", "product") and first.form == form
        height, widest, steepest = 1, 0, 1
        for item in inner:
            height = max(height, item.height + levels - (item is first and grows))
            widest = max(widest, item.rank)
            steepest = max(steepest, item.degree)
        begin = start if start is not None else first.start if first else 0
        if height > MAX_HEIGHT:
            raise self.source.refuse(f"the formula is nested deeper than {MAX_HEIGHT} levels", begin)
        if value is not None and _bits(value) > MAX_BITS:
            raise self.source.refuse("the constant is too large a number", begin)
        return Item(
            term,
            begin,
            end if end is not None else inner[-1].end if inner else begin,
            rank if rank is not None else widest,
            height,
            degree if degree is not None else steepest,
            value,
            form,
        )


def _product_rank(left: Item, right: Item) -> int:
    if not left.rank or not right.rank:
        return max(left.rank, right.rank)
    return max(left.rank + right.rank - 2, 0)


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()
