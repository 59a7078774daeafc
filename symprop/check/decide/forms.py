"""Normal forms of a circuit's nodes.

Input: nodes, a ring, and the normal forms of the nodes on which they stand. Output: elements, each made once.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symprop.check.decide.budget import Exhausted
from symprop.check.decide.elements import Element, monomial, rational, scaled
from symprop.check.decide.functions import Functions
from symprop.check.decide.layer import Layer
from symprop.check.decide.nodes import Kind, Node, below
from symprop.check.decide.residues import PRIME, digest


class Forms:
    """The elements of nodes over a ring, by node; nodes of an order below `start` belong to definitions."""

    def __init__(self, ring: Functions, elements: Layer, start: int) -> None:
        self.ring, self.elements, self.start = ring, elements, start

    def element(self, root: Node) -> Element:
        """The normal form of a node.

        Raises:
            Exhausted: it is too large.
            ZeroDivisionError: it divides by zero everywhere.
        """
        if self.elements[id(root)] is None:
            for node in below(root, self.elements):
                self.elements[id(node)] = ELEMENTS[node.kind](self, node)
        return self.known(root)

    def known(self, node: Node) -> Element:
        """The normal form already made of a node; raises Exhausted where that failed."""
        found: Element | Exhausted = self.elements[id(node)]
        if isinstance(found, Exhausted):
            raise found
        return found

    def foreign(self, node: Node) -> bool:
        """Whether a node belongs to a definition."""
        return node.order < self.start


def _exp_element(forms: Forms, node: Node) -> Element:
    """exp(log(u)) is u itself, whatever its factors' signs."""
    argument = node.args[0]
    if argument.kind == "log" and not forms.foreign(argument):
        return forms.known(argument.args[0])
    return forms.ring.exp(forms.known(argument))


def _opaque_element(forms: Forms, node: Node) -> Element:
    operands = [forms.known(arg) for arg in node.args]
    turned = bool(operands and operands[0].parts) and forms.ring.registry.leading(operands[0])[2] < 0
    return _opaque_atom(forms, node, [scaled(each, -1) for each in operands] if turned else operands, -1 if turned else 1)


def _opaque_atom(forms: Forms, node: Node, operands: list[Element], sign: int) -> Element:
    """sign * the atom of an opaque function of the operands; an odd one where the sign isn't 1."""
    registry = forms.ring.registry
    key = ("opaque", node.data, *(operand.key() for operand in operands))
    atom = registry.atom(key)
    if atom is None:
        name = digest("opaque", str(node.data), *map(registry.name, operands))
        atom = registry.register(key, "opaque", name, positive=not operands, text=f"{node.data}")
        atom.residues = tuple(sign * value % PRIME for value in node.residues)
    return scaled(monomial(atom.position), sign)


ELEMENTS: dict[Kind, Callable[[Forms, Node], Element]] = {
    "number": lambda forms, node: rational(node.value or 0),
    "variable": lambda forms, node: forms.ring.variable(str(node.data)),
    "sum": lambda forms, node: forms.ring.add([forms.known(arg) for arg in node.args]),
    "product": lambda forms, node: forms.ring.product([forms.known(arg) for arg in node.args]),
    "power": lambda forms, node: forms.ring.power(forms.known(node.args[0]), int(node.data or 0)),
    "root": lambda forms, node: forms.ring.root(forms.known(node.args[0]), Fraction(node.data or 0)),
    "exp": _exp_element,
    "sigmoid": lambda forms, node: forms.ring.sigmoid(forms.known(node.args[0])),
    "log": lambda forms, node: forms.ring.log(forms.known(node.args[0])),
    "sign": lambda forms, node: forms.ring.sign(forms.known(node.args[0])),
    "opaque": _opaque_element,
}
