"""An optimiser's row, written for each parameter of a network: its states under names of their own, and the step.

Input: a network. Output: `Moves`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from symprop.graph import Network, Shape, gradient_name
from symprop.spec.option_terms import COUNT, GRADIENT, Stepping, stepping_of
from symprop.terms import ONE, ZERO, Add, Div, Ref, Term, difference, product, substitute


@dataclass(frozen=True)
class Moves:
    """The states of a parameter are called after it, `velocity_W1`: `prefixes` has the first part by the row's word.

    `count` is the name of the number of updates, "" where the row does not count; `kept` are the shapes of what is kept for the
    parameters.
    """

    rate: str
    stepping: Stepping
    prefixes: Mapping[str, str]
    count: str
    kept: Mapping[str, Shape]

    @property
    def states(self) -> dict[str, Shape]:
        """The shapes of all that is carried from update to update."""
        return {**({self.count: ()} if self.count else {}), **self.kept}

    def of(self, parameter: str, gradient: Term) -> dict[str, Term]:
        """The new value of each state, then of the parameter: p - rate*step."""
        own = self._own(parameter)
        words = {**{state: Ref(name) for state, name in own.items()}, GRADIENT: gradient, COUNT: Ref(self.count)}
        made = {own[state]: substitute(term, words) for state, term in self.stepping.states.items()}
        return {**made, parameter: difference(Ref(parameter), self.stride(self.stepping.step, words))}

    def first(self, parameter: str, gradient: Term) -> dict[str, Term]:
        """The same for the first update: no update has been counted, and every state is 0 until it is renewed."""
        old: dict[str, Term] = {**dict.fromkeys(self._own(parameter).values(), ZERO), **({self.count: ONE} if self.count else {})}
        made: dict[str, Term] = {}
        for name, term in self.of(parameter, gradient).items():
            made[name] = substitute(term, old)
            old.pop(name, None)
        return made

    def first_stride(self, gradient: Term) -> Term:
        """What the first update subtracts from a parameter, its states written out."""
        words: dict[str, Term] = {**dict.fromkeys(self.stepping.states, ZERO), GRADIENT: gradient, COUNT: ONE}
        for state, term in self.stepping.states.items():
            words[state] = substitute(term, words)
        return self.stride(self.stepping.step, words)

    def stride(self, step: Term, words: Mapping[str, Term] = MappingProxyType({})) -> Term:
        """rate*step, a quotient's numerator multiplied, as one writes it; `words` are put in for the row's own."""
        if isinstance(step, Div):
            return Div(self.stride(step.numerator, words), substitute(step.denominator, words))
        return product((Ref(self.rate), substitute(step, words)))

    def _own(self, parameter: str) -> dict[str, str]:
        return {state: f"{prefix}_{parameter}" for state, prefix in self.prefixes.items()}

    @property
    def counted(self) -> dict[str, Term]:
        """The new number of updates by its name; empty where the row does not count."""
        return {self.count: Add((Ref(self.count), ONE))} if self.count else {}


def moves_of(network: Network) -> Moves:
    """The row of the network's optimiser; a prefix or count that would give a name of the network gets underscores behind."""
    graph = network.graph
    stepping = stepping_of(network.training)
    parameters = {name: graph.shape(name) for name in graph.names("parameter")}
    taken = {*graph.quantities, *(gradient_name(graph, name) for name in graph.quantities)}
    prefixes = {state: _free(state, [f"_{name}" for name in parameters], taken) for state in stepping.states}
    count = _free(COUNT, [""], taken) if stepping.counted else ""
    kept = {f"{prefix}_{name}": shape for name, shape in parameters.items() for prefix in prefixes.values()}
    return Moves(network.training.rate, stepping, prefixes, count, kept)


def _free(word: str, endings: Iterable[str], taken: Collection[str]) -> str:
    endings = tuple(endings)
    while any(word + ending in taken for ending in endings):
        word += "_"
    return word
