"""A module of kernels in the words of a target.

Input: a `Program` and the target's `Speech`. Output: the `KernelsView` of its templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symprop.emit.contract import lint, loss, one_hot, predict, step_name
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import record_every, training_of
from symprop.emit.functions import form, functions_in
from symprop.emit.helpers import float_word
from symprop.emit.identifiers import identifiers
from symprop.emit.kernels.arrays import all_shapes
from symprop.emit.kernels.blocks import Language, Placed
from symprop.emit.kernels.functions import Argument, Kernel, Kernels, Straight, straight_of
from symprop.emit.kernels.helpers import WRITTEN, called, helper
from symprop.emit.kernels.memory import Layout, Size, layout, size_text
from symprop.emit.kernels.view import VERSION, ExtraView, KernelsView, KernelView, PrintedView, SizesView
from symprop.emit.layout import Lines, filled
from symprop.emit.nests import LETTERS
from symprop.emit.program import Program
from symprop.emit.values import by_name, constant_lines, direct, has_data, initial_lines, literals, numpy_arrays, shape_text
from symprop.emit.view import FunctionView, RuleView
from symprop.graph import Shape, Value

RESERVED = frozenset(
    ("forward", "evaluate", "gradients", "derived", "run", "loop", "advance", "parameters", "inputs", "targets", "values")
    + ("gradient", "work", "rows", "learning_rate", "update", "start", "stop", "due", "record_every", "last", "watch", "at")
    + ("iteration", "total", "fast", "end", *LETTERS)
)  # what kernels use beside the document's names
NUMBER_BLOCK, ARRAY_BLOCK = 100_000, 25  # iterations between two looks at the loss
EXPORTED = ("forward", "evaluate", "gradients", "derived")
ONCE = {"floats": ", 1, 2, 0, 1, 0, parameters", "samples": ", 0, 1"}  # the last arguments of a loop that makes one step
LETTER_OF = {"in": "p", "out": "p", "count": "n", "number": "x"}


@dataclass(frozen=True)
class Speech:
    """The words of a target: its language and dialect, what names it needs for itself, and how it writes what stands around.

    `own` are the functions that the language does not have, `argument` declares a kernel's parameter, `head` writes a kernel's
    head, `fixed` a constant; `word` is its name of the floats in memory, `precision` what is to be said of them.
    """

    language: Language
    dialect: Placed
    words: frozenset[str]
    own: tuple[Kernel, ...]
    argument: Callable[[Argument], str]
    head: Callable[[Kernel], Lines]
    fixed: Callable[[str, Shape, Value], Lines]
    word: str
    precision: str = ""

    def view(self, kernel: Kernel) -> KernelView:
        """A kernel as text."""
        lines = self.language.lines(kernel.blocks)
        words = set(re.findall(r"\w+", " ".join(lines)))
        unused = [self.language.unused.format(name) for _, name in kernel.arguments if self.language.unused and name not in words]
        return KernelView(kernel.name, self.head(kernel), kernel.summary, (*self.language.lines(unused), *lines))


def kernels_view(program: Program, speech: Speech) -> KernelsView:
    """The view of a program's module in these words; UnsupportedError where it cannot do what the spec asks for."""
    return _Module(program, speech, straight_of(program)).view()


@dataclass(frozen=True)
class _Module:
    program: Program
    speech: Speech
    straight: Straight

    def view(self) -> KernelsView:
        program, network, dtype = self.program, self.program.network, self.program.network.training.dtype
        names = self.names()
        batch = names[network.batch] if network.batch else ""
        kernels, work = Kernels(program, self.straight, self.speech.language, self.dialect(names), batch).made()
        texts = tuple(map(self.speech.view, kernels))
        return KernelsView(
            version=VERSION,
            title=quoted(network.title),
            facts=facts(program, self.speech.precision),
            lint=lint(names),
            constants=self.constants(),
            fixed=tuple(self.fixed(names)),
            initial=FunctionView("initial_parameters", "seed=None", *initial_lines(network, dtype)),
            classes=one_hot(program),
            given=dict(self.given()),
            predict=predict(network.graph),
            loss=loss(network.graph),
            helpers=self.helpers(texts),
            kernels=texts,
            exported=self.exported(kernels),
            kind=self.straight.kind,
            rules=tuple(RuleView(key, str(program.distinct_rules.index(rule))) for key, rule in program.rules.items()),
            steps=tuple(self.steps(batch)),
            fast=str(program.distinct_rules.index(program.rules["document"])),
            kernel=self.sizes(work, batch),
            module=self.sizes(work, f'lengths["{network.batch}"]'),
            batch=self.batch(batch),
            work=self.work(work),
            letter=network.batch or "",
            float=float_word(dtype),
            word=self.speech.word,
            stated=bool(program.states),
            batched=network.training.batch_size is not None,
            block=str(ARRAY_BLOCK if self.straight.kind == "arrays" else NUMBER_BLOCK),
            printed=self.printed(),
            has_data=has_data(network),
        )

    def printed(self) -> PrintedView:
        """The names in a history and in the table."""
        program, graph = self.program, self.program.network.graph
        row = ("iteration", *program.row)
        return PrintedView(
            loss=graph.loss,
            row=filled("ROW = ", literals(row), "()", 0),
            table=filled("TABLE = ", literals(program.table), "()", 0) if has_data(program.network) else (),
            shown=", ".join(literals((*program.parameters, *graph.outputs))),
            label=str(max(map(len, row))),
        )

    def steps(self, batch: str) -> Iterator[str]:
        """The call that makes one step, by each rule; one iteration of the loop is a step, and it records nothing."""
        own, program = self.straight.steps(self.program), self.program
        given = ", ".join(("parameters", "inputs", "targets", *([batch] if batch else []), "learning_rate"))
        work = "" if self.straight.kind == "floats" else ", work"
        for rule in program.distinct_rules:
            yield f"{step_name(rule)[1:]}({given}{work})" if rule in own else f"loop({given}{ONCE[self.straight.kind]})"

    def batch(self, batch: str) -> ExtraView:
        """The number of samples as an argument."""
        if not batch:
            return ExtraView()
        return ExtraView(f", {batch}", f", {self.speech.argument(('count', batch))}", f', lengths["{self.program.network.batch}"]')

    def work(self, work: Size) -> ExtraView:
        """The work space as an argument."""
        if self.straight.kind == "floats":
            return ExtraView()
        size, dtype = size_text(work, f'lengths["{self.program.network.batch}"]'), self.program.network.training.dtype
        made = f", np.empty({size})" if dtype == "float64" else f", np.empty({size}, {float_word(dtype)})"
        return ExtraView(", work", f", {self.speech.argument(('out', 'work'))}", made)

    def constants(self) -> Lines:
        """The document's values, and what the kernels compute."""
        program, network = self.program, self.program.network
        every, arrays = record_every(program, training_of(program)), numpy_arrays(network.training.dtype)
        return (*constant_lines(network, every, arrays, program.states), *self.value_lines())

    def names(self) -> Mapping[str, str]:
        """An identifier for every name, free of what the kernels need for themselves."""
        program = self.program
        reserved = RESERVED | self.speech.words | {step_name(rule)[1:] for rule in program.distinct_rules}
        found = identifiers((*self.shapes(), *self.straight.names), reserved)
        return {**found, program.network.training.rate: "learning_rate"}

    def dialect(self, names: Mapping[str, str]) -> Placed:
        """Numbers that are no part of any memory are written without places."""
        graph = self.program.network.graph
        plain = [name for name in graph.names("constant") if not graph.shape(name)]
        return replace(self.speech.dialect, names=names, plain=frozenset((*plain, *graph.names("rate", "dimension"))))

    def shapes(self) -> Mapping[str, Shape]:
        return all_shapes(self.program)

    def values(self) -> Layout:
        program = self.program
        return layout("values", [line.name for line in (*program.forward, *program.losses, *program.metrics)], self.shapes())

    def sizes(self, work: Size, length: str) -> SizesView:
        values, program = self.values(), self.program
        parameters, carried = (layout("", names, program.shapes).size for names in (program.parameters, program.carried))
        targets = layout("", program.network.graph.names("input"), program.shapes, carried).size
        derived = layout("", (each.name for each in program.network.derived), self.shapes()).size
        first, kept = self.kept()
        loss = values.places[program.network.graph.loss][0]
        places = (values.size, loss, first, kept, derived, parameters, carried, targets, work)
        return SizesView(*(size_text(size, length) for size in places))

    def kept(self) -> tuple[Size, Size]:
        """How many of the values are no part of a history row, and how many are."""
        program = self.program
        if program.sized:
            return (0,), self.values().size
        late = [line.name for line in (*program.losses, *program.metrics)]
        forward = layout("", (line.name for line in program.forward), self.shapes()).size
        return forward, layout("", late, self.shapes()).size

    def value_lines(self) -> Iterator[str]:
        """VALUES, FORWARD and DERIVED: what the kernels compute, and how many of the values forward does."""
        shapes, derived = self.shapes(), [each.name for each in self.program.network.derived]
        for head, names in {"VALUES": self.values().places, "DERIVED": derived}.items():
            yield from filled(f"{head} = ", by_name((name, shape_text(shapes[name])) for name in names), "{}", 0) if names else ()
        yield f"FORWARD = {len(self.program.forward)}  # so many of them need no targets"

    def fixed(self, names: Mapping[str, str]) -> Iterator[str]:
        network = self.program.network
        for name in network.graph.names("constant"):
            yield from self.speech.fixed(names[name], network.graph.shape(name), network.data[name])

    def given(self) -> Iterator[tuple[str, str]]:
        """An argument that is one array, as a dict."""
        yield "parameters", "parameters"
        for argument in ("inputs", "targets"):
            name = direct(self.program.network, argument)
            yield argument, f'{{"{name}": {argument}}}' if name else argument

    def helpers(self, kernels: Sequence[KernelView]) -> tuple[KernelView, ...]:
        """The functions that the kernels call."""
        loop = self.straight.loop.lines if self.straight.loop else ()
        used = functions_in((*self.program.terms, *(line.term for line in loop)))
        there = {each.name for each in self.speech.own} | self.speech.dialect.functions.keys() - WRITTEN.keys()
        table = (name for name in used if name not in there and (form(name) is not None or name in WRITTEN))
        known = (*self.speech.own, *(helper(name, self.speech.language, self.speech.dialect) for name in table))
        views = {each.name: self.speech.view(each) for each in known}
        texts = {name: "\n".join(view.lines) for name, view in views.items()}
        return tuple(views[name] for name in called(texts, ("\n".join(each.lines) for each in kernels)))

    def exported(self, kernels: Sequence[Kernel]) -> Mapping[str, str]:
        """The kernels that the module calls, with the kinds of their arguments."""
        found = {each.name: "".join(LETTER_OF[kind] for kind, _ in each.arguments) for each in kernels}
        sized = "n" if self.program.network.batch else ""
        worked = "" if self.straight.kind == "floats" else "p"
        advance, run = f"nppp{sized}x{worked}", f"nnp{sized}xnnnnnp{worked}"
        training = {"advance": advance} if self.program.network.training.batch_size else {"advance": advance, "run": run}
        return {**{name: found[name] for name in EXPORTED if name in found}, **training}
