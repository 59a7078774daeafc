"""An update rule written out: which gradient each parameter is stepped with, and which parameters are new by then.

Input: a Derivation and one of its updates. Output: the steps in order; new values have names of their own (w1_new, printed w1⁺).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from symprop.derive.derivation import Derivation
from symprop.errors import UsageError, suggestion
from symprop.graph import Network, Update, new_name
from symprop.graph import new_quantity as new_quantity
from symprop.terms import Ref, Term, difference, names_in, product, substitute


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """`parameter`⁺ = `value`, with `gradient` in forward quantities; names ending in `_new` are parameters already stepped.

    `gradient_of` is the parameter whose gradient is used: another one where the document has that defect.
    """

    parameter: str
    gradient_of: str
    gradient: Term
    value: Term
    already_new: tuple[str, ...]


def find_update(network: Network, name: str) -> Update:
    """The named update rule; `document` falls back to `simultaneous`. Raises UsageError for an unknown name."""
    if name == "document":
        return network.document_update
    if name not in network.updates:
        raise UsageError(f"{network.id} has no update rule '{name}'{suggestion(name, network.updates)}")
    return network.updates[name]


def update_steps(derivation: Derivation, update: Update, only: Collection[str] | None = None) -> tuple[UpdateStep, ...]:
    """p⁺ = p - rate * dE/dp for each parameter of the rule (or of those in `only`), in its order.

    Simultaneous: every gradient at the old parameters. Sequential: local partials use the stored forward values and the
    parameters as they are by then.
    """
    places = [place for place, parameter in enumerate(update.order) if only is None or parameter in only]
    return tuple(_step(derivation, update, update.order[place], update.order[:place]) for place in places)


def _step(derivation: Derivation, update: Update, parameter: str, before: tuple[str, ...]) -> UpdateStep:
    source = update.gradient_of.get(parameter, parameter)
    renewed: dict[str, Term] = {name: Ref(new_name(name)) for name in before} if update.sequential else {}
    gradient = substitute(derivation.gradient(source).term, renewed)
    used = set(names_in(gradient))
    already_new = tuple(name for name in renewed if new_name(name) in used)
    rate = Ref(derivation.network.training.rate)
    value = difference(Ref(parameter), product((rate, gradient)))
    return UpdateStep(parameter, source, gradient, value, already_new)
