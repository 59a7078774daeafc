"""A run over a class: rows in, journal on disk, reports out.

Input: a job, a file of answers, a journal. Output: the journal, complete, in row order; an interrupted run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from symprop.check.batch.journal import Journal, open_journal
from symprop.check.batch.result import Result
from symprop.check.batch.rows import Row, read_rows
from symprop.check.batch.work import Job

Markers: TypeAlias = Callable[[Job, Iterable[Row]], Iterator[Result]]
Progress: TypeAlias = Callable[[int], None]
FLUSH_EVERY = 256


@dataclass(frozen=True, slots=True)
class Run:
    """A job, its answers and its journal."""

    job: Job
    answers: Path
    journal: Path

    @property
    def digest(self) -> str:
        """What identifies the run: network, numbers, rule, options and the answers' bytes."""
        state = sha256()
        for part in (self.job.network.id, repr(self.job.network.graph.equations), self.job.update, repr(self.job.conventions)):
            state.update(part.encode() + b"\0")
        for network in (self.job.network, *self.job.sheets.values()):
            state.update(repr((network.data, network.initial)).encode() + b"\0")
        state.update(repr((self.job.reveal, self.job.digits, sorted(self.job.sheets))).encode())
        with self.answers.open("rb") as stream:
            while block := stream.read(1 << 20):
                state.update(block)
        return state.hexdigest()[:32]

    def complete(self, mark: Markers, progress: Progress) -> int:
        """Mark the rows that the journal lacks; returns how many results it then holds."""
        first = next(read_rows(self.answers), None)  # a file that cannot be read is refused before a journal is begun
        with closing(open_journal(self.journal, self.digest)) as journal:
            progress(journal.done)
            if first is not None:
                self._mark_rest(mark, journal, progress)
        return journal.done

    def _mark_rest(self, mark: Markers, journal: Journal, progress: Progress) -> None:
        """The rows after those that the journal holds."""
        for result in mark(self.job, islice(read_rows(self.answers), journal.done, None)):
            journal.write(result)
            if journal.done % FLUSH_EVERY == 0:
                journal.flush()
            progress(journal.done)
