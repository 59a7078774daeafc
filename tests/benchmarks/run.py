"""Measure symprop and its peers: `python tests/benchmarks/run.py [--quick] [--json FILE] [--tasks T1,T2,...]`.

Input: nothing but options. Output: tables on stdout, the same as JSON in a file. Nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.contenders import BASELINE, CONTENDERS  # noqa: E402  (the path must be there first)
from tests.benchmarks.problems import TASKS  # noqa: E402
from tests.benchmarks.training import Row, Settings, measured  # noqa: E402

PACKAGES = ("numpy", "sympy", "numba", "jax", "torch", "casadi", "autograd")


def machine() -> dict[str, str]:
    """What the figures depend on."""
    found = {"processor": _processor(), "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        return f"{len(names)} x {names[0]}"
    except (OSError, IndexError):
        return platform.processor()


def figures(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as JSON has them, the slowest last."""
    baseline = next((row for row in rows if row.contender.name == BASELINE and row.cpus), None)
    found: list[dict[str, object]] = []
    for row in sorted(rows, key=lambda row: row.cpu if row.cpus else float("inf")):
        entry: dict[str, object] = {"contender": row.contender.name, "title": row.contender.title, "note": row.note}
        if row.cpus:
            entry |= {"wall_s": row.wall, "cpu_s": row.cpu, "rounds": len(row.cpus), "peak_mib": row.peak}
            entry |= {"generate_s": row.generated, "import_s": row.imported, "first_run_s": row.first}
            entry |= {"speed": row.faster_than(baseline)} if baseline else {}
        found.append(entry)
    return found


def table(title: str, entries: Sequence[dict[str, object]]) -> str:
    """The figures of a task as a table in Markdown."""
    lines = [f"{title}\n", "| | run, CPU ms | wall ms | speed | to the first result, s | peak MiB |", "|---|---|---|---|---|---|"]
    for entry in entries:
        if "cpu_s" not in entry:
            lines.append(f"| {entry['title']} | {entry['note']} | | | | |")
            continue
        cpu, wall, speed, peak = (float(str(entry.get(key, "nan"))) for key in ("cpu_s", "wall_s", "speed", "peak_mib"))
        first = sum(float(str(entry[key])) for key in ("generate_s", "import_s", "first_run_s"))
        cells = f"{cpu * 1000:.3g} | {wall * 1000:.3g} | {speed:.3g} | {first:.2f} | {peak:.0f}"
        lines.append(f"| {entry['title']} | {cells} |")
    return "\n".join(lines) + "\n"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer rounds, without the slow peers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--tasks", default=",".join(TASKS), help="of " + ",".join(TASKS))
    parser.add_argument("--contenders", default=",".join(CONTENDERS), help="of " + ",".join(CONTENDERS))
    parser.add_argument("--rounds", type=int, help="timings of each contender, in turn")
    parser.add_argument("--threads", type=int, default=1, help="threads of the array libraries")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> dict[str, object]:
    """Print the tables, write the JSON, return its content."""
    chosen = options(arguments)
    settings = Settings(chosen.rounds or (3 if chosen.quick else 7), chosen.quick, chosen.threads)
    found: dict[str, object] = {"machine": machine(), "threads": settings.threads, "tasks": {}}
    print(", ".join(f"{name} {value}" for name, value in machine().items()), "\n")
    tasks: dict[str, object] = {}
    for name in chosen.tasks.split(","):
        entries = figures(measured(TASKS[name], chosen.contenders.split(","), settings))
        tasks[name] = entries
        print(table(f"{name}: {TASKS[name].title}", entries), flush=True)
    found["tasks"] = tasks
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


if __name__ == "__main__":
    main()
