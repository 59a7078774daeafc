"""The names that an answer may use.

Input: a network. Output: `Names` for the language's reader: quantities, gradients, new values, the document's derived names.
SymPy is not needed here: a text is refused before it is loaded.
"""

from __future__ import annotations

from dataclasses import replace

from symprop.graph import Network, Shape, gradient_name, new_name, new_quantity
from symprop.language import Names
from symprop.spec.moves import moves_of
from symprop.terms import Entry, ShapeError, Term, Typography, subterms, typography_of
from symprop.terms.shapes import is_scalar, shape_of


class Vocabulary:
    """Shapes and typographies of every name that an answer may use.

    `gradients` maps a gradient's name to its quantity, `renewed` a new value's name to its parameter; `computed` has a formula,
    as the optimiser's states have. `names_from_zero` are the same names where entries are counted from 0, as code does.
    """

    def __init__(self, network: Network) -> None:
        graph = network.graph
        self.network = network
        self.gradients = {gradient_name(graph, name): name for name in graph.learned}
        self.renewed = {new_name(name): name for name in graph.names("parameter")}
        self.shapes: dict[str, Shape] = dict(graph.shapes)
        self.shapes |= {gradient: graph.shape(name) for gradient, name in self.gradients.items() if gradient not in self.shapes}
        self.shapes |= {new: graph.shape(name) for new, name in self.renewed.items() if new not in self.shapes}
        states = moves_of(network).kept
        self.shapes |= states
        self.computed = frozenset((*graph.definitions, *states, *(each.name for each in (*network.metrics, *network.derived))))
        for equation in (*network.metrics, *network.derived):
            self.shapes.setdefault(equation.name, shape_of(equation.term, self.shapes))
        self.names = Names(self._typographies(), {name: len(shape) for name, shape in self.shapes.items() if shape})
        self.names_from_zero = replace(self.names, origin=0)

    def _typographies(self) -> dict[str, Typography]:
        graph = self.network.graph
        known = {name: quantity.typography for name, quantity in graph.quantities.items()}
        new = {name: new_quantity(graph.quantities[parameter]).typography for name, parameter in self.renewed.items()}
        return {name: known.get(name) or new.get(name) or typography_of(name) for name in self.shapes}

    def shape(self, term: Term) -> Shape:
        """The shape of a term over these names; ShapeError where operands do not fit, or the data have no such row."""
        if is_scalar(term, self.names.arrays):
            return ()
        shape = shape_of(term, self.shapes)
        samples = self.network.samples
        for part in subterms(term) if samples else ():
            if isinstance(part, Entry):
                self._check_rows(part, samples or 0)
        return shape

    def _check_rows(self, entry: Entry, samples: int) -> None:
        for index, length in zip(entry.indices, self.shapes[entry.name], strict=True):
            if length == self.network.batch and index >= samples:
                raise ShapeError(f"{entry.name} has {samples} rows here: it has no entry with index {index + 1} (counted from 1)")
