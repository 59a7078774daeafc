"""Worker processes with memory and time limits, and results in row order.

Input: a job and rows, one at a time. Output: results in the rows' order. A worker that dies or takes too long on a row loses that
row alone: it is undecided, and a new worker goes on with the next. Equal rows are marked once for the whole class. Few rows are
under way at a time, so that memory stays flat.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing.connection import Connection, wait

from symprop.check.batch.result import Result, undecided
from symprop.check.batch.rows import Row
from symprop.check.batch.shared import Places
from symprop.check.batch.work import Job, Worker

CHUNK = 64
AHEAD = 16  # chunks of rows, for each worker, that may wait for the oldest row that is not marked
COLLECT_AFTER = 20_000  # objects: what one answer makes goes with it, so that collections find little
LOOK = 0.5  # seconds between two looks at the clock
START = 120.0  # seconds that a worker may take to load and derive, before its first row


@dataclass(frozen=True, slots=True)
class Limits:
    """Workers (None: one for each processor), memory of each in MiB (0: no limit), seconds for one row."""

    workers: int | None = None
    memory: int = 2048
    seconds: float = 20.0


@dataclass
class _Process:
    """A worker process, its end of the pipe, the rows that it has still to mark, and when it last said something."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    rows: deque[Row]
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
        self._returned: deque[Row] = deque()  # rows of workers that were lost
        self._places = Places()
        self._ended = False  # whether the last row was read

    def run(self, rows: Iterator[Row]) -> Iterator[Result]:
        """Feed the workers and hand on what is finished, in order."""
        while True:
            self._feed(rows)
            yield from self._places.ready()
            if any(each.rows for each in self._processes):
                self._listen()
            elif self._ended and not self._returned:
                return

    def close(self) -> None:
        """End every worker."""
        for each in self._processes:
            each.pipe.close()
            each.process.terminate()
            each.process.join(5)

    def _feed(self, rows: Iterator[Row]) -> None:
        """Give every worker without rows some, as long as there are any."""
        while True:
            idle = next((each for each in self._processes if not each.rows), None)
            if idle is None and len(self._processes) >= self._count:
                return
            taken = self._chunk(rows)
            if not taken:
                return
            self._give(idle or self._started(), taken)

    def _chunk(self, rows: Iterator[Row]) -> deque[Row]:
        """Rows for one worker, no two of them equal, and none equal to one that was marked."""
        taken = self._returned
        self._returned = deque()
        while len(taken) < CHUNK and len(self._places) < self._count * AHEAD * CHUNK:
            row = next(rows, None)
            if row is None:
                self._ended = True
                break
            if self._places.take(row):
                taken.append(replace(row, points=1.0))
        return taken

    def _started(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._job, self._limits.memory), daemon=True)
        process.start()
        theirs.close()
        started = _Process(process, ours, deque(), time.monotonic())
        self._processes.append(started)
        return started

    def _give(self, to: _Process, rows: deque[Row]) -> None:
        to.rows, to.heard = rows, time.monotonic()
        try:
            to.pipe.send(rows)
        except OSError:
            self._lost(to, "the worker process ended")

    def _listen(self) -> None:
        by_pipe = {each.pipe: each for each in self._processes}
        for pipe in wait(list(by_pipe), timeout=LOOK):
            self._hear(by_pipe[pipe])  # type: ignore[index]
        now = time.monotonic()
        for each in list(self._processes):
            if each.rows and now - each.heard > (self._limits.seconds if each.ready else START):
                self._lost(each, f"the time limit of {self._limits.seconds:g} s was reached")

    def _hear(self, process: _Process) -> None:
        try:
            message = process.pipe.recv()
        except (EOFError, OSError):
            self._lost(process, "the worker process ended, probably at its memory limit")
            return
        process.heard, process.ready = time.monotonic(), True
        if message is not None:
            self._places.settle(process.rows.popleft(), message)

    def _lost(self, process: _Process, reason: str) -> None:
        """End a worker; the row that it was at is undecided, the rest of its rows go to another."""
        self._processes.remove(process)
        process.pipe.close()
        process.process.kill()
        process.process.join(5)
        if process.rows:
            row = process.rows.popleft()
            self._places.settle(row, undecided(row, reason))
            self._returned.extend(process.rows)


def _serve(pipe: Connection, job: Job, memory: int) -> None:
    """The worker process: rows in, one message for each result out."""
    _limit_memory(memory)
    worker = Worker(job)
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):  # the other end is gone, or a person wants no more
        worker.prepare()
        gc.collect()
        gc.freeze()  # the network lives as long as the process: no collection needs to look at it again
        gc.set_threshold(COLLECT_AFTER)
        pipe.send(None)
        for row in chain.from_iterable(iter(pipe.recv, None)):  # lists of rows, for ever
            pipe.send(worker.marked(row))


def _limit_memory(memory: int) -> None:
    if not memory:
        return
    try:
        import resource
    except ImportError:  # not on Windows: the time limit stays
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
