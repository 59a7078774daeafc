"""The frozen derivation: for each quantity its gradient, path by path, with the rule and the local partial of each path.

Input: made by `symprop.derive.sweep.derive`. Output: read by worked examples, generated code, the marker and the auditor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symprop.derive.expand import NODE_BUDGET, in_quantities, in_weights
from symprop.derive.steps import Edge, Step
from symprop.errors import UsageError, suggestion
from symprop.graph import Network, Quantity
from symprop.notation.latex import Notation, latex
from symprop.notation.text import text
from symprop.terms import Ref, Term


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

        Raises UsageError, with a suggestion, for a name that the derivation does not have.
        """
        by_gradient = {step.name: name for name, step in self.steps.items()}
        name = by_gradient.get(quantity, quantity)
        if name not in self.steps:
            raise UsageError(f"no gradient of '{quantity}' in {self.network.id}{suggestion(quantity, self.steps)}")
        return Gradient(self, name)


@dataclass(frozen=True)
class Gradient:
    """dE/d`quantity`, ready to be shown, differentiated further or evaluated; displays itself in a notebook."""

    derivation: Derivation
    quantity: str

    @property
    def step(self) -> Step:
        """The step of the derivation, with its paths and rules."""
        return self.derivation.steps[self.quantity]

    @property
    def name(self) -> str:
        """The gradient's own name: `dE_dw0`, `delta_o1`, `dWo`."""
        return self.step.name

    @property
    def term(self) -> Term:
        """The formula in forward quantities, in the order of the chain rule."""
        return in_quantities(self.derivation.steps, self.quantity)

    @property
    def sympy(self) -> Any:
        """The formula as a SymPy expression in the named intermediates; scalar networks only."""
        from symprop.algebra import to_sympy

        return to_sympy(self.term)

    def expanded(self, budget: int = NODE_BUDGET) -> Any:
        """The gradient as a SymPy expression in weights, inputs and targets alone; UnsupportedError beyond `budget` nodes."""
        return in_weights(self.derivation.network.graph, self.term, budget)

    def __str__(self) -> str:
        return f"{self.name} = {text(self.term)}"

    def _repr_latex_(self) -> str:
        notation = Notation.of(self.derivation.network, self.derivation.gradient_quantities)
        return f"${latex(Ref(self.name), notation)} = {latex(self.term, notation)}$"


__all__ = ["Derivation", "Edge", "Gradient", "Step"]
