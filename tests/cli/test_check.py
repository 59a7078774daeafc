"""`symprop check`: verdicts and exit codes; malformed and hostile answers refused before SymPy is loaded."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.check.marker import Marker
from symprop.check.verdict import Verdict

STEP = "-alpha*(out - target)*w2*s2*(1 - s2)*w1*s1*(1 - s1)*s0"
DOCUMENT = "w0 - alpha*(out-target)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*s0)"
HOSTILE = ("9**9**9", "1e9999999", "__import__('os')", "(" * 10_000, "w0 +", "", "w0;w1", "\0", "w0 - alfa*s0", "-" * 5_000 + "w0")


def test_the_documents_own_answer_is_correct(symprop: Callable) -> None:
    run = symprop("check", "two_node", "w0", DOCUMENT)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("correct: the new value of w0")


def test_one_formula_may_be_given_as_an_equation(symprop: Callable) -> None:
    """Two of them, or one beside numbers, are no table."""
    run = symprop("check", "two_node", f"w0 = {DOCUMENT}")
    assert (run.code, run.out) == (0, symprop("check", "two_node", "w0", DOCUMENT).out)
    assert symprop("check", "two_node", "w0=((").err == symprop("check", "two_node", "w0", "((").err
    table = symprop("check", "two_node", "s1=0.88", f"w0={DOCUMENT}")
    assert table.code == 2 and "w0: expected a number; a formula is marked by itself" in table.err


@pytest.mark.parametrize(("right", "wrong"), [("*s0)", ")"), ("*(1-s1)", ""), ("- alpha", "+ alpha")])
def test_a_wrong_answer_is_not(symprop: Callable, right: str, wrong: str) -> None:
    run = symprop("check", "two_node", "w0", DOCUMENT.replace(right, wrong))
    assert (run.code, run.err) == (1, "")
    assert run.out.startswith("not correct: ")


@pytest.mark.parametrize("answer", [STEP, f" {STEP}", "-(alpha*delta_1*s0)"])
def test_an_answer_may_begin_with_a_minus_sign(symprop: Callable, answer: str) -> None:
    assert symprop("check", "two_node", "w0", answer, "--as", "step").code == 0
    assert symprop("check", "two_node", "w0", "--as", "gradient", answer).code == 1


def test_json_names_its_schema(symprop: Callable) -> None:
    report = json.loads(symprop("check", "two_node", "w0", DOCUMENT, "--json").out)
    assert (report["schema"], report["verdict"], report["form"]) == ("symprop.check/1", "correct", "new-value")


@pytest.mark.parametrize("answer", HOSTILE)
def test_a_malformed_answer_is_one_line_and_2(symprop: Callable, answer: str) -> None:
    run = symprop("check", "two_node", "w0", answer)
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1
    assert len(run.err) < 200


def test_malformed_answers_and_unknown_names_are_refused_without_sympy() -> None:
    calls = [["check", "two_node", "w0", answer] for answer in HOSTILE] + [["check", "two_node", "w9", "1"]]
    code = "import sys; from symprop.cli.main import main; "
    code += f"print([main(call) for call in {calls!r}], 'sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{[2] * len(calls)} False\n"


def test_an_unknown_quantity_gets_a_suggestion(symprop: Callable) -> None:
    run = symprop("check", "two_node", "outt", "1")
    assert run.code == 2
    assert "did you mean 'out'?" in run.err


def test_undecided_is_5(symprop: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = Verdict("w0", "undecided", None, "too many cases", "the reason")  # type: ignore[arg-type]
    monkeypatch.setattr(Marker, "check", lambda *_, **__: verdict)
    run = symprop("check", "two_node", "w0", "2*s0")
    assert (run.code, run.out) == (5, "undecided: too many cases\nreason: the reason\n")


def test_a_missing_matplotlib_is_told_before_the_class_is_marked(
    symprop: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    answers, report = tmp_path / "class.csv", tmp_path / "report.csv"
    answers.write_text("student,quantity,answer\nada,w0,0\n", encoding="utf-8")
    run = symprop("check", "two_node", "--answers", str(answers), "--out", str(report), "--chart", str(tmp_path / "chart.png"))
    assert run.code == 4
    assert "--chart needs matplotlib" in run.err
    assert list(tmp_path.iterdir()) == [answers]


@pytest.mark.parametrize(("option", "place"), [("--out", "class.csv"), ("--journal", "key.json"), ("--chart", "./class.csv")])
def test_what_is_read_is_not_written_over(
    symprop: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class.csv").write_text("student,quantity,answer,sheet\n", encoding="utf-8")
    symprop("worksheet", "two_node", "-o", "x.md", "--key", "key.json")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    run = symprop("check", "two_node", "--answers", "class.csv", "--key", "key.json", option, place)
    assert run.code == 2
    assert f"{option}: expected another file than the answers and the keys" in run.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("folder", [".", "/"])
def test_a_folder_is_no_table_of_answers(symprop: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    run = symprop("check", "two_node", "--answers", folder)
    assert (run.code, run.out) == (3, "")
    assert "is no table of answers" in run.err
    assert not list(tmp_path.iterdir())


def test_a_chart_of_an_unknown_kind_is_refused_before_the_class_is_marked(symprop: Callable, tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("student,quantity,answer\nada,w0,0\n", encoding="utf-8")
    run = symprop("check", "two_node", "--answers", str(tmp_path / "class.csv"), "--chart", str(tmp_path / "chart.xls"))
    assert (run.code, run.out) == (2, "")
    assert "--chart: expected a file ending in .png, .svg, .pdf" in run.err


def test_a_terminal_shows_where_a_formula_is_malformed_and_a_pipe_gets_one_line(
    terminal: Callable[..., str], process: Callable
) -> None:
    answer = "(out - target)*" + "s2*" * 40 + "9**9**9"
    line, around, caret = terminal("check", "two_node", "w0", answer).splitlines()
    assert line == "symprop: column 139: the exponent is beyond 1000"
    assert len(around) <= 74 and around[caret.index("^") :] == answer[138:]
    assert process("check", "two_node", "w0", answer).err == f"{line}\n"
