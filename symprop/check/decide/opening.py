"""Which definitions to write out so that two sides are told equal or not by the names that both of them use.

Input: what is seen of two nodes, and of the definitions. Output: the names to write out; all others may stay free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from symprop.check.decide.nodes import Node
from symprop.check.decide.residues import Residues

Call: TypeAlias = tuple[str, object, tuple[Residues, ...]]  # a function, with the values of its arguments
Spelled: TypeAlias = frozenset[tuple[Call, frozenset[str]]]
_FUNCTIONS = ("exp", "sigmoid", "log", "root", "sign", "opaque")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a node is seen to be made of: names, not looked into, and the functions on the way, with the names within each."""

    names: frozenset[str]
    calls: dict[Call, frozenset[str]]


def seen(nodes: Iterable[Node], name_of: Callable[[Node], str | None]) -> Seen:
    """What some nodes are made of."""
    roots = tuple(nodes)
    calls: dict[Call, frozenset[str]] = {}
    within: dict[int, frozenset[str]] = {}  # the names in a node, by its identity: it may stand in many others
    pending = list(roots)
    while pending:
        node = pending[-1]
        name = name_of(node)
        args = node.args if name is None else ()
        missing = [arg for arg in args if id(arg) not in within]
        pending.extend(missing)
        if missing:
            continue
        pending.pop()
        inner = _union(args, within) if name is None else frozenset((name,))
        if name is None and node.kind in _FUNCTIONS:
            calls |= _call(node, inner)
        within[id(node)] = inner
    return Seen(_union(roots, within), calls)


def _union(nodes: Iterable[Node], within: dict[int, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*[within[id(node)] for node in nodes])


def content(root: Node, name_of: Callable[[Node], str | None]) -> Seen:
    """What a named node is made of."""
    found = seen(root.args, name_of)
    own = _call(root, found.names) if root.kind in _FUNCTIONS else {}
    return Seen(found.names, found.calls | own)


def _call(node: Node, names: frozenset[str]) -> dict[Call, frozenset[str]]:
    return {(node.kind, node.data, tuple([arg.residues for arg in node.args])): names}


class Definitions(Protocol):
    """What is needed of definitions."""

    def defines(self, name: str) -> bool:
        """Whether a name is defined: a free variable is not."""

    def place(self, name: str) -> int:
        """The place of a definition in their order."""

    def seen(self, name: str) -> Seen:
        """What a definition is made of."""


def spelled(left: Seen, right: Seen) -> Spelled:
    """The functions that stand on the left side alone."""
    return frozenset([call for call in left.calls.items() if call[0] not in right.calls])


def opened(
    definitions: Definitions, left: frozenset[str], right: frozenset[str], calls: Spelled
) -> tuple[str, ...] | None:
    """The definitions to write out, in their order; None where no defined name would be left.

    A defined name on one side alone is written out, then each name that is made of such a one, or of what the left side puts into
    a function: where exp(z) is written, the output s = sigmoid(z) may not stay free.
    """
    sides = set(left), set(right)
    found: dict[str, None] = {}
    while (latest := _next(definitions, sides, found, calls)) is not None:
        found[latest] = None
        for side in sides:
            if latest in side:
                side.remove(latest)
                side.update(definitions.seen(latest).names)
    kept = any(map(definitions.defines, sides[0] & sides[1]))
    return tuple(sorted(found, key=definitions.place)) if kept else None


def _next(
    definitions: Definitions, sides: tuple[set[str], set[str]], found: dict[str, None], calls: Spelled
) -> str | None:
    """The latest definition that may not stay free."""
    unshared = list(filter(definitions.defines, sides[0] ^ sides[1]))
    if not unshared:
        related = {*found, *_within(definitions, found, calls)}
        shared = filter(definitions.defines, sides[0] & sides[1])
        unshared = [name for name in shared if not related.isdisjoint(definitions.seen(name).names)]
    return max(unshared, key=definitions.place, default=None)


def _within(definitions: Definitions, found: dict[str, None], calls: Spelled) -> set[str]:
    """The names within functions on the left side, apart from functions that what is written out calls alike."""
    return {name for call, names in calls if not any(call in definitions.seen(each).calls for each in found) for name in names}
