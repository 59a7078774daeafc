"""A commented spec to start from.

Input: layer sizes such as `2-3-1` and an activation. Output: TOML that builds as it stands, for its author to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice, pairwise

from symprop.errors import UsageError
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.spec.layers import activation_hint
from symprop.spec.losses import LOSSES, PENALTY
from symprop.spec.options import DTYPES, OPTIMIZERS

SIZES = re.compile(r"[1-9][0-9]{0,5}(-[1-9][0-9]{0,5}){1,15}")
MOST_SYMBOLS = 60  # parameters up to which a symbol for each is easier to read than matrices
MOST_COLUMNS = 16  # inputs or targets of a sample up to which example data are written out


def starting_spec(sizes: str, activation: str = "sigmoid") -> str:
    """A spec with these layer sizes, inputs first; a symbol per weight where that stays readable, matrices beyond.

    Raises `UsageError` for malformed sizes or an unknown activation.
    """
    if not SIZES.fullmatch(sizes):
        raise UsageError(f"layer sizes: expected 2 to 16 sizes from inputs to outputs, such as 2-3-1, got '{sizes[:60]}'")
    if activation not in ACTIVATIONS:
        hint = activation_hint(activation)
        near = hint if hint.startswith(";") else ""
        raise UsageError(f"activation: expected one of {', '.join(ACTIVATIONS)}, got '{activation[:60]}'{near}")
    widths = [int(size) for size in sizes.split("-")]
    if FUNCTIONS[activation].rowwise and widths[-1] == 1:
        raise UsageError(f"activation: expected at least 2 outputs for {activation}, got 1")
    small = sum((before + 1) * after for before, after in pairwise(widths)) <= MOST_SYMBOLS
    values = _symbols(widths, activation) if small else _matrices(widths, activation)
    return "\n".join((*_head(sizes), *values, *_layers(widths, activation, small), *_training(activation, small)))


def _head(sizes: str) -> tuple[str, ...]:
    return (
        f"# A {sizes} network. Change names and numbers as you like; digits stay as you write them.",
        f'id = "net_{sizes}"',
        f'title = "A {sizes} network"',
        "",
    )


def _symbols(widths: Sequence[int], activation: str) -> Iterator[str]:
    """One input, target, weight and bias a line."""
    yield "[inputs] # example data, one sample: put in your own; for several write a list, i1 = [0.05, 0.15]"
    yield from (f"i{index} = {_decimal(5 * index)}" for index in range(1, widths[0] + 1))
    yield from ("", "[targets]")
    yield from (f"target_o{index} = {target}" for index, target in enumerate(_targets(0, widths[-1], activation), 1))
    yield from ("", "[parameters] # initial weights, unit by unit, then each layer's biases")
    weights = count(1)
    for number, (before, after) in enumerate(pairwise(widths), 1):
        yield f"# layer {number}: {before} weights into each of {after} {'unit' if after == 1 else 'units'}"
        yield from (f"w{k} = 0.{7 * k % 9 + 1}" for k in islice(weights, before * after))
        yield f"b{number} = 0.1 # shared by the layer"
    yield ""


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _targets(sample: int, width: int, activation: str) -> list[str]:
    """Targets that the outputs can come near: a class of its own for each sample behind softmax, else low and high ones."""
    if FUNCTIONS[activation].rowwise:
        return ["1" if index == sample % width else "0" for index in range(width)]
    return ["0.99" if (index + sample) % 2 else "0.01" for index in range(width)]


def _matrices(widths: Sequence[int], activation: str) -> Iterator[str]:
    """A matrix of weights and a row of biases for each layer."""
    if max(widths[0], widths[-1]) <= MOST_COLUMNS:
        yield from _example(widths, activation)
    else:
        yield "# m is the number of samples; write rows, X = [[...], [...]], to give data here: training and worksheets need it"
        yield from ("[inputs]", f'X = {{ shape = ["m", {widths[0]}] }}', "")
        yield from ("[targets]", f'Y = {{ shape = ["m", {widths[-1]}] }}', "")
    yield "[parameters] # initial values: drawn with the seed below, or given"
    for number, (before, after) in enumerate(pairwise(widths), 1):
        yield f'W{number} = {{ shape = [{before}, {after}], draw = "{FUNCTIONS[activation].initializer}" }}'
        yield f"b{number} = {{ shape = [{after}], value = 0 }}"
    yield ""


def _example(widths: Sequence[int], activation: str) -> Iterator[str]:
    """Two samples, so that every command works at once."""
    rows = [[_decimal(10 * ((3 * index + 5 * sample) % 10)) for index in range(widths[0])] for sample in range(2)]
    targets = [_targets(sample, widths[-1], activation) for sample in range(2)]
    yield from ("[inputs] # example data, one row a sample: put in your own", *_rows("X", rows), "")
    yield from ("[targets]", *_rows("Y", targets), "")


def _rows(name: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"{name} = [", *(f"  [{', '.join(row)}]," for row in rows), "]")


def _layers(widths: Sequence[int], activation: str, small: bool) -> Iterator[str]:
    rowwise = FUNCTIONS[activation].rowwise
    fitting = (row.name for row in LOSSES.values() if rowwise and row.activation == activation)
    loss = next(fitting, "half_sum_of_squares")
    yield "[network]"
    yield f'loss = "{loss}" # or an expression, or {_others(LOSSES, loss)}'
    yield from () if small else ('style = "matrix"',)
    yield f"# l2 = 0.01 # a penalty: {PENALTY.format(l2='l2', square='w**2')} of each weight"
    if small and LOSSES[loss].unit and widths[-1] > 1:
        yield 'errors = "E_{unit}" # an equation for the error of each output'
    for number, width in enumerate(widths[1:], 1):
        last = number == len(widths) - 1
        hidden = "sigmoid" if rowwise and not last else activation
        yield from ("", "[[layers]]", f"size = {width}", f'activation = "{hidden}" # or {_others(ACTIVATIONS, hidden)}')
        yield 'bias = "layer" # or "unit", or "none"' if small else 'bias = "unit" # or "layer", or "none"'
    yield ""


def _others(names: Iterable[str], chosen: str) -> str:
    return ", ".join(name for name in names if name != chosen)


def _training(activation: str, small: bool) -> Iterator[str]:
    """Small steps where outputs have no bound, so that a newcomer's first training does not run away; then what may be added."""
    yield "[training]"
    yield 'rate = "eta" # the symbol of the learning rate'
    yield f"learning_rate = {'0.5' if FUNCTIONS[activation].bounded else '0.05'}"
    yield "iterations = 1000"
    yield "seed = 0 # for initial values that are drawn"
    plain, *others = OPTIMIZERS
    yield f'# optimizer = "{others[0]}" # or {", ".join((*others[1:], plain))}; left out: {plain}'
    yield f'# dtype = "{DTYPES[1]}" # left out: {DTYPES[0]}'
    yield from () if small else ("# batch_size = 1 # samples of an update; left out: all of them",)
    yield from ("", '# [[updates]] # a rule of your own beside "simultaneous": symprop train --update in_turn')
    yield '# name = "in_turn"'
    yield "# sequential = true # each step with the parameters that are already new"
    yield ""
