"""The shape of every term, with symbolic dimensions and NumPy's broadcasting.

Input: a term and the shapes of the names in it. Output: the term's shape, or a `ShapeError` that says what does not fit.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import reduce, singledispatch
from itertools import zip_longest
from typing import TypeAlias

from symprop.errors import InputError
from symprop.functions import FUNCTIONS
from symprop.terms.nodes import (
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
from symprop.terms.walk import children, subterms

Dimension: TypeAlias = int | str  # a symbolic dimension is named, "m" for the batch
Shape: TypeAlias = tuple[Dimension, ...]


class ShapeError(InputError):
    """Operands whose shapes do not fit together; names the operation and the shapes."""


def shown(shape: Shape) -> str:
    """A shape as Python writes it, symbolic dimensions bare: `(m, 3)`, `(3,)`, `()`."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def broadcast(left: Shape, right: Shape) -> Shape:
    """The common shape of two operands, as NumPy broadcasts: equal dimensions, or one of them 1 or missing."""
    if left == right:
        return left
    pairs = list(zip_longest(reversed(left), reversed(right), fillvalue=1))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        raise ShapeError(f"shapes {shown(left)} and {shown(right)} do not fit together")
    return tuple(b if a == 1 else a for a, b in reversed(pairs))


_SCALAR = frozenset((Number, Neg, Add, Mul, Div, Power))  # scalar where their operands are


def is_scalar(term: Term, arrays: Container[str]) -> bool:
    """Whether a term is one number because everything in it is: none of its names is one of the `arrays`."""
    for part in subterms(term):
        kind = type(part)
        if isinstance(part, Ref):
            if part.name in arrays:
                return False
        elif kind not in _SCALAR and not (isinstance(part, Apply) and not FUNCTIONS[part.function].rowwise):
            return False
    return True


@singledispatch
def shape_of(term: Term, shapes: Mapping[str, Shape]) -> Shape:
    """The shape of `term`, given the shape of every name in it; a scalar has shape ().

    Raises `ShapeError` where operands do not fit, `KeyError` for a name without a shape.
    """
    raise TypeError(f"shape_of: no case for {type(term).__name__}")


@shape_of.register
def _(term: Number, shapes: Mapping[str, Shape]) -> Shape:
    return ()


@shape_of.register
def _(term: Ref, shapes: Mapping[str, Shape]) -> Shape:
    return shapes[term.name]


@shape_of.register
def _(term: Entry, shapes: Mapping[str, Shape]) -> Shape:
    shape = shapes[term.name]
    if not shape:
        raise ShapeError(f"{term.name} is a single number, without entries")
    if len(shape) != len(term.indices):
        raise ShapeError(f"{term.name} has shape {shown(shape)}: an entry takes {len(shape)} indices, not {len(term.indices)}")
    for index, length in zip(term.indices, shape, strict=True):
        if isinstance(length, int) and not 0 <= index < length:
            raise ShapeError(f"{term.name} has shape {shown(shape)}: it has no entry with index {index + 1} (counted from 1)")
    return ()


@shape_of.register
def _(term: Partial, shapes: Mapping[str, Shape]) -> Shape:
    return broadcast(shapes[term.of], shapes[term.wrt])


@shape_of.register(Neg)
@shape_of.register(Add)
@shape_of.register(Mul)
@shape_of.register(Div)
@shape_of.register(Power)
def _(term: Term, shapes: Mapping[str, Shape]) -> Shape:
    return reduce(broadcast, (shape_of(part, shapes) for part in children(term)))


@shape_of.register
def _(term: Apply, shapes: Mapping[str, Shape]) -> Shape:
    row = FUNCTIONS[term.function]
    shape: Shape = reduce(broadcast, (shape_of(part, shapes) for part in term.arguments), ())
    if row.rowwise and not shape:
        raise ShapeError(f"'{term.function}' works along the rows of an array, not on a single number")
    return (*shape[:-1], 1) if row.reduces else shape


@shape_of.register
def _(term: MatMul, shapes: Mapping[str, Shape]) -> Shape:
    left, right = shape_of(term.left, shapes), shape_of(term.right, shapes)
    if not (1 <= len(left) <= 2 and 1 <= len(right) <= 2 and left[-1] == right[0]):
        hint = "; one sample of several numbers is a row, [[1, 2, 3]]" if len(left) == 1 and isinstance(left[0], str) else ""
        raise ShapeError(f"the matrix product of shapes {shown(left)} and {shown(right)} does not exist{hint}")
    return left[:-1] + right[1:]


@shape_of.register
def _(term: Transpose, shapes: Mapping[str, Shape]) -> Shape:
    return shape_of(term.operand, shapes)[::-1]


@shape_of.register(Sum)
@shape_of.register(Mean)
def _(term: Sum | Mean, shapes: Mapping[str, Shape]) -> Shape:
    shape = shape_of(term.operand, shapes)
    if term.axis is None:
        return (1,) * len(shape) if term.keep else ()
    if not -len(shape) <= term.axis < len(shape):
        raise ShapeError(f"shape {shown(shape)} has no axis {term.axis}")
    axis = term.axis % len(shape)
    return shape[:axis] + ((1,) if term.keep else ()) + shape[axis + 1 :]


@shape_of.register
def _(term: Broadcast, shapes: Mapping[str, Shape]) -> Shape:
    shape, target = shape_of(term.operand, shapes), shapes[term.like]
    if broadcast(shape, target) != target:
        raise ShapeError(f"shape {shown(shape)} cannot be repeated to the shape {shown(target)} of {term.like}")
    return target
