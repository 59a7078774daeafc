"""Random networks with right answers, equal rewrites and wrong mutations, all made here, by an algebra of its own.

Input: a seed. Output: a spec for symprop, right answers as trees, and for every tree its text and its value in floats.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Tree = Any  # a name, a number, or (operation, operands...)

ACTIVATIONS = ("sigmoid", "tanh", "softplus", "relu")


def text(tree: Tree) -> str:
    """The tree as a student types it."""
    if not isinstance(tree, tuple):
        return str(tree)
    operation, *parts = tree
    shown = [text(part) for part in parts]
    if operation in "+*/":
        return "(" + operation.join(shown) + ")"
    if operation == "-":
        return f"(-{shown[0]})" if len(shown) == 1 else f"({shown[0]} - {shown[1]})"
    return f"({shown[0]}**{shown[1]})" if operation == "^" else f"{operation}({', '.join(shown)})"


FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "relu": lambda z: max(z, 0.0),
    "step": lambda z: float(z > 0),
    "exp": math.exp,
}


def value(tree: Tree, values: Mapping[str, float]) -> float:
    """The tree's value."""
    if isinstance(tree, str):
        return values[tree]
    if not isinstance(tree, tuple):
        return float(tree)
    operation, *parts = tree
    found = [value(part, values) for part in parts]
    if operation == "+":
        return sum(found)
    if operation == "*":
        return math.prod(found)
    if operation == "/":
        return found[0] / found[1]
    if operation == "-":
        return -found[0] if len(found) == 1 else found[0] - found[1]
    return found[0] ** found[1] if operation == "^" else FUNCTIONS[operation](found[0])


@dataclass(frozen=True)
class Unit:
    """One unit: its net input, output, activation, weights by source, bias."""

    net: str
    out: str
    activation: str
    weights: Mapping[str, str]
    bias: str


@dataclass(frozen=True)
class Generated:
    """A layered network: units by layer, inputs, targets."""

    seed: int
    inputs: tuple[str, ...]
    layers: tuple[tuple[Unit, ...], ...]
    targets: tuple[str, ...]

    @property
    def weights(self) -> tuple[str, ...]:
        return tuple(w for layer in self.layers for unit in layer for w in (*unit.weights.values(), *filter(None, [unit.bias])))

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for layer in self.layers for unit in layer)

    def spec(self) -> dict[str, Any]:
        """The words of `symprop.spec.network`."""
        draw = random.Random(self.seed + 7)
        equations = {}
        for unit in self.units:
            equations[unit.net] = text(self.net(unit))
            equations[unit.out] = f"{unit.activation}({unit.net})"
        errors = " + ".join(f"({unit.out} - {target})**2" for unit, target in zip(self.layers[-1], self.targets, strict=True))
        equations["E"] = f"1/2*({errors})"
        return {
            "id": f"generated_{self.seed}",
            "title": "A generated network",
            "inputs": {name: round(draw.uniform(0.2, 2), 2) for name in self.inputs},
            "targets": {name: round(draw.uniform(0.2, 2), 2) for name in self.targets},
            "parameters": {name: round(draw.uniform(-1, 1), 2) for name in self.weights},
            "equations": equations,
            "training": {"rate": "eta", "learning_rate": 0.25, "iterations": 1},
        }

    def net(self, unit: Unit) -> Tree:
        products = [("*", weight, source) for source, weight in unit.weights.items()]
        return ("+", *products, *filter(None, [unit.bias])) if len(products) + bool(unit.bias) > 1 else products[0]

    def gradient(self, weight: str) -> Tree:
        """dE/dweight by the chain rule, written out in units' outputs."""
        for depth, layer in enumerate(self.layers):
            for unit in layer:
                for source, name in unit.weights.items():
                    if name == weight:
                        return ("*", *self.delta(depth, unit), source)
                if unit.bias == weight:
                    factors = self.delta(depth, unit)
                    return ("*", *factors) if len(factors) > 1 else factors[0]
        raise KeyError(weight)

    def delta(self, depth: int, unit: Unit) -> list[Tree]:
        """The factors of dE/dnet."""
        if depth == len(self.layers) - 1:
            target = self.targets[self.layers[-1].index(unit)]
            return [("-", unit.out, target), *slope(unit)]
        paths = [("*", *self.delta(depth + 1, above), above.weights[unit.out]) for above in self.layers[depth + 1]]
        return [*(paths[0][1:] if len(paths) == 1 else [("+", *paths)]), *slope(unit)]

    def values(self, draw: random.Random) -> dict[str, float]:
        """Random values of every name."""
        found = {name: draw.uniform(-1.5, 1.5) for name in (*self.inputs, *self.targets, *self.weights, "eta")}
        self.forward(found)
        return found

    def forward(self, found: dict[str, float]) -> float:
        for unit in self.units:
            found[unit.net] = value(self.net(unit), found)
            found[unit.out] = FUNCTIONS[unit.activation](found[unit.net]) if unit.activation != "identity" else found[unit.net]
        return sum((found[u.out] - found[t]) ** 2 for u, t in zip(self.layers[-1], self.targets, strict=True)) / 2


def slope(unit: Unit) -> list[Tree]:
    """The slope of a unit as factors."""
    return {
        "sigmoid": [unit.out, ("-", 1, unit.out)],
        "tanh": [("-", 1, ("^", unit.out, 2))],
        "softplus": [("sigmoid", unit.net)],
        "relu": [("step", unit.net)],
        "identity": [],
    }[unit.activation]


def generate(seed: int) -> Generated:
    """The network of a seed."""
    draw = random.Random(seed)
    inputs = tuple(f"x{k + 1}" for k in range(draw.randint(1, 3)))
    sizes = [draw.randint(1, 3) for _ in range(draw.choice((1, 1, 2)))] + [draw.randint(1, 2)]
    layers, sources, count = [], list(inputs), 0
    for depth, size in enumerate(sizes):
        last = depth == len(sizes) - 1
        letter = "o" if last else "hg"[depth]
        activation = draw.choice((*ACTIVATIONS[:2], *ACTIVATIONS[:2], *ACTIVATIONS) if not last else ("sigmoid", "sigmoid", "tanh"))
        biased = draw.random() < 0.5
        units = []
        for k in range(size):
            weights = {}
            for source in sources:
                count += 1
                weights[source] = f"w{count}"
            name = f"{letter}{k + 1}"
            units.append(Unit(f"z{name}", name, activation, weights, f"b{name}" if biased else ""))
        layers.append(tuple(units))
        sources = [unit.out for unit in units]
    return Generated(seed, inputs, tuple(layers), tuple(f"t{k + 1}" for k in range(sizes[-1])))


def rewritten(tree: Tree, network: Generated, draw: random.Random, depth: int = 0) -> Tree:
    """An equal tree: factors reordered, outputs spelled out, slopes in other forms, signs moved, ones multiplied in."""
    units = {unit.out: unit for unit in network.units} | {unit.net: unit for unit in network.units}
    if isinstance(tree, str):
        unit = units.get(tree)
        if unit is None or draw.random() > 0.25 / (depth + 1):
            return tree
        spelled = ("sigmoid", unit.net) if unit.activation == "sigmoid" else (unit.activation, unit.net)
        opened = network.net(unit) if tree == unit.net else spelled
        return rewritten(_spelled(opened, draw), network, draw, depth + 1)
    if not isinstance(tree, tuple):
        return tree
    operation, *parts = tree
    parts = [rewritten(part, network, draw, depth) for part in parts]
    if operation in "+*":
        draw.shuffle(parts)
    made = (operation, *parts)
    choice = draw.random()
    if operation == "-" and len(parts) == 2 and choice < 0.2:
        return ("-", ("-", parts[1], parts[0]))
    if operation == "^" and parts[1] == 2 and choice < 0.3:
        return ("*", parts[0], parts[0])
    if operation == "*" and choice < 0.1:
        extra = draw.choice((*network.inputs, *network.weights))
        return ("/", ("*", extra, made), extra)
    if operation == "+" and choice < 0.1:
        extra = draw.choice((*network.inputs, *network.weights))
        return ("+", *parts, extra, ("-", extra))
    is_difference = isinstance(parts[0], tuple) and parts[0][0] == "-" and len(parts[0]) == 3
    if operation == "*" and len(parts) > 1 and choice < 0.25 and is_difference:
        return ("-", ("*", parts[0][1], *parts[1:]), ("*", parts[0][2], *parts[1:]))
    return made


def _spelled(tree: Tree, draw: random.Random) -> Tree:
    if isinstance(tree, tuple) and tree[0] == "sigmoid":
        z = tree[1]
        forms = (tree, ("/", 1, ("+", 1, ("exp", ("-", z)))), ("/", ("exp", z), ("+", 1, ("exp", z))),
                 ("/", ("+", 1, ("tanh", ("/", z, 2))), 2))  # fmt: skip
        return draw.choice(forms)
    return tree


def mutations(tree: Tree, network: Generated) -> list[tuple[str, Tree]]:
    """Every tree with one thing wrong: a factor or summand dropped or doubled, a sign, a name, a number changed."""
    names = [*network.inputs, *network.weights, *(u.out for u in network.units), *(u.net for u in network.units), *network.targets]
    found: list[tuple[str, Tree]] = []

    def visit(part: Tree, put: Any) -> None:
        if isinstance(part, str):
            found.extend((f"{part} for {other}", put(other)) for other in names if other != part)
            return
        if not isinstance(part, tuple):
            found.append(("number", put(part + 1)))
            return
        operation, *parts = part
        if operation in "+*" and len(parts) > 1:
            for k in range(len(parts)):
                rest = (*parts[:k], *parts[k + 1 :])
                found.append((f"drop {k} of {operation}", put((operation, *rest) if len(rest) > 1 else rest[0])))
                found.append((f"double {k} of {operation}", put((operation, *parts, parts[k]))))
        if operation == "-" and len(parts) == 2:
            found.append(("plus for minus", put(("+", *parts))))
            found.append(("swapped difference", put(("-", parts[1], parts[0]))))
            found.append(("squared difference", put(("^", part, 2))))
        for k, inner in enumerate(parts):
            visit(inner, lambda new, k=k: put((operation, *parts[:k], new, *parts[k + 1 :])))

    visit(tree, lambda new: new)
    found += [("sign", ("-", tree)), ("twice", ("*", 2, tree)), ("half", ("/", tree, 2))]
    return found
