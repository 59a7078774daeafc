"""The NumPy target: a program's functions as lines of code, gathered into the template's view.

Input: a `Program`. Output: a `ModuleView` for `network.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from symprop.emit.batches import Update
from symprop.emit.code import Code
from symprop.emit.contract import checks, contract, lint, one_hot, step, step_name
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import Training, loop_function, record_every, training_of
from symprop.emit.helpers import FROM_MATH, float_dialect, float_word, numpy_dialect, numpy_library
from symprop.emit.identifiers import identifiers
from symprop.emit.layout import Lines, filled, stacked
from symprop.emit.program import Program
from symprop.emit.values import (
    data_lines,
    direct,
    has_data,
    initial_lines,
    literals,
    numpy_arrays,
    setting_lines,
    shape_lines,
    taken,
)
from symprop.emit.view import VERSION, FunctionView, ModuleView
from symprop.functions import FUNCTIONS
from symprop.graph import Network

RESERVED = frozenset(
    ("np", "math", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient")
    + ("new", "name", "source", "rows", "block", "due", "iteration", "count", "samples", "batch", "memory", "ones", "parameter")
    + ("one_hot", "CONSTANTS", "float", "len", "range", "max", "min", "abs", *FUNCTIONS, *FROM_MATH)
)  # what the functions of a module use beside the document's names
ARGUMENTS = ("inputs", "targets")
BLOCK, EPOCHS = 1000, 20  # iterations between two looks at the loss: with all samples at once, in batches


def module_view(program: Program) -> ModuleView:
    """The view of the NumPy module of a program."""
    network, training = program.network, training_of(program)
    dtype = network.training.dtype
    code = Code(program, numpy_dialect(_identifiers(program, training), dtype))
    functions = (*numpy_library(dtype).helpers_of(program.terms), *contract(code))
    steps = tuple(step(code, rule) for rule in program.distinct_rules)
    row = ("iteration", *program.row)
    return ModuleView(
        version=VERSION,
        title=quoted(network.title),
        facts=facts(program),
        lint=lint(code.dialect.names),
        imports=tuple(_imports((*functions, *steps), training)),
        constants=(*data_lines(network, numpy_arrays(dtype)), *setting_lines(network, record_every(program, training))),
        functions=functions,
        steps=steps,
        rules_differ=len(steps) > 1,
        updates=_updates(program, len(steps) > 1),
        ends=(FunctionView("initial_parameters", "seed=None", *initial_lines(network, dtype)), *one_hot(program)),
        stated=bool(program.states),
        checks=tuple(checks(program, "lengths" if network.batch else "")),
        kind=training.kind,
        loop=_loop(code, training),
        fast=f"UPDATES.get(update) is {step_name(program.rules['document'])}" if len(steps) > 1 else "update in UPDATES",
        batch=_batch(network),
        few=_few(network),
        float=float_word(dtype),
        block=str(BLOCK if network.training.batch_size is None else EPOCHS),
        letter=network.batch or "",
        samples=_samples(code),
        sample_limit=str(training.sample_limit),
        shapes=shape_lines(network, program.states),
        row=filled("ROW = ", literals(row), "()", 0),
        loss=network.graph.loss,
        table=filled("names = ", literals(program.table), "()") if has_data(network) else (),
        shown=literals((*program.parameters, *network.graph.outputs)),
        label=str(max(len(name) for name in row)),
    )


def _updates(program: Program, differ: bool) -> Lines:
    if not differ:
        return filled("UPDATES = ", literals(program.rules), "()", 0)
    return stacked("UPDATES = ", [f'"{key}": {step_name(rule)}' for key, rule in program.rules.items()], "{}", 0)


def _batch(network: Network) -> Lines:
    """The statement that takes the samples of a batch; nothing where all of them are taken at once."""
    samples = taken(network, "batch", "{}.take({}, axis=0)")
    return () if network.training.batch_size is None else stacked("samples = ", samples, "()", 8)


def _few(network: Network) -> str:
    """The inputs and the targets; of the first samples where arrays are taken in batches."""
    batched = network.training.batch_size is not None and all(direct(network, argument) for argument in ARGUMENTS)
    return ", ".join(taken(network, ":batch_size") if batched else ARGUMENTS)


def _loop(code: Code, training: Training) -> tuple[FunctionView, ...]:
    program = code.program
    if program.network.training.batch_size is not None:
        return Update(code, program.rules["document"]).functions()
    return loop_function(Code(program, float_dialect(code.dialect.names)), training)


def _imports(functions: Iterable[FunctionView], training: Training) -> Iterator[str]:
    if any("math." in line for function in functions for line in function.lines):
        yield "import math"
    yield "from collections import namedtuple"
    if training.kind == "floats":
        yield "from collections.abc import Sequence"
    if training.from_math:
        yield f"from math import {', '.join(training.from_math)}"


def _identifiers(program: Program, training: Training) -> Mapping[str, str]:
    names = identifiers((*program.shapes, *(line.name for line in program.metrics), *training.names), RESERVED)
    return {**names, program.network.training.rate: "learning_rate"}


def _samples(code: Code) -> str:
    network = code.program.network
    return f"len({code.measured(network.batch)})" if network.batch else "1"
