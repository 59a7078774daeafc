"""Finding what explains a wrong gradient: fingerprints first, so that thousands of candidates cost a look into a table each.

Input: the residues of a wrong gradient. Output: `Explanation`s that agree in residues, best first; each is still to be proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from symprop.check.decide.residues import PRIME, Residues
from symprop.check.mistakes.changes import slips
from symprop.check.mistakes.factors import Factor, factors, named_factors, product_of, sizes
from symprop.check.mistakes.field import Field, Fingerprints, Pole
from symprop.check.mistakes.links import UNCHANGED, Change, Links
from symprop.check.mistakes.means import averaged_first
from symprop.check.mistakes.names import Table, Wanted, replaced
from symprop.check.mistakes.penalty import penalties
from symprop.check.mistakes.residues import is_zero, minus, over, plus, times
from symprop.check.mistakes.spots import Slip, Spot
from symprop.check.mistakes.systematic import Placed, systematic
from symprop.check.mistakes.words import Words
from symprop.check.verdict import Form
from symprop.derive import Derivation
from symprop.graph import Network
from symprop.terms import Term

KNOWN = 1  # explanations up to this rank are the catalogue's own: where several give the same expression, all are named
RARE = 3
SIMPLE = 3  # up to this rank an explanation is one mistake that people make
MOST_BASES = 48  # first mistakes of a pair that are tried


@dataclass(frozen=True, slots=True)
class Explanation:
    """One or two mistakes that give the wrong gradient; the lower the rank, the more it tells."""

    rank: int
    mistakes: tuple[str, ...]
    sentences: tuple[str, ...]
    change: Change
    factor: Factor | None = None

    def term(self, links: Links, target: str) -> Term:
        """The wrong gradient as a term."""
        made = links.term(target, self.change)
        return made if self.factor is None else product_of(made, self.factor.term)


@dataclass(frozen=True, slots=True)
class Single:
    """A slip with the value that it gives the gradient."""

    rank: int
    slip: Slip
    value: Residues


@dataclass(frozen=True)
class Base:
    """A gradient that may have a mistake in it already: its value, and the places at which one more could stand."""

    change: Change
    value: Residues
    places: tuple[Wanted, ...]

    @cached_property
    def _first(self) -> list[tuple[int, int, frozenset[int], Wanted]]:
        """The first residue of each place's value, by how much it changes with the gap, and what may stand there."""
        return [(place.value[0], place.scale[0], place.near, place) for place in self.places]

    def closing(self, gap: int, firsts: frozenset[int]) -> Iterator[Wanted]:
        """The places where something known has the first residue that closes a gap: most places fall by it alone."""
        for value, scale, near, place in self._first:
            needed = (value + gap * scale) % PRIME
            if needed in firsts or needed in near:
                yield place


@dataclass(frozen=True)
class Seen:
    """The backward graph and the named values at some of the fixed points."""

    links: Links
    table: Table


class Catalogue:
    """The backward graph and the named values at any choice of points."""

    def __init__(self, derivation: Derivation, comparer: Fingerprints, names: tuple[str, ...]) -> None:
        self._derivation, self._comparer, self._names = derivation, comparer, names
        self._known: dict[tuple[int, ...] | None, Seen] = {}

    def seen(self, points: tuple[int, ...] | None) -> Seen:
        """What is seen at these points; None for all of them."""
        if points not in self._known:
            field = Field(self._comparer, points)
            self._known[points] = Seen(Links(self._derivation, field), Table(field, self._names))
        return self._known[points]


class Search:
    """The catalogue of one target, made from its own derivation when it is first needed."""

    def __init__(self, network: Network, catalogue: Catalogue, words: Words, target: str) -> None:
        self.network, self.words, self.target = network, words, target
        self.links = catalogue.seen(None).links
        self.field: Field = self.links.field
        self._catalogue = catalogue
        self._bases: dict[int, Base] = {}
        self._factors: dict[Form, tuple[tuple[Factor, Residues], ...]] = {}
        self._factored: dict[Form, dict[Residues, list[Factor]]] = {}  # by the value that each gives the gradient

    @cached_property
    def value(self) -> Residues:
        """The right gradient."""
        return self.links.value(self.target, UNCHANGED)

    @cached_property
    def live(self) -> Seen:
        """The links and names at those points where every path is alive: a unit that is switched off hides its mistakes."""
        parts = [self.links.contributions[spot.link.number] for spot in self.spots]
        points = tuple(point for point in range(len(self.value)) if all(part[point] for part in parts))
        return self._catalogue.seen(None if len(points) in (0, len(self.value)) else points)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Every path from the target to the loss."""
        found: list[Spot] = []
        for name in self.links.reachable(self.target):
            group = self.links.of[name]
            found.extend(Spot(link, self.links.derivation.network.graph, self.words, len(group)) for link in group)
        return tuple(found)

    @cached_property
    def singles(self) -> tuple[Single, ...]:
        """The slips of one place, then those made alike at several places."""
        placed = [Placed(spot, slip) for spot in self.spots for slip in slips(spot)]
        alone = [self._single(RARE if each.slip.rare else 0, each.slip) for each in placed]
        together = [self._single(RARE if slip.rare else 1, slip) for slip in self._of_several_paths(placed)]
        return tuple(each for each in (*alone, *together) if each is not None)

    def _of_several_paths(self, placed: list[Placed]) -> Iterator[Slip]:
        samples = [size for size, said in sizes(self.network).items() if said == "samples"]
        yield from systematic(placed, self.spots)
        yield from penalties(self.spots, self.links.all, samples)
        yield from averaged_first(self.spots)

    @cached_property
    def _by_value(self) -> dict[Residues, list[Single]]:
        found: dict[Residues, list[Single]] = {}
        for single in self.singles:
            found.setdefault(single.value, []).append(single)
        return found

    def _single(self, rank: int, slip: Slip) -> Single | None:
        try:
            value = self.links.value(self.target, slip.change)
        except Pole:
            return None
        return None if value == self.value else Single(rank, slip, value)

    def factors(self, form: Form) -> tuple[tuple[Factor, Residues], ...]:
        """The wrong factors of a form, with their values."""
        if form not in self._factors:
            known = (*factors(self.network, form), *named_factors(self.links.derivation, self.words))
            self._factors[form] = tuple(self._valued(known))
        return self._factors[form]

    def _valued(self, known: Iterable[Factor]) -> Iterator[tuple[Factor, Residues]]:
        for factor in known:
            try:
                yield factor, self.field.of(factor.term)
            except Pole:
                continue

    def explain(self, wrong: Residues, form: Form, pairs: bool) -> Iterator[list[Explanation]]:
        """What agrees with a wrong gradient, those of one rank together, the most telling first.

        Single mistakes that people make, the catalogue's own together, come before pairs (where those are asked for), and pairs
        before what is far-fetched.
        """
        catalogued = [*self._single_slips(wrong), *self._single_factors(wrong, form)]
        yield from _by_rank(each for each in catalogued if each.rank <= KNOWN)  # no place ranks as high
        found = [*(each for each in catalogued if each.rank > KNOWN), *self._single_places(wrong, UNCHANGED)]
        yield from _by_rank(each for each in found if each.rank <= SIMPLE)
        far_fetched = [each for each in found if each.rank > SIMPLE]
        two = (*self._with_factor(wrong, form), *self._pairs(wrong)) if pairs else ()
        yield from _by_rank((*far_fetched, *two))

    def _single_slips(self, wrong: Residues) -> Iterator[Explanation]:
        for single in self._by_value.get(wrong, ()):
            yield Explanation(single.rank, (single.slip.mistake,), (single.slip.sentence,), single.slip.change)

    def _single_factors(self, wrong: Residues, form: Form) -> Iterator[Explanation]:
        if form not in self._factored:
            self._factored[form] = {}
            for factor, value in self.factors(form):
                self._factored[form].setdefault(times(value, self.value), []).append(factor)
        for factor in self._factored[form].get(wrong, ()):
            yield Explanation(factor.rank, (factor.mistake,), (factor.sentence,), UNCHANGED, factor)

    def _single_places(self, wrong: Residues, base: Change) -> Iterator[Explanation]:
        """A factor or summand replaced by something that has a name."""
        field, table, known = self.live.links.field, self.live.table, self._base(base)
        gap = minus(field.seen(wrong), known.value)
        for wanted in known.closing(gap[0], table.firsts) if not is_zero(gap) else ():
            found = replaced(wanted, plus(wanted.value, times(gap, wanted.scale)), table, self.words)
            if found is not None:
                change = self._change(wanted, found.term)
                yield Explanation(2 + found.rank, (found.mistake,), (found.sentence,), change)

    def _change(self, wanted: Wanted, term: Term) -> Change:
        change = {wanted.spot.link.number: wanted.place.put(term)}
        return change if wanted.via is None else self.links.only_via(wanted.via, change)

    def _base(self, base: Change) -> Base:
        """What one more mistake could be; a base is one of the catalogue's slips or none, and stays."""
        if id(base) not in self._bases:
            self._bases[id(base)] = Base(base, self.live.links.value(self.target, base), tuple(self._places(base)))
        return self._bases[id(base)]

    def _places(self, base: Change) -> Iterator[Wanted]:
        weights = self.live.links.weights_of(self.target, base)
        changed = self.live.links.gradient(self.target, base)
        for spot in self.spots:
            if spot.link.number not in base and spot.link.quantity in weights:
                yield from self.live.table.places(spot, weights[spot.link.quantity], changed)
        if not base:
            yield from self._places_of_one_path(weights)

    def _places_of_one_path(self, weights: Mapping[str, Residues]) -> Iterator[Wanted]:
        """What several paths share may be wrong on one of them alone, where a student writes it out for each."""
        links, table = self.live.links, self.live.table
        for first in self.spots:
            if first.paths < 2 or first.link.consumer not in links.of:
                continue
            through = times(weights[first.link.quantity], links.field.of(first.link.local))
            below = links.weights_of(first.link.consumer, UNCHANGED)
            for spot in self.spots:
                weight = times(through, below[spot.link.quantity]) if spot.link.quantity in below else None
                if weight is not None and weight != weights[spot.link.quantity]:
                    yield from table.places(spot, weight, {}, first.link)

    def _with_factor(self, wrong: Residues, form: Form) -> Iterator[Explanation]:
        """A wrong factor and one more mistake."""
        for factor, value in self.factors(form):
            rest = over(wrong, value) if factor.rank < 2 else None
            for inner in self._inner(rest) if rest is not None else ():
                mistakes, sentences = (factor.mistake, *inner.mistakes), (factor.sentence, *inner.sentences)
                yield replace(inner, rank=4 + inner.rank, mistakes=mistakes, sentences=sentences, factor=factor)

    def _inner(self, rest: Residues) -> Iterator[Explanation]:
        yield from self._single_slips(rest)
        yield from self._single_places(rest, UNCHANGED)

    def _pairs(self, wrong: Residues) -> Iterator[Explanation]:
        """Two mistakes at different places of the derivation."""
        for first in self.singles[:MOST_BASES]:
            for second in self._single_places(wrong, first.slip.change):
                mistakes, sentences = (first.slip.mistake, *second.mistakes), (first.slip.sentence, *second.sentences)
                change = {**first.slip.change, **second.change}
                yield Explanation(4 + second.rank, mistakes, sentences, change)


def _by_rank(found: Iterable[Explanation]) -> Iterator[list[Explanation]]:
    ordered = sorted(found, key=lambda each: each.rank)
    for _, group in groupby(ordered, key=lambda each: max(each.rank, KNOWN)):
        yield list(group)
