"""Names with their scripts: which declared quantity stands at a place, however it is typeset.

Input: a parser at a word. Output: the declared name and the place behind it; derivatives such as dE/dw5; words split into names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symprop.language.limits import MAX_READINGS, MAX_WORD
from symprop.language.pratt import Parser
from symprop.language.tokens import Token
from symprop.terms.typography import entry_text

MARKED = re.compile(r"\+|new|[(\[][0-9]+[)\]]")  # superscripts that belong to a name: w^{+}, w^{(1)}, w^{[1]}
CARETS = ("^", "**")


def quantity_at(parser: Parser, word: str, index: int) -> tuple[str, int] | None:
    """The declared quantity that `word` and the scripts from token `index` on write, and the index behind them.

    The longest reading wins: `w_{ij}^{(1)}` is one name where it is declared. A subscript is never left over.
    """
    found: tuple[str, int] | None = None
    below = above = ""
    for _ in range(3):
        name = parser.names.find(word, below, above)
        if name is not None:
            found = name, index
        token = parser.tokens[index]
        if token.kind == "sub" and not below:
            below, index = token.text, index + 1
        elif token.key in CARETS and not above:
            above, index = raised(parser, index)
        elif token.key == "'" and not above:
            above, index = "'", index + 1
        else:
            break
    else:
        name = parser.names.find(word, below, above)
        found = (name, index) if name is not None else found
    return found if found and parser.tokens[found[1]].kind != "sub" else None


def entry_at(parser: Parser, word: str, index: int) -> tuple[str, tuple[int, ...], int] | None:
    """Array, indices and the token behind `W_{1,2}`, `W_{12}` or `W_12`: as many one-digit indices as the array has dimensions.

    Behind the array's own subscript they follow a semicolon: `W_{h;1,2}`.
    """
    token = parser.tokens[index]
    base, below = (word, token.text) if token.kind == "sub" else word.rpartition("_")[::2]
    own, _, below = below.rpartition(";")
    name = parser.names.find(base, own)
    digits = below.split(",") if "," in below else list(below)
    if name is None or not digits or len(digits) != parser.names.rank(name):
        return None
    origin = parser.names.origin
    if not all(digit.isdigit() and len(digit) < 6 and int(digit) >= origin for digit in digits):
        return None
    return name, tuple(int(digit) - origin for digit in digits), index + (token.kind == "sub")


def lower_first(parser: Parser, index: int) -> bool:
    """`x^2_i` means `x_i^2`: read on with the subscript before the superscript whose `^` is token `index`; whether there is one."""
    if parser.tokens[index].key not in CARETS or parser.tokens[index + 1].kind == "end":
        return False
    _, behind = raised(parser, index)
    behind = behind if behind > index else index + 2
    if parser.tokens[behind].kind != "sub":
        return False
    parser.tokens[index : behind + 1] = [parser.tokens[behind], *parser.tokens[index:behind]]
    return True


def raised(parser: Parser, index: int) -> tuple[str, int]:
    """The text of the superscript group whose `^` is token `index`, and the index behind it; empty without a short group."""
    tokens = parser.tokens
    if index + 1 < len(tokens) and tokens[index + 1].key == "{":
        for last in range(index + 2, min(index + 8, len(tokens))):
            if tokens[last].key == "}":
                return "".join(token.text for token in tokens[index + 2 : last]), last + 1
    return ("+", index + 2) if _lone_plus(parser, index) else ("", index)


def _lone_plus(parser: Parser, index: int) -> bool:
    """Whether a plus is raised alone: in `w_2^+ s_2` a factor follows, as TeX sets it; in `x^+2` and `x**+y` it is a sign."""
    caret, sign, following = (parser.tokens[min(index + ahead, len(parser.tokens) - 1)] for ahead in (0, 1, 2))
    if sign.key != "+":
        return False
    return following.key not in parser.grammar.operands or caret.text == "^" and following.kind != "number"


def written(parser: Parser, token: Token) -> str:
    """A word with its subscript, as an error shows it."""
    following = parser.tokens[min(parser.index, len(parser.tokens) - 1)]
    return f"{token.text}_{following.text}" if following.kind == "sub" else token.text


def shortened(word: str) -> str:
    """A word as an error quotes it: one beyond any name is cut."""
    return word if len(word) <= MAX_WORD else f"{word[: MAX_WORD // 2]}..."


def differential_at(parser: Parser, index: int, below: bool = False) -> tuple[str, int] | None:
    """The quantity E of `dE`, `d E`, `∂E` at token `index`, and the index behind it.

    A declared name is no differential, unless it stands `below` one: in `dE/dW` an array's gradient may be called dW.
    """
    token, following = parser.tokens[index], parser.tokens[min(index + 1, len(parser.tokens) - 1)]
    bare = token.kind == "word" and token.text == "d" and parser.names.find("d") is None
    if (token.key == "∂" or bare) and following.kind == "word":
        return _differentiated(parser, following.text, index + 2)
    if token.kind == "word" and token.text[0] == "d" and len(token.text) > 1 and (below or parser.names.find(token.text) is None):
        return _differentiated(parser, token.text[1:], index + 1)
    return None


def _differentiated(parser: Parser, word: str, index: int) -> tuple[str, int] | None:
    """A quantity, or an entry `W_{1,2}` of an array, by its name."""
    entry = None if parser.strict else entry_at(parser, word, index)
    return quantity_at(parser, word, index) or (entry and (entry_text(*entry[:2]), entry[2]))


def quotient_of_differentials(parser: Parser, index: int) -> tuple[str, str, int] | None:
    """E, w and the index behind `dE/dw`, whose numerator begins at token `index`."""
    above = differential_at(parser, index)
    if above is None or parser.tokens[above[1]].key != "/":
        return None
    below = differential_at(parser, above[1] + 1, below=True)
    return (above[0], *below) if below else None


def fraction_of_differentials(parser: Parser, index: int) -> tuple[str, str, int] | None:
    """E, w and the index behind `{dE}{dw}`, the two groups that follow `\\frac`."""
    found: list[str] = []
    for _ in range(2):
        inner = differential_at(parser, index + 1) if parser.tokens[index].key == "{" else None
        if inner is None or parser.tokens[inner[1]].key != "}":
            return None
        found.append(inner[0])
        index = inner[1] + 1
    return found[0], found[1], index


def joined_differentials(parser: Parser, word: str) -> tuple[str, str] | None:
    """E and w of the identifier `dE_dw`."""
    for match in re.finditer("_d", word) if word[0] == "d" else ():
        above, below = parser.names.find(word[1 : match.start()]), parser.names.find(word[match.end() :])
        if above and below:
            return above, below
    return None


def splits(word: str, inner: Callable[[str], bool], last: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """Every way to write a word as a row of names, the last one judged by `last`; at most one more than can be used."""
    found: list[tuple[str, ...]] = []
    for way in _ways(word, inner, last, {}) if len(word) <= MAX_WORD else ():
        found.append(way)
        if len(found) > MAX_READINGS:
            break
    return found


def _ways(
    word: str, inner: Callable[[str], bool], last: Callable[[str], bool], dead: dict[str, bool]
) -> Iterator[tuple[str, ...]]:
    """Longest first piece first; `dead` remembers the endings that cannot be split."""
    if last(word):
        yield (word,)
    alive = last(word)
    for cut in range(len(word) - 1, 0, -1):
        head, tail = word[:cut], word[cut:]
        if not dead.get(tail) and (tail[0].isalpha()) and head[-1] != "_" and inner(head):
            for way in _ways(tail, inner, last, dead):
                alive = True
                yield (head, *way)
    dead[word] = not alive
