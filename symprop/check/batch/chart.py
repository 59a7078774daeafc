"""The bar chart of a class's mistakes.

Input: a summary. Output: an image file; needs the extra `plot`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from symprop.check.batch.summary import Summary
from symprop.errors import MissingToolError


def draw_chart(summary: Summary, path: Path) -> None:
    """Write the counts of proved mistakes as horizontal bars; the file's ending chooses the format.

    Raises MissingToolError where matplotlib is not installed.
    """
    require_chart()
    from matplotlib.figure import Figure

    counts = (*summary.mistakes, *((("no known mistake fits", summary.unexplained),) if summary.unexplained else ()))
    figure = Figure(figsize=(8, 1.2 + 0.35 * max(1, len(counts))), layout="constrained")
    axes = figure.subplots()
    names, values = [name for name, _ in counts], [count for _, count in counts]
    axes.barh(names[::-1], values[::-1], color="#4477aa")
    axes.set_xlabel("answers")
    axes.set_title(f"Mistakes in {summary.answers} answers")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def require_chart() -> None:
    """Raises MissingToolError where matplotlib is not installed; loads nothing, so that one may ask before a class is marked."""
    if find_spec("matplotlib") is None:
        raise MissingToolError("the chart needs matplotlib: pip install 'symprop[plot]'")
