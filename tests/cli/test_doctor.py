"""`symprop doctor`: everything that is missing has a line that installs it."""

import json
import shutil
import sys
from collections.abc import Callable

import pytest

from symprop.cli.doctor import TOOLS, install_lines


def test_the_table_lists_every_tool(symprop: Callable) -> None:
    run = symprop("doctor")
    assert run.code == 0
    assert all(any(line.startswith(tool.name) for line in run.out.splitlines()) for tool in TOOLS)


def test_json_names_its_schema_and_the_version_of_what_is_installed(symprop: Callable) -> None:
    import sympy

    report = json.loads(symprop("doctor", "--json").out)
    assert report["schema"] == "symprop.doctor/1"
    assert {tool["name"]: tool["found"] for tool in report["tools"]}["sympy"] == sympy.__version__


def test_one_line_installs_the_packages_and_one_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    tools = {tool.name: tool for tool in TOOLS}
    assert install_lines([tools["matplotlib"], tools["nbformat"], tools["pdflatex"], tools["C compiler"]]) == [
        f"{sys.executable} -m pip install matplotlib nbformat",
        "sudo apt-get install texlive-latex-recommended texlive-pictures gcc",
    ]


def test_homebrew_is_used_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/opt/bin/brew" if name == "brew" else None)
    (pdflatex,) = (tool for tool in TOOLS if tool.name == "pdflatex")
    assert install_lines([pdflatex]) == ["brew install --cask basictex"]


def test_nothing_missing_needs_no_line() -> None:
    assert install_lines([]) == []
