"""The places of a term: what each puts in the place of its part."""

from symprop.language import Names, read
from symprop.terms import Apply, Ref, Typography, children, places, subterms, with_child

NAMES = Names({name: Typography(name) for name in ("out", "target", "w1", "w2", "x1", "b", "new")})
TERM = read("(out - target)*w2*sigmoid(x1 + b)/3 - abs(w1)**2", NAMES)


def test_every_part_has_a_place_and_itself_gives_the_whole_again() -> None:
    found = list(places(TERM))
    assert [part for part, _ in found] == list(subterms(TERM))
    assert all(put(part) == TERM for part, put in found)


def test_another_thing_stands_in_one_place_alone() -> None:
    new = Ref("new")
    changed = [put(new) for part, put in places(TERM) if part == Ref("w2")]
    assert changed == [read("(out - target)*new*sigmoid(x1 + b)/3 - abs(w1)**2", NAMES)]
    assert with_child(TERM, 0, new) == read("new - abs(w1)**2", NAMES)


def test_closed_parts_are_not_looked_into() -> None:
    found = [part for part, _ in places(TERM, lambda part: isinstance(part, Apply))]
    calls = [part for part in found if isinstance(part, Apply)]
    assert len(calls) == 2 and not any(child in found for call in calls for child in children(call))
