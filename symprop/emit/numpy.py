"""The NumPy target: a program's functions as lines of code, gathered into the template's view.

Input: a `Program`. Output: a `ModuleView` for `network.py.jinja`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from symprop.emit.code import Code
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import Training, loop_function, record_every, training_of
from symprop.emit.functions import functions_in
from symprop.emit.helpers import FROM_MATH, NUMPY_FUNCTIONS, ONLY_IN_MATH, PLAIN, float_dialect, helper, numpy_dialect
from symprop.emit.identifiers import AMBIGUOUS, identifiers
from symprop.emit.layout import Lines, filled
from symprop.emit.program import Program, Rule
from symprop.emit.spelling import spelled
from symprop.emit.values import constant_lines, direct, has_data, initial_lines, require_supported
from symprop.emit.view import VERSION, FunctionView, ModuleView, RuleView
from symprop.functions import FUNCTIONS

TEMPLATE = "network.py.jinja"
RESERVED = frozenset(
    ("np", "math", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient")
    + ("new", "name", "rows", "block", "due", "iteration", "count", "samples", "float", "len", "range", "max", "min", "abs")
    + (*FUNCTIONS, *FROM_MATH)
)  # what the functions of a module use beside the document's names
FLOAT_BLOCK, ARRAY_BLOCK = 1000, 25  # iterations between two looks at the loss
FEW_STEPS = 3  # so many parameters are stepped line by line; more of them in a loop
SUMMARIES = {
    "sequential": "One parameter after the other, each gradient with the parameters already updated.",
    "simultaneous": "All at once, every gradient at the old parameters.",
}
ALL = "parameters, inputs, targets"


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
        lint=_lint(names),
        imports=tuple(_imports(used, training)),
        constants=constant_lines(program.network, record_every(program, training)),
        helpers=tuple(helper(name) for name in used if name not in NUMPY_FUNCTIONS),
        contract=tuple(_contract(code)),
        steps=tuple(_step(code, rule) for rule in program.distinct_rules),
        rules=tuple(RuleView(key, _step_name(rule)) for key, rule in program.rules.items()),
        loop=loop_function(Code(program, float_dialect(names)), training),
        fast=filled("FAST = ", (f'"{key}"' for key, rule in program.rules.items() if rule is program.rules["document"]), "()", 0),
        kind=training.kind,
        block=str(ARRAY_BLOCK if training.kind == "arrays" else FLOAT_BLOCK),
        samples=_samples(code),
        sample_limit=str(training.sample_limit),
        checks=tuple(_checks(program)),
        row=filled("ROW = ", (f'"{name}"' for name in ("iteration", *program.row)), "()", 0),
        loss=program.network.graph.loss,
        table=filled("TABLE = ", (f'"{name}"' for name in _table(program)), "()", 0) if has_data(program.network) else (),
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


def _lint(names: Mapping[str, str]) -> str:
    return "# ruff: noqa: E741 (the document's own names)" if any(name in AMBIGUOUS for name in names.values()) else ""


def _step_name(rule: Rule) -> str:
    return f"_step_{re.sub(r'[^0-9A-Za-z_]', '_', rule.name)}"


def _contract(code: Code) -> Iterator[FunctionView]:
    yield FunctionView("initial_parameters", "seed=None", *initial_lines(code.program.network))
    yield _forward(code)
    yield _predict(code)
    yield _evaluate(code)
    yield _loss(code)
    yield _gradients(code)


def _forward(code: Code) -> FunctionView:
    lines = code.program.forward
    body = (*code.prelude(lines), *code.explained(lines), *filled("return ", code.display(line.name for line in lines), "{}"))
    return FunctionView("forward", "parameters, inputs", "Every named quantity up to the outputs, by name.", body)


def _predict(code: Code) -> FunctionView:
    graph = code.program.network.graph
    if not graph.scalar and len(graph.outputs) == 1:
        body: Lines = (f'return forward(parameters, inputs)["{graph.outputs[0]}"]',)
        return FunctionView("predict", "parameters, inputs", f"The output {graph.outputs[0]}.", body)
    returned = filled("return ", (f'"{name}": values["{name}"]' for name in graph.outputs), "{}")
    body = ("values = forward(parameters, inputs)", *returned)
    return FunctionView("predict", "parameters, inputs", "The outputs, by name.", body)


def _evaluate(code: Code) -> FunctionView:
    program = code.program
    lines = program.losses + program.metrics
    returned = filled("return ", ("**values", *code.display(line.name for line in lines)), "{}")
    body = (*code.prelude(lines), *code.earlier(lines, keep=True), *code.explained(lines), *returned)
    return FunctionView("evaluate", ALL, "The values of forward, with the loss and the metrics.", body)


def _loss(code: Code) -> FunctionView:
    graph = code.program.network.graph
    formula = f"{graph.loss} = {spelled(graph.definitions[graph.loss], PLAIN)}."
    return FunctionView("loss", ALL, formula, (f'return evaluate({ALL})["{graph.loss}"]',))


def _gradients(code: Code) -> FunctionView:
    program = code.program
    items = (f'"{name}": {code.name(gradient)}' for name, gradient in program.gradients.items())
    lines = program.backward
    body = (*code.prelude(lines), *code.earlier(lines), *code.explained(lines), *filled("return ", items, "{}"))
    return FunctionView("gradients", ALL, f"d{program.network.graph.loss}/dp for every parameter p, in one sweep backwards.", body)


def _step(code: Code, rule: Rule) -> FunctionView:
    body = _in_place(code, rule) if rule.sequential else _at_once(code.program, rule)
    summary = SUMMARIES["sequential" if rule.sequential else "simultaneous"]
    return FunctionView(_step_name(rule), f"{ALL}, learning_rate", summary, body)


def _in_place(code: Code, rule: Rule) -> Lines:
    new = code.display(name for name in code.program.parameters if name in dict(rule.steps))
    kept = ("**parameters",) if len(new) < len(code.program.parameters) else ()
    returned = filled("return ", (*kept, *new), "{}")
    return (*code.prelude(rule.lines), *code.earlier(rule.lines), *code.explained(rule.lines), *returned)


def _at_once(program: Program, rule: Rule) -> Lines:
    """Parameters that are not stepped, or with another's gradient, are named; all others are one line."""
    gradient = f"gradient = gradients({ALL})"
    usual = [name for name, source in rule.steps if name == source]
    if len(usual) == len(program.parameters):
        return (gradient, "return {name: parameters[name] - learning_rate*gradient[name] for name in gradient}")
    kept = [name for name in program.parameters if name not in dict(rule.steps)]
    return (
        gradient,
        f"new = dict(parameters)  # not updated: {', '.join(kept)}" if kept else "new = dict(parameters)",
        *_stepped(usual),
        *(_defect(name, source) for name, source in rule.defects),
        "return new",
    )


def _stepped(names: Sequence[str]) -> Lines:
    if len(names) <= FEW_STEPS:
        return tuple(f'new["{name}"] = parameters["{name}"] - learning_rate*gradient["{name}"]' for name in names)
    head = filled("for name in ", (f'"{name}"' for name in names), "()", 5)
    return (*head[:-1], f"{head[-1]}:", "    new[name] = parameters[name] - learning_rate*gradient[name]")


def _defect(name: str, source: str) -> str:
    return f'new["{name}"] = parameters["{name}"] - learning_rate*gradient["{source}"]  # with the gradient of {source}'


def _checks(program: Program) -> Iterator[str]:
    network = program.network
    if not has_data(network):
        yield "if inputs is None or targets is None:"
        yield '    raise ValueError("inputs and targets: the spec holds no data, so both must be given")'
    yield "lengths = {}"
    yield 'parameters = _checked("parameters", initial_parameters() if parameters is None else parameters, lengths)'
    for argument in ("inputs", "targets"):
        given = f"{argument.upper()} if {argument} is None else {argument}"
        name = direct(network, argument)
        if name is None:
            yield f'{argument} = _checked("{argument}", {given}, lengths)'
        else:
            yield f'{argument} = _checked("{argument}", {{"{name}": {given}}}, lengths)["{name}"]'


def _samples(code: Code) -> str:
    network = code.program.network
    return f"len({code.measured(network.batch)})" if network.batch else "1"


def _table(program: Program) -> tuple[str, ...]:
    """The losses and metrics."""
    return tuple(line.name for line in (*program.losses, *program.metrics) if not program.shapes.get(line.name, ()))
