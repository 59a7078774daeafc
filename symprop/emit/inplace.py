"""Expressions of NumPy that need no new memory: each operation writes into an array that was made before.

Input: a term and the `Memory` for its value. Output: one expression, `np.add(np.matmul(X, W1, out=Z1), b1, out=Z1)`, or None.

An operation's first operand that is an operation of the same shape is computed in the same memory; a second one gets memory of
its own, as NumPy gives it. The order of the operations is the author's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

from symprop.algebra.rows import bound
from symprop.emit.functions import called, form
from symprop.emit.helpers import NUMPY_FUNCTIONS, WHOLE, repeated
from symprop.emit.spelling import Dialect, conditions, spelled
from symprop.graph import Shape
from symprop.terms import Add, Apply, Div, MatMul, Mul, Neg, Number, Power, Ref, Sum, Term, Transpose, is_number, size, substitute
from symprop.terms.shapes import shape_of

_CALL = re.compile(r"(np\.\w+)\(\{\}(?:, \{\})?\)")
UFUNCS: Mapping[str, str] = {name: match[1] for name, call in NUMPY_FUNCTIONS.items() if (match := _CALL.fullmatch(call))}
MOST_NODES = 12  # a function with a longer form is called by its name


@dataclass(frozen=True)
class Memory:
    """An array by its identifier, and the words in which expressions are written."""

    name: str
    shape: Shape
    shapes: Mapping[str, Shape]
    dialect: Dialect

    def call(self, function: str, *operands: Term | str, held: bool = False) -> str:
        """`function(a, b, out=name)`; texts stand as they are, `held` says that one of them is in this memory already."""
        texts: list[str] = []
        for operand in operands:
            inner = None if held or isinstance(operand, str) else self._inside(operand)
            held = held or inner is not None
            texts.append(operand if isinstance(operand, str) else inner or spelled(operand, self.dialect))
        return f"{function}({', '.join(texts)}, out={self.name})"

    def _inside(self, operand: Term) -> str | None:
        simple = isinstance(operand, (Ref, Number, Transpose)) or shape_of(operand, self.shapes) != self.shape
        return None if simple else into(operand, self)


def written(term: Term, memory: Memory) -> str | None:
    """As `into`, and None also where what lies in the memory would be read after something is written there."""
    text = into(term, memory)
    return text if text is None or reads(text, memory.name) == reads(first_read(text), memory.name) else None


def reads(text: str, name: str) -> int:
    """How often an expression reads a name."""
    return len(re.findall(rf"(?<!out=)\b{name}\b", text))


def first_read(text: str) -> str:
    """The operands of the call that writes first: those up to the first `out=`, back to the bracket that is open there."""
    read, closed = text.split(", out=")[0], 0
    for place in reversed(range(len(read))):
        closed += (read[place] == ")") - (read[place] == "(")
        if closed < 0:
            return read[place:]
    return read


@singledispatch
def into(term: Term, memory: Memory) -> str | None:
    """An expression that leaves the term's value in the memory; None where it needs memory of its own."""
    return None


@into.register
def _(term: Neg, memory: Memory) -> str | None:
    return memory.call("np.negative", term.operand)


@into.register
def _(term: Add, memory: Memory) -> str | None:
    first, *others = term.terms
    text: Term | str = first
    for other in others:
        text = _added(text, other, memory)
    return str(text)


def _added(text: Term | str, other: Term, memory: Memory) -> str:
    held = isinstance(text, str)
    if isinstance(other, Neg):
        return memory.call("np.subtract", text, other.operand, held=held)
    return memory.call("np.add", text, other, held=held)


@into.register
def _(term: Mul, memory: Memory) -> str | None:
    known = conditions(term, memory.dialect)
    first, *others = (known.get(place, part) for place, part in enumerate(term.factors))
    text, held = first, False
    for other in others:
        text, held = memory.call("np.multiply", text, other, held=held), True
    return str(text)


@into.register
def _(term: Div, memory: Memory) -> str | None:
    return memory.call("np.divide", term.numerator, term.denominator)


@into.register
def _(term: Power, memory: Memory) -> str | None:
    return memory.call("np.square", term.base) if is_number(term.exponent, 2) else memory.call("np.power", term.base, term.exponent)


@into.register
def _(term: MatMul, memory: Memory) -> str | None:
    return memory.call("np.matmul", spelled(term.left, memory.dialect), spelled(term.right, memory.dialect))


@into.register
def _(term: Sum, memory: Memory) -> str | None:
    if term.axis is None:
        return None
    keep = ", keepdims=True" if term.keep else ""
    return memory.call("np.sum", spelled(term.operand, memory.dialect), f"axis={term.axis}{keep}")


@into.register
def _(term: Apply, memory: Memory) -> str | None:
    if term.function in UFUNCS:
        return memory.call(UFUNCS[term.function], *term.arguments)
    written = None if term.function in WHOLE else form(term.function)
    if written is None or size(written) > MOST_NODES or repeated(written) is not None or not UFUNCS.keys() >= {*called(written)}:
        return None
    return into(substitute(written, bound(term.function, term.arguments)), memory)
