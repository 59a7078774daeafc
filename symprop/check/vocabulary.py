"""The names that an answer may use.

Input: a network. Output: `Names` for the language's reader: quantities, gradients, new values, the document's derived names.
SymPy is not needed here: a text is refused before it is loaded.
"""

from __future__ import annotations

from symprop.graph import Graph, Network, Shape, gradient_name, new_name, new_quantity
from symprop.language import Names
from symprop.terms import Term, Typography, names_in, typography_of
from symprop.terms.shapes import shape_of


def learned(graph: Graph) -> tuple[str, ...]:
    """The quantities that have a gradient: the parameters, and what depends on them up to the loss."""
    found = dict.fromkeys(graph.names("parameter"))
    for equation in graph.equations:
        if any(name in found for name in names_in(equation.term)):
            found[equation.name] = None
    return tuple(name for name in found if name != graph.loss)


class Vocabulary:
    """Shapes and typographies of every name that an answer may use.

    `gradients` maps a gradient's name to its quantity, `renewed` a new value's name to its parameter; `computed` has a formula.
    """

    def __init__(self, network: Network) -> None:
        graph = network.graph
        self.network = network
        self.gradients = {gradient_name(graph, name): name for name in learned(graph)}
        self.renewed = {new_name(name): name for name in graph.names("parameter")}
        self.shapes: dict[str, Shape] = dict(graph.shapes)
        self.shapes |= {gradient: graph.shape(name) for gradient, name in self.gradients.items() if gradient not in self.shapes}
        self.shapes |= {new: graph.shape(name) for new, name in self.renewed.items() if new not in self.shapes}
        self.computed = frozenset((*graph.definitions, *(each.name for each in (*network.metrics, *network.derived))))
        for equation in (*network.metrics, *network.derived):
            self.shapes.setdefault(equation.name, shape_of(equation.term, self.shapes))
        self.names = Names(self._typographies(), {name: len(shape) for name, shape in self.shapes.items() if shape})

    def _typographies(self) -> dict[str, Typography]:
        graph = self.network.graph
        known = {name: quantity.typography for name, quantity in graph.quantities.items()}
        new = {name: new_quantity(graph.quantities[parameter]).typography for name, parameter in self.renewed.items()}
        return {name: known.get(name) or new.get(name) or typography_of(name) for name in self.shapes}

    def shape(self, term: Term) -> Shape:
        """The shape of a term over these names; ShapeError where operands do not fit."""
        return shape_of(term, self.shapes)
