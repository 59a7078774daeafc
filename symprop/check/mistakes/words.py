"""Quantities in a tutor's words.

Input: the exercise's names. Output: how a name is shown, what kind of thing it is, and where a path runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np

from symprop.check.exercise import entry_of
from symprop.check.forward import biases
from symprop.derive import Derivation
from symprop.derive.entries import Block
from symprop.terms import Add, Apply, Neg, Ref, Term, subterms

Kind: TypeAlias = Literal["weight", "new weight", "input", "target", "unit", "net input", "output", "gradient", "rate", "quantity"]

KIND_WORDS: dict[Kind, str] = {
    "weight": "the weight",
    "new weight": "the already-updated value of the weight",
    "input": "the input",
    "target": "the target",
    "unit": "the output of the unit",
    "net input": "the net input",
    "output": "the network's output",
    "gradient": "the gradient",
    "rate": "the learning rate",
    "quantity": "the quantity",
}


class Words:
    """Names as the page shows them (`Wo[1,2]` for an entry) and what they stand for; `renewed` names each weight's new value."""

    def __init__(self, scalar: Derivation, blocks: Mapping[str, Block], renewed: Mapping[str, str]) -> None:
        self._graph = scalar.network.graph
        self._gradients = {step.name for step in scalar.steps.values()}
        self._shown = dict(_entries_shown(blocks))
        arrays = {name: whole.flat for name, whole in blocks.items() if whole.shape}
        self._array = {each.name: name for name, parts in arrays.items() for each in parts if isinstance(each, Ref)}
        self.renewed = renewed
        self._old = {new: old for old, new in renewed.items()}
        calls = [(each.name, each.term) for each in self._graph.equations if isinstance(each.term, Apply)]
        nets = [part for _, call in calls for part in (*call.arguments, softmax_of(call))]
        self._nets = frozenset(part.name for part in nets if isinstance(part, Ref))
        self._units = {part.name: name for name, call in calls for part in call.arguments if isinstance(part, Ref)}
        self._biases = frozenset(biases(self._graph))

    @property
    def scalars(self) -> tuple[str, ...]:
        """What the network computes with, entry by entry."""
        return self._graph.names("input", "constant", "parameter", "intermediate", "target")

    def shown(self, name: str) -> str:
        """The name on the page."""
        return self._shown.get(name, name)

    def array_of(self, name: str) -> str:
        """The array that an entry belongs to; a scalar's own name."""
        return self._array.get(name, name)

    def kind(self, name: str) -> Kind:
        """What a name stands for."""
        if name in self._gradients:
            return "gradient"
        if name in self._old:
            return "new weight"
        quantity = self._graph.quantities.get(name)
        if quantity is None:
            return "quantity"
        return _ROLES.get(quantity.role) or self._computed(name)

    def _computed(self, name: str) -> Kind:
        if name in self._graph.outputs:
            return "output"
        if self.activation(name) is not None:
            return "unit"
        return "net input" if name in self._nets else "quantity"

    def activation(self, name: str) -> Apply | None:
        """The activation that a quantity is the output of."""
        term = self._graph.definitions.get(name)
        return term if isinstance(term, Apply) and len(term.arguments) == 1 else None

    def unit_of(self, net: str) -> str:
        """The output of the unit that has this net input; the output itself where it has no activation, empty for what has none."""
        return self._units.get(net) or (net if net in self._graph.outputs else "")

    def thing(self, name: str) -> str:
        """`the weight w5`, `the input x2`, `the already-updated value of the weight w5`."""
        return f"{'the bias' if self.is_bias(name) else KIND_WORDS[self.kind(name)]} {self.shown(self._old.get(name, name))}"

    def is_bias(self, name: str) -> bool:
        """Whether a parameter or constant is added to a net input as it is."""
        return name in self._biases


def softmax_of(term: Term) -> Term | None:
    """z where the term is exp(z - logsumexp(...)), an entry of a softmax."""
    inner = term.arguments[0] if isinstance(term, Apply) and term.function == "exp" else None
    if not isinstance(inner, Add) or len(inner.terms) != 2:
        return None
    own, whole = inner.terms
    is_sum = isinstance(whole, Neg) and isinstance(whole.operand, Apply) and whole.operand.function == "logsumexp"
    return own if is_sum else None


def nets_of(softmax: Term) -> tuple[Term, ...]:
    """All net inputs of an entry of a softmax; none of anything else."""
    calls = (part for part in subterms(softmax) if isinstance(part, Apply) and part.function == "logsumexp")
    return next((part.arguments for part in calls), ()) if softmax_of(softmax) is not None else ()


_ROLES: dict[str, Kind] = {
    "parameter": "weight",
    "input": "input",
    "constant": "quantity",
    "target": "target",
    "rate": "rate",
    "gradient": "gradient",
}


def _entries_shown(blocks: Mapping[str, Block]) -> list[tuple[str, str]]:
    found = []
    for name, whole in blocks.items():
        for place in np.ndindex(whole.shape):
            entry = entry_of(whole, place)
            if whole.shape and isinstance(entry, Ref):
                indices = ",".join(str(index + 1) for index in place)
                found.append((entry.name, f"{name}[{indices}]"))
    return found
