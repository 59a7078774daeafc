"""The kernels of a program: forward, evaluate, gradients, a step for each rule, and the loop of a tiny network.

Input: a `Program`, a `Language` with its dialect. Output: `Kernel`s in the order in which they call each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from symprop.emit.contract import step_name
from symprop.emit.kernels.arrays import ArrayKernels, Body
from symprop.emit.kernels.blocks import Block, Language, Placed
from symprop.emit.kernels.memory import Size, added, larger, layout, size_text
from symprop.emit.kernels.numbers import NumberKernels, uses_gradients
from symprop.emit.loops import Loop, loop_of
from symprop.emit.program import Assignment, Program, Rule

SUMMARIES = {
    "forward": "Every named quantity up to the outputs, one behind the other.",
    "evaluate": "The values of forward, with the losses and metrics behind them.",
    "gradients": "The gradient of the loss by every parameter, in one sweep backwards.",
    "derived": "The document's own quantities, one behind the other.",
    "sequential": "One parameter after the other, each gradient with the parameters already updated.",
    "simultaneous": "All at once, every gradient at the old parameters.",
    "floats": "A block of iterations on local numbers; a row is recorded where one is due.",
    "samples": "The iterations from start to before stop on local numbers, sample by sample.",
}
MOST_WEIGHTS = 64  # beyond this nobody reads a loop in straight lines
Argument = tuple[str, str]  # its kind and its name
BEFORE: tuple[Argument, ...] = (("in", "parameters"), ("in", "inputs"))
BOTH: tuple[Argument, ...] = (*BEFORE, ("in", "targets"))
STEPPED: tuple[Argument, ...] = (("out", "parameters"), ("in", "inputs"), ("in", "targets"))
RATE: Argument = ("number", "learning_rate")
RECORDED: tuple[Argument, ...] = tuple(("count", name) for name in ("start", "stop", "due", "record_every", "last"))


@dataclass(frozen=True, slots=True)
class Straight:
    """How kernels train the document's update: by steps ("arrays"), or by a loop in straight lines on single numbers ("floats") or
    on the entries of small arrays ("samples")."""

    kind: str
    loop: Loop | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in the loop."""
        return self.loop.names if self.loop else ()

    def steps(self, program: Program) -> tuple[Rule, ...]:
        """The rules that need a kernel of their own: where there is a loop, one iteration of it is the document's step."""
        return tuple(rule for rule in program.distinct_rules if not (self.loop and rule is program.rules["document"]))


def straight_of(program: Program) -> Straight:
    """The kind of a program's kernels."""
    rule, network = program.rules["document"], program.network
    if program.single:
        return Straight("floats", loop_of(program, rule, recorded=True))
    few = sum(layout("", program.parameters, program.shapes).size) <= MOST_WEIGHTS
    by_sample = few and network.batch is not None and network.training.batch_size is None
    loop = loop_of(program, rule, recorded=False) if by_sample else None
    return Straight("samples", loop) if loop else Straight("arrays")


@dataclass(frozen=True, slots=True)
class Kernel:
    """A function over flat memory: its parameters by kind ("in", "out", "count" or "number") and name, and its body."""

    name: str
    arguments: tuple[Argument, ...]
    summary: str
    blocks: tuple[Block, ...]
    result: str = ""  # what it returns: nothing, a "number" or a "count"


def of_numbers(name: str, arguments: tuple[str, ...], text: str, summary: str) -> Kernel:
    """A function that returns one expression of single numbers."""
    return Kernel(name, tuple(("number", each) for each in arguments), summary, (f"return {text}",), "number")


@dataclass(frozen=True)
class Kernels:
    """Everything that a module's kernels are made of."""

    program: Program
    straight: Straight
    language: Language
    dialect: Placed
    batch: str  # the identifier of the number of samples; "" where there is none

    def made(self) -> tuple[tuple[Kernel, ...], Size]:
        """The kernels, and the size of the work space."""
        numbers = NumberKernels(self.program, self.language, self.dialect, self.batch)
        if self.straight.kind == "floats":
            return tuple(self.of_numbers(numbers)), (0,)
        arrays = ArrayKernels(self.program, self.language, self.dialect, self.batch)
        found = list(self.of_arrays(arrays))
        loop = () if self.straight.loop is None else (self.sample_loop(numbers),)
        work: Size = (0,)
        for _, size in found:
            work = larger(work, size)
        return (*(kernel for kernel, _ in found), *loop), work

    def of_numbers(self, numbers: NumberKernels) -> Iterator[Kernel]:
        """Straight lines."""
        yield Kernel("forward", (*BEFORE, ("out", "values")), SUMMARIES["forward"], numbers.forward())
        yield Kernel("evaluate", (*BOTH, ("out", "values")), SUMMARIES["evaluate"], numbers.evaluate())
        yield Kernel("gradients", (*BOTH, ("out", "gradient")), SUMMARIES["gradients"], numbers.gradients())
        if self.program.derived:
            yield Kernel("derived", (*BOTH, ("out", "derived")), SUMMARIES["derived"], numbers.derived())
        for rule in self.straight.steps(self.program):
            yield Kernel(step_name(rule)[1:], (*STEPPED, RATE), self.summary(rule), numbers.step(rule))
        assert self.straight.loop is not None
        arguments = (*STEPPED, RATE, *RECORDED, ("out", "rows"))
        yield Kernel("loop", arguments, SUMMARIES["floats"], numbers.recorded_loop(self.straight.loop), "count")

    def summary(self, rule: Rule) -> str:
        return SUMMARIES["sequential" if rule.sequential else "simultaneous"]

    def sample_loop(self, numbers: NumberKernels) -> Kernel:
        assert self.straight.loop is not None
        arguments = (*STEPPED, *self.sized, RATE, ("count", "start"), ("count", "stop"))
        return Kernel("loop", arguments, SUMMARIES["samples"], numbers.sample_loop(self.straight.loop))

    @property
    def sized(self) -> tuple[Argument, ...]:
        """The number of samples, where the program has a batch."""
        return (("count", self.batch),) if self.batch else ()

    def of_arrays(self, arrays: ArrayKernels) -> Iterator[tuple[Kernel, Size]]:
        """Loops; what needs values calls forward or evaluate first, into the front of its work space."""
        forward, evaluate, gradients = arrays.forward(), arrays.evaluate(), arrays.gradients()
        work = ("out", "work")
        yield Kernel("forward", (*BEFORE, *self.sized, ("out", "values"), work), SUMMARIES["forward"], forward.blocks), forward.work
        evaluated = larger(forward.work, evaluate.work)
        arguments = (*BOTH, *self.sized, ("out", "values"), work)
        yield Kernel("evaluate", arguments, SUMMARIES["evaluate"], (self.call("forward", "values"), *evaluate.blocks)), evaluated
        values = layout("work", arrays.values, arrays.shapes).size
        made = Kernel("gradients", (*BOTH, *self.sized, ("out", "gradient"), work), SUMMARIES["gradients"], gradients.blocks)
        swept = self.behind(self.earlier(arrays, self.program.backward), values, made, gradients, evaluated)
        yield swept
        if self.program.derived:
            own = arrays.derived()
            made = Kernel("derived", (*BOTH, *self.sized, ("out", "derived"), work), SUMMARIES["derived"], own.blocks)
            yield self.behind("evaluate", values, made, own, evaluated)
        gradient = layout("work", self.program.gradients.values(), arrays.shapes).size
        for rule in self.straight.steps(self.program):
            whole = uses_gradients(self.program, rule)
            body = arrays.step_after_gradients(rule) if whole else arrays.step(rule)
            made = Kernel(step_name(rule)[1:], (*STEPPED, *self.sized, RATE, work), self.summary(rule), body.blocks)
            first = "gradients" if whole else self.earlier(arrays, rule.lines)
            yield self.behind(first, gradient if whole else values, made, body, swept[1] if whole else evaluated)

    def earlier(self, arrays: ArrayKernels, lines: Iterable[Assignment]) -> str:
        """The kernel that computes the values of these lines."""
        return "evaluate" if arrays.needs_losses(lines) else "forward"

    def behind(self, first: str, size: Size, kernel: Kernel, body: Body, work: Size) -> tuple[Kernel, Size]:
        """A kernel behind the call of another, which fills the front of `work` and needs so much behind it."""
        call = self.call(first, "work", size_text(size, self.batch))
        return replace(kernel, blocks=(call, *kernel.blocks)), larger(body.work, added(size, work))

    def call(self, function: str, filled: str, behind: str = "") -> str:
        """The call of another kernel, whose own work space begins behind so many numbers."""
        given = ("parameters", "inputs", *(("targets",) if function != "forward" else ()), *(name for _, name in self.sized))
        work = self.language.behind.format("work", behind) if behind else "work"
        return f"{self.language.prefix}{function}({', '.join((*given, filled, work))})"
