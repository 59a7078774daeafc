"""The local partial derivative of one equation, by SymPy, in the form in which a textbook prints it.

Input: an elementwise term and the name to differentiate by. Output: `Local`, the partial and the name of its rule.

SymPy differentiates; the forms below only choose how the answer is written, and a form is used only after its difference from
SymPy's derivative has been shown to be zero. Equations of one shape (w1*i1, w2*i2, ...) are differentiated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, singledispatch

import sympy

from symprop.algebra.from_sympy import from_sympy
from symprop.algebra.rows import slope
from symprop.algebra.to_sympy import Expr, symbol, to_sympy
from symprop.functions import FUNCTIONS
from symprop.terms import (
    ONE,
    ZERO,
    Add,
    Apply,
    Div,
    Mul,
    Neg,
    Number,
    Power,
    Ref,
    Term,
    names_in,
    negated,
    number,
    power,
    product,
    quotient,
    substitute,
    total,
)

OUTPUT = "a"  # stands for the equation's own left side in a slope written in output form


@dataclass(frozen=True, slots=True)
class Local:
    """A local partial derivative and the rule that gave it."""

    term: Term
    rule: str


def local_partial(term: Term, wrt: str, output: str | None = None) -> Local:
    """d`term`/d`wrt` for an elementwise term; where `output` names the term's value, a slope is written in it.

    `out = sigmoid(net)` gives `out*(1 - out)`; `1/2*(target - out)**2` by out gives `-(target - out)`.
    """
    return local_partials(term, output)[wrt]


def local_partials(term: Term, output: str | None = None) -> dict[str, Local]:
    """The local partial by every name in an elementwise term, in order of first appearance; one walk over its addends."""
    found: dict[str, list[Local]] = {}
    for part in term.terms if isinstance(term, Add) else (term,):
        names = names_in(part)
        for name in names:
            found.setdefault(name, []).append(_of_addend(part, names, name, output if part is term else None))
    return {name: each[0] if len(each) == 1 else _summed(each) for name, each in found.items()}


def _summed(parts: list[Local]) -> Local:
    return Local(total(part.term for part in parts), "sum rule")


def _of_addend(term: Term, names: tuple[str, ...], wrt: str, output: str | None) -> Local:
    slots = {name: Ref(f"p{position}") for position, name in enumerate(names)}
    pattern = _of_pattern(substitute(term, slots), slots[wrt].name)
    back: dict[str, Term] = {slots[name].name: Ref(name) for name in names}
    back[OUTPUT] = Ref(output) if output else term
    return Local(substitute(pattern.term, back), pattern.rule)


@cache
def _of_pattern(pattern: Term, slot: str) -> Local:
    derivative = sympy.diff(to_sympy(pattern), symbol(slot))
    written = Local(_written(pattern, slot), _rule(pattern, slot))
    if _equal(to_sympy(written.term, {OUTPUT: to_sympy(pattern)}), derivative):
        return written
    return Local(from_sympy(derivative), "chain rule")


def _equal(left: Expr, right: Expr) -> bool:
    difference = sympy.expand(left - right)
    return bool(difference == 0 or sympy.cancel(difference) == 0)


def _written(term: Term, slot: str) -> Term:
    """The textbook form of the derivative; `OUTPUT` stands for the value of an outermost function."""
    if isinstance(term, Apply) and len(term.arguments) == 1 and slope(term.function) is not None:
        return _chain(term, slot, Ref(OUTPUT))
    return _form(term, slot)


def _chain(term: Apply, slot: str, output: Term) -> Term:
    (inner,) = term.arguments
    outer = substitute(slope(term.function) or ONE, {"z": inner, OUTPUT: output})
    return product((outer, _form(inner, slot)))


def _uses(term: Term, slot: str) -> bool:
    return slot in names_in(term)


@singledispatch
def _form(term: Term, slot: str) -> Term:
    """One line a node: how a textbook writes the derivative of this node by the slot."""
    return ZERO


@_form.register
def _(term: Number, slot: str) -> Term:
    return ZERO


@_form.register
def _(term: Ref, slot: str) -> Term:
    return ONE if term.name == slot else ZERO


@_form.register
def _(term: Neg, slot: str) -> Term:
    return negated(_form(term.operand, slot))


@_form.register
def _(term: Add, slot: str) -> Term:
    return total(_form(part, slot) for part in term.terms if _uses(part, slot))


@_form.register
def _(term: Mul, slot: str) -> Term:
    """The factor is replaced by its derivative in its place; a square's 2 meets a factor 1/2 at the front."""
    places = [place for place, factor in enumerate(term.factors) if _uses(factor, slot)]
    return total(_merged(_replaced(term.factors, place, _form(term.factors[place], slot))) for place in places)


def _replaced(factors: tuple[Term, ...], place: int, derivative: Term) -> Term:
    return product((*factors[:place], derivative, *factors[place + 1 :]))


def _merged(term: Term) -> Term:
    """A product's numbers multiplied into one, at its front."""
    if isinstance(term, Neg):
        return negated(_merged(term.operand))
    if not isinstance(term, Mul):
        return term
    numbers = [part for part in term.factors if isinstance(part, Number)]
    if len(numbers) < 2:
        return term
    value = numbers[0].value
    for part in numbers[1:]:
        value *= part.value
    return product((number(value), *(part for part in term.factors if not isinstance(part, Number))))


@_form.register
def _(term: Div, slot: str) -> Term:
    if _uses(term.denominator, slot):
        return from_sympy(sympy.diff(to_sympy(term), symbol(slot)))
    return quotient(_form(term.numerator, slot), term.denominator)


@_form.register
def _(term: Power, slot: str) -> Term:
    if not isinstance(term.exponent, Number) or term.exponent.value.denominator != 1 or term.exponent.value < 2:
        return from_sympy(sympy.diff(to_sympy(term), symbol(slot)))
    lowered = power(term.base, int(term.exponent.value) - 1)
    return _merged(product((number(int(term.exponent.value)), lowered, _form(term.base, slot))))


@_form.register
def _(term: Apply, slot: str) -> Term:
    if len(term.arguments) == 1 and slope(term.function) is not None:
        return _chain(term, slot, term)
    return from_sympy(sympy.diff(to_sympy(term), symbol(slot)))


def _rule(term: Term, slot: str) -> str:
    """The name printed beside the step."""
    bare = term.operand if isinstance(term, Neg) else term
    if isinstance(bare, Div) and _uses(bare.numerator, slot):
        return _rule(bare.numerator, slot)
    if bare == Ref(slot):
        return "identity"
    if isinstance(bare, Apply):
        return FUNCTIONS[bare.function].slope_rule or "chain rule"
    if isinstance(bare, Mul) and bare.factors.count(Ref(slot)) == 1 and sum(_uses(f, slot) for f in bare.factors) == 1:
        return "linear factor"
    return "power rule" if any(isinstance(part, Power) for part in (bare, *getattr(bare, "factors", ()))) else "chain rule"


