"""A module of kernels in the words of a target.

Input: a `Program` and the target's `Speech`. Output: the `KernelsView` of its templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symprop.emit.contract import step_name, table
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import record_every, training_of
from symprop.emit.functions import form, functions_in
from symprop.emit.helpers import PLAIN
from symprop.emit.identifiers import identifiers
from symprop.emit.kernels.arrays import own_shapes
from symprop.emit.kernels.blocks import Language, Placed
from symprop.emit.kernels.functions import Argument, Kernel, Kernels, Straight, straight_of
from symprop.emit.kernels.helpers import WRITTEN, called, helper
from symprop.emit.kernels.memory import Layout, Size, layout, size_text
from symprop.emit.kernels.view import VERSION, KernelsView, KernelView, SizesView
from symprop.emit.layout import Lines, filled
from symprop.emit.nests import LETTERS
from symprop.emit.program import Program
from symprop.emit.spelling import spelled
from symprop.emit.values import by_name, constant_lines, direct, has_data, initial_lines, require_supported, shape_text
from symprop.emit.view import FunctionView, RuleView
from symprop.graph import Shape, Value

RESERVED = frozenset(
    ("forward", "evaluate", "gradients", "derived", "run", "loop", "advance", "parameters", "inputs", "targets", "values")
    + ("gradient", "work", "rows", "learning_rate", "update", "start", "stop", "due", "record_every", "last", "watch", "at")
    + ("iteration", "total", "fast", "end", *LETTERS)
)  # what kernels use beside the document's names
NUMBER_BLOCK, ARRAY_BLOCK = 100_000, 25  # iterations between two looks at the loss
EXPORTED = ("forward", "evaluate", "gradients", "derived")
LETTER_OF = {"in": "p", "out": "p", "count": "n", "number": "x"}


@dataclass(frozen=True)
class Speech:
    """The words of a target: its language and dialect, what names it needs for itself, and how it writes what stands around.

    `own` are the functions that the language does not have, `argument` declares a kernel's parameter, `head` writes a kernel's
    head, `fixed` a constant.
    """

    language: Language
    dialect: Placed
    words: frozenset[str]
    own: tuple[Kernel, ...]
    argument: Callable[[Argument], str]
    head: Callable[[Kernel], Lines]
    fixed: Callable[[str, Shape, Value], Lines]

    def view(self, kernel: Kernel) -> KernelView:
        """A kernel as text."""
        return KernelView(kernel.name, self.head(kernel), kernel.summary, self.language.lines(kernel.blocks))


def kernels_view(program: Program, speech: Speech) -> KernelsView:
    """The view of a program's module in these words; UnsupportedError where it cannot do what the spec asks for."""
    require_supported(program.network)
    return _Module(program, speech, straight_of(program)).view()


@dataclass(frozen=True)
class _Module:
    program: Program
    speech: Speech
    straight: Straight

    def view(self) -> KernelsView:
        program, network = self.program, self.program.network
        names = self.names()
        batch = names[network.batch] if network.batch else ""
        kernels, work = Kernels(program, self.straight, self.speech.language, self.dialect(names), batch).made()
        texts = tuple(map(self.speech.view, kernels))
        kernel, module = (self.sizes(work, length) for length in (batch, f'lengths["{network.batch}"]'))
        worked = self.straight.kind != "floats"
        rules = program.distinct_rules
        return KernelsView(
            version=VERSION,
            title=quoted(network.title),
            facts=facts(program),
            constants=(*constant_lines(network, record_every(program, training_of(program))), *self.value_lines()),
            fixed=tuple(self.fixed(names)),
            initial=FunctionView("initial_parameters", "seed=None", *initial_lines(network)),
            given=dict(self.given()),
            predict=self.predict(),
            loss=self.loss(),
            helpers=self.helpers(texts),
            kernels=texts,
            exported=self.exported(kernels),
            kind=self.straight.kind,
            rules=tuple(RuleView(key, str(rules.index(rule))) for key, rule in program.rules.items()),
            steps=tuple(step_name(rule)[1:] for rule in rules),
            fast=str(rules.index(program.rules["document"])),
            kernel=kernel,
            module=module,
            batch=f", {batch}" if batch else "",
            batch_argument=f", {self.speech.argument(('count', batch))}" if batch else "",
            batch_given=f', lengths["{network.batch}"]' if batch else "",
            work=", work" if worked else "",
            work_argument=f", {self.speech.argument(('out', 'work'))}" if worked else "",
            work_given=f", np.empty({module.work})" if worked else "",
            block=str(ARRAY_BLOCK if self.straight.kind == "arrays" else NUMBER_BLOCK),
            row=filled("ROW = ", (f'"{name}"' for name in ("iteration", *program.row)), "()", 0),
            loss_name=network.graph.loss,
            table=filled("TABLE = ", (f'"{name}"' for name in table(program)), "()", 0) if has_data(network) else (),
            shown=tuple(f'"{name}"' for name in (*program.parameters, *network.graph.outputs)),
            label=str(max(len(name) for name in ("iteration", *program.row))),
            has_data=has_data(network),
        )

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
        return {**own_shapes(self.program), **self.program.shapes}

    def values(self) -> Layout:
        program = self.program
        return layout("values", [line.name for line in (*program.forward, *program.losses, *program.metrics)], self.shapes())

    def sizes(self, work: Size, length: str) -> SizesView:
        values, program = self.values(), self.program
        parameters, inputs = (layout("", names, program.shapes).size for names in (program.parameters, program.carried))
        targets = layout("", program.network.graph.names("input"), program.shapes, inputs).size
        derived = layout("", (each.name for each in program.network.derived), self.shapes()).size
        places = (values.size, values.places[program.network.graph.loss][0], derived, parameters, inputs, targets, work)
        return SizesView(*(size_text(size, length) for size in places))

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

    def predict(self) -> FunctionView:
        graph = self.program.network.graph
        if not graph.scalar and len(graph.outputs) == 1:
            body: Lines = (f'return forward(parameters, inputs)["{graph.outputs[0]}"]',)
            return FunctionView("predict", "parameters, inputs", f"The output {graph.outputs[0]}.", body)
        items = (f'"{name}": values["{name}"]' for name in graph.outputs)
        body = ("values = forward(parameters, inputs)", *filled("return ", items, "{}"))
        return FunctionView("predict", "parameters, inputs", "The outputs, by name.", body)

    def loss(self) -> FunctionView:
        graph = self.program.network.graph
        formula = f"{graph.loss} = {spelled(graph.definitions[graph.loss], PLAIN)}."
        body = (f'return evaluate(parameters, inputs, targets)["{graph.loss}"]',)
        return FunctionView("loss", "parameters, inputs, targets", formula, body)

    def helpers(self, kernels: Sequence[KernelView]) -> tuple[KernelView, ...]:
        """The functions that the kernels call."""
        loop = self.straight.loop.lines if self.straight.loop else ()
        used = functions_in((*self.program.terms, *(line.term for line in loop)))
        own = {each.name for each in self.speech.own}
        table = (name for name in used if name not in own and (form(name) is not None or name in WRITTEN))
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
        return {**{name: found[name] for name in EXPORTED if name in found}, "advance": advance, "run": run}
