"""One update as straight-line arithmetic on single numbers: what a tiny network's training loop repeats.

Input: a `Program` and one of its rules. Output: a `Loop`, or None where a batch cannot be taken sample by sample.

An equation with a row for each sample is computed for one sample at a time; a gradient that sums over the samples is added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from symprop.derive.entries import Blocks, entries
from symprop.derive.scalar import entry_name
from symprop.emit.functions import inlined
from symprop.emit.program import Assignment, Program, Rule, needed
from symprop.emit.shifted import shifted
from symprop.graph import Shape
from symprop.terms import Add, Div, MatMul, Mean, Mul, Neg, Ref, Sum, Term, names_in, number, product, rebuild, size, subterms
from symprop.terms.shapes import shape_of


@dataclass(frozen=True, slots=True)
class Loop:
    """Assignments of single numbers: `before` the samples, `inner` for each of them, `after` them.

    The names in `sums` start at 0 and `inner` adds to them. `sample` names the entries of one sample; it is empty where there is
    no batch, and `inner` with it.
    """

    sample: tuple[str, ...]
    sums: tuple[str, ...]
    before: tuple[Assignment, ...]
    inner: tuple[Assignment, ...]
    after: tuple[Assignment, ...]

    @property
    def lines(self) -> tuple[Assignment, ...]:
        """All of it, in order."""
        return self.before + self.inner + self.after

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is given a value in it."""
        return (*self.sample, *self.sums, *(line.name for line in self.lines))

    @property
    def cost(self) -> int:
        """The number of operations and operands for one sample."""
        return sum(size(assignment.term) for assignment in self.inner)


def loop_of(program: Program, rule: Rule, recorded: bool) -> Loop | None:
    """The loop of one update rule; where it is `recorded`, the whole history row is computed in it."""
    values = (*program.forward, *program.losses, *(program.metrics if recorded else ()))
    lines = (*values, *rule.lines) if recorded else needed((*values, *rule.lines), program.carried)
    blocks = _blocks(program)
    if not blocks:  # scalars alone are already what the loop computes, line by line
        return Loop((), (), tuple(replace(line, term=inlined(line.term)) for line in lines), (), ())
    lowerable = (replace(line, term=counted(line.term, program.shapes)) for line in lines)
    return _Lowering(program, blocks).loop(lowerable)


def counted(term: Term, shapes: Mapping[str, Shape]) -> Term:
    """Every mean as a sum over a count, so that it can be added up."""

    def replaced(part: Term) -> Term | None:
        if not isinstance(part, Mean):
            return None
        shape = shape_of(part.operand, shapes)
        lengths = shape if part.axis is None else (shape[part.axis],)
        count = product(Ref(length) if isinstance(length, str) else number(length) for length in lengths)
        return Div(Sum(counted(part.operand, shapes), part.axis, part.keep), count)

    return rebuild(term, replaced)


def entry_names(program: Program, name: str) -> tuple[str, ...]:
    """The names of a quantity's entries, row by row; for one sample where it has a row for each."""
    return tuple(entry_name(name, place) for place in np.ndindex(_own_shape(program, name)))


def _own_shape(program: Program, name: str) -> tuple[int, ...]:
    return tuple(length for length in program.shapes[name] if isinstance(length, int))


def _blocks(program: Program) -> Blocks:
    """For each array the references to its entries; a batch of one stands for the batch."""
    made = {}
    for name, shape in program.shapes.items():
        if shape:
            whole = np.empty(tuple(length if isinstance(length, int) else 1 for length in shape), dtype=object)
            whole.reshape(-1)[:] = [Ref(entry) for entry in entry_names(program, name)]
            made[name] = whole
    return made


@dataclass(frozen=True, slots=True)
class _Lowering:
    program: Program
    blocks: Blocks

    def loop(self, lines: Iterable[Assignment]) -> Loop | None:
        """The loop of these lines, in three parts."""
        parts: dict[str, list[Assignment]] = {"before": [], "inner": [], "after": []}
        known: dict[str, str] = {}
        sums: list[str] = []
        for line in lines:
            part = self.part(line, known)
            if part is None:
                return None
            parts[part] += self.entry_lines(line)
            known[line.name] = part
            if part == "inner" and not self.has_rows(line.name):
                sums += entry_names(self.program, line.name)
                known[line.name] = "after"
        return Loop(self.sample(), tuple(sums), *map(tuple, parts.values()))

    def part(self, line: Assignment, known: Mapping[str, str]) -> str | None:
        """Where a line belongs; None where it needs all samples at once."""
        late = any(known.get(name) == "after" for name in names_in(line.term))
        if self.has_rows(line.name):
            return None if late or any(self.reduces(part) for part in subterms(line.term)) else "inner"
        if not self.uses_rows(line.term):
            return "after" if late or line.name in self.program.carried else "before"
        return "inner" if not late and self.adds_up(line.term) else None

    def has_rows(self, name: str) -> bool:
        """Whether a quantity has a row for each sample."""
        return self.program.network.batch is not None and self.program.network.batch in self.program.shapes[name]

    def uses_rows(self, term: Term) -> bool:
        """Whether a term uses a quantity with a row for each sample."""
        return any(self.has_rows(name) for name in names_in(term))

    def reduces(self, term: Term) -> bool:
        """Whether a term has the samples inside it, but not in its own shape."""
        return self.uses_rows(term) and self.program.network.batch not in shape_of(term, self.program.shapes)

    def adds_up(self, term: Term) -> bool:
        """Whether a term is a sum over the samples of a term for each: linear around its sums and contractions."""
        if isinstance(term, (Sum, MatMul)):
            operands = (term.operand,) if isinstance(term, Sum) else (term.left, term.right)
            return self.reduces(term) and not any(self.reduces(part) for operand in operands for part in subterms(operand))
        if isinstance(term, Neg):
            return self.adds_up(term.operand)
        if isinstance(term, Add):
            return all(self.adds_up(part) for part in term.terms)
        if isinstance(term, Div):
            return self.adds_up(term.numerator) and not self.uses_rows(term.denominator)
        if isinstance(term, Mul):
            varying = [factor for factor in term.factors if self.uses_rows(factor)]
            return len(varying) == 1 and self.adds_up(varying[0])
        return False

    def entry_lines(self, line: Assignment) -> list[Assignment]:
        """The line entry by entry, its functions written out."""
        shape = self.blocks[line.name].shape if line.name in self.blocks else ()
        terms: list[Term] = np.broadcast_to(entries(line.term, self.blocks), shape).ravel().tolist()
        names = entry_names(self.program, line.name)
        return [Assignment(name, inlined(shifted(term)), line.note) for name, term in zip(names, terms, strict=True)]

    def sample(self) -> tuple[str, ...]:
        """The entries of one sample's inputs and targets."""
        graph = self.program.network.graph
        rows = [name for name in graph.names("input", "target") if self.has_rows(name)]
        return tuple(entry for name in rows for entry in entry_names(self.program, name))


