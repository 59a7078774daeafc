"""Whole processes, from start to exit: the command line's own commands, and the marking of answers.

Input: how many rounds, how many answers. Output: rows of seconds; the lines of the marking benchmark.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMANDS = {"symprop --help": ["--help"], "symprop generate two_node": ["generate", "two_node"]}


def commands(rounds: int) -> list[dict[str, object]]:
    """The medians of each command, taken in turn."""
    times: dict[str, list[tuple[float, float]]] = {title: [] for title in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            for title, words in COMMANDS.items():
                times[title].append(_timed([sys.executable, "-m", "symprop", *words], folder))
    rows: list[dict[str, object]] = []
    for title, found in times.items():
        walls, cpus = zip(*found[1:], strict=True)  # the first may have compiled Python's own files
        rows.append({"title": title, "wall_s": statistics.median(walls), "cpu_s": statistics.median(cpus)})
    return rows


def _timed(command: list[str], folder: str) -> tuple[float, float]:
    """Seconds by the clock and of processor time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def marking(answers: int) -> list[str]:
    """What tests/benchmarks/marking.py prints for so many answers, and what it prints of memory for a tenth of them."""
    few, many = (_marked(count) for count in (answers // 10, answers))
    return [*many, *(line for line in few if line.startswith("class"))]


def _marked(answers: int) -> list[str]:
    command = [sys.executable, str(Path(__file__).with_name("marking.py")), str(answers)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
