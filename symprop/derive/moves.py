"""An optimiser's row, written for each parameter of a network: its states under names of their own, and the step.

Input: a network's `Training`, the parameters and the names that are taken. Output: `Moves`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from symprop.graph import Shape, Training
from symprop.spec.option_terms import COUNT, GRADIENT, Stepping, stepping_of
from symprop.terms import ONE, Add, Div, Ref, Term, difference, product, substitute


@dataclass(frozen=True)
class Moves:
    """The states of a parameter are called after it, `velocity_W1`: `prefixes` has the first part by the row's word.

    `count` is the name of the number of updates, "" where the row does not count; `states` are the shapes of all of them.
    """

    rate: str
    stepping: Stepping
    prefixes: Mapping[str, str]
    count: str
    states: Mapping[str, Shape]

    def of(self, parameter: str, gradient: str) -> dict[str, Term]:
        """The new value of each state, then of the parameter: p - rate*step."""
        own = {state: f"{prefix}_{parameter}" for state, prefix in self.prefixes.items()}
        words = {**{state: Ref(name) for state, name in own.items()}, GRADIENT: Ref(gradient), COUNT: Ref(self.count)}
        made = {own[state]: substitute(term, words) for state, term in self.stepping.states.items()}
        return {**made, parameter: difference(Ref(parameter), self.stride(substitute(self.stepping.step, words)))}

    def stride(self, step: Term) -> Term:
        """rate*step, a quotient's numerator multiplied, as one writes it."""
        if isinstance(step, Div):
            return Div(self.stride(step.numerator), step.denominator)
        return product((Ref(self.rate), step))

    @property
    def counted(self) -> dict[str, Term]:
        """The new number of updates by its name; empty where the row does not count."""
        return {self.count: Add((Ref(self.count), ONE))} if self.count else {}


def moves_of(training: Training, parameters: Mapping[str, Shape], taken: Collection[str]) -> Moves:
    """The row of the training's optimiser; a prefix or count that would give a taken name gets underscores behind."""
    stepping = stepping_of(training)
    prefixes = {state: _free(state, [f"_{name}" for name in parameters], taken) for state in stepping.states}
    count = _free(COUNT, [""], taken) if stepping.counted else ""
    shapes = {f"{prefix}_{name}": shape for name, shape in parameters.items() for prefix in prefixes.values()}
    return Moves(training.rate, stepping, prefixes, count, {**({count: ()} if count else {}), **shapes})


def _free(word: str, endings: Iterable[str], taken: Collection[str]) -> str:
    endings = tuple(endings)
    while any(word + ending in taken for ending in endings):
        word += "_"
    return word
