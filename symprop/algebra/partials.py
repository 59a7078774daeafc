"""The local partial derivative of one equation, by SymPy, in the form in which a textbook prints it.

Input: an elementwise term and the name to differentiate by. Output: `Local`, the partial and the name of its rule.

SymPy differentiates; the forms of `symprop.algebra.forms` only choose how the answer is written, and a form is used only after its
difference from SymPy's derivative has been shown to be zero. Equations of one shape (w1*i1, w2*i2, ...) are differentiated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy

from symprop.algebra.forms import OUTPUT, rule_name, textbook_form
from symprop.algebra.from_sympy import from_sympy
from symprop.algebra.to_sympy import Expr, symbol, to_sympy
from symprop.terms import Add, Div, Mul, Neg, Number, Ref, Term, names_in, substitute, total


@dataclass(frozen=True, slots=True)
class Local:
    """A local partial derivative and the rule that gave it."""

    term: Term
    rule: str


def local_partials(term: Term, output: str | None = None) -> dict[str, Local]:
    """The local partial by every name in an elementwise term, in order of first appearance; one walk over its addends.

    Where `output` names the term's value, a slope is written in it: `out = sigmoid(net)` gives `out*(1 - out)`.
    """
    found: dict[str, list[Local]] = {}
    for addend in term.terms if isinstance(term, Add) else (term,):
        for name, part in _users(addend).items():
            found.setdefault(name, []).append(_of_addend(part, names_in(part), name, output if part == term else None))
    return {name: each[0] if len(each) == 1 else _summed(each) for name, each in found.items()}


def _users(addend: Term) -> dict[str, Term]:
    """For each name the part of a scaled sum that uses it, or the whole where several do: no long sum is differentiated."""
    users: dict[str, Term] = {}
    for part in _scaled_parts(addend):
        for name in names_in(part):
            users[name] = addend if name in users else part
    return users


def _scaled_parts(term: Term) -> tuple[Term, ...]:
    """The parts of -(a + b), 1/2*(a + b) and (a + b)/3, each with the scale."""
    if isinstance(term, Add):
        return term.terms
    if isinstance(term, Neg):
        return tuple(Neg(part) for part in _scaled_parts(term.operand))
    if isinstance(term, Div) and isinstance(term.denominator, Number):
        return tuple(Div(part, term.denominator) for part in _scaled_parts(term.numerator))
    if isinstance(term, Mul) and all(isinstance(factor, Number) for factor in term.factors[:-1]):
        return tuple(Mul((*term.factors[:-1], part)) for part in _scaled_parts(term.factors[-1]))
    return (term,)


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
    written = textbook_form(pattern, slot)
    values = {OUTPUT: to_sympy(pattern)}
    if _equal(to_sympy(written, values), derivative) or _equal(to_sympy(written, values, spelled_out=True), derivative):
        return Local(written, rule_name(pattern, slot))
    return Local(from_sympy(derivative), "chain rule")


def _equal(left: Expr, right: Expr) -> bool:
    """Whether two expressions agree, kinks apart: there the convention of the function's row decides."""
    difference = sympy.expand(_off_kinks(left - right))
    return bool(difference == 0 or sympy.cancel(difference) == 0)


def _off_kinks(expression: Expr) -> Expr:
    """Without what differs only where a step jumps: its slope, and its value there."""
    flat = expression.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
    return flat.replace(sympy.Heaviside, lambda z, *_: sympy.Heaviside(z))
