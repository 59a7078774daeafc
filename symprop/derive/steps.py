"""One step of a derivation: the gradient of the loss by one quantity, path by path.

Input: made by the sweep. Output: read by everything that shows, emits or checks a gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.terms import Sum, Term


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

    @property
    def rule(self) -> str:
        """The name of the rule beside the result; empty where nothing leads to the loss."""
        if len(self.edges) != 1:
            return "sum over outgoing edges" if self.edges else ""
        return "sum over the examples" if isinstance(self.term, Sum) else self.edges[0].rule
