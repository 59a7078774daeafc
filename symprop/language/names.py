"""The names that a text may use, and how a name on the page finds the declared one.

Input: declared quantities with their typographies. Output: `Names`, which answers for `w0`, `w_0`, `w_{0}` and `w₀` alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symprop.terms import Typography, typography_of
from symprop.terms.typography import ACCENTS, GREEK

ALIASES: dict[str, str] = {
    "ln": "log", "sigma": "sigmoid", "σ": "sigmoid", "logistic": "sigmoid", "max": "maximum", "min": "minimum", "sgn": "sign",
    "absolute": "abs",
}  # fmt: skip
NEW_VALUE = "+"  # the superscript of a parameter after the update: w_5^{+}, w5⁺, w5_new
_NEW_WORDS = ("new", "+")
_GREEK_HEAD = re.compile(rf"^([{''.join(GREEK.values())}])(?=[A-Za-z])")  # δo1 is δ with the subscript o1, θhat θ with a hat
_MOST_FOUND = 1024
_GREEK_NAMES = {symbol: name for name, symbol in GREEK.items()}

Key = tuple[str, str, str, str]


def _arities() -> Mapping[str, int]:
    from symprop.functions import ARITIES

    return ARITIES


def _slopes() -> Mapping[str, str]:
    from symprop.functions import FUNCTIONS

    return {name: row.slope for name, row in FUNCTIONS.items() if row.slope}


@dataclass(frozen=True)
class Names:
    """What the reader knows: `declared` quantities, `arrays` with their number of dimensions, `functions` with their arities.

    `slopes` are the texts, in `z` and `a`, that `sigmoid'(x)` stands for. With `open`, an undeclared name is a quantity too. The
    first entry of an array has the index `origin`.
    """

    declared: Mapping[str, Typography]
    arrays: Mapping[str, int] = field(default_factory=dict)
    functions: Mapping[str, int] = field(default_factory=_arities)
    open: bool = False
    slopes: Mapping[str, str] = field(default_factory=_slopes)
    origin: int = 1

    @classmethod
    def of(cls, *names: str, **arrays: int) -> Names:
        """Scalars by name and arrays by name and number of dimensions, with the usual typographies."""
        return cls({name: typography_of(name) for name in (*names, *arrays)}, arrays)

    @cached_property
    def letters(self) -> frozenset[str]:
        """Every character beyond ASCII that occurs in a declared name."""
        return frozenset(char for name in self.declared for char in name if not char.isascii())

    @cached_property
    def _by_key(self) -> dict[Key, str]:
        return {key_of(typography): name for name, typography in reversed(list(self.declared.items()))}

    @cached_property
    def _by_loose_key(self) -> dict[Key, str | None]:
        """Names by key without the commas of the subscript; None where two names would share one."""
        found: dict[Key, str | None] = {}
        for key, name in self._by_key.items():
            loose = _loose(key)
            found[loose] = None if loose in found else name
        return found

    def find(self, word: str, subscript: str = "", superscript: str = "") -> str | None:
        """The declared quantity written as `word` with these scripts; None where there is none."""
        if word in self.declared and not subscript and not superscript:
            return word
        key = (word, subscript, superscript)
        if key not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[key] = self._find(*key)
        return self._found[key]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], str | None]:
        """What was found before: students of one course write the same words."""
        return {}

    def _find(self, word: str, subscript: str, superscript: str) -> str | None:
        written = typography_of(_GREEK_HEAD.sub(r"\1_", word))
        below = ",".join(filter(None, (written.subscript, subscript)))
        key = key_of(Typography(written.base, below, superscript, written.accent))
        return self._by_key.get(key) or self._by_loose_key.get(_loose(key))

    def function(self, word: str) -> str | None:
        """The table's function of that name or alias, whatever its capitals; None where there is none."""
        for spelled in (word, ALIASES.get(word, ""), word.lower(), ALIASES.get(word.lower(), "")):
            if spelled in self.functions:
                return spelled
        return None

    def rank(self, name: str) -> int:
        """The number of dimensions of a quantity."""
        return self.arrays.get(name, 0)


def key_of(typography: Typography) -> Key:
    """One value for all spellings of a name: base, subscript with commas, superscript, accent."""
    base, accent = _without_accent(typography.base, typography.accent)
    parts = [greek_spelled(part) for part in re.split(r"[,_\s]+", typography.subscript) if part]
    superscript = NEW_VALUE if typography.superscript in _NEW_WORDS else typography.superscript
    if parts and parts[0] in ACCENTS and not accent:
        accent = parts.pop(0)
    if parts and parts[-1] in _NEW_WORDS and not superscript:
        superscript = NEW_VALUE
        parts.pop()
    return base, ",".join(parts), superscript, accent


def _without_accent(base: str, accent: str) -> tuple[str, str]:
    """`thetahat` as theta with a hat; a longer word that ends so stays a word."""
    spelled = greek_spelled(base)
    for ending in ACCENTS if not accent else ():
        letter = spelled.removesuffix(ending)
        if letter != spelled and (len(letter) == 1 or letter in GREEK):
            return letter, ending
    return spelled, accent


def greek_spelled(word: str) -> str:
    """Greek letters by their English names."""
    if word.isascii():
        return word
    return "".join(_GREEK_NAMES.get(char, char) for char in word)


def _loose(key: Key) -> Key:
    return key[0], key[1].replace(",", ""), key[2], key[3]


def known_names(names: Names, functions: bool = False) -> Iterable[str]:
    """The names to suggest from: quantities, and functions where one is called."""
    return (*names.functions, *names.declared) if functions else tuple(names.declared)
