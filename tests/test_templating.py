"""The template environments: strictness, the LaTeX syntax, a user's folder, and errors that name their place."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from symprop.errors import InputError
from symprop.templating import render, templates_path


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_templates_lie_beside_or_inside_the_package() -> None:
    assert templates_path().is_dir()


def test_blocks_leave_no_lines_and_the_last_line_end_stays(tmp_path: Path) -> None:
    put(tmp_path, "a.py.jinja", "{% for x in view %}\n    {{ x }}\n{% endfor %}\nend\n")
    assert render("a.py.jinja", ["1", "2"], tmp_path) == "    1\n    2\nend\n"


def test_latex_templates_have_delimiters_that_latex_does_not_use(tmp_path: Path) -> None:
    put(tmp_path, "a.tex.jinja", "<% if view.on %>\n\\frac{{{ << view.x >> }}}{#1} {% <# no #>done\n<% endif %>\n")
    assert render("a.tex.jinja", {"on": True, "x": "w_0"}, tmp_path) == "\\frac{{{ w_0 }}}{#1} {% done\n"


@pytest.mark.parametrize(("name", "text"), [("a.html.jinja", "&lt;b&gt;"), ("a.md.jinja", "<b>")])
def test_only_html_is_escaped(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, name, "{{ view }}")
    assert render(name, "<b>", tmp_path) == text


def test_an_undefined_name_in_a_users_template_names_the_line(tmp_path: Path) -> None:
    put(tmp_path, "a.py.jinja", "one\n{{ view.nothing }}\n")
    with pytest.raises(InputError, match=r"a\.py\.jinja, line 2: .*nothing"):
        render("a.py.jinja", {}, tmp_path)


def test_a_syntax_error_in_a_users_template_names_the_line(tmp_path: Path) -> None:
    put(tmp_path, "a.py.jinja", "one\n\n{% for %}\n")
    with pytest.raises(InputError, match=r"a\.py\.jinja, line 3: "):
        render("a.py.jinja", {}, tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        render("a.py.jinja", {}, tmp_path / "nowhere")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shipped templates, where compiled code may be written."""
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr("symprop.templating.templates_path", lambda: tmp_path / "shipped")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return put(tmp_path / "shipped", "a.py.jinja", "one {{ view }}\n")


def test_the_code_of_a_shipped_template_is_kept_and_used(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render("a.py.jinja", 1) == "one 1\n"
    monkeypatch.setattr(Environment, "compile", lambda *words, **given: pytest.fail("compiled again"))
    assert render("a.py.jinja", 2) == "one 2\n"


def test_a_changed_template_is_compiled_again(shipped: Path) -> None:
    render("a.py.jinja", 1)
    put(shipped, "a.py.jinja", "two {{ view }}\n")
    assert render("a.py.jinja", 1) == "two 1\n"


@pytest.mark.parametrize("length", [0, 1, 25, 40, 100])
def test_a_file_of_code_cut_short_is_not_believed(shipped: Path, length: int) -> None:
    render("a.py.jinja", 1)
    [kept] = (shipped / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:length])
    assert render("a.py.jinja", 1) == "one 1\n"


def test_code_is_not_kept_where_python_keeps_none(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render("a.py.jinja", 1) == "one 1\n"
    assert [path.name for path in shipped.iterdir()] == ["a.py.jinja"]


def test_code_that_cannot_be_kept_is_made_each_time(shipped: Path) -> None:
    (shipped / "__pycache__").touch()
    assert [render("a.py.jinja", number) for number in (1, 2)] == ["one 1\n", "one 2\n"]


def test_nothing_is_written_into_a_users_folder(shipped: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    assert render("a.py.jinja", 1, put(own, "b.py.jinja", "")) == "one 1\n"
    assert [path.name for path in own.iterdir()] == ["b.py.jinja"]
