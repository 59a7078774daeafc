"""Every number that a document prints, recomputed: reproduced, or why not.

Input: a Derivation with its network's claims, and a trainer (the generated module's `train`). Output: one `Audited` row a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from symprop.audit.printed import decimal_of, has_one_digit_too_many, pairs, reproduces, reproduces_within_rounding, rounded_like
from symprop.derive import Derivation
from symprop.derive.partial import partial, split_partial
from symprop.errors import UsageError, suggestion
from symprop.graph import Claim, Finding, Printed
from symprop.worked import floats

ROUNDED = "agrees to 1e-13 relative: in which order sums are taken, and how exp is rounded, decides the last digits"
Verdict: TypeAlias = Literal["reproduces", "reproduces within rounding", "explained", "fails"]
Parameters: TypeAlias = Mapping[str, Any]


class Trainer(Protocol):
    """Training by the generated module: the parameters after `iterations` more updates under a named rule."""

    def __call__(self, parameters: Parameters, iterations: int, update: str) -> Parameters: ...


@dataclass(frozen=True, slots=True)
class Audited:
    """A claim, the computed value in as many digits as are printed, and the verdict with its reason."""

    claim: Claim
    computed: Printed
    verdict: Verdict
    reason: str

    @property
    def holds(self) -> bool:
        """Whether the row is no failure."""
        return self.verdict != "fails"


def audit(derivation: Derivation, initial: Parameters, train: Trainer) -> tuple[Audited, ...]:
    """Audit every claim of the derivation's network; a finding that no longer holds is a failure.

    Raises UsageError for a claim on a quantity that the network does not have.
    """
    states = _States(derivation, initial, train, {})
    return tuple(_audited(claim, states) for claim in derivation.network.claims)


@dataclass(frozen=True)
class _States:
    """The parameters after some number of updates, each training run continued from the nearest one before it."""

    derivation: Derivation
    initial: Parameters
    train: Trainer
    reached: dict[tuple[str, int], Parameters]

    def parameters(self, update: str, iterations: int) -> Parameters:
        if iterations == 0:
            return self.initial
        if (update, iterations) not in self.reached:
            before = max((count for name, count in self.reached if name == update and count < iterations), default=0)
            start = self.reached.get((update, before), self.initial)
            self.reached[update, iterations] = self.train(start, iterations - before, update)
        return self.reached[update, iterations]

    def value(self, quantity: str, update: str, iterations: int) -> Any:
        """The named quantity after `iterations` updates: a forward value, gradient, partial, metric or training setting."""
        network = self.derivation.network
        if quantity == "iterations":
            return np.float64(network.training.iterations)
        values = floats.backward(self.derivation, floats.forward(network, self.parameters(update, iterations)))
        values = floats.solve(network.metrics, values)
        if quantity in values:
            return values[quantity]
        names = split_partial(quantity, network)
        if names is None:
            raise UsageError(f"{network.id}: no quantity '{quantity}' to hold a claim against{suggestion(quantity, values)}")
        return floats.evaluate(partial(network, *names), values)


def _audited(claim: Claim, states: _States) -> Audited:
    value = states.value(claim.quantity, claim.update, claim.iterations)
    computed = _like(claim.printed, value)
    if _all(reproduces, claim.printed, value):
        return Audited(claim, computed, "reproduces", "")
    if _all(reproduces_within_rounding, claim.printed, value):
        return Audited(claim, computed, "reproduces within rounding", ROUNDED)
    if claim.finding is None:
        return Audited(claim, computed, "fails", "the printed digits do not come out, and no finding explains them")
    held = _finding_holds(claim, claim.finding, states)
    reason = claim.finding.text if held else f"the recorded finding no longer reproduces it: {claim.finding.text}"
    return Audited(claim, computed, "explained" if held else "fails", reason)


def _all(agrees: Any, printed: Printed, value: Any) -> bool:
    return all(agrees(text, number) or reproduces(text, number) for text, number in pairs(printed, value))


def _like(printed: Printed, value: Any) -> Printed:
    if isinstance(printed, str):
        ((_, number),) = pairs(printed, value)
        return f"{rounded_like(printed, number):f}"
    return tuple(_like(part, value[place]) for place, part in enumerate(printed))


def _finding_holds(claim: Claim, finding: Finding, states: _States) -> bool:
    if finding.difference:
        return _is_the_difference(claim, finding)
    if finding.printed_values:
        return _from_printed_values(claim, finding, states)
    update = finding.update or claim.update
    iterations = claim.iterations if finding.iterations is None else finding.iterations
    return _all(reproduces, claim.printed, states.value(claim.quantity, update, iterations))


def _is_the_difference(claim: Claim, finding: Finding) -> bool:
    first, *others = (decimal_of(finding.printed_values[name]) for name in finding.difference)
    return isinstance(claim.printed, str) and decimal_of(claim.printed) == first - sum(others)


def _from_printed_values(claim: Claim, finding: Finding, states: _States) -> bool:
    """The claimed number, computed from other numbers that the document prints beside it."""
    network = states.derivation.network
    given = {name: np.float64(text) for name, text in finding.printed_values.items()}
    behind = [equation for equation in network.graph.equations if equation.name not in given]
    values = floats.forward(network, states.initial) | given
    value = floats.solve(behind, values)[claim.quantity]
    if finding.decimals is None or not isinstance(claim.printed, str):
        return _all(reproduces, claim.printed, value)
    right = f"{rounded_like(f'{0:.{finding.decimals}f}', float(value)):f}"
    return has_one_digit_too_many(claim.printed, right) if finding.extra_digit else claim.printed == right
