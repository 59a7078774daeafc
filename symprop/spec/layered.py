"""Layers written out as equations, a symbol per weight or with matrices.

Input: `[network]` and `[[layers]]`. Output: `Written`: equation texts in order, all leaves, the units of each layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symprop.functions import FUNCTIONS
from symprop.graph import Role
from symprop.spec.layers import LARGEST_SIZE, Layer, check_unique, read_layers, style_of
from symprop.spec.leaves import Leaf, Leaves
from symprop.spec.loss_equations import write_loss
from symprop.spec.names import a_name
from symprop.spec.tables import Reader, Table, a_count, a_list_of, one_of
from symprop.terms import Shape

NETWORK_KEYS = ("inputs", "targets", "loss", "l2", "eps", "style", "errors", "order")
OF_A_LOSS = ("l2", "eps", "errors")
ENDS: tuple[tuple[str, Role, str, str], ...] = (("inputs", "input", "X", "i"), ("targets", "target", "Y", "t"))
LONGEST_LIST = 20  # parameters without a value, told one by one
Text = tuple[str, str]  # a quantity and its right side


@dataclass(frozen=True)
class Written:
    """Equation texts by name, and all leaves; the units of each layer, net inputs and outputs where there are layers."""

    texts: Mapping[str, str]
    leaves: Leaves
    units: tuple[tuple[str, ...], ...] = ()
    nets: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


def write_layers(root: Table, given: Leaves, loss: str) -> Written:
    """The equations of a layered spec; `loss` is the total error's name."""
    table = root.table("network").allow(*NETWORK_KEYS)
    style = style_of(table, (leaf.shape for leaf in given.of("input", "parameter")))
    leaves = _with_counted(table, given, style)
    inputs = tuple(leaf.name for leaf in leaves.of("input"))
    if style == "matrix" and len(inputs) > 1:
        root.problems.add("inputs", "one array of inputs for layers in the matrix style", f"{len(inputs)} names")
    units = _input_units(leaves, inputs, style)
    layers = read_layers(root.tables("layers"), style, inputs, units)
    check_unique(layers, root.problems)
    leaves = _with_missing(root, leaves, layers, style, len(units))
    by_unit = table.get("order", one_of(("unit", "layer")), "unit") == "unit"
    texts = dict(_scalar(layers, inputs, by_unit) if style == "scalar" else _matrix(layers, inputs))
    if "loss" in table.content or "equations" not in root.content:
        texts = _with_loss(table, texts, write_loss(table, leaves, style, layers, loss))
    else:
        for key in (each for each in OF_A_LOSS if each in table.content):
            table.problems.add(table.label(key), "a loss in [network] beside it, of which it is a part", "none")
    return Written(
        texts,
        leaves,
        units=(units, *(layer.units for layer in layers)),
        nets=tuple(name for layer in layers for name in layer.nets if name in texts),
        outputs=layers[-1].outputs,
    )


def _with_loss(table: Table, texts: Mapping[str, str], loss: Iterable[Text]) -> dict[str, str]:
    """The layers' equations, then those of the loss; names that both use are noted."""
    added = dict(texts)
    for name, text in loss:
        if name in added:
            table.problems.add(table.label("loss"), "names of its own for the loss and its errors", f"a second '{name}'")
        added[name] = text
    return added


def _with_counted(table: Table, leaves: Leaves, style: str) -> Leaves:
    """The leaves with the inputs and targets that `inputs = 2` or `inputs = ["i1", "i2"]` adds, without values."""
    found = dict(leaves.by_name)
    for key, role, array, letter in ENDS:
        names = table.get(key, _names_or_count(letter), ())
        shapes: dict[str, Shape] = dict.fromkeys(names, ())
        if style == "matrix" and names:
            shapes = {} if leaves.of(role) else {array: (leaves.batch, len(names))}
        for name, shape in shapes.items():
            found.setdefault(name, Leaf(name, role, shape))
    if not any(leaf.role == "input" for leaf in found.values()):
        table.problems.add("inputs", "at least one input", "nothing", "; write a table [inputs]")
        found["inputs"] = Leaf("inputs", "input", None)
    return replace(leaves, by_name=found)


def _names_or_count(letter: str) -> Reader[tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        if isinstance(value, int):
            return tuple(f"{letter}{index}" for index in range(1, a_count(1, LARGEST_SIZE)(value) + 1))
        return a_list_of(a_name)(value)

    return read


def _input_units(leaves: Leaves, inputs: tuple[str, ...], style: str) -> tuple[str, ...]:
    if style == "scalar":
        return inputs
    leaf = leaves.by_name.get(inputs[0])
    width = leaf.shape[-1] if leaf and leaf.shape else 1
    return tuple(f"x{index}" for index in range(1, width + 1)) if isinstance(width, int) else ("x1",)


def _with_missing(root: Table, leaves: Leaves, layers: Sequence[Layer], style: str, width: int) -> Leaves:
    """Note each weight and bias that has no value anywhere; it is kept as a name, so that nothing else is said about it."""
    found = dict(leaves.by_name)
    for number, layer in enumerate(layers, 1):
        missing = [name for name in dict.fromkeys((*layer.listed, *layer.biases)) if name not in found]
        found.update({name: Leaf(name, "parameter", None) for name in missing})
        for name in missing[:LONGEST_LIST]:
            hint = _example(layer, name, width) if style == "matrix" else ""
            root.problems.add(f"parameters.{name}", f"a value for this parameter of layer {number}", "nothing", hint)
        if len(missing) > LONGEST_LIST:
            more = f"values for {len(missing) - LONGEST_LIST} more parameters of layer {number}"
            root.problems.add("parameters", more, "nothing")
        width = len(layer.units)
    return replace(leaves, by_name=found)


def _example(layer: Layer, name: str, width: int) -> str:
    """How an array of a layer that `width` numbers enter may begin."""
    if name in layer.biases:
        return f"; write e.g. {name} = {{ shape = [{len(layer.units)}], value = 0 }}"
    draw = FUNCTIONS[layer.activation].initializer
    return f'; write e.g. {name} = {{ shape = [{width}, {len(layer.units)}], draw = "{draw}" }}'


def _scalar(layers: Sequence[Layer], inputs: tuple[str, ...], by_unit: bool) -> Iterator[Text]:
    sources = inputs
    for layer in layers:
        pairs = [_unit(layer, index, sources) for index in range(len(layer.units))]
        stages = pairs if by_unit else zip(*pairs, strict=True)
        yield from (text for stage in stages for text in stage)
        sources = layer.outputs


def _unit(layer: Layer, index: int, sources: tuple[str, ...]) -> tuple[Text, ...]:
    """net = w*source + ... + b and output = activation(net) of one unit; a linear unit is one equation."""
    terms = [f"{weight}*{source}" for weight, source in zip(layer.weights[index], sources, strict=False)]
    total = " + ".join(terms + [layer.biases[index]] if layer.biases else terms)
    if layer.activation == "identity":
        return ((layer.outputs[index], total),)
    return ((layer.nets[index], total), (layer.outputs[index], _activated(layer, layer.nets[index])))


def _activated(layer: Layer, net: str) -> str:
    if FUNCTIONS[layer.activation].rowwise:  # separate symbols have no row to work along: softmax as a difference cannot overflow
        return f"exp({net} - logsumexp({', '.join(layer.nets)}))"
    return f"{layer.activation}({net})"


def _matrix(layers: Sequence[Layer], inputs: tuple[str, ...]) -> Iterator[Text]:
    source = inputs[0]
    for layer in layers:
        total = f"{source} @ {layer.weights[0][0]}" + (f" + {layer.biases[0]}" if layer.biases else "")
        source = layer.outputs[0]
        if layer.activation == "identity":
            yield source, total
        else:
            yield layer.nets[0], total
            yield source, f"{layer.activation}({layer.nets[0]})"
