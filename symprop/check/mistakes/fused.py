"""Mistakes where a loss has taken in the slope of the output: cross-entropy after a sigmoid or a softmax.

Input: a spot. Output: whether it is such a place, and wrong local partials there.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.check.mistakes.spots import Spot, slope_with
from symprop.check.mistakes.words import softmax_of
from symprop.functions import ACTIVATIONS
from symprop.terms import ONE, Add, Apply, Mul, Neg, Ref, Term, difference, negated, places, quotient


def fused(spot: Spot) -> bool:
    """Whether a net input runs straight into the loss, which has taken in the slope of the output."""
    return spot.link.consumer == spot.graph.loss and _unit_of(spot) is not None


def _unit_of(spot: Spot) -> tuple[str, str] | None:
    """The output of the unit with this net input, and the activation whose slope people give it: a*(1 - a) to a softmax."""
    net = Ref(spot.link.quantity)
    for each in spot.graph.equations:
        if isinstance(each.term, Apply) and each.term.arguments == (net,) and each.term.function in ACTIVATIONS:
            return each.name, each.term.function
        if softmax_of(each.term) == net:
            return each.name, "sigmoid"
    return None


def own_slope(spot: Spot) -> Term | None:
    """The slope of the output unit at a net input that runs straight into the loss."""
    unit = _unit_of(spot)
    return None if unit is None else slope_with(unit[1], Ref(spot.link.quantity), Ref(unit[0]))


def with_slope(spot: Spot) -> Term | None:
    """The right local partial, times the slope of the output unit."""
    own = own_slope(spot)
    return None if own is None else Mul((spot.link.local, own))


def of_output(spot: Spot) -> Term | None:
    """dE/d(output) where dE/d(net input) belongs: the error over the slope of a sigmoid, -target/output of a softmax."""
    own = own_slope(spot)
    return quotient(spot.link.local, own) if own is not None and not _is_softmax(spot) else _error_as(spot, _minus_ratio)


def of_own_net(spot: Spot) -> Term | None:
    """What is left of a softmax where each output depends on its own net input alone."""
    return _error_as(spot, lambda output, target: negated(Mul((target, difference(ONE, output))))) if _is_softmax(spot) else None


def _minus_ratio(output: Term, target: Term) -> Term:
    return negated(quotient(target, output))


def _is_softmax(spot: Spot) -> bool:
    unit = _unit_of(spot)
    return unit is not None and softmax_of(spot.graph.definitions[unit[0]]) is not None


def _error_as(spot: Spot, made: Callable[[Term, Term], Term]) -> Term | None:
    """The local partial with something else of the output and the target in the place of output - target."""
    unit = _unit_of(spot)
    output = None if unit is None else Ref(unit[0])
    for part, put in places(spot.link.local):
        first, *others = part.terms if isinstance(part, Add) else (part,)
        if first == output and len(others) == 1 and isinstance(others[0], Neg):
            return put(made(first, others[0].operand))
    return None
