"""Statements and loops, in what two languages of statements write differently; nests as loops.

Input: nests and a `Language`. Output: `Block`s, and from them lines of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symprop.emit.layout import WIDTH, Lines, remark, wrapped
from symprop.emit.nests import Nest, indexed, row_of
from symprop.emit.spelling import Dialect, spelled
from symprop.functions import FUNCTIONS
from symprop.graph import Dimension, Shape
from symprop.terms import Apply, Ref, Term

Block: TypeAlias = "str | Noted | Loop"  # a statement or remark, a statement with a remark beside it, or a loop over blocks


@dataclass(frozen=True, slots=True)
class Noted:
    """A statement and the remark beside it."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: its head, without what opens its body, and the blocks inside."""

    head: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Placed(Dialect):
    """A dialect that writes references with places: `X[i, k]` as `entry` says, a number of no axes as `single` says.

    The names in `plain` are local numbers and are written without places.
    """

    entry: str = "{}[{}]"
    between: str = ", "
    single: str = "{}[0]"
    plain: frozenset[str] = frozenset()

    def name(self, quantity: str) -> str:
        """The identifier of a quantity, or the text of an entry of it."""
        base, bracket, inside = quantity.partition("[")
        identifier = super().name(base)
        if not bracket or base in self.plain:
            return identifier
        places = inside.removesuffix("]").replace(", ", self.between)
        return self.entry.format(identifier, places) if places else self.single.format(identifier)


@dataclass(frozen=True)
class Language:
    """What differs between two languages of statements; `{}` stand for names and expressions in order.

    number, fixed  the declaration of a number that changes, and of one that does not
    prefix         stands before a kernel's name in a call
    loop, count    the head of a loop over a letter from 0, and over a name from a start to a stop
    times          the head of a loop from a start to a stop that does not look at the number
    when           the head of what is done under a condition
    counter        the declaration of the place in `rows`
    next_due       the statement that finds the next iteration that is recorded
    behind         memory behind so many numbers
    several        the declaration of a few numbers at once, each with its source; whether they change
    declare        the declaration of an array: name, shape, its block of memory, where it starts and stops, whether it changes
    scratch        the declaration of a row of its own length
    unused         the statement that says of a parameter that it is not used, so that no compiler has to; "" for none
    together       a statement before the loop that sums `length` products into `total`, where their order is free
    whole          the call that makes a whole product instead of loops, for matrices of so many entries; None for loops always
    lowered        rewrites a term in the words that the language has
    """

    prefix: str
    loop: str
    count: str
    times: str
    when: str
    next_due: str
    counter: str
    behind: str
    number: str
    fixed: str
    scratch: str
    remark: str
    end: str
    opens: str
    closes: str
    lowest: str
    unused: str
    declare: Callable[[str, Shape, str, str, str, bool], str]
    several: Callable[[Sequence[tuple[str, str]], bool], str]
    together: Callable[[str, Dimension], tuple[str, ...]]
    whole: Callable[[Nest, int, Dialect], str | None]
    lowered: Callable[[Term], Term]

    def over(self, letters: Sequence[str], lengths: Mapping[str, Dimension], body: Sequence[Block]) -> tuple[Block, ...]:
        """The body inside a loop for each letter."""
        made = tuple(body)
        for letter in reversed(letters):
            made = (Loop(self.loop.format(letter, lengths[letter]), made),)
        return made

    def lines(self, blocks: Iterable[Block], indent: int = 4) -> Lines:
        """The blocks as lines, without the indentation of the function's body, which is `indent` deep."""
        return tuple(line for block in blocks for line in self._lines(block, indent))

    def _lines(self, block: Block, indent: int) -> Iterator[str]:
        if isinstance(block, Noted):
            *lines, last = self._statement(block.text, indent)
            beside = f"{last}  {self.remark} {block.note}"
            if indent + len(beside) <= WIDTH:
                yield from (*lines, beside)
            else:
                yield from (*remark(self.remark, block.note, indent), *lines, last)
            return
        if isinstance(block, str):
            yield from self._statement(block, indent)
            return
        inner = [f"    {line}" for line in self.lines(block.body, indent + 4)]
        closed = len(block.body) > 1 or isinstance(block.body[0], Loop)
        yield block.head + (self.opens if closed or self.opens == ":" else "")
        yield from inner
        if closed and self.closes:
            yield self.closes

    def _statement(self, text: str, indent: int) -> Lines:
        if text.startswith(f"{self.remark} "):
            return remark(self.remark, text.removeprefix(f"{self.remark} "), indent)
        if text.startswith("#"):
            return (text,)
        sign = next((sign for sign in (" += ", " = ") if sign in text), "")
        if not sign or indent + len(text) + len(self.end) <= WIDTH:
            return (text + self.end,)
        left, _, right = text.partition(sign)
        lines = wrapped(left + sign, right, indent)
        return (*lines[:-1], lines[-1] + self.end)


def nests_blocks(
    nests: Iterable[Nest], language: Language, dialect: Placed, shapes: Mapping[str, Shape]
) -> tuple[Block, ...]:
    """Nests as loops, one after the other; a local number is declared where it first gets a value."""
    blocks: list[Block] = []
    known: set[str] = set()
    for nest in nests:
        declared = nest.name not in dialect.plain or nest.name in known
        known.add(nest.name)
        blocks += _nest(nest, language, dialect, shapes, "{} = {}" if declared else language.number)
    return tuple(blocks)


def _nest(nest: Nest, language: Language, dialect: Placed, shapes: Mapping[str, Shape], form: str) -> tuple[Block, ...]:
    """One nest; a sum goes along memory, into one number where its terms lie side by side."""
    place = dialect.name(indexed(nest.name, nest.places).name)
    if nest.fold == "row":
        return language.over(nest.outer, nest.lengths, [_row_call(nest, dialect, place, shapes, form)])
    text = spelled(language.lowered(nest.term), dialect)
    if not nest.folded:
        return language.over(nest.outer, nest.lengths, [form.format(place, text)])
    if nest.fold == "product" and (call := language.whole(nest, _entries(nest), dialect)):
        return (call,)
    leading = _leading(nest)
    if leading == nest.outer and leading:
        return language.over(leading, nest.lengths, _into_one(nest, language, place, text))
    start = form.format(place, _start(nest, language))
    cleared = language.over([letter for letter in nest.outer if letter not in leading], nest.lengths, [start])
    gathered = language.over(tuple(nest.lengths)[len(leading) :], nest.lengths, [_gather(nest, place, text)])
    return language.over(leading, nest.lengths, (*cleared, *gathered))


def _entries(nest: Nest) -> int:
    """The product of the lengths that are known."""
    found = 1
    for length in nest.lengths.values():
        found *= length if isinstance(length, int) else 1
    return found


def _leading(nest: Nest) -> tuple[str, ...]:
    """The letters of the places before the first that is summed."""
    order = tuple(nest.lengths)
    count = next((place for place, letter in enumerate(order) if letter in nest.folded), len(order))
    return order[:count]


def _into_one(nest: Nest, language: Language, place: str, text: str) -> tuple[Block, ...]:
    """A sum whose terms lie side by side, into one local number."""
    *outer, last = nest.folded
    before = language.together("total", nest.lengths[last]) if nest.fold != "max" else ()
    innermost = language.over([last], nest.lengths, [_gather(nest, "total", text)])
    loops = language.over(outer, nest.lengths, (*before, *innermost))
    return (language.number.format("total", _start(nest, language)), *loops, f"{place} = total")


def _start(nest: Nest, language: Language) -> str:
    return language.lowest if nest.fold == "max" else "0.0"


def _gather(nest: Nest, total: str, text: str) -> str:
    return f"{total} = maximum({total}, {text})" if nest.fold == "max" else f"{total} += {text}"


def _row_call(nest: Nest, dialect: Placed, place: str, shapes: Mapping[str, Shape], form: str) -> str:
    call = nest.term
    assert isinstance(call, Apply)
    rows = [part.name for part in call.arguments if isinstance(part, Ref)]
    arguments = (str(shapes[rows[0].partition("[")[0]][-1]), *map(dialect.name, rows))
    if FUNCTIONS[call.function].reduces:
        return form.format(place, f"{call.function}({', '.join(arguments)})")
    return f"{call.function}({', '.join((*arguments, dialect.name(row_of(nest.name, nest.places).name)))})"
