"""Equations of arrays as loops over single numbers, for targets without operations on arrays.

Input: assignments and the shapes of their names. Output: `Nest`s in order, each one pass over the entries of one array.

An entry is a reference with its places in the name, `X[i, k]`. A reduction inside an equation gets a nest of its own before it;
functions along rows are called row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from symprop.algebra.rows import bound
from symprop.emit.functions import form
from symprop.emit.loops import counted
from symprop.emit.program import Assignment
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Dimension, Shape
from symprop.terms import (
    Add,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
    children,
    names_in,
    rebuild,
    substitute,
    subterms,
    with_children,
)
from symprop.terms.shapes import shape_of, shown

LETTERS = ("i", "j", "k", "l")  # the places of an entry
FIRST = "0"  # the place along an axis of length 1
WORDS: Mapping[type[Term], str] = {MatMul: "product", Sum: "sum", Apply: "part"}  # what the parts of an equation are called
Places = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nest:
    """`name` at each of its `places` is `term`; `lengths` has the length of every letter, in the order that walks along memory.

    `fold` is "" for plain entries, "sum" or "max" where `term` is gathered over the letters that are not places, "product"
    where it is summed over `k` and has two factors, "row" where `term` calls a function with whole rows.
    """

    name: str
    places: Places
    lengths: Mapping[str, Dimension]
    term: Term
    fold: str = ""

    @property
    def outer(self) -> Places:
        """The letters of the places; an axis of length 1 has none."""
        return tuple(letter for letter in self.places if letter in self.lengths)

    @property
    def folded(self) -> Places:
        """The letters over which the nest gathers."""
        return tuple(letter for letter in self.lengths if letter not in self.places)


@dataclass(frozen=True, slots=True)
class Nested:
    """An assignment as nests; `added` has the shapes of the names that they need beside the assignment's own."""

    line: Assignment
    nests: tuple[Nest, ...]
    added: Mapping[str, Shape]


def nested(lines: Iterable[Assignment], shapes: Mapping[str, Shape]) -> Iterator[Nested]:
    """Each assignment as nests; UnsupportedError for arrays of more axes than there are letters."""
    known = dict(shapes)
    for line in lines:
        lowering = _Lowering(line, known)
        lowering.assign(line.name, known[line.name], counted(line.term, known), own=True)
        yield Nested(line, tuple(lowering.nests), lowering.added)


def indexed(name: str, places: Places) -> Ref:
    """The reference to an entry, or to a row: `X[i, k]`, `X[i]`; a number of no axes is `E[]`."""
    return Ref(f"{name}[{', '.join(places)}]")


def row_of(name: str, places: Places) -> Ref:
    """The reference to a row, or to a whole array of one axis: `X[i]`, `b`."""
    return indexed(name, places) if places else Ref(name)


@dataclass
class _Lowering:
    """One assignment on its way to nests; `made` has the names that its parts were given, `repeated` those used several times."""

    line: Assignment
    shapes: dict[str, Shape]
    nests: list[Nest] = field(default_factory=list)
    added: dict[str, Shape] = field(default_factory=dict)
    made: dict[Term, str] = field(default_factory=dict)
    repeated: set[Term] = field(default_factory=set)

    def assign(self, name: str, shape: Shape, term: Term, own: bool = False) -> None:
        """The nests after which `name` holds the term; with `own` the first part of its shape may be kept in it."""
        if _reduces(term):
            self.nests.append(self.reduction(name, shape, term))
            return
        self.repeated |= _repeated(term)
        kept = shape if own and name not in names_in(term) else None
        inner = with_children(term, tuple(self.flat(part, kept) for part in children(term)))
        places, lengths = lettered(shape)
        self.nests.append(Nest(name, places, lengths, element(inner, places, self.shapes)))

    def flat(self, term: Term, shape: Shape | None = None) -> Term:
        """The term with a name in the place of each reduction, and of each call that it uses both inside and outside of one."""
        self.repeated |= _repeated(term)

        def named(part: Term) -> Term | None:
            return Ref(self.name_of(part, shape)) if _reduces(part) or part in self.repeated else None

        return rebuild(term, named)

    def name_of(self, part: Term, shape: Shape | None) -> str:
        """The name of a part, with its nests before everything that comes; it is the whole's name where the shapes agree."""
        if part not in self.made:
            own = shape_of(part, self.shapes)
            taken = self.line.name in self.made.values()
            self.made[part] = self.line.name if own == shape and not taken else self.new_name(part, own)
            self.assign(self.made[part], own, part)
        return self.made[part]

    def new_name(self, part: Term, shape: Shape) -> str:
        word = part.function if isinstance(part, Apply) and FUNCTIONS[part.function].rowwise else WORDS.get(type(part), "part")
        stem = f"{self.line.name}_{word}"
        tries = (stem, *(f"{stem}_{count}" for count in range(2, len(self.shapes) + 3)))
        name = next(each for each in tries if each not in self.shapes)
        self.added[name] = self.shapes[name] = shape
        return name

    def array(self, term: Term) -> Term:
        """An operand that must be a whole array: a name, or the transpose of one."""
        bare = term.operand if isinstance(term, Transpose) else term
        return term if isinstance(bare, Ref) else Ref(self.name_of(term, None))

    def reduction(self, name: str, shape: Shape, term: Term) -> Nest:
        """The nest of a term that gathers over an axis, after those of its operands."""
        if isinstance(term, MatMul):
            return self.product(name, term)
        if isinstance(term, Sum):
            return self.gathered(name, term)
        assert isinstance(term, Apply), term
        return self.row(name, shape, term)

    def product(self, name: str, term: MatMul) -> Nest:
        """C[i, j] is the sum of A[i, k]*B[k, j]; an operand of one axis has no i, or no j."""
        left, right = self.array(term.left), self.array(term.right)
        rows, columns = shape_of(left, self.shapes), shape_of(right, self.shapes)
        letters = {"i": rows[:-1], "k": rows[-1:], "j": columns[1:]}
        order = ("i", "j", "k") if isinstance(right, Transpose) else ("i", "k", "j")
        lengths = {letter: letters[letter][0] for letter in order if letters[letter] not in ((), (1,))}
        place = {letter: (letter if letter in lengths else FIRST,) if axes else () for letter, axes in letters.items()}
        first = element(left, place["i"] + place["k"], self.shapes)
        second = element(right, place["k"] + place["j"], self.shapes)
        return Nest(name, place["i"] + place["j"], lengths, Mul((first, second)), "product")

    def gathered(self, name: str, term: Sum) -> Nest:
        """The sum over one axis or all; with `keep` the axis stays, of length 1."""
        operand = self.flat(term.operand)
        own = shape_of(operand, self.shapes)
        axes = range(len(own)) if term.axis is None else (term.axis % len(own),)
        return self.fold(name, operand, own, set(axes), term.keep, "sum")

    def row(self, name: str, shape: Shape, term: Apply) -> Nest:
        """A function along rows; where its arguments are not rows of one length, by its form."""
        if term.function == "row_max":
            operand = self.flat(term.arguments[0])
            own = shape_of(operand, self.shapes)
            return self.fold(name, operand, own, {len(own) - 1}, True, "max")
        arguments = [self.array(part) for part in term.arguments]
        shapes = [shape_of(part, self.shapes) for part in arguments]
        if len(set(shapes)) > 1 or any(isinstance(part, Transpose) for part in arguments):
            return self.written_out(name, shape, term)
        letters, lengths = lettered(shapes[0][:-1])
        rows = tuple(row_of(part.name, letters) for part in arguments if isinstance(part, Ref))
        places = (*letters, FIRST) if FUNCTIONS[term.function].reduces else letters
        return Nest(name, places, lengths, Apply(term.function, rows), "row")

    def written_out(self, name: str, shape: Shape, term: Apply) -> Nest:
        written = form(term.function)
        assert written is not None, f"no form for {term.function}"
        self.assign(name, shape, substitute(written, bound(term.function, term.arguments)))
        return self.nests.pop()

    def fold(self, name: str, operand: Term, own: Shape, axes: set[int], keep: bool, kind: str) -> Nest:
        letters, lengths = lettered(own)
        kept = [FIRST if axis in axes else letter for axis, letter in enumerate(letters) if keep or axis not in axes]
        return Nest(name, tuple(kept), lengths, element(operand, letters, self.shapes), kind)


def _reduces(term: Term) -> bool:
    return isinstance(term, (MatMul, Sum)) or (isinstance(term, Apply) and FUNCTIONS[term.function].rowwise)


def _repeated(term: Term) -> set[Term]:
    """The calls that occur more than once in a term with a reduction: they would be made again for every entry that it sums."""
    parts = list(subterms(term))
    calls = [part for part in parts if isinstance(part, Apply) and part.arguments]
    return {part for part in calls if calls.count(part) > 1} if any(map(_reduces, parts)) else set()


def lettered(shape: Shape) -> tuple[Places, dict[str, Dimension]]:
    """The places of an entry, and the lengths of their letters."""
    if len(shape) > len(LETTERS):
        raise UnsupportedError(f"arrays of shape {shown(shape)}: expected at most {len(LETTERS)} axes in this target")
    places = tuple(FIRST if length == 1 else letter for letter, length in zip(LETTERS, shape, strict=False))
    return places, {letter: length for letter, length in zip(places, shape, strict=True) if letter != FIRST}


def _aligned(places: Places, shape: Shape) -> Places:
    """The places in an operand that is repeated along the axes that it does not have."""
    last = places[len(places) - len(shape) :]
    return tuple(FIRST if length == 1 else place for place, length in zip(last, shape, strict=True))


@singledispatch
def element(term: Term, places: Places, shapes: Mapping[str, Shape]) -> Term:
    """The entry of an elementwise term at these places."""
    raise TypeError(f"element: no case for {type(term).__name__}")


@element.register(Number)
def _(term: Number, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return term


@element.register
def _(term: Ref, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return indexed(term.name, _aligned(places, shapes[term.name]))


@element.register
def _(term: Entry, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return indexed(term.name, tuple(map(str, term.indices)))


@element.register(Neg)
@element.register(Add)
@element.register(Mul)
@element.register(Div)
@element.register(Power)
@element.register(Apply)
def _(term: Term, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return with_children(term, tuple(element(part, places, shapes) for part in children(term)))


@element.register
def _(term: Transpose, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return element(term.operand, _aligned(places, shape_of(term, shapes))[::-1], shapes)


@element.register
def _(term: Broadcast, places: Places, shapes: Mapping[str, Shape]) -> Term:
    return element(term.operand, places, shapes)


@element.register(MatMul)
@element.register(Sum)
@element.register(Mean)
@element.register(Partial)
def _(term: Term, places: Places, shapes: Mapping[str, Shape]) -> Term:
    raise TypeError(f"element: {type(term).__name__} is not elementwise")
