"""How a gradient passes back through one equation: SymPy's local partials, and the rules of array operations.

Input: an equation and dE/d(its left side). Output: the contributions to the gradients of the quantities that it uses.

An equation is an elementwise skeleton over operands: names, and array operations (matrix product, sum, mean, ...) whose
operands are skeletons again. Elementwise slopes are SymPy's; each array rule is a row proved entry by entry in the tests.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import singledispatch

from symprop.algebra.arrange import divided, filled, multiplied
from symprop.algebra.arrays import MATRIX
from symprop.algebra.partials import Local, local_partials
from symprop.algebra.rows import bound, slope
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Dimension, Equation, Graph, Shape
from symprop.terms import (
    ONE,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Ref,
    Sum,
    Term,
    Transpose,
    negated,
    number,
    product,
    quotient,
    rebuild,
    substitute,
)
from symprop.terms.shapes import shape_of


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one equation adds to the gradient of `quantity`; `local` is None behind an array rule."""

    quantity: str
    rule: str
    local: Term | None
    term: Term


def contributions(graph: Graph, equation: Equation, upstream: Term) -> Iterator[Contribution]:
    """The contributions of an equation, one for each operand it uses, in the author's order."""
    shape = graph.shape(equation.name)
    symbols = {upstream.name: shape} if isinstance(upstream, Ref) else {}
    equation_pass = _Pass(ChainMap(symbols, graph.shapes), equation, upstream, graph.dimensions)
    for found in equation_pass.through(equation.term, upstream, shape):
        local = None if found.local is None else _named(found.local, graph)
        yield replace(found, local=local, term=_named(found.term, graph))


def _named(term: Term, graph: Graph) -> Term:
    """A call whose value has a name, by that name: a fused loss passes back `out - target`, not `sigmoid(net) - target`."""
    return rebuild(term, lambda part: Ref(graph.calls[part]) if isinstance(part, Apply) and part in graph.calls else None)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One equation's backward pass; `upstream` is dE/d(left side), whose symbol is in `shapes` too; `dimensions` are counts."""

    shapes: Mapping[str, Shape]
    equation: Equation
    upstream: Term
    dimensions: frozenset[str]

    def through(self, term: Term, adjoint: Term, shape: Shape) -> Iterator[Contribution]:
        """The contributions of an elementwise skeleton whose value has the given adjoint and shape."""
        scale, received = self.split(adjoint)
        skeleton, operands = _skeleton(_scaled(term, scale))
        whole = self.equation.name if term is self.equation.term and scale == ONE else None
        for slot, local in self._locals(skeleton, whole).items():
            operand = operands[slot]
            yield from self._into(operand, Local(substitute(local.term, operands), local.rule), received, shape)

    def _locals(self, skeleton: Term, whole: str | None) -> dict[str, Local]:
        try:
            return local_partials(skeleton, whole)
        except UnsupportedError as refusal:
            raise UnsupportedError(f"{self.equation.name}: {refusal}") from None

    def _into(self, operand: Term, local: Local, received: Term, spread: Shape) -> Iterator[Contribution]:
        adjoint = product((received, local.term))
        if isinstance(operand, Ref):
            fitted = self.fitted(adjoint, operand.name, spread)
            slope = local.term if received == self.upstream and fitted == adjoint else None
            yield Contribution(operand.name, local.rule, slope, fitted)
        else:
            yield from _operation(operand, self.collected(adjoint, self.shape(operand), spread), self)

    def split(self, adjoint: Term) -> tuple[Term, Term]:
        """A bare number, or one over a count, belongs to the slope; anything else is received along the path."""
        bare = adjoint.operand if isinstance(adjoint, Neg) else adjoint
        top, bottom = (bare.numerator, bare.denominator) if isinstance(bare, Div) else (bare, ONE)
        counts = bottom.factors if isinstance(bottom, Mul) else (bottom,)
        known = all(isinstance(part, Number) or (isinstance(part, Ref) and part.name in self.dimensions) for part in counts)
        return (adjoint, ONE) if isinstance(top, Number) and known else (ONE, adjoint)

    def fitted(self, adjoint: Term, name: str, spread: Shape) -> Term:
        """The adjoint brought to the quantity's own shape: collected along broadcast axes, or repeated."""
        target = self.shapes[name]
        collected = self.collected(adjoint, target, spread)
        return collected if self.shape(collected) == target else Broadcast(collected, name)

    def collected(self, adjoint: Term, target: Shape, spread: Shape) -> Term:
        """The adjoint summed, or counted where it is constant, along the axes on which `target` was repeated to `spread`."""
        have = self.shape(adjoint)
        counts = [_count(length) for axis, length in _from_the_right(spread) if _axis(target, axis) != length != _axis(have, axis)]
        return _summed(multiplied((*counts, adjoint)) if counts else adjoint, have, target)

    def shape(self, term: Term) -> Shape:
        """The shape of a term over this graph's quantities and the upstream gradient."""
        return shape_of(term, self.shapes)


def _from_the_right(shape: Shape) -> list[tuple[int, Dimension]]:
    return [(-place, shape[-place]) for place in range(1, len(shape) + 1)]


def _axis(shape: Shape, axis: int) -> Dimension | None:
    return shape[axis] if -axis <= len(shape) else None


def _elementwise(term: Term) -> bool:
    if isinstance(term, Apply):
        return not FUNCTIONS[term.function].rowwise
    return not isinstance(term, (Entry, MatMul, Transpose, Sum, Mean, Broadcast))


def _skeleton(term: Term) -> tuple[Term, dict[str, Term]]:
    """The elementwise part of a term, each array operation in it replaced by a slot; the operands by slot."""
    operands: dict[str, Term] = {}

    def replace(part: Term) -> Term | None:
        if isinstance(part, Ref):
            operands.setdefault(part.name, part)
            return part
        if _elementwise(part):
            return None
        slot = next((name for name, known in operands.items() if known == part), f"operand {len(operands) + 1}")
        operands[slot] = part
        return Ref(slot)

    return rebuild(term, replace), operands


def _scaled(term: Term, scale: Term) -> Term:
    if isinstance(scale, Neg):
        return negated(_scaled(term, scale.operand))
    if isinstance(scale, Div):
        return quotient(product((scale.numerator, term)), scale.denominator)
    return product((scale, term)) if scale != ONE else term


def _count(length: int | str) -> Term:
    return Ref(length) if isinstance(length, str) else number(length)


def _summed(term: Term, shape: Shape, target: Shape) -> Term:
    """Summed over the axes along which broadcasting had repeated the target."""
    if not target:
        return Sum(term) if shape else term
    if len(shape) > len(target):
        return _summed(Sum(term, 0), shape[1:], target)
    for axis, (have, want) in enumerate(zip(shape, target[len(target) - len(shape) :], strict=True)):
        if have != want and want == 1:
            return _summed(Sum(term, axis, True), (*shape[:axis], 1, *shape[axis + 1 :]), target)
    return term


@singledispatch
def _operation(operation: Term, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """The rule of an array operation: from the adjoint of its value to those of its operands."""
    raise UnsupportedError(f"{context.equation.name}: no gradient rule for {type(operation).__name__} inside an equation")


def _inner(operand: Term, adjoint: Term, context: _Pass, rule: str) -> Iterator[Contribution]:
    if isinstance(operand, Ref):
        yield Contribution(operand.name, rule, None, context.fitted(adjoint, operand.name, context.shape(adjoint)))
    else:
        yield from context.through(operand, adjoint, context.shape(operand))


@_operation.register
def _(operation: MatMul, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """C = A @ B: dA = dC @ B.T, dB = A.T @ dC."""
    if any(len(context.shape(operand)) != MATRIX for operand in (operation.left, operation.right)):
        advice = "write a vector as a row, [[1, 2, 3]], or as a column, [[1], [2], [3]]"
        raise UnsupportedError(f"{context.equation.name}: no gradient rule for a matrix product with a vector; {advice}")
    full = _full(adjoint, operation, context)
    yield from _inner(operation.left, MatMul(full, _transposed(operation.right)), context, "matrix product")
    yield from _inner(operation.right, MatMul(_transposed(operation.left), full), context, "matrix product")


def _full(adjoint: Term, operation: Term, context: _Pass) -> Term:
    if context.shape(adjoint) == context.shape(operation):
        return adjoint
    raise UnsupportedError(
        f"{context.equation.name}: give the matrix product inside this equation a name of its own, in an equation before it"
    )


def _transposed(term: Term) -> Term:
    return term.operand if isinstance(term, Transpose) else Transpose(term)


@_operation.register
def _(operation: Transpose, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """B = A.T: dA = dB.T."""
    return _inner(operation.operand, _transposed(_full(adjoint, operation, context)), context, "transpose")


@_operation.register
def _(operation: Sum, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """s = sum of A: every entry receives ds."""
    _keeps_axis(operation, context)
    yield from context.through(operation.operand, adjoint, context.shape(operation.operand))


@_operation.register
def _(operation: Mean, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """s = mean of A over n entries: every entry receives ds / n."""
    _keeps_axis(operation, context)
    shape = context.shape(operation.operand)
    lengths = shape if operation.axis is None else (shape[operation.axis],)
    count = multiplied(_count(length) for length in lengths)
    yield from context.through(operation.operand, divided(adjoint, count), shape)


def _keeps_axis(operation: Sum | Mean, context: _Pass) -> None:
    last_axis = operation.axis is not None and operation.axis > 0
    if last_axis and not operation.keep:
        raise UnsupportedError(f"{context.equation.name}: a sum or mean along axis {operation.axis} needs keepdims=True")


@_operation.register
def _(operation: Apply, adjoint: Term, context: _Pass) -> Iterator[Contribution]:
    """A function along rows: what its row of the table passes back to each argument."""
    value = Ref(context.equation.name) if operation == context.equation.term else operation
    scale, received = context.split(adjoint)
    letters = bound(operation.function, operation.arguments) | {"a": value, "d": received}
    for place, operand in enumerate(operation.arguments):
        passed = slope(operation.function, place, len(context.shape(operation)))
        if passed is None:
            raise UnsupportedError(f"{context.equation.name}: no gradient rule for '{operation.function}'")
        term = _scaled(filled(passed, letters), scale)
        yield from _inner(operand, term, context, FUNCTIONS[operation.function].slope_rule)
