"""What a module's docstring states: loss, update rules, rate, optimiser, batches, precision, conventions at kinks, source.

Input: a `Program`. Output: lines of text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from symprop.emit.functions import called, without_identity
from symprop.emit.helpers import PLAIN
from symprop.emit.layout import WIDTH, Lines
from symprop.emit.program import Program, Rule
from symprop.emit.spelling import MATRIX, decimal, spelled
from symprop.functions import FUNCTIONS
from symprop.spec.option_terms import COUNT
from symprop.spec.options import OPTIMIZERS
from symprop.words import counted

LABEL = 10


def facts(program: Program, precision: str = "") -> Lines:
    """The docstring below its title, a label before each fact; `precision` is what the target has to say of its floats."""
    return tuple(line for label, text in _facts(program, precision) for line in labelled(label, text))


def labelled(label: str, text: str) -> list[str]:
    """A fact with its label before the first of its lines."""
    lines = textwrap.wrap(quoted(text), WIDTH - LABEL, break_long_words=False, break_on_hyphens=False)
    return [f"{label if place == 0 else '':<{LABEL}}{line}".rstrip() for place, line in enumerate(lines)]


def quoted(text: str) -> str:
    """A text that can stand inside a docstring."""
    return " ".join(text.replace("\\", "\\\\").replace('"""', "'''").split())


def _facts(program: Program, precision: str) -> Iterator[tuple[str, str]]:
    network = program.network
    for place, line in enumerate(program.losses):
        yield ("" if place else "Loss"), f"{line.name} = {spelled(without_identity(network.graph.definitions[line.name]), PLAIN)}"
    for place, rule in enumerate(program.distinct_rules):
        keys = [key for key, other in program.rules.items() if other is rule]
        notes = [network.updates[key].note for key in keys if key in network.updates and network.updates[key].note]
        yield ("" if place else "Updates"), ". ".join((f"{', '.join(keys)}: {rule_summary(program, rule)}", *notes))
    training = network.training
    yield "Rate", f"{training.rate} = {decimal(training.learning_rate)}, {counted(training.iterations, 'iteration')}"
    yield from _settings(program, precision)
    used = {name for line in (*program.forward, *program.losses) for name in called(line.term)}
    rows = [row for name, row in FUNCTIONS.items() if name in used]
    for label, texts in {"Kinks": [row.kink for row in rows if row.kink], "Forms": [row.form for row in rows if row.form]}.items():
        if texts:
            yield label, "; ".join(texts)
    if any(line.number for line in program.forward):
        yield "Numbers", "eq. 5 beside a line is equation (5) of the worksheet"
    if network.source:
        yield "Source", network.source


def _settings(program: Program, precision: str) -> Iterator[tuple[str, str]]:
    """What else the training keeps to, where it is not the usual."""
    training = program.network.training
    if not OPTIMIZERS[training.optimizer].plain:
        yield from _optimiser(program)
    if training.batch_size is not None:
        each = "a step with each; an iteration takes every sample once"
        yield "Batches", f"{training.batch_size} samples in a drawn order, {each}"
    if precision or training.dtype != "float64":
        yield "Precision", precision or training.dtype


def _optimiser(program: Program) -> Iterator[tuple[str, str]]:
    """The row in words of its own: `gradient` is dE/dp."""
    moves = program.moves
    dialect = replace(PLAIN, names={moves.rate: "learning_rate"})
    number = f", {COUNT} is the number of the update" if moves.count else ""
    kept = " and ".join(moves.stepping.states)
    yield "Optimiser", f"{program.network.training.optimizer}, for each parameter p; at first {kept} = 0{number}"
    for state, term in moves.stepping.states.items():
        yield "", f"{state} = {spelled(term, dialect)}"
    yield "", f"p = p - {spelled(moves.stride(moves.stepping.step), dialect, MATRIX)}"


def rule_summary(program: Program, rule: Rule) -> str:
    """How a rule steps, in words; a document's defects by name."""
    order = [parameter for parameter, _ in rule.steps]
    if rule.sequential:
        text = f"in place, in the order {', '.join(order)}, each gradient with the parameters already updated"
    elif len(order) < len(program.parameters):
        missing = [name for name in program.parameters if name not in order]
        text = f"every gradient at the old parameters; {', '.join(missing)} not updated"
    elif not OPTIMIZERS[program.network.training.optimizer].plain:
        text = "every parameter steps as the optimiser says, every gradient at the old parameters"
    else:
        text = "every parameter p steps to p - learning_rate*dE/dp, every gradient at the old parameters"
    defects = [f"{parameter} is stepped with the gradient of {source}" for parameter, source in rule.defects]
    return "; ".join([text, *defects])
