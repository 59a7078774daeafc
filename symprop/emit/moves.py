"""An optimiser's row, written for each parameter of a network: its states under names of their own, and the step.

Input: a network's `Training`, the parameters and the names that are taken. Output: `Moves`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from symprop.graph import Shape, Training
from symprop.spec.option_terms import COUNT, GRADIENT, Stepping, stepping_of
from symprop.terms import ONE, Add, Div, Ref, Term, difference, product, substitute


@dataclass(frozen=True)
class Moves:
    """`names` has the states of each parameter by the row's words; `states` the shapes of all of them, the count's first.

    `count` renews the number of updates, once in each; it is empty where the row does not count.
    """

    rate: str
    stepping: Stepping
    names: Mapping[str, Mapping[str, str]]
    states: Mapping[str, Shape]
    count: Mapping[str, Term]

    def of(self, parameter: str, gradient: str) -> dict[str, Term]:
        """The new value of each state, then of the parameter: p - rate*step."""
        own = self.names[parameter]
        words: dict[str, Term] = {state: Ref(name) for state, name in own.items()}
        words[GRADIENT] = Ref(gradient)
        for name in self.count:
            words[COUNT] = Ref(name)
        made = {own[state]: substitute(term, words) for state, term in self.stepping.states.items()}
        step = substitute(self.stepping.step, words)
        return {**made, parameter: difference(Ref(parameter), _times(Ref(self.rate), step))}


def moves_of(training: Training, parameters: Mapping[str, Shape], taken: Collection[str]) -> Moves:
    """The states are called after their parameters, `velocity_W1`, with underscores behind where that name is taken."""
    stepping = stepping_of(training)
    known = set(taken)
    count = {_free(COUNT, known): None} if stepping.counted else {}
    names = {name: {state: _free(f"{state}_{name}", known) for state in stepping.states} for name in parameters}
    shapes = {own: parameters[name] for name in parameters for own in names[name].values()}
    counted: dict[str, Term] = {name: Add((Ref(name), ONE)) for name in count}
    return Moves(training.rate, stepping, names, {**dict.fromkeys(count, ()), **shapes}, counted)


def _free(name: str, known: set[str]) -> str:
    while name in known:
        name += "_"
    known.add(name)
    return name


def _times(rate: Term, step: Term) -> Term:
    """rate*step, a quotient's numerator multiplied, as one writes it."""
    return Div(_times(rate, step.numerator), step.denominator) if isinstance(step, Div) else product((rate, step))
