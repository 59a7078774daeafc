"""Counted work: the limits of one decision, and the meter that stops it.

Input: nothing. Output: `Budget`, `Meter`, `Exhausted`. Operations are counted, never clocked: a verdict is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one decision; each is a count.

    `nodes` bounds the distinct operations that two terms write. `operations` bounds all work on the two terms, in units of one product of two monomials; `definition_operations` bounds the
    normal form of each definition. `digits` bounds the bits of a coefficient, `degree` an exponent in a normal form. `bits` are
    the precisions of the enclosures, tried in turn; `points` the rational points at which a difference is looked for; `cells` the
    sign cases gone through one by one.
    """

    nodes: int = 6_000
    operations: int = 250_000
    definition_operations: int = 60_000
    degree: int = 1 << 24
    digits: int = 16_384
    bits: tuple[int, ...] = (128, 384, 1024)
    points: int = 32
    cells: int = 64


DEFAULT = Budget()


class Exhausted(Exception):
    """A limit of the budget is reached; the message says which. Never leaves `symprop.check.decide`."""


class Unreadable(Exception):
    """A node that has no scalar meaning here (an array operation, an unknown function). Never leaves `symprop.check.decide`."""


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
