"""An update rule written out: which gradient each parameter is stepped with, and which parameters are new by then.

Input: a Derivation and one of its updates. Output: the first update's steps in order, by the network's optimiser; new values
have names of their own (w1_new, printed w1⁺), the optimiser's states theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from symprop.derive.derivation import Derivation
from symprop.derive.expand import in_quantities
from symprop.errors import UsageError, suggestion
from symprop.graph import Equation, Network, Quantity, Update, new_name
from symprop.spec.moves import Moves, moves_of
from symprop.spec.options import OPTIMIZERS
from symprop.terms import Ref, Term, ancestors, names_in, substitute, typography_of


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """`parameter`⁺ = `value`, with `gradient` in forward quantities or deltas; names ending in `_new` are already stepped.

    `gradient_of` is the parameter whose gradient is used: another one where the document has that defect. `cited` are the lines of
    the step with that gradient's symbol, `written` with the gradient itself: the optimiser's states, then the new value.
    """

    parameter: str
    gradient_of: str
    gradient: Term
    cited: tuple[Equation, ...]
    written: tuple[Equation, ...]
    already_new: tuple[str, ...]

    @property
    def value(self) -> Term:
        """The new value, in the optimiser's states where it keeps some."""
        return self.written[-1].term

    @property
    def lines(self) -> tuple[Equation, ...]:
        """As a page shows them: written out where weights are already new, since that gradient has no symbol."""
        return self.written if self.already_new else self.cited


def find_update(network: Network, name: str) -> Update:
    """The named update rule; `document` falls back to `simultaneous`. Raises UsageError for an unknown name."""
    if name == "document":
        return network.document_update
    if name not in network.updates:
        raise UsageError(f"{network.id} has no update rule '{name}'{suggestion(name, network.updates)}")
    return network.updates[name]


def state_quantities(network: Network) -> Iterator[Quantity]:
    """What the optimiser keeps for each parameter, by name."""
    for name, shape in moves_of(network).kept.items():
        yield Quantity(name, "derived", shape, typography_of(name))


def optimiser_words(network: Network) -> str:
    """By what the first update is made and how its states begin; empty where the optimiser keeps none."""
    row = OPTIMIZERS[network.training.optimizer]
    kept = f"{' and '.join(row.states)} {'are' if len(row.states) > 1 else 'is'} 0 for every weight"
    return f"The optimiser is {row.name}; this is its first update, before which {kept}." if row.states else ""


def update_steps(
    derivation: Derivation, update: Update, only: Collection[str] | None = None, in_deltas: bool = False
) -> tuple[UpdateStep, ...]:
    """p⁺ = p - rate * dE/dp, or as the network's optimiser steps at first, for each parameter of the rule (or of `only`) in order.

    Simultaneous: every gradient at the old parameters. Sequential: local partials use the stored forward values and the
    parameters as they are by then. An optimiser's states are 0 before the first update, and written as that. With `in_deltas` a
    gradient is written from the gradients behind it; those that hold an already new parameter have no symbol, and are written out.
    """
    places = [place for place, parameter in enumerate(update.order) if only is None or parameter in only]
    moves = moves_of(derivation.network)
    gradient_of = partial(_in_deltas, derivation) if in_deltas else lambda source, _: derivation.gradient(source).term
    return tuple(_step(derivation, moves, update, place, gradient_of) for place in places)


def _step(
    derivation: Derivation, moves: Moves, update: Update, place: int, gradient_of: Callable[[str, Collection[str]], Term]
) -> UpdateStep:
    parameter = update.order[place]
    source = update.gradient_of.get(parameter, parameter)
    before = update.order[:place] if update.sequential else ()
    renewed: dict[str, Term] = {name: Ref(new_name(name)) for name in before}
    gradient = substitute(gradient_of(source, before), renewed)
    used = set(names_in(gradient))
    already_new = tuple(name for name in renewed if new_name(name) in used)
    cited = tuple(_lines(moves, parameter, Ref(derivation.steps[source].name)))
    return UpdateStep(parameter, source, gradient, cited, tuple(_lines(moves, parameter, gradient)), already_new)


def _in_deltas(derivation: Derivation, quantity: str, renewed: Collection[str]) -> Term:
    """A gradient from the gradients behind it, of which those that hold a renewed parameter are opened."""
    formulas = {step.name: step.term for step in derivation.steps.values()}
    stale = {name: step for name, step in derivation.steps.items() if not ancestors([step.name], formulas).isdisjoint(renewed)}
    return in_quantities({**stale, quantity: derivation.steps[quantity]}, quantity)


def _lines(moves: Moves, parameter: str, gradient: Term) -> Iterator[Equation]:
    for name, term in moves.first(parameter, gradient).items():
        yield Equation(new_name(name) if name == parameter else name, term)
