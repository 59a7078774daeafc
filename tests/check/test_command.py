"""`symprop check` on the command line: exit codes, hostile input before SymPy is loaded, a class with its report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from symprop.cli.main import main

RIGHT = "(out-target)*(w2*s2*(1-s2)*w1)*(s1*(1-s1)*s0)"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["w0", f"w0 - alpha*{RIGHT}"], 0),
        (["w0", f"-alpha*{RIGHT}"], 0),  # begins like an option
        (["w0", RIGHT.replace("*s0", "")], 1),
        (["w0", "exp(exp(exp(exp(exp(99)))))"], 5),
        (["w0", "9**9**9"], 2),
        (["w9", "1"], 2),
        (["w0"], 2),
        (["x1=4", "s1=0.982"], 0),
        (["x1=4", "s1=0.882"], 1),
    ],
)
def test_exit_codes(words: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "two_node", *words]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "two_node", "w0", RIGHT, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["schema"], content["verdict"], content["form"]) == ("symprop.check/1", "correct", "gradient")


def test_a_class_writes_its_report_and_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "a.csv"
    answers.write_text(f"student,quantity,answer\nada,w0,{RIGHT}\nbob,w0,9**9**9\n../eve,w0,2*{RIGHT}\n")
    options = ["--answers", str(answers), "--format", "gradescope", "--out", str(tmp_path / "out"), "--workers", "1"]
    assert main(["check", "two_node", *options]) == 0
    assert "3 answers" in capsys.readouterr().out
    folders = sorted(path.parent.name for path in (tmp_path / "out").rglob("results.json"))
    assert folders == ["..%2Feve", "ada", "bob"] and not (tmp_path / "a.csv.journal").exists()


def test_reports_of_several_students_without_a_folder_are_refused_before_marking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "a.csv"
    answers.write_text("student,quantity,answer\nada,w0,1\nbob,w0,1\n")
    assert main(["check", "two_node", "--answers", str(answers), "--format", "gradescope"]) == 2
    assert "2 students; --out names the folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [answers], "no journal is begun"


@pytest.mark.parametrize("answer", ["9**9**9", "1e9999999", "__import__('os')", "(" * 10_000])
def test_hostile_answers_are_refused_before_sympy_is_loaded(answer: str) -> None:
    program = (
        "import sys; from symprop.cli.main import main; code = main(['check', 'two_node', 'w0', sys.argv[1]]); "
        "print(code, 'sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, answer], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"] and done.stderr.count("\n") == 1
