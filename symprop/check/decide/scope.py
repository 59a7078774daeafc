"""Scopes: one circuit with the residues, normal forms and enclosures of its nodes.

Input: operations. Output: residues with each node; elements and intervals on demand. The scope of an answer stands on that of the
definitions, which it reads and never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from symprop.check.decide import intervals
from symprop.check.decide.atoms import Kind as AtomKind
from symprop.check.decide.budget import Exhausted
from symprop.check.decide.circuit import Circuit
from symprop.check.decide.elements import Element, monomial
from symprop.check.decide.forms import ELEMENTS, Forms
from symprop.check.decide.functions import Functions
from symprop.check.decide.intervals import Interval, Undefined, Unenclosed
from symprop.check.decide.layer import Layer
from symprop.check.decide.nodes import Kind, Node, Operation, below
from symprop.check.decide.residues import (
    PRIME,
    Residues,
    added,
    coordinate,
    digest,
    multiplied,
    raised_apart_from_poles,
    reduced,
    words,
)
from symprop.check.decide.values import residues


class Shared:
    """What scopes hand on to the scopes above them: normal forms by node, enclosures by precision, point and node."""

    def __init__(self, below: Shared | None = None) -> None:
        self._below = below
        self.elements: Layer = Layer(below.elements if below else None)
        self._enclosures: dict[tuple[int, int], Layer] = {}

    def enclosures(self, bits: int, point: int) -> Layer:
        """The intervals by node at a precision and point."""
        if (bits, point) not in self._enclosures:
            self._enclosures[bits, point] = Layer(self._below.enclosures(bits, point) if self._below else None)
        return self._enclosures[bits, point]


class Scope(Circuit):
    """A circuit over a ring; `shared` holds what is found out about its nodes."""

    def __init__(
        self,
        ring: Functions,
        shared: Shared,
        start: int = 0,
        below: Scope | None = None,
        given: Mapping[Operation, Node] | None = None,
    ) -> None:
        super().__init__(ring.budget.nodes, ring.budget.digits, start, below, given)
        self.ring, self.shared, self.points = ring, shared, ring.registry.points
        self.forms = Forms(ring, shared.elements, start)
        self.spent: int = below.spent if below else 0  # operations of lowering, normal forms apart

    def evaluated(self, node: Node) -> Residues:
        """The residues of a new node, by its kind."""
        self.spent += 3 + len(node.args)
        return _RESIDUES[node.kind](self, node)

    def function_residues(self, node: Node) -> Residues:
        """The residues of exp, sigmoid or log: those of the normal form, which is kept, or of an atom where that is too large."""
        try:
            self.element(node.args[0])
            element = ELEMENTS[node.kind](self.forms, node)
        except Exhausted:
            element = self._own_atom(node)
        self.shared.elements[id(node)] = element
        return residues(self.ring.registry, element)

    def _own_atom(self, node: Node) -> Element:
        name = digest(node.kind, *map(str, node.args[0].residues))
        kind: AtomKind = "opaque"
        atom = self.ring.registry.register(("node", id(node)), kind, name, positive=node.kind != "log", text=f"{node.kind}(...)")
        return monomial(atom.position)

    def sign_at(self, node: Node, point: int) -> int:
        """The sign of a node at a real point: 0 where its residue is 0, 1 where nothing is known."""
        if not node.residues[point]:
            return 0
        try:
            return -1 if self.enclose(node, point, self.ring.budget.bits[0])[1] < 0 else 1
        except (Undefined, Unenclosed):
            return 1

    def element(self, root: Node) -> Element:
        """The normal form of a node; raises what `Forms.element` raises."""
        return self.forms.element(root)

    def enclose(self, root: Node, point: int, bits: int) -> Interval:
        """The interval of a node at a point.

        Raises:
            Undefined: the value doesn't exist there.
            Unenclosed: the precision or the size is at fault.
        """
        found = enclosed(root, self.shared.enclosures(bits, point), point, bits)
        if isinstance(found, Exception):
            raise found
        return found


def enclosed(root: Node, known: Layer, point: int, bits: int) -> Interval | Exception:
    """The interval of a node, or why there is none; fills in what is known."""
    found: Interval | Exception | None = known[id(root)]
    if found is None:
        for node in below(root, known):
            known[id(node)] = found = _enclosed(node, known, point, bits)
    assert found is not None
    return found


def _enclosed(node: Node, known: Layer, point: int, bits: int) -> Interval | Exception:
    operands = [known[id(arg)] for arg in node.args]
    failed = next((operand for operand in operands if isinstance(operand, Exception)), None)
    if failed is not None:
        return failed
    try:
        return _INTERVALS[node.kind](node, operands, point, bits)
    except (Undefined, Unenclosed) as problem:
        return problem.with_traceback(None)


def _power_residues(scope: Scope, node: Node) -> Residues:
    value, poles = raised_apart_from_poles(node.args[0].residues, int(node.data or 0))
    node.poles |= poles
    return value


def _number_residues(scope: Scope, node: Node) -> Residues:
    return (reduced(node.value or 0),) * scope.points


def _total_residues(scope: Scope, node: Node) -> Residues:
    return added([arg.residues for arg in node.args])


def _product_residues(scope: Scope, node: Node) -> Residues:
    value = node.args[0].residues
    for arg in node.args[1:]:
        value = multiplied(value, arg.residues)
    return value


def _opaque_residues(scope: Scope, node: Node) -> Residues:
    """Words that belong to the arguments' residues; those of erf, an odd function, change sign with the argument."""
    rows = [arg.residues for arg in node.args]
    flip = -1 if rows and rows[0][0] > PRIME // 2 else 1
    name = digest(str(node.data), *(str(flip * value % PRIME) for row in rows for value in row))
    return tuple(flip * word % PRIME for word in words(name, scope.points))


_RESIDUES: dict[Kind, Callable[[Scope, Node], Residues]] = {
    "number": _number_residues,
    "variable": lambda scope, node: words(digest("variable", str(node.data)), scope.points),
    "sum": _total_residues,
    "product": _product_residues,
    "power": _power_residues,
    "root": lambda scope, node: scope.function_residues(node),
    "exp": lambda scope, node: scope.function_residues(node),
    "sigmoid": lambda scope, node: scope.function_residues(node),
    "log": lambda scope, node: scope.function_residues(node),
    "sign": lambda scope, node: tuple(scope.sign_at(node.args[0], point) % PRIME for point in range(scope.points)),
    "opaque": _opaque_residues,
}


def _product_interval(node: Node, operands: list[Interval], point: int, bits: int) -> Interval:
    value = operands[0]
    for operand in operands[1:]:
        value = intervals.times(value, operand, bits)
    return value


def _opaque_interval(node: Node, operands: list[Interval], point: int, bits: int) -> Interval:
    return intervals.erf(operands[0], bits) if operands else intervals.pi(bits)


_INTERVALS: dict[Kind, Callable[[Node, list[Interval], int, int], Interval]] = {
    "number": lambda node, args, point, bits: intervals.fixed(Fraction(node.data or 0), bits),
    "variable": lambda node, args, point, bits: intervals.fixed(coordinate(str(node.data), point), bits),
    "sum": lambda node, args, point, bits: intervals.plus(args),
    "product": _product_interval,
    "power": lambda node, args, point, bits: intervals.power(args[0], int(node.data or 0), bits),
    "root": lambda node, args, point, bits: intervals.root(args[0], Fraction(node.data or 0), bits),
    "exp": lambda node, args, point, bits: intervals.exp(args[0], bits),
    "sigmoid": lambda node, args, point, bits: intervals.sigmoid(args[0], bits),
    "log": lambda node, args, point, bits: intervals.log(args[0], bits),
    "sign": lambda node, args, point, bits: intervals.sign(args[0], bits),
    "opaque": _opaque_interval,
}
