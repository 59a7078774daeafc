"""Equations of arrays as nested lists of Python's floats: one comprehension an equation, sums inside it.

Input: assignments and the shapes of their names. Output: lines of code, `Z = [[sum(X[i][k]*W[k][j] for k in range(3)) + b[j] ...`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from symprop.algebra.rows import definition
from symprop.emit.code import Code
from symprop.emit.functions import form
from symprop.emit.helpers import PLAIN
from symprop.emit.kernels.arrays import all_shapes
from symprop.emit.kernels.blocks import Placed
from symprop.emit.kernels.helpers import VALUE
from symprop.emit.layout import Lines, assignment
from symprop.emit.nests import FIRST, Nest, indexed, nested
from symprop.emit.program import Assignment, used_names
from symprop.emit.spelling import spelled
from symprop.emit.view import FunctionView
from symprop.functions import FUNCTIONS
from symprop.graph import Dimension, Shape
from symprop.terms import Apply, Ref, names_in, subterms

GATHERED = {"sum": "sum", "product": "sum", "max": "max"}
LENGTH = "n"  # of a row, inside a function of rows


@dataclass(frozen=True)
class Entries(Placed):
    """Entries of nested lists, `X[i][k]`; `texts` are written in the place of entries that have no list of their own."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def name(self, quantity: str) -> str:
        """The identifier of a quantity, the text of an entry, or what stands for it."""
        return self.texts.get(quantity) or super().name(quantity)


@dataclass(frozen=True)
class Lists:
    """Nests as comprehensions; the names of `numbers` hold single numbers whatever their shapes are."""

    dialect: Entries
    shapes: Mapping[str, Shape]
    numbers: frozenset[str] = frozenset()

    def lines(self, assignments: Iterable[Assignment], indent: int = 4) -> Iterator[str]:
        """The lines of the assignments, one after the other."""
        for each in nested(assignments, self.shapes):
            yield from self.statements(each.nests, indent)

    def statements(self, nests: Sequence[Nest], indent: int) -> Iterator[str]:
        """A line for each nest that is no part of the next one."""
        texts: dict[str, str] = {}
        for place, nest in enumerate(nests):
            dialect = replace(self.dialect, texts=texts, plain=self.dialect.plain | self.numbers)
            entry = indexed(nest.name, nest.places).name
            if _is_part(nest, nests[place + 1 :]):
                texts = {**texts, entry: self.entry(nest, dialect)}
            else:
                yield from assignment(dialect.name(nest.name), self.whole(nest, self.entry(nest, dialect)), indent)
                texts = {}

    def entry(self, nest: Nest, dialect: Entries) -> str:
        """The text of one entry, or of one row."""
        if nest.fold == "row":
            assert isinstance(nest.term, Apply)
            rows = ", ".join(dialect.name(part.name) for part in nest.term.arguments if isinstance(part, Ref))
            return f"{nest.term.function}({rows})"
        text = spelled(nest.term, dialect)
        return f"{GATHERED[nest.fold]}({text}{self.loops(nest.folded, nest.lengths)})" if nest.folded else text

    def whole(self, nest: Nest, text: str) -> str:
        """The entries in lists."""
        if nest.name in self.numbers:
            return text
        for place in reversed(nest.places):
            text = f"[{text}]" if place == FIRST else f"[{text}{self.loops((place,), nest.lengths)}]"
        return text

    def loops(self, letters: Iterable[str], lengths: Mapping[str, Dimension]) -> str:
        """` for i in range(m)` for each letter."""
        return "".join(f" for {letter} in range({self.length(lengths[letter])})" for letter in letters)

    def length(self, length: Dimension) -> str:
        return self.dialect.name(length) if isinstance(length, str) else str(length)


def _is_part(nest: Nest, later: Sequence[Nest]) -> bool:
    """Whether a gathered entry is used once, and made once for each entry of the very next nest: it can be written there."""
    if nest.fold not in GATHERED or not later:
        return False
    entry, user = indexed(nest.name, nest.places), later[0]
    uses = [part for other in later for part in subterms(other.term) if isinstance(part, Ref) and part.name == entry.name]
    others = {name.partition("[")[0] for other in later[1:] for name in names_in(other.term)}
    return len(uses) == 1 and nest.name not in others and set(user.lengths) == set(nest.outer) and user.fold != "row"


@dataclass(frozen=True)
class ListCode(Code):
    """A program whose arrays are nested lists."""

    def _statement(self, line: Assignment, indent: int) -> Lines:
        if not any(self.shapes.get(name, ()) for name in (line.name, *names_in(line.term))):
            return super()._statement(line, indent)
        assert isinstance(self.dialect, Entries)
        return tuple(Lists(self.dialect, self.shapes).lines([line], indent))

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of every name of the program."""
        return all_shapes(self.program)

    def lengths(self, used: Iterable[str]) -> Lines:
        """`m = len(X)` for each symbolic length of what is used."""
        names = list(used)
        counted = dict.fromkeys(length for name in names for length in self.shapes.get(name, ()) if isinstance(length, str))
        return super().lengths(dict.fromkeys((*names, *counted)))


def row_helper(function: str, dialect: Entries) -> FunctionView:
    """A function along a row: a list, or the one number to which it comes."""
    row, written, meaning = FUNCTIONS[function], form(function), definition(function)
    assert written is not None and meaning is not None, f"no code for the function {function}"
    length: Shape = (1,) if row.reduces else (LENGTH,)
    shapes = {**dict.fromkeys(row.arguments, (LENGTH,)), VALUE: length}
    line = Assignment(VALUE, written)
    (made,) = nested([line], shapes)
    shapes |= made.added
    numbers = frozenset(name for name, shape in shapes.items() if shape in ((), (1,)))
    lines = list(Lists(dialect, shapes, numbers).statements(made.nests, 4))
    counted = any(f"range({LENGTH})" in text for text in lines) or LENGTH in used_names([line])
    first = (f"{LENGTH} = len({row.arguments[0]})",) if counted else ()
    returned = lines.pop().removeprefix(f"{VALUE} = ")
    arguments = ", ".join(row.arguments)
    return FunctionView(function, arguments, f"{spelled(meaning, PLAIN)}, of a row.", (*first, *lines, f"return {returned}"))
