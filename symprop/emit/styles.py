"""A layered spec in the other style: matrices for a symbol per weight, and a symbol per weight for matrices.

Input: a `Spec` and a style. Output: the `Spec` of the same network in that style; what only one style can say is refused in a line.

Matrices are called X, W1, b1, Z1, A1, ..., Y; a symbol is called after its matrix and its place, W1_2_1 for row 2 and column 1.
Equations beside the layers are written into the loss. Metrics, derived quantities, typography and claims speak of the document's
own names and stay behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from symprop.derive.entries import Block
from symprop.emit.columns import Homes, Place, over_arrays, over_columns
from symprop.errors import UnsupportedError
from symprop.graph import Draw, Network, Shape, Value
from symprop.spec.build import Spec, build
from symprop.spec.layers import Layer, read_layers, style_of
from symprop.spec.loss_equations import USUAL_LOSS
from symprop.spec.losses import LOSSES
from symprop.spec.options import FANS, INITIALIZERS
from symprop.spec.problems import Problems
from symprop.spec.tables import Table
from symprop.terms import Ref, names_in, substitute

KEPT = ("id", "source", "remarks", "batch", "training")
TITLES: Mapping[str, str] = {"matrix": "{}, with matrices", "scalar": "{}, a symbol for each weight"}
Tables = dict[str, Any]


def restyled(spec: Spec, style: str) -> Spec:
    """The same network in the style 'matrix' or 'scalar'.

    Raises InputError for a wrong spec, UnsupportedError where a style cannot say it.
    """
    network, root = build(spec), Table(spec.tables, "", Problems(spec.source))
    graph = network.graph
    own = style_of(root.table("network"), map(graph.shape, graph.names("input", "parameter")))
    if own == style:
        return spec
    _check(network, root, style)
    layers = read_layers(root.tables("layers"), own, network.graph.names("input"), network.layers[0])
    written = _matrices(network, layers, root) if style == "matrix" else _symbols(network, layers, root)
    settings = {key: value for key, value in root.table("network").content.items() if key in ("loss", "l2", "eps")}
    if settings.get("loss", "" if root.table("equations").content else USUAL_LOSS) not in LOSSES:
        settings["loss"] = _loss(spec, root, layers, style)
    kept = {key: spec.tables[key] for key in KEPT if key in spec.tables}
    title = TITLES[style].format(network.title)
    return Spec({**kept, "id": network.id, "title": title, **written, "network": {**settings, "style": style}}, spec.source)


def _check(network: Network, root: Table, style: str) -> None:
    """Refuse what has no layers."""
    if not root.tables("layers"):
        raise _refusal(network, style, "its equations are written out, and only [[layers]] have two styles")


def _refusal(network: Network, style: str, reason: str) -> UnsupportedError:
    return UnsupportedError(f"{network.id}: --style {style}: {reason}")


def _matrices(network: Network, layers: Sequence[Layer], root: Table) -> Tables:
    """Names of symbols gathered into arrays; `arrays` says which symbol went where."""
    arrays: dict[str, tuple[str, ...]] = {}
    tables: Tables = {"parameters": {}, "constants": {}, "layers": []}
    for number, (layer, table) in enumerate(zip(layers, root.tables("layers"), strict=True), 1):
        columns = tuple(zip(*layer.weights, strict=True))
        arrays[f"W{number}"] = tuple(name for row in columns for name in row)
        values: dict[str, Value] = {f"W{number}": tuple(tuple(_given(network, name) for name in row) for row in columns)}
        shared = table.content.get("bias") == "layer"
        if layer.biases:
            arrays[f"b{number}"] = layer.biases[:1] if shared else layer.biases
            biases = tuple(_given(network, name) for name in layer.biases)
            values[f"b{number}"] = biases[0] if shared else biases
        for name, value in values.items():
            tables[_role(network, arrays[name])][name] = value
        kind = "none" if not layer.biases else "layer" if shared else "unit"
        tables["layers"].append({"size": len(layer.units), "activation": layer.activation, "bias": kind})
    _check_once(network, arrays)
    ends = {"inputs": ("X", "input"), "targets": ("Y", "target")}
    tables |= {key: {name: _rows(network, network.graph.names(role))} for key, (name, role) in ends.items()}  # type: ignore[arg-type]
    return {**tables, "updates": [_gathered(network, table.content, arrays) for table in root.tables("updates")]}


def _given(network: Network, name: str) -> Value:
    """The value of a symbol. Raises UnsupportedError for a draw: one by one the numbers would be others."""
    initial = network.initial.get(name)
    if isinstance(initial, Draw):
        raise _refusal(network, "matrix", f"the initial value of {name} is drawn; write it out")
    return initial.value if initial else network.data[name]


def _role(network: Network, names: Sequence[str]) -> str:
    """The table of an array's symbols: all of them are learned, or none."""
    learned = {name in network.initial for name in names}
    if len(learned) > 1:
        raise _refusal(network, "matrix", f"of {', '.join(names)} some are learned and some are not")
    return "parameters" if learned == {True} else "constants"


def _check_once(network: Network, arrays: Mapping[str, tuple[str, ...]]) -> None:
    seen: set[str] = set()
    for name in (name for names in arrays.values() for name in names):
        if name in seen:
            raise _refusal(network, "matrix", f"{name} stands in two places")
        seen.add(name)


def _rows(network: Network, names: Sequence[str]) -> object:
    """A row for each sample, one where there is a single sample; a shape alone where the spec has no data."""
    if any(name not in network.data for name in names):
        return {"shape": [network.batch or "m", len(names)]}
    columns = [network.data[name] for name in names]
    return tuple(zip(*columns, strict=True)) if isinstance(columns[0], tuple) else (tuple(columns),)


def _gathered(network: Network, update: Mapping[str, Any], arrays: Mapping[str, tuple[str, ...]]) -> Tables:
    """An update that steps whole arrays, in the order in which it steps their symbols."""
    homes = {name: array for array, names in arrays.items() for name in names}
    order = tuple(update.get("order", network.initial))
    gathered = tuple(dict.fromkeys(homes[name] for name in order))
    runs = [array for place, array in enumerate(homes[name] for name in order) if not place or array != homes[order[place - 1]]]
    swaps = {homes[name]: homes[other] for name, other in update.get("gradient_of", {}).items()}
    alike = all(len(arrays[array]) == 1 for pair in swaps.items() for array in pair)
    whole = {name for array in gathered for name in arrays[array]} == set(order)
    if not alike or not whole or (update.get("sequential") and len(runs) > len(gathered)):
        raise _refusal(network, "matrix", f"the update '{update.get('name')}' treats weights of one matrix differently")
    return {**update, "order": list(gathered), "gradient_of": swaps}


def _symbols(network: Network, layers: Sequence[Layer], root: Table) -> Tables:
    """Every array as its entries, row by row: drawn one after the other they are the array's."""
    shapes = network.graph.shapes
    tables: Tables = {"inputs": {}, "targets": {}, "parameters": {}, "constants": {}}
    for key, role in (("inputs", "input"), ("targets", "target"), ("constants", "constant")):
        for name in network.graph.names(role):  # type: ignore[arg-type]
            tables[key] |= _data(network, name, shapes[name])
    for name, initial in network.initial.items():
        if isinstance(initial, Draw):
            drawn = _draw(root.table("parameters").table(name).content, initial, shapes[name])
            tables["parameters"] |= {entry: drawn for entry, _ in _entries(name, shapes[name])}
        else:
            tables["parameters"] |= {entry: _at(initial.value, place) for entry, place in _entries(name, shapes[name])}
    tables["layers"] = [_layer(network, layer) for layer in layers]
    return {**tables, "updates": [_spread(table.content, network) for table in root.tables("updates")]}


def _entries(name: str, shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The names of an array's entries, counted from 1, and their places, counted from 0."""
    for place in product(*(range(int(length)) for length in shape)):
        yield "_".join((name, *(str(index + 1) for index in place))), place


def _at(value: Value, place: tuple[int, ...]) -> Value:
    for index in place:
        assert isinstance(value, tuple), "a value has its array's shape"
        value = value[index]
    return value


def _data(network: Network, name: str, shape: Shape) -> Tables:
    """A column for each entry of a sample."""
    batched = network.batch is not None and shape[:1] == (network.batch,)
    entries = _entries(name, shape[1:] if batched else shape)
    if name not in network.data:
        return {entry: {"shape": [network.batch] if batched else []} for entry, _ in entries}
    value = network.data[name]
    if not batched:
        return {entry: _at(value, place) for entry, place in entries}
    assert isinstance(value, tuple), "a batch has rows"
    return {entry: tuple(_at(row, place) for row in value) for entry, place in entries}


def _draw(content: Mapping[str, Any], draw: Draw, shape: Shape) -> Tables:
    """The draw of one entry; the numbers of units before and behind are the matrix's."""
    options = INITIALIZERS[draw.initializer].options
    fans = {key: length for key, length in zip(FANS, shape, strict=False) if key in options and len(shape) == len(FANS)}
    return {**fans, **{key: value for key, value in content.items() if key != "shape"}, "shape": []}


def _loss(spec: Spec, root: Table, layers: Sequence[Layer], style: str) -> str:
    """An author's loss in the names of the other style, his other equations written into it, without the penalty that is added."""
    settings = {key: value for key, value in root.table("network").content.items() if key != "l2"}
    network = build(replace(spec, tables={**spec.tables, "network": settings}))
    graph = network.graph
    term = graph.definitions[graph.loss]
    for equation in reversed(graph.equations):
        if equation.name in root.table("equations").content:
            term = substitute(term, {equation.name: equation.term})
    if style == "matrix":
        return over_arrays(term, network, _homes(network, layers, root))
    return over_columns(term, network, {name: _columns(network, name) for name in names_in(term) if graph.shape(name)})


def _homes(network: Network, layers: Sequence[Layer], root: Table) -> Homes:
    """The array of each symbol of a layered network and its place there, () where the array is a number."""
    rows = {"X": network.graph.names("input"), "Y": network.graph.names("target")}
    found: dict[str, tuple[str, Place]] = {}
    for number, (layer, table) in enumerate(zip(layers, root.tables("layers"), strict=True), 1):
        rows |= {f"Z{number}": layer.nets, f"A{number}": layer.outputs}
        matrix = np.array(layer.weights).T
        found |= {str(matrix[place]): (f"W{number}", place) for place in np.ndindex(matrix.shape)}
        if table.content.get("bias") == "layer":
            found |= dict.fromkeys(layer.biases, (f"b{number}", ()))
        else:
            rows[f"b{number}"] = layer.biases
    return found | {name: (array, (place,)) for array, names in rows.items() for place, name in enumerate(names)}


def _columns(network: Network, name: str) -> Block:
    """The names of an array's entries in one sample; those of a layer's array are numbered by its units."""
    shape = network.graph.shape(name)
    batched, made = shape[:1] == (network.batch,), name in network.graph.definitions
    sizes = tuple(1 if length == network.batch else int(length) for length in shape)
    names = [entry for entry, _ in _entries(name, sizes[-1:] if made else sizes[1:] if batched else sizes)]
    return np.array([Ref(entry) for entry in names], dtype=object).reshape(sizes)


def _layer(network: Network, layer: Layer) -> Tables:
    made: Tables = {"size": len(layer.units), "activation": layer.activation, "output": f"{layer.outputs[0]}_{{u}}"}
    if layer.activation != "identity":
        made["net"] = f"{layer.nets[0]}_{{u}}"
    made["weights"] = f"{layer.weights[0][0]}_{{s}}_{{u}}"
    if not layer.biases:
        return {**made, "bias": "none"}
    name = layer.biases[0]
    shape = network.graph.shape(name)
    place = "".join("_1" if length == 1 and len(shape) > 1 else "_{u}" for length in shape)
    return {**made, "bias": "unit" if shape else "layer", "biases": f"{name}{place}"}


def _spread(update: Mapping[str, Any], network: Network) -> Tables:
    """An update that steps the entries of the arrays, row by row."""

    def entries(name: str) -> list[str]:
        return [entry for entry, _ in _entries(name, network.graph.shape(name))]

    order = [entry for name in update.get("order", network.initial) for entry in entries(name)]
    pairs = update.get("gradient_of", {}).items()
    swaps = {entry: other for name, source in pairs for entry, other in zip(entries(name), entries(source), strict=True)}
    return {**update, "order": order, "gradient_of": swaps}
