"""Training on single floats, as Python code: the fastest form for tiny networks.

Input: a `Program`. Output: how its module trains, and the functions of the loops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from symprop.emit.code import Code
from symprop.emit.functions import functions_in
from symprop.emit.helpers import FLOAT_HELPERS, FROM_MATH
from symprop.emit.layout import Lines, assignment, filled, stacked
from symprop.emit.loops import Loop, entry_names, loop_of
from symprop.emit.program import Program, used_names
from symprop.emit.values import argument_names, by_name, direct, shape_text
from symprop.emit.view import FunctionView
from symprop.graph import Shape

MOST_WEIGHTS = 64  # beyond this NumPy is as fast, and nobody reads the loop
LINE_COST, NODE_COST = 2500, 14  # nanoseconds: a line of NumPy on tiny arrays; an operation or operand on floats
RECORDED_ROWS = 10  # rows of an array network's history
DOUBLE_RATE = "learning_rate = float(learning_rate)"  # a number of NumPy's in single precision would decide that of all others


Given = tuple[str, str, Shape]  # an array's identifier, the expression that it is, its shape


@dataclass(frozen=True, slots=True)
class Held:
    """How a module holds arrays: an array's entries row by row, the samples as rows of entries, an array of entries."""

    entries: Callable[[str, Shape], str]
    samples: Callable[[Sequence[Given]], str]
    array: Callable[[Sequence[str], Shape], str]


def _numpy_array(entries: Sequence[str], shape: Shape) -> str:
    flat = f"np.array([{', '.join(entries)}])"
    return flat if len(shape) == 1 else f"{flat}.reshape({shape_text(shape)})"


NUMPY = Held(
    entries=lambda source, shape: f"{source}.ravel().tolist()",
    samples=lambda given: f"np.column_stack([{', '.join(source for _, source, _ in given)}]).tolist()",
    array=_numpy_array,
)


@dataclass(frozen=True)
class Training:
    """How a module trains: `kind` as in the view, the loop of the document's update, for how many samples it is the faster way."""

    kind: str
    loop: Loop | None = None
    sample_limit: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in the loop."""
        return self.loop.names if self.loop else ()

    @property
    def from_math(self) -> tuple[str, ...]:
        """The functions of `math` that the loop calls by their own names."""
        used = (*self.functions, *(("exp", "log") if self.helpers else ()))
        return tuple(name for name in FROM_MATH if name in used)

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The functions of the table that the loop calls."""
        return functions_in(line.term for line in self.loop.lines) if self.loop else ()

    @cached_property
    def helpers(self) -> tuple[FunctionView, ...]:
        """The functions that the loop needs and `math` does not have."""
        return tuple(FLOAT_HELPERS[name] for name in self.functions if name in FLOAT_HELPERS)


def training_of(program: Program) -> Training:
    """How the modules of this program train; a loop on floats serves the document's update, every other one goes through `step`."""
    rule, training = program.rules["document"], program.network.training
    floats = training.dtype == "float64" and training.batch_size is None  # Python's floats are doubles
    if program.single:
        return Training("floats", loop_of(program, rule, recorded=True)) if floats else Training("steps")
    loop = loop_of(program, rule, recorded=False) if floats and program.weights <= MOST_WEIGHTS else None
    if loop is None:
        return Training("steps")
    lines = len(program.forward) + len(program.backward) + len(program.parameters)
    limit = LINE_COST * lines // (NODE_COST * max(loop.cost, 1))
    return Training("samples", loop, limit) if limit else Training("steps")


def record_every(program: Program, training: Training) -> int:
    """Every iteration where the loop records for nothing, else a few rows."""
    return 1 if training.kind == "floats" else max(1, program.network.training.iterations // RECORDED_ROWS)


def loop_function(code: Code, training: Training) -> tuple[FunctionView, ...]:
    """The loop as the module's function, where there is one."""
    if training.loop is None:
        return ()
    written = float_loop(code, training.loop) if training.kind == "floats" else sample_loop(code, training.loop)
    return (*training.helpers, written)


def float_loop(code: Code, loop: Loop, first: Lines = ()) -> FunctionView:
    """Forward, losses, gradients and steps in turn on single floats, with a history row where one is due."""
    program, graph = code.program, code.program.network.graph
    row = filled("rows.append(", ("iteration", *map(code.name, program.row)), "()", 13)
    body = (
        *first,
        *code.unpack(program.carried, "parameters", "float({})"),
        *code.unpack(graph.names("input"), "inputs", "float({})"),
        *code.unpack(graph.names("target"), "targets", "float({})"),
        *code.unpack(graph.names("constant"), "CONSTANTS"),
        DOUBLE_RATE,
        "rows = []",
        "for iteration in block:",
        *_indented(code.lines(loop.lines, 8)),
        "    if iteration in due:",
        *_indented((*row[:-1], f"{row[-1]})"), 8),
        *_returned(filled("return ", code.display(program.carried), "{}")),
    )
    summary = "forward, loss, gradients and step on single floats; a row is recorded for every iteration that is due."
    return FunctionView("_loop", "parameters, block, due, inputs, targets, learning_rate", summary, body)


def _returned(lines: Lines) -> Lines:
    return (*lines[:-1], f"{lines[-1]}, rows")


def sample_loop(code: Code, loop: Loop, held: Held = NUMPY, first: Lines = ()) -> FunctionView:
    """The same on the entries of arrays, sample by sample; gradients are added up over the samples."""
    program = code.program
    body = (
        *first,
        *(line for name in program.carried for line in _entries(code, held, name, f'parameters["{name}"]')),
        *_arguments(code, held, loop),
        DOUBLE_RATE,
        "for _ in block:",
        *_indented((*_zeroed(code, loop), *code.lines(loop.before, 8), *_samples(code, loop), *code.lines(loop.after, 8))),
        *stacked("return ", by_name((each, _array(code, held, each)) for each in program.carried), "{}"),
    )
    summary = "forward, gradients and step on single floats, sample by sample: on tiny arrays faster than NumPy."
    return FunctionView("_loop", "parameters, inputs, targets, learning_rate, block", summary, body)


def _entries(code: Code, held: Held, name: str, source: str) -> Lines:
    names = [code.name(entry) for entry in entry_names(code.program, name)]
    shape = code.program.shapes[name]
    if not shape:
        return (f"{names[0]} = float({source})",)
    right = f" = {held.entries(source, shape)}"
    left = filled("", names, "()", 4 + len(right))
    return (*left[:-1], left[-1] + right)


def _arguments(code: Code, held: Held, loop: Loop) -> Lines:
    """The samples as lists of floats; inputs, targets and constants without a row for each sample entry by entry."""
    network = code.program.network
    rows: list[Given] = []
    lines: list[str] = []
    for argument in ("inputs", "targets"):
        for name in argument_names(network, argument):
            source = argument if direct(network, argument) else f'{argument}["{name}"]'
            if network.batch in network.graph.shape(name):
                rows.append((code.name(name), source, network.graph.shape(name)))
            else:
                lines += _entries(code, held, name, source)
    for name in network.graph.names("constant"):
        lines += _entries(code, held, name, f'CONSTANTS["{name}"]')
    if rows:
        lines += assignment("samples", held.samples(rows))
    lengths = code.named(used_names(loop.lines), "dimension")
    return (*lines, *(f"{code.name(length)} = len(samples)" for length in lengths))


def _zeroed(code: Code, loop: Loop) -> Lines:
    names = [code.name(name) for name in loop.sums]
    if len(names) < 2:
        return tuple(f"{name} = 0.0" for name in names)
    left = filled("", names, "()", 8)
    return (*left[:-1], f"{left[-1]} = [0.0]*{len(names)}")


def _samples(code: Code, loop: Loop) -> Lines:
    if not loop.inner:
        return ()
    names = [code.name(name) for name in loop.sample]
    head = f"for {', '.join(names) if len(names) > 1 else f'({names[0]},)'} in samples:"
    inner: list[str] = []
    for line in loop.inner:
        statement = code.lines((line,), 12)
        summed = line.name in loop.sums
        inner += [statement[0].replace(" = ", " += ", 1), *statement[1:]] if summed else statement
    return (head, *_indented(inner))


def _array(code: Code, held: Held, name: str) -> str:
    shape = code.program.shapes[name]
    names = [code.name(entry) for entry in entry_names(code.program, name)]
    return held.array(names, shape) if shape else names[0]


def _indented(lines: Sequence[str], by: int = 4) -> Lines:
    return tuple(f"{' ' * by}{line}" for line in lines)
