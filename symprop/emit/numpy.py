"""The NumPy target: a program's functions as lines of code, gathered into the template's view.

Input: a `Program`. Output: a `ModuleView` for `network.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from symprop.emit.code import Code
from symprop.emit.contract import checks, contract, lint, step, step_name, table
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import Training, loop_function, record_every, training_of
from symprop.emit.functions import functions_in
from symprop.emit.helpers import FROM_MATH, NUMPY, ONLY_IN_MATH, float_dialect, numpy_dialect
from symprop.emit.identifiers import identifiers
from symprop.emit.layout import filled
from symprop.emit.program import Program
from symprop.emit.values import constant_lines, has_data, initial_lines, require_supported
from symprop.emit.view import VERSION, FunctionView, ModuleView, RuleView
from symprop.functions import FUNCTIONS

TEMPLATE = "network.py.jinja"
RESERVED = frozenset(
    ("np", "math", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient")
    + ("new", "name", "rows", "block", "due", "iteration", "count", "samples", "float", "len", "range", "max", "min", "abs")
    + (*FUNCTIONS, *FROM_MATH)
)  # what the functions of a module use beside the document's names
FLOAT_BLOCK, ARRAY_BLOCK = 1000, 25  # iterations between two looks at the loss


def module_view(program: Program) -> ModuleView:
    """The view of the NumPy module of a program; UnsupportedError where it cannot do what the spec asks for."""
    require_supported(program.network)
    training = training_of(program)
    names = _identifiers(program, training)
    code = Code(program, numpy_dialect(names))
    used = functions_in(program.terms)
    return ModuleView(
        version=VERSION,
        title=quoted(program.network.title),
        facts=facts(program),
        lint=lint(names),
        imports=tuple(_imports(used, training)),
        constants=constant_lines(program.network, record_every(program, training)),
        helpers=NUMPY.helpers(used),
        contract=(FunctionView("initial_parameters", "seed=None", *initial_lines(program.network)), *contract(code)),
        steps=tuple(step(code, rule) for rule in program.distinct_rules),
        rules=tuple(RuleView(key, step_name(rule)) for key, rule in program.rules.items()),
        loop=loop_function(Code(program, float_dialect(names)), training),
        fast=filled("FAST = ", (f'"{key}"' for key, rule in program.rules.items() if rule is program.rules["document"]), "()", 0),
        kind=training.kind,
        block=str(ARRAY_BLOCK if training.kind == "arrays" else FLOAT_BLOCK),
        samples=_samples(code),
        sample_limit=str(training.sample_limit),
        checks=tuple(checks(program)),
        row=filled("ROW = ", (f'"{name}"' for name in ("iteration", *program.row)), "()", 0),
        loss=program.network.graph.loss,
        table=filled("TABLE = ", (f'"{name}"' for name in table(program)), "()", 0) if has_data(program.network) else (),
        shown=tuple(f'"{name}"' for name in (*program.parameters, *program.network.graph.outputs)),
        label=str(max(len(name) for name in ("iteration", *program.row))),
    )


def _imports(used: Iterable[str], training: Training) -> Iterator[str]:
    if any(name in ONLY_IN_MATH for name in used):
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
