"""The mistakes that can be made on one path of the backward pass, as data.

Input: a link. Output: `Slip`s: each a row's name, a sentence in words, and the contribution that the mistake puts in its place.
A row says where it applies (a slope, the loss, a weight, the last factor), what it writes, and what a tutor would call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symprop.algebra.rows import slope
from symprop.check.mistakes.links import Change, Link
from symprop.check.mistakes.words import Words, softmax_of
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.graph import Graph
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
    substitute,
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake: the row's name, the sentence, the change, and what tells it from others of the same row."""

    mistake: str
    sentence: str
    change: Change
    variant: str = ""
    rare: bool = False  # nobody's first thought: told only where no missing factor explains the answer


@dataclass(frozen=True, slots=True)
class Spot:
    """A link with what the rows need to know about it."""

    link: Link
    graph: Graph
    words: Words
    paths: int  # how many paths leave the link's quantity

    @property
    def at(self) -> str:
        """Where the path runs, in words."""
        return f"from {self.words.shown(self.link.quantity)} to {self.words.shown(self.link.consumer)}"

    @property
    def unit(self) -> str:
        """The quantity whose equation the path runs through."""
        return self.words.shown(self.link.consumer)

    @property
    def activation(self) -> Apply | None:
        """The activation that the path runs through; None where the consumer's equation is something else."""
        found = self.words.activation(self.link.consumer)
        return found if found is not None and found.function in ACTIVATIONS and found.function != "identity" else None

    @property
    def is_output(self) -> bool:
        """Whether the path runs from an output of the network into the loss."""
        return self.link.quantity in self.graph.outputs and self.activation is None

    @property
    def weight(self) -> str:
        """The weight that the path passes through; empty where the local partial is something else."""
        local = self.link.local
        is_weight = isinstance(local, Ref) and local.name in self.graph.names("parameter")
        return local.name if is_weight and isinstance(local, Ref) else ""

    @property
    def is_last(self) -> bool:
        """Whether the path starts at a parameter: its local partial is what the parameter multiplies."""
        return self.link.quantity in self.graph.names("parameter")

    @property
    def is_penalty(self) -> bool:
        """Whether the path is an L2 penalty on a weight."""
        return self.is_last and self.link.is_penalty(self.graph.loss)


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


def slope_with(function: str, argument: Term, output: Term) -> Term | None:
    """A textbook slope with other things in the places of argument and output."""
    written = slope(function)
    return None if written is None else substitute(written, {"z": argument, "a": output})


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


def _fused(spot: Spot) -> bool:
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


def _with_slope(spot: Spot) -> Term | None:
    unit = _unit_of(spot)
    own = None if unit is None else slope_with(unit[1], Ref(spot.link.quantity), Ref(unit[0]))
    return None if own is None else Mul((spot.link.local, own))


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
    Row("slope beside a fused loss", _FUSED, _fused, _with_slope),
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
