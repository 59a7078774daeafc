"""A chart of training curves in pgfplots, with the axes and names of the SVG.

Input: a `Chart` and the notation. Output: a `tikzpicture` that needs the package pgfplots (texlive-pictures has it).
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.notation import Notation
from symprop.notation.latex import box_latex, latex
from symprop.render.curves import Axis, Chart, Series, labels, tick_box

COLOURS = ("blue!70!black", "orange!80!black", "teal!80!black", "violet", "blue!40!black", "brown", "red!75!black", "gray")
WIDE, HIGH = 0.68, 4.4  # the area in which lines are drawn: the part of the line's width, and cm
GAP = 0.3  # cm: the least distance of two names


def pgfplots(chart: Chart, notation: Notation) -> str:
    """Axes, one line for each entry of each series, and its name at its end."""
    lines = [r"\begin{tikzpicture}", rf"\begin{{axis}}[{', '.join(_options(chart, notation))}]"]
    for place, series in enumerate(chart.series):
        lines += [_line(chart, series, place, line) for line in series.lines]
    return "\n".join([*lines, *_names(chart, notation), r"\end{axis}", r"\end{tikzpicture}"])


def _options(chart: Chart, notation: Notation) -> Iterator[str]:
    yield from ("scale only axis", rf"width={WIDE:g}\linewidth", f"height={HIGH:g}cm", "clip=false", "scaled ticks=false")
    yield "grid=major, grid style={black!15}"
    yield "tick label style={font=\\scriptsize}, label style={font=\\small}, xlabel={iteration}"
    if chart.logarithmic:
        yield "ymode=log"
    for letter, axis in (("x", chart.across), ("y", chart.up)):
        ticks = ",".join(f"{float(tick.value):g}" for tick in axis.ticks)
        yield f"{letter}min={axis.low:.10g}, {letter}max={axis.high:.10g}, {letter}tick={{{ticks}}}"
        yield f"{letter}ticklabels={{{_tick_labels(axis, notation)}}}"


def _tick_labels(axis: Axis, notation: Notation) -> str:
    return ",".join(f"{{${box_latex(tick_box(axis, tick, notation))}$}}" for tick in axis.ticks)


def _line(chart: Chart, series: Series, place: int, line: tuple[float, ...]) -> str:
    points = " ".join(f"({x},{y:.5g})" for x, y in zip(chart.iterations, line, strict=True))
    dashes = ", dashed" if series.dashed else ""
    return rf"\addplot[no markers, semithick, {COLOURS[place % len(COLOURS)]}{dashes}] coordinates {{{points}}};"


def _names(chart: Chart, notation: Notation) -> Iterator[str]:
    for label in labels(chart, GAP / HIGH):
        at = f"at (axis description cs:1.01,{label.height:.3f})"
        colour = COLOURS[label.series % len(COLOURS)]
        yield rf"\node[anchor=west, inner sep=0pt, font=\scriptsize, {colour}] {at} {{${latex(label.term, notation)}$}};"
