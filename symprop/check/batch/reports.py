"""The results of a class in the forms that course systems read.

Input: results in row order. Output: texts: CSV, JSON, a score table, JUnit XML, and for each student the result files of
Gradescope and PrairieLearn. `REPORTS` is the table of forms.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from symprop.check.batch.result import Result

Report: TypeAlias = Callable[[Iterable[Result]], Iterator[str]]
HEADINGS = ("row", "student", "quantity", "verdict", "score", "points", "mistakes", "message", "feedback", "answer")


def csv_report(results: Iterable[Result]) -> Iterator[str]:
    """One line a row; texts that a spreadsheet would run as a formula get an apostrophe in front."""
    yield _csv_line(HEADINGS)
    for result in results:
        score = "" if result.score is None else _plain(result.score)
        texts = (_safe(text) for text in ("; ".join(result.mistakes), result.message, "; ".join(result.feedback), result.answer))
        student, quantity = _safe(result.student), _safe(result.quantity)
        yield _csv_line((str(result.index + 1), student, quantity, result.status, score, _plain(result.points), *texts))


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _plain(value: float) -> str:
    return f"{value:.10g}"


def json_report(results: Iterable[Result]) -> Iterator[str]:
    """One object: the schema and the results."""
    yield '{"schema": "symprop.check.results/1", "results": ['
    separator = "\n"
    for result in results:
        yield separator + json.dumps(asdict(result), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def scores_report(results: Iterable[Result]) -> Iterator[str]:
    """A grade table, one line a student, as nbgrader's and otter's: student_id, a column for each quantity, score, max_score.

    An undecided answer leaves its cell empty and is taken out of max_score.
    """
    grades: dict[str, dict[str, list[Result]]] = {}
    for result in results:
        grades.setdefault(result.student, {}).setdefault(result.quantity, []).append(result)
    quantities = sorted({quantity for by_quantity in grades.values() for quantity in by_quantity})
    yield _csv_line(("student_id", *map(_safe, quantities), "score", "max_score", "percent_correct"))
    for student, by_quantity in grades.items():
        earned, possible = _marks(result for group in by_quantity.values() for result in group)
        cells = [_cell(by_quantity.get(quantity, [])) for quantity in quantities]
        percent = _plain(earned / possible) if possible else ""
        yield _csv_line((_safe(student), *cells, _plain(earned), _plain(possible), percent))


def _cell(group: list[Result]) -> str:
    earned = [result.score for result in group if result.score is not None]
    return _plain(sum(earned)) if earned else ""


def _marks(results: Iterable[Result]) -> tuple[float, float]:
    decided = [result for result in results if result.score is not None]
    return sum(result.score or 0.0 for result in decided), sum(result.points for result in decided)


def junit_report(results: Iterable[Result]) -> Iterator[str]:
    """JUnit XML: a test case for each row; a wrong answer is a failure, an undecided one skipped, a malformed one an error.

    What follows rightly from a wrong number has all its points: it passes, and says so in its output. The attributes are those
    that the schemas of Jenkins and of Maven's Surefire require; times are not kept.
    """
    kept = list(results)
    counts = Counter(result.status for result in kept if not _passes(result))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuite name="symprop check" tests="{len(kept)}" failures="{counts["not correct"]}" '
        f'errors="{counts["malformed"]}" skipped="{counts["undecided"]}" time="0">\n'
    )
    for result in kept:
        yield _case(result)
    yield "</testsuite>\n"


_JUNIT = {"not correct": "failure", "undecided": "skipped", "malformed": "error"}


def _case(result: Result) -> str:
    name = _attribute(f"{result.quantity} (row {result.index + 1})")
    heading = f'  <testcase classname={_attribute(result.student)} name={name} time="0"'
    if result.status == "correct":
        return f"{heading}/>\n"
    if _passes(result):
        return f"{heading}>\n    <system-out>{escape(_printable(result.message))}</system-out>\n  </testcase>\n"
    element = _JUNIT[result.status]
    body = escape(_printable("\n".join(result.feedback)))
    kind = _attribute("; ".join(result.mistakes) or result.status)
    return f"{heading}>\n    <{element} type={kind} message={_attribute(result.message)}>{body}</{element}>\n  </testcase>\n"


def _passes(result: Result) -> bool:
    earned = result.status == "not correct" and result.score is not None and result.score >= result.points > 0
    return result.status == "correct" or earned


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(mark if mark in "\n\t" or (mark >= " " and not "\ud800" <= mark <= "\udfff") else "?" for mark in text)


REPORTS: dict[str, Report] = {"csv": csv_report, "json": json_report, "scores": scores_report, "junit": junit_report}


def gradescope(results: Iterable[Result]) -> str:
    """One student's `results.json` for Gradescope's autograder.

    Its format lets a test go without `score`, `max_score` and `status`: so an undecided answer is shown, and `extra_data` lists it
    for the staff (a hidden test would hide the total from the student). The top-level `score`, which then must be there, overrides
    the sum. The assignment's points are fixed on the site, so that it is the decided answers' part of all points, and all of them
    where nothing was decided: an undecided answer never counts against the student.
    """
    kept = list(results)
    earned, possible = _marks(kept)
    points = sum(result.points for result in kept)
    score = earned * points / possible if possible else points
    open_ = [result.quantity for result in kept if result.score is None]
    report: dict[str, object] = {"score": score, "visibility": "visible", "output": _left_open(kept), **_AS_TEXT}
    if open_ and not possible:
        report["output"] = f"{report['output']}; full points until a person has looked"
    report |= {"extra_data": {"undecided": open_}} if open_ else {}
    return json.dumps({**report, "tests": [_gradescope_test(result) for result in kept]}, ensure_ascii=False, indent=2) + "\n"


_AS_TEXT = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}  # nothing that is typed is HTML


def _gradescope_test(result: Result) -> dict[str, object]:
    said: dict[str, object] = {"name": result.quantity, "output": _told(result)}
    if result.score is None:
        return said
    status = "passed" if result.score >= result.points else "failed"
    return {**said, "score": result.score, "max_score": result.points, "status": status}


def _left_open(results: Iterable[Result]) -> str:
    """What a person still has to look at."""
    names = [result.quantity for result in results if result.score is None]
    return f"not decided, and not counted: {', '.join(names)}" if names else ""


def prairielearn(results: Iterable[Result]) -> str:
    """One student's `results.json` for PrairieLearn's external graders.

    Where no answer was decided it is not gradable, which costs the student nothing; then `format_errors` say why.
    """
    kept = list(results)
    earned, possible = _marks(kept)
    gradable = any(result.score is not None and result.status != "malformed" for result in kept)
    report: dict[str, object] = {"gradable": gradable, "score": earned / possible if possible else 0.0, "message": _left_open(kept)}
    if not gradable:
        report["format_errors"] = [f"{result.quantity}: {_told(result)}" for result in kept]
    report["tests"] = [
        {
            "name": result.quantity,
            "points": result.score or 0.0,
            "max_points": result.points if result.score is not None else 0.0,
            "message": _told(result),
        }
        for result in kept
    ]
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _told(result: Result) -> str:
    return "\n".join((f"{result.status}: {result.message}", *result.feedback))


STUDENT_REPORTS: dict[str, Callable[[Iterable[Result]], str]] = {"gradescope": gradescope, "prairielearn": prairielearn}


def by_student(results: Iterable[Result]) -> Iterator[tuple[str, list[Result]]]:
    """The results of each student, students in order of name."""
    ordered = sorted(results, key=lambda result: (result.student, result.index))
    for student, group in groupby(ordered, key=lambda result: result.student):
        yield student, list(group)
