"""The frozen derivation: for each quantity its gradient, path by path, with the rule and the local partial of each path.

Input: made by `symprop.derive.sweep.derive`. Output: read by worked examples, generated code, the marker and the auditor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symprop.graph import Network, Quantity
from symprop.terms import Term


@dataclass(frozen=True, slots=True)
class Edge:
    """One path from a quantity into the equation of `consumer`: contribution = upstream times local.

    `local` is d`consumer`/d`quantity` in named intermediates, elementwise; None where the path is an array rule (a matrix
    product), whose contribution is `term` alone. `upstream` is dE/d`consumer` (1 when the consumer is the loss).
    """

    quantity: str
    consumer: str
    rule: str
    upstream: Term
    local: Term | None
    term: Term


@dataclass(frozen=True, slots=True)
class Step:
    """The gradient of the loss with respect to `quantity`: `name` = `term` = sum of the edges' contributions.

    `term` refers to forward quantities and to the gradients (`delta_o1`) of the quantities that follow.
    """

    name: str
    quantity: str
    edges: tuple[Edge, ...]
    term: Term


@dataclass(frozen=True)
class Derivation:
    """A network with every gradient, in backward order; `steps` is keyed by quantity, `gradient_quantities` by gradient name.

    Each gradient has the shape of its quantity.
    """

    network: Network
    steps: Mapping[str, Step]
    gradient_quantities: Mapping[str, Quantity]
