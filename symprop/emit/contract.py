"""The functions that every module of arrays has, as lines of code in the words of its target.

Input: `Code`, a program with its dialect. Output: `FunctionView`s, and the small texts around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from symprop.emit.code import Code
from symprop.emit.helpers import PLAIN
from symprop.emit.identifiers import AMBIGUOUS
from symprop.emit.layout import WIDTH, Lines, filled
from symprop.emit.program import Program, Rule, used_names
from symprop.emit.spelling import MATRIX, spelled
from symprop.emit.values import direct, has_data, literals
from symprop.emit.view import FunctionView
from symprop.functions import FUNCTIONS
from symprop.graph import Graph
from symprop.spec.option_terms import COUNT, GRADIENT
from symprop.terms import Apply, Ref, subterms

FEW_STEPS = 3  # so many parameters are stepped line by line; more of them in a loop
SUMMARIES = {
    "sequential": "One parameter after the other, each gradient with the parameters already updated.",
    "simultaneous": "All at once, every gradient at the old parameters.",
}
ALL = "parameters, inputs, targets"
ROW_FOR_EACH = "{} for integer classes: a row for each, 1 in its place. Other targets stay as they are; train calls this."
GIVEN = "initial_parameters() if parameters is None else parameters"


def lint(names: Mapping[str, str]) -> str:
    """A linter's exception that the document's names need, or nothing."""
    return "# ruff: noqa: E741 (the document's own names)" if any(name in AMBIGUOUS for name in names.values()) else ""


def step_name(rule: Rule) -> str:
    """The function that makes one step of a rule."""
    return f"_step_{re.sub(r'[^0-9A-Za-z_]', '_', rule.name)}"


def contract(code: Code) -> Iterator[FunctionView]:
    """forward, predict, evaluate, loss and gradients; evaluate ends with the document's own quantities."""
    yield _forward(code)
    yield predict(code.program.network.graph)
    yield _evaluate(code)
    yield loss(code.program.network.graph)
    yield _gradients(code)


def _forward(code: Code) -> FunctionView:
    lines = code.program.forward
    body = (*code.prelude(lines), *code.explained(lines), *filled("return ", code.display(line.name for line in lines), "{}"))
    return FunctionView("forward", "parameters, inputs", "Every named quantity up to the outputs, by name.", body)


def predict(graph: Graph) -> FunctionView:
    """The outputs: one array alone, else by name."""
    if not graph.scalar and len(graph.outputs) == 1:
        body: Lines = (f'return forward(parameters, inputs)["{graph.outputs[0]}"]',)
        return FunctionView("predict", "parameters, inputs", f"The output {graph.outputs[0]}.", body)
    returned = filled("return ", (f'"{name}": values["{name}"]' for name in graph.outputs), "{}")
    body = ("values = forward(parameters, inputs)", *returned)
    return FunctionView("predict", "parameters, inputs", "The outputs, by name.", body)


def _evaluate(code: Code) -> FunctionView:
    program = code.program
    lines = (*program.losses, *program.metrics, *program.derived)
    own = tuple(each.name for each in program.network.derived)
    names = (*(line.name for line in (*program.losses, *program.metrics)), *own)
    returned = filled("return ", ("**values", *code.display(names)), "{}")
    rate = tuple(f"{code.name(name)} = LEARNING_RATE" for name in code.named(used_names(lines), "rate"))
    body = (*code.prelude(lines), *rate, *code.earlier(lines, keep=True), *code.explained(lines), *returned)
    beside = "the loss, any metrics and the document's own quantities" if own else "the loss and any metrics"
    return FunctionView("evaluate", ALL, f"The values of forward, with {beside}.", body)


def loss(graph: Graph) -> FunctionView:
    """The loss alone."""
    formula = f"{graph.loss} = {spelled(graph.definitions[graph.loss], PLAIN)}."
    summary = formula if len(formula) <= WIDTH - 10 else f"The loss {graph.loss}; its formula stands at the module's top."
    return FunctionView("loss", ALL, summary, (f'return evaluate({ALL})["{graph.loss}"]',))


def _gradients(code: Code) -> FunctionView:
    program = code.program
    items = (f'"{name}": {code.name(gradient)}' for name, gradient in program.gradients.items())
    lines = program.backward
    body = (*code.prelude(lines), *code.earlier(lines), *code.explained(lines), *filled("return ", items, "{}"))
    return FunctionView("gradients", ALL, f"d{program.network.graph.loss}/dp for every parameter p, in one sweep backwards.", body)


def step(code: Code, rule: Rule) -> FunctionView:
    """One step of a rule; the given parameters stay as they are."""
    body = _in_turn(code, rule) if rule.sequential else _at_once(code, rule)
    summary = SUMMARIES["sequential" if rule.sequential else "simultaneous"]
    return FunctionView(step_name(rule), f"{ALL}, learning_rate", summary, body)


def _in_turn(code: Code, rule: Rule) -> Lines:
    made = {line.name for line in rule.lines}
    new = code.display(name for name in code.program.carried if name in made)
    kept = ("**parameters",) if len(new) < len(code.program.carried) else ()
    returned = filled("return ", (*kept, *new), "{}")
    return (*code.prelude(rule.lines), *code.earlier(rule.lines), *code.explained(rule.lines), *returned)


def _at_once(code: Code, rule: Rule) -> Lines:
    """Parameters that are not stepped, or with another's gradient, are named; all others are one line."""
    program = code.program
    gradient = f"gradient = gradients({ALL})"
    if program.states:
        return (gradient, "new = dict(parameters)", *_moved(code, rule), "return new")
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


def _moved(code: Code, rule: Rule) -> Iterator[str]:
    """The optimiser's row in a loop over the parameters, its states beside them."""
    moves = code.program.moves
    if moves.count:
        yield f'{moves.count} = new["{moves.count}"] = parameters["{moves.count}"] + 1'
    usual = not rule.defects and len(rule.steps) == len(code.program.parameters)
    pairs = filled("for name, source in ", (f'("{name}", "{source}")' for name, source in rule.steps), "()", 5)
    yield from ("for name in gradient:",) if usual else (*pairs[:-1], f"{pairs[-1]}:")
    words = {GRADIENT: f"gradient[{'name' if usual else 'source'}]", COUNT: moves.count, moves.rate: "learning_rate"}
    words |= {state: f'parameters[f"{prefix}_{{name}}"]' for state, prefix in moves.prefixes.items()}
    for state, term in moves.stepping.states.items():
        yield f'    {state} = new[f"{moves.prefixes[state]}_{{name}}"] = {spelled(term, replace(code.dialect, names=words))}'
        words[state] = state
    stride = spelled(moves.stride(moves.stepping.step), replace(code.dialect, names=words), MATRIX)
    yield f"    new[name] = parameters[name] - {stride}"


def _stepped(names: Sequence[str]) -> Lines:
    if len(names) <= FEW_STEPS:
        return tuple(f'new["{name}"] = parameters["{name}"] - learning_rate*gradient["{name}"]' for name in names)
    head = filled("for name in ", literals(names), "()", 5)
    return (*head[:-1], f"{head[-1]}:", "    new[name] = parameters[name] - learning_rate*gradient[name]")


def _defect(name: str, source: str) -> str:
    return f'new["{name}"] = parameters["{name}"] - learning_rate*gradient["{source}"]  # with the gradient of {source}'


def class_target(program: Program) -> tuple[str, int] | None:
    """The one array of targets with a column for each class, and their number, where a loss takes classes."""
    graph = program.network.graph
    name = direct(program.network, "targets")
    calls = [part for line in program.losses for part in subterms(line.term) if isinstance(part, Apply)]
    if not any(FUNCTIONS[part.function].classes and part.arguments[-1] == Ref(name or "") for part in calls):
        return None
    assert name is not None
    *_, count = graph.shape(name)
    return (name, count) if isinstance(count, int) and len(graph.shape(name)) == 2 else None


def one_hot(program: Program, to_host: str = "") -> tuple[FunctionView, ...]:
    """The function that turns integer classes into targets, for a loss that takes them; `to_host` brings them where NumPy is."""
    found = class_target(program)
    if found is None:
        return ()
    name, count = found
    size = str(count) if program.network.training.dtype == "float64" else f"{count}, dtype=np.{program.network.training.dtype}"
    lines = (
        "if np.ndim(classes) != 1:",
        "    return classes",
        *([to_host] if to_host else []),
        f"wrong = np.setdiff1d(classes, range({count}))",
        "if wrong.size:",
        f'    raise ValueError(f"targets {name}: expected classes from 0 to {count - 1}, got {{wrong[0]}}")',
        f"return np.eye({size})[np.asarray(classes, dtype=int)]",
    )
    return (FunctionView("one_hot", "classes", ROW_FOR_EACH.format(name), lines),)


def checks(program: Program, known: str = "lengths", given: str = GIVEN) -> Iterator[str]:
    """The lines of `train` that check shapes; `known` are the last arguments of `_checked`, "" where there are none.

    `given` is what is checked as the parameters. Integer classes become targets through `one_hot`, where the loss takes them.
    """
    network = program.network
    known = f", {known}" if known else ""
    if not has_data(network):
        yield "if inputs is None or targets is None:"
        yield '    raise ValueError("inputs and targets: the spec holds no data, so both must be given")'
    if known:
        yield "lengths = {}"
    if program.states:
        yield f"parameters = _with_state({given})"
        yield f'state = _checked("state", {{name: parameters.pop(name) for name in SHAPES["state"]}}{known})'
        yield f'parameters = {{**_checked("parameters", parameters{known}), **state}}'
    else:
        yield f'parameters = _checked("parameters", {given}{known})'
    for argument in ("inputs", "targets"):
        values = f"{argument.upper()} if {argument} is None else {argument}" if has_data(network) else argument
        name = direct(network, argument)
        if name is None:
            yield f'{argument} = _checked("{argument}", {values}{known})'
        elif argument == "targets" and class_target(program):
            yield f'{argument} = _checked("{argument}", {{"{name}": one_hot({values})}}{known})["{name}"]'
        else:
            yield f'{argument} = _checked("{argument}", {{"{name}": {values}}}{known})["{name}"]'
