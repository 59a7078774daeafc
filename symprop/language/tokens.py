"""The tokenizer: one for Python notation, LaTeX and Unicode.

Input: a `Source`. Output: tokens with their places; LaTeX commands are already words, signs and accents of the shared grammar.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symprop.errors import TextError, suggestion
from symprop.language import latex
from symprop.language.limits import MAX_DIGITS, MAX_EXPONENT, MAX_NAME, MAX_TOKENS
from symprop.language.source import Source
from symprop.terms.typography import ACCENTS, GREEK

SCRIPT_TEXT = r"[0-9]+|[^\W\d_][^\W_]*"
_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<word>[^\W\d_](?:\w*[^\W_])?)
      | (?P<script>_)
      | (?P<command>\\(?:[A-Za-z]+|.))
      | (?P<op>\*\*|:=|.)""",
    re.VERBOSE | re.DOTALL,
)
_BRACES = re.compile("[{}]")
_AXIS = re.compile(r"\s*_\{?\\(?:mathrm|text)\{(rows|columns)\}\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_FOREIGN = {
    '"': "texts in quotes are not part of the language", "`": "texts in quotes are not part of the language",
    ";": "';' is not part of the language; give one expression", "#": "comments are not part of the language",
    ":": "':' is not part of the language: of an array the whole is read, or one entry such as W[1,2]",
    "!": "'!' is not part of the language", "%": "'%' is not part of the language",
    "<": "comparisons are not part of the language (step(-z) is 1 where z < 0)",
    ">": "comparisons are not part of the language (step(z) is 1 where z > 0)",
    "?": "'?' is not part of the language", "$": "'$' belongs at both ends of a formula only",
    "&": "'&' is not part of the language",
    "∏": latex.REFUSED["prod"], "∫": latex.REFUSED["int"], "∞": latex.REFUSED["infty"],
    "∇": latex.REFUSED["nabla"], "\\": "'\\' begins a LaTeX command, whose name is missing",
}  # fmt: skip
_SIGNS = frozenset("+-*/@^()[]{}|,.='·×⊙∂⊤←∑") | {"**", ":=", "\\{", "\\}"}


_PLAIN = _SIGNS - {"∑", "\\{", "\\}"}


class Token(NamedTuple):
    """`kind` is number, word, sub (a subscript), macro, op or end; `start` and `end` are places in the normalised text."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What the grammar's tables are asked for: the sign itself, else the kind."""
        return self.text if self.kind == "op" else self.kind


def tokens_of(source: Source, commands: bool = True) -> list[Token]:
    """The tokens of a text, closed by an `end`; LaTeX commands only where `commands` allows them.

    Raises TextError at the first character that cannot be read, and where a number or the text is beyond its budget.
    """
    scanner = _Scanner(source, commands)
    start, end = _without_dollars(source.normal)
    scanner.scan(start, end)
    return [*scanner.found, Token("end", "the end", end, end)]


def _without_dollars(normal: str) -> tuple[int, int]:
    """The range inside `$...$`, `$$...$$`, `\\(...\\)` or `\\[...\\]`."""
    stripped = normal.strip()
    start = normal.find(stripped) if stripped else 0
    for left, right in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        if len(stripped) >= len(left) + len(right) and stripped.startswith(left) and stripped.endswith(right):
            return start + len(left), start + len(stripped) - len(right)
    return 0, len(normal)


def _unknown(command: str) -> str:
    if not command.isalpha():
        return _FOREIGN["\\"]
    return f"unknown command '\\{command}'{suggestion(command, latex.KNOWN)}"


class _Scanner:
    def __init__(self, source: Source, commands: bool) -> None:
        self.source, self.commands = source, commands
        self.found: list[Token] = []

    def scan(self, start: int, end: int) -> None:
        match_at, normal = _PATTERN.match, self.source.normal
        readers = {kind: getattr(self, f"_{kind}") for kind in _PATTERN.groupindex if kind != "space"}
        while start < end:
            match = match_at(normal, start, end)
            if match is None:  # the pattern's last line takes any character
                raise AssertionError(start)
            kind, text = match.lastgroup or "op", match.group()
            if text in _PLAIN:
                start = self.add("op", text, start, match.end())
            else:
                start = match.end() if kind == "space" else readers[kind](text, start, end)
            if len(self.found) > MAX_TOKENS:
                raise self.refuse(f"the text has more than {MAX_TOKENS} words and signs", start)

    def refuse(self, message: str, at: int) -> TextError:
        return self.source.refuse(message, at)

    def add(self, kind: str, text: str, start: int, end: int) -> int:
        self.found.append(Token(kind, text, start, end))
        return end

    def _number(self, text: str, start: int, end: int) -> int:
        mantissa, _, exponent = text.lower().partition("e")
        if len(mantissa) > MAX_DIGITS:
            raise self.refuse(f"a number of {len(mantissa)} digits; at most {MAX_DIGITS} are read", start)
        if len(exponent) > 9 or exponent and abs(int(exponent)) > MAX_EXPONENT:
            raise self.refuse(f"the number's exponent is beyond {MAX_EXPONENT}", start + len(mantissa))
        return self.add("number", text, start, start + len(text))

    def _word(self, text: str, start: int, end: int) -> int:
        if len(text) > MAX_NAME:
            raise self.refuse(f"a word of {len(text)} characters; names have at most {MAX_NAME}", start)
        return self.add("word", text, start, start + len(text))

    def _op(self, text: str, start: int, end: int) -> int:
        if text == "~" and self.commands and "\\" in self.source.normal:  # TeX's space
            return start + 1
        if text == "√":
            return self.add("macro", "sqrt", start, start + 1)
        if text == "∑":
            return self.sum(start, start + 1, end)
        if text not in _SIGNS:
            raise self.refuse(_FOREIGN.get(text, f"'{text}' is not part of the language"), start)
        return self.add("op", text, start, start + len(text))

    def _script(self, text: str, start: int, end: int) -> int:
        before = self.found[-1] if self.found else Token("end", "", 0, 0)
        if before.kind not in ("word", "number") and before.text != "}":
            raise self.refuse("'_' does not belong here; a subscript follows a letter", start)
        after, content = self.argument(start + 1, end)
        if not content:
            raise self.refuse("the subscript after '_' is missing", start)
        return self.add("sub", content, start, after)

    def _command(self, text: str, start: int, end: int) -> int:
        name, after = text[1:], start + len(text)
        if not self.commands:
            raise self.refuse("LaTeX commands are not read here; use Python notation", start)
        if name in latex.SKIPPED:
            return after
        if name == "sum":
            return self.sum(start, after, end)
        if name not in latex.KNOWN:
            raise self.refuse(latex.REFUSED.get(name) or _unknown(name), start)
        if name in latex.FONTS:
            return self.font(start, after, end)
        if name in latex.ACCENTS:
            return self.accent(latex.ACCENTS[name], start, after, end)
        for kind, table in (("word", latex.WORDS), ("op", latex.SIGNS), ("macro", latex.MACROS)):
            if name in table:
                return self.add(kind, table[name], start, after)
        raise AssertionError(name)

    def sum(self, start: int, after: int, end: int) -> int:
        """`\\sum` over all entries of an array, `\\sum_{\\mathrm{rows}}` and `\\sum_{\\mathrm{columns}}`; no index runs."""
        self.add("op", "∑", start, after)
        axis = _AXIS.match(self.source.normal, after, end)
        if axis:
            return self.add("sub", axis.group(1), after, axis.end())
        if self.source.normal[after:end].lstrip()[:1] in ("_", "^"):
            raise self.refuse(latex.REFUSED["sum"], start)
        return after

    def font(self, start: int, after: int, end: int) -> int:
        """`\\text{out}` is the word `out`; a font around anything else changes nothing."""
        opening = self.after_blanks(after, end)
        close = self.closing(opening, end) if self.source.normal.startswith("{", opening, end) else None
        content = self.plain(opening + 1, close) if close else ""
        if close is None or not re.fullmatch(r"[^\W\d_]\w*", content):
            return after
        return self.add("word", content, start, close + 1)

    def accent(self, accent: str, start: int, after: int, end: int) -> int:
        """`\\hat{y}` and `\\hat y_1` are the words `yhat` and, with its subscript, `yhat_1`."""
        last, content = self.argument(after, end, single=True)
        match = re.fullmatch(rf"({'|'.join(GREEK)}|[^\W\d_])(\w*)", content)
        if not match or match.group(2) in ACCENTS:
            raise self.refuse(f"the {accent} must stand over one letter", start)
        return self.add("word", match.group(1) + accent + match.group(2), start, last)

    def argument(self, start: int, end: int, single: bool = False) -> tuple[int, str]:
        """End and plain text of `{...}`, of one command, or of a word or number (one letter with `single`)."""
        normal = self.source.normal
        start = self.after_blanks(start, end)
        match = _COMMAND.match(normal, start, end)
        while match and match.group(1) in latex.FONTS:
            start = self.after_blanks(match.end(), end)
            match = _COMMAND.match(normal, start, end)
        if normal.startswith("{", start, end):
            close = self.closing(start, end)
            if close is None:
                raise self.refuse("'{' is not closed, or holds too long a name", start)
            return close + 1, self.plain(start + 1, close)
        match = match or re.compile(r"[^\W_]" if single else SCRIPT_TEXT).match(normal, start, end)
        return (match.end(), self.plain(start, match.end())) if match else (start, "")

    def after_blanks(self, start: int, end: int) -> int:
        """The first place from `start` on that is not blank."""
        while start < end and self.source.normal[start].isspace():
            start += 1
        return start

    def closing(self, start: int, end: int) -> int | None:
        """The place of the brace that closes the one at `start`; None where it is not near enough for a name."""
        depth = 0
        for brace in _BRACES.finditer(self.source.normal, start, min(end, start + MAX_NAME)):
            depth += 1 if brace.group() == "{" else -1
            if not depth:
                return brace.start()
        return None

    def plain(self, start: int, end: int) -> str:
        """The letters, digits and commas of an argument; fonts, braces and spaces left out, Greek commands by name."""
        inner = self.source.normal[start:end]
        for command in _COMMAND.findall(inner):
            if command not in latex.FONTS and command not in latex.WORDS and command not in latex.SKIPPED:
                raise self.refuse(f"'\\{command}' cannot be part of a name", start)
        plain = _COMMAND.sub(lambda match: latex.WORDS.get(match.group(1), ""), inner)
        plain = re.sub(r"\\.|[{}\s]", "", plain)
        odd = re.search(r"[^\w,;+*'()\[\]-]", plain)
        if odd:
            raise self.refuse(f"'{odd.group()}' cannot be part of a name", start)
        return plain
