"""Python that draws a chart with matplotlib from the history of a training.

Input: a Chart. Output: the code of a cell; it says what is missing where matplotlib is not installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.render.curves import Chart


def plotting(chart: Chart) -> str:
    """Expects `history`, as the generated module's `train` returns it, in the cells above."""
    scale = ', yscale="log"' if chart.logarithmic else ""
    return "\n".join(
        [
            "try:",
            "    import matplotlib.pyplot as plt",
            "except ImportError:",
            '    print("drawing needs matplotlib; this installs it: python -m pip install matplotlib")',
            "else:",
            '    iterations = history["iteration"]',
            "    figure, axes = plt.subplots(figsize=(8, 4))",
            *(f"    {line}" for line in _lines(chart)),
            f'    axes.set(title="{chart.title}", xlabel="iteration"{scale})',
            "    axes.legend()",
            "    plt.show()",
        ]
    )


def _lines(chart: Chart) -> Iterator[str]:
    followed = [series.name for series in chart.series if not series.dashed]
    yield f"for name in {followed!r}:".replace("'", '"')
    yield "    lines = axes.plot(iterations, history[name].reshape(len(iterations), -1))"
    yield "    lines[0].set_label(name)"
    for series in chart.series:
        if series.dashed:
            values = [line[0] for line in series.lines]
            yield f'axes.hlines({values}, iterations[0], iterations[-1], colors="gray", linestyles="dashed", label="{series.name}")'
