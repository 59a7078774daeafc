"""How names look, in pairs; and entries' names there and back again."""

import pytest

from symprop.terms import Typography, typography_of
from symprop.terms.typography import entry_of_text, entry_text

NAMES = [
    ("net_h1", Typography("net", "h1")),
    ("w5", Typography("w", "5")),
    ("w1_2", Typography("w", "1,2")),
    ("yhat_1", Typography("y", "1", accent="hat")),
    ("xbar", Typography("x", accent="bar")),
    ("crossbar", Typography("crossbar")),
    ("hat", Typography("hat")),
    ("E_in_all", Typography("E", "in,all")),
    ("Wh[1,2]", Typography("Wh", "1,2")),
    ("b_o[2]", Typography("b", "o;2")),
]


@pytest.mark.parametrize(("name", "typography"), NAMES)
def test_the_usual_reading_of_a_name(name: str, typography: Typography) -> None:
    assert typography_of(name) == typography


ENTRIES = [("Wh", (0, 1), "Wh[1,2]"), ("b", (9,), "b[10]"), ("A", (0, 1, 2), "A[1,2,3]")]


@pytest.mark.parametrize(("name", "place", "written"), ENTRIES)
def test_an_entry_is_counted_from_one(name: str, place: tuple[int, ...], written: str) -> None:
    assert entry_text(name, place) == written
    assert entry_of_text(written) == (name, place)


@pytest.mark.parametrize("name", ["w", "w_1", "W[1", "W[a]", "W[1,]", "[1]"])
def test_what_is_no_entrys_name(name: str) -> None:
    assert entry_of_text(name) is None
    assert entry_text(name, ()) == name
