"""Training in place: one update of NumPy's arrays by a batch, with all of its memory made before.

Input: a `Code` in NumPy's dialect and a rule of its program. Output: the function `_update` of a module.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeGuard

from symprop.emit.code import Code
from symprop.emit.contract import FEW_STEPS
from symprop.emit.helpers import float_word
from symprop.emit.inplace import Memory, first_read, reads, written
from symprop.emit.layout import UNBROKEN, WIDTH, Lines, filled, targets
from symprop.emit.program import Assignment, Rule, needed
from symprop.emit.spelling import spelled
from symprop.emit.values import argument_names, direct, shape_text
from symprop.emit.view import FunctionView
from symprop.graph import Shape
from symprop.spec.option_terms import COUNT, GRADIENT
from symprop.spec.options import OPTIMIZERS
from symprop.terms import Add, Neg, Ref, Sum, Term, difference, names_in, product
from symprop.terms.shapes import shape_of

ONES = "ones"  # as many as there are samples
ANY: Shape = ("any",)  # a parameter's, where the same lines serve all of them


@dataclass(frozen=True)
class Update:
    """One update of a rule, line by line; it is given the places of the samples that it takes."""

    code: Code
    rule: Rule

    @cached_property
    def lines(self) -> tuple[Assignment, ...]:
        """What is computed, in order."""
        program = self.code.program
        rule = tuple(map(self._scaled, self.rule.lines)) if self.descends else self.rule.lines
        return needed((*program.forward, *program.losses, *rule), program.carried)

    @cached_property
    def descends(self) -> bool:
        """Whether the rule steps each parameter by the rate times its own gradient; the rate then goes into the sweep's start."""
        program = self.code.program
        return self._alike and OPTIMIZERS[program.network.training.optimizer].plain

    @property
    def _alike(self) -> bool:
        """Whether the rule steps all parameters at once, each by its own gradient."""
        whole = {name for name, _ in self.rule.steps} == set(self.code.program.parameters)
        return whole and not (self.rule.sequential or self.rule.defects)

    def _scaled(self, line: Assignment) -> Assignment:
        """The gradient multiplied by the rate where it does not follow from others, and the step without the rate."""
        program = self.code.program
        if line.name in program.parameters:
            return replace(line, term=difference(Ref(line.name), Ref(program.gradients[line.name])))
        swept = {each.name for each in self.rule.lines} - set(program.parameters)
        return replace(line, term=_started(line.term, Ref(program.network.training.rate), swept))

    @cached_property
    def names(self) -> set[str]:
        """Every name in the lines."""
        return {name for line in self.lines for name in (line.name, *names_in(line.term))}

    @cached_property
    def texts(self) -> tuple[str | None, ...]:
        """The expression that writes each line in place; None for a line that needs memory of its own."""
        parameters = self.code.program.parameters
        kept = {name for name, text in self._alone.items() if text is not None}
        lines = enumerate(self.lines)
        return tuple(self._step(place, line, kept) if line.name in parameters else self._together(line) for place, line in lines)

    @cached_property
    def _alone(self) -> Mapping[str, str | None]:
        """The expressions of the lines but the parameters', each with memory of its own."""
        return {line.name: self._text(line, line.name) for line in self.lines if line.name not in self.code.program.parameters}

    def _together(self, line: Assignment) -> str | None:
        """`Z1 = ...` in the memory of A1 where both share it, else the expression alone."""
        if line.name not in self.shared:
            return self._alone[line.name]
        return f"{self.code.name(line.name)} = {self._text(line, self.shared[line.name])}"

    @cached_property
    def shared(self) -> Mapping[str, str]:
        """Each name whose one use is to compute the next in its place, as Z1 is for A1, with the last of these."""
        found: dict[str, str] = {}
        for line in reversed(self.lines):
            users = [other for other in self.lines if line.name in names_in(other.term)]
            if len(users) == 1 and self._replaces(users[0].name, line.name):
                found[line.name] = found.get(users[0].name, users[0].name)
        return found

    def _replaces(self, after: str, before: str) -> bool:
        """Whether one value can be computed where the other lies: that one is read once, before anything is written there."""
        program = self.code.program
        own, text = {*program.carried, *program.gradients.values()}, self._alone.get(after)
        if text is None or self._alone.get(before) is None or program.shapes[after] != program.shapes[before]:
            return False
        first, whole = (reads(part, self.code.name(before)) for part in (first_read(text), text))
        return own.isdisjoint((after, before)) and first == whole == 1

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """The inputs and targets of which a batch takes rows."""
        network = self.code.program.network
        used = self.code.named(self.names, "input", "target")
        return tuple(name for name in used if network.batch in network.graph.shape(name))

    @cached_property
    def arrays(self) -> tuple[str, ...]:
        """The names whose memory is made before, those of the samples first; the parameters and states have theirs."""
        program = self.code.program
        kept = zip(self.lines, self.texts, strict=True)
        own = {*program.carried, *self.shared}
        made = dict.fromkeys(line.name for line, text in kept if text is not None and line.name not in own)
        ordered = dict.fromkeys(name for name in program.gradients.values() if name in made)
        batched = [name for name in made if program.network.batch in program.shapes[name]]
        return (*self.samples, *batched, *(name for name in made if name not in batched and name not in ordered), *ordered)

    @cached_property
    def _count(self) -> str:
        """The number of samples, as the equations call it."""
        batch = self.code.program.network.batch
        assert batch, "what comes in batches has samples"
        return self.code.name(batch)

    @cached_property
    def _sums_samples(self) -> bool:
        return any(self._adds_samples(line.term) for line in self.lines)

    def _memory(self, name: str) -> Memory:
        program = self.code.program
        return Memory(self.code.name(name), program.shapes[name], program.shapes, self.code.dialect)

    def _text(self, line: Assignment, place: str) -> str | None:
        program = self.code.program
        single = not program.shapes[line.name] and line.name not in (*program.states, *program.gradients.values())
        memory = self._memory(place)
        if self._adds_samples(line.term):
            return memory.call("np.matmul", ONES, spelled(line.term.operand, self.code.dialect))
        text = None if single else written(line.term, memory)
        return text or (_assigned(line.term, memory) if line.name in program.states else None)

    def _adds_samples(self, term: Term) -> TypeGuard[Sum]:
        """Whether it sums the rows of a matrix that has one for each sample: a product with ones is faster than np.sum."""
        program = self.code.program
        rows = shape_of(term.operand, program.shapes) if isinstance(term, Sum) and term.axis == 0 and not term.keep else ()
        return len(rows) == 2 and rows[0] == program.network.batch

    def _step(self, place: int, line: Assignment, kept: Set[str]) -> str:
        """`W -= ...`, what is subtracted computed in the memory of a gradient that no later line needs."""
        assert isinstance(line.term, Add) and isinstance(line.term.terms[1], Neg), "a step is a difference"
        subtracted, shapes = line.term.terms[1].operand, self.code.program.shapes
        later = {name for other in self.lines[place + 1 :] for name in names_in(other.term)}
        free = [name for name in self.code.program.gradients.values() if name in kept and name not in later]
        fitting = [name for name in free if shapes[name] == shapes[line.name]]
        nearest = sorted(fitting, key=lambda name: name not in names_in(subtracted))
        text = written(subtracted, self._memory(nearest[0])) if nearest else None
        return f"{self.code.name(line.name)} -= {text or spelled(subtracted, self.code.dialect)}"

    def functions(self) -> tuple[FunctionView, ...]:
        """`_update`, which makes its memory when it is first called with so many samples."""
        arguments = "parameters, inputs, targets, learning_rate, batch, memory"
        summary = "forward, gradients and step in place; `memory` holds the arrays, by the number of samples."
        if self.descends:
            summary = "forward, gradients times the rate, and step in place; `memory` holds the arrays, by the number of samples."
        return (FunctionView("_update", arguments, summary, tuple(self._body())),)

    def _made(self) -> Iterator[str]:
        """The memory for so many samples."""
        yield from self._empty()
        if self._sums_samples:
            word = float_word(self.code.program.network.training.dtype)
            yield f"memory[{self._count}].append(np.ones({self._count}, {word}))  # {ONES} @ d is the sum of d over the samples"

    def _empty(self) -> Lines:
        """The arrays: rows of some widths, then the gradients, where that is all of them."""
        program = self.code.program
        word = float_word(program.network.training.dtype)
        batch, own = program.network.batch, [program.shapes[name] for name in self.arrays]
        rows, rest = own[: -len(program.parameters)], own[-len(program.parameters) :]
        known = [program.shapes[name] for name in program.parameters]
        if rest != known or any(len(shape) != 2 or shape[0] != batch for shape in rows):
            shapes = filled("shapes = ", (shape_text(shape).replace(f'"{batch}"', self._count) for shape in own), "()", 8)
            return (*shapes, f"memory[{self._count}] = [np.empty(shape, {word}) for shape in shapes]")
        count = self._count
        made = f"memory[{count}] = [np.empty(({count}, width), {word}) for width in "
        *first, last = filled(made, (str(shape[1]) for shape in rows), "()", 9)
        return (
            *first,
            f"{last}]",
            f'memory[{count}] += [np.empty_like(parameters[name]) for name in SHAPES["parameters"]]',
        )

    def _body(self) -> Iterator[str]:
        code = self.code
        yield f"{self._count} = len(batch)"
        yield f"if {self._count} not in memory:"
        yield from (f"    {line}" for line in self._made())
        ones = [ONES] if self._sums_samples else []
        yield from targets([*(code.name(name) for name in self.arrays), *ones], f"memory[{self._count}]")
        steps, stepped = self._steps(), {*code.program.parameters, *code.program.moves.kept}
        lines = [each for each in zip(self.lines, self.texts, strict=True) if not steps or each[0].name not in stepped]
        used = {name for line, _ in lines for name in (line.name, *names_in(line.term))}
        yield from code.unpack([name for name in code.program.carried if name in used], "parameters")
        yield from self._given()
        yield from code.unpack(code.named(self.names, "constant"), "CONSTANTS")
        for line, text in lines:
            yield from code.lines((line,)) if text is None else _broken(text)
        yield from steps

    def _steps(self) -> Lines:
        """The steps in a loop, where there are more than a few; nothing where each has lines of its own."""
        code, program = self.code, self.code.program
        own = all(program.gradients[name] in self.arrays for name, _ in self.rule.steps)
        if not self._alike or not own or len(self.rule.steps) <= FEW_STEPS:
            return ()
        if not self.descends:
            gradients = ", ".join(code.name(program.gradients[name]) for name in program.parameters)
            return (*_broken(f'for name, gradient in zip(SHAPES["parameters"], ({gradients}), strict=True):'), *self._moved())
        pairs = (f"({code.name(name)}, {code.name(program.gradients[name])})" for name, _ in self.rule.steps)
        head = filled("for parameter, gradient in ", pairs, "()", 5)
        return (*head[:-1], f"{head[-1]}:", "    parameter -= gradient")

    def _moved(self) -> Iterator[str]:
        """The optimiser's row in place, in the loop over the parameters."""
        moves = self.code.program.moves
        kept = (f'parameters[f"{prefix}_{{name}}"]' for prefix in moves.prefixes.values())
        yield f"    parameter, {', '.join(moves.prefixes)} = parameters[name], {', '.join(kept)}"
        own = (*moves.prefixes, GRADIENT)
        words = {**dict(zip(own, own, strict=True)), COUNT: self.code.name(moves.count), moves.rate: "learning_rate"}
        shapes: dict[str, Shape] = {**dict.fromkeys(own, ANY), COUNT: (), moves.rate: ()}
        dialect = replace(self.code.dialect, names=words)
        for state, term in moves.stepping.states.items():
            memory = Memory(state, ANY, shapes, dialect)
            yield from _broken(f"    {written(term, memory) or _assigned(term, memory)}", 8)
        stride = moves.stride(moves.stepping.step)
        text = written(stride, Memory(GRADIENT, ANY, shapes, dialect)) or spelled(stride, dialect)
        yield from _broken(f"    parameter -= {text}", 8)

    def _given(self) -> Iterator[str]:
        network = self.code.program.network
        for argument in ("inputs", "targets"):
            for name in (each for each in argument_names(network, argument) if each in self.names):
                source, own = argument if direct(network, argument) else f'{argument}["{name}"]', self.code.name(name)
                taken = f'np.take({source}, batch, axis=0, out={own}, mode="clip")'
                yield taken if name in self.samples else f"{own} = {source}"


def _assigned(term: Term, memory: Memory) -> str:
    """The value copied into the memory: what lies there is read until the end."""
    return f"{memory.name}[...] = {spelled(term, memory.dialect)}"


def _started(term: Term, rate: Term, swept: Set[str]) -> Term:
    """The term times the rate, where the gradients in it have the rate already: each part is linear in one, or has none."""
    if isinstance(term, Add):
        return Add(tuple(_started(part, rate, swept) for part in term.terms))
    if isinstance(term, Neg):
        return Neg(_started(term.operand, rate, swept))
    return product((rate, term)) if swept.isdisjoint(names_in(term)) else term


def _broken(text: str, indent: int = 4) -> Lines:
    """A statement over as many lines as it needs: its right side is a call, which is broken between arguments."""
    whole = re.sub("(?<!,) ", UNBROKEN, text)
    lines = textwrap.wrap(whole, WIDTH - 4, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
    return tuple(line.replace(UNBROKEN, " ") for line in lines)
