"""The network as a picture: columns of units, connections with their weights; the same layout for TikZ and SVG.

Input: a Network and, optionally, printed values. Output: a `Picture` of positions and labels, or None where the equations have
no layers to draw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from symprop.graph import Graph, Network, Value
from symprop.terms import Add, Apply, MatMul, Mul, Neg, Number, Ref, Term, names_in, subterms
from symprop.words import counted

MOST_UNITS = 8  # a longer column is abbreviated by dots
MOST_LABELS = 12  # connections between two columns that can carry their own labels
MOST_VALUES = 4  # connections between two columns whose labels can hold the weight's value too
COLUMN_WIDTH, ROW_HEIGHT = 4.0, 1.7  # cm, the largest distance of columns, and the distance of units
TALL_ROW = 2.0  # cm, where a bias stands above a unit, and a value may stand under the one before
DIGIT = 0.17  # cm of a value's text
UNITS = 1.2  # cm that two units take of the distance of their columns
PICTURE_WIDTH = 14.0  # cm between the first column and the last, at most


@dataclass(frozen=True, slots=True)
class Unit:
    """A circle at (`x`, `y`) in cm: the quantity's name (empty for dots), its index in an array (0: a scalar), its value."""

    name: str
    index: int
    value: Number | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Connection:
    """A line from one unit to another by position in `Picture.units`; `weight` is the parameter's name, empty where unlabelled."""

    source: int
    target: int
    weight: str = ""
    value: Number | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Units and connections; `matrices` are names of weight arrays with the place of their label."""

    units: tuple[Unit, ...]
    connections: tuple[Connection, ...]
    biases: tuple[tuple[int, str], ...]
    matrices: tuple[tuple[str, float, float], ...]
    description: str


def picture_of(network: Network, values: Mapping[str, Value] | None = None, decimal_comma: bool = False) -> Picture | None:
    """The picture of a network, its weights and units labelled with their printed `values`; of an array with its first row."""
    picture = _scalar_picture(network, values or {}) if network.graph.scalar else _array_picture(network, values or {})
    if picture is None or not decimal_comma:
        return picture
    return replace(picture, description=with_commas(picture.description))


def with_commas(words: str) -> str:
    """Numbers in running text with a decimal comma: 0,5 for 0.5."""
    return re.sub(r"(?<=\d)\.(?=\d)", ",", words)


@dataclass(frozen=True, slots=True)
class _Links:
    """What the equations connect: (source, weight, target) and (bias, target), by quantity; a weight of 1 has no name."""

    weighted: tuple[tuple[str, str, str], ...]
    biases: tuple[tuple[str, str], ...]


def _scalar_picture(network: Network, values: Mapping[str, Value]) -> Picture | None:
    graph = network.graph
    links = _links(graph)
    columns = _columns(links)
    if len(columns) < 2 or not _draws_every_input(graph, columns):
        return None
    apart = _column_width(len(columns))
    values = _with_room(graph, values, apart, max(map(len, columns)))
    high = TALL_ROW if links.biases else ROW_HEIGHT
    units: list[Unit] = []
    places: dict[str, int] = {}
    for column, names in enumerate(columns):
        shown = names if len(names) <= MOST_UNITS else [*names[: MOST_UNITS - 2], "", names[-1]]
        for row, name in enumerate(shown):
            places[name] = len(units)
            down = high / 2 if column % 2 and _skips(links, columns) else 0.0
            units.append(Unit(name, 0, _number(values, name), column * apart, _height(row, len(shown), high) - down))
    drawn = [link for link in links.weighted if link[0] in places and link[2] in places]
    most = max(len(left) * len(right) for left, right in pairwise(columns))
    connections = tuple(
        Connection(
            places[source],
            places[target],
            weight if most <= MOST_LABELS else "",
            _number(values, weight) if most <= MOST_VALUES else None,
        )
        for source, weight, target in drawn
    )
    biases = tuple((places[target], bias) for bias, target in links.biases if target in places)
    sizes = "-".join(str(len(names)) for names in columns)
    return Picture(tuple(units), connections, biases, (), _description(sizes, columns, values, connections))


def _with_room(graph: Graph, values: Mapping[str, Value], apart: float, most: int) -> dict[str, Value]:
    """The values without computed ones where those would be clutter.

    So they are where they are too long for columns `apart` cm from each other (then they meet the labels of lines that cross), and
    among the lines of an abbreviated layer.
    """
    computed = {name: value for name, value in values.items() if name in graph.definitions}
    fits = most <= MOST_UNITS and max((_length(value) for value in computed.values()), default=0) * DIGIT < apart - UNITS
    return {name: value for name, value in values.items() if fits or name not in computed}


def _length(value: Value) -> int:
    """Signs of the longest number."""
    return len(value.text) if isinstance(value, Number) else max(map(_length, value), default=0)


def _skips(links: _Links, columns: list[list[str]]) -> bool:
    """Whether a connection passes over a column, whose units must then not stand on its line."""
    at = {name: place for place, column in enumerate(columns) for name in column}
    return any(at[target] - at[source] > 1 for source, _, target in links.weighted)


def _draws_every_input(graph: Graph, columns: list[list[str]]) -> bool:
    """Whether each input that an equation uses is a unit: a picture without it would be wrong."""
    used = {name for term in graph.definitions.values() for name in names_in(term)}
    return used.intersection(graph.names("input")) <= {name for column in columns for name in column}


def _column_width(columns: int) -> float:
    return min(COLUMN_WIDTH, PICTURE_WIDTH / (columns - 1))


def _number(values: Mapping[str, Value], name: str) -> Number | None:
    value = values.get(name)
    return value if isinstance(value, Number) else None


def _height(row: int, rows: int, high: float = ROW_HEIGHT) -> float:
    return (rows - 1) / 2 * high - row * high


def _links(graph: Graph) -> _Links:
    weighted: list[tuple[str, str, str]] = []
    biases: list[tuple[str, str]] = []
    learned = set(graph.names("parameter", "constant"))
    for name in _before_the_outputs(graph):
        target = _unit_of(graph, name)
        for addend in _addends(graph.definitions[name]):
            names = names_in(addend)
            if isinstance(addend, Ref) and addend.name in learned:
                biases.append((addend.name, target))
            elif isinstance(addend, Mul) and len(addend.factors) == 2 == len(names) and len(learned.intersection(names)) == 1:
                source, weight = sorted(names, key=lambda each: each in learned)
                weighted.append((source, weight, target))
            else:
                sources = [_unit_of(graph, each) for each in names if each not in learned]
                weighted += [(source, "", target) for source in sources if source != target]
    return _Links(tuple(dict.fromkeys(weighted)), tuple(biases))


def _before_the_outputs(graph: Graph) -> list[str]:
    """The equations that lead to an output, the outputs' own included, in order."""
    leading = set(graph.outputs)
    for name in reversed(graph.definitions):
        leading |= set(names_in(graph.definitions[name])) if name in leading else set()
    return [name for name in graph.definitions if name in leading]


def _addends(term: Term) -> tuple[Term, ...]:
    """What is added up, before a function is applied to it."""
    while isinstance(term, Apply) and len(term.arguments) == 1:
        term = term.arguments[0]
    if not isinstance(term, Add):
        return (term,)
    return tuple(part for each in term.terms for part in (_addends(each) if isinstance(each, Apply) else (each,)))


def _unit_of(graph: Graph, name: str) -> str:
    """A net input is drawn as the unit that it activates."""
    users = [(user, term) for user, term in graph.definitions.items() if name in names_in(term)]
    activated = len(users) == 1 and isinstance(users[0][1], Apply) and users[0][1].arguments == (Ref(name),)
    return users[0][0] if activated else name


def _columns(links: _Links) -> list[list[str]]:
    depth: dict[str, int] = {}
    for source, _, target in links.weighted:
        depth.setdefault(source, 0)
        depth[target] = max(depth.get(target, 0), depth[source] + 1)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, column in depth.items():
        columns[column].append(name)
    return columns


def _array_picture(network: Network, values: Mapping[str, Value]) -> Picture | None:
    """Columns from the weight matrices, in the order of the products that use them."""
    graph = network.graph
    terms = graph.definitions.items()
    layers = [(name, product) for name, term in terms for product in subterms(term) if isinstance(product, MatMul)]
    learned = graph.names("parameter")
    weights = [each.right.name for _, each in layers if isinstance(each.right, Ref) and each.right.name in learned]
    if not weights or len(weights) != len(layers):
        return None
    first = layers[0][1].left
    names = [_name(first), *(_unit_of(graph, name) for name, _ in layers)]
    widths = [int(graph.shape(weights[0])[0]), *(int(graph.shape(weight)[1]) for weight in weights)]
    apart = _column_width(len(names))
    shown = _with_room(graph, {name: values[name] for name in names if name in values}, apart, max(widths))
    sized = enumerate(zip(names, widths, strict=True))
    columns = [_array_column(name, width, place * apart, shown.get(name)) for place, (name, width) in sized]
    units = [unit for column in columns for unit in column]
    starts = [sum(map(len, columns[:column])) for column in range(len(columns))]
    connections = [
        Connection(starts[column] + source, starts[column + 1] + target)
        for column in range(len(weights))
        for source in range(len(columns[column]))
        for target in range(len(columns[column + 1]))
        if columns[column][source].name and columns[column + 1][target].name
    ]
    tops = [max(unit.y for unit in column) for column in columns]
    heights = [max(pair) + ROW_HEIGHT * 0.4 for pair in pairwise(tops)]
    labels = tuple((weight, (place + 0.5) * apart, heights[place]) for place, weight in enumerate(weights))
    between = ", ".join(f"{weight} between {a} and {b}" for weight, (a, b) in zip(weights, pairwise(names), strict=True))
    description = f"A {'-'.join(map(str, widths))} network: {between}.{_row_in_words(columns)}"
    return Picture(tuple(units), tuple(connections), (), labels, description)


def _name(term: Term) -> str:
    return term.operand.name if isinstance(term, Neg) and isinstance(term.operand, Ref) else names_in(term)[0]


def _array_column(name: str, width: int, x: float, value: Value | None) -> list[Unit]:
    rows = list(range(1, width + 1)) if width <= MOST_UNITS else [*range(1, MOST_UNITS - 1), 0, width]
    numbers = (None, *_first_row(value, width))  # dots have none
    return [Unit(name if index else "", index, numbers[index], x, _height(row, len(rows))) for row, index in enumerate(rows)]


def _first_row(value: Value | None, width: int) -> tuple[Number | None, ...]:
    """What stands under the units of an array's columns: its first example."""
    row = value[0] if isinstance(value, tuple) and value else None
    if not isinstance(row, tuple) or len(row) != width:
        return (None,) * width
    return tuple(each if isinstance(each, Number) else None for each in row)


def _description(sizes: str, columns: list[list[str]], values: Mapping[str, Value], connections: tuple[Connection, ...]) -> str:
    listed = "; ".join(", ".join(_valued(name, _number(values, name)) for name in names) for names in columns)
    return f"A {sizes} network drawn in columns from left to right: {listed}; {counted(len(connections), 'connection')}."


def _row_in_words(columns: list[list[Unit]]) -> str:
    """The numbers under the units, layer by layer."""
    known = [(column[0].name, [unit.value.text for unit in column if unit.value is not None]) for column in columns]
    told = "; ".join(f"{name}: {', '.join(numbers)}" for name, numbers in known if numbers)
    return f" In the first row {told}." if told else ""


def _valued(name: str, value: Number | None) -> str:
    return name if value is None else f"{name} = {value.text}"
