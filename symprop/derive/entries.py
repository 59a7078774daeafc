"""The entries of an array term as scalar terms.

Input: a term and, for each array name in it, the array of its entries' scalar terms. Output: an object array of scalar terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce, singledispatch
from typing import Any, TypeAlias

import numpy as np

from symprop.algebra.rows import bound, definition
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
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
    difference,
    negated,
    number,
    product,
    quotient,
    total,
)

Block: TypeAlias = Any  # an object array of scalar terms, which NumPy cannot type; a scalar has shape ()
Blocks: TypeAlias = Mapping[str, Block]


def block(term: Term) -> Block:
    """One scalar term as a block of shape ()."""
    made = np.empty((), dtype=object)
    made[()] = term
    return made


def _each(make: Callable[..., Term], *operands: Block) -> Block:
    """`make` applied entry by entry, with NumPy's broadcasting."""
    spread = np.broadcast_arrays(*operands)
    made = np.empty(spread[0].shape, dtype=object)
    for place in np.ndindex(made.shape):
        made[place] = make(*(operand[place] for operand in spread))
    return made


def entries_like(term: Term, name: str, blocks: Blocks) -> Block:
    """The entries of the term that defines the quantity of this name, one for each entry of the quantity."""
    return np.broadcast_to(entries(term, blocks), blocks[name].shape if name in blocks else ())


@singledispatch
def entries(term: Term, blocks: Blocks) -> Block:
    """The entries of `term`; a name missing in `blocks` is a scalar and stands for itself."""
    raise TypeError(f"entries: no case for {type(term).__name__}")


@entries.register(Number)
@entries.register(Partial)
def _(term: Term, blocks: Blocks) -> Block:
    return block(term)


@entries.register
def _(term: Ref, blocks: Blocks) -> Block:
    return blocks[term.name] if term.name in blocks else block(term)


@entries.register
def _(term: Entry, blocks: Blocks) -> Block:
    return block(blocks[term.name][term.indices])


@entries.register
def _(term: Neg, blocks: Blocks) -> Block:
    return _each(negated, entries(term.operand, blocks))


@entries.register
def _(term: Add, blocks: Blocks) -> Block:
    return _each(lambda *parts: total(parts), *(entries(part, blocks) for part in term.terms))


@entries.register
def _(term: Mul, blocks: Blocks) -> Block:
    return _each(lambda *parts: product(parts), *(entries(part, blocks) for part in term.factors))


@entries.register
def _(term: Div, blocks: Blocks) -> Block:
    return _each(quotient, entries(term.numerator, blocks), entries(term.denominator, blocks))


@entries.register
def _(term: Power, blocks: Blocks) -> Block:
    return _each(Power, entries(term.base, blocks), entries(term.exponent, blocks))


@entries.register
def _(term: Apply, blocks: Blocks) -> Block:
    if not term.arguments:
        return block(term)  # a constant: pi
    arguments = [entries(part, blocks) for part in term.arguments]
    if not FUNCTIONS[term.function].rowwise:
        return _each(lambda *parts: Apply(term.function, parts), *arguments)
    if term.function in ROWS:
        return ROWS[term.function](*np.broadcast_arrays(*arguments))
    written = definition(term.function)
    if written is None:
        raise UnsupportedError(f"'{term.function}' has no form entry by entry")
    return entries(written, bound(term.function, arguments))


def _logsumexp(rows: Block) -> Block:
    return np.apply_along_axis(lambda row: block(Apply("logsumexp", tuple(row))), -1, rows)[..., np.newaxis]


def _softmax(rows: Block) -> Block:
    """exp(z_k - logsumexp(z_1, ..., z_n)), which never overflows, for exp(z_k)/(exp(z_1) + ... + exp(z_n))."""
    return _each(lambda part, whole: Apply("exp", (difference(part, whole),)), rows, _logsumexp(rows))


def _cross_entropy(rows: Block, targets: Block) -> Block:
    weighted = _each(lambda target, part: product((target, part)), targets, rows)
    return _each(difference, _logsumexp(rows), _summed(weighted, -1, True))


# Functions along rows that are written otherwise, entry by entry, than their definition says; the tests prove them equal to it.
ROWS: dict[str, Callable[..., Block]] = {"softmax": _softmax, "softmax_cross_entropy": _cross_entropy}


@entries.register
def _(term: MatMul, blocks: Blocks) -> Block:
    left, right = entries(term.left, blocks), entries(term.right, blocks)
    rows, columns = np.atleast_2d(left), right if right.ndim == 2 else right[:, np.newaxis]  # as NumPy multiplies vectors
    made = np.empty((rows.shape[0], columns.shape[1]), dtype=object)
    for row, column in np.ndindex(made.shape):
        made[row, column] = total(product(pair) for pair in zip(rows[row], columns[:, column], strict=True))
    return made.reshape(left.shape[:-1] + right.shape[1:])


@entries.register
def _(term: Transpose, blocks: Blocks) -> Block:
    return entries(term.operand, blocks).T


def _summed(operand: Block, axis: int | None, keep: bool) -> Block:
    if axis is None:
        return block(total(operand.flat))
    slices = [np.take(operand, place, axis) for place in range(operand.shape[axis])]
    summed = reduce(lambda a, b: _each(lambda x, y: total((x, y)), a, b), slices)
    return np.expand_dims(summed, axis) if keep else summed


@entries.register
def _(term: Sum, blocks: Blocks) -> Block:
    return _summed(entries(term.operand, blocks), term.axis, term.keep)


@entries.register
def _(term: Mean, blocks: Blocks) -> Block:
    operand = entries(term.operand, blocks)
    count = operand.size if term.axis is None else operand.shape[term.axis]
    return _each(lambda part: quotient(part, number(count)), _summed(operand, term.axis, term.keep))


@entries.register
def _(term: Broadcast, blocks: Blocks) -> Block:
    return np.broadcast_to(entries(term.operand, blocks), blocks[term.like].shape)
