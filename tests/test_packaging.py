"""What a package needs, checked cheaply; .ci/run builds it and uses the wheel."""

import re
import tomllib
from pathlib import Path

import pytest

import symprop
from symprop.templating import templates_path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_stands_in_one_place_and_in_the_changelog() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", symprop.__version__)
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_run_time_needs_four_packages() -> None:
    names = [re.split(r"[<>=~!\[ ]", requirement)[0] for requirement in PROJECT["project"]["dependencies"]]
    assert names == ["sympy", "numpy", "jinja2", "click"]


def test_templates_are_no_python_files() -> None:
    """A `.py` file among the templates breaks the editable install."""
    files = [path for path in templates_path().rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    assert [path.name for path in files if path.suffix != ".jinja"] == []


def test_the_package_is_typed() -> None:
    assert (Path(symprop.__file__).parent / "py.typed").is_file()


def test_generated_code_is_no_package_and_not_in_the_wheel() -> None:
    assert list((ROOT / "generated").rglob("__init__.py")) == []
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"] == ["symprop", "templates"]


def test_the_top_level_holds_what_people_expect() -> None:
    expected = {"pyproject.toml", "README.md", "symprop", "templates", "generated", "tests", ".ci", "LICENSE", "CHANGELOG.md"}
    assert expected <= {path.name for path in ROOT.iterdir()}


@pytest.mark.parametrize("extra", ["test", "plot", "notebook"])
def test_the_extras_exist(extra: str) -> None:
    assert PROJECT["project"]["optional-dependencies"][extra]
