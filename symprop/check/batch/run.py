"""A run over a class: rows in, journal on disk, reports out.

Input: a job, a file of answers, a journal. Output: the journal, complete, in row order; an interrupted run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest, sha256
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
    def parts(self) -> dict[str, str]:
        """What identifies the run: a digest of each thing that the results depend on, by what it is."""
        job = self.job
        numbers = [(network.data, network.initial) for network in (job.network, *job.sheets.values())]
        states = {
            "the network": (job.network.id, job.network.graph.equations),
            "its numbers": (numbers, sorted(job.sheets)),
            "--update": job.update,
            "--convention": job.conventions,
            "--reveal": job.reveal,
            "--digits": job.digits,
        }
        with self.answers.open("rb") as stream:
            answers = file_digest(stream, "sha256").hexdigest()
        return {part: sha256(repr(state).encode()).hexdigest() for part, state in states.items()} | {"the answers": answers}

    def complete(self, mark: Markers, progress: Progress) -> int:
        """Mark the rows that the journal lacks; returns how many results it then holds."""
        first = next(read_rows(self.answers), None)  # a file that cannot be read is refused before a journal is begun
        with closing(open_journal(self.journal, self.parts)) as journal:
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
