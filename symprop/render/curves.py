"""Curves of a training as plain data, and the axes on which a chart draws them; the same for SVG and pgfplots.

Input: iterations and values, recorded by whoever trained. Output: `Chart`s, their axes, and where the name of each line stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, product
from math import ceil, floor, log10

from symprop.notation import Notation
from symprop.notation.boxes import Box, Numeral, Scripts
from symprop.notation.symbols import numeral
from symprop.render.picture import with_commas
from symprop.terms import Entry, Number, Ref, Term, number

MOST_LABELS = 20  # lines that are named one by one at their ends
DECADES = 2.0  # a loss that falls over more decades is drawn on a logarithmic scale
NOISE = 1e-12  # of the largest value: below it rounding shows, and differs from machine to machine


@dataclass(frozen=True, slots=True)
class Series:
    """A quantity against the iteration: `lines` holds one line for each entry of an array, row by row, or one for a scalar."""

    name: str
    lines: tuple[tuple[float, ...], ...]
    shape: tuple[int, ...] = ()
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Curves:
    """A training: the update rule's name, the recorded iterations, and the quantities that were followed.

    The loss and the outputs are those before an iteration's step, the parameters those after it.
    """

    rule: str
    iterations: tuple[int, ...]
    loss: Series
    parameters: tuple[Series, ...] = ()
    outputs: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with ticks at round numbers; logarithmic where `log`."""

    low: float
    high: float
    ticks: tuple[Number, ...]
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value stands: 0 at the low end, 1 at the high one."""
        low, high, at = (log10(each) if self.log else each for each in (self.low, self.high, value))
        return (at - low) / (high - low)


@dataclass(frozen=True)
class Chart:
    """What a `Figure` of kind `curves` draws: some series against the iteration; `title` names the drawing."""

    title: str
    iterations: tuple[int, ...]
    series: tuple[Series, ...]
    logarithmic: bool = False

    @cached_property
    def across(self) -> Axis:
        """The axis of iterations."""
        return linear_axis(self.iterations[0], self.iterations[-1], within=True)

    @cached_property
    def up(self) -> Axis:
        """The axis of values."""
        values = [value for series in self.series for line in series.lines for value in line]
        return log_axis(min(values), max(values)) if self.logarithmic else linear_axis(min(values), max(values))


def chart(title: str, curves: Curves, series: Sequence[Series]) -> Chart:
    """A chart of some series of a training.

    A loss that falls over several decades is drawn on a logarithmic scale, as far as it stands clear of rounding; what may change
    its sign, as weights do, is drawn as it is.
    """
    clear = _clear(curves.loss.lines[0]) if tuple(series) == (curves.loss,) else 0
    if not clear:
        return Chart(title, curves.iterations, tuple(series))
    return Chart(title, curves.iterations[:clear], tuple(_as_far_as(each, clear) for each in series), logarithmic=True)


def _clear(values: Sequence[float]) -> int:
    """How many values a logarithmic scale shows; 0 where a linear one shows them as well."""
    noise = max(values) * NOISE
    clear = next((place for place, value in enumerate(values) if value <= noise), len(values))
    decades = clear > 1 and min(values) >= -noise and log10(max(values) / min(values[:clear])) > DECADES
    return clear if decades else 0


def _as_far_as(series: Series, points: int) -> Series:
    return replace(series, lines=tuple(line[:points] for line in series.lines))


def linear_axis(low: float, high: float, within: bool = False) -> Axis:
    """Ticks at 1, 2 or 5 times a power of ten, six at most; the ends are ticks too, unless the axis stays `within` its values."""
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    exponent = floor(log10((high - low) / 5)) - 1
    steps = ((mantissa, power) for power in count(exponent) for mantissa in (1, 2, 5))
    mantissa, power = next((m, e) for m, e in steps if high - low <= 5 * m * 10.0**e * (1 + 1e-9))
    step = mantissa * 10.0**power
    first, last = (ceil(low / step - 1e-9), floor(high / step + 1e-9)) if within else (floor(low / step), ceil(high / step))
    ticks = tuple(_decimal(multiple * mantissa, power) for multiple in range(first, last + 1))
    return Axis(low, high, ticks) if within else Axis(first * step, last * step, ticks)


def log_axis(low: float, high: float) -> Axis:
    """Ticks at powers of ten, seven at most."""
    first, last = floor(log10(low)), ceil(log10(high))
    stride = ceil((last - first) / 6)
    return Axis(10.0**first, 10.0**last, tuple(number(f"1e{power}") for power in range(first, last + 1, stride)), log=True)


def _decimal(digits: int, power: int) -> Number:
    """digits * 10**power without an exponent."""
    if power >= 0:
        return number(digits * 10**power)
    sign, text = "-" * (digits < 0), str(abs(digits)).rjust(1 - power, "0")
    return number(f"{sign}{text[:power]}.{text[power:]}" if digits else "0")


def tick_box(axis: Axis, tick: Number, notation: Notation) -> Box:
    """What stands at a tick: the number, or a bare power of ten."""
    return Scripts(Numeral("10"), sup=numeral(number(round(log10(tick.value))), notation)) if axis.log else numeral(tick, notation)


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a line at its end: what is written, the series' position, and the height (0 to 1) at which it stands."""

    term: Term
    series: int
    height: float


def labels(chart: Chart, gap: float) -> list[Label]:
    """The names of the lines, pushed apart so that they stand at least `gap` apart; one name for an array of many entries."""
    wanted = sorted(_ends(chart), key=lambda label: round(label.height, 6))  # not by rounding, which machines do differently
    gap = min(gap, 1 / max(1, len(wanted) - 1))
    heights: list[float] = []
    for label in wanted:
        heights.append(max(label.height, heights[-1] + gap) if heights else label.height)
    top = 1.0
    for place in reversed(range(len(heights))):
        heights[place] = max(0.0, min(heights[place], top))
        top = heights[place] - gap
    return [Label(label.term, label.series, height) for label, height in zip(wanted, heights, strict=True)]


def _ends(chart: Chart) -> Iterator[Label]:
    each = sum(len(series.lines) for series in chart.series) <= MOST_LABELS
    for place, series in enumerate(chart.series):
        indices = list(product(*map(range, series.shape)))
        ends = [chart.up.place(line[-1]) for line in series.lines]
        if not series.shape or not each:
            yield Label(Ref(series.name), place, max(ends))
        else:
            yield from (Label(Entry(series.name, index), place, end) for index, end in zip(indices, ends, strict=True))


def described(chart: Chart, decimal_comma: bool = False) -> str:
    """The chart in words: from where to where each line runs."""
    scale = " on a logarithmic scale" if chart.logarithmic else ""
    span = f"iterations {chart.iterations[0]} to {chart.iterations[-1]}"
    words = f"{chart.title} over {span}{scale}: {'; '.join(map(_told, chart.series))}."
    return with_commas(words) if decimal_comma else words


def _told(series: Series) -> str:
    if len(series.lines) == 1:
        first, last = (f"{value:.3g}" for value in (series.lines[0][0], series.lines[0][-1]))
        near = "at" if len(set(series.lines[0])) == 1 else "near"
        return f"{series.name} stays {near} {first}" if first == last else f"{series.name} goes from {first} to {last}"
    ends = [line[-1] for line in series.lines]
    low, high = (f"{value:.3g}" for value in (min(ends), max(ends)))
    where = f"near {low}" if low == high else f"between {low} and {high}"
    return f"the {len(series.lines)} entries of {series.name} end {where}"
