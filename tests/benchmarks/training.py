"""Training runs: every contender of a task in a process of its own, timed in turn, round after round.

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
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.problems import Task

ROOT = Path(__file__).parents[2]
LEAST = 0.05  # seconds that a timing shall take: short runs are repeated in it
MOST = 10.0  # seconds of timings after which a contender is left out of further rounds


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


class Runner:
    """A worker process and the row that it fills."""

    def __init__(self, row: Row, task: Task, settings: Settings, home: Path) -> None:
        self.row, self.spent = row, 0.0
        size = settings.size(task, row.contender)
        self.scale = task.sizes[settings.quick] / size
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.worker", row.contender.name, task.name, str(size), str(home)],
            cwd=ROOT,
            env=settings.environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        answer = self._answer()
        row.imported, row.first = answer.get("imported", 0.0), answer.get("first", 0.0)

    def time(self) -> None:
        """One timing more, unless the contender has failed or has had its share of time."""
        if self.row.note or self.spent > MOST:
            return
        calls = max(1, round(LEAST / min([self.row.first, *(wall / self.scale for wall in self.row.walls)])))
        assert self.process.stdin is not None
        self.process.stdin.write(f"{calls}\n")
        self.process.stdin.flush()
        answer = self._answer()
        if "wall" in answer:
            self.spent += calls * answer["wall"]
            self.row.walls.append(answer["wall"] * self.scale)
            self.row.cpus.append(answer["cpu"] * self.scale)
            self.row.peak = max(self.row.peak, answer["peak"])

    def _answer(self) -> dict[str, float]:
        """What the worker says; where it failed, the row gets its reason and loses its times."""
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        answer: dict[str, float] = json.loads(line) if line else {}
        if not line:
            self.row.note = (self.process.stderr.read().strip().splitlines() or ["the process ended"])[-1]
        if "wrong" in answer:
            self.row.note = f"wrong result: {answer['wrong']}"
            self.row.walls.clear()
            self.row.cpus.clear()
        return answer

    def stop(self) -> None:
        """The process ends when its input does."""
        self.process.communicate()


def measured(task: Task, names: Sequence[str], settings: Settings) -> list[Row]:
    """Rows of the contenders that have this task's network, in the given order."""
    net = task.problem(1).net
    rows = [Row(CONTENDERS[name]) for name in names if net in CONTENDERS[name].nets]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        runners = []
        for row in rows:
            runner = _started(row, task, settings, folder / row.contender.name)
            if runner is not None:
                stack.callback(runner.stop)
                runners.append(runner)
        for _ in range(settings.rounds):
            for runner in runners:
                runner.time()
    return rows


def _started(row: Row, task: Task, settings: Settings, home: Path) -> Runner | None:
    """The contender after its first result; None, with a note in the row, where it cannot run."""
    row.note = row.contender.missing() or ("slow: not with --quick" if settings.quick and row.contender.slow else "")
    if row.note:
        return None
    home.mkdir()
    if row.contender.target is not None:
        row.generated, row.note = _generated(task, row.contender.target, home)
    return None if row.note else Runner(row, task, settings, home)


def _generated(task: Task, target: str, home: Path) -> tuple[float, str]:
    """The seconds of the whole process that generates the module, and why it does not."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "tests.benchmarks.generate", task.name, target, str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    return seconds, (done.stderr.strip().splitlines() or ["failed"])[-1] if done.returncode else ""
