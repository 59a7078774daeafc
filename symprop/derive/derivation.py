"""The frozen derivation: for each quantity its gradient, path by path, with the rule and the local partial of each path.

Input: made by `symprop.derive.sweep.derive`. Output: read by worked examples, generated code, the marker and the auditor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symprop.derive.expand import NODE_BUDGET, in_quantities, in_weights
from symprop.derive.lookup import looked_up
from symprop.derive.steps import Step
from symprop.errors import UnsupportedError, UsageError
from symprop.graph import Network, Quantity
from symprop.notation.breaking import DisplayRow, break_chain
from symprop.notation.latex import Notation, latex, latex_rows
from symprop.notation.layout import layout
from symprop.notation.text import text
from symprop.terms import Ref, Term
from symprop.terms.shapes import shown
from symprop.terms.typography import entry_text

if TYPE_CHECKING:  # NumPy holds the entries of arrays; who asks for none does not wait for its import
    from symprop.derive.entries import Block
    from symprop.derive.scalar import Lowered

ROOM = 48.0  # em of a row in a notebook
MOST_NAMED = 4
MOST_ENTRIES = 20_000  # of all quantities together


@dataclass(frozen=True)
class Derivation:
    """A network with every gradient, in backward order; `steps` is keyed by quantity, `gradient_quantities` by gradient name.

    Each gradient has the shape of its quantity.
    """

    network: Network
    steps: Mapping[str, Step]
    gradient_quantities: Mapping[str, Quantity]

    def gradient(self, quantity: str) -> Gradient:
        """The gradient of the loss with respect to a parameter or an intermediate, by its name or its gradient's name.

        One entry of an array is `Wh[1,2]`, counted from 1 as on paper. Raises UsageError, with a suggestion or the array's
        shape, for a name or an entry that the derivation does not have.
        """
        found, place = looked_up(self.network, self.gradient_quantities, self.steps, quantity)
        if place is not None:
            self._require(found, place)
        return Gradient(self, found, place)

    @cached_property
    def by_entry(self) -> Lowered:
        """The network entry by entry.

        Raises UnsupportedError where the batch is symbolic and the spec gives no data, or where there are too many entries.
        """
        from symprop.derive.scalar import count_entries, lowered

        many = count_entries(self.network)
        if many > MOST_ENTRIES:
            where = f"{self.network.id}: entry by entry it has {many:,} quantities"
            raise UnsupportedError(f"{where}, more than {MOST_ENTRIES:,}; ask for whole arrays")
        return lowered(self.network)

    def _require(self, quantity: str, place: tuple[int, ...]) -> None:
        """An entry within the batch of the spec's data, where the array is as long as that."""
        shape = self.by_entry.entries[quantity].shape
        if any(index >= length for index, length in zip(place, shape, strict=True)):
            entry = entry_text(quantity, place)
            raise UsageError(f"{quantity} has shape {shown(shape)} with the spec's data: it has no entry {entry}")

    def __repr__(self) -> str:
        graph = self.network.graph
        names = graph.names("parameter")
        named = names if len(names) <= MOST_NAMED else (*names[: MOST_NAMED - 1], "...", names[-1])
        return f"<Derivation of {self.network.id}: d{graph.loss}/d({', '.join(named)})>"

    def _repr_latex_(self) -> str:
        """The network's equations, then every step of the backward sweep, lined up at their equals signs."""
        notation = Notation.of(self.network, self.gradient_quantities)
        forward = [(each.name, each.term) for each in self.network.graph.equations]
        backward = [(step.name, step.term) for step in self.steps.values()]
        rows = [row for name, term in (*forward, *backward) for row in _rows(Ref(name), term, notation)]
        return f"$$\\begin{{aligned}}\n{latex_rows(rows)}\n\\end{{aligned}}$$"


def _rows(head: Term, term: Term, notation: Notation) -> tuple[DisplayRow, ...]:
    return break_chain(layout(head, notation), [("=", layout(term, notation))], ROOM)


@dataclass(frozen=True, repr=False)
class Gradient:
    """dE/d`quantity`, ready to be shown, differentiated further or evaluated; displays itself in a notebook.

    With `indices`, counted from 0, it is that entry of an array's gradient.
    """

    derivation: Derivation
    quantity: str
    indices: tuple[int, ...] | None = None

    @property
    def step(self) -> Step:
        """The step of the derivation, with its paths and rules; of an entry, that of the whole array."""
        return self.derivation.steps[self.quantity]

    @property
    def name(self) -> str:
        """The gradient's own name: `dE_dw0`, `delta_o1`, `dWo`, `dWo[1,1]`."""
        return entry_text(self.step.name, self.indices or ())

    @property
    def term(self) -> Term:
        """The formula in forward quantities, in the order of the chain rule; an entry's in entries, `X[1,1]*delta_1[1,2]`."""
        whole = in_quantities(self.derivation.steps, self.quantity)
        return whole if self.indices is None else self._entries(whole)[self.indices]

    @property
    def sympy(self) -> Any:
        """The formula as a SymPy expression in the named intermediates, whose entries are symbols such as `l1[1,2]`.

        The gradient of an array comes as a SymPy Matrix (an Array for other than two dimensions) of such expressions.
        """
        from symprop.algebra import to_sympy

        return self._converted(to_sympy)

    def expanded(self, budget: int = NODE_BUDGET) -> Any:
        """The gradient as a SymPy expression in weights, inputs and targets alone; UnsupportedError beyond `budget` nodes.

        The gradient of an array comes as `sympy` gives it, `budget` holding for each entry.
        """
        graph = self.derivation.by_entry.network.graph if self._of_arrays else self.derivation.network.graph
        return self._converted(lambda term: in_weights(graph, term, budget))

    @property
    def _of_arrays(self) -> bool:
        return any(self.derivation.network.graph.shapes.values())

    def _entries(self, whole: Term) -> Block:
        """The scalar terms of all entries, in the shape of the quantity."""
        from symprop.derive.entries import entries_like

        return entries_like(whole, self.quantity, self.derivation.by_entry.entries)

    def _converted(self, convert: Callable[[Term], Any]) -> Any:
        if self.indices is not None or not self._of_arrays:
            return convert(self.term)
        from symprop.algebra.arrays import arranged

        return arranged(self._entries(self.term), convert)

    def __str__(self) -> str:
        return f"{self.name} = {text(self.term)}"

    def __repr__(self) -> str:
        return f"<Gradient {self}>"

    def _repr_latex_(self) -> str:
        notation = Notation.of(self.derivation.network, self.derivation.gradient_quantities)
        return f"${latex(Ref(self.name), notation)} = {latex(self.term, notation)}$"
