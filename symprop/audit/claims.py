"""Every number that a document prints, recomputed: reproduced, or why not.

Input: a Derivation with its network's claims, and a trainer (the generated module's `train`). Output: one `Audited` row a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from symprop.audit.printed import (
    decimal_of,
    each,
    has_one_digit_too_many,
    pairs,
    reproduces,
    reproduces_within_rounding,
    rounded_like,
)
from symprop.derive import Derivation
from symprop.derive.partial import partial, split_partial
from symprop.errors import InputError, UsageError, suggestion
from symprop.graph import Claim, Equation, Finding, Printed, Shape, shape_of_value
from symprop.terms import Entry, ShapeError, shape_of
from symprop.terms.typography import entry_of_text, entry_text
from symprop.worked import floats

ROUNDED = "agrees to 1e-13 relative: in which order sums are taken, and how exp is rounded, decides the last digits"
Verdict: TypeAlias = Literal["reproduces", "reproduces within rounding", "explained", "fails"]
Verdicts: TypeAlias = "Verdict | tuple[Verdicts, ...]"  # nested like what is printed
Parameters: TypeAlias = Mapping[str, Any]


class Trainer(Protocol):
    """Training by the generated module: the parameters after `iterations` more updates under a named rule."""

    def __call__(self, parameters: Parameters, iterations: int, update: str) -> Parameters: ...


@dataclass(frozen=True, slots=True)
class Audited:
    """A claim, the computed value in as many digits as are printed, and the verdict with its reason.

    `verdicts` are those of its numbers one by one: where an array fails, most of its entries may be right.
    """

    claim: Claim
    computed: Printed
    verdict: Verdict
    reason: str
    verdicts: Verdicts

    @property
    def holds(self) -> bool:
        """Whether the row is no failure."""
        return self.verdict != "fails"


def audit(derivation: Derivation, initial: Parameters, train: Trainer) -> tuple[Audited, ...]:
    """Audit every claim of the derivation's network; a finding that no longer holds is a failure.

    Raises UsageError for a claim on a quantity that the network does not have, InputError for one of another shape.
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

    def value(self, quantity: str, update: str, iterations: int, printed: Parameters = MappingProxyType({})) -> Any:
        """The named quantity after `iterations` updates: a forward value, gradient, partial or metric, or an entry of one.

        A `printed` number stands in the place of the one that is computed.
        """
        values = self._values(self.parameters(update, iterations), printed)
        array, place = entry_of_text(quantity) or (quantity, ())
        whole = values[array] if array in values else self._partial(array, values)
        if place:
            _require(Entry(array, place), np.shape(whole), self.derivation.network.id)
        return whole[place] if place else whole

    def _values(self, parameters: Parameters, printed: Parameters) -> dict[str, Any]:
        """Everything that the network names."""
        network = self.derivation.network
        steps = (Equation(step.name, step.term) for step in self.derivation.steps.values())
        equations = (*network.graph.equations, *steps, *network.derived, *network.metrics)
        given = floats.known(network) | {name: np.asarray(value)[()] for name, value in parameters.items()} | dict(printed)
        return floats.solve((each for each in equations if each.name not in printed), given)

    def _partial(self, name: str, values: Mapping[str, Any]) -> Any:
        network = self.derivation.network
        names = split_partial(name, network)
        if names is None:
            raise UsageError(f"{network.id}: no quantity '{name}' to hold a claim against{suggestion(name, values)}")
        return floats.evaluate(partial(network, *names), values)


def _require(entry: Entry, shape: Shape, network: str) -> None:
    try:
        shape_of(entry, {entry.name: shape})
    except ShapeError as error:
        raise InputError(f"{network}: a claim on {entry_text(entry.name, entry.indices)}: {error}") from None


def _audited(claim: Claim, states: _States) -> Audited:
    value = states.value(claim.quantity, claim.update, claim.iterations)
    if shape_of_value(claim.printed) != np.shape(value):
        where = f"{states.derivation.network.id}: the claim on '{claim.quantity}' ({claim.where})"
        raise InputError(f"{where}: expected the shape {np.shape(value)}, got {shape_of_value(claim.printed)}")
    verdict, reason = _verdict(claim, value, states)
    computed = each(lambda printed, number: f"{rounded_like(printed, number):f}", claim.printed, value)
    verdicts = each(lambda printed, number: _by_digits(printed, number) or verdict, claim.printed, value)
    return Audited(claim, computed, verdict, reason, verdicts)


def _verdict(claim: Claim, value: Any, states: _States) -> tuple[Verdict, str]:
    found = {_by_digits(printed, number) for printed, number in pairs(claim.printed, value)}
    if None not in found:
        return ("reproduces", "") if found == {"reproduces"} else ("reproduces within rounding", ROUNDED)
    if claim.finding is None:
        return "fails", "the printed digits do not come out, and no finding explains them"
    if _finding_holds(claim, claim.finding, states):
        return "explained", claim.finding.text
    return "fails", f"the recorded finding no longer reproduces it: {claim.finding.text}"


def _by_digits(printed: str, number: float) -> Verdict | None:
    """The verdict on one number; None where its digits do not come out."""
    if reproduces(printed, number):
        return "reproduces"
    return "reproduces within rounding" if reproduces_within_rounding(printed, number) else None


def _all_reproduce(printed: Printed, value: Any) -> bool:
    return all(reproduces(text, number) for text, number in pairs(printed, value))


def _finding_holds(claim: Claim, finding: Finding, states: _States) -> bool:
    if finding.difference:
        return _is_the_difference(claim, finding)
    if finding.printed_values:
        return _from_printed_values(claim, finding, states)
    update = finding.update or claim.update
    iterations = claim.iterations if finding.iterations is None else finding.iterations
    return _all_reproduce(claim.printed, states.value(claim.quantity, update, iterations))


def _is_the_difference(claim: Claim, finding: Finding) -> bool:
    first, *others = (decimal_of(finding.printed_values[name]) for name in finding.difference)
    return isinstance(claim.printed, str) and decimal_of(claim.printed) == first - sum(others)


def _from_printed_values(claim: Claim, finding: Finding, states: _States) -> bool:
    """The claimed number, computed from other numbers that the document prints beside it."""
    given = {name: np.float64(text) for name, text in finding.printed_values.items()}
    value = states.value(claim.quantity, claim.update, 0, given)
    if finding.decimals is None or not isinstance(claim.printed, str):
        return _all_reproduce(claim.printed, value)
    right = f"{rounded_like(f'{0:.{finding.decimals}f}', float(value)):f}"
    return has_one_digit_too_many(claim.printed, right) if finding.extra_digit else claim.printed == right
