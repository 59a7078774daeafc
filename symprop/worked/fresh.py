"""Fresh numbers for a network, so that each student gets a sheet of their own: drawn from a seed, and well conditioned.

Input: a Derivation and a seed. Output: the same Derivation over new inputs, targets and weights, of two decimals each.

A draw is taken when
- every net input of a logistic unit lies within 2.5 of 0, that of a tanh unit within 1.5: no unit is saturated;
- every argument of a function with a kink is at least 0.05 away from it;
- every entry of every gradient is at least 0.001 in size: none vanishes.
A draw that fails the first two narrows the range of the weights by 2 %, from 0.10 to 0.90 in size down to 0.10 to 0.20, for wide
layers; one that fails the last lowers its bound by 3 %, down to a millionth, for deep networks. Up to 81 numbers of the same kind
all differ in size, so that one put in another's place shows. Kept as they are: fixed values, the learning rate, tables of zeros
and ones and rows that sum to 1 (truth tables, one-hot rows), targets of a softmax.
"""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import sha256
from typing import Literal

import numpy as np

from symprop.derive import Derivation
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Given, Graph, Network, Shape, Value
from symprop.terms import Apply, Number, Term, subterms
from symprop.worked import floats
from symprop.worked.evaluate import Numeric, Values

ATTEMPTS = 400
LEAST, MOST, NARROWEST = 10, 90, 20  # hundredths
SATURATION = {"sigmoid": 2.5, "tanh": 1.5}
KINK_DISTANCE = 0.05
LARGEST_BOUND, SMALLEST_BOUND = 1e-3, 1e-6  # of a gradient's entries
BATCH = 3  # rows, where the spec leaves their number open
SOFTMAX = {"softmax", "logsumexp", "softmax_cross_entropy"}


def fresh(derivation: Derivation, seed: int) -> Derivation:
    """The derivation over the first well-conditioned draw of this seed; what a document claims of its own numbers is left out.

    Raises UnsupportedError where no draw is well conditioned.
    """
    source, failed = Source(seed), Counter[str]()
    for _ in range(ATTEMPTS):
        most = max(NARROWEST, round(MOST * 0.98 ** failed["saturated"]))
        bound = max(LARGEST_BOUND * 0.97 ** failed["vanishing"], SMALLEST_BOUND)
        drawn = replace(derivation, network=with_numbers(derivation.network, dict(_drawn(derivation.network, source, most))))
        fault = _fault(drawn, bound)
        if fault is None:
            return drawn
        failed[fault] += 1
    raise UnsupportedError(f"{derivation.network.id}: no well-conditioned numbers in {ATTEMPTS} draws; try another seed")


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


def _drawn(network: Network, source: Source, most: int) -> Iterator[tuple[str, Value]]:
    """New values for what is drawn, in the order of the quantities, the weights up to `most` hundredths in size."""
    graph = network.graph
    kept = set(graph.names("target")) if _functions(graph) & SOFTMAX else set()
    pools = {"input": _Pool(source, MOST), "target": _Pool(source, MOST), "parameter": _Pool(source, most, signed=True)}
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
    """Hundredths from LEAST to `most`, of either sign where `signed`; each size comes once before any comes again."""

    source: Source
    most: int
    signed: bool = False
    sizes: list[int] = field(default_factory=list)

    def draw(self) -> Number:
        if not self.sizes:
            self.sizes = list(range(LEAST, self.most + 1))
        size = self.sizes.pop(self.source.below(len(self.sizes)))
        negative = self.signed and self.source.below(2)
        return Number(Fraction(-size if negative else size, 100), f"{'-' if negative else ''}0.{size:02d}")


def _array(pool: _Pool, shape: tuple[int, ...]) -> Value:
    return tuple(_array(pool, shape[1:]) for _ in range(shape[0])) if shape else pool.draw()


def _fault(derivation: Derivation, bound: float) -> Literal["saturated", "vanishing"] | None:
    """Which criterion a draw fails."""
    network = derivation.network
    start = {name: floats.to_floats(given.value) for name, given in network.initial.items() if isinstance(given, Given)}
    values = floats.forward(network, start)
    if not all(_in_range(term, values) for term in network.graph.definitions.values()):
        return "saturated"
    gradients = floats.backward(derivation, values)
    sizes = [np.abs(gradients[derivation.steps[name].name]) for name in network.graph.names("parameter")]
    clear = all(bool(np.all(np.isfinite(size) & (size >= bound))) for size in sizes)
    return None if clear else "vanishing"


def _in_range(term: Term, values: Values) -> bool:
    """Whether no function in an equation is saturated or near its kink."""
    calls = [part for part in subterms(term) if isinstance(part, Apply)]
    return all(_call_in_range(call, values) for call in calls)


def _call_in_range(call: Apply, values: Values) -> bool:
    if call.function in SATURATION:
        return _largest(floats.evaluate(call.arguments[0], values)) <= SATURATION[call.function]
    if FUNCTIONS[call.function].kink:
        arguments = [floats.evaluate(argument, values) for argument in call.arguments]
        return bool(np.all(np.abs(arguments[0] - (arguments[1] if len(arguments) > 1 else 0)) >= KINK_DISTANCE))
    return True


def _largest(value: Numeric) -> float:
    return float(np.max(np.abs(value)))
