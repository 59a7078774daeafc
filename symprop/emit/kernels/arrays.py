"""The kernels of a program of arrays: each equation a nest of loops over memory that the caller gives.

Input: a `Program`, a `Language` and its dialect. Output: the `Body` of forward, evaluate, gradients and of each step.

What a kernel needs beside its arguments lies in `work`: where it needs the values of forward, these come first there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symprop.emit.helpers import PLAIN
from symprop.emit.kernels.blocks import Block, Language, Placed, nests_blocks
from symprop.emit.kernels.memory import Layout, Size, layout, size_text
from symprop.emit.nests import Nest, Nested, nested
from symprop.emit.program import Assignment, Program, Rule
from symprop.emit.spelling import spelled
from symprop.graph import Shape
from symprop.terms import names_in
from symprop.terms.shapes import shape_of

SINGLE: tuple[Shape, ...] = ((), (1,), (1, 1))  # a part of one of these shapes is a local number
NOTHING: Size = (0,)


def all_shapes(program: Program) -> dict[str, Shape]:
    """The shape of every name, also of metrics and of the document's own quantities, which the graph does not know."""
    known = dict(program.shapes)
    for line in (*program.metrics, *program.derived):
        known.setdefault(line.name, shape_of(line.term, known))
    return known


@dataclass(frozen=True, slots=True)
class Body:
    """A kernel's body, and the size of the work space that it needs."""

    blocks: tuple[Block, ...]
    work: Size = NOTHING


@dataclass(frozen=True)
class ArrayKernels:
    """The kernels of one program; `batch` is the identifier of the number of samples."""

    program: Program
    language: Language
    dialect: Placed
    batch: str

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of every name of the program."""
        return all_shapes(self.program)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """What evaluate computes, in the order of its memory."""
        return tuple(line.name for line in (*self.program.forward, *self.program.losses, *self.program.metrics))

    @cached_property
    def given(self) -> tuple[Layout, ...]:
        """The arguments that every kernel gets; the optimiser's states lie behind the parameters."""
        graph = self.program.network.graph
        return (
            layout("parameters", self.program.carried, self.shapes),
            layout("inputs", graph.names("input"), self.shapes),
            layout("targets", graph.names("target"), self.shapes),
        )

    def forward(self) -> Body:
        """Writes the first of the `values`."""
        return self.body(self.program.forward, [layout("values", self.values, self.shapes)], NOTHING)

    def evaluate(self) -> Body:
        """Writes the other `values`, after forward."""
        return self.body((*self.program.losses, *self.program.metrics), [layout("values", self.values, self.shapes)], NOTHING)

    def gradients(self) -> Body:
        """Writes the `gradient`, after forward or evaluate has written the values into `work`."""
        gradient = layout("gradient", self.program.gradients.values(), self.shapes)
        return self.after_values(self.program.backward, [gradient])

    def derived(self) -> Body:
        """Writes the document's own quantities into `derived`, after evaluate has written the values into `work`."""
        names = (each.name for each in self.program.network.derived)
        return self.after_values(self.program.derived, [layout("derived", names, self.shapes)])

    def step(self, rule: Rule) -> Body:
        """Steps the `parameters` in place, after forward or evaluate has written the values into `work`."""
        return self.after_values(rule.lines, [])

    def step_after_gradients(self, rule: Rule) -> Body:
        """Steps the `parameters` in place, after gradients has written the gradient into `work`."""
        gradient = layout("work", self.program.gradients.values(), self.shapes)
        return self.body(rule.lines[len(self.program.backward) :], [gradient], gradient.size)

    def after_values(self, lines: Sequence[Assignment], layouts: Sequence[Layout]) -> Body:
        """A body that finds the values in `work`, and its own arrays behind them."""
        values = layout("work", self.values, self.shapes)
        return self.body(lines, [*layouts, values], values.size)

    def needs_losses(self, lines: Iterable[Assignment]) -> bool:
        """Whether a loss is used, so that evaluate and not forward alone must come before."""
        losses = {line.name for line in self.program.losses}
        return any(name in losses for line in lines for name in names_in(line.term))

    def body(self, lines: Sequence[Assignment], layouts: Sequence[Layout], start: Size) -> Body:
        """The lines with the declarations that they need; whatever has no place yet gets one in `work`, from `start`."""
        made = tuple(nested(lines, self.shapes))
        shapes = {**self.shapes, **{name: shape for each in made for name, shape in each.added.items()}}
        known = [*self.given, *layouts]
        placed = {name for each in known for name in each.places}
        own = dict.fromkeys(nest.name for each in made for nest in each.nests if nest.name not in placed)
        local = [name for name in own if name in shapes and name not in self.shapes and shapes[name] in SINGLE]
        work = layout("work", (name for name in own if name not in local), shapes, start)
        writing = _Writing(self, replace(self.dialect, plain=self.dialect.plain | set(local)), shapes)
        declared = writing.declarations([*known, work], made)
        return Body((*declared, *(block for each in made for block in writing.blocks(each))), work.size)


@dataclass(frozen=True)
class _Writing:
    """One body's lines: the dialect with its local numbers, and the shapes with its own names."""

    kernels: ArrayKernels
    dialect: Placed
    shapes: Mapping[str, Shape]

    def declarations(self, layouts: Iterable[Layout], made: Sequence[Nested]) -> Iterator[str]:
        """Every array that the nests use, in the order of memory."""
        changed = {nest.name for each in made for nest in each.nests}
        used = changed | {_bare(name) for each in made for nest in each.nests for name in names_in(nest.term)}
        for each in layouts:
            for name, (start, stop) in each.places.items():
                if name in used:
                    begin, end = (size_text(size, self.kernels.batch) for size in (start, stop))
                    yield self.declare(name, each.block, begin, end, name in changed)

    def declare(self, name: str, block: str, begin: str, end: str, changes: bool) -> str:
        shape = tuple(self.kernels.batch if isinstance(length, str) else length for length in self.shapes[name])
        return self.kernels.language.declare(self.dialect.name(name), shape, block, begin, end, changes)

    def blocks(self, each: Nested) -> Iterator[Block]:
        """The equation as a remark, then its nests."""
        line, remark = each.line, self.kernels.language.remark
        yield f"{remark} {line.remark(self.shapes[line.name], f'{line.name} = {spelled(line.term, PLAIN)}')}"
        yield from nests_blocks(map(self.sized, each.nests), self.kernels.language, self.dialect, self.shapes)

    def sized(self, nest: Nest) -> Nest:
        """The nest with the batch size by its identifier."""
        lengths = {letter: self.kernels.batch if isinstance(length, str) else length for letter, length in nest.lengths.items()}
        return replace(nest, lengths=lengths)


def _bare(name: str) -> str:
    return name.partition("[")[0]
