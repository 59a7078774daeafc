"""The template environments: strictness, the LaTeX syntax, a user's folder, and errors that name their place."""

from pathlib import Path

import pytest

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


def test_a_filter_is_known_in_every_syntax(tmp_path: Path) -> None:
    put(tmp_path, "a.tex.jinja", "<< view|twice >>")
    assert render("a.tex.jinja", "x", tmp_path, {"twice": lambda text: text * 2}) == "xx"
