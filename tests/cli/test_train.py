"""`symprop train`: the document's numbers from a process of its own, and the document's figure."""

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from symprop.cli import figure

needs_matplotlib = pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")


def test_the_documents_numbers_are_printed(symprop: Callable) -> None:
    """By the document's own loop, run with plain NumPy."""
    run = symprop("train", "two_node")
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[2].split() == ["iteration", "out", "E"]
    assert lines[3].split()[:2] == ["1", "0.36375380675182073"]
    parameters = dict(line.split(" = ") for line in lines if " = " in line)
    expected = {"w2": 0.9415374060237287, "w1": 1.0834236223083622, "w0": 2.0031198590477275}
    assert {name: float(value) for name, value in parameters.items()} == pytest.approx(expected, rel=1e-14)


def test_a_loss_of_the_parameters_alone_is_minimised(symprop: Callable, tmp_path: Path) -> None:
    """Neither inputs nor targets: nothing is missing. By the same steps in plain Python."""
    text = """id = "valley"
        parameters = { a = -1.2, b = 1 }
        equations = { E = "(1 - a)**2 + 100*(b - a**2)**2" }
        training = { learning_rate = 0.001, iterations = 20 }
        """
    (tmp_path / "valley.toml").write_text(text, encoding="utf-8")
    report = json.loads(symprop("train", str(tmp_path / "valley.toml"), "--json").out)
    a, b = -1.2, 1.0
    for _ in range(20):
        a, b = a - 0.001 * (-2 * (1 - a) - 400 * a * (b - a**2)), b - 0.001 * 200 * (b - a**2)
    assert report["parameters"] == pytest.approx({"a": a, "b": b}, rel=1e-12)
    assert report["update"] == "simultaneous"  # the rule that was used; the spec has no "document"


def test_what_an_optimiser_keeps_is_no_parameter(symprop: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(symprop("new", "2-2-1", "--optimizer", "adam").out, encoding="utf-8")
    report = json.loads(symprop("train", str(tmp_path / "a.toml"), "--iterations", "2", "--json").out)
    assert list(report["parameters"]) == ["w1", "w2", "w3", "w4", "b1", "w5", "w6", "b2"]


def test_another_update_rule_and_fewer_iterations(symprop: Callable) -> None:
    report = json.loads(symprop("train", "two_node", "--update", "simultaneous", "--iterations", "1", "--json").out)
    assert (report["schema"], report["iterations"], len(report["history"])) == ("symprop.train/1", 1, 1)
    expected = {"w0": 2.0001177352571498, "w1": 1.0032729312455964, "w2": 0.5244621665599667}
    assert report["parameters"] == pytest.approx(expected, rel=1e-15)


def test_the_rate_and_the_number_of_iterations_are_told(symprop: Callable) -> None:
    one = symprop("train", "two_node", "--iterations", "1", "--learning-rate", "0.25").out.splitlines()[0]
    assert one.endswith(": 1 iteration, update rule 'document', learning rate 0.25")
    assert symprop("train", "two_node").out.splitlines()[0].endswith(": 1000 iterations, update rule 'document', learning rate 0.1")
    report = json.loads(symprop("train", "two_node", "--iterations", "1", "--learning-rate", "0.25", "--json").out)
    assert report["learning_rate"] == 0.25


def test_arrays_are_printed_as_numpy_prints_them(symprop: Callable) -> None:
    out = symprop("train", "single_layer", "--iterations", "10").out
    assert out.count("\n      [") == 2


def test_an_unknown_update_gets_its_alternatives(symprop: Callable) -> None:
    run = symprop("train", "two_node", "--update", "simultanous")
    assert (run.code, run.out) == (2, "")
    assert "did you mean 'simultaneous'?" in run.err


def test_a_loss_that_is_no_longer_finite_is_one_line(symprop: Callable, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "symprop/spec/networks/two_node.toml").read_text(encoding="utf-8")
    (tmp_path / "wild.toml").write_text(text.replace("learning_rate = 0.1", "learning_rate = 1e200"), encoding="utf-8")
    run = symprop("train", str(tmp_path / "wild.toml"))
    assert (run.code, run.out) == (3, "")
    assert len(run.err.splitlines()) == 1
    assert "no longer finite" in run.err


def test_a_spec_without_data_cannot_train(symprop: Callable, tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_text(symprop("new", "40-16-4").out, encoding="utf-8")
    run = symprop("train", str(tmp_path / "big.toml"))
    assert run.code == 3
    assert "give 'X' its values" in run.err


@needs_matplotlib
@pytest.mark.parametrize(("name", "head"), [("a.png", b"\x89PNG"), ("A.PNG", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_a_figure_is_the_same_file_each_time(symprop: Callable, tmp_path: Path, name: str, head: bytes) -> None:
    pictures = []
    for _ in range(2):
        assert symprop("train", "two_node", "--iterations", "5", "--plot", str(tmp_path / name)).code == 0
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(head)


@needs_matplotlib
def test_the_figure_shows_weights_output_and_target(symprop: Callable, tmp_path: Path) -> None:
    symprop("train", "two_node", "--plot", str(tmp_path / "a.svg"))
    picture = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in picture for name in ("w0", "w1", "w2", "out", "target", "iteration"))


def test_an_unknown_kind_of_picture_is_refused_before_any_work(symprop: Callable) -> None:
    run = symprop("train", "nowhere.toml", "--plot", "a.gif")
    assert run.code == 2
    assert ".png" in run.err


@needs_matplotlib
@pytest.mark.parametrize(("place", "words"), [("nowhere/a.png", "does not exist"), ("folder.png", "cannot be written")])
def test_a_place_without_a_folder_is_refused_first(symprop: Callable, tmp_path: Path, place: str, words: str) -> None:
    (tmp_path / "folder.png").mkdir()
    run = symprop("train", "nowhere.toml", "--plot", str(tmp_path / place))
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert words in run.err
    assert not (tmp_path / "nowhere").exists()


def test_without_matplotlib_the_line_that_installs_it_is_shown(symprop: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure.importlib.util, "find_spec", lambda name: None)
    run = symprop("train", "two_node", "--plot", "a.png")
    assert run.code == 4
    assert f"{sys.executable} -m pip install matplotlib" in run.err


def test_a_terminal_sees_the_progress(terminal: Callable) -> None:
    shown = terminal("train", "two_node", "--iterations", "50")
    assert "training" in shown
    assert "100%" in shown


def test_another_learning_rate_steps_further(symprop: Callable) -> None:
    """One simultaneous step moves each weight by the rate times its gradient: twice the rate, twice the way."""
    step = ("train", "two_node", "--iterations", "1", "--update", "simultaneous", "--json", "--learning-rate")
    still, once, twice = (json.loads(symprop(*step, rate).out)["parameters"] for rate in ("0", "0.5", "1"))
    for name, start in still.items():
        assert once[name] != start
        assert twice[name] - start == pytest.approx(2 * (once[name] - start), rel=1e-9)


@pytest.mark.parametrize("rate", ["-0.1", "nan", "inf"])
def test_a_learning_rate_that_leads_nowhere_is_refused(symprop: Callable, rate: str) -> None:
    run = symprop("train", "two_node", "--learning-rate", rate)
    assert run.code == 2
    assert "--learning-rate" in run.err
