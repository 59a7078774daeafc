"""Mistakes about the L2 penalty: forgotten, scaled, divided by the samples, put on a bias.

Input: the paths of one target, and all links of the network. Output: `Slip`s; none where the loss has no penalty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symprop.check.mistakes.links import Link
from symprop.check.mistakes.spots import Slip, Spot
from symprop.terms import ONE, ZERO, Add, Mul, Ref, number, substitute

_SCALED = (
    ("penalty missing", "the L2 penalty on this weight is missing", ZERO),
    ("penalty's factor", "the L2 penalty has a factor 2 too many: its half belongs to the loss", number(2)),
    ("penalty's factor", "the L2 penalty has a factor 1/2 too many: the square's 2 cancels it", number(Fraction(1, 2))),
    ("penalty's sign", "the sign of the L2 penalty is turned around", number(-1)),
)

_SIGN = ("sign", "apart from the L2 penalty, the sign is turned around")


def penalties(spots: Iterable[Spot], links: Iterable[Link], samples: Iterable[int]) -> Iterator[Slip]:
    """The mistakes about the penalty that can be made for one target."""
    own, counts = [spot for spot in spots if spot.is_last], tuple(samples)
    for spot in own:
        if spot.is_penalty:
            yield from _wrong_penalty(spot, counts)
            yield from _wrong_besides([other for other in own if other is not spot], counts)
    regularised = [link for link in links if own and link.is_penalty(own[0].graph.loss)]
    if regularised and not any(spot.is_penalty for spot in own):
        yield from _on_a_bias(own, regularised[0])


def _wrong_penalty(spot: Spot, samples: tuple[int, ...]) -> Iterator[Slip]:
    counted = ("penalty's factor", "the L2 penalty is divided by the number of samples, which its loss does not do")
    for mistake, sentence, factor in (*_SCALED, *((*counted, number(Fraction(1, count))) for count in samples)):
        wrong = ZERO if factor == ZERO else Mul((factor, spot.link.contribution))
        yield Slip(mistake, sentence, {spot.link.number: wrong})


def _wrong_besides(others: list[Spot], samples: tuple[int, ...]) -> Iterator[Slip]:
    """What is right for the penalty alone: the rest of the gradient has the wrong sign, or is not divided by the samples."""
    counted = ("sum for mean", "apart from the L2 penalty, the number of samples is a factor too many")
    for mistake, sentence, factor in ((*_SIGN, -1), *((*counted, count) for count in samples)):
        yield Slip(mistake, sentence, {spot.link.number: Mul((number(factor), spot.link.contribution)) for spot in others})


def _on_a_bias(own: list[Spot], penalty: Link) -> Iterator[Slip]:
    """The same multiple of a parameter that has no penalty."""
    first = own[0].link
    if first.local != ONE:  # only a bias is multiplied by 1
        return
    added = substitute(penalty.contribution, {penalty.quantity: Ref(first.quantity)})
    sentence = "the L2 penalty is put on a bias, which has none"
    yield Slip("bias regularised", sentence, {first.number: Add((first.contribution, added))})
