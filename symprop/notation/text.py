"""Terms in a line of text: the Python notation that `symprop.language.read` reads back to the same tree.

Input: a term. Output: text such as `w0 - alpha*(out - target)*w2` or `L1.T @ delta_2`; entries are counted from 1.
"""

from __future__ import annotations

from functools import singledispatch

from symprop.notation.precedence import ATOM, POWER, PRODUCT, SIGN, text_level
from symprop.terms import (
    Add,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
)


@singledispatch
def text(term: Term) -> str:
    """The term in Python notation, in the author's order, with no more brackets than its tree needs."""
    raise TypeError(f"text: no case for {type(term).__name__}")


@text.register
def _(term: Number) -> str:
    return term.text


@text.register
def _(term: Ref) -> str:
    return term.name


@text.register
def _(term: Entry) -> str:
    return f"{term.name}[{','.join(str(index + 1) for index in term.indices)}]"


@text.register
def _(term: Partial) -> str:
    return f"d{term.of}/d{term.wrt}"


@text.register
def _(term: Neg) -> str:
    return f"-{_bracketed(term.operand, PRODUCT)}"


@text.register
def _(term: Add) -> str:
    first, *rest = term.terms
    return _bracketed(first, SIGN) + "".join(map(_addend, rest))


@text.register
def _(term: Mul) -> str:
    first, *rest = term.factors
    start = text(first) if _is_quotient(first) else _bracketed(first, POWER)
    return "*".join([start, *(_bracketed(factor, POWER) for factor in rest)])


@text.register
def _(term: Div) -> str:
    opened = isinstance(term.numerator, Mul) or _is_quotient(term.numerator)
    return f"{text(term.numerator) if opened else _bracketed(term.numerator, POWER)}/{_bracketed(term.denominator, POWER)}"


@text.register
def _(term: Power) -> str:
    return f"{_bracketed(term.base, ATOM)}**{_bracketed(term.exponent, POWER)}"


@text.register
def _(term: Apply) -> str:
    return f"{term.function}({', '.join(map(text, term.arguments))})" if term.arguments else term.function


@text.register
def _(term: MatMul) -> str:
    left = text(term.left) if isinstance(term.left, MatMul) else _bracketed(term.left, POWER)
    return f"{left} @ {_bracketed(term.right, POWER)}"


@text.register
def _(term: Transpose) -> str:
    return f"{_bracketed(term.operand, ATOM)}.T"


@text.register
def _(term: Sum) -> str:
    return f"sum({_reduced(term)})"


@text.register
def _(term: Mean) -> str:
    return f"mean({_reduced(term)})"


@text.register
def _(term: Broadcast) -> str:
    return f"broadcast({text(term.operand)}, like={term.like})"


def _bracketed(term: Term, least: int) -> str:
    return text(term) if text_level(term) >= least else f"({text(term)})"


def _is_quotient(term: Term) -> bool:
    """Whether a term is written with a slash, which the next sign does not undo: `1/2*x`, `a/b/c`."""
    return isinstance(term, Div) or (isinstance(term, Number) and "/" in term.text and term.value > 0)


def _addend(term: Term) -> str:
    if isinstance(term, Neg):
        return f" - {_bracketed(term.operand, PRODUCT)}"
    return f" + {_bracketed(term, PRODUCT)}"


def _reduced(term: Sum | Mean) -> str:
    axis = "" if term.axis is None else f", axis={term.axis}"
    return text(term.operand) + axis + ", keepdims=True" * term.keep
