"""Measure symprop and its peers: `python tests/benchmarks/run.py [--quick] [--json FILE] [--tasks T1,T2,...]`.

Input: nothing but options. Output: tables on stdout, the same figures as JSON in a file. Nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import derivation, processes, tables  # noqa: E402  (the path must be there first)
from tests.benchmarks.contenders import BASELINE, CONTENDERS  # noqa: E402
from tests.benchmarks.problems import TASKS  # noqa: E402
from tests.benchmarks.training import Row, Settings, measured  # noqa: E402

PACKAGES = ("numpy", "sympy", "numba", "jax", "torch", "casadi", "autograd")
SINGLE = (("8-16-16-4", "scalar"), ("2-2-1", "matrix"), ("784-128-64-10", "matrix"), ("5000-5000-5000-10", "matrix"))
ANSWERS = (100_000, 2_000)  # full, quick


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


def figures(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as JSON has them, the fastest first, those without a time last."""
    baseline = next((row for row in rows if row.contender.name == BASELINE and row.cpus), None)
    return [_figure(row, baseline) for row in sorted(rows, key=lambda row: row.cpu if row.cpus else float("inf"))]


def _figure(row: Row, baseline: Row | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"contender": row.contender.name, "title": row.contender.title, "note": row.note}
    if not row.cpus:
        return entry
    entry |= {"wall_s": row.wall, "cpu_s": row.cpu, "rounds": len(row.cpus), "peak_mib": row.peak}
    entry |= {"generate_s": row.generated, "import_s": row.imported, "first_run_s": row.first}
    return entry | ({"speed": row.faster_than(baseline)} if baseline else {})


def training(name: str, chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """One of the tasks T1 to T4."""
    settings = Settings(chosen.rounds or (3 if chosen.quick else 7), chosen.quick, chosen.threads)
    entries = figures(measured(TASKS[name], chosen.contenders.split(","), settings))
    print(f"{name}: {TASKS[name].title}\n\n{tables.training(entries)}", flush=True)
    return entries


def growth(chosen: argparse.Namespace) -> dict[str, Any]:
    """Derivation and emission against the number of weights."""
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    found: dict[str, Any] = {"single": [derivation.measured(*each, rounds) for each in SINGLE]}
    print(f"Derivation\n\n{tables.derivation(found['single'])}", flush=True)
    for name, networks in derivation.series(chosen.quick).items():
        rows = [derivation.measured(network, "scalar", rounds) for network in networks]
        exponents = {key: derivation.exponent(rows, key) for key in ("build_s", "derive_s", "emit_s", "derive_mib", "all_mib")}
        found[name] = {"rows": rows, "exponents": exponents}
        shown = ", ".join(f"{key} {value:.2f}" for key, value in exponents.items())
        print(f"{name}\n\n{tables.derivation(rows)}\nexponents between 100 and 5000 weights: {shown}\n", flush=True)
    return found


def whole(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """The command line's commands."""
    rows = processes.commands(chosen.rounds or (3 if chosen.quick else 9))
    print(f"Whole processes\n\n{tables.commands(rows)}", flush=True)
    return rows


def marking(chosen: argparse.Namespace) -> list[str]:
    """Answers, single and of a class."""
    lines = processes.marking(ANSWERS[chosen.quick])
    print("Marking\n", *lines, "", sep="\n", flush=True)
    return lines


PARTS: dict[str, Callable[[argparse.Namespace], Any]] = {"derivation": growth, "processes": whole, "marking": marking}


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    everything = ",".join([*TASKS, *PARTS])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer rounds, without the slow peers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--tasks", default=everything, help=f"of {everything}")
    parser.add_argument("--contenders", default=",".join(CONTENDERS), help="of " + ",".join(CONTENDERS))
    parser.add_argument("--rounds", type=int, help="timings of each contender, in turn")
    parser.add_argument("--threads", type=int, default=1, help="threads of the array libraries (default: 1)")
    chosen = parser.parse_args(arguments)
    for given, known in ((chosen.tasks, {*TASKS, *PARTS}), (chosen.contenders, {*CONTENDERS})):
        if unknown := [name for name in given.split(",") if name not in known]:
            parser.error(f"unknown: {', '.join(unknown)} (known: {', '.join(sorted(known))})")
    return chosen


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Print the tables, write the JSON, return its content."""
    chosen = options(arguments)
    found: dict[str, Any] = {"machine": machine(), "threads": chosen.threads, "quick": chosen.quick}
    print(", ".join(f"{name} {value}" for name, value in found["machine"].items()), "\n", flush=True)
    for name in chosen.tasks.split(","):
        found[name] = PARTS[name](chosen) if name in PARTS else training(name, chosen)
        if chosen.json:  # after each part, so that an interrupted run has what it measured
            chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if trained := [name for name in chosen.tasks.split(",") if name in TASKS]:
        print(tables.summary(found, trained))
    return found


if __name__ == "__main__":
    main()
