"""A class on the command line: workers, progress, the journal, the reports.

Input: a network and the options of `symprop check --answers`. Output: a report on stdout or in files, the summary beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symprop.errors import UsageError

if TYPE_CHECKING:
    from symprop.check.batch.result import Result
    from symprop.check.batch.rows import Row
    from symprop.check.batch.work import Job

FORMATS = ("csv", "json", "scores", "junit", "gradescope", "prairielearn")
PER_STUDENT = ("gradescope", "prairielearn")


@dataclass(frozen=True, slots=True)
class ClassOptions:
    """What the command line says about a class."""

    answers: Path
    out: Path | None
    format: str
    journal: Path | None
    chart: Path | None
    workers: int | None
    memory: int
    seconds: float
    dask: str | None


def mark_class(job: Job, options: ClassOptions) -> None:
    """Mark the class, write the report, print the summary; the journal goes when all is written, unless it was asked for."""
    from symprop.check.batch.run import Run
    from symprop.cli.figure import require_place

    if options.chart is not None:
        require_place("--chart", options.chart)
    _require_folder(options)
    journal = options.journal or Path(f"{options.answers}.journal")
    run = Run(job, options.answers, journal)
    with _progress() as advance:
        run.complete(_markers(options), advance)
    _report(journal, options)
    _summarise(journal, options)
    if options.journal is None:
        journal.unlink()


def _require_folder(options: ClassOptions) -> None:
    """Refuse before any work is done: the reports of several students need a folder."""
    from symprop.check.batch.rows import read_rows

    if options.format not in PER_STUDENT or options.out is not None:
        return
    students = {row.student for row in read_rows(options.answers)}
    if len(students) != 1:
        raise UsageError(f"{options.format}: {len(students)} students; --out names the folder for their results.json")


def _markers(options: ClassOptions) -> Callable[[Job, Iterable[Row]], Iterator[Result]]:
    if options.dask is not None:
        from symprop.check.batch.cluster import mark_on_cluster

        return partial(mark_on_cluster, options.dask)
    from symprop.check.batch.pool import Limits, mark_all

    limits = Limits(options.workers, options.memory, options.seconds)
    return lambda job, rows: mark_all(job, rows, limits)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A count on stderr, on a terminal only."""
    shown = sys.stderr.isatty()

    def advance(done: int) -> None:
        if shown and done % 50 == 0:
            click.echo(f"\rmarked {done} answers", err=True, nl=False)

    yield advance
    if shown:
        click.echo(err=True)


def _report(journal: Path, options: ClassOptions) -> None:
    from symprop.artefacts.files import write_file
    from symprop.check.batch.journal import results
    from symprop.check.batch.reports import REPORTS

    if options.format in PER_STUDENT:
        _report_students(journal, options)
    elif options.out is None:
        for part in REPORTS[options.format](results(journal)):
            click.echo(part, nl=False)
    else:
        write_file(options.out, "".join(REPORTS[options.format](results(journal))).encode())


def _report_students(journal: Path, options: ClassOptions) -> None:
    """`OUT/<student>/results.json` for each student; a single student's on stdout."""
    from symprop.artefacts.files import write_file
    from symprop.check.batch.journal import results
    from symprop.check.batch.reports import STUDENT_REPORTS, by_student

    write = STUDENT_REPORTS[options.format]
    students = list(by_student(results(journal)))
    if options.out is None:
        click.echo(write(students[0][1]), nl=False)
        return
    for student, group in students:
        write_file(options.out / _folder(student) / "results.json", write(group).encode())


def _folder(student: str) -> str:
    """The student's name as a folder: whatever could leave the folder, or means something to a file system, becomes `%XX`.

    Rows without a student lie in the folder `%`.
    """
    plain = "-_@+ ." if student.strip(".") else "-_@+ "
    return "".join(mark if mark.isalnum() or mark in plain else f"%{ord(mark):02X}" for mark in student)[:200] or "%"


def _summarise(journal: Path, options: ClassOptions) -> None:
    from symprop.check.batch.journal import results
    from symprop.check.batch.summary import summarise

    summary = summarise(results(journal))
    click.echo("\n".join(summary.lines()), err=options.out is None)
    if options.chart is not None:
        from symprop.check.batch.chart import chart
        from symprop.cli.figure import save

        save(chart(summary), options.chart)
