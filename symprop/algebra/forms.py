"""How a textbook writes a derivative: the form, and the name of its rule.

Input: an elementwise term and the name to differentiate by. Output: a claim; `symprop.algebra.partials` proves it before using it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, singledispatch

import sympy

from symprop.algebra.arrange import divided, filled, lowered, multiplied, raised
from symprop.algebra.from_sympy import from_sympy
from symprop.algebra.rows import bound, definition, slope
from symprop.algebra.to_sympy import symbol, to_sympy
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
    children,
    is_number,
    names_in,
    negated,
    number,
    total,
    with_children,
)

SLOPE_ONE, SLOPE_MINUS_ONE = "slope 1", "slope -1"
OF_OPPOSITE = {SLOPE_ONE: SLOPE_MINUS_ONE, SLOPE_MINUS_ONE: SLOPE_ONE}  # any other rule's name is that of -term, too
OUTPUT = "a"  # stands for the equation's own left side in a slope written in output form


def textbook_form(term: Term, slot: str) -> Term:
    """The derivative by the slot; `OUTPUT` stands for the value of an outermost function, be it called or spelled out."""
    call = _as_call(term)
    return _form(term, slot) if call is None or not _has_slopes(call) else _chain(call, slot, Ref(OUTPUT))


def rule_name(term: Term, slot: str) -> str:
    """The name printed beside the step."""
    if isinstance(term, Neg):
        rule = rule_name(term.operand, slot)
        return OF_OPPOSITE.get(rule, rule)
    if isinstance(term, Ref):
        return SLOPE_ONE
    if (call := _as_call(term)) is not None:
        return FUNCTIONS[call.function].slope_rule
    if isinstance(term, Div):
        return "quotient rule" if _uses(term.denominator, slot) else _rule_of_numerator(term.numerator, slot)
    if isinstance(term, Add):
        return "sum rule"
    return _rule_of_product((term,), slot)


def _rule_of_numerator(term: Term, slot: str) -> str:
    return "linear factor" if isinstance(term, Ref) else rule_name(term, slot)


def _rule_of_product(factors: tuple[Term, ...], slot: str) -> str:
    user, *others = (factor for factor in factors if _uses(factor, slot))
    if isinstance(user, Mul):
        return _rule_of_product(user.factors, slot)
    if others:
        return "product rule"
    if user in (Ref(slot), Neg(Ref(slot))):
        return "linear factor"
    return "power rule" if isinstance(user, Power) else "chain rule" if isinstance(user, Add) else rule_name(user, slot)


def _uses(term: Term, slot: str) -> bool:
    return slot in names_in(term)


def _as_call(term: Term) -> Apply | None:
    """The term as a call: the activation that it spells out, as 1/(1 + exp(-x)) does sigmoid(x), or the call that it is."""
    for function, written in _spellings().items():
        found: dict[str, Term] = {}
        if _matches(written, term, found):
            return Apply(function, (found["z"],))
    return term if isinstance(term, Apply) else None


@cache
def _spellings() -> Mapping[str, Term]:
    activations = [name for name, row in FUNCTIONS.items() if row.activation and row.slope and name != "identity"]
    return {name: written for name in activations if (written := definition(name)) is not None}


def _matches(pattern: Term, term: Term, found: dict[str, Term]) -> bool:
    """Whether a term is the pattern with one and the same term in the place of each name."""
    if isinstance(pattern, Ref):
        return found.setdefault(pattern.name, term) == term
    if isinstance(pattern, Number):
        return is_number(term, pattern.value)
    ours, theirs = children(pattern), children(term)
    alike = len(ours) == len(theirs) and with_children(pattern, theirs) == term
    return alike and all(_matches(a, b, found) for a, b in zip(ours, theirs, strict=True))


def _has_slopes(term: Apply) -> bool:
    return all(slope(term.function, place) is not None for place in range(len(term.arguments)))


def _chain(term: Apply, slot: str, output: Term) -> Term:
    """The chain rule: the slope by each argument that uses the slot, times the argument's own derivative."""
    places = [place for place, inner in enumerate(term.arguments) if _uses(inner, slot)]
    return total(multiplied((_slope(term, place, output), _form(term.arguments[place], slot))) for place in places)


def _slope(term: Apply, place: int, output: Term) -> Term:
    written = slope(term.function, place) or ONE
    return filled(written, {**bound(term.function, term.arguments, place), OUTPUT: output})


@singledispatch
def _form(term: Term, slot: str) -> Term:
    """One line a node: how a textbook writes the derivative of this node by the slot."""
    return ZERO


def _by_sympy(term: Term, slot: str) -> Term:
    return from_sympy(sympy.diff(to_sympy(term), symbol(slot)))


@_form.register
def _(term: Ref, slot: str) -> Term:
    return ONE if term.name == slot else ZERO


@_form.register
def _(term: Neg, slot: str) -> Term:
    return negated(_form(term.operand, slot))


@_form.register
def _(term: Add, slot: str) -> Term:
    return total(_form(part, slot) for part in term.terms)


@_form.register
def _(term: Mul, slot: str) -> Term:
    """Each factor in turn is replaced by its derivative, in its place; a square's 2 meets a factor 1/2 at the front."""
    places = [place for place, factor in enumerate(term.factors) if _uses(factor, slot)]
    return total(multiplied(_replaced(term.factors, place, _form(term.factors[place], slot))) for place in places)


def _replaced(factors: tuple[Term, ...], place: int, derivative: Term) -> tuple[Term, ...]:
    return (*factors[:place], derivative, *factors[place + 1 :])


@_form.register
def _(term: Div, slot: str) -> Term:
    """(u/v)' = u'/v - u*v'/v**2; the first part alone where v is constant, the second where u is."""
    top, bottom = term.numerator, term.denominator
    parts = [divided(_form(top, slot), bottom)] if _uses(top, slot) else []
    if _uses(bottom, slot):
        parts.append(negated(divided(multiplied((top, _form(bottom, slot))), Power(bottom, number(2)))))
    return total(parts)


@_form.register
def _(term: Power, slot: str) -> Term:
    """(u**n)' = n*u**(n - 1)*u' for an exponent n without the slot."""
    if _uses(term.exponent, slot):
        return _by_sympy(term, slot)
    return multiplied((term.exponent, raised(term.base, lowered(term.exponent)), _form(term.base, slot)))


@_form.register
def _(term: Apply, slot: str) -> Term:
    return _chain(term, slot, term) if _has_slopes(term) else _by_sympy(term, slot)
