"""A chart of training curves in SVG, to stand inside an HTML page or alone.

Input: a `Chart` and the notation. Output: one `svg` element; every line is named at its end, so that colour is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.notation import Notation
from symprop.notation.boxes import Box
from symprop.notation.layout import layout
from symprop.render.curves import Chart, Series, described, labels, tick_box
from symprop.render.svg import FONT, element
from symprop.render.svg_text import svg_text
from symprop.terms import Number

WIDE, HIGH = 500.0, 240.0  # pixels: the area in which lines are drawn
LEFT, RIGHT, TOP, BOTTOM = 74.0, 84.0, 14.0, 46.0  # the room around it
SIZE, GAP = 13.0, 15.0  # the size of text, and the least distance of two names
LIGHT = ("#0072b2", "#c24e00", "#00785a", "#a8488a", "#4a5fc4", "#8a6100", "#b02a37", "#5b6670")  # at least 4.5 to 1 on white
DARK = ("#5db5ec", "#ff9455", "#3ecba0", "#ea9fd0", "#a3b1ff", "#e3b341", "#ff8f98", "#b3bfc9")  # and so on near black


def svg_curves(chart: Chart, notation: Notation, identity: str) -> str:
    """Axes, ticks with a light grid, one line for each entry of each series, and its name in its colour."""
    parts = [f"<style>{_style(identity)}</style>", *_grid(chart, notation), *_lines(chart), *_names(chart, notation)]
    under = f'<text x="{WIDE / 2:.0f}" y="{HIGH + 40:.0f}" font-size="{SIZE:g}" text-anchor="middle">iteration</text>'
    frame = f'<rect width="{WIDE:.0f}" height="{HIGH:.0f}" fill="none" stroke="currentColor"/>'
    whole = (-LEFT, -TOP, LEFT + WIDE + RIGHT, TOP + HIGH + BOTTOM)
    return element("\n".join([*parts, frame, under]), whole, described(chart, notation.decimal_comma), identity, chart.title)


def _style(identity: str) -> str:
    dark = f"@media (prefers-color-scheme:dark){{{_colours(DARK, identity)}}}"
    return f".{identity} text{{{FONT}}}{_colours(LIGHT, identity)}{dark}"


def _colours(colours: tuple[str, ...], identity: str) -> str:
    rules = (f".{identity} .c{at}{{stroke:{colour}}}.{identity} text.n{at}{{fill:{colour}}}" for at, colour in enumerate(colours))
    return "".join(rules)


def _grid(chart: Chart, notation: Notation) -> Iterator[str]:
    for tick in chart.across.ticks:
        x = chart.across.place(_float(tick)) * WIDE
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y2="{HIGH:.0f}" stroke="currentColor" stroke-opacity="0.15"/>'
        yield _text(tick_box(chart.across, tick, notation), x, HIGH + 19, "middle")
    for tick in chart.up.ticks:
        y = (1 - chart.up.place(_float(tick))) * HIGH
        yield f'<line x2="{WIDE:.0f}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" stroke-opacity="0.15"/>'
        yield _text(tick_box(chart.up, tick, notation), -8, y + 4.5, "end")


def _lines(chart: Chart) -> Iterator[str]:
    for place, series in enumerate(chart.series):
        yield from (_line(chart, series, place, line) for line in series.lines)


def _line(chart: Chart, series: Series, place: int, line: tuple[float, ...]) -> str:
    pairs = zip(chart.iterations, line, strict=True)
    points = " ".join(f"{chart.across.place(x) * WIDE:.1f},{(1 - chart.up.place(y)) * HIGH:.1f}" for x, y in pairs)
    dashes = ' stroke-dasharray="5 4"' if series.dashed else ""
    return f'<polyline class="c{place % len(LIGHT)}" fill="none" stroke-width="1.6"{dashes} points="{points}"/>'


def _names(chart: Chart, notation: Notation) -> Iterator[str]:
    for label in labels(chart, GAP / HIGH):
        y = (1 - label.height) * HIGH + 4.5
        yield _text(layout(label.term, notation), WIDE + 7, y, "start", f' class="n{label.series % len(LIGHT)}"')


def _text(box: Box, x: float, y: float, side: str, attributes: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{SIZE:g}" text-anchor="{side}"'
    return f"<text{attributes} {place}>{svg_text(box, SIZE)}</text>"


def _float(tick: Number) -> float:
    return float(tick.value)
