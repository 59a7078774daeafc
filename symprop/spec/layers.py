"""Reading `[network]` and `[[layers]]`: every unit, weight and bias gets its name.

Input: the spec's tables and its leaves. Output: `Layer`s with all names decided; `symprop.spec.layered` writes them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from symprop.errors import suggestion
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.spec.names import a_name
from symprop.spec.problems import Problems, Unexpected, meant
from symprop.spec.tables import Table, a_count, a_list_of, a_text, one_of
from symprop.terms import Shape
from symprop.words import counted

LAYER_KEYS = ("units", "size", "activation", "net", "output", "weights", "weights_by", "bias", "biases")
FIELD = re.compile(r"\{([^{}]*)\}")
LARGEST_SIZE = 1_000_000  # units of a layer
MOST_SYMBOLS = 100_000  # weights of a layer in the scalar style
UNSETTLED = ("u1",)  # stands for the units or biases of a layer whose size or kind of bias could not be read
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "identity": ("linear", "none", "id", "lin", "purelin"),
    "sigmoid": ("logistic", "sigma", "logsig", "expit", "\u03c3"),
    "tanh": ("tansig", "hyperbolic_tangent"),
    "relu": ("rectifier", "rectified_linear", "ramp"),
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "scalar": {"net": "net_{unit}", "output": "out_{unit}", "weights": "w{k}", "layer": "b{layer}", "unit": "b_{unit}"},
    "matrix": {"net": "Z{layer}", "output": "A{layer}", "weights": "W{layer}", "layer": "b{layer}", "unit": "b{layer}"},
}


@dataclass(frozen=True)
class Layer:
    """One layer with every name decided.

    In the scalar style `nets`, `outputs` and `biases` hold a name per unit and `weights` a row per unit, of the weights that
    enter it; in the matrix style each holds one name. `listed` are the weights in the order in which they are numbered,
    `patterned` the names of weights and biases that a pattern made.
    """

    units: tuple[str, ...]
    activation: str
    nets: tuple[str, ...]
    outputs: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    listed: tuple[str, ...]
    biases: tuple[str, ...]
    patterned: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a layer stands: its number from 1, the units before it, the weights numbered so far, whether it is the last."""

    style: str
    number: int
    sources: tuple[str, ...]
    counted: int
    last: bool
    alone: bool


def fill(pattern: str, **fields: object) -> str:
    """A naming pattern with its fields put in: `net_{unit}` -> `net_h1`."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in fields:
            hint = suggestion(match[1], [f"{{{name}}}" for name in fields])
            raise Unexpected("a pattern with known fields", f"{{{match[1]}}}", hint)
        return str(fields[match[1]])

    return FIELD.sub(value, pattern)


def style_of(network: Table, shapes: Iterable[Shape | None]) -> str:
    """The style that `[network]` names; where it names none, matrices where inputs or parameters of these shapes are."""
    matrices = any(shape is not None and len(shape) > 1 for shape in shapes)
    return network.get("style", one_of(tuple(NAMES)), "matrix" if matrices else "scalar")


def read_layers(tables: Sequence[Table], style: str, inputs: tuple[str, ...], units: tuple[str, ...]) -> tuple[Layer, ...]:
    """All layers in order; `inputs` are the names that enter the first, `units` what its weights' patterns call them."""
    layers: list[Layer] = []
    for number, table in enumerate(tables, 1):
        sources = layers[-1].units if layers else units
        counted = sum(len(layer.listed) for layer in layers)
        place = Place(style, number, sources, counted, number == len(tables), len(tables) == 2)
        layers.append(_layer(table.allow(*LAYER_KEYS), place))
    if any(names is UNSETTLED for layer in layers for names in (layer.units, layer.biases)):  # all else would follow from it
        tables[0].problems.raise_any()
    return tuple(layers)


def _layer(table: Table, place: Place) -> Layer:
    units = _units(table, place)
    names = NAMES[place.style]
    each = [{"unit": unit, "u": index, "layer": place.number} for index, unit in enumerate(units, 1)]
    each = each if place.style == "scalar" else [{"layer": place.number}]
    rows, listed = _weights(table, place, units)
    biases = _biases(table, place, each)
    shared = table.content.get("bias") == "layer"
    activation = table.get("activation", an_activation, "identity")
    if FUNCTIONS[activation].rowwise and len(units) < 2:
        table.problems.add(table.path, f"at least 2 units for {activation}", str(len(units)))
    return Layer(
        units=units,
        activation=activation,
        nets=_named(table, "net", names["net"], each),
        outputs=_named(table, "output", names["output"], each),
        weights=rows,
        listed=listed,
        biases=biases,
        patterned=_by_pattern(table, "weights", listed) + _by_pattern(table, "biases", dict.fromkeys(biases) if shared else biases),
    )


def _by_pattern(table: Table, key: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names if a pattern with fields made them; a list, or a text without fields, may share one name on purpose."""
    text = table.content.get(key, "{default}")
    return tuple(names) if isinstance(text, str) and FIELD.search(text) else ()


def an_activation(value: object) -> str:
    """The name of a function that the table marks as an activation."""
    if not isinstance(value, str) or value not in ACTIVATIONS:
        raise Unexpected("an activation", hint=activation_hint(str(value)))
    return value


def activation_hint(wrong: str) -> str:
    """The activation that was meant, or all of them."""
    return meant(wrong, ACTIVATIONS, OTHER_NAMES)


def _units(table: Table, place: Place) -> tuple[str, ...]:
    if "units" in table.content:
        listed = table.get("units", _a_list_of_units, ())
        return _usable(table, listed) or UNSETTLED
    letter = "o" if place.last else "h" if place.alone else f"h{place.number}_"
    size = table.need("size", a_count(1, LARGEST_SIZE), None)
    return UNSETTLED if size is None else tuple(f"{letter}{index}" for index in range(1, size + 1))


def _a_list_of_units(value: object) -> tuple[object, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise Unexpected('a list of names such as ["h1", "h2"]', "an empty list" if isinstance(value, (list, tuple)) else "")
    return tuple(value)


def _usable(table: Table, listed: tuple[object, ...]) -> tuple[str, ...]:
    """The names, each problem noted once; another name stands in for a wrong one, so that the layer keeps its size."""
    units: list[str] = []
    for index, name in enumerate(listed, 1):
        with table.problems.at(f"{table.label('units')}[{index}]", name):
            if a_name(name) in units:
                raise Unexpected("a name for each unit", f"a second '{name}'")
            units.append(str(name))
        if len(units) < index:
            units.append(f"unit{index}")
    return tuple(units)


def _named(table: Table, key: str, default: str, each: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """A name per unit, from a pattern or a list."""
    with table.problems.at(table.label(key), table.content.get(key)):
        return _checked(_names_from(table.content.get(key, default), each))
    return tuple(fill(default, **fields) for fields in each)


def _names_from(value: object, each: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(fill(value, **fields) for fields in each)
    names = a_list_of(a_text)(value)
    if len(names) != len(each):
        raise Unexpected(f"a pattern or {counted(len(each), 'name')}", counted(len(names), "name"))
    return names


def _checked(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(a_name(name) for name in names)


def _biases(table: Table, place: Place, each: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    kind = table.get("bias", one_of(("none", "unit", "layer")), "") if "bias" in table.content else "unit"
    if kind in ("", "none"):
        return () if kind else UNSETTLED
    return _named(table, "biases", NAMES[place.style][kind], each)


def _weights(table: Table, place: Place, units: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Rows of names per unit, and the same names in the order in which they are numbered."""
    by_source = table.get("weights_by", one_of(("unit", "source")), "unit") == "source"
    default = NAMES[place.style]["weights"]
    _check_size(table, place, units)
    grid = _grid(default, place, units, by_source)
    with table.problems.at(table.label("weights"), table.content.get("weights")):
        grid = _grid(table.content.get("weights", default), place, units, by_source)
    rows = tuple(zip(*grid, strict=True)) if by_source and place.style == "scalar" else grid
    return rows, tuple(name for line in grid for name in line)


def _check_size(table: Table, place: Place, units: tuple[str, ...]) -> None:
    """Stop at once where writing out a symbol for each weight would fill the memory."""
    weights = len(units) * len(place.sources)
    if place.style == "scalar" and weights > MOST_SYMBOLS:
        hint = '; write style = "matrix" under [network]'
        table.problems.add(table.path, f"at most {MOST_SYMBOLS} weights with a symbol each", str(weights), hint)
        table.problems.raise_any()


def _grid(value: object, place: Place, units: tuple[str, ...], by_source: bool) -> tuple[tuple[str, ...], ...]:
    """The weights as written: a line per unit, or per source where they are listed by source."""
    if place.style == "matrix":
        return ((a_name(fill(a_text(value), layer=place.number)),),)
    lines, columns = (place.sources, units) if by_source else (units, place.sources)
    if isinstance(value, str):
        return tuple(_checked(line) for line in _numbered(value, place, lines, columns, by_source))
    grid = a_list_of(a_list_of(a_name))(value)
    if len(grid) != len(lines) or any(len(line) != len(columns) for line in grid):
        lists = f"{counted(len(lines), 'list')} of {counted(len(columns), 'name')}"
        raise Unexpected(f"{lists} (a line per {'source' if by_source else 'unit'})")
    return grid


def _numbered(
    pattern: str, place: Place, lines: tuple[str, ...], columns: tuple[str, ...], by_source: bool
) -> Iterator[tuple[str, ...]]:
    k = place.counted
    for row, line in enumerate(lines, 1):
        names: list[str] = []
        for column, across in enumerate(columns, 1):
            k += 1
            (s, source), (u, unit) = ((row, line), (column, across)) if by_source else ((column, across), (row, line))
            names.append(fill(pattern, k=k, unit=unit, source=source, u=u, s=s, layer=place.number))
        yield tuple(names)


def check_unique(layers: Sequence[Layer], problems: Problems) -> None:
    """Note a name that two quantities of the layers would share without having been written twice."""
    seen: set[str] = set()
    for number, layer in enumerate(layers, 1):
        for name in (*(layer.nets if layer.activation != "identity" else ()), *layer.outputs, *layer.patterned):
            if name in seen:
                problems.add(f"layers[{number}]", "patterns that name everything once", f"a second '{name}'")
            seen.add(name)
