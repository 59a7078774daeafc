"""Random small scalar networks as specs: layers, activations, losses and two-decimal numbers from a seed."""

import random

from symprop.derive import Derivation, derive
from symprop.spec import build, read_spec

SIZES = ([2, 2, 1], [2, 2, 2], [1, 2, 1], [3, 2, 1], [2, 1, 2], [2, 3, 2], [1, 1, 1, 1], [2, 2, 2, 1], [2, 3])
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softplus", "identity")
# the loss, and what its last layer must be
LOSSES = (
    ("half_sum_of_squares", None),
    ("sum_of_squares", None),
    ("mean_squared", None),
    ("binary_cross_entropy", "sigmoid"),
    ("softmax_cross_entropy", "softmax"),
)
BIASES = ("none", "unit", "layer")


def random_spec(seed: int) -> str:
    """A TOML spec; the same for the same seed."""
    source = random.Random(seed)
    sizes = source.choice(SIZES)
    loss, last = source.choice(LOSSES[: 5 if sizes[-1] > 1 else 4])
    last_layer = len(sizes) - 1
    units = [[f"{'o' if k == last_layer else 'h'}{k}{unit + 1}" for unit in range(size)] for k, size in enumerate(sizes)]
    bias = [source.choice(BIASES) for _ in sizes[1:]]
    chosen = [source.choice(ACTIVATIONS) for _ in sizes[2:]] + [last or source.choice(ACTIVATIONS)]
    biases = [name for layer, kind in enumerate(bias, 1) for name in _bias_names(kind, layer, units[layer])]
    weights = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    targets = _targets(source, sizes[-1], loss)
    lines = [
        f'id = "random_{seed}"',
        f'title = "Random network {seed}"',
        "[inputs]",
        *(f"i{unit + 1} = {source.randint(5, 99) / 100:.2f}" for unit in range(sizes[0])),
        "[targets]",
        *(f"t{unit + 1} = {value}" for unit, value in enumerate(targets)),
        "[parameters]",
        *(f"w{k + 1} = {_signed(source)}" for k in range(weights)),
        *(f"{name} = {_signed(source)}" for name in biases),
        "[network]",
        f'loss = "{loss}"',
    ]
    for layer in range(1, len(sizes)):
        lines += ["[[layers]]", f"units = {units[layer]}", f'activation = "{chosen[layer - 1]}"', 'net = "net_{unit}"']
        lines += ['output = "out_{unit}"', 'weights = "w{k}"', f'bias = "{bias[layer - 1]}"']
    lines += ["[training]", 'rate = "eta"', f"learning_rate = {source.choice(['0.5', '0.1', '0.25'])}", "iterations = 10"]
    return "\n".join(lines) + "\n"


def random_derivation(seed: int) -> Derivation:
    """Its derivation."""
    return derive(build(read_spec(random_spec(seed), f"random {seed}")))


def _bias_names(kind: str, layer: int, units: list[str]) -> list[str]:
    return {"none": [], "layer": [f"b{layer}"], "unit": [f"b_{unit}" for unit in units]}[kind]


def _signed(source: random.Random) -> str:
    return f"{source.choice([-1, 1]) * source.randint(10, 95) / 100:.2f}"


def _targets(source: random.Random, outputs: int, loss: str) -> list[str]:
    if loss == "softmax_cross_entropy":
        return ["1" if unit == 0 else "0" for unit in range(outputs)]
    return [f"{source.randint(1, 99) / 100:.2f}" for _ in range(outputs)]


def array_spec(sizes: str, activation: str = "sigmoid", rows: int | None = None) -> str:
    """A network of matrices such as `3-4-2`, with a row of biases for each layer and, where `rows` says so, that many examples."""
    widths = [int(size) for size in sizes.split("-")]
    source = random.Random(sizes)
    lines = [f'id = "arrays_{sizes}"', f'title = "Arrays {sizes}"']
    for section, name, width in (("inputs", "X", widths[0]), ("targets", "Y", widths[-1])):
        data = [[float(f"{source.uniform(-1, 1):.2f}") for _ in range(width)] for _ in range(rows or 0)]
        lines += [f"[{section}]", f"{name} = {data}" if rows else f'{name} = {{ shape = ["m", {width}] }}']
    lines += ["[parameters]"]
    for place, (before, after) in enumerate(zip(widths, widths[1:], strict=False), 1):
        lines += [f'W{place} = {{ shape = [{before}, {after}], draw = "uniform", low = -0.5, high = 0.5 }}']
        lines += [f"b{place} = {{ shape = [{after}], value = 0.1 }}"]
    lines += ["[network]", 'loss = "half_sum_of_squares"', 'style = "matrix"']
    for width in widths[1:]:
        lines += ["[[layers]]", f"size = {width}", f'activation = "{activation}"', 'bias = "unit"']
    return "\n".join([*lines, "[training]", 'rate = "eta"', "learning_rate = 0.5", "iterations = 50", "seed = 0"]) + "\n"


def array_derivation(sizes: str, activation: str = "sigmoid", rows: int | None = None) -> Derivation:
    """Its derivation."""
    return derive(build(read_spec(array_spec(sizes, activation, rows), f"arrays {sizes}")))
