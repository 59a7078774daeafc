"""Worker processes with memory and time limits, and results in row order.

Input: a job and rows, one at a time. Output: results in the rows' order. A worker that dies or takes too long on a row loses that
row alone: it is undecided, and a new worker goes on with the next. At most a few chunks are under way, so that memory stays flat.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait

from symprop.check.batch.result import Result, undecided
from symprop.check.batch.rows import Row
from symprop.check.batch.work import Job, Worker

CHUNK = 64
AHEAD = 4  # chunks a worker may be ahead of the oldest one that is not finished
LOOK = 0.5  # seconds between two looks at the clock
START = 120.0  # seconds that a worker may take to load and derive, before its first row


@dataclass(frozen=True, slots=True)
class Limits:
    """Workers (None: one for each processor), memory of each in MiB (0: no limit), seconds for one row."""

    workers: int | None = None
    memory: int = 2048
    seconds: float = 20.0


@dataclass
class _Task:
    """A chunk under way: its rows, and the results so far."""

    number: int
    rows: list[Row]
    results: list[Result] = field(default_factory=list)

    @property
    def rest(self) -> list[Row]:
        return self.rows[len(self.results) :]


@dataclass
class _Process:
    """A worker process, its end of the pipe, its chunk, and when it last said something."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    task: _Task | None = None
    heard: float = 0.0
    ready: bool = False


def mark_all(job: Job, rows: Iterable[Row], limits: Limits) -> Iterator[Result]:
    """The results of all rows, in their order."""
    pool = _Pool(job, limits)
    try:
        yield from pool.run(iter(rows))
    finally:
        pool.close()


class _Pool:
    def __init__(self, job: Job, limits: Limits) -> None:
        self._job, self._limits = job, limits
        self._context = multiprocessing.get_context("spawn")
        self._count = limits.workers or os.cpu_count() or 1
        self._processes: list[_Process] = []
        self._waiting: deque[_Task] = deque()
        self._finished: dict[int, _Task] = {}
        self._next = self._made = 0

    def run(self, rows: Iterator[Row]) -> Iterator[Result]:
        """Feed the workers and hand on what is finished, in order."""
        while True:
            self._feed(rows)
            if not any(each.task for each in self._processes) and not self._finished and not self._waiting:
                return
            self._listen()
            while self._next in self._finished:
                yield from self._finished.pop(self._next).results
                self._next += 1

    def close(self) -> None:
        """End every worker."""
        for each in self._processes:
            each.pipe.close()
            each.process.terminate()
            each.process.join(5)

    def _feed(self, rows: Iterator[Row]) -> None:
        while True:
            idle = next((each for each in self._processes if each.task is None), None)
            room = self._made - self._next < self._count * AHEAD
            if idle is None and len(self._processes) >= self._count or not (self._waiting or room):
                return
            task = self._waiting.popleft() if self._waiting else self._task(rows)
            if task is None:
                return
            self._give(idle or self._started(), task)

    def _task(self, rows: Iterator[Row]) -> _Task | None:
        taken = list(islice(rows, CHUNK))
        if not taken:
            return None
        self._made += 1
        return _Task(self._made - 1, taken)

    def _started(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._job, self._limits.memory), daemon=True)
        process.start()
        theirs.close()
        started = _Process(process, ours, heard=time.monotonic())
        self._processes.append(started)
        return started

    def _give(self, to: _Process, task: _Task) -> None:
        to.task, to.heard = task, time.monotonic()
        try:
            to.pipe.send(task.rest)
        except OSError:
            self._lost(to, "the worker process ended")

    def _listen(self) -> None:
        by_pipe = {each.pipe: each for each in self._processes}
        for pipe in wait(list(by_pipe), timeout=LOOK):
            self._hear(by_pipe[pipe])  # type: ignore[index]
        now = time.monotonic()
        for each in list(self._processes):
            if each.task is not None and now - each.heard > (self._limits.seconds if each.ready else START):
                self._lost(each, f"the time limit of {self._limits.seconds:g} s was reached")

    def _hear(self, process: _Process) -> None:
        try:
            message = process.pipe.recv()
        except (EOFError, OSError):
            self._lost(process, "the worker process ended, probably at its memory limit")
            return
        process.heard, process.ready = time.monotonic(), True
        if process.task is None or message is None:
            return
        process.task.results.append(message)
        if not process.task.rest:
            self._finished[process.task.number] = process.task
            process.task = None

    def _lost(self, process: _Process, reason: str) -> None:
        """End a worker; the row that it was at is undecided, the rest of its chunk goes to another."""
        self._processes.remove(process)
        process.pipe.close()
        process.process.kill()
        process.process.join(5)
        task = process.task
        if task is None:
            return
        task.results.append(undecided(task.rest[0], reason))
        if task.rest:
            self._waiting.appendleft(task)
        else:
            self._finished[task.number] = task


def _serve(pipe: Connection, job: Job, memory: int) -> None:
    """The worker process: rows in, one message for each result out."""
    _limit_memory(memory)
    worker = Worker(job)
    try:
        worker.prepare()
        gc.collect()
        gc.freeze()  # the network lives as long as the process: no collection needs to look at it again
        pipe.send(None)
        while True:
            for row in pipe.recv():
                pipe.send(worker.mark(row))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def _limit_memory(memory: int) -> None:
    if not memory:
        return
    try:
        import resource
    except ImportError:  # not on Windows: the time limit stays
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
