"""`symprop worksheet`: files by their ending, stdout, and what is kept when pdflatex is missing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

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
