"""One place of the backward pass and one mistake made there, as the rows of the catalogue speak of them.

Input: a link of the backward graph. Output: `Spot`, the link with what a row asks about it; `Slip`, a mistake with its sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.algebra.rows import slope
from symprop.check.mistakes.links import Change, Link
from symprop.check.mistakes.words import Words
from symprop.functions import ACTIVATIONS
from symprop.graph import Graph
from symprop.terms import Apply, Ref, Term, substitute


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake: the row's name, the sentence, the change, and what tells it from others of the same row."""

    mistake: str
    sentence: str
    change: Change
    variant: str = ""
    rare: bool = False  # nobody's first thought: told only where no missing factor explains the answer


@dataclass(frozen=True, slots=True)
class Spot:
    """A link with what the rows need to know about it."""

    link: Link
    graph: Graph
    words: Words
    paths: int  # how many paths leave the link's quantity

    @property
    def at(self) -> str:
        """Where the path runs, in words."""
        return f"from {self.words.shown(self.link.quantity)} to {self.words.shown(self.link.consumer)}"

    @property
    def unit(self) -> str:
        """The quantity whose equation the path runs through."""
        return self.words.shown(self.link.consumer)

    @property
    def activation(self) -> Apply | None:
        """The activation that the path runs through; None where the consumer's equation is something else."""
        found = self.words.activation(self.link.consumer)
        return found if found is not None and found.function in ACTIVATIONS and found.function != "identity" else None

    @property
    def is_output(self) -> bool:
        """Whether the path runs from an output of the network into the loss."""
        return self.link.quantity in self.graph.outputs and self.activation is None

    @property
    def weight(self) -> str:
        """The weight that the path passes through; empty where the local partial is something else."""
        local = self.link.local
        is_weight = isinstance(local, Ref) and local.name in self.graph.names("parameter")
        return local.name if is_weight and isinstance(local, Ref) else ""

    @property
    def is_last(self) -> bool:
        """Whether the path starts at a parameter: its local partial is what the parameter multiplies."""
        return self.link.quantity in self.graph.names("parameter")

    @property
    def is_penalty(self) -> bool:
        """Whether the path is an L2 penalty on a weight."""
        return self.is_last and self.link.is_penalty(self.graph.loss)


def slope_with(function: str, argument: Term, output: Term) -> Term | None:
    """A textbook slope with other things in the places of argument and output."""
    written = slope(function)
    return None if written is None else substitute(written, {"z": argument, "a": output})
