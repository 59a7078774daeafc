"""The target of plain Python: the standard library alone, the documents' runs, what it refuses and where it draws otherwise."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import Any

import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.errors import UnsupportedError
from symprop.spec import bundled, load

from .agreement import NAMES, TRAINED_OTHERWISE, Modules, close, named, same_columns, ways


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(tmp_path_factory.mktemp("python"))


RUNS = [("two_node", 1000, 100), ("four_three_two", 1, 1), ("step_by_step", 10_000, 1000), ("single_layer", 10_000, 1000),
        ("hidden_layer", 2000, 500), ("xor_class", 500, 100)]  # fmt: skip


@pytest.mark.parametrize(("net", "iterations", "record_every"), RUNS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int, record_every: int) -> None:
    made, plain = (modules.of(named(net), target) for target in ("python", "numpy"))
    how = {"iterations": iterations, "record_every": record_every}
    found, expected = (each.train(**how) for each in (made, plain))
    same_columns(found, expected, plain.ROW)


@pytest.mark.parametrize("net", ["hidden_layer", "single_layer", "xor_class"])
def test_documents_draws_are_numpys(modules: Modules, net: str) -> None:
    made, plain = (modules.of(named(net), target) for target in ("python", "numpy"))
    for seed in (None, 0, 1, 12345, 2**32 - 1):
        if seed is None and load(net).training.seed is None:
            continue
        close(made.initial_parameters(seed), plain.initial_parameters(seed), rtol=0, atol=0)


ALONE = """
import runpy, sys
class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{name} is not in the standard library")
sys.meta_path.insert(0, Refused())
runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.mark.parametrize(("net", "printed"), [("two_node", "0.94153740602372"), ("single_layer", "[0.0096661447729535")])
def test_the_module_prints_its_table_where_nothing_is_installed(modules: Modules, net: str, printed: str) -> None:
    path = modules.path(named(net), "python")
    done = subprocess.run([sys.executable, "-I", "-S", "-c", ALONE, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == "" and printed in done.stdout


@pytest.mark.parametrize("net", [*NAMES, *(name for name in TRAINED_OTHERWISE if "float32" not in name)])
def test_only_the_standard_library_is_imported(modules: Modules, net: str) -> None:
    tree = ast.parse(modules.path(TRAINED_OTHERWISE.get(net) or named(net), "python").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"math", "random", "collections", "collections.abc"}


def test_single_precision_is_refused_in_one_line() -> None:
    (net, *_) = ways({"dtype": "float32"}).values()
    with pytest.raises(UnsupportedError) as refusal:
        module(derive(net), target="python")
    assert "training.dtype: expected 'float64', all that Python has, got 'float32'; " in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_no_number_is_told(modules: Modules) -> None:
    made = modules.of(named("hidden_layer"), "python")
    for wrong in ({"X": made.INPUTS}, "ab", [["a", "b", "c"]]):
        with pytest.raises(ValueError, match="could not convert string to float"):
            made.train(inputs=wrong)


def test_batches_are_its_own_and_the_same_in_every_run(modules: Modules) -> None:
    made = modules.of(TRAINED_OTHERWISE["classes_3_4"], "python")
    first, again = (made.train(iterations=40, record_every=13) for _ in range(2))
    assert first.parameters == again.parameters and list(first.history) == list(again.history)
    assert first.parameters != made.train(iterations=40, seed=5).parameters
    assert first.history[-1]["E"] < first.history[0]["E"]
    text = str(made.__doc__)
    assert "Order" in text and "other than those of NumPy's" in text
    seen: list[Any] = []
    made.step = lambda parameters, inputs, *_: seen.append(inputs) or parameters
    made._advance(first.parameters, range(1, 2), made.INPUTS, made.TARGETS, 0.1, 3, 4, "document")
    assert [len(batch) for batch in seen] == [3, 3, 2] and sorted(sum(seen, [])) == sorted(made.INPUTS)


def test_numbers_that_python_cannot_hold_are_a_loss_that_is_not_finite(modules: Modules) -> None:
    made = modules.of(named("skip"), "python")
    parameters = {"w": 1e-200, "v": 0.5}  # 1/w**2 is a division by 0
    with pytest.raises(FloatingPointError, match="^iteration 1: the loss is (nan|inf), no longer finite; "):
        made.train(parameters)


def test_every_bundled_network_has_lists_and_no_loops_in_its_equations() -> None:
    """One equation, one line: what a lecturer would write on the board."""
    for net in bundled():
        text = module(derive(named(net)), target="python")
        body = text[text.index("def forward") : text.index("def predict")]
        assert not any(line.strip().startswith("for ") for line in body.splitlines())


def test_a_row_takes_each_power_once_and_its_numbers_are_numbers() -> None:
    text = module(derive(named("matrix_softmax_identity_half_sum_of_squares")), target="python")
    body = text.partition("def softmax(")[2].partition("\n\n\n")[0]
    assert body.count("exp(z[i]") == 1 and "[0]" not in body
