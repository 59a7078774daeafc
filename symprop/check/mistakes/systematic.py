"""Mistakes made alike at several places: in a whole layer, at every output, everywhere.

Input: the slips of single places. Output: `Slip`s that make the same one at all places of a group, and those that only exist
for several paths at once: only one path counted, weights transposed, the off-diagonal part of a softmax left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby

from symprop.check.mistakes.links import Change, Link, dropped
from symprop.check.mistakes.spots import Slip, Spot
from symprop.terms import ONE, Apply, Mul, Ref, Term, product, substitute, total


@dataclass(frozen=True, slots=True)
class Placed:
    """A slip with the spot at which it is made."""

    spot: Spot
    slip: Slip


def systematic(placed: Iterable[Placed], spots: Iterable[Spot]) -> Iterator[Slip]:
    """The mistakes of several places for one target."""
    by_mistake = sorted(placed, key=lambda each: (each.slip.mistake, each.slip.variant))
    for _, group in groupby(by_mistake, key=lambda each: (each.slip.mistake, each.slip.variant)):
        yield from _together(list(group))
    known = tuple(spots)
    yield from _only_paths(known)
    yield from _transposed(known)
    yield from _exchanged(known)
    yield from _diagonal_only(known)
    yield from _values_for_gradients(known)
    yield from _multiplied(known)
    yield from _slopes_of_others(known)


MOST_UNITS = 8  # of larger networks no slopes are exchanged
MOST_EXCHANGED = 4  # paths of one quantity: of more, no two are tried
_NOT_TOGETHER = ("path missing", "path's sign", "input missing")


def _together(group: list[Placed]) -> Iterator[Slip]:
    mistake = group[0].slip.mistake
    if mistake in _NOT_TOGETHER or len({each.spot.link.number for each in group}) < 2:
        return
    layers: dict[str, list[Placed]] = {}
    for each in group:
        layers.setdefault(_layer(each.spot), []).append(each)
    for layer, members in layers.items():
        if len(layers) > 1 and len(members) > 1:
            yield _merged(members, f"{_said(mistake, members[0])} ({layer})")
    yield _merged(group, f"{_said(mistake, group[0])} (everywhere on the way to this quantity)")


def _said(mistake: str, first: Placed) -> str:
    if mistake == "slope of another activation":
        return f"{first.slip.sentence.partition(' at ')[0]} where the slope of the unit's own activation belongs"
    return _WHOLE.get(mistake) or first.slip.sentence.partition(" at ")[0]


_WHOLE = {
    "slope missing": "the slopes of the activations are missing",
    "part of the slope missing": "only a part of the slopes of the activations is there: a factor of them is missing",
    "slope twice": "the slopes of the activations are taken twice",
    "slope of the net input": "the slopes are written with the net inputs where the units' outputs belong",
    "activation applied twice": "the slopes are taken at the units' outputs instead of their net inputs, as if the activation were "
    "applied twice",
    "output for slope": "the outputs of the units stand where their slopes belong",
    "sign inside the slope": "a sign inside the slopes is wrong",
    "slope overwrites the gradient": "the slopes replace what comes back from the next layer instead of multiplying it",
    "error's sign": "the signs of the errors are turned around",
    "error squared": "the errors are squared where their derivatives belong",
    "error's absolute value": "absolute values of the errors stand where the errors belong",
    "output differentiated": "the outputs are differentiated instead of the loss: the errors are missing",
    "factor 2": "the errors have a factor 2 too many",
    "factor 1/2": "the errors have a factor 1/2 too many",
    "slope beside a fused loss": "the slopes of the output units are factors too many: the loss has taken them in",
    "weight missing": "the weights on the way back are missing",
    "already-updated weight": "already-updated weights are used; the old ones belong there",
}


def _layer(spot: Spot) -> str:
    """The group of a spot: the outputs, or the array or layer of its consumer."""
    shown = spot.words.shown(spot.link.consumer)
    if "[" in shown:
        return f"at {shown.partition('[')[0]}"
    return "at the outputs" if {spot.link.consumer, spot.link.quantity} & set(spot.graph.outputs) else "in the hidden layers"


def _merged(members: Iterable[Placed], sentence: str) -> Slip:
    change: dict[int, Term] = {}
    for each in members:
        change |= each.slip.change
        first = each.slip
    return Slip(first.mistake, sentence, change, rare=first.rare)


def _by_quantity(spots: Iterable[Spot]) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for spot in spots:
        found.setdefault(spot.link.quantity, []).append(spot)
    return found


def _only_paths(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """Only one of three or more paths is counted (of two, the other one is missing)."""
    for group in _by_quantity(spots).values():
        for kept in group if len(group) > 2 else ():
            others = tuple(spot.link for spot in group if spot is not kept)
            yield Slip("path missing", f"only the path {kept.at} is counted", dropped(others))


def _transposed(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """The weight from the k-th source to the j-th consumer where the one from j to k belongs."""
    weights = [spot for spot in spots if spot.weight and not spot.is_last]
    whole: dict[int, Term] = {}
    for group in _by_quantity(weights).values():
        whole |= dict(_swapped(group))
    if whole:
        yield Slip("weights transposed", "the weights are transposed: rows and columns are exchanged on the way back", whole)


def _exchanged(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """The weights of two paths that leave one quantity, each on the other's path."""
    weights = [spot for spot in spots if spot.weight and not spot.is_last]
    for group in _by_quantity(weights).values():
        for one, other in combinations(group, 2) if len(group) <= MOST_EXCHANGED else ():
            sentence = f"two weights are exchanged: those on the paths {one.at} and {other.at}"
            pairs = ((one, other), (other, one))
            yield Slip("weights exchanged", sentence, {a.link.number: _with_weight(a.link, b.weight) for a, b in pairs})


def _swapped(group: list[Spot]) -> Iterator[tuple[int, Term]]:
    table = _grid(group[0].graph.definitions, group)
    for column, spot in enumerate(group):
        rows = [row for (row, at), weight in table.items() if at == column and weight == spot.weight]
        other = table.get((column, rows[0])) if rows else None
        if other is not None and other != spot.weight:
            yield spot.link.number, _with_weight(spot.link, other)


def _grid(definitions: Mapping[str, Term], group: list[Spot]) -> dict[tuple[int, int], str]:
    """The weights of the consumers' net inputs by (source, consumer)."""
    table: dict[tuple[int, int], str] = {}
    parameters = set(group[0].graph.names("parameter"))
    for column, spot in enumerate(group):
        for row, (_, weight) in enumerate(_products(definitions[spot.link.consumer], parameters)):
            table[row, column] = weight
    return table


def _products(term: Term, parameters: set[str]) -> Iterator[tuple[str, str]]:
    """(source, weight) of each product of a weight and a quantity in a net input, in the author's order."""
    for part in getattr(term, "terms", (term,)):
        names = [factor.name for factor in getattr(part, "factors", ()) if isinstance(factor, Ref)]
        weights = [name for name in names if name in parameters]
        if len(names) == 2 and len(weights) == 1:
            yield next(name for name in names if name not in parameters), weights[0]


def _with_weight(link: Link, weight: str) -> Term:
    return Ref(weight) if link.upstream == ONE else Mul((link.upstream, Ref(weight)))


def _diagonal_only(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """A softmax treated as if each output depended on its own net input alone; its slope left out altogether."""
    crossing: dict[int, Term] = {}
    own: dict[int, Term] = {}
    for group in _by_quantity(spots).values():
        off = _off_diagonal(group)
        crossing |= off
        own |= {spot.link.number: spot.link.upstream for spot in group if off and spot.link.number not in off}
    if crossing:
        sentence = "the softmax is treated as if each output depended on its own net input alone"
        yield Slip("softmax taken entry by entry", sentence, crossing)
        sentence = "the slope of the softmax is missing: without it, errors pass back only under cross-entropy"
        yield Slip("slope of the softmax missing", sentence, crossing | own)


def _off_diagonal(group: list[Spot]) -> Change:
    places = [_indices(spot.words.shown(spot.link.consumer)) for spot in group]
    own = _indices(group[0].words.shown(group[0].link.quantity))
    arrays = {spot.words.shown(spot.link.consumer).partition("[")[0] for spot in group}
    others = group[0].is_last or any(spot.weight for spot in group)
    if len(group) < 2 or len(arrays) > 1 or own not in places or others:
        return {}
    return dropped(tuple(spot.link for spot, place in zip(group, places, strict=True) if place != own))


def _values_for_gradients(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """The outputs of the units that a quantity leads to in the places of their gradients, on all of several paths."""
    for quantity, group in _by_quantity(spots).items():
        units = [spot.words.unit_of(spot.link.consumer) for spot in group]
        if len(group) > 1 and all(units) and not any(spot.is_last or spot.link.upstream == ONE for spot in group):
            sentence = f"outputs of units stand where their gradients belong, on the paths from {group[0].words.shown(quantity)}"
            made = ((spot.link, Mul((Ref(unit), spot.link.local))) for spot, unit in zip(group, units, strict=True))
            yield Slip("value for gradient", sentence, {link.number: wrong for link, wrong in made})


def _multiplied(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """The products on several paths multiplied instead of summed; the sums multiplied where the products belong summed."""
    weights = [spot for spot in spots if spot.weight and not spot.is_last and spot.link.upstream != ONE]
    for quantity, group in _by_quantity(weights).items():
        links, start = [spot.link for spot in group], group[0].words.shown(quantity)
        rest = dropped(tuple(links[1:]))
        if len(group) > 1:
            sums = Mul((total(link.upstream for link in links), total(link.local for link in links)))
            sentence = f"the sum of the gradients is multiplied by the sum of the weights on the paths from {start}: each gradient"
            yield Slip("sums multiplied", f"{sentence} belongs to its own weight", {links[0].number: sums, **rest})
            sentence = f"the paths from {start} are multiplied where they belong summed"
            yield Slip("paths multiplied", sentence, {links[0].number: product(link.contribution for link in links), **rest})


def _slopes_of_others(spots: tuple[Spot, ...]) -> Iterator[Slip]:
    """The slope of another unit with the same activation."""
    known = [spot for spot in spots if spot.activation is not None]
    calls = {name: call for name in known[0].graph.definitions if (call := known[0].words.activation(name))} if known else {}
    for spot in known if len(calls) <= MOST_UNITS else ():
        for name, call in calls.items():
            own = spot.activation
            if own is None or name == spot.link.consumer or call.function != own.function:
                continue
            wrong = substitute(spot.link.local, {spot.link.consumer: Ref(name), **_argument(own, call)})
            sentence = f"the slope of the activation at {spot.words.shown(name)} stands where that at {spot.unit} belongs"
            change = wrong if spot.link.upstream == ONE else Mul((spot.link.upstream, wrong))
            yield Slip("slope of another unit", sentence, {spot.link.number: change})


def _argument(own: Apply, other: Apply) -> dict[str, Term]:
    """The net input of one unit in the place of another's."""
    return {mine.name: theirs for mine, theirs in zip(own.arguments, other.arguments, strict=True) if isinstance(mine, Ref)}


def _indices(shown: str) -> str:
    return shown.partition("[")[2]
