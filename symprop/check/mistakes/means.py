"""Batches averaged before they are differentiated.

Input: the paths of one target. Output: `Slip`s: the sum over samples of input times delta replaced by the mean input times the
mean delta, in which the samples are mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symprop.check.mistakes.links import Change
from symprop.check.mistakes.spots import Slip, Spot
from symprop.terms import ONE, ZERO, Mul, Ref, Term, number, total

_SENTENCE = "the samples are averaged before the product is taken: the product of the means is not the mean of the products"


def averaged_first(spots: Iterable[Spot]) -> Iterator[Slip]:
    """The mean of the inputs times the mean of the deltas, as a sum over the samples and as their mean."""
    own = [spot for spot in spots if spot.is_last and isinstance(spot.link.local, Ref) and spot.link.upstream != ONE]
    arrays = {spot.unit.partition("[")[0] for spot in own}
    if len(own) > 1 and len(arrays) == 1 and "[" in own[0].unit:
        for power in (1, 2):
            yield Slip("averaged before differentiating", _SENTENCE, _means(own, Fraction(1, len(own) ** power)))


def _means(own: list[Spot], scale: Fraction) -> Change:
    deltas, inputs = total(spot.link.upstream for spot in own), total(spot.link.local for spot in own)
    change: dict[int, Term] = {spot.link.number: ZERO for spot in own}
    change[own[0].link.number] = Mul((number(scale), deltas, inputs))
    return change

