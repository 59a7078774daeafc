"""The figures as tables in Markdown.

Input: figures as JSON has them. Output: texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Entry = dict[str, Any]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with its head."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def training(entries: Sequence[Entry]) -> str:
    """A task's contenders, the fastest first."""
    head = ("", "a run, ms of CPU", "ms by the clock", "times as fast", "to the first result, s", "peak MiB")
    return markdown(head, [_contender(entry) for entry in entries])


def _contender(entry: Entry) -> tuple[str, ...]:
    if "cpu_s" not in entry:
        return entry["title"], f"({entry['note']})", "", "", "", ""
    first = entry["generate_s"] + entry["import_s"] + entry["first_run_s"]
    numbers = f"{entry['cpu_s'] * 1000:.3g}", f"{entry['wall_s'] * 1000:.3g}", f"{entry.get('speed', float('nan')):.3g}"
    return entry["title"], *numbers, f"{first:.2f}", f"{entry['peak_mib']:.0f}"


def derivation(rows: Sequence[Entry]) -> str:
    """Sizes of networks with seconds and memory."""
    head = ("network", "style", "weights", "read, s", "derive, s", "emit, s", "lines", "derive, MiB", "all, MiB")
    return markdown(head, [_size(row) for row in rows])


def _size(row: Entry) -> tuple[str, ...]:
    if "failed" in row:
        return row["network"], row["style"], f"({row['failed']})", "", "", "", "", "", ""
    name = row["network"] if len(row["network"]) < 20 else f"{row['network'][:4]}...{row['network'][-4:]}"
    seconds = [f"{row[key]:.3f}" for key in ("build_s", "derive_s", "emit_s")]
    memory = [f"{row[key]:.1f}" for key in ("derive_mib", "all_mib")]
    return name, row["style"], str(row["weights"]), *seconds, f"{row['lines']:.0f}", *memory


def commands(rows: Sequence[Entry]) -> str:
    """Whole processes."""
    return markdown(
        ("command", "ms by the clock", "ms of CPU"),
        [(f"`{row['title']}`", f"{row['wall_s'] * 1000:.0f}", f"{row['cpu_s'] * 1000:.0f}") for row in rows],
    )


def summary(found: Entry, tasks: Sequence[str]) -> str:
    """All tasks side by side: the milliseconds of a run, and in brackets how many times as fast as the documents' style."""
    cells: dict[str, dict[str, str]] = {}
    for task in tasks:
        for entry in found[task]:
            row = cells.setdefault(entry["title"], {})
            if "speed" in entry:
                row[task] = f"{_short(entry['cpu_s'] * 1000)} ({_short(entry['speed'])})"
    return markdown(("", *tasks), [(title, *(row.get(task, "") for task in tasks)) for title, row in cells.items() if row])


def _short(number: float) -> str:
    """Three digits, without an exponent."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
