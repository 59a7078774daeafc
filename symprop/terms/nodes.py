"""The tree in which equations and derivation steps live: frozen nodes, in the author's own order.

Input: nothing. Output: the node types that every reader (LaTeX, SymPy, NumPy, ...) knows, and `NODE_TYPES`, the list of them.

A scalar is an array of shape (); scalar and array networks use the same nodes. Brackets are not nodes: a nested
`Mul` inside a `Mul` is one the author bracketed, and readers bracket by precedence. Nothing is ever re-sorted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


class Term:
    """Base of all nodes. Nodes are immutable, hashable and compare by structure."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number(Term):
    """An exact rational number, with the text in which the author wrote it (`0.20`, `1/2`, `2e-3`)."""

    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Ref(Term):
    """A reference to a named quantity: an input, parameter, intermediate, gradient, learning rate or batch size."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry(Term):
    """One entry of a named array, `Wo[1,1]` on paper; `indices` are 0-based here and 1-based in every text."""

    name: str
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Partial(Term):
    """The symbol of a partial derivative, d`of`/d`wrt`; a notation, not an operation."""

    of: str
    wrt: str


@dataclass(frozen=True, slots=True)
class Neg(Term):
    """-x. A difference a - b is `Add((a, Neg(b)))`."""

    operand: Term


@dataclass(frozen=True, slots=True)
class Add(Term):
    """A sum of two or more terms, in the author's order, broadcasting as NumPy does."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Mul(Term):
    """An elementwise product of two or more factors, in the author's order, broadcasting as NumPy does."""

    factors: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Div(Term):
    """numerator / denominator, elementwise."""

    numerator: Term
    denominator: Term


@dataclass(frozen=True, slots=True)
class Power(Term):
    """base ** exponent, elementwise; the exponent is most often an integer `Number`."""

    base: Term
    exponent: Term


@dataclass(frozen=True, slots=True)
class Apply(Term):
    """A function of the table in `symprop.functions`, applied elementwise or along rows as its row says."""

    function: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class MatMul(Term):
    """The matrix product left @ right; (n, k) @ (k, p) -> (n, p)."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Transpose(Term):
    """The transpose of a matrix; (n, k) -> (k, n)."""

    operand: Term


@dataclass(frozen=True, slots=True)
class Sum(Term):
    """The sum over `axis`, or over all entries when it is None; `keep` leaves a summed axis with length 1."""

    operand: Term
    axis: int | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Mean(Term):
    """The mean over `axis`, or over all entries when it is None; `keep` leaves an averaged axis with length 1."""

    operand: Term
    axis: int | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Broadcast(Term):
    """`operand` repeated to the shape of the named quantity `like`, as NumPy's broadcasting does."""

    operand: Term
    like: str


NODE_TYPES: tuple[type[Term], ...] = (
    Number,
    Ref,
    Entry,
    Partial,
    Neg,
    Add,
    Mul,
    Div,
    Power,
    Apply,
    MatMul,
    Transpose,
    Sum,
    Mean,
    Broadcast,
)
