"""Counted work: the limits of one decision, and the meter that stops it.

Input: nothing. Output: `Budget`, `Meter`, and the exceptions of this package. Operations are counted, never clocked, so that a
verdict is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one decision; each is a count.

    `nodes` bounds the distinct operations that two terms write, `operations` the work of each stage, in units of one product of
    two monomials, `definition_operations` the normal form of each definition. `degree` bounds an exponent in a normal form,
    `digits` the bits of a coefficient. `bits` are the precisions of the enclosures, tried in turn; `points` the rational points
    at which a difference is looked for; `cells` the sign cases into which an exponential is split.
    """

    nodes: int = 3_000
    operations: int = 30_000
    definition_operations: int = 100_000
    degree: int = 1 << 20
    digits: int = 16_384
    bits: tuple[int, ...] = (128, 384, 1024)
    points: int = 96
    cells: int = 64


DEFAULT = Budget()


class Exhausted(Exception):
    """A limit of the budget is reached; the message says which. Never leaves `symprop.check.decide`."""


class Unreadable(Exception):
    """A node that has no scalar meaning here (an array operation, an unknown function). Never leaves `symprop.check.decide`."""


class Unprepared(Exception):
    """A normal form needs those of definitions that aren't made yet. Never leaves `symprop.check.decide`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(", ".join(names))


class Meter:
    """Counts operations against a limit."""

    __slots__ = ("limit", "spent")

    def __init__(self, limit: int) -> None:
        self.limit, self.spent = limit, 0

    def spend(self, operations: int) -> None:
        """Count `operations` more.

        Raises:
            Exhausted: the limit is passed.
        """
        self.spent += operations
        if self.spent > self.limit:
            raise Exhausted(f"more than {self.limit} operations")
