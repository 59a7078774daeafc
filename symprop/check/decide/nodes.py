"""Nodes of circuits: one operation each, over other nodes.

Input: kinds, operands, data. Output: `Node`s, `below`: what a node is made of, operands first.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from operator import attrgetter
from typing import Literal, TypeAlias

from symprop.check.decide.layer import Layer
from symprop.check.decide.residues import Residues

Operation: TypeAlias = tuple[object, ...]
Kind: TypeAlias = Literal["number", "variable", "sum", "product", "power", "root", "exp", "sigmoid", "log", "sign", "opaque"]


class Node:
    """One operation. `data` is a number's `value`, a variable's or opaque function's name, a power's or root's exponent.

    `order` numbers the nodes, operands first. `partial` says that the value may be undefined somewhere; `poles` has a bit for each
    fixed point at which it is. `signed` says that a sign occurs in it: the fixed points then needn't lie in every case.
    """

    __slots__ = ("args", "data", "kind", "order", "partial", "poles", "residues", "signed", "value")

    def __init__(self, kind: Kind, args: tuple[Node, ...], data: Fraction | int | str | None, order: int) -> None:
        self.kind, self.args, self.data, self.order = kind, args, data, order
        partial = kind in ("log", "root") or (kind == "power" and isinstance(data, int) and data < 0)
        signed, poles = kind == "sign", 0
        for node in args:
            partial |= node.partial
            signed |= node.signed
            poles |= node.poles
        self.partial: bool = partial
        self.signed: bool = signed
        self.poles: int = poles
        self.residues: Residues = ()
        self.value: Fraction | None = data if kind == "number" and isinstance(data, Fraction) else None

    @property
    def positive(self) -> bool:
        """Whether its value is seen to be positive wherever it stands."""
        return self.kind in ("exp", "sigmoid") and not self.partial

    def operation(self, args: Iterable[Node]) -> Operation:
        """What identifies the node in a circuit, where its operands are `args`."""
        if self.value is not None:
            return "number", self.value.numerator, self.value.denominator
        return self.kind, self.data, *map(id, sorted(args, key=by_order) if self.kind in ("sum", "product") else args)


by_order = attrgetter("order")


def below(root: Node, known: Layer) -> list[Node]:
    """Every node from which the root is made, operands first, without those that `known` has by id and what is below them."""
    found: dict[int, Node] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        key = id(node)
        if key not in found and known[key] is None:
            found[key] = node
            pending.extend(node.args)
    if len(found) < 2:
        return list(found.values())
    return sorted(found.values(), key=by_order)
