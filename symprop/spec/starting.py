"""A commented spec to start from.

Input: layer sizes such as `2-3-1`, an activation, a loss, an optimiser. Output: TOML that builds as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, pairwise

from symprop.errors import UsageError, suggestion
from symprop.functions import ACTIVATIONS, FUNCTIONS
from symprop.spec.layers import activation_hint
from symprop.spec.loss_equations import USUAL_LOSS
from symprop.spec.losses import LOSSES, OTHER_NAMES, PENALTY
from symprop.spec.options import DTYPES, OPTIMIZERS
from symprop.spec.problems import meant
from symprop.words import counted

SIZES = re.compile(r"[1-9][0-9]{0,5}(-[1-9][0-9]{0,5}){1,15}")
MOST_SYMBOLS = 60  # parameters up to which a symbol for each is easier to read than matrices
USUAL_HIDDEN = "sigmoid"  # before a last layer whose activation works along the row
PLAIN = next(name for name, row in OPTIMIZERS.items() if row.plain)
MOST_COLUMNS = 16  # inputs or targets of a sample up to which example data are written out


@dataclass(frozen=True)
class Choice:
    """What a starting spec is made of; `optimizer` is empty where the spec only names what there is."""

    widths: tuple[int, ...]
    hidden: str
    last: str
    loss: str
    optimizer: str

    @property
    def small(self) -> bool:
        """Whether a symbol for each parameter stays readable."""
        return sum((before + 1) * after for before, after in pairwise(self.widths)) <= MOST_SYMBOLS


def starting_spec(sizes: str, activation: str = "sigmoid", loss: str = "", optimizer: str = "") -> str:
    """A spec with these layer sizes, inputs first; a symbol per weight where that stays readable, matrices beyond.

    Without a loss it is the one that fits the activation; a loss of the net inputs decides the last layer's activation.
    Raises `UsageError` for malformed sizes or an unknown name.
    """
    if not SIZES.fullmatch(sizes):
        raise UsageError(f"layer sizes: expected 2 to 16 sizes from inputs to outputs, such as 2-3-1, got '{sizes[:60]}'")
    _check("activation", activation, ACTIVATIONS, activation_hint(activation))
    _check("loss", loss or USUAL_LOSS, LOSSES, meant(loss, LOSSES, OTHER_NAMES))
    _check("optimizer", optimizer or PLAIN, OPTIMIZERS, suggestion(optimizer, OPTIMIZERS))
    choice = _choice(tuple(int(size) for size in sizes.split("-")), activation, loss, optimizer)
    if FUNCTIONS[choice.last].rowwise and choice.widths[-1] == 1:
        raise UsageError(f"layer sizes: expected at least 2 outputs for {choice.last}, got 1")
    values = _symbols(choice) if choice.small else _matrices(choice)
    return "\n".join((*_head(sizes), *values, *_layers(choice), *_training(choice)))


def _check(what: str, name: str, known: Collection[str], hint: str) -> None:
    if name not in known:
        near = hint if hint.startswith(";") else ""
        raise UsageError(f"{what}: expected one of {', '.join(known)}, got '{name[:60]}'{near}")


def _choice(widths: tuple[int, ...], activation: str, loss: str, optimizer: str) -> Choice:
    rowwise = FUNCTIONS[activation].rowwise
    fitting = (row.name for row in LOSSES.values() if rowwise and row.activation == activation)
    loss = loss or next(fitting, USUAL_LOSS)
    return Choice(
        widths=widths,
        hidden=USUAL_HIDDEN if rowwise else activation,
        last=LOSSES[loss].activation or activation,
        loss=loss,
        optimizer=optimizer,
    )


def _head(sizes: str) -> tuple[str, ...]:
    return (
        f"# A {sizes} network. Change names and numbers as you like; digits stay as you write them.",
        f'id = "net_{sizes}"',
        f'title = "A {sizes} network"',
        "",
    )


def _symbols(choice: Choice) -> Iterator[str]:
    """One input, target, weight and bias a line."""
    widths = choice.widths
    yield "[inputs] # example data, one sample: put in your own; for several write a list, i1 = [0.05, 0.15]"
    yield from (f"i{index} = {_decimal(5 * index)}" for index in range(1, widths[0] + 1))
    yield from ("", "[targets]")
    yield from (f"target_o{index} = {target}" for index, target in enumerate(_targets(0, choice), 1))
    yield from ("", "[parameters] # initial weights, unit by unit, then each layer's biases")
    weights = count(1)
    for number, (before, after) in enumerate(pairwise(widths), 1):
        yield f"# layer {number}: {counted(before, 'weight')} into each of {counted(after, 'unit')}"
        yield from (f"w{k} = 0.{7 * k % 9 + 1}" for k in islice(weights, before * after))
        if _bias(choice, number) == "layer":
            yield f"b{number} = 0.1 # shared by the layer"
        else:
            yield from (f"b_o{unit} = 0.1" for unit in range(1, after + 1))
    yield ""


def _bias(choice: Choice, number: int) -> str:
    """Shared by a small layer, but for a softmax: what is added to all of its net inputs moves nothing."""
    is_softmax = number == len(choice.widths) - 1 and FUNCTIONS[choice.last].rowwise
    return "layer" if choice.small and not is_softmax else "unit"


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _targets(sample: int, choice: Choice) -> list[str]:
    """Targets that the outputs can come near: a class of its own for each sample behind softmax, else low and high ones."""
    width = choice.widths[-1]
    if FUNCTIONS[choice.last].rowwise:
        return ["1" if index == sample % width else "0" for index in range(width)]
    return ["0.99" if (index + sample) % 2 else "0.01" for index in range(width)]


def _matrices(choice: Choice) -> Iterator[str]:
    """A matrix of weights and a row of biases for each layer."""
    widths = choice.widths
    if max(widths[0], widths[-1]) <= MOST_COLUMNS:
        yield from _example(choice)
    else:
        yield "# m is the number of samples; write rows, X = [[...], [...]], to give data here: training and worksheets need it"
        yield from ("[inputs]", f'X = {{ shape = ["m", {widths[0]}] }}', "")
        yield from ("[targets]", f'Y = {{ shape = ["m", {widths[-1]}] }}', "")
    yield "[parameters] # initial values: drawn with the seed below, or given"
    for number, (before, after) in enumerate(pairwise(widths), 1):
        yield f'W{number} = {{ shape = [{before}, {after}], draw = "{FUNCTIONS[choice.hidden].initializer}" }}'
        yield f"b{number} = {{ shape = [{after}], value = 0 }}"
    yield ""


def _example(choice: Choice) -> Iterator[str]:
    """Two samples, so that every command works at once."""
    rows = [[_decimal(10 * ((3 * index + 5 * sample) % 10)) for index in range(choice.widths[0])] for sample in range(2)]
    targets = [_targets(sample, choice) for sample in range(2)]
    yield from ("[inputs] # example data, one row a sample: put in your own", *_rows("X", rows), "")
    yield from ("[targets]", *_rows("Y", targets), "")


def _rows(name: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"{name} = [", *(f"  [{', '.join(row)}]," for row in rows), "]")


def _layers(choice: Choice) -> Iterator[str]:
    small, widths = choice.small, choice.widths
    yield "[network]"
    yield f'loss = "{choice.loss}" # or an expression, or {_others(LOSSES, choice.loss)}'
    yield from () if small else ('style = "matrix"',)
    yield f"# l2 = 0.01 # a penalty: {PENALTY.format(l2='l2', square='w**2')} of each weight"
    if small and LOSSES[choice.loss].unit and widths[-1] > 1:
        yield 'errors = "E_{unit}" # an equation for the error of each output'
    for number, width in enumerate(widths[1:], 1):
        activation = choice.last if number == len(widths) - 1 else choice.hidden
        yield from ("", "[[layers]]", f"size = {width}", f'activation = "{activation}" # or {_others(ACTIVATIONS, activation)}')
        bias, other = sorted(("layer", "unit"), key=lambda kind: kind != _bias(choice, number))
        yield f'bias = "{bias}" # or "{other}", or "none"'
    yield ""


def _others(names: Iterable[str], chosen: str) -> str:
    return ", ".join(name for name in names if name != chosen)


def _training(choice: Choice) -> Iterator[str]:
    """Small steps where outputs have no bound, so that a newcomer's first training does not run away; then what may be added."""
    yield "[training]"
    yield 'rate = "eta" # the symbol of the learning rate'
    yield f"learning_rate = {_learning_rate(choice)}"
    yield "iterations = 1000"
    yield "seed = 0 # for initial values that are drawn"
    optimizer = choice.optimizer or next(name for name in OPTIMIZERS if name != PLAIN)
    others = _others([*(name for name in OPTIMIZERS if name != PLAIN), PLAIN], optimizer)
    yield f'{"" if choice.optimizer else "# "}optimizer = "{optimizer}" # or {others}; left out: {PLAIN}'
    yield f'# dtype = "{DTYPES[1]}" # left out: {DTYPES[0]}'
    yield from () if choice.small else ("# batch_size = 1 # samples of an update; left out: all of them",)
    yield from ("", '# [[updates]] # a rule of your own beside "simultaneous": symprop train --update in_turn')
    yield '# name = "in_turn"'
    yield "# sequential = true # each step with the parameters that are already new"
    yield ""


def _learning_rate(choice: Choice) -> str:
    """A tenth where the optimiser keeps what it has seen: its steps add up to about ten times the plain one's."""
    plain = OPTIMIZERS[choice.optimizer or PLAIN].plain
    usual = "0.5" if FUNCTIONS[choice.hidden].bounded else "0.05"
    return usual if plain else usual.replace("0.", "0.0")
