"""The kernels of a program of single numbers, and the loops of tiny networks: straight lines of arithmetic.

Input: a `Program`, a `Language` and its dialect. Output: the bodies of forward, evaluate, gradients, steps and loops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symprop.emit.kernels.blocks import Block, Language, Loop, Noted, Placed
from symprop.emit.kernels.memory import layout, size_text
from symprop.emit.loops import Loop as Straight
from symprop.emit.loops import entry_names
from symprop.emit.nests import indexed
from symprop.emit.program import Assignment, Program, Rule, used_names
from symprop.emit.spelling import spelled
from symprop.graph import Shape
from symprop.terms import Mul, Term, names_in

TOGETHER = (4, 2, 1)  # so many numbers are read in one statement
ROOM = 104  # a longer one would be broken, two loops deep


@dataclass(frozen=True)
class NumberKernels:
    """The kernels of one program; `batch` is the identifier of the number of samples."""

    program: Program
    language: Language
    dialect: Placed
    batch: str

    @cached_property
    def lines(self) -> tuple[Assignment, ...]:
        """What evaluate computes, in the order of its memory."""
        return (*self.program.forward, *self.program.losses, *self.program.metrics)

    def forward(self) -> tuple[Block, ...]:
        """Writes the first of the `values`."""
        return self.computed(self.program.forward, "values", [line.name for line in self.program.forward])

    def evaluate(self) -> tuple[Block, ...]:
        """Writes the other `values`, behind those of forward."""
        call = f"{self.language.prefix}forward(parameters, inputs, values)"
        lines = (*self.program.losses, *self.program.metrics)
        return (call, *self.computed(lines, "values", [line.name for line in self.lines]))

    def gradients(self) -> tuple[Block, ...]:
        """Writes the `gradient`."""
        lines = self.program.backward
        return (*self.values_of(lines), *self.computed(lines, "gradient", list(self.program.gradients.values())))

    def derived(self) -> tuple[Block, ...]:
        """Writes the document's own quantities into `derived`."""
        lines = self.program.derived
        return (*self.values_of(lines), *self.computed(lines, "derived", [each.name for each in self.program.network.derived]))

    def step(self, rule: Rule) -> tuple[Block, ...]:
        """Steps the `parameters` in place; `gradients` is called where the rule uses what it computes."""
        carried = self.program.carried
        if not uses_gradients(self.program, rule):
            return (*self.values_of(rule.lines), *self.computed(rule.lines, "parameters", carried))
        call = f"{self.language.prefix}gradients(parameters, inputs, targets, gradient)"
        memory = self.language.scratch.format("gradient", len(self.program.gradients))
        return (memory, call, *self.computed(rule.lines[len(self.program.backward) :], "parameters", carried))

    def values_of(self, lines: Sequence[Assignment]) -> tuple[Block, ...]:
        """Local `values`, filled by forward or evaluate, where the lines use them."""
        used = set(used_names(lines))
        if not used.intersection(line.name for line in self.lines):
            return ()
        early = used.isdisjoint(line.name for line in self.program.losses)
        call = "forward(parameters, inputs, values)" if early else "evaluate(parameters, inputs, targets, values)"
        length = len(self.program.forward) if early else len(self.lines)
        return (self.language.scratch.format("values", length), f"{self.language.prefix}{call}")

    def computed(self, lines: Sequence[Assignment], block: str, wanted: Sequence[str]) -> tuple[Block, ...]:
        """The lines between what they read and what they write; numbers that stay as they are are not written."""
        changed = {line.name for line in lines}
        stored = (self.store(block, place, name) for place, name in enumerate(wanted) if name in changed)
        return (*self.read(set(used_names(lines)), changed), *self.statements(lines, noted=True), *stored)

    def store(self, block: str, place: int | str, name: str) -> str:
        """A number into its place in memory."""
        return f"{block}[{place}] = {self.dialect.name(name)}"

    def read(self, used: Set[str], changed: Set[str]) -> Iterator[str]:
        """The numbers that are used before they are made, out of the memory in which they lie."""
        program, graph = self.program, self.program.network.graph
        arguments = {"parameters": program.carried, "inputs": graph.names("input"), "targets": graph.names("target")}
        made = {"values": [line.name for line in self.lines], "gradient": [*program.gradients.values()]}
        for block, names in {**arguments, **made}.items():
            places = [(name, f"{block}[{place}]") for place, name in enumerate(names) if name in used]
            yield from self.split(places, changed)

    def split(self, pairs: Sequence[tuple[str, str]], changed: Set[str]) -> Iterator[str]:
        """Those that stay as they are, then those that change."""
        for changes in (False, True):
            yield from self.unpacked([pair for pair in pairs if (pair[0] in changed) == changes], changes)

    def unpacked(self, pairs: Sequence[tuple[str, str]], changes: bool) -> list[str]:
        """`w0 = parameters[0]`, as many in each statement as fit."""
        chosen = [(self.dialect.name(name), source) for name, source in pairs]
        for count in TOGETHER:
            made = [self.language.several(chosen[start : start + count], changes) for start in range(0, len(chosen), count)]
            if all(len(text) <= ROOM for text in made):
                break
        return made

    def statements(self, lines: Sequence[Assignment], known: Iterable[str] = (), noted: bool = False) -> Iterator[Block]:
        """One statement a line; a name is declared where it is first given a value."""
        counts, declared = Counter(line.name for line in lines), {*self.program.carried, *known}
        made: dict[str, int] = {}
        for place, line in enumerate(lines, 1):
            once = self.language.fixed if counts[line.name] == 1 else self.language.number
            form = "{} = {}" if line.name in declared else once
            declared.add(line.name)
            term = _behind(line.term, made)
            made[line.name] = place
            text = form.format(self.dialect.name(line.name), spelled(self.language.lowered(term), self.dialect))
            yield Noted(text, line.remark(())) if noted and line.remark(()) else text

    def recorded_loop(self, straight: Straight) -> tuple[Block, ...]:
        """A block of iterations on local numbers; a row of the history where one is due."""
        carried = self.program.carried
        changed = {line.name for line in straight.lines}
        due = Loop(self.language.when.format("iteration == due"), tuple(self.recorded()))
        body: tuple[Block, ...] = (*self.statements(straight.lines), due)
        return (
            self.language.counter,
            *self.read({*used_names(straight.lines), *carried}, changed),
            Loop(self.language.count.format("iteration", "start", "stop"), body),
            *(self.store("parameters", place, name) for place, name in enumerate(carried) if name in changed),
            "return at",
        )

    def recorded(self) -> Iterator[str]:
        """The row of a history, and when the next is due."""
        row = (*(line.name for line in self.lines), *self.program.parameters)
        yield "rows[at] = iteration"
        for place, name in enumerate(row, 1):
            yield self.store("rows", f"at + {place}", name)
        yield f"at += {len(row) + 1}"
        yield self.language.next_due

    def sample_loop(self, straight: Straight) -> tuple[Block, ...]:
        """A block of iterations on local numbers, sample by sample; sums over the samples are added up."""
        carried = tuple(self.entries("parameters", self.program.carried))
        changed = {line.name for line in straight.lines}
        zeroed = self.unpacked([(name, "0.0") for name in straight.sums], True)
        samples = Loop(self.language.loop.format("i", self.batch), (*self.sample(), *self.summed(straight)))
        after = self.statements(straight.after, known=(*straight.sums, *(name for name, _ in carried)))
        body: tuple[Block, ...] = (*zeroed, *self.statements(straight.before), samples, *after)
        return (
            *self.split(carried, changed),
            *self.whole_arguments(),
            Loop(self.language.times.format("start", "stop"), body),
            *(f"{place} = {self.dialect.name(name)}" for name, place in carried if name in changed),
        )

    def summed(self, straight: Straight) -> Iterator[Block]:
        """The lines of one sample; what is summed over the samples is added to."""
        sums = set(straight.sums)
        for line, text in zip(straight.inner, self.statements(straight.inner, known=sums), strict=True):
            yield text.replace(" = ", " += ", 1) if isinstance(text, str) and line.name in sums else text

    def entries(self, block: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each entry of arrays that lie in a block, with its place there."""
        flat = (entry for name in names for entry in entry_names(self.program, name))
        return ((entry, f"{block}[{place}]") for place, entry in enumerate(flat))

    def arguments(self) -> Iterator[tuple[str, str, str, str]]:
        """Inputs and targets: name, block, and where it starts and stops there."""
        graph, shapes = self.program.network.graph, self.program.shapes
        for block, names in {"inputs": graph.names("input"), "targets": graph.names("target")}.items():
            for name, (start, stop) in layout(block, names, shapes).places.items():
                yield name, block, size_text(start, self.batch), size_text(stop, self.batch)

    def whole_arguments(self) -> Iterator[str]:
        """Arrays with a row for each sample are declared; every other one is read entry by entry."""
        for name, block, start, stop in self.arguments():
            shape, entries = self.program.shapes[name], entry_names(self.program, name)
            if self.batch not in self.sized(shape):
                yield from self.unpacked([(entry, f"{block}[{start} + {place}]") for place, entry in enumerate(entries)], False)
            elif len(shape) > 1:
                yield self.language.declare(self.dialect.name(name), self.sized(shape), block, start, stop, False)

    def sized(self, shape: Shape) -> Shape:
        """The shape with the number of samples by its identifier."""
        return tuple(self.batch if isinstance(length, str) else length for length in shape)

    def sample(self) -> list[str]:
        """The entries of one sample."""
        pairs: list[tuple[str, str]] = []
        for name, block, start, _ in self.arguments():
            shape = self.program.shapes[name]
            if self.batch in self.sized(shape):
                own = tuple(length for length in shape if isinstance(length, int))
                places = (self.dialect.name(indexed(name, _placed(shape, place)).name) for place in np.ndindex(own))
                sources = places if own else iter([f"{block}[{start} + i]"])
                pairs += zip(entry_names(self.program, name), sources, strict=True)
        return self.unpacked(pairs, False)


def _behind(term: Term, made: Mapping[str, int]) -> Term:
    """`d*s*(1 - s)` as `d*(s*(1 - s))` where `d` is made last: its factors need not wait for it, nor the next line so long.

    `made` has the place of each line so far.
    """
    if not isinstance(term, Mul) or len(term.factors) < 3:
        return term
    first, rest = term.factors[0], Mul(term.factors[1:])
    late, early = (max((made.get(name, 0) for name in names_in(part)), default=0) for part in (first, rest))
    return Mul((first, rest)) if late > early else term


def _placed(shape: Shape, place: Sequence[int]) -> tuple[str, ...]:
    """The place of an entry of sample `i`."""
    rest = iter(place)
    return tuple("i" if isinstance(length, str) else str(next(rest)) for length in shape)


def uses_gradients(program: Program, rule: Rule) -> bool:
    """Whether a rule steps with all the gradients that `gradients` computes."""
    return not rule.sequential and rule.lines[: len(program.backward)] == program.backward
