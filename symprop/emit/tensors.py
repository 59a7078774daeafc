"""Targets on a framework's own arrays: a program's functions as lines of code, gathered into the template's view.

Input: a `Program` and a `Framework`, the data in which such targets differ. Output: a `TensorView` for the framework's template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from symprop.emit.code import Code
from symprop.emit.contract import GIVEN, checks, contract, lint, one_hot, step, step_name
from symprop.emit.facts import facts, quoted
from symprop.emit.floats import record_every, training_of
from symprop.emit.functions import functions_in
from symprop.emit.helpers import Library
from symprop.emit.identifiers import identifiers
from symprop.emit.layout import Lines, filled
from symprop.emit.program import Program
from symprop.emit.values import Arrays, constant_lines, has_data, initial_lines, literals, taken
from symprop.emit.view import FunctionView, RuleView
from symprop.functions import FUNCTIONS
from symprop.terms import Term, names_in

VERSION = 2
WORDS = frozenset(
    ("np", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient", "new")
    + ("name", "sys", "step", "loss", "len", "float", "CONSTANTS", *FUNCTIONS)
)  # what the functions of a module use beside the document's names


@dataclass(frozen=True, slots=True)
class TensorView:
    """One module on a framework's arrays; lines as in `ModuleView`.

    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, precision, source)
    lint           a linter's exception that the document's names need, or ""
    imports        the lines of the imports beside the framework's own
    dtype          the document's floats as the framework names them
    constants      INPUTS, TARGETS, SHAPES, LEARNING_RATE, ...: the document's values
    helpers        the activations and other functions that the equations call
    initial        _initial_values, the document's initial values as NumPy has them
    drawn          whether that function calls NumPy
    contract       forward, predict, evaluate, loss, gradients
    steps, rules   one function for each different update rule, and the table of the rules' names
    likened        whether the functions call _like, which gives a number the parameters' dtype and place
    block          the number of iterations between two looks at the loss
    checks         the lines of `train` that check shapes
    row            ROW, the names of a history row's entries
    single         whether every entry of a row is a single number
    stated         whether the optimiser keeps a state beside the parameters
    batched        whether an iteration takes the samples batch by batch; `batch` are the inputs and targets of one, `few` those
                   of the first batch_size samples
    samples        the number of samples
    replayed       whether many rows are computed again side by side: every entry is a single number, and there are many
    loss           the loss's name
    table          TABLE, the names that the module prints for each recorded iteration; empty: no data, no table
    label          the width of the printed names
    shown          the names of the arrays printed below the table
    """

    version: int
    title: str
    facts: Lines
    lint: str
    imports: Lines
    dtype: str
    constants: Lines
    helpers: tuple[FunctionView, ...]
    initial: FunctionView
    drawn: bool
    contract: tuple[FunctionView, ...]
    steps: tuple[FunctionView, ...]
    rules: tuple[RuleView, ...]
    likened: bool
    block: str
    checks: Lines
    row: Lines
    single: bool
    stated: bool
    batched: bool
    batch: Lines
    few: Lines
    samples: str
    replayed: bool
    loss: str
    table: Lines
    label: str
    shown: Lines


@dataclass(frozen=True, slots=True)
class Framework:
    """One row: what a framework writes differently.

    `arrays` are those of one precision; `lowered` gets a term and the names of the lengths; `dtypes` maps the spec's floats to
    the framework's; `blocks` are the iterations between two looks at the loss, of few weights and of many; `scalars_follow`
    says that a single number takes the dtype of the arrays it meets; `known` are the last arguments of `_checked`, `given`
    is what it gets as the parameters; `to_host` is a line that brings integer classes to where NumPy is; `imports` are the lines
    that some words need.
    """

    library: Library
    arrays: Callable[[str], Arrays]
    words: frozenset[str]
    dtypes: Mapping[str, str]
    precision: str
    blocks: tuple[int, int]
    lowered: Callable[[Term, Collection[str]], Term] = lambda term, lengths: term
    scalars_follow: bool = True
    known: str = "lengths"
    given: str = GIVEN
    to_host: str = ""
    imports: Mapping[str, str] = field(default_factory=dict)


FEW_WEIGHTS = 64  # so few take a microsecond an iteration, and a look at the loss many
BATCHED = 10  # iterations of many steps between two looks
FEW_ENTRIES = 10  # so many numbers are recorded in a compiled loop for nothing
LIKE = "_like({}, parameters)"


def tensor_view(program: Program, framework: Framework) -> TensorView:
    """The view of a program's module; UnsupportedError where it cannot do what the spec asks for."""
    network = program.network
    code = _code(program, framework, _identifiers(program, framework))
    helpers = (*framework.library.helpers(functions_in(program.terms)), *one_hot(program, framework.to_host))
    functions, steps = (*helpers, *contract(code)), tuple(step(code, rule) for rule in program.distinct_rules)
    initial = FunctionView("_initial_values", "seed", *initial_lines(network))
    row = program.row
    single = not any(program.shapes.get(name, ()) for name in row)
    batched = network.training.batch_size is not None
    return TensorView(
        version=VERSION,
        title=quoted(network.title),
        facts=facts(program, framework.precision.format(dtype=network.training.dtype)),
        lint=lint(code.dialect.names),
        imports=tuple(line for word, line in framework.imports.items() if any(word in each for each in _lines(functions + steps))),
        dtype=framework.dtypes[network.training.dtype],
        constants=_constants(program, framework),
        helpers=helpers,
        initial=initial,
        drawn=any("np." in line for line in initial.lines),
        contract=functions[len(helpers) :],
        steps=steps,
        rules=tuple(RuleView(key, step_name(rule)) for key, rule in program.rules.items()),
        likened=code.constant != "{}" and any(_likened(program)),
        block=str(BATCHED if batched else framework.blocks[program.weights > FEW_WEIGHTS]),
        checks=tuple(checks(program, framework.known, framework.given)),
        row=filled("ROW = ", literals(("iteration", *row)), "()", 0),
        single=single,
        stated=bool(program.states),
        batched=batched,
        batch=taken(network, "batch"),
        few=taken(network, ":batch_size"),
        samples=f"len({code.measured(network.batch)})" if network.batch else "1",
        replayed=single and len(row) > FEW_ENTRIES and not batched,
        loss=network.graph.loss,
        table=filled("TABLE = ", literals(program.table), "()", 0) if has_data(network) else (),
        label=str(max(len(name) for name in ("iteration", *row))),
        shown=literals((*program.parameters, *network.graph.outputs)),
    )


def _constants(program: Program, framework: Framework) -> Lines:
    network = program.network
    every = record_every(program, training_of(program))
    return constant_lines(network, every, framework.arrays(network.training.dtype), program.states)


def _identifiers(program: Program, framework: Framework) -> Mapping[str, str]:
    names = identifiers((*program.shapes, *(line.name for line in program.metrics)), WORDS | framework.words)
    return {**names, program.network.training.rate: "learning_rate"}


def _code(program: Program, framework: Framework, names: Mapping[str, str]) -> Code:
    lengths = frozenset(program.network.graph.names("dimension"))
    follows = framework.scalars_follow and not any(program.shapes[name] for name in program.network.graph.names("constant"))
    return Code(
        program,
        replace(framework.library.dialect, names=names),
        lambda term: framework.lowered(term, lengths),
        "{}" if follows else LIKE,
    )


def _likened(program: Program) -> Iterator[bool]:
    """Where `_like` is called."""
    yield bool(program.network.graph.names("constant"))
    yield from (not names_in(term) for term in program.terms)


def _lines(functions: Iterable[FunctionView]) -> Iterator[str]:
    return (line for function in functions for line in function.lines)
