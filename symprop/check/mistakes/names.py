"""Which named quantity, or which simple number, stands where something else belongs.

Input: a linear place of a contribution and the value that it would need. Output: what has that value, and the sentence for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symprop.check.decide.residues import PRIME, Residues
from symprop.check.mistakes.field import Field, Pole
from symprop.check.mistakes.links import Link
from symprop.check.mistakes.occurrences import Occurrence, occurrences
from symprop.check.mistakes.residues import minus, opposite, over, times
from symprop.check.mistakes.spots import Spot
from symprop.check.mistakes.words import Words
from symprop.graph import gradient_name
from symprop.terms import ONE, ZERO, Apply, Mul, Neg, Number, Power, Ref, Term, children, names_in, number, with_children

FAR_FETCHED = 4  # ranks behind what two well-known mistakes explain
EXPONENTS = (1, 2, 3, 4)
NUMBERS = (Fraction(2), Fraction(1, 2), Fraction(-1), Fraction(-2), Fraction(3), Fraction(4), Fraction(1, 4))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place: its value, and by how much its value must change for the gradient to change by one."""

    spot: Spot
    place: Occurrence
    value: Residues
    scale: Residues
    near: frozenset[int]  # the first residues of what may stand there because of what belongs there
    via: Link | None = None  # only the paths through this link are wrong


@dataclass(frozen=True, slots=True)
class _Linear:
    """A place of a contribution: its value, by how much the contribution changes with it, and what may stand there."""

    place: Occurrence
    value: Residues
    slope: Residues
    near: frozenset[int]


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stands at a place instead."""

    rank: int
    mistake: str
    sentence: str
    term: Term


class Table:
    """The values of all names and of some simple numbers."""

    def __init__(self, field: Field, names: tuple[str, ...]) -> None:
        self.field = field
        self.names: dict[Residues, list[str]] = {}
        self._unchanged: dict[int, tuple[_Linear, ...]] = {}
        self._inside: dict[tuple[str, Term | None], dict[Residues, Term]] = {}
        self._numbers = {field.number(value): value for value in NUMBERS}
        for name in names:
            try:
                self.names.setdefault(field.of(Ref(name)), []).append(name)
            except Pole:
                continue
        simple = (field.one, field.zero, *self._numbers)
        self.firsts = frozenset(value[0] for value in (*self.names, *simple))

    def inside(self, part: Term, value: Residues) -> Term | None:
        """The same power or call over another name, where that has these residues."""
        return None if _shape(part) is None else self._inside_of(part).get(value)

    def _inside_of(self, part: Term) -> dict[Residues, Term]:
        key = _shape(part)
        assert key is not None
        if key not in self._inside:
            self._inside[key] = self._of_all_names(part)
        return self._inside[key]

    def _of_all_names(self, part: Term) -> dict[Residues, Term]:
        found: dict[Residues, Term] = {}
        for names in self.names.values():
            term = with_children(part, (Ref(names[0]), *children(part)[1:]))
            try:
                found.setdefault(self.field.of(term), term)
            except Pole:
                continue
        return found

    def number(self, value: Residues) -> Fraction | None:
        """The simple number with these residues."""
        return self._numbers.get(value)

    def places(
        self, spot: Spot, weight: Residues, changed: Mapping[str, Residues], via: Link | None = None
    ) -> Iterator[Wanted]:
        """The linear places of a contribution that can be told apart."""
        for linear in self._linear(spot.link, changed):
            scale = over(self.field.one, times(weight, linear.slope))
            if scale is not None:
                yield Wanted(spot, linear.place, linear.value, scale, linear.near, via)

    def _linear(self, link: Link, changed: Mapping[str, Residues]) -> tuple[_Linear, ...]:
        """The linear places of a contribution; kept where no name in it is changed, as for most of the first mistakes of a pair."""
        if not changed.keys().isdisjoint(names_in(link.contribution)):
            return tuple(self._places_in(link.contribution, changed))
        if link.number not in self._unchanged:
            self._unchanged[link.number] = tuple(self._places_in(link.contribution, {}))
        return self._unchanged[link.number]

    def _places_in(self, contribution: Term, changed: Mapping[str, Residues]) -> Iterator[_Linear]:
        for place in occurrences(contribution):
            try:
                value = self.field.of(place.part, changed)
                slope = minus(self.field.of(place.put(ONE), changed), self.field.of(place.put(ZERO), changed))
            except Pole:
                continue
            yield _Linear(place, value, slope, self._near(place.part, value[0]))

    def _near(self, part: Term, value: int) -> frozenset[int]:
        """Opposites, squares, simple multiples, the same call of another name: their first residues."""
        multiples = [multiple[0] * value % PRIME for multiple in self._numbers]
        others = (key[0] for key in self._inside_of(part)) if _shape(part) is not None else ()
        powers = [pow(self.field.of(part.base)[0], k, PRIME) for k in EXPONENTS] if isinstance(part, Power) else ()
        return frozenset((-value % PRIME, value * value % PRIME, *multiples, *others, *powers))


def _shape(part: Term) -> tuple[str, Term | None] | None:
    """What a power or call of a name is, apart from the name."""
    if isinstance(part, Power) and isinstance(part.base, Ref):
        return "power", part.exponent
    if isinstance(part, Apply) and len(part.arguments) == 1 and isinstance(part.arguments[0], Ref):
        return part.function, None
    return None


def replaced(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    """What has the value that the place would need; None where nothing simple has."""
    for rule in _RULES:
        found = rule(wanted, value, table, words)
        if found is not None:
            return found
    return None


def _kind(part: Term, words: Words) -> str:
    """What belongs at the place, without naming it: the sentence must not give the solution away."""
    return words.kind(part.name) if isinstance(part, Ref) else "number" if isinstance(part, Number) else "expression"


def _said(kind: str) -> str:
    return KINDS_SAID.get(kind, kind)


def _dropped(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    kind = _kind(wanted.place.part, words)
    what = "" if kind == "expression" else f" ({_said(kind)})"
    if value == table.field.one and wanted.spot.activation is not None and wanted.place.part == wanted.spot.link.local:
        return Replaced(0, "slope missing", f"the slope of the activation at {wanted.spot.unit} is missing{_only(wanted)}", ONE)
    if value == table.field.one:
        return Replaced(0, "factor missing", f"a factor{what} is missing {_where(wanted)}", ONE)
    if value == table.field.zero and not isinstance(wanted.place.part, Neg):  # what is negated is told instead
        return Replaced(0, "term missing", f"a term{what} is missing {_where(wanted)}", ZERO)
    return None


def _turned(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    if value == opposite(wanted.value):
        return Replaced(0, "a sign", f"a sign is wrong {_where(wanted)}", Neg(wanted.place.part))
    return None


def _doubled(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    if value == times(wanted.value, wanted.value):
        part = wanted.place.part
        kind = _kind(part, words)
        what = "" if kind == "expression" else f" ({_said(kind)})"
        sentence = f"a factor{what} is taken twice {_where(wanted)}"
        return Replaced(0, "factor twice", sentence, Mul((part, part)))
    return None


def _named(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    own = gradient_name(wanted.spot.graph, wanted.spot.link.quantity)  # made of the place itself: that would go round in a circle
    names = [name for name in table.names.get(value, ()) if name != own]
    if not names or wanted.place.parent is None and not isinstance(wanted.place.part, Ref):
        return None
    rank = 0 if isinstance(wanted.place.part, Ref) else FAR_FETCHED
    return Replaced(rank, *_confusion(wanted, wanted.place.part, Ref(names[0]), words), Ref(names[0]))


def _inside(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    found = table.inside(wanted.place.part, value)
    if found is None:
        return _exponent(wanted, value, table)
    belongs, stands = children(wanted.place.part)[0], children(found)[0]
    assert isinstance(belongs, Ref)
    assert isinstance(stands, Ref)
    return Replaced(0, *_confusion(wanted, belongs, stands, words), found)


def _exponent(wanted: Wanted, value: Residues, table: Table) -> Replaced | None:
    part = wanted.place.part
    for exponent in EXPONENTS if isinstance(part, Power) else ():
        other = Power(children(part)[0], number(exponent))
        if other != part and table.field.of(other) == value:
            return Replaced(0, "wrong exponent", f"an exponent is wrong {_where(wanted)}", other)
    return None


def _confusion(wanted: Wanted, right: Term, stands: Ref, words: Words) -> tuple[str, str]:
    """The row and the sentence for one name in the place of another thing."""
    belongs, found = _kind(right, words), words.kind(stands.name)
    mistake = CONFUSED.get((belongs, found), "wrong quantity")
    other = "another" if belongs == found else "a" if belongs == "expression" else "the"
    return mistake, f"{words.thing(stands.name)} stands where {other} {_said(belongs)} belongs, {_where(wanted)}"


def _number(wanted: Wanted, value: Residues, table: Table, words: Words) -> Replaced | None:
    found = table.number(value)
    ratio = over(value, wanted.value) if found is None else None
    multiple = table.number(ratio) if ratio is not None else None
    if found is not None and isinstance(wanted.place.part, Number):
        return Replaced(0, "wrong number", f"a number is wrong {_where(wanted)}", number(found))
    if found is not None:
        kind = _kind(wanted.place.part, words)
        belongs = f"{'a' if kind == 'expression' else 'the'} {_said(kind)}"
        sentence = f"a number stands where {belongs} belongs, {_where(wanted)}"
        return Replaced(FAR_FETCHED + 2, "wrong number", sentence, number(found))
    if multiple is not None:
        sentence = f"a factor {multiple} too many stands {_where(wanted)}"
        return Replaced(FAR_FETCHED, "wrong number", sentence, Mul((number(multiple), wanted.place.part)))
    return None


_Rule: TypeAlias = Callable[[Wanted, Residues, Table, Words], Replaced | None]
_RULES: tuple[_Rule, ...] = (_dropped, _turned, _doubled, _named, _inside, _number)
CONFUSED: dict[tuple[str, str], str] = {
    ("weight", "weight"): "wrong weight",
    ("weight", "new weight"): "already-updated weight",
    ("input", "input"): "wrong input",
    ("unit", "unit"): "wrong unit",
    ("output", "output"): "wrong unit",
    ("unit", "net input"): "net input for output",
    ("output", "net input"): "net input for output",
    ("gradient", "unit"): "value for gradient",
    ("gradient", "output"): "value for gradient",
    ("gradient", "gradient"): "wrong gradient",
}
KINDS_SAID = {
    "unit": "output of a unit",
    "output": "output of the network",
    "new weight": "already-updated weight",
    "rate": "learning rate",
    "expression": "whole formula",
}


def _where(wanted: Wanted) -> str:
    return f"on the path {wanted.spot.at}{_only(wanted)}"


def _only(wanted: Wanted) -> str:
    via, words = wanted.via, wanted.spot.words
    return f", only where it is reached from {words.shown(via.quantity)} to {words.shown(via.consumer)}" if via is not None else ""
