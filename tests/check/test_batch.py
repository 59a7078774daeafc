"""A class: rows from files, workers, the journal, the reports. One bad row never stops or loses the others."""

from __future__ import annotations

import csv
import io
import json
import os
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from symprop.check.batch import pool
from symprop.check.batch.journal import open_journal, results
from symprop.check.batch.reports import REPORTS, by_student, gradescope, prairielearn
from symprop.check.batch.result import Result, from_json
from symprop.check.batch.rows import Row, read_rows
from symprop.check.batch.run import Run
from symprop.check.batch.shared import Remembered
from symprop.check.batch.summary import summarise
from symprop.check.batch.work import Job, Worker
from symprop.errors import InputError, UsageError
from symprop.spec import load

RIGHT = "(out-target)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*s0)"
ANSWERS = [
    ("ada", "w0", RIGHT, "correct", 1.0),
    ("ada", "w1", "(out-target)*w2*s2*(1-s2)*s1", "correct", 1.0),
    ("bob", "w0", RIGHT.replace("*s0", ""), "not correct", 0.0),
    ("bob", "w1", "((", "malformed", 0.0),
    ("cleo", "w7", "1", "malformed", 0.0),
    ("cleo", "w0", "exp(exp(exp(exp(exp(99)))))", "undecided", None),
    ("cleo", "w0", "9**9**9", "malformed", 0.0),
    ("=dan", "w0", f"2*{RIGHT}", "not correct", 0.0),
]


@cache
def job() -> Job:
    return Job(load("two_node"))


def write_csv(path: Path, rows: Iterable[tuple[str, str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("Student", "Quantity", "Answer"))
        writer.writerows(rows)
    return path


def in_process(job: Job, rows: Iterable[Row]) -> Iterator[Result]:
    worker = Worker(job)
    return (worker.mark(row) for row in rows)


@cache
def marked() -> tuple[Result, ...]:
    rows = [Row(index, student, quantity, answer) for index, (student, quantity, answer, _, _) in enumerate(ANSWERS)]
    return tuple(in_process(job(), rows))


def test_each_row_gets_its_own_verdict_and_score() -> None:
    assert [(result.status, result.score) for result in marked()] == [(status, score) for *_, status, score in ANSWERS]
    assert marked()[2].mistakes == ("input missing",)


def test_the_three_kinds_of_file_give_the_same_rows(tmp_path: Path) -> None:
    records = [{"student": s, "quantity": q, "answer": a} for s, q, a, _, _ in ANSWERS]
    files = [tmp_path / "a.json", tmp_path / "a.toml", write_csv(tmp_path / "a.csv", [row[:3] for row in ANSWERS])]
    files[0].write_text(json.dumps(records))
    files[1].write_text("\n".join("[[answers]]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in r.items()) for r in records))
    assert tomllib.loads(files[1].read_text())["answers"] == records
    first, *others = [list(read_rows(path)) for path in files]
    assert all(other == first for other in others) and len(first) == len(ANSWERS)


def test_bad_files_and_bad_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("student,answer\nada,1\n")
    with pytest.raises(InputError, match="column 'quantity' is missing"):
        list(read_rows(tmp_path / "a.csv"))
    with pytest.raises(InputError, match="no table of answers"):
        list(read_rows(tmp_path / "a.xlsx"))
    (tmp_path / "b.json").write_text('[{"student": "ada", "quantity": "w0", "answer": "1", "points": "many"}, 3, {"answer": "1"}]')
    rows = list(read_rows(tmp_path / "b.json"))
    assert "points" in rows[0].problem and all("no student" in row.problem for row in rows[1:])
    found = [(result.status, result.score) for result in in_process(job(), rows)]
    assert found == [("malformed", None)] * 3, "a flaw of the table costs no student anything"


def test_an_interrupted_run_goes_on_without_losing_or_repeating(tmp_path: Path) -> None:
    answers = write_csv(tmp_path / "a.csv", [row[:3] for row in ANSWERS])
    run = Run(job(), answers, tmp_path / "journal")
    calls: list[int] = []

    def interrupted(job: Job, rows: Iterable[Row]) -> Iterator[Result]:
        for result in in_process(job, rows):
            calls.append(result.index)
            if len(calls) == 4:
                raise KeyboardInterrupt
            yield result

    with pytest.raises(KeyboardInterrupt):
        run.complete(interrupted, lambda done: None)
    with run.journal.open("ab") as stream:
        stream.write(b'{"index": 3, "torn')
    assert run.complete(interrupted, lambda done: None) == len(ANSWERS)
    assert calls == [0, 1, 2, 3, *range(3, len(ANSWERS))]
    assert tuple(results(run.journal)) == marked()


def refusal(run: Run) -> str:
    with pytest.raises(UsageError) as refused:
        run.complete(in_process, lambda done: None)
    return str(refused.value)


def test_the_journal_of_another_run_is_refused_and_told_what_differs(tmp_path: Path) -> None:
    answers, more = write_csv(tmp_path / "a.csv", []), write_csv(tmp_path / "b.csv", [row[:3] for row in ANSWERS])
    Run(job(), answers, tmp_path / "journal").complete(in_process, lambda done: None)
    other = Run(Job(load("two_node"), "simultaneous", digits=3), answers, tmp_path / "journal")
    assert "is the journal of another run (what differs: --update, --digits)" in refusal(other)
    assert "(what differs: the answers)" in refusal(Run(job(), more, tmp_path / "journal"))
    assert "(what differs: the network, its numbers)" in refusal(Run(Job(load("step_by_step")), answers, tmp_path / "journal"))


@pytest.mark.parametrize("content", ["student,quantity,answer\n", "{}\n", "[1]\n", '{"run": "0a"}\n'])
def test_what_is_no_journal_is_never_written_over(content: str, tmp_path: Path) -> None:
    answers, path = write_csv(tmp_path / "a.csv", []), tmp_path / "journal"
    path.write_text(content)
    assert "is no journal of a run; name another file" in refusal(Run(job(), answers, path))
    assert path.read_text() == content


def test_a_journal_line_survives_its_trip(tmp_path: Path) -> None:
    assert [from_json(result.to_json()) for result in marked()] == list(marked())
    journal = open_journal(tmp_path / "j", {"answers": "d"})
    journal.close()
    assert open_journal(tmp_path / "j", {"answers": "d"}).done == 0


def test_workers_agree_with_one_process() -> None:
    rows = [Row(index, *ANSWERS[index % len(ANSWERS)][:3]) for index in range(3 * pool.CHUNK)]
    limits = pool.Limits(workers=2, memory=4096, seconds=60)
    found = list(pool.mark_all(job(), rows, limits))
    assert [result.index for result in found] == list(range(len(rows)))
    assert [result.status for result in found] == [ANSWERS[index % len(ANSWERS)][3] for index in range(len(rows))]


class Sabotaged(Worker):
    """A worker that sleeps, dies or eats memory where the row says so."""

    def marked(self, row: Row) -> Result:
        if row.answer == "sleep":
            time.sleep(600)
        if row.answer == "die":
            os._exit(9)
        if row.answer == "eat":
            return self._marked_eating(row)
        return super().marked(row)

    def _marked_eating(self, row: Row) -> Result:
        self._markers[""] = _Eater()  # type: ignore[assignment]
        return super().marked(row)


class _Eater:
    def check(self, *_: object, **__: object) -> None:
        bytearray(1 << 42)


def _serve_sabotaged(pipe: object, job: Job, memory: int) -> None:
    work_class, pool.Worker = pool.Worker, Sabotaged  # type: ignore[misc]
    _serve(pipe, job, memory)  # type: ignore[arg-type]
    pool.Worker = work_class  # type: ignore[misc]


_serve = pool._serve


def test_a_worker_that_hangs_or_dies_loses_one_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_serve", _serve_sabotaged)
    monkeypatch.setattr(pool._Pool, "__init__", _forking(pool._Pool.__init__))
    texts = [RIGHT, "sleep", RIGHT, "die", RIGHT, "eat", RIGHT.replace("*s0", "")]
    rows = [Row(index, "ada", "w0", text) for index, text in enumerate(texts)]
    found = list(pool.mark_all(job(), rows, pool.Limits(workers=1, memory=0, seconds=2)))
    assert [result.index for result in found] == list(range(len(rows)))
    assert [result.status for result in found][:5] == ["correct", "undecided", "correct", "undecided", "correct"]
    assert "time limit" in found[1].message and "ended" in found[3].message and "memory limit" in found[5].message


def _forking(init: object) -> object:
    def initialise(self: pool._Pool, job: Job, limits: pool.Limits) -> None:
        init(self, job, limits)  # type: ignore[operator]
        self._context = pool.multiprocessing.get_context("fork")  # type: ignore[assignment]

    return initialise


def report(name: str) -> str:
    return "".join(REPORTS[name](marked()))


def test_csv_and_json_reports() -> None:
    table = list(csv.DictReader(io.StringIO(report("csv"))))
    assert [row["verdict"] for row in table] == [row[3] for row in ANSWERS]
    assert table[5]["score"] == "" and table[7]["student"] == "'=dan"
    content = json.loads(report("json"))
    assert content["schema"] == "symprop.check.results/1" and len(content["results"]) == len(ANSWERS)


def test_scores_leave_undecided_answers_out() -> None:
    table = {row["student_id"]: row for row in csv.DictReader(io.StringIO(report("scores")))}
    assert (table["ada"]["score"], table["ada"]["max_score"]) == ("2", "2")
    assert (table["cleo"]["score"], table["cleo"]["max_score"]) == ("0", "2")


def test_junit_counts() -> None:
    suite = ET.fromstring(report("junit"))
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "8", "failures": "2", "errors": "3", "skipped": "1"}
    assert len(suite.findall("testcase/failure")) == 2


def test_student_reports() -> None:
    students = dict(by_student(marked()))
    assert list(students) == ["=dan", "ada", "bob", "cleo"]
    ada = json.loads(gradescope(students["ada"]))
    assert ada["score"] == 2 and [test["max_score"] for test in ada["tests"]] == [1, 1]
    bob = json.loads(prairielearn(students["bob"]))
    assert bob["gradable"] and bob["score"] == 0 and "missing" in bob["tests"][0]["message"]


def test_the_summary_counts_mistakes() -> None:
    summary = summarise(marked())
    assert summary.as_json()["verdicts"] == {"correct": 2, "not correct": 2, "undecided": 1, "malformed": 3}
    assert dict(summary.mistakes)["input missing"] == 1
    assert any("#" in line for line in summary.lines())


def test_the_chart_has_a_bar_for_each_mistake() -> None:
    pytest.importorskip("matplotlib", reason="needs the extra plot")
    from symprop.check.batch.chart import chart

    summary = summarise(marked())
    [axes] = chart(summary).axes
    bars = {name.get_text(): bar.get_width() for name, bar in zip(axes.get_yticklabels(), axes.patches, strict=True)}
    assert dict(summary.mistakes).items() <= bars.items()
    assert bars["input missing"] == 1


def test_a_local_dask_cluster_gives_the_same_results() -> None:
    distributed = pytest.importorskip("dask.distributed", reason="needs the extra dask")
    from symprop.check.batch.cluster import mark_on_cluster

    rows = [Row(index, student, quantity, answer) for index, (student, quantity, answer, _, _) in enumerate(ANSWERS)]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        assert tuple(mark_on_cluster(cluster.scheduler_address, job(), rows)) == marked()


def test_equal_answers_are_marked_once() -> None:
    worker = Worker(job())
    for index in range(50):
        worker.mark(Row(index, f"s{index}", "w0", RIGHT, points=float(index)))
    assert len(worker._remembered) == 1
    assert worker.mark(Row(50, "s", "w0", RIGHT, points=4.0)).score == 4.0


class Counted(Worker):
    """A worker that writes down what it is given to mark."""

    def marked(self, row: Row) -> Result:
        with Path(os.environ["MARKED"]).open("a") as stream:
            stream.write(f"{row.quantity}\n")
        return super().marked(row)


def _serve_counted(pipe: object, job: Job, memory: int) -> None:
    pool.Worker = Counted  # type: ignore[misc]
    _serve(pipe, job, memory)  # type: ignore[arg-type]


def test_a_class_marks_equal_answers_once_whichever_worker_gets_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MARKED", str(tmp_path / "marked"))
    monkeypatch.setattr(pool, "_serve", _serve_counted)
    monkeypatch.setattr(pool._Pool, "__init__", _forking(pool._Pool.__init__))
    texts = [f"{RIGHT} + {index % 150}" for index in range(900)]
    rows = [Row(index, f"student {index}", "w0", text, points=float(index % 4)) for index, text in enumerate(texts)]
    found = list(pool.mark_all(job(), rows, pool.Limits(workers=2, memory=0, seconds=60)))
    assert len((tmp_path / "marked").read_text().split()) == 150
    alone = Worker(job())
    assert found == [alone.mark(row) for row in rows]


def test_a_class_that_gives_one_answer_is_marked_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool._Pool, "__init__", _forking(pool._Pool.__init__))
    rows = [Row(index, f"student {index}", "w0", RIGHT) for index in range(3 * pool.AHEAD * pool.CHUNK + 1)]
    found = list(pool.mark_all(job(), rows, pool.Limits(workers=1, memory=0, seconds=60)))
    assert [result.index for result in found] == list(range(len(rows)))
    assert {(result.status, result.score) for result in found} == {("correct", 1.0)}


def test_what_is_remembered_is_bounded() -> None:
    known = Remembered(3)
    for index in range(10):
        known.keep(bytes([index]), replace(marked()[0], index=index))
        known.find(bytes([0]))
    assert len(known) == 3 and known.find(bytes([0])) is not None and known.find(bytes([5])) is None
    known.keep(b"long", replace(marked()[0], message="x" * 100_000))
    assert known.find(b"long") is None


def test_a_students_numbers_are_marked_together(tmp_path: Path) -> None:
    """A wrong step costs itself alone: what follows from it keeps its points, and the first wrong step is named."""
    table = [
        ("ann", "net_h1", "0.3775", "correct", 1.0),
        ("ann", "out_h1", "0.6592", "not correct", 0.0),
        ("ann", "net_o1", "1.1323", "not correct", 1.0),
        ("ann", "w5", "w5 - eta*delta_o1*out_h1", "correct", 1.0),
        ("bob", "net_o1", "1.1323", "not correct", 0.0),
        ("bob", "out_o1", "0.1111", "not correct", 0.0),
        ("bob", "out_o2", "((", "malformed", 0.0),
    ]
    rows = list(read_rows(write_csv(tmp_path / "a.csv", [row[:3] for row in table])))
    worker = Worker(Job(load("step_by_step")))
    found = [worker.mark(row) for row in rows]
    assert [(result.status, result.score) for result in found] == [(status, score) for *_, status, score in table]
    assert "this is the first wrong step" in found[1].message and "follows rightly" in found[2].message
    assert "this is the first wrong step" in found[4].message and "the first wrong step is net_o1" in found[5].message


def test_no_report_counts_an_undecided_answer_against_a_student() -> None:
    """Two right answers and one undecided: full marks wherever a total is given, an empty score wherever the row is listed."""
    right = [result for result in marked() if result.student == "ada"]
    open_ = replace(next(result for result in marked() if result.status == "undecided"), student="ada")
    kept = [*right, open_]
    table = list(csv.DictReader(io.StringIO("".join(REPORTS["csv"](kept)))))
    assert [row["score"] for row in table] == ["1", "1", ""]
    assert [each["score"] for each in json.loads("".join(REPORTS["json"](kept)))["results"]] == [1.0, 1.0, None]
    (scores,) = csv.DictReader(io.StringIO("".join(REPORTS["scores"](kept))))
    assert (scores["score"], scores["max_score"], scores["percent_correct"]) == ("2", "2", "1")
    grade = json.loads(gradescope(kept))
    assert grade["score"] == 3 and not {"score", "max_score", "status"} & set(grade["tests"][2]) and "w0" in grade["output"]
    learnt = json.loads(prairielearn(kept))
    assert learnt["gradable"] and learnt["score"] == 1 and learnt["tests"][2]["max_points"] == 0
    alone = json.loads(prairielearn([open_]))
    assert not alone["gradable"] and alone["format_errors"]
    suite = ET.fromstring("".join(REPORTS["junit"](kept)))
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")
