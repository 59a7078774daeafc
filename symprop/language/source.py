"""Characters: what was typed, normalised and checked, with the way back to the place where it was typed.

Input: a text. Output: `Source`, the text in letters, digits and signs that the tokenizer knows, or an error naming the character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from symprop.errors import TextError
from symprop.language.limits import MAX_LENGTH
from symprop.terms.typography import GREEK

ACCENT_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde"}
SPELLINGS = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-",
    "\u00b7": "·", "\u22c5": "·", "\u2219": "·", "\u2022": "·", "\u2217": "*",
    "\u2044": "/", "\u2215": "/", "\u00f7": "/", "\u2299": "⊙", "\u2218": "⊙", "\u25e6": "⊙",
    "\u2019": "'", "\u2032": "'", "\u2190": "←", "\u2254": ":=", "\u22a4": "⊤", "\u22ba": "⊤", "\u223c": "~", "\u21d0": "←",
}  # fmt: skip
GREEK_VARIANTS = {"\u03f5": "ε", "\u03d5": "φ", "\u03d1": "θ", "\u03f0": "κ", "\u03f1": "ρ", "\u03d6": "π", "\u03c2": "σ"}
_GREEK_LETTERS = frozenset(GREEK.values())
_WHITE = "\t\n\r\f"


@dataclass(frozen=True, slots=True)
class Source:
    """`normal[i]` was typed at `text[places[i]]`; `places` has one entry more, the end."""

    text: str
    normal: str
    places: tuple[int, ...]

    def part(self, start: int, end: int) -> Source:
        """The same text, of which only normal[start:end] is to be read."""
        return Source(self.text, self.normal[start:end], self.places[start : end + 1])

    def refuse(self, message: str, at: int) -> TextError:
        """The error that points at normal[at]."""
        return TextError(message, self.text, min(self.places[min(at, len(self.normal))], len(self.text)))

    def typed(self, start: int, end: int) -> str:
        """What was typed for normal[start:end], in one line."""
        last = self.places[end - 1] + 1 if end > start else self.places[start]
        return " ".join(self.text[self.places[start] : last].split())


def normalise(text: str, letters: Collection[str] = ()) -> Source:
    """Normalise (NFKC, sub- and superscripts kept as `_{...}` and `^{...}`), then check every character.

    `letters` are further letters that may occur, those of declared names. Raises TextError for a text that is too long, for
    control, bidirectional and zero-width characters, and for letters that no name uses.
    """
    if len(text) > MAX_LENGTH:
        raise TextError(f"the text has {len(text)} characters; at most {MAX_LENGTH} are read", text, MAX_LENGTH)
    if text.isascii() and text.isprintable():
        return Source(text, text, tuple(range(len(text) + 1)))
    pieces = list(_in_groups(_pieces(text, letters)))
    normal = "".join(piece for piece, _ in pieces)
    places = [place for piece, place in pieces for _ in piece]
    return Source(text, normal, (*places, len(text)))


def _pieces(text: str, letters: Collection[str]) -> Iterator[tuple[str, str, int]]:
    """Each character as (level, spelling, place); the level is `^`, `_` or empty."""
    for place, char in enumerate(text):
        if char.isascii() and (char.isprintable() or char in _WHITE) or char in letters:
            yield "", char, place
            continue
        level, spelling = _spelled(char)
        if len(spelling) > 1 and spelling[0] == "(" and place and text[place - 1].isdigit():
            raise TextError("a mixed number could be read as a product; write one fraction", text, place)
        for part in spelling:
            problem = _problem(part)
            if problem:
                raise TextError(problem, text, place)
        yield level, spelling, place


def _spelled(char: str) -> tuple[str, str]:
    """Level and spelling of one character that is not ASCII."""
    if char in ACCENT_MARKS:
        return "", ACCENT_MARKS[char]
    if char in SPELLINGS or char in GREEK_VARIANTS:
        return "", SPELLINGS.get(char) or GREEK_VARIANTS[char]
    kind = unicodedata.decomposition(char).partition(">")[0]
    plain = unicodedata.normalize("NFKC", char)
    if kind == "<fraction":
        return "", f"({plain.replace(chr(0x2044), '/')})"
    level = {"<super": "^", "<sub": "_"}.get(kind, "")
    return level, "".join(SPELLINGS.get(c) or GREEK_VARIANTS.get(c) or c for c in _accent_spelled(plain))


def _accent_spelled(plain: str) -> str:
    """`ŷ` as `yhat`; letters with other marks stay whole."""
    parts = unicodedata.normalize("NFD", plain)
    if len(parts) == 2 and parts[1] in ACCENT_MARKS:
        return parts[0] + ACCENT_MARKS[parts[1]]
    return plain


def _problem(char: str) -> str | None:
    """Why a character cannot be part of a formula, by its Unicode name; None where it can."""
    if char.isascii() and char.isprintable() or char in _GREEK_LETTERS:
        return None
    name = f"{unicodedata.name(char, 'unnamed character')} (U+{ord(char):04X})"
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        return f"an invisible character is not allowed here: {name}; delete it"
    if char.isalpha() or category in ("Nd", "Nl", "No", "Lm"):
        return f"{name} is not part of any name here; type the letter that it looks like"
    return f"{name} is not allowed here" if category[0] == "M" else None


def _in_groups(pieces: Iterator[tuple[str, str, int]]) -> Iterator[tuple[str, int]]:
    """Runs of raised or lowered characters in `^{...}` and `_{...}`."""
    before, place = "", 0
    for level, spelling, place in pieces:
        if level != before:
            if before:
                yield "}", place
            if level:
                yield level + "{", place
        yield spelling, place
        before = level
    if before:
        yield "}", place
