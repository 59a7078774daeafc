"""Fresh numbers for a network, so that each student gets a sheet of their own: drawn from a seed, and well conditioned.

Input: a Derivation and a seed. Output: the same Derivation over new inputs, targets and weights, of two decimals each.

A draw is taken when
- every net input of a logistic unit lies within 2.5 of 0, that of a tanh unit within 1.5: no unit is saturated;
- no value is beyond 10;
- every argument of a function with a kink is at least 0.05 away from it;
- every entry of every gradient is at least 0.001 in size: none vanishes, and no unit is dead.
A draw that fails loosens what it fails, for wide and for deep networks: the weights' range narrows by 2 %, from 0.10 to 0.90 in
size down to 0.10 to 0.20; the distance to a kink shrinks by 1 %, down to 0.01; the bound of the gradients falls by 3 %, down to a
millionth; beside kinks and dead units fewer of the weights are negative, by 3 %, down to a tenth of them; weights and gradients are
loosened faster the more draws have failed. Up to 81 numbers of the same kind all differ in size, so that one put in another's place
shows. Kept as they are: fixed values, the learning rate, tables of zeros and ones and rows that sum to 1 (truth tables, one-hot
rows), targets of a softmax.
"""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import sha256
from math import prod
from typing import Literal, TypeAlias

import numpy as np

from symprop.derive import Derivation
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Given, Graph, Network, Shape, Value
from symprop.terms import Apply, Number, subterms
from symprop.worked import floats
from symprop.worked.evaluate import Numeric, Values

Hundredths: TypeAlias = "int | tuple[Hundredths, ...]"  # of a scalar or an array; written as numbers when a draw is taken
Fault: TypeAlias = Literal["saturated", "kink", "dead", "vanishing"]
FAULTS: dict[Fault, str] = {
    "saturated": "a unit was saturated",
    "kink": "a value lay beside a kink",
    "dead": "a gradient was 0",
    "vanishing": "a gradient came near 0",
}

ATTEMPTS = 400
MOST_NUMBERS = 5000  # of inputs, targets and weights together
MOST_WORK = 500_000  # numbers of all draws together
LEAST, MOST, NARROWEST = 10, 90, 20  # hundredths
LARGEST_VALUE = 10.0
KINK_DISTANCE, SMALLEST_DISTANCE = 0.05, 0.01
NEGATIVE, FEWEST_NEGATIVE = 50, 10  # of a hundred weights
LARGEST_BOUND, SMALLEST_BOUND = 1e-3, 1e-6  # of a gradient's entries
BATCH = 3  # rows, where the spec leaves their number open
SOFTMAX = {"softmax", "logsumexp", "softmax_cross_entropy"}


def fresh(derivation: Derivation, seed: int) -> Derivation:
    """The derivation over the first well-conditioned draw of this seed; what a document claims of its own numbers is left out.

    Raises UnsupportedError where no draw is well conditioned, and at once where the network is too wide to be worked by hand.
    """
    check_width(derivation.network)
    source, failed = Source(seed), Counter[Fault]()
    attempts = min(ATTEMPTS, MOST_WORK // sum(counts(derivation.network).values()))
    for _ in range(attempts):
        limits = _limits(failed)
        drawn = dict(_drawn(derivation.network, source, limits))
        fault = _fault(derivation, drawn, limits)
        if fault is None:
            numbers = {name: _written(value) for name, value in drawn.items()}
            return replace(derivation, network=with_numbers(derivation.network, numbers))
        failed[fault] += 1
    [(fault, count)] = failed.most_common(1)
    problem = f"no well-conditioned numbers in {attempts} draws: {FAULTS[fault]} in {count} of them"
    raise UnsupportedError(f"{derivation.network.id}: {problem}; try another seed")


def check_width(network: Network) -> None:
    """Raises UnsupportedError where the network has more numbers than an example has that is worked line by line."""
    numbers = counts(network)
    count = sum(numbers.values())
    if count > MOST_NUMBERS:
        widest = max(numbers, key=lambda name: numbers[name])
        has = f"{network.id}: it has {count:,} numbers, {numbers[widest]:,} of them in {widest}"
        raise UnsupportedError(f"{has}; a worked example has at most {MOST_NUMBERS:,}")


def counts(network: Network) -> dict[str, int]:
    """How many numbers each input, target and parameter has."""
    graph = network.graph
    names = graph.names("input", "target", "parameter")
    return {name: prod(_shape(graph.shape(name), network.data.get(name))) for name in names}


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a draw keeps to: hundredths of the largest weight, negative ones of a hundred, distance to a kink, least gradient."""

    most: int
    negative: int
    distance: float
    bound: float


def _limits(failed: Mapping[Fault, int]) -> _Limits:
    return _Limits(
        most=max(NARROWEST, round(MOST * 0.98 ** _haste(failed["saturated"]))),
        negative=max(FEWEST_NEGATIVE, round(NEGATIVE * 0.97 ** (failed["kink"] + failed["dead"]))),
        distance=max(SMALLEST_DISTANCE, KINK_DISTANCE * 0.99 ** failed["kink"]),
        bound=max(SMALLEST_BOUND, LARGEST_BOUND * 0.97 ** _haste(failed["vanishing"])),
    )


def _haste(failed: int) -> float:
    """Small steps at first, larger ones in a network of many weights, of which some gradient is always small."""
    return failed + failed**2 / 10


def with_numbers(network: Network, numbers: Mapping[str, Value]) -> Network:
    """The network with these inputs, targets and initial parameters, without the claims and remarks about its old ones."""
    data = {**network.data, **{name: value for name, value in numbers.items() if name not in network.initial}}
    initial = {name: Given(numbers[name]) if name in numbers else start for name, start in network.initial.items()}
    return replace(network, data=data, initial=initial, claims=(), remarks=())


def sheet_id(network: Network, numbers: Mapping[str, Value], seed: int | None) -> str:
    """An opaque name of a sheet: HMAC-SHA256 over its given numbers, keyed with the seed, ten hexadecimal digits of it."""
    written = {name: texts(numbers[name]) for name in (*network.data, *network.initial)}
    message = json.dumps([network.id, written], ensure_ascii=True, sort_keys=True)
    return hmac.new(f"symprop sheet {seed}".encode(), message.encode(), sha256).hexdigest()[:10]


def texts(value: Value) -> object:
    """Written numbers by their texts, nested as lists."""
    return value.text if isinstance(value, Number) else [texts(part) for part in value]


@dataclass
class Source:
    """Whole numbers from a seed by SHA-256, the same under every version of Python and NumPy."""

    seed: int
    drawn: int = field(default=0)

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1."""
        digest = sha256(f"{self.seed}:{self.drawn}".encode()).digest()
        self.drawn += 1
        return int.from_bytes(digest[:16]) % limit


def _drawn(network: Network, source: Source, limits: _Limits) -> Iterator[tuple[str, Hundredths]]:
    """New values for what is drawn, in the order of the quantities; every parameter is."""
    graph = network.graph
    kept = set(graph.names("target")) if _functions(graph) & SOFTMAX else set()
    weights = _Pool(source, limits.most, limits.negative)
    pools = {"input": _Pool(source, MOST), "target": _Pool(source, MOST), "parameter": weights}
    for name, quantity in graph.quantities.items():
        value = network.data.get(name)
        if quantity.role in pools and not (value is not None and (name in kept or _is_pattern(value))):
            yield name, _array(pools[quantity.role], _shape(quantity.shape, value))


def _functions(graph: Graph) -> set[str]:
    return {part.function for term in graph.definitions.values() for part in subterms(term) if isinstance(part, Apply)}


def _is_pattern(value: Value) -> bool:
    """A table of zeros and ones, or of rows that sum to 1."""
    if isinstance(value, Number):
        return False
    entries = list(_entries(value))
    rows = [row for row in value if isinstance(row, tuple) and len(row) > 1]
    whole = len(rows) == len(value) and all(sum(_entries(row)) == 1 for row in rows)
    return whole or all(entry in (0, 1) for entry in entries)


def _entries(value: Value) -> Iterator[Fraction]:
    if isinstance(value, Number):
        yield value.value
    else:
        for part in value:
            yield from _entries(part)


def _shape(shape: Shape, value: Value | None) -> tuple[int, ...]:
    if value is not None:
        return tuple(np.shape(floats.to_floats(value)))
    return tuple(length if isinstance(length, int) else BATCH for length in shape)


@dataclass
class _Pool:
    """Hundredths from LEAST to `most`, `negative` of a hundred below 0; each size comes once before any comes again."""

    source: Source
    most: int
    negative: int = 0
    sizes: list[int] = field(default_factory=list)

    def draw(self) -> int:
        if not self.sizes:
            self.sizes = list(range(LEAST, self.most + 1))
        size = self.sizes.pop(self.source.below(len(self.sizes)))
        negative = self.negative and self.source.below(100) < self.negative
        return -size if negative else size


def _array(pool: _Pool, shape: tuple[int, ...]) -> Hundredths:
    return tuple(_array(pool, shape[1:]) for _ in range(shape[0])) if shape else pool.draw()


def _written(value: Hundredths) -> Value:
    """Hundredths as the page writes them: -7 is -0.07."""
    if isinstance(value, tuple):
        return tuple(map(_written, value))
    return Number(Fraction(value, 100), f"{'-' * (value < 0)}0.{abs(value):02d}")


def _fault(derivation: Derivation, drawn: Mapping[str, Hundredths], limits: _Limits) -> Fault | None:
    """Which criterion a draw fails."""
    network = derivation.network
    start = {name: np.divide(value, 100) for name, value in drawn.items()}  # the double nearest to what is written
    values = floats.forward(network, start, {name: value for name, value in start.items() if name not in network.initial})
    equations = network.graph.definitions
    if not all(_largest(values[name]) <= LARGEST_VALUE for name in equations):
        return "saturated"
    calls = [part for term in equations.values() for part in subterms(term) if isinstance(part, Apply)]
    if any(_is_saturated(call, values) for call in calls):
        return "saturated"
    if any(_is_near_kink(call, values, limits.distance) for call in calls):
        return "kink"
    gradients = floats.backward(derivation, values)
    least = min(_smallest(gradients[derivation.steps[name].name]) for name in network.graph.names("parameter"))
    return "dead" if least == 0 else None if least >= limits.bound else "vanishing"


def _is_saturated(call: Apply, values: Values) -> bool:
    bound = FUNCTIONS[call.function].saturates
    return bool(bound) and _largest(floats.evaluate(call.arguments[0], values)) > bound


def _is_near_kink(call: Apply, values: Values, distance: float) -> bool:
    if not FUNCTIONS[call.function].kink:
        return False
    first, second = (*(floats.evaluate(argument, values) for argument in call.arguments), 0.0)[:2]
    return _smallest(first - second) < distance


def _largest(value: Numeric) -> float:
    return float(np.max(np.abs(value)))


def _smallest(value: Numeric) -> float:
    """The size of the smallest entry; 0 where one is not finite."""
    return float(np.min(np.where(np.isfinite(value), np.abs(value), 0)))
