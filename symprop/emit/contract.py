"""The functions that every module of arrays has, as lines of code in the words of its target.

Input: `Code`, a program with its dialect. Output: `FunctionView`s, and the small texts around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from symprop.emit.code import Code
from symprop.emit.helpers import PLAIN
from symprop.emit.identifiers import AMBIGUOUS
from symprop.emit.layout import Lines, filled
from symprop.emit.program import Program, Rule
from symprop.emit.spelling import spelled
from symprop.emit.values import direct, has_data
from symprop.emit.view import FunctionView

FEW_STEPS = 3  # so many parameters are stepped line by line; more of them in a loop
SUMMARIES = {
    "sequential": "One parameter after the other, each gradient with the parameters already updated.",
    "simultaneous": "All at once, every gradient at the old parameters.",
}
ALL = "parameters, inputs, targets"


def lint(names: Mapping[str, str]) -> str:
    """A linter's exception that the document's names need, or nothing."""
    return "# ruff: noqa: E741 (the document's own names)" if any(name in AMBIGUOUS for name in names.values()) else ""


def step_name(rule: Rule) -> str:
    """The function that makes one step of a rule."""
    return f"_step_{re.sub(r'[^0-9A-Za-z_]', '_', rule.name)}"


def contract(code: Code) -> Iterator[FunctionView]:
    """forward, predict, evaluate, loss and gradients."""
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


def step(code: Code, rule: Rule) -> FunctionView:
    """One step of a rule; the given parameters stay as they are."""
    body = _in_place(code, rule) if rule.sequential else _at_once(code.program, rule)
    summary = SUMMARIES["sequential" if rule.sequential else "simultaneous"]
    return FunctionView(step_name(rule), f"{ALL}, learning_rate", summary, body)


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


def checks(program: Program) -> Iterator[str]:
    """The lines of `train` that check shapes."""
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


def table(program: Program) -> tuple[str, ...]:
    """The losses and metrics."""
    return tuple(line.name for line in (*program.losses, *program.metrics) if not program.shapes.get(line.name, ()))
