"""Where each number of a kernel lies: blocks of flat memory, each array behind the one before it.

Input: names with their shapes, block by block. Output: places and sizes as expressions in the batch size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from symprop.graph import Shape

Size = tuple[int, ...]  # coefficients of 1, m, m*m, ...


def size_of(shape: Shape) -> Size:
    """The number of entries."""
    count, power = 1, 0
    for length in shape:
        count, power = (count * length, power) if isinstance(length, int) else (count, power + 1)
    return (*(0 for _ in range(power)), count)


def added(left: Size, right: Size) -> Size:
    """The sum of two sizes."""
    return tuple(map(sum, zip_longest(left, right, fillvalue=0)))


def larger(left: Size, right: Size) -> Size:
    """A size that is at least both, whatever the batch size."""
    return tuple(map(max, zip_longest(left, right, fillvalue=0)))


def size_text(size: Size, length: str) -> str:
    """`4*m + 12`; the highest power first."""
    parts = [_term(count, [length] * power) for power, count in enumerate(size) if count]
    return " + ".join(reversed(parts)) or "0"


def _term(count: int, lengths: list[str]) -> str:
    return "*".join([*([str(count)] if count != 1 or not lengths else []), *lengths])


@dataclass(frozen=True)
class Layout:
    """The places of arrays in one block: name -> (start, stop)."""

    block: str
    places: Mapping[str, tuple[Size, Size]]
    size: Size


def layout(block: str, names: Iterable[str], shapes: Mapping[str, Shape], start: Size = (0,)) -> Layout:
    """The named arrays, one behind the other."""
    places: dict[str, tuple[Size, Size]] = {}
    stop = start
    for name in names:
        begin, stop = stop, added(stop, size_of(shapes[name]))
        places[name] = (begin, stop)
    return Layout(block, places, stop)
