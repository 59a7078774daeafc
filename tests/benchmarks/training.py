"""Training runs: the contenders of a task in turn, round after round, each time in a new process.

Input: a `Task`, names of contenders, `Settings`. Output: a `Row` for each; one that is missing or wrong has a note and no time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.problems import Task

ROOT = Path(__file__).parents[2]
LEAST = 0.2  # seconds that a timing shall take: short runs are repeated in it
MOST = 10.0  # seconds of running after which a contender is left out of further rounds


@dataclass(frozen=True)
class Settings:
    """Rounds of timings, quick sizes or full ones, threads of the array libraries."""

    rounds: int = 7
    quick: bool = False
    threads: int = 1

    def size(self, task: Task, contender: Contender) -> int:
        """The task's size for this contender."""
        return task.sizes[self.quick or (task.scaled and contender.slow)]

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of a contender: so many threads, and caches of its own, so that what is compiled is compiled here."""
        threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NPROC")
        return os.environ | dict.fromkeys(threads, str(self.threads)) | {"XDG_CACHE_HOME": str(home)}


@dataclass
class Row:
    """One contender's figures, in seconds and MiB; `walls` and `cpus` (processor time) have one entry a round."""

    contender: Contender
    note: str = ""
    generated: float = 0.0
    imported: float = 0.0
    first: float = 0.0
    peak: float = 0.0
    spent: float = 0.0
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """The median of a whole training run."""
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        """The same in processor time, which other work on the machine hardly changes."""
        return statistics.median(self.cpus)

    @property
    def to_first(self) -> float:
        """Seconds to the first result: generate, import, compile and run once."""
        return self.generated + self.imported + self.first

    def faster_than(self, other: Row) -> float:
        """How many times: the median over the rounds of the ratio of processor times that were measured one after the other."""
        pairs = zip(other.cpus, self.cpus, strict=False)
        return statistics.median(theirs / ours for theirs, ours in pairs)


class Worker:
    """A process that runs a contender: `answers` are what it says, line by line."""

    def __init__(self, contender: Contender, task: Task, settings: Settings, home: Path) -> None:
        size = str(settings.size(task, contender))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.worker", contender.name, task.name, size, str(home)],
            cwd=ROOT,
            env=settings.environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self) -> dict[str, Any]:
        """The next line; where the process ended instead or got a wrong result, its reason as `note`."""
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        if not line:
            return {"note": (self.process.stderr.read().strip().splitlines() or ["the process ended"])[-1]}
        answer: dict[str, Any] = json.loads(line)
        return {"note": f"wrong result: {answer['wrong']}"} if "wrong" in answer else answer

    def timing(self, calls: int) -> dict[str, Any]:
        """A timing of so many calls."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{calls}\n")
        self.process.stdin.flush()
        return self.answer()

    def stop(self) -> None:
        """The process ends when its input does."""
        self.process.communicate()


def measured(task: Task, names: Sequence[str], settings: Settings) -> list[Row]:
    """Rows of the contenders that have this task's network, in the given order."""
    net = task.problem(1).net
    rows = [Row(CONTENDERS[name]) for name in names if net in CONTENDERS[name].nets]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            _prepare(row, task, settings, Path(folder, row.contender.name))
        for _ in range(settings.rounds):
            for row in rows:
                if not row.note and row.spent <= MOST:
                    _time(row, task, settings, Path(folder, row.contender.name))
    return rows


def _prepare(row: Row, task: Task, settings: Settings, home: Path) -> None:
    """The contender's folder with its module; where it cannot run, a note in the row."""
    row.note = row.contender.missing() or ("slow: not with --quick" if settings.quick and row.contender.slow else "")
    if row.note:
        return
    home.mkdir()
    if row.contender.target is not None:
        row.generated, row.note = _generated(task, row.contender.target, home)


def _time(row: Row, task: Task, settings: Settings, home: Path) -> None:
    """One timing more, in a new process: where its memory lies makes up to a tenth, and shall not be one contender's luck."""
    scale = task.sizes[settings.quick] / settings.size(task, row.contender)
    worker = Worker(row.contender, task, settings, home)
    answer = worker.answer()
    if "first" in answer:
        if row.walls:
            row.spent += answer["first"]
        else:  # the first process of all, which may have compiled what the others find
            row.imported, row.first = answer["imported"], answer["first"]
        calls = max(1, round(LEAST / min([answer["first"], *(wall / scale for wall in row.walls)])))
        answer = worker.timing(calls)
    worker.stop()
    if "note" in answer:
        row.note = answer["note"]
        row.walls.clear()
        row.cpus.clear()
        return
    row.spent += calls * answer["wall"]
    row.walls.append(answer["wall"] * scale)
    row.cpus.append(answer["cpu"] * scale)
    row.peak = max(row.peak, answer["peak"])


def _generated(task: Task, target: str, home: Path) -> tuple[float, str]:
    """The seconds of the whole process that generates the module, and why it does not."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "tests.benchmarks.generate", task.name, target, str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    return seconds, (done.stderr.strip().splitlines() or ["failed"])[-1] if done.returncode else ""
