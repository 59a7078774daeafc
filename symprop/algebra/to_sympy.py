"""Terms to SymPy: one symbol registry, activations as atoms that keep their names.

Input: a scalar term. Output: a SymPy expression; `spelled_out` writes every activation by its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, singledispatch
from typing import Any

import sympy

from symprop.algebra.rows import bound, definition, slope
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.terms import ZERO, Add, Apply, Div, Entry, Mul, Neg, Number, Partial, Power, Ref, Term

Expr = Any  # SymPy is untyped

_PRIMITIVES: dict[str, Callable[..., Expr]] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "log1p": lambda z: sympy.log(1 + z),
    "expm1": lambda z: sympy.exp(z) - 1,
    "erf": sympy.erf,
    "erfc": lambda z: 1 - sympy.erf(z),
    "abs": sympy.Abs,
    "sign": sympy.sign,
    "step": lambda z: sympy.Heaviside(z, 0),
    "maximum": sympy.Max,
    "minimum": sympy.Min,
    "tanh": sympy.tanh,
    "pi": lambda: sympy.pi,
    "logsumexp": lambda *z: sympy.log(sympy.Add(*(sympy.exp(each) for each in z))),
}


@cache
def symbol(name: str) -> Expr:
    """The one SymPy symbol of a name; real, because everything here is."""
    return sympy.Symbol(name, real=True)


@cache
def atom(function: str) -> Callable[..., Expr]:
    """A function of the table as SymPy knows it; an activation is an atom whose derivative is its slope in output form."""
    if function in _PRIMITIVES:
        return _PRIMITIVES[function]
    if FUNCTIONS[function].rowwise:
        raise UnsupportedError(f"'{function}' works on whole rows and has no scalar SymPy form; write its entries with exp")

    def derivative(self: Expr, argindex: int = 1) -> Expr:
        return to_sympy(slope(function, argindex - 1) or ZERO, {**bound(function, self.args), "a": self})

    def numeric(self: Expr, precision: int) -> Expr:
        """The value at numbers, which SymPy compares in Max and Min."""
        return to_sympy(definition(function) or ZERO, bound(function, self.args), True)._eval_evalf(precision)

    members = {"nargs": FUNCTIONS[function].arity, "fdiff": derivative, "_eval_evalf": numeric}
    return type(function, (sympy.Function,), {**members, "_eval_is_extended_real": lambda self: True})


@singledispatch
def to_sympy(term: Term, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    """The SymPy expression of a scalar term; names in `values` are replaced, all others are real symbols.

    Raises UnsupportedError for array operations: lower them to entries first (`symprop.derive.scalar`).
    """
    raise UnsupportedError(f"{type(term).__name__} is an array operation; SymPy is given its entries instead")


@to_sympy.register
def _(term: Number, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return sympy.Rational(term.value.numerator, term.value.denominator)


@to_sympy.register
def _(term: Ref, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return symbol(term.name) if values is None or term.name not in values else values[term.name]


@to_sympy.register
def _(term: Entry, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return symbol(f"{term.name}[{','.join(str(index + 1) for index in term.indices)}]")


@to_sympy.register
def _(term: Partial, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return symbol(f"d{term.of}/d{term.wrt}")


@to_sympy.register
def _(term: Neg, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return -to_sympy(term.operand, values, spelled_out)


@to_sympy.register
def _(term: Add, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return sympy.Add(*(to_sympy(part, values, spelled_out) for part in term.terms))


@to_sympy.register
def _(term: Mul, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return sympy.Mul(*(to_sympy(part, values, spelled_out) for part in term.factors))


@to_sympy.register
def _(term: Div, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return to_sympy(term.numerator, values, spelled_out) / to_sympy(term.denominator, values, spelled_out)


@to_sympy.register
def _(term: Power, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    return to_sympy(term.base, values, spelled_out) ** to_sympy(term.exponent, values, spelled_out)


@to_sympy.register
def _(term: Apply, values: Mapping[str, Expr] | None = None, spelled_out: bool = False) -> Expr:
    arguments = [to_sympy(part, values, spelled_out) for part in term.arguments]
    written = definition(term.function) if spelled_out else None
    return atom(term.function)(*arguments) if written is None else to_sympy(written, bound(term.function, arguments), True)
