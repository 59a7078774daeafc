"""The C target: strict C99 without a warning, compiled once into a cache, a clear line where no compiler is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symprop.artefacts.modules import load_module
from symprop.graph import Network
from symprop.spec import network

from .agreement import DOCUMENTS, NAMES, TRAINED_OTHERWISE, Modules, close, named, same_columns

CC = shutil.which("cc") or shutil.which("gcc") or ""
pytestmark = pytest.mark.skipif(not CC, reason="the C target's modules need a C compiler: apt-get install gcc")
WIDTHS = (300, 37, 19, 3)  # a depth of more than one part, widths beside every size of a tile, and one for plain loops
STRICT = ("-std=c99", "-O1", "-Wall", "-Wextra", "-pedantic", "-Werror", "-c", "-o", os.devnull)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modules]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield Modules(tmp_path_factory.mktemp("c"))


def wide(dtype: str) -> Network:
    """Layers whose products are made in tiles, in batches of 13 and what is left of them."""
    parameters: dict[str, Any] = {}
    for layer, (rows, columns) in enumerate(zip(WIDTHS, WIDTHS[1:], strict=False), 1):
        parameters[f"W{layer}"] = {"shape": [rows, columns], "draw": "glorot_uniform"}
        parameters[f"b{layer}"] = {"shape": [columns], "value": 0.1}
    return network(
        id=f"wide_{dtype}",
        inputs={"X": {"shape": ["m", WIDTHS[0]]}},
        targets={"Y": {"shape": ["m", WIDTHS[-1]]}},
        parameters=parameters,
        network={"loss": "mean_squared", "style": "matrix"},
        layers=[{"size": size, "activation": "tanh", "bias": "unit"} for size in WIDTHS[1:]],
        training={"learning_rate": 0.1, "iterations": 2, "batch_size": 13, "dtype": dtype},
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("samples", [1, 5, 6, 29, 300])
def test_wide_products(modules: Modules, samples: int, dtype: str) -> None:
    """Rows and columns beside every edge of a tile; both operands transposed in turn."""
    made, plain = modules.of(wide(dtype), "c"), modules.of(wide("float64"), "numpy")
    assert modules.path(wide(dtype), "c").with_name("network.c").read_text(encoding="utf-8").count("    product(") == 5
    draw = np.random.default_rng(samples)
    data = draw.normal(size=(samples, WIDTHS[0])), draw.normal(size=(samples, WIDTHS[-1]))
    start = made.initial_parameters(1)
    tolerance: dict[str, float] = {"rtol": 3e-4, "atol": 3e-6} if dtype == "float32" else {}
    close(made.gradients(start, *data), plain.gradients(start, *data), **tolerance)
    found, expected = (each.train(start, *data).parameters for each in (made, plain))
    close(found, expected, **tolerance)


def test_wide_products_of_no_samples(modules: Modules) -> None:
    made = modules.of(wide("float64"), "c")
    data = np.empty((0, WIDTHS[0])), np.empty((0, WIDTHS[-1]))
    assert np.array_equal(made.gradients(made.initial_parameters(1), *data)["W1"], np.zeros(WIDTHS[:2]))


def test_the_file_of_wide_layers_is_c99_without_a_warning(modules: Modules) -> None:
    source = modules.path(wide("float32"), "c").with_name("network.c")
    done = subprocess.run([CC, *STRICT, str(source)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("net", [*NAMES, *TRAINED_OTHERWISE])
def test_the_file_is_c99_without_a_warning(modules: Modules, net: str) -> None:
    source = modules.path(TRAINED_OTHERWISE.get(net) or named(net), "c").with_name("network.c")
    done = subprocess.run([CC, *STRICT, str(source)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("net", "iterations", "record_every"), DOCUMENTS)
def test_the_documents_runs(modules: Modules, net: str, iterations: int, record_every: int) -> None:
    made, plain = (modules.of(named(net), target) for target in ("c", "numpy"))
    for update in plain.UPDATES:
        how = {"iterations": iterations, "update": update, "record_every": record_every}
        found, expected = (each.train(each.initial_parameters(3), **how) for each in (made, plain))
        same_columns(found, expected, plain.ROW)


def compilations(folder: Path) -> tuple[dict[str, str], Path]:
    """An environment whose compiler counts its calls in a file."""
    log, compiler = folder / "calls", folder / "counting-cc"
    compiler.write_text(f'#!/bin/sh\necho called >> "{log}"\nexec {CC} "$@"\n', encoding="utf-8")
    compiler.chmod(0o755)
    return {**os.environ, "CC": str(compiler), "XDG_CACHE_HOME": str(folder / "cache")}, log


def test_the_file_is_compiled_once_and_again_when_it_changes(modules: Modules, tmp_path: Path) -> None:
    folder = shutil.copytree(modules.path(named("two_node"), "c").parent, tmp_path / "two_node")
    environment, log = compilations(tmp_path)
    command = [sys.executable, str(folder / "network_c.py")]
    first = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (first.stderr, log.read_text(encoding="utf-8")) == ("", "called\n")
    assert "0.9415374060237287" in first.stdout
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (again.stdout, log.read_text(encoding="utf-8")) == (first.stdout, "called\n")
    source = folder / "network.c"
    source.write_text(source.read_text(encoding="utf-8") + "// changed\n", encoding="utf-8")
    subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert log.read_text(encoding="utf-8") == "called\n" * 2
    kept = sorted(path.suffix for path in (tmp_path / "cache" / "symprop").iterdir())
    assert kept == [".so", ".so"]  # nothing half-made is left beside them


def test_several_processes_may_compile_at_once(modules: Modules, tmp_path: Path) -> None:
    path = modules.path(named("two_node"), "c")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    started = [subprocess.Popen([sys.executable, str(path)], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = {process.communicate()[0] for process in started}
    assert len(printed) == 1 and [process.returncode for process in started] == [0, 0, 0]
    assert len(list((tmp_path / "symprop").iterdir())) == 1


def test_without_a_compiler_one_line_says_how_to_install_it(modules: Modules, tmp_path: Path) -> None:
    path = modules.path(named("two_node"), "c")
    environment = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, str(path)], env=environment, capture_output=True, text=True, check=False)
    line = "a C compiler is missing; this installs one: sudo apt-get install gcc\n"
    assert (done.returncode, done.stdout, done.stderr) == (4, "", line)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RuntimeError, match=line.strip()):
        patch.setenv("PATH", str(tmp_path))
        patch.delenv("CC", raising=False)
        load_module(path)


def test_a_cache_that_cannot_be_written_is_one_line(modules: Modules, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file, where a folder is needed", encoding="utf-8")
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, str(modules.path(named("two_node"), "c"))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert str(cache) in done.stderr and "XDG_CACHE_HOME names another" in done.stderr


def test_a_compiler_may_have_options(modules: Modules, tmp_path: Path) -> None:
    environment, log = compilations(tmp_path)
    command = [sys.executable, str(modules.path(named("two_node"), "c"))]
    for options in ("-DSOME", "-DSOME", "-DOTHER"):
        environment["CC"] = f"{tmp_path / 'counting-cc'} {options}"
        subprocess.run(command, env=environment, capture_output=True, check=True)
    assert log.read_text(encoding="utf-8") == "called\n" * 2


def test_a_compiler_that_fails_is_quoted(modules: Modules, tmp_path: Path) -> None:
    path = modules.path(named("two_node"), "c")
    broken = tmp_path / "broken-cc"
    broken.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    environment = {**os.environ, "CC": str(broken), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, str(path)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4 and "no space left" in done.stderr and "Traceback" not in done.stderr
    assert not any(path.suffix == ".so" for path in tmp_path.rglob("*"))
