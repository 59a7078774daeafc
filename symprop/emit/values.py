"""The document's numbers as code: data, constants, initial parameters, shapes.

Input: a Network. Output: lines of code; every number is the nearest double's shortest text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

from symprop.emit.helpers import numpy_dialect
from symprop.emit.layout import WIDTH, Lines, filled, stacked
from symprop.emit.spelling import POWER, SUM, decimal, real, spelled
from symprop.graph import Draw, Network, Shape, Value, shape_of_value
from symprop.spec.option_terms import draw_arguments
from symprop.spec.options import INITIALIZERS
from symprop.terms import Number

SHORT = 24  # so short items share their lines
UNIFORM = 4  # so many equal numbers are written once


@dataclass(frozen=True, slots=True)
class Arrays:
    """How a target writes a single number, an array of nested lists, and one of a shape with one number throughout."""

    single: str = "{}"
    array: str = "np.array({}, dtype=float)"
    zeros: str = "np.zeros({})"
    full: str = "np.full({}, {})"


NUMPY = Arrays()
SOURCES: Mapping[tuple[str, ...], str] = {
    ("uniform", "normal"): "random = np.random.default_rng({})",
    ("legacy",): "legacy = np.random.RandomState({})",
}
DRAWS: Mapping[str, tuple[str, str]] = {  # of an array, and of a single number
    "uniform": ("random.uniform({0}, {1}, {shape})", "random.uniform({0}, {1})"),
    "normal": ("random.normal({0}, {1}, {shape})", "random.normal({0}, {1})"),
    "legacy": ("legacy.random_sample({shape})*{0}", "legacy.random_sample()*{0}"),
    "none": ("np.full({shape}, {0}, float)", "float({0})"),
}
DRAWING = replace(numpy_dialect({}), constants={})  # what is drawn is rounded anyway


def numpy_arrays(dtype: str, single: bool = False) -> Arrays:
    """NumPy's arrays of one precision, and single numbers of it where that is asked for."""
    if dtype == "float64":
        return NUMPY
    word = f"np.{dtype}"
    one = f"{word}({{}})" if single else "{}"
    return Arrays(one, f"np.array({{}}, dtype={word})", f"np.zeros({{}}, {word})", f"np.full({{}}, {{}}, {word})")


def number_text(value: Value, arrays: Arrays = NUMPY) -> str:
    """A scalar as a float, an array as nested lists with its integers short, or by its one number."""
    if isinstance(value, Number):
        return arrays.single.format(real(value))
    if not _uniform(value):
        return arrays.array.format(_nested(value))
    (number,), shape = set(_flat(value)), shape_text(shape_of_value(value))
    return arrays.full.format(shape, real(number)) if number.value else arrays.zeros.format(shape)


def array_lines(head: str, value: Value, arrays: Arrays = NUMPY) -> Lines:
    """`head` and an array at the module's top, row by row where one line is too short."""
    text = number_text(value, arrays)
    if len(head) + len(text) <= WIDTH or isinstance(value, Number) or _uniform(value):
        return (head + text,)
    before, after = arrays.array.split("{}")
    lines = stacked(head + before, [_nested(row) for row in value], "[]", len(after))
    return (*lines[:-1], lines[-1] + after)


def _uniform(value: Value) -> bool:
    return prod(shape_of_value(value)) >= UNIFORM and len(set(_flat(value))) == 1


def _flat(value: Value) -> Iterator[Number]:
    if isinstance(value, Number):
        yield value
    else:
        for part in value:
            yield from _flat(part)


def _nested(value: Value) -> str:
    return decimal(value) if isinstance(value, Number) else f"[{', '.join(map(_nested, value))}]"


def direct(network: Network, argument: str) -> str | None:
    """The one array that an argument is, where it is not a dict by name: array networks with one input, or one target."""
    names = argument_names(network, argument)
    return names[0] if len(names) == 1 and not network.graph.scalar else None


def constant_lines(network: Network, record_every: int, arrays: Arrays = NUMPY, states: Mapping[str, Shape] | None = None) -> Lines:
    """The document's values at the module's top; `states` are the optimiser's, where the module keeps them."""
    return (*data_lines(network, arrays), *shape_lines(network, states or {}), *setting_lines(network, record_every))


def setting_lines(network: Network, record_every: int) -> Lines:
    """How the document trains."""
    training = network.training
    batches = () if training.batch_size is None else (f"BATCH_SIZE = {training.batch_size}", f"SEED = {training.seed or 0}")
    return (
        f"LEARNING_RATE = {real(training.learning_rate)}  # {training.rate}",
        f"ITERATIONS = {training.iterations}",
        *batches,
        f"RECORD_EVERY = {record_every}",
    )


def data_lines(network: Network, arrays: Arrays = NUMPY) -> Lines:
    """The document's inputs, targets and constants."""
    return (*_all_data(network, arrays), *_fixed_lines(network, arrays))


def _all_data(network: Network, arrays: Arrays) -> Lines:
    names = network.graph.names("input", "target")
    if names and not any(name in network.data for name in names):
        return ("INPUTS = TARGETS = None  # the spec holds no data",)
    return (*_data_lines(network, "INPUTS", arrays), *_data_lines(network, "TARGETS", arrays))


def _fixed_lines(network: Network, arrays: Arrays) -> Lines:
    names = network.graph.names("constant")
    items = by_name((name, number_text(network.data[name], arrays)) for name in names)
    return stacked("CONSTANTS = ", items, "{}", 0) if names else ()


def _data_lines(network: Network, constant: str, arrays: Arrays) -> Lines:
    """`INPUTS = ...`: an array, or a dict by name; None where the spec holds no data."""
    names = argument_names(network, constant.lower())
    if any(name not in network.data for name in names):
        return (f"{constant} = None  # the spec holds no data",)
    one = direct(network, constant.lower())
    if one is not None:
        return array_lines(f"{constant} = ", network.data[one], arrays)
    return stacked(f"{constant} = ", by_name((name, number_text(network.data[name], arrays)) for name in names), "{}", 0)


def argument_names(network: Network, argument: str) -> tuple[str, ...]:
    """The names of the inputs, or of the targets."""
    return network.graph.names("input") if argument == "inputs" else network.graph.names("target")


def taken(network: Network, places: str, form: str = "{}[{}]") -> Lines:
    """The inputs and the targets at some places of the samples; what has no samples stays whole."""
    return tuple(_taken(network, argument, places, form) for argument in ("inputs", "targets"))


def _taken(network: Network, argument: str, places: str, form: str) -> str:
    name = direct(network, argument)
    if name is not None:
        return form.format(argument, places) if network.batch in network.graph.shape(name) else argument
    value = f'{form.format("value", places)} if SHAPES["{argument}"][name][:1] == ("{network.batch}",) else value'
    return f"{{name: {value} for name, value in {argument}.items()}}"


def literals(names: Iterable[str]) -> tuple[str, ...]:
    """Names as texts of the language."""
    return tuple(f'"{name}"' for name in names)


def by_name(items: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The items of a dict display."""
    return tuple(f'"{name}": {text}' for name, text in items)


def has_data(network: Network) -> bool:
    """Whether the spec gives every input and target."""
    return all(name in network.data for name in network.graph.names("input", "target"))


def shape_lines(network: Network, states: Mapping[str, Shape]) -> Lines:
    """`SHAPES = {...}`, by argument and name; a letter is a length of any size."""
    graph = network.graph
    groups = {
        "parameters": {name: graph.shape(name) for name in graph.names("parameter")},
        **({"state": states} if states else {}),
        "inputs": {name: graph.shape(name) for name in graph.names("input")},
        "targets": {name: graph.shape(name) for name in graph.names("target")},
    }
    lines: list[str] = ["SHAPES = {"]
    for argument, shapes in groups.items():
        items = by_name((name, shape_text(shape)) for name, shape in shapes.items())
        lines += [f"    {line}" for line in _with_comma(filled(f'"{argument}": ', items, "{}", 5))]
    return (*lines, "}")


def shape_text(shape: Shape) -> str:
    """A shape as a tuple display; symbolic lengths are strings."""
    lengths = [f'"{length}"' if isinstance(length, str) else str(length) for length in shape]
    return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"


def _with_comma(lines: Lines) -> Lines:
    return (*lines[:-1], f"{lines[-1]},")


def initial_lines(network: Network, dtype: str = "float64") -> tuple[str, Lines]:
    """The summary and body of `initial_parameters`; draws come in the order of the parameters, after one seed."""
    items = by_name((name, _initial(network, name, dtype)) for name in network.graph.names("parameter"))
    draws = {INITIALIZERS[given.initializer].draw for given in network.initial.values() if isinstance(given, Draw)}
    returned = (filled if max(map(len, items)) <= SHORT else stacked)("return ", items, "{}")
    sources = tuple(source for kinds, source in SOURCES.items() if draws.intersection(kinds))
    if not sources:
        return "The document's initial values; they are given, so the seed is not used.", returned
    seed = network.training.seed
    usual = "another draw in every call" if seed is None else f"the document's seed, {seed}"
    chosen = "seed" if seed is None else f"{seed} if seed is None else seed"
    return f"Drawn parameter by parameter after one seed; None: {usual}.", (*(line.format(chosen) for line in sources), *returned)


def _initial(network: Network, name: str, dtype: str) -> str:
    given = network.initial[name]
    if isinstance(given, Draw):
        return _drawn(given, network.graph.shape(name), dtype)
    return number_text(given.value, numpy_arrays(dtype, single=dtype != "float64"))


def _drawn(draw: Draw, shape: Shape, dtype: str) -> str:
    call = DRAWS[INITIALIZERS[draw.initializer].draw][not shape]
    above = POWER if call.endswith("*{0}") else SUM
    arguments = [spelled(term, DRAWING, above) for term in draw_arguments(draw)]
    text = call.format(*arguments, shape=shape_text(shape)).removesuffix("*1")
    return text if dtype == "float64" else f"np.{dtype}({text})"
