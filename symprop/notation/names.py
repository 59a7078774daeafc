"""How every name of a worksheet looks: its typography, and the gradients that are shown as partial derivatives.

Input: names with their typographies and shapes. Output: the `Notation` that every printed format reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symprop.errors import UsageError, suggestion
from symprop.graph import Network, Quantity, Shape, Value, gradient_name, shape_of_value
from symprop.terms import Partial, Typography
from symprop.terms.typography import indexed


@dataclass(frozen=True)
class Notation:
    """`typographies` by name; a name in `partials` is shown as that partial derivative, an array in `values` as its matrix.

    `shapes` tells arrays from scalars (a name without a shape is a scalar): products of arrays carry a sign. `decimal_comma`
    writes 0,5 for 0.5. A matrix in `values` of more columns than `most_columns` is abbreviated.
    """

    typographies: Mapping[str, Typography]
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    partials: Mapping[str, Partial] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    decimal_comma: bool = False
    most_columns: int | None = None

    @classmethod
    def of(cls, network: Network, gradient_quantities: Mapping[str, Quantity] | None = None) -> Notation:
        """The notation of a network and its gradients: a delta keeps its own symbol, every other gradient is shown as dE/dq."""
        graph, gradients = network.graph, gradient_quantities or {}
        names = {gradient_name(graph, name): name for name in graph.quantities if name not in graph.deltas}
        partials = {gradient: Partial(graph.loss, name) for gradient, name in names.items() if gradient in gradients}
        return cls({}, partials=partials).with_quantities(*graph.quantities.values(), *gradients.values())

    def typography(self, name: str) -> Typography:
        """The typography of a name, or of an entry `Wh[1,2]` of a named array; raises `UsageError` for an unknown one."""
        array, bracket, indices = name.removesuffix("]").partition("[")
        if bracket and name not in self.typographies:
            return indexed(self.typography(array), indices)
        if name not in self.typographies:
            raise UsageError(f"no typography for '{name}'{suggestion(name, self.typographies)}")
        return self.typographies[name]

    def partial(self, name: str) -> Partial | None:
        """The partial derivative as which a gradient, or an entry `dWh[1,2]` of one, is shown; None where it has its own symbol."""
        array, bracket, indices = name.partition("[")
        found = self.partials.get(array)
        return Partial(found.of, found.wrt + bracket + indices) if found is not None else None

    def showing(self, values: Mapping[str, Value], most_columns: int | None = None) -> Notation:
        """The same notation with arrays shown as matrices of these printed values."""
        shapes = {name: shape_of_value(value) for name, value in values.items()}
        return replace(self, values=values, shapes={**self.shapes, **shapes}, most_columns=most_columns)

    def joined(self, other: Notation) -> Notation:
        """The same notation with another's names; where both know a name, this one's look is kept."""
        return replace(
            self,
            typographies={**other.typographies, **self.typographies},
            shapes={**other.shapes, **self.shapes},
            partials={**other.partials, **self.partials},
        )

    def with_quantities(self, *quantities: Quantity) -> Notation:
        """The same notation with more quantities (new values after an update, the names of a chain)."""
        typographies = {quantity.name: quantity.typography for quantity in quantities}
        shapes = {quantity.name: quantity.shape for quantity in quantities}
        return replace(self, typographies={**self.typographies, **typographies}, shapes={**self.shapes, **shapes})
