"""The rows of initialisers and optimisers as terms, a spec's own constants put in.

Input: a `Draw` or a network's `Training`. Output: the arguments of NumPy's draw; an optimiser's `Stepping`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from symprop.graph import Draw, Training
from symprop.language import Names, read
from symprop.spec.options import FANS, INITIALIZERS, OPTIMIZERS
from symprop.terms import Term, names_in, substitute, typography_of

GRADIENT, COUNT = "gradient", "t"


@dataclass(frozen=True)
class Stepping:
    """How an optimiser steps a parameter: the new value of each of its states, in order, then what the rate is multiplied with.

    The terms speak of `gradient`, of the states and, where `counted`, of `t`, the number of this update, counted from 1.
    """

    states: Mapping[str, Term]
    step: Term

    @property
    def counted(self) -> bool:
        """Whether the number of updates matters."""
        return any(COUNT in names_in(term) for term in (*self.states.values(), self.step))


def draw_arguments(draw: Draw) -> tuple[Term, ...]:
    """What the draw of the row is called with: low and high, mean and deviation, the scale, or the value; numbers alone."""
    row = INITIALIZERS[draw.initializer]
    return tuple(substitute(_read(text, (*row.options, *FANS)), draw.options) for text in row.arguments)


def stepping_of(training: Training) -> Stepping:
    """The row of the network's optimiser; p becomes p - rate*step."""
    row = OPTIMIZERS[training.optimizer]
    names = (*row.options, *row.states, GRADIENT, COUNT)
    made = {name: substitute(_read(text, names), training.options) for name, text in row.states.items()}
    return Stepping(made, substitute(_read(row.step, names), training.options))


@cache
def _read(text: str, names: tuple[str, ...]) -> Term:
    return read(text, Names(declared={name: typography_of(name) for name in names}))
