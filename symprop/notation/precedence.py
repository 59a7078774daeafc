"""How tightly each node binds: the one table by which every printer sets brackets.

Input: a term. Output: its level as text in a line, and as displayed mathematics, where a fraction's bar is a bracket of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symprop.terms import NODE_TYPES, Add, Div, MatMul, Mul, Neg, Number, Partial, Power, Sum, Term, Transpose

SUM, SIGN, PRODUCT, POWER, ATOM = range(1, 6)

_ATOMS = dict.fromkeys(NODE_TYPES, ATOM)
IN_TEXT: Mapping[type[Term], int] = MappingProxyType(
    _ATOMS | {Add: SUM, Neg: SIGN, Mul: PRODUCT, Div: PRODUCT, MatMul: PRODUCT, Partial: PRODUCT, Power: POWER}
)
DISPLAYED: Mapping[type[Term], int] = MappingProxyType(
    _ATOMS
    | {Add: SUM, Neg: SIGN, Mul: PRODUCT, MatMul: PRODUCT, Sum: PRODUCT}
    | {Div: POWER, Partial: POWER, Power: POWER, Transpose: POWER}
)


def text_level(term: Term) -> int:
    """The level of a term written in a line of text."""
    if isinstance(term, Number):
        return SIGN if term.text.startswith("-") else PRODUCT if "/" in term.text else ATOM
    return IN_TEXT[type(term)]
