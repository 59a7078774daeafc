"""The words of errors: what was meant, and where in a text the mistake stands."""

import pytest

from symprop.errors import InputError, TextError, suggestion

TWELVE = [f"name{letter}" for letter in "abcdefghijkm"]


@pytest.mark.parametrize(
    ("wrong", "known", "words"),
    [
        ("tahn", ["tanh", "relu"], "; did you mean 'tanh'?"),
        ("OUT_O1", ["out_o1", "net_o1"], "; did you mean 'out_o1'?"),
        ("w1", ["wl", "zz"], "; did you mean 'wl'?"),
        ("q", ["tanh", "relu"], " (known: tanh, relu)"),
        ("q", TWELVE, f" (known: {', '.join(TWELVE)})"),
        ("q", [*TWELVE, "last"], f" (known: {', '.join(TWELVE)}, ...)"),
        ("q", [], ""),
    ],
)
def test_the_nearest_name_else_the_known_ones(wrong: str, known: list[str], words: str) -> None:
    assert suggestion(wrong, known) == words


@pytest.mark.parametrize("position", [0, 3, 36, 37, 500, 999])
def test_the_caret_stands_below_the_character(position: int) -> None:
    text = "".join(chr(ord("a") + place % 26) if place != position else "?" for place in range(1000))
    shown, caret = TextError("wrong", text, position).pointer
    assert len(shown) <= 72 and shown in text
    assert shown[caret.index("^")] == "?"


def test_a_line_end_does_not_move_the_caret() -> None:
    assert TextError("wrong", "a\n\tb?", 4).pointer == ("a  b?", "    ^")


def test_the_caret_counts_columns_not_characters() -> None:
    text = "ｗ + y\u0302 + ?"
    assert TextError("wrong", text, text.index("?")).pointer == (text, f"{' ' * 9}^")


def test_all_problems_are_one_text() -> None:
    assert str(InputError(["one", "two"])) == "one\ntwo"
    assert InputError("one").problems == ("one",)
