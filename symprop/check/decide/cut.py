"""Cuts: normal forms in which some definitions are written out and all other defined names are left free.

Input: the definitions, the names that are written out. Output: `Cut`, over which two sides are often proved equal without being
written out to the weights: what holds for all values of the free names holds for theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from symprop.check.decide.atoms import Registry
from symprop.check.decide.budget import Exhausted
from symprop.check.decide.definitions import Definitions
from symprop.check.decide.forms import Forms
from symprop.check.decide.layer import Layer
from symprop.check.decide.nodes import Node

NOWHERE = 1 << 62  # an order above that of every node


class Cut:
    """The normal forms of the definitions that are written out, shared by all answers."""

    def __init__(self, definitions: Definitions, opened: tuple[str, ...]) -> None:
        self.definitions, self.opened = definitions, opened
        self._forms = Forms(definitions.ring(Registry(definitions.registry.points)), Layer(), NOWHERE)
        for name in opened:
            self._free(definitions.seen(name).names)
            self._write_out(name)

    def above(self, names: Iterable[str], start: int) -> Forms:
        """The forms of an answer over these names; they never change the cut's."""
        self._free(names)
        registry = self._forms.ring.registry
        ring = self.definitions.ring(Registry(registry.points, registry))
        ring.assumed = dict(self._forms.ring.assumed)
        return Forms(ring, Layer(self._forms.elements), start)

    def _free(self, names: Iterable[str]) -> None:
        """Let the nodes of defined names stand for variables, apart from those that are written out."""
        free = filter(self.definitions.defines, set(names).difference(self.opened))
        for name in sorted(free, key=self.definitions.place):
            node = self.definitions.node(name)
            if node is not None and self._forms.elements[id(node)] is None:
                self._forms.elements[id(node)] = self._forms.ring.variable(name, node.positive)

    def _write_out(self, name: str) -> None:
        node = self.definitions.node(name)
        assert isinstance(node, Node)
        self._forms.ring.meter = self.definitions.meter()
        try:
            self._forms.element(node)
        except (Exhausted, ZeroDivisionError):
            self._forms.elements[id(node)] = Exhausted(f"the normal form of {name} is too large")
