"""Reports against the formats' own rules: what each course system requires, and that an undecided answer costs nothing anywhere."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from symprop.check.batch.reports import REPORTS, csv_report, gradescope, prairielearn
from symprop.check.batch.result import Result
from symprop.check.batch.summary import summarise
from symprop.cli.marking import _folder

RIGHT = Result(0, "ada", "w0", "correct", 2.0, 2.0, "the gradient of w0")
WRONG = Result(1, "ada", "w1", "not correct", 0.0, 1.0, "proved different", ("sign",), ("the sign is turned around",))
OPEN = Result(2, "ada", "w2", "undecided", None, 3.0, "not decided")
BAD = Result(3, "ada", "w3", "malformed", 0.0, 1.0, "column 1: empty")


def test_gradescope_scores_the_decided_answers_as_a_part_of_all_points() -> None:
    assert json.loads(gradescope([RIGHT, WRONG]))["score"] == 2
    assert json.loads(gradescope([RIGHT, OPEN]))["score"] == 5
    assert json.loads(gradescope([RIGHT, WRONG, OPEN]))["score"] == pytest.approx(6 * 2 / 3)


@pytest.mark.parametrize("kept", [[OPEN], [OPEN, OPEN]])
def test_gradescope_gives_all_points_where_nothing_was_decided(kept: list[Result]) -> None:
    report = json.loads(gradescope(kept))
    assert report["score"] == sum(result.points for result in kept)
    assert "until a person has looked" in report["output"] and report["extra_data"] == {"undecided": ["w2"] * len(kept)}


def test_gradescope_tests_have_what_its_format_asks_for() -> None:
    """A test without a score needs one on top; a status is passed or failed; nothing is hidden, which would hide the total."""
    report = json.loads(gradescope([RIGHT, WRONG, OPEN, BAD]))
    assert isinstance(report["score"], float) and report["visibility"] == "visible"
    assert [test.get("status") for test in report["tests"]] == ["passed", "failed", None, "failed"]
    assert all(("score" in test) == ("max_score" in test) == ("status" in test) for test in report["tests"])
    assert not any("visibility" in test for test in report["tests"])


def test_prairielearn_has_the_documented_fields() -> None:
    """Its page on external grading: `score` in [0, 1], and of each test what `pl-external-grader-results` shows."""
    report = json.loads(prairielearn([RIGHT, WRONG, OPEN, BAD]))
    assert set(report) <= {"gradable", "score", "message", "output", "images", "tests", "format_errors"}
    assert isinstance(report["gradable"], bool) and 0 <= report["score"] <= 1 and isinstance(report["message"], str)
    for test in report["tests"]:
        assert set(test) <= {"name", "description", "points", "max_points", "message", "output", "images"}
        assert 0 <= test["points"] <= test["max_points"], "a test without points would hide those of all the others"
    assert report["tests"][2]["max_points"] == 0, "what is undecided is shown grey, neither right nor wrong"
    errors = json.loads(prairielearn([OPEN, BAD]))["format_errors"]
    assert errors and all(isinstance(each, str) for each in errors)


def test_gradescope_has_the_documented_fields() -> None:
    report = json.loads(gradescope([RIGHT, WRONG, OPEN, BAD]))
    assert set(report) <= {
        "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
        "stdout_visibility", "extra_data", "tests", "leaderboard",
    }  # fmt: skip
    fields = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility"}
    assert all(set(test) <= fields for test in report["tests"])
    assert {report[name] for name in ("output_format", "test_output_format", "test_name_format")} == {"text"}


def test_junit_has_what_its_schemas_require() -> None:
    """Jenkins' junit-10.xsd and Maven's surefire-test-report.xsd: what is required, and which elements a test case may hold."""
    follows = Result(4, "ada", "w4", "not correct", 1.0, 1.0, "it follows")
    suite = ET.fromstring("".join(REPORTS["junit"]([RIGHT, WRONG, OPEN, BAD, follows])))
    assert suite.tag == "testsuite" and {"name", "time", "tests", "errors", "skipped", "failures"} <= set(suite.keys())
    for case in suite:
        assert case.tag == "testcase" and {"name", "classname", "time"} <= set(case.keys())
        assert [each.tag for each in case] in ([], ["failure"], ["error"], ["skipped"], ["system-out"])
        assert all(each.get("type") and each.get("message") for each in case if each.tag != "system-out")
    assert [each.get("type") for each in suite.iterfind("testcase/failure")] == ["sign"]


def test_the_score_table_has_the_names_of_nbgrader_and_otter() -> None:
    """nbgrader's grades.csv has student_id, score, max_score; otter's a column for each question and percent_correct, 0 to 1."""
    (row,) = csv.DictReader(io.StringIO("".join(REPORTS["scores"]([RIGHT, WRONG, OPEN]))))
    assert {**row, "percent_correct": round(float(row["percent_correct"]), 4)} == {
        "student_id": "ada", "w0": "2", "w1": "0", "w2": "", "score": "2", "max_score": "3", "percent_correct": 0.6667,
    }  # fmt: skip


def test_prairielearn_scores_lie_between_0_and_1_and_ungradable_says_why() -> None:
    report = json.loads(prairielearn([RIGHT, WRONG, OPEN]))
    assert report["gradable"] and report["score"] == pytest.approx(2 / 3)
    alone = json.loads(prairielearn([OPEN, BAD]))
    assert not alone["gradable"] and len(alone["format_errors"]) == 2


def test_a_spreadsheet_never_runs_a_cell() -> None:
    hostile = [Result(0, f"{mark}cmd()", f"{mark}w0", "malformed", 0.0, 1.0, "no", answer=f"{mark}1+1") for mark in "=+-@\t\r"]
    for name in ("csv", "scores"):
        table = list(csv.reader(io.StringIO("".join(REPORTS[name](hostile)), newline="")))
        assert not any(cell[:1] in "=+-@\t\r" for line in table for cell in line if cell)


@pytest.mark.parametrize(
    ("student", "folder"), [("ada", "ada"), ("../eve", "..%2Feve"), ("..", "%2E%2E"), ("", "%"), ("a\\b:c", "a%5Cb%3Ac")]
)
def test_a_students_folder_stays_inside(student: str, folder: str) -> None:
    assert _folder(student) == folder


def test_what_follows_from_a_wrong_number_is_no_failure_and_no_mistake() -> None:
    follows = Result(4, "ada", "w4", "not correct", 1.0, 1.0, "it follows rightly from the student's own earlier values")
    suite = ET.fromstring("".join(REPORTS["junit"]([RIGHT, WRONG, OPEN, BAD, follows])))
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "1", "1", "1"]
    assert "follows rightly" in (suite.findtext("testcase/system-out") or "")
    assert summarise([WRONG, follows]).unexplained == 0


def test_a_second_answer_to_the_same_quantity_is_told() -> None:
    """Both count: which of them a student means, the class's table does not say."""
    summary = summarise([WRONG, replace(WRONG, index=1), replace(WRONG, index=2, student="another")])
    assert summary.repeated == 1 and any("1 beyond a student's first" in line for line in summary.lines())
    assert "beyond" not in "".join(summarise([WRONG]).lines())


def test_two_sentences_of_feedback_are_told_apart() -> None:
    result = Result(0, "ada", "w0", "not correct", 0.0, 1.0, "wrong", feedback=("a sign is wrong", "the half is missing"))
    assert "a sign is wrong; the half is missing" in "".join(csv_report([result]))
