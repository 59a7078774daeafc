"""The target of plain Python: floats, nested lists of them, and the standard library.

Input: a `Program`. Output: a `PlainView` for `network_python.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symprop.emit.contract import ALL, ROW_FOR_EACH, SUMMARIES, checks, class_target, contract, lint, step, step_name
from symprop.emit.facts import facts, labelled, quoted
from symprop.emit.floats import Training, record_every, training_of
from symprop.emit.functions import form, functions_in
from symprop.emit.helpers import FLOAT_FUNCTIONS, FROM_MATH, Library, helper
from symprop.emit.identifiers import identifiers
from symprop.emit.kernels.numbers import uses_gradients
from symprop.emit.layout import Lines, filled, stacked, unpacked
from symprop.emit.lists import Entries, ListCode, row_helper
from symprop.emit.nests import LETTERS
from symprop.emit.program import Program, Rule
from symprop.emit.python_loop import loop_function
from symprop.emit.spelling import POWER, SUM, spelled
from symprop.emit.values import Arrays, by_name, constant_lines, has_data, literals, number_text, taken
from symprop.emit.view import FunctionView, RuleView
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Draw, Network, Shape
from symprop.spec.option_terms import draw_arguments
from symprop.spec.options import INITIALIZERS

VERSION = 2
WORDS = frozenset(
    ("math", "random", "forward", "evaluate", "gradients", "parameters", "inputs", "targets", "learning_rate", "values", "gradient")
    + ("new", "name", "source", "float", "len", "range", "zip", "max", "min", "abs", "sum", *FROM_MATH, *LETTERS, *FUNCTIONS)
    + ("block", "due", "iteration", "rows", "samples", "row", "entry", "one_hot", "CONSTANTS")
)  # what the functions of a module use beside the document's names
CALLS: Mapping[str, str] = {
    **FLOAT_FUNCTIONS,
    **{name: f"math.{name}({{}})" for name in ("expm1", "log", "log1p", "sqrt", "sinh", "cosh", "tanh")},
    "pi": "math.pi",
    "exp": "exp({})",
    "logsumexp": "logsumexp({*})",
}
DIALECT = Entries(CALLS, between="][", single="{}")
WRITTEN: Mapping[str, FunctionView] = {
    "exp": FunctionView(
        "exp",
        "z",
        "e**z, infinite where Python's own raises OverflowError.",
        ("try:", "    return math.exp(z)", "except OverflowError:", "    return math.inf"),
    ),
    "logsumexp": FunctionView(
        "logsumexp",
        "*z",
        "log(exp(z1) + exp(z2) + ...), from the largest z, so that nothing overflows.",
        ("largest = max(z)", "return largest + math.log(sum(exp(each - largest) for each in z))"),
    ),
}
LISTS = Arrays(single="{}", array="{}", zeros="_filled({}, 0.0)", full="_filled({}, {})")
DRAWS: Mapping[str, str] = {
    "uniform": "source.uniform({0}, {1})",
    "normal": "source.gauss({0}, {1})",
    "legacy": "source.random()*{0}",
    "none": "{0}",
}
OTHER = "by Python's own generator, {} other than those of NumPy's"
BLOCKS: Mapping[str, int] = {"floats": 1000, "samples": 1000, "steps": 100}  # iterations between two looks at the loss


@dataclass(frozen=True, slots=True)
class PlainView:
    """One module of plain Python; lines as in `ModuleView`.

    title, facts   the docstring: its first line, and the lines below (loss, updates, rate, kinks, draws, source)
    lint           a linter's exception that the document's names need, or ""
    constants      INPUTS, TARGETS, SHAPES, LEARNING_RATE, ...: the document's values
    filled         whether _filled is called
    helpers        the activations and other functions that the equations call
    functions      initial_parameters, forward, predict, evaluate, loss, gradients
    drawn          whether initial_parameters draws numbers; `legacy`: as NumPy's older generator does
    steps, rules   one function for each different update rule, and the table of the rules' names
    kind           how training runs: "floats" (a loop on single floats, which also records), "samples" (a loop on the entries of
                   lists) or "steps" (`step`)
    loop           the function of that loop for the document's update; `fast` is the condition under which an update is that one
    checks         the lines of `train` that check shapes
    stated         whether the optimiser keeps a state beside the parameters
    batched        whether an iteration takes the samples batch by batch; `batch` are the inputs and targets of one
    samples        the number of samples
    block, row, table, label, shown, loss, single    as in `TensorView`
    """

    version: int
    title: str
    facts: Lines
    lint: str
    constants: Lines
    filled: bool
    helpers: tuple[FunctionView, ...]
    functions: tuple[FunctionView, ...]
    drawn: bool
    legacy: bool
    steps: tuple[FunctionView, ...]
    rules: tuple[RuleView, ...]
    kind: str
    loop: tuple[FunctionView, ...]
    fast: str
    checks: Lines
    stated: bool
    batched: bool
    batch: Lines
    samples: str
    block: str
    row: Lines
    table: Lines
    label: str
    shown: Lines
    loss: str
    single: bool


def module_view(program: Program) -> PlainView:
    """The view of the module of a program; UnsupportedError where Python's floats cannot do what the spec asks for."""
    network = program.network
    _require_doubles(network)
    training = training_of(program)
    names = _identifiers(program, training)
    code = ListCode(program, replace(DIALECT, names=names))
    constants = constant_lines(network, record_every(program, training), LISTS, program.states)
    loop = loop_function(program, training, names)
    initial = _initial_parameters(network)
    row = ("iteration", *program.row)
    return PlainView(
        version=VERSION,
        title=quoted(network.title),
        facts=(*facts(program), *_other_numbers(network)),
        lint=lint(names),
        constants=constants,
        filled=any("_filled(" in line for line in (*constants, *initial.lines)) or bool(program.states),
        helpers=tuple(_helpers(program, training)),
        functions=(initial, *contract(code), *_one_hot(program)),
        drawn=any(" random." in line or "_legacy(" in line for line in initial.lines),
        legacy=any("_legacy(" in line for line in initial.lines),
        steps=tuple(_step(code, rule) for rule in program.distinct_rules),
        rules=tuple(RuleView(key, step_name(rule)) for key, rule in program.rules.items()),
        kind=training.kind if loop else "steps",
        loop=(loop,) if loop else (),
        fast=_fast(program),
        checks=tuple(checks(program)),
        stated=bool(program.states),
        batched=network.training.batch_size is not None,
        batch=taken(network, "batch", "[{}[place] for place in {}]"),
        samples=f"len({code.measured(network.batch)})" if network.batch else "1",
        block=str(BLOCKS[training.kind if loop else "steps"]),
        row=filled("ROW = ", literals(row), "()", 0),
        table=filled("TABLE = ", literals(program.table), "()", 0) if has_data(network) else (),
        label=str(max(map(len, row))),
        shown=literals((*program.parameters, *network.graph.outputs)),
        loss=network.graph.loss,
        single=not any(program.shapes.get(name, ()) for name in program.row),
    )


def _one_hot(program: Program) -> Iterator[FunctionView]:
    """The function that turns integer classes into targets, for a loss that takes them."""
    found = class_target(program)
    if found is None:
        return
    name, count = found
    lines = (
        'if not hasattr(classes, "__len__") or any(hasattr(each, "__len__") for each in classes):',
        "    return classes",
        f"wrong = sorted({{*classes}} - {{*range({count})}})",
        "if wrong:",
        f'    raise ValueError(f"targets {name}: expected classes from 0 to {count - 1}, got {{wrong[0]}}")',
        f"return [[float(each == place) for place in range({count})] for each in classes]",
    )
    yield FunctionView("one_hot", "classes", ROW_FOR_EACH.format(name), lines)


def _require_doubles(network: Network) -> None:
    given = network.training.dtype
    if given != "float64":
        hint = "leave it out, or take another target: numpy, numba, c, jax and torch have both"
        raise UnsupportedError(f"{network.id}: training.dtype: expected 'float64', all that Python has, got '{given}'; {hint}")


def _identifiers(program: Program, training: Training) -> Mapping[str, str]:
    names = identifiers((*program.shapes, *(line.name for line in program.metrics), *training.names), WORDS)
    return {**names, program.network.training.rate: "learning_rate"}


def _fast(program: Program) -> str:
    """The condition under which an update is the document's; "" where every update is."""
    if len(program.distinct_rules) == 1:
        return ""
    return " or ".join(f'update == "{key}"' for key, rule in program.rules.items() if rule is program.rules["document"])


def _helpers(program: Program, training: Training) -> Iterator[FunctionView]:
    """The functions that the equations call, each behind those that it calls itself, then what the loop calls beside them."""
    called = functions_in(program.terms)
    for name in (*called, *(name for name in training.functions if name in WRITTEN and name not in (*called, "exp"))):
        if name in WRITTEN:
            yield WRITTEN[name]
        elif name in CALLS or form(name) is None:
            continue
        elif FUNCTIONS[name].rowwise:
            yield row_helper(name, DIALECT)
        else:
            yield helper(name, Library(DIALECT, {}))


def _step(code: ListCode, rule: Rule) -> FunctionView:
    """One step of a rule; where parameters are lists, entry by entry."""
    program = code.program
    if rule.sequential or not any(program.shapes[name] for name in program.parameters):
        return step(code, rule)
    if not uses_gradients(program, rule):
        return replace(step(code, replace(rule, sequential=True)), summary=SUMMARIES["simultaneous"])
    lines = rule.lines[len(program.backward) :]
    gradients = {name: code.name(gradient) for name, gradient in program.gradients.items()}
    body = (
        f"gradient = gradients({ALL})",
        *unpacked(list(gradients.values()), [f'gradient["{name}"]' for name in gradients]),
        *code.unpack(program.carried, "parameters"),
        *code.lines(lines),
        *filled("return ", code.display(program.carried), "{}"),
    )
    return FunctionView(step_name(rule), f"{ALL}, learning_rate", SUMMARIES["simultaneous"], body)


def _drawn(network: Network) -> Mapping[str, str]:
    """How each parameter that is drawn is drawn."""
    return {name: INITIALIZERS[given.initializer].draw for name, given in network.initial.items() if isinstance(given, Draw)}


def _other_numbers(network: Network) -> list[str]:
    """The facts about numbers that are not those of NumPy."""
    drawn = not {"uniform", "normal"}.isdisjoint(_drawn(network).values())
    draws = labelled("Draws", OTHER.format("numbers")) if drawn else []
    return [*draws, *(labelled("Order", OTHER.format("batches")) if network.training.batch_size is not None else [])]


def _initial_parameters(network: Network) -> FunctionView:
    items = by_name((name, _initial(network, name)) for name in network.graph.names("parameter"))
    returned, drawn = stacked("return ", items, "{}"), set(_drawn(network).values())
    if not drawn.intersection(("uniform", "normal", "legacy")):
        summary = "The document's initial values; they are given, so the seed is not used."
        return FunctionView("initial_parameters", "seed=None", summary, returned)
    seed = network.training.seed
    usual = "another draw in every call" if seed is None else f"the document's seed, {seed}"
    chosen = "seed" if seed is None else f"{seed} if seed is None else seed"
    made = "_legacy" if "legacy" in drawn else "random.Random"
    body = (f"source = {made}({chosen})", *returned)
    return FunctionView("initial_parameters", "seed=None", f"Drawn parameter by parameter after one seed; None: {usual}.", body)


def _initial(network: Network, name: str) -> str:
    given, shape = network.initial[name], network.graph.shape(name)
    if not isinstance(given, Draw):
        return number_text(given.value, LISTS)
    call = DRAWS[INITIALIZERS[given.initializer].draw]
    above = POWER if call.endswith("*{0}") else SUM
    text = call.format(*(spelled(term, DIALECT, above) for term in draw_arguments(given))).removesuffix("*1")
    return _listed(text, shape)


def _listed(text: str, shape: Shape) -> str:
    for length in reversed(shape):
        text = f"[{text} for _ in range({length})]"
    return text
