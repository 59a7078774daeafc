"""The numba target as numba compiles it: the documents' runs, a cache for scripts, a clear line where numba is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from .agreement import TRAINED_OTHERWISE, Modules, close, far_out, layered, named, same_columns

pytest.importorskip("numba", reason="the numba target's modules need numba: pip install numba")
RUNS = [("two_node", 1000, 100), ("step_by_step", 10_000, 1000), ("single_layer", 10_000, 1000), ("hidden_layer", 20_000, 5000)]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(tmp_path_factory.mktemp("numba"))


@pytest.mark.parametrize(("net", "iterations", "record_every"), RUNS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int, record_every: int) -> None:
    made, plain = (modules.of(named(net), target) for target in ("numba", "numpy"))
    how = {"iterations": iterations, "record_every": record_every}
    found, expected = (each.train(**how) for each in (made, plain))
    same_columns(found, expected, plain.ROW)


@pytest.mark.parametrize("net", ["arrays", "numbers", "hyperbolic", "scalar_tanh_softmax_softmax_cross_entropy"])
def test_compiled_values_and_gradients(modules: Modules, net: str) -> None:
    made, plain = (modules.of(named(net), target) for target in ("numba", "numpy"))
    parameters = plain.initial_parameters()
    close(made.evaluate(parameters, made.INPUTS, made.TARGETS), plain.evaluate(parameters, plain.INPUTS, plain.TARGETS))
    close(made.gradients(parameters, made.INPUTS, made.TARGETS), plain.gradients(parameters, plain.INPUTS, plain.TARGETS))


def test_compiled_batches_in_single_precision(modules: Modules) -> None:
    net = TRAINED_OTHERWISE["classes_3_float32_momentum"]
    made, plain = (modules.of(net, target) for target in ("numba", "numpy"))
    found, expected = (each.train(plain.initial_parameters(1)) for each in (made, plain))
    close(found.parameters, expected.parameters, rtol=3e-4, atol=3e-6)
    assert {value.dtype for value in found.parameters.values()} == {np.dtype("float32")}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_compiled_logits_far_out(modules: Modules, dtype: str) -> None:
    made, plain = (
        modules.of(layered("identity", "identity", "binary_cross_entropy", "matrix", dtype=each), target)
        for each, target in ((dtype, "numba"), ("float64", "numpy"))
    )
    far_out(made, plain, "numba", dtype)


USED = "import sys; sys.path.insert(0, sys.argv[1]); import network_numba as made; print(made.train().parameters['w2'])"


def test_an_imported_module_is_compiled_once(modules: Modules, tmp_path: Path) -> None:
    text = modules.path(named("two_node"), "numba").read_text(encoding="utf-8")
    (tmp_path / "network_numba.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", USED, str(tmp_path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(first.stdout) == pytest.approx(0.9415374060237287, rel=1e-13)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "__pycache__").glob("*.nb[ci]")}
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == first.stdout and kept
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "__pycache__").glob("*.nb[ci]")} == kept
