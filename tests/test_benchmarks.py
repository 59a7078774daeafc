"""The benchmark runs, and a wrong result never gets a time. No time is asserted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import derivation, run, training
from tests.benchmarks.baselines import numpy_documents, pure_python, tuned_numpy
from tests.benchmarks.contenders import BASELINE, CONTENDERS
from tests.benchmarks.problems import TASKS, WrongResult, check_digits, digits

SMALL = {"T1": 1, "T2": 1, "T3": 10_000}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("baseline", [numpy_documents, pure_python], ids=["numpy", "python"])
def test_baselines_give_the_reference_numbers(name: str, baseline: object) -> None:
    task = TASKS[name]
    problem = task.problem(SMALL[name])
    task.check(problem, *getattr(baseline, problem.net)(problem))


@pytest.mark.parametrize("name", SMALL)
def test_a_wrong_result_is_caught(name: str) -> None:
    task = TASKS[name]
    problem = task.problem(SMALL[name])
    parameters, history = getattr(numpy_documents, problem.net)(problem)
    slightly = {name: np.asarray(value) * (1 + 1e-6) for name, value in parameters.items()}
    with pytest.raises(WrongResult, match="expected .* got"):
        task.check(problem, slightly, history)
    late = {name: np.asarray(column)[1:] + 1e-6 for name, column in history.items()}
    with pytest.raises((WrongResult, IndexError)):
        task.check(problem, parameters, late)


def test_simultaneous_steps_are_not_the_document_s() -> None:
    """T1 is the document's sequential update: one iteration of plain gradient descent must not pass."""
    task = TASKS["T1"]
    problem = task.problem(1)
    _, history = numpy_documents.two_node(problem)
    simultaneous = {"w2": 0.5244621665599667, "w1": 1.0032729312455964, "w0": 2.0001177352571498}
    with pytest.raises(WrongResult, match="w2, w1, w0"):
        task.check(problem, simultaneous, history)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize(("dtype", "off"), [("float64", 1e-6), ("float32", 5e-2)])
def test_tuned_numpy_trains_as_the_plain_one(activation: str, dtype: str, off: float) -> None:
    problem = digits(activation, dtype, rows=300)(2)
    parameters, history = tuned_numpy.digits(problem)
    check_digits(problem, parameters, history)
    with pytest.raises(WrongResult, match="W2"):
        check_digits(problem, parameters | {"W2": parameters["W2"] * (1 + off)}, history)


def test_the_command_measures_and_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [BASELINE, "symprop_numpy", *(["hand_written"] if shutil.which("cc") else [])]
    file = tmp_path / "figures.json"
    words = ["--quick", "--tasks", "T1", "--rounds", "1", "--contenders", ",".join(names), "--json", str(file)]
    run.main(words)
    entries = {entry["contender"]: entry for entry in json.loads(file.read_text())["T1"]}
    assert entries.keys() == set(names)
    assert all(entry["note"] == "" and entry["cpu_s"] > 0 for entry in entries.values())
    assert entries[BASELINE]["speed"] == 1
    assert CONTENDERS["symprop_numpy"].title in capsys.readouterr().out


def test_a_contender_that_is_wrong_has_a_reason_and_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module whose slope is a little off: the worker says so, and the row stays empty."""

    def generated(task: object, target: str, home: Path) -> tuple[float, str]:
        text = (Path(__file__).parents[1] / "generated" / "two_node" / "network.py").read_text(encoding="utf-8")
        home.joinpath("network.py").write_text(text.replace("s2*(1", "1.001*s2*(1"), encoding="utf-8")
        return 0.0, ""

    monkeypatch.setattr(training, "_generated", generated)
    (row,) = training.measured(TASKS["T1"], ["symprop_numpy"], training.Settings(rounds=1, quick=True))
    assert row.note.startswith("wrong result: w2, w1, w0: expected")
    assert row.cpus == []


def test_a_missing_peer_is_skipped_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    row = training.Row(run.CONTENDERS["torch_eager"].__class__("absent", "an absent peer", ("no_such_package",)))
    assert row.contender.missing() == "no_such_package not installed"


def test_growth_is_fitted_over_the_middle() -> None:
    rows = [{"weights": weights, "s": 3 * weights**1.5} for weights in (150, 600, 2400)] + [{"weights": 7, "s": 1e9}]
    assert derivation.exponent(rows, "s") == pytest.approx(1.5)


def test_sizes_count_their_weights() -> None:
    assert derivation.weights(derivation.widths("8-16-16-4")) == 484
    assert derivation.weights(derivation.widths("32-32-32-1")) == 2145


@pytest.mark.parametrize("style", ["scalar", "matrix"])
def test_a_size_is_derived_and_emitted(style: str) -> None:
    row = derivation.measured("2-3-3-1", style)
    assert row["weights"] == 25 and "failed" not in row
