"""The mistakes that can be made on one path of the backward pass, as data.

Input: a link. Output: `Slip`s: each a row's name, a sentence in words, and the contribution that the mistake puts in its place.
A row says where it applies (a slope, the loss, a weight, the last factor), what it writes, and what a tutor would call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symprop.check.mistakes.fused import fused, of_output, of_own_net, own_slope, with_slope
from symprop.check.mistakes.spots import Slip, Spot, slope_with
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.terms import (
    ONE,
    ZERO,
    Apply,
    Mul,
    Neg,
    Ref,
    Term,
    negated,
    number,
    product,
    quotient,
    rebuild,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A mistake of the catalogue: where it `applies`, the `wrong` local partial (None: not here), and the sentence.

    In the sentence {0} is the unit, {1} the path, {2} the path's start. With `alone`, what comes back from the next layer is
    lost too.
    """

    mistake: str
    sentence: str
    applies: Callable[[Spot], bool]
    wrong: Callable[[Spot], Term | None]
    alone: bool = False


def _activation(spot: Spot) -> bool:
    return spot.activation is not None


def _parts(spot: Spot) -> tuple[str, Term, Term]:
    """The activation's name, its argument, its output."""
    assert spot.activation is not None
    return spot.activation.function, spot.activation.arguments[0], Ref(spot.link.consumer)


def _local_over_slope(spot: Spot, wrong: Term | None) -> Term | None:
    """The wrong slope where the local partial is the textbook slope and nothing else."""
    function, argument, output = _parts(spot)
    return wrong if spot.link.local == slope_with(function, argument, output) else None


def _slope_of_net_input(spot: Spot) -> Term | None:
    function, argument, _ = _parts(spot)
    return _local_over_slope(spot, slope_with(function, argument, argument))


def _slope_of_output(spot: Spot) -> Term | None:
    function, _, output = _parts(spot)
    return _local_over_slope(spot, slope_with(function, output, Apply(function, (output,))))


def _slope_with_plus(spot: Spot) -> Term | None:
    return rebuild(spot.link.local, lambda part: part.operand if isinstance(part, Neg) else None)


def _square(spot: Spot) -> Term:
    return Mul((spot.link.local, spot.link.local))


def _output(spot: Spot) -> bool:
    return spot.is_output


def _has_other_slope(spot: Spot) -> bool:
    """Whether the activation's slope is no multiple of its output, as the sigmoid's is: of that a part would be missing."""
    return spot.activation is not None and spot.activation.function in ("relu", "tanh", "leaky_relu", "softplus", "elu")


def _inner_weight(spot: Spot) -> bool:
    return bool(spot.weight) and not spot.is_last


def _several(spot: Spot) -> bool:
    return spot.paths > 1 and not spot.is_penalty


def _has_input(spot: Spot) -> bool:
    return spot.is_last and spot.link.local != ONE and not spot.is_penalty


_IN_Z = "the slope at {0} is written with the net input where the unit's output belongs"
_APPLIED = "the slope at {0} is taken at the unit's output instead of its net input, as if the activation were applied twice"
_OVERWRITES = "at {0} the slope replaces what comes back from the next layer instead of multiplying it"
_FOR_SLOPE = "the output of the unit {0} stands where its slope belongs"
_RENEWED = "the already-updated value of a weight is used on the path {1}; the old one belongs there"
_FUSED = "the slope of the output unit at {2} is a factor too many: the loss has taken it in"
_FUSED_OUTPUT = "the output that belongs to {2} is differentiated instead of the loss: the error is missing"
_BY_OUTPUT = "the loss is differentiated by the output of the unit, not by its net input {2}: the slope of the output is missing"
_OWN_NET = "the softmax is treated as if each output depended on its own net input alone"
_OUTPUT = "the output {2} is differentiated instead of the loss: the error is missing"

COMMON = ("identity", "sigmoid", "tanh", "relu", "softplus")  # activations that people mix up

ROWS: tuple[Row, ...] = (
    Row("slope missing", "the slope of the activation at {0} is missing", _activation, lambda spot: ONE),
    Row("slope twice", "the slope of the activation at {0} is taken twice", _activation, _square),
    Row("slope of the net input", _IN_Z, _activation, _slope_of_net_input),
    Row("activation applied twice", _APPLIED, _activation, _slope_of_output),
    Row("sign inside the slope", "a sign inside the slope at {0} is wrong", _activation, _slope_with_plus),
    Row("slope overwrites the gradient", _OVERWRITES, _activation, lambda spot: spot.link.local, alone=True),
    Row("output for slope", _FOR_SLOPE, _has_other_slope, lambda spot: Ref(spot.link.consumer)),
    Row("error's sign", "the sign of the error at {2} is turned around", _output, lambda spot: negated(spot.link.local)),
    Row("error squared", "the error at {2} is squared where its derivative belongs", _output, _square),
    Row("error's absolute value", "the absolute value of the error at {2} stands where the error belongs", _output,
        lambda spot: Apply("abs", (spot.link.local,))),
    Row("output differentiated", _OUTPUT, _output, lambda spot: ONE),
    Row("factor 2", "the error at {2} has a factor 2 too many", _output, lambda spot: Mul((number(2), spot.link.local))),
    Row("factor 1/2", "the error at {2} has a factor 1/2 too many", _output, lambda spot: quotient(spot.link.local, number(2))),
    Row("slope beside a fused loss", _FUSED, fused, with_slope),
    Row("slope missing", _BY_OUTPUT, fused, of_output),
    Row("softmax taken entry by entry", _OWN_NET, fused, of_own_net),
    Row("output differentiated", _FUSED_OUTPUT, fused, own_slope),
    Row("weight missing", "the weight on the path {1} is missing", _inner_weight, lambda spot: ONE),
    Row("already-updated weight", _RENEWED, lambda spot: bool(spot.weight), lambda spot: Ref(spot.words.renewed[spot.weight])),
    Row("input missing", "the value that {2} multiplies is missing", _has_input, lambda spot: ONE),
    Row("path missing", "the path {1} is missing", _several, lambda spot: ZERO),
    Row("path's sign", "the sign of the path {1} is turned around", _several, lambda spot: negated(spot.link.local)),
)  # fmt: skip


def slips(spot: Spot) -> Iterator[Slip]:
    """Every row's mistake at one spot, parts of the slope, and the slopes of the other activations."""
    for row in ROWS:
        if row.applies(spot):
            yield from _slip(spot, row.mistake, row.sentence, row.wrong(spot), row.alone)
    if spot.activation is not None:
        yield from _part_of_slope(spot)
        for other in ACTIVATIONS:
            yield from _other_slope(spot, other)


def _part_of_slope(spot: Spot) -> Iterator[Slip]:
    """a or 1 - a alone where a*(1 - a) belongs."""
    factors = spot.link.local.factors if isinstance(spot.link.local, Mul) else ()
    sentence = "only a part of the slope of the activation at {0} is there: a factor of it is missing"
    for left_out in range(len(factors)):
        rest = product(factors[:left_out] + factors[left_out + 1 :])
        for slip in _slip(spot, "part of the slope missing", sentence, rest, False):
            yield replace(slip, variant=str(left_out))


def _other_slope(spot: Spot, other: str) -> Iterator[Slip]:
    function, argument, output = _parts(spot)
    if other in (function, "identity") or FUNCTIONS[other].rowwise:
        return
    sentence = f"the slope of {other} stands at {{0}}, whose activation is {function}"
    for variant, own_output in ((other, output), (f"{other} throughout", Apply(other, (argument,)))):
        wrong = slope_with(other, argument, own_output)
        for slip in _slip(spot, "slope of another activation", sentence, _local_over_slope(spot, wrong), False):
            yield replace(slip, variant=variant, rare=other not in COMMON)


def _slip(spot: Spot, mistake: str, sentence: str, wrong: Term | None, alone: bool) -> Iterator[Slip]:
    link = spot.link
    if wrong is None or wrong == link.local and not alone:
        return
    shown = sentence.format(spot.unit, spot.at, spot.words.shown(link.quantity))
    contribution = wrong if alone or link.upstream == ONE or wrong == ZERO else Mul((link.upstream, wrong))
    yield Slip(mistake, shown, {link.number: contribution})
