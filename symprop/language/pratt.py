"""The engine: a Pratt parser over tokens, with the places where a text may be read two ways as numbered choices.

Input: tokens, names and a `Grammar` (tables of handlers). Output: an `Item`, and the `Choice`s taken on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symprop.errors import TextError
from symprop.language.build import Builder, Item
from symprop.language.limits import MAX_BRACKETS, MAX_OPERANDS
from symprop.language.names import Names
from symprop.language.source import Source
from symprop.language.tokens import Token

# Binding powers: `expression(p)` reads on while the next sign binds at least as tightly as p.
LOWEST, SUM, PRODUCT, IMPLIED, UNARY, POWER, POSTFIX = 0, 10, 20, 21, 30, 40, 50

Prefix: TypeAlias = Callable[["Parser", Token], Item]
Infix: TypeAlias = Callable[["Parser", Item], Item]


@dataclass(frozen=True, slots=True)
class Grammar:
    """`operands` by the key of the token that begins them; `signs` with binding powers; `implied`: a product without a sign."""

    operands: Mapping[str, Prefix]
    signs: Mapping[str, tuple[int, Infix]]
    implied: Infix
    unexpected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One ambiguous place: what each reading makes of it, and which was taken."""

    readings: tuple[str, ...]
    taken: int


class TooManyReadings(TextError):
    """The text is too ambiguous; no other attempt is worth making."""


class CountsFromZero(TextError):
    """An index is 0: the text counts entries from 0, as code does, and the names count from 1."""


TOO_MANY = "the text can be read in too many ways; write '*' and brackets"


@dataclass(slots=True)
class Work:
    """What the attempts at one text have read so far, looks ahead included."""

    operands: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to come back to."""

    index: int
    tokens: tuple[Token, ...]
    choices: int


class Parser:
    """Reads one text once, taking `answers` at its ambiguous places; `work` is counted over all attempts together.

    Without `work` it is strict: ambiguous places take the standard reading, and no word is split into names.
    """

    def __init__(
        self,
        source: Source,
        tokens: Sequence[Token],
        names: Names,
        grammar: Grammar,
        *,
        answers: Sequence[int] = (),
        work: Work | None = None,
    ) -> None:
        self.source, self.names, self.grammar, self.strict = source, names, grammar, work is None
        self._work = work or Work()
        self.build = Builder(source)
        self.tokens = list(tokens)
        self.index = 0
        self.choices: list[Choice] = []
        self._answers = answers
        self._brackets = self._depth = 0
        self.bars = 0  # absolute values opened since the last bracket

    def formula(self) -> Item:
        """The whole text."""
        item = self.expression(LOWEST)
        if self.peek().kind != "end":
            raise self.unexpected(self.peek())
        return item

    def expression(self, power: int) -> Item:
        """The longest expression from here whose signs bind at least as tightly as `power`."""
        self._depth += 1
        if self._depth > 2 * MAX_BRACKETS:
            raise self.refuse("the signs are nested too deeply", self.peek())
        left = self._signed(power) if self.peek().key in ("-", "+") else self.operand()
        while True:
            binding, infix = self._next_sign(left)
            if infix is None or binding < power:
                self._depth -= 1
                return left
            left = infix(self, left)

    def operand(self) -> Item:
        """A number, a name, a call or a bracket."""
        self._work.operands += 1
        if self._work.operands > MAX_OPERANDS:
            raise TooManyReadings(TOO_MANY, self.source.text, 0)
        token = self.advance()
        handler = self.grammar.operands.get(token.key)
        if handler is None:
            raise self.unexpected(token)
        return handler(self, token)

    def bracketed(self, token: Token, closing: str, read: Callable[[], Item]) -> tuple[Item, int]:
        """What `read` reads up to the `closing` sign, and the place behind it; `token` is the opening one."""
        bars, self.bars = self.bars, 0
        item = self.inside(token, read)
        end = self.close(token, closing)
        self.bars = bars
        return item, end

    def inside(self, token: Token, read: Callable[[], Item]) -> Item:
        """What `read` reads, one level further inside; `token` begins it."""
        self._brackets += 1
        if self._brackets > MAX_BRACKETS:
            raise self.refuse(f"more than {MAX_BRACKETS} brackets inside one another", token)
        item = read()
        self._brackets -= 1
        return item

    def close(self, opening: Token, closing: str) -> int:
        """Step over the closing sign; the place behind it."""
        token = self.peek()
        if token.key != closing:
            if token.kind == "end":
                raise self.refuse(f"'{opening.text}' is never closed", opening)
            raise self.unexpected(token, f"; expected '{closing}'")
        return self.advance().end

    def peek(self, ahead: int = 0) -> Token:
        """The token after the next `ahead` ones."""
        index = self.index + ahead
        return self.tokens[index] if index < len(self.tokens) else self.tokens[-1]

    def advance(self) -> Token:
        """The next token, stepped over; the end is never passed."""
        token = self.peek()
        if self.index + 1 < len(self.tokens):
            self.index += 1
        return token

    def replace(self, index: int, count: int, tokens: Sequence[Token]) -> None:
        """Read `tokens` instead of `count` ones at `index`, from there on."""
        self.tokens[index : index + count] = tokens
        self.index = index

    def begins_operand(self) -> bool:
        """Whether a factor without a sign could begin here."""
        key = self.peek().key
        return key in self.grammar.operands and key not in ("number", "-", "+", "'") and not (key == "|" and self.bars)

    def choose(self, readings: Sequence[str]) -> int:
        """Which of the readings this attempt takes here."""
        place = len(self.choices)
        taken = self._answers[place] if place < len(self._answers) else 0
        self.choices.append(Choice(tuple(readings), taken))
        return taken

    def mark(self) -> Mark:
        """This place, to look ahead from."""
        return Mark(self.index, tuple(self.tokens), len(self.choices))

    def back(self, mark: Mark) -> None:
        """Return to a mark; choices asked since are asked again."""
        self.index, self.tokens = mark.index, list(mark.tokens)
        del self.choices[mark.choices :]

    def refuse(self, message: str, token: Token) -> TextError:
        """The error that points at a token."""
        return self.source.refuse(message, token.start)

    def unexpected(self, token: Token, hint: str = "") -> TextError:
        """The error for a token that cannot stand where it does."""
        before = self.tokens[max(self.tokens.index(token) - 1, 0)]
        if token.kind == "end":
            return self.refuse("the formula is empty" if len(self.tokens) == 1 else f"the formula ends too early{hint}", token)
        if token.kind == "number":
            return self.refuse(f"a sign is missing before the number {token.text}", token)
        if token.key == "," and before.kind == "number":
            return self.refuse("',' is not a decimal sign; write a point", token)
        return self.refuse(self.grammar.unexpected.get(token.key, f"unexpected '{token.text}'") + hint, token)

    def _signed(self, power: int) -> Item:
        """-a*b is -(a*b), as in a - a*b; after another sign the minus takes one operand."""
        sign = self.advance()
        operand = self.expression(max(power, PRODUCT) if power <= IMPLIED else UNARY)
        return self.build.negative(operand, sign.start) if sign.text == "-" else operand

    def _next_sign(self, left: Item) -> tuple[int, Infix | None]:
        """The sign that follows; a square bracket holds the indices of an array, after anything else it is a bracket."""
        key = self.peek().key
        known = self.grammar.signs.get(key)
        if known is not None and (key != "[" or left.rank):
            return known
        return (IMPLIED, self.grammar.implied) if self.begins_operand() else (LOWEST, None)
