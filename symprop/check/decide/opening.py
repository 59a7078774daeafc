"""Which definitions to write out so that two sides are told equal or not by the names that both of them use.

Input: definitions and two terms taken apart. Output: the names to write out; all others may stay free.
"""

from __future__ import annotations

from symprop.check.decide.definitions import Definitions
from symprop.check.decide.lowering import Written


def opened(definitions: Definitions, left: Written, right: Written) -> tuple[str, ...] | None:
    """The definitions to write out, in their order; None where no defined name would be left.

    A defined name on one side alone is written out, then each name that is made of such a one, or of what the left side puts into
    a function: where sigmoid(z) is written, the output s = sigmoid(z) may not stay free.
    """
    sides = set(left.names), set(right.names)
    found: dict[str, None] = {}
    while (latest := _next(definitions, sides, found, left, right)) is not None:
        found[latest] = None
        for side in sides:
            if latest in side:
                side.remove(latest)
                side.update(definitions.uses(latest))
    kept = any(name in definitions.terms for name in sides[0] & sides[1])
    return tuple(sorted(found, key=definitions.place)) if kept else None


def _next(
    definitions: Definitions, sides: tuple[set[str], set[str]], found: dict[str, None], left: Written, right: Written
) -> str | None:
    """The latest definition that may not stay free."""
    unshared = [name for name in sides[0] ^ sides[1] if name in definitions.terms]
    if not unshared:
        related = {*found, *_spelled(definitions, found, left, right)}
        shared = (name for name in sides[0] & sides[1] if name in definitions.terms)
        unshared = [name for name in shared if not related.isdisjoint(definitions.uses(name))]
    return max(unshared, key=definitions.place, default=None)


def _spelled(definitions: Definitions, found: dict[str, None], left: Written, right: Written) -> set[str]:
    """The names that stand within functions on the left side, apart from functions that the right side calls alike."""
    alike = right.calls.union(*(definitions.written(name).calls for name in found))
    return {argument for function, argument in left.calls - alike}
