"""`symprop new`: the spec it prints builds as it stands, from a file and from standard input."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.spec import build, read_spec


@pytest.mark.parametrize("arguments", [("2-3-1",), ("2-3-1", "--activation", "tanh"), ("8-16-4", "--activation", "relu")])
def test_what_is_printed_builds(symprop: Callable, arguments: tuple[str, ...]) -> None:
    run = symprop("new", *arguments)
    assert run.code == 0
    assert run.out.startswith("#")
    assert build(read_spec(run.out, "new")).graph.names("parameter")


def test_an_unknown_activation_gets_a_suggestion(symprop: Callable) -> None:
    run = symprop("new", "2-3-1", "--activation", "tahn")
    assert (run.code, run.out) == (2, "")
    assert "did you mean 'tanh'?" in run.err


def test_sizes_that_are_none_are_refused(symprop: Callable) -> None:
    assert symprop("new", "2--1").code == 2


EVERY_COMMAND = [
    ("derive", "{spec}", "--numbers"),
    ("worksheet", "{spec}", "-o", "{folder}/sheet.tex"),
    ("worksheet", "{spec}", "-o", "{folder}/drawn.tex", "--seed", "5"),
    ("generate", "{spec}", "-o", "{folder}/out"),
    ("train", "{spec}", "--iterations", "40"),
    ("audit", "{spec}"),
]


WISHES = [
    ("4-5-5-3",),
    ("2-3-1", "--activation", "identity"),
    ("3-4-2", "--activation", "softmax"),
    ("4-3", "--loss", "softmax_cross_entropy"),
    ("3-4-2", "--loss", "binary_cross_entropy", "--optimizer", "momentum"),
    ("4-5-5-3", "--activation", "relu", "--loss", "softmax_cross_entropy", "--optimizer", "adam"),
]


def test_a_file_is_written_like_other_commands_files(symprop: Callable, tmp_path: Path) -> None:
    place = tmp_path / "specs" / "mine.toml"
    assert symprop("new", "2-3-1", "-o", str(place)).out == f"{place}\n"
    assert place.read_text(encoding="utf-8") == symprop("new", "2-3-1").out == symprop("new", "2-3-1", "-o", "-").out
    wrong = symprop("new", "2-3-1", "--loss", "mean_square", "-o", str(place))
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'mean_squared'?" in wrong.err
    assert place.read_text(encoding="utf-8") == symprop("new", "2-3-1").out


def test_a_spec_that_was_written_on_is_not_replaced(symprop: Callable, tmp_path: Path) -> None:
    place = tmp_path / "mine.toml"
    place.write_text("# an evening's work\n", encoding="utf-8")
    run = symprop("new", "2-3-1", "-o", str(place))
    assert (run.code, run.out) == (2, "")
    assert "expected a file that does not exist yet" in run.err
    assert place.read_text(encoding="utf-8") == "# an evening's work\n"


@pytest.mark.parametrize("arguments", WISHES)
def test_every_command_works_on_it_at_once(symprop: Callable, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    spec = tmp_path / "mine.toml"
    spec.write_text(symprop("new", *arguments).out, encoding="utf-8")
    assert "example data" in spec.read_text(encoding="utf-8")
    for command in EVERY_COMMAND:
        run = symprop(*(word.format(spec=spec, folder=tmp_path) for word in command))
        assert (run.code, run.err) == (0, ""), command


def test_an_answer_in_its_names_is_marked(symprop: Callable, tmp_path: Path) -> None:
    spec = tmp_path / "mine.toml"
    spec.write_text(symprop("new", "4-5-5-3").out, encoding="utf-8")
    assert symprop("check", str(spec), "W3", "A2.T @ delta_3").code == 0
    assert symprop("check", str(spec), "W3[1,2]", "A2[1,1]*delta_3[1,2] + A2[2,1]*delta_3[2,2]").code == 0


NEEDING_DATA = [("derive", "W1", "--numbers"), ("derive", "W1[1,1]"), ("worksheet", "-o", "a.tex"), ("train",)]


@pytest.mark.parametrize("command", NEEDING_DATA)
def test_without_data_nothing_is_half_printed(symprop: Callable, tmp_path: Path, command: tuple[str, ...]) -> None:
    spec = tmp_path / "wide.toml"
    spec.write_text(symprop("new", "40-8-20").out, encoding="utf-8")
    name, *rest = command
    run = symprop(name, str(spec), *rest)
    assert (run.code, run.out) == (3, "")
    assert "X" in run.err
