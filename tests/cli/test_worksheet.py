"""`symprop worksheet`: files by their ending, stdout, and what is kept when pdflatex is missing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.render.formats import FORMATS

needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_article_in_a_file_and_on_stdout(symprop: Callable, folder: Path) -> None:
    run = symprop("worksheet", "two_node", "-o", "x.tex")
    assert (run.code, run.out) == (0, "x.tex\n")
    article = (folder / "x.tex").read_text(encoding="utf-8")
    assert article.startswith("\\documentclass")
    assert symprop("worksheet", "two_node", "-o", "-").out == article


def test_a_fragment_has_no_preamble(symprop: Callable, folder: Path) -> None:
    out = symprop("worksheet", "two_node", "-o", "-", "--fragment").out
    assert "\\documentclass" not in out
    assert "\\begin{equation}" in out


def test_an_unknown_ending_is_refused(symprop: Callable, folder: Path) -> None:
    run = symprop("worksheet", "two_node", "-o", "x.doc")
    assert run.code == 2
    assert ".tex" in run.err
    assert list(folder.iterdir()) == []


@needs_pdflatex
def test_a_pdf(symprop: Callable, folder: Path) -> None:
    assert symprop("worksheet", "two_node", "-o", "x.pdf").code == 0
    assert (folder / "x.pdf").read_bytes().startswith(b"%PDF")


def test_without_pdflatex_the_latex_is_kept(symprop: Callable, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    run = symprop("worksheet", "two_node", "-o", "x.pdf")
    assert run.code == 4
    assert "apt-get install" in run.err
    assert [path.name for path in folder.iterdir()] == ["x.tex"]


def test_a_place_that_cannot_be_written_is_said(symprop: Callable, folder: Path) -> None:
    (folder / "file").touch()
    run = symprop("worksheet", "two_node", "-o", "file/x.tex")
    assert run.code == 2
    assert "cannot write 'file/x.tex'" in run.err


def test_a_notebook_without_nbformat_leaves_no_latex(symprop: Callable, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "x.tex").write_text("by hand", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "nbformat", None)  # as if it were not installed
    run = symprop("worksheet", "two_node", "-o", "x.ipynb")
    assert run.code == 4
    assert "pip install nbformat" in run.err
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {"x.tex": "by hand"}


@pytest.mark.parametrize("ending", ["html", "md", "ipynb"])
def test_the_other_formats(symprop: Callable, folder: Path, ending: str) -> None:
    pytest.importorskip("nbformat")
    assert symprop("worksheet", "two_node", "-o", f"x.{ending}").code == 0
    assert "Two nodes in a chain" in (folder / f"x.{ending}").read_text(encoding="utf-8")


def test_a_teachers_sheet_with_blanks_has_the_solutions_folded(symprop: Callable, folder: Path) -> None:
    symprop("worksheet", "two_node", "-o", "x.html", "--blank", "gradients")
    assert "<details>" in (folder / "x.html").read_text(encoding="utf-8")
    symprop("worksheet", "two_node", "-o", "x.html", "--blank", "gradients", "--edition", "student")
    assert "<details>" not in (folder / "x.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["tex", "html", "md"])
def test_digits_and_decimals_in_every_format(symprop: Callable, folder: Path, ending: str) -> None:
    """net_h1 is 0.3775, out_h1 0.593269992107..."""
    wanted = {("--digits", "4"): "0.5933", ("--decimals", "6"): "0.593270", ("--digits", "12"): "0.593269992107"}
    for options, shown in wanted.items():
        assert symprop("worksheet", "step_by_step", "-o", f"x.{ending}", *options).code == 0
        text = (folder / f"x.{ending}").read_text(encoding="utf-8")
        assert re.search(rf"(?<![\d.]){re.escape(shown)}(?!\d)", text)
    comma = symprop("worksheet", "step_by_step", "-o", f"x.{ending}", "--digits", "4", "--decimal-comma")
    assert comma.code == 0
    assert re.search(r"0(\{,\}|,)5933", (folder / f"x.{ending}").read_text(encoding="utf-8"))


def test_carry_says_what_it_has_cost(symprop: Callable, folder: Path) -> None:
    carried = symprop("worksheet", "step_by_step", "-o", "-", "--arithmetic", "carry", "--digits", "4").out
    full = symprop("worksheet", "step_by_step", "-o", "-", "--arithmetic", "full", "--digits", "4").out
    assert "What carrying the printed digits has cost" in carried
    assert "What carrying" not in full
    assert full == symprop("worksheet", "step_by_step", "-o", "-", "--digits", "4").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--digits", "4", "--decimals", "4"], "give one of the two"),
        (["--digits", "0"], "digits"),
        (["--decimals", "-1"], "decimals"),
        (["--digits", "many"], "many"),
        (["--seed", "-1"], "--seed: expected 0 or more"),
        (["--seed", "1.5"], "1.5"),
        (["--edition", "pupil"], "pupil"),
        (["--blank", "all"], "all"),
        (["--arithmetic", "exact"], "exact"),
    ],
)
def test_a_wrong_option_is_said_and_nothing_is_written(symprop: Callable, folder: Path, options: list[str], words: str) -> None:
    run = symprop("worksheet", "two_node", "-o", "x.tex", *options)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert list(folder.iterdir()) == []


def test_a_fragment_is_latex_alone(symprop: Callable, folder: Path) -> None:
    run = symprop("worksheet", "two_node", "-o", "x.html", "--fragment")
    assert run.code == 2
    assert "--fragment: expected a file ending in .tex" in run.err


@pytest.mark.parametrize("fragment", [(), ("--fragment",)])
def test_own_templates_come_first(symprop: Callable, folder: Path, fragment: tuple[str, ...]) -> None:
    own = folder / "own"
    own.mkdir()
    name = "fragment" if fragment else "worksheet"
    (own / f"{name}.tex.jinja").write_text("MINE << view.title >>\n", encoding="utf-8")
    run = symprop("worksheet", "two_node", "-o", "-", "--templates", "own", *fragment)
    assert (run.code, run.out) == (0, "MINE Two nodes in a chain\n")
    other = symprop("worksheet", "two_node", "-o", "x.html", "--templates", "own")
    assert other.code == 0
    assert "MINE" not in (folder / "x.html").read_text(encoding="utf-8")


def test_a_mistake_in_an_own_template_is_said(symprop: Callable, folder: Path) -> None:
    (folder / "worksheet.tex.jinja").write_text("\n<< view.nothing >>", encoding="utf-8")
    run = symprop("worksheet", "two_node", "-o", "x.tex", "--templates", ".")
    assert (run.code, run.out) == (3, "")
    assert "worksheet.tex.jinja, line 2" in run.err


def test_a_seed_draws_other_numbers_and_the_same_again(symprop: Callable, folder: Path) -> None:
    one, again, other, none = (
        symprop("worksheet", "two_node", "-o", "-", *options).out
        for options in (["--seed", "1"], ["--seed", "1"], ["--seed", "2"], [])
    )
    assert one == again
    assert len({one, other, none}) == 3
    assert "Sheet" in one and "Sheet" not in none


def test_the_students_edition_has_room_for_a_name_and_no_results(symprop: Callable, folder: Path) -> None:
    student = symprop("worksheet", "step_by_step", "-o", "-", "--edition", "student").out
    teacher = symprop("worksheet", "step_by_step", "-o", "-", "--edition", "teacher").out
    assert "Name:" in student and "Name:" not in teacher
    assert "0.593269992" in teacher and "0.593269992" not in student
    gradients = symprop("worksheet", "step_by_step", "-o", "-", "--edition", "student", "--blank", "gradients").out
    assert "0.593269992" in gradients
    assert "0.0821670406" in teacher and "0.0821670406" not in gradients


def test_a_folder_of_templates_that_is_not_there(symprop: Callable, folder: Path) -> None:
    run = symprop("worksheet", "two_node", "-o", "x.tex", "--templates", "nowhere")
    assert (run.code, run.out) == (3, "")
    assert "nowhere" in run.err
    assert list(folder.iterdir()) == []


def test_the_help_names_every_format_without_loading_a_writer() -> None:
    code = "import sys; from symprop.cli.worksheet import worksheet; print(*(option.help for option in worksheet.params[1:2])); "
    code += "print([name for name in sys.modules if name.startswith('symprop.render.writers')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"The file; its ending says the format: {' '.join(FORMATS)}\n[]\n"


def test_a_key_is_not_written_over_its_sheet(symprop: Callable, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.tex"
    run = symprop("worksheet", "two_node", "-o", str(sheet), "--key", str(tmp_path / "." / "sheet.tex"))
    assert run.code == 2 and "--key: expected another file than the sheet's" in run.err
    assert not sheet.exists()


def test_a_file_without_an_ending_is_told_the_endings(symprop: Callable, folder: Path) -> None:
    run = symprop("worksheet", "two_node", "-o", "sheet")
    assert (run.code, run.out) == (2, "")
    assert "-o sheet: expected a file ending in .tex, .pdf, .html, .md, .ipynb, got a name without an ending\n" in run.err


def test_a_page_with_decimal_commas_has_no_number_with_a_point(symprop: Callable, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    assert symprop("worksheet", "two_node", "-o", str(sheet), "--decimal-comma").code == 0
    assert not re.search(r"\d\.\d", sheet.read_text(encoding="utf-8"))
