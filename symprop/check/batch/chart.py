"""The bar chart of a class's mistakes.

Input: a summary. Output: matplotlib's figure; needs the extra `plot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symprop.check.batch.summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def chart(summary: Summary) -> Figure:
    """The counts of proved mistakes as horizontal bars."""
    from matplotlib.figure import Figure

    counts = (*summary.mistakes, *((("no known mistake fits", summary.unexplained),) if summary.unexplained else ()))
    figure = Figure(figsize=(8, 1.2 + 0.35 * max(1, len(counts))), layout="constrained")
    axes = figure.subplots()
    names, values = [name for name, _ in counts], [count for _, count in counts]
    axes.barh(names[::-1], values[::-1], color="#4477aa")
    axes.set_xlabel("answers")
    axes.set_title(f"Mistakes in {summary.answers} answers")
    return figure
