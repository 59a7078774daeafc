"""The NumPy target: a program's functions as lines of code, gathered into the template's view.

Input: a `Program`. Output: a `ModuleView` for `network.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from symprop.emit.batches import Update
from symprop.emit.code import Code
from symprop.emit.contract import checks, contract, lint, one_hot, step, step_name, table
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import Training, loop_function, record_every, training_of
from symprop.emit.helpers import FROM_MATH, float_dialect, float_word, numpy_dialect, numpy_library
from symprop.emit.identifiers import identifiers
from symprop.emit.layout import Lines, filled, stacked
from symprop.emit.program import Program
from symprop.emit.values import data_lines, direct, has_data, initial_lines, numpy_arrays, setting_lines, shape_lines
from symprop.emit.view import VERSION, FunctionView, ModuleView
from symprop.functions import FUNCTIONS

RESERVED = frozenset(
    ("np", "math", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient")
    + ("new", "name", "source", "rows", "block", "due", "iteration", "count", "samples", "batch", "memory", "parameter", "one_hot")
    + ("float", "len", "range", "max", "min", "abs", *FUNCTIONS, *FROM_MATH)
)  # what the functions of a module use beside the document's names
BLOCK = 1000  # iterations on floats between two looks at the loss


def module_view(program: Program) -> ModuleView:
    """The view of the NumPy module of a program."""
    network, training = program.network, training_of(program)
    dtype = network.training.dtype
    names = _identifiers(program, training)
    code = Code(program, numpy_dialect(names, dtype))
    predict, functions = _functions(code, dtype)
    steps = tuple(step(code, rule) for rule in program.distinct_rules)
    row = _row(program)
    return ModuleView(
        version=VERSION,
        title=quoted(network.title),
        facts=facts(program),
        lint=lint(names),
        imports=tuple(_imports((*functions, *steps), training)),
        constants=(*data_lines(network, numpy_arrays(dtype)), *setting_lines(network, record_every(program, training))),
        functions=functions,
        steps=steps,
        rules_differ=len(steps) > 1,
        updates=_updates(program, len(steps) > 1),
        ends=(FunctionView("initial_parameters", "seed=None", *initial_lines(network, dtype)), predict, *one_hot(program)),
        stated=bool(program.states),
        checks=tuple(checks(program, classes=True)),
        kind=training.kind,
        loop=_loop(code, Code(program, float_dialect(names)), training),
        fast=() if training.kind == "steps" else _fast(program),
        batched=network.training.batch_size is not None,
        batch=_part(program, "batch"),
        few=_part(program, ":batch_size"),
        float=float_word(dtype),
        block=str(BLOCK),
        samples=_samples(code),
        sample_limit=str(training.sample_limit),
        shapes=shape_lines(network, program.states),
        row=filled("ROW = ", (f'"{name}"' for name in ("iteration", *row)), "()", 0),
        loss=network.graph.loss,
        table=filled("names = ", (f'"{name}"' for name in table(program)), "()") if has_data(network) else (),
        shown=tuple(f'"{name}"' for name in (*program.parameters, *network.graph.outputs)),
        label=str(max(len(name) for name in ("iteration", *row))),
    )


def _functions(code: Code, dtype: str) -> tuple[FunctionView, tuple[FunctionView, ...]]:
    """`predict`, and what stands before the steps."""
    made = {each.name: each for each in contract(code)}
    helpers = numpy_library(dtype).helpers_of(code.program.terms)
    return made.pop("predict"), (*helpers, *made.values())


def _updates(program: Program, differ: bool) -> Lines:
    if not differ:
        return filled("UPDATES = ", (f'"{key}"' for key in program.rules), "()", 0)
    return stacked("UPDATES = ", [f'"{key}": {step_name(rule)}' for key, rule in program.rules.items()], "{}", 0)


def _fast(program: Program) -> Lines:
    return filled("FAST = ", (f'"{key}"' for key, rule in program.rules.items() if rule is program.rules["document"]), "()", 0)


def _part(program: Program, places: str) -> Lines:
    """The inputs and the targets at some places of the samples; what has no samples stays whole."""
    return tuple(_taken(program, argument, places) for argument in ("inputs", "targets"))


def _taken(program: Program, argument: str, places: str) -> str:
    network, name = program.network, direct(program.network, argument)
    if name is not None:
        return f"{argument}[{places}]" if network.batch in network.graph.shape(name) else argument
    taken = f'value[{places}] if SHAPES["{argument}"][name][:1] == ("{network.batch}",) else value'
    return f"{{name: {taken} for name, value in {argument}.items()}}"


def _row(program: Program) -> tuple[str, ...]:
    """What a history row holds; of data whose size nobody knows only the losses and metrics."""
    return program.row if has_data(program.network) else (*table(program), *program.parameters)


def _loop(code: Code, floats: Code, training: Training) -> tuple[FunctionView, ...]:
    if training.kind != "arrays":
        return loop_function(floats, training)
    network = code.program.network
    return Update(code, code.program.rules["document"], network.training.batch_size is not None).functions()


def _imports(functions: Iterable[FunctionView], training: Training) -> Iterator[str]:
    if any("math." in line for function in functions for line in function.lines):
        yield "import math"
    yield "from collections import namedtuple"
    if training.from_math:
        yield f"from math import {', '.join(training.from_math)}"


def _identifiers(program: Program, training: Training) -> Mapping[str, str]:
    names = identifiers((*program.shapes, *(line.name for line in program.metrics), *training.names), RESERVED)
    return {**names, program.network.training.rate: "learning_rate"}


def _samples(code: Code) -> str:
    network = code.program.network
    return f"len({code.measured(network.batch)})" if network.batch else "1"
