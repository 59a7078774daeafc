"""Terms: the trees in which symprop keeps equations, in the author's order."""

from symprop.terms.make import MINUS_ONE, ONE, ZERO, call, difference, is_number, negated, number, power, product, quotient, total
from symprop.terms.nodes import (
    NODE_TYPES,
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
from symprop.terms.shapes import Dimension, Shape, ShapeError, broadcast, shape_of
from symprop.terms.typography import Typography, typography_of
from symprop.terms.walk import (
    ancestors,
    children,
    downstream,
    names_in,
    places,
    reached,
    rebuild,
    size,
    substitute,
    subterms,
    with_child,
    with_children,
)

__all__ = [
    "MINUS_ONE", "NODE_TYPES", "ONE", "ZERO", "Add", "Apply", "Broadcast", "Dimension", "Div", "Entry", "MatMul", "Mean", "Mul",
    "Neg", "Number", "Partial", "Power", "Ref", "Shape", "ShapeError", "Sum", "Term", "Transpose", "Typography", "ancestors",
    "broadcast", "call", "children", "difference", "downstream", "is_number", "names_in", "negated", "number", "places",
    "power", "product", "quotient", "reached", "rebuild", "shape_of", "size", "substitute", "subterms", "total", "typography_of",
    "with_child", "with_children",
]
