"""The tests that are written beside a module: they pass with pytest alone, and fail when the module is wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from symprop.derive import derive
from symprop.emit import modules
from symprop.emit.modules import TARGETS
from symprop.emit.selftest import GIVEN, selftest
from symprop.errors import InputError, UsageError
from symprop.functions import ACTIVATIONS
from symprop.graph import Network
from symprop.spec import bundled, load, network

from .agreement import zoo

ALONE = (  # pytest in a process that cannot import symprop
    "import sys; sys.modules['symprop'] = None; import pytest; "
    "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '--import-mode=importlib', '--tb=short', '-W', 'error', *sys.argv[1:]]))"
)


def layered(**changes: Any) -> Network:
    """Three inputs, four hidden units, two outputs, without data."""
    spec: dict[str, Any] = {
        "id": "layered",
        "inputs": {"X": {"shape": ["m", 3]}},
        "targets": {"Y": {"shape": ["m", 2]}},
        "parameters": {
            "W1": {"shape": [3, 4], "draw": "glorot_normal"},
            "b1": {"shape": [4], "value": 0},
            "W2": {"shape": [4, 2], "draw": "uniform"},
            "b2": {"shape": [2], "value": 0},
        },
        "network": {"style": "matrix", "loss": "half_sum_of_squares"},
        "layers": [{"size": 4, "activation": "tanh", "bias": "unit"}, {"size": 2, "activation": "identity", "bias": "unit"}],
        "training": {"learning_rate": 0.1, "iterations": 5, "seed": 3},
    }
    return network(**{**spec, **changes})


ROWS = {
    "inputs": {"X": [[0.1, 0.9, -0.7], [0.4, -0.3, 1.2], [1.5, 0.2, 0.6], [-0.8, 0.5, 0.3], [0.3, 0.3, -0.2]]},
    "targets": {"Y": [[0.2, 0.8], [0.7, 0.3], [0.5, 0.5], [0.1, 0.9], [0.6, 0.4]]},
}


def trained(**training: Any) -> dict[str, Any]:
    return {"training": {"learning_rate": 0.1, "iterations": 5, "seed": 3, **training}}


def others() -> dict[str, Network]:
    """Without data, with batches, with each optimiser, in single precision, larger than what is looked at entry by entry."""
    return {
        "bare": layered(),
        "batches": layered(**ROWS, **trained(batch_size=2)),
        "momentum": layered(**ROWS, **trained(optimizer="momentum")),
        "adam": layered(**ROWS, **trained(optimizer="adam", batch_size=2)),
        "single": layered(**ROWS, **trained(dtype="float32")),
        "single_adam": layered(**ROWS, **trained(dtype="float32", optimizer="adam", batch_size=3)),
        "single_gelu": layered(
            layers=[{"size": 4, "activation": "gelu", "bias": "unit"}, {"size": 2, "activation": "softplus", "bias": "unit"}],
            **trained(dtype="float32"),
        ),
        "wide": wide(),
    }


def wide(**changes: Any) -> Network:
    """Thirty units with kinks, each near one for some sample."""
    first = {"W1": {"shape": [40, 30], "draw": "he_normal"}, "b1": {"shape": [30], "value": 0}}
    last = {"W2": {"shape": [30, 2], "draw": "he_normal"}, "b2": {"shape": [2], "value": 0}}
    layers = [{"size": 30, "activation": "relu", "bias": "unit"}, {"size": 2, "activation": "softmax", "bias": "unit"}]
    how: dict[str, Any] = {"network": {"style": "matrix", "loss": "softmax_cross_entropy"}, "layers": layers, **changes}
    return layered(inputs={"X": {"shape": ["m", 40]}}, parameters={**first, **last}, **how)


def saturated() -> Network:
    """A unit whose exp(-net) overflows."""
    equations = {"net": "w*x + b", "out": "sigmoid(net)", "E": "1/2*(out - t)**2"}
    ends: dict[str, Any] = {"inputs": {"x": 100}, "targets": {"t": 1}, "parameters": {"w": -10, "b": 0.5}}
    return network(id="saturated", **ends, equations=equations, training={"learning_rate": 0.1, "iterations": 3})


def rooted(**training: Any) -> Network:
    """Its first steps lead to the root of a negative number; of parameters near 0 a root and a logarithm are taken too."""
    ends: dict[str, Any] = {"inputs": {"x": [1, 2, 3, 4]}, "targets": {"t": [-1, -2, -1, -4]}}
    parameters = {"w": 0.25, "a": 1, "b": 0.02, "c": 0.01}
    equations = {"z": "sqrt(w)*x*a + log(b) - sqrt(c)", "E": "mean(1/2*(z - t)**2)"}
    training = {"learning_rate": 0.1, "iterations": 3, **training}
    return network(id="rooted", **ends, parameters=parameters, equations=equations, training=training)


def ended() -> dict[str, Network]:
    """Without data: a logarithm, a root and a power of inputs, which have no values on one side of 0."""
    training = {"learning_rate": 0.1, "iterations": 3}
    numbers: dict[str, Any] = {"inputs": {name: {"shape": []} for name in "xyz"}, "targets": {"t": {"shape": []}}}
    arrays: dict[str, Any] = {"inputs": {"X": {"shape": ["m", 2]}}, "targets": {"Y": {"shape": ["m", 1]}}}
    single = {"p": "w*log(x) + v*sqrt(y) + z", "E": "1/2*(t - p)**2"}
    whole = {"Z": "X**1.5 @ W", "E": "1/2*sum((Y - Z)**2)/m"}
    return {
        "numbers": network(id="numbers", **numbers, parameters={"w": 0.3, "v": 0.7}, equations=single, training=training),
        "arrays": network(id="arrays", **arrays, parameters={"W": [[0.3], [0.5]]}, equations=whole, training=training),
    }


def written(net: Network, folder: Path, target: str = "numpy") -> Path:
    """The module and its tests in a folder of their own."""
    folder.mkdir(parents=True)
    derivation = derive(net)
    name, text = selftest(derivation, target)
    for file, content in {**modules(derivation, target), name: text}.items():
        (folder / file).write_text(content, encoding="utf-8")
    return folder


def run(folder: Path, *options: str) -> tuple[str, Mapping[str, list[str]]]:
    """pytest's last lines for every test file below a folder, and the names of the tests that failed in each of its folders."""
    report = folder / "report.xml"
    command = [sys.executable, "-I", "-c", ALONE, str(folder), f"--rootdir={folder}", f"--junitxml={report}", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    failed: dict[str, list[str]] = {each.name: [] for each in folder.iterdir() if each.is_dir()}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed[(case.get("classname") or case.get("name", "")).split(".")[0]].append(case.get("name", ""))
    return done.stdout[-4000:] + done.stderr[-1000:], failed


def assert_all_pass(nets: Mapping[str, Network], folder: Path, target: str = "numpy") -> None:
    for name, net in nets.items():
        written(net, folder / f"net_{name}", target)
    output, failed = run(folder)
    assert list(failed) and not any(failed.values()), output
    assert " passed" in output and "skipped" not in output


def test_they_pass_for_the_bundled_networks(tmp_path: Path) -> None:
    assert_all_pass({name: load(name) for name in bundled()}, tmp_path)


def test_they_pass_for_every_activation_and_loss(tmp_path: Path) -> None:
    chosen = {name: net for name, net in zoo().items() if not name.startswith("scalar") or "entropy" in name}
    assert {name for name in ACTIVATIONS if f"matrix_{name}_identity_half_sum_of_squares" in chosen} == set(ACTIVATIONS)
    assert_all_pass(chosen, tmp_path)


def test_they_pass_without_data_in_batches_with_optimisers_in_single_precision_and_saturated(tmp_path: Path) -> None:
    assert_all_pass({**others(), "saturated": saturated()}, tmp_path)


def test_they_pass_without_data_for_functions_that_end_at_0(tmp_path: Path) -> None:
    assert_all_pass(ended(), tmp_path)
    text = (tmp_path / "net_numbers" / "test_network.py").read_text(encoding="utf-8")
    assert re.findall(r'"([xyz])": given\(RANDOM\.(\w+)', text) == [("x", "uniform"), ("y", "uniform"), ("z", "normal")]


def test_they_pass_where_training_leaves_the_domain_of_a_function(tmp_path: Path) -> None:
    nets = {"rooted": rooted(), "in_batches": rooted(batch_size=2)}
    for name, net in nets.items():
        text = (written(net, tmp_path / f"net_{name}") / "network.py").read_text(encoding="utf-8")
        for place, (old, new) in enumerate({"raise FloatingPointError(": "str(", "iteration {iteration}": "iteration 5"}.items()):
            wrong = written(net, tmp_path / f"wrong_{name}_{place}") / "network.py"
            wrong.write_text(text.replace(old, new), encoding="utf-8")
    output, failed = run(tmp_path)
    assert sorted(name for name, tests in failed.items() if not tests) == sorted(f"net_{name}" for name in nets), output


DEFECTS = [  # network, what stands in its module, what stands there instead, a test that fails
    ("two_node", "delta_2 = dE_ds2*s2*(1 - s2)", "delta_2 = dE_ds2*s2", "slope"),  # a factor is missing
    ("two_node", "dE_dout = out - target", "dE_dout = target - out", "slope"),  # a sign
    ("two_node", "LEARNING_RATE = 0.1", "LEARNING_RATE = 0.2", "derivation"),
    ("two_node", '"w1": 1.0', '"w1": 1.5', "derivation"),  # an initial value
    ("two_node", "return {name: parameters[name] - learning", "return {name: parameters[name] + learning", "step"),
    ("two_node", "        w1 = w1 - learning_rate*dE_dw1", "        w1 = w1 + learning_rate*dE_dw1", "training"),  # the loop alone
    ("two_node", "    w2 = w2 - learning_rate*dE_dw2\n    dE_ds2", "    dE_ds2", "derivation"),  # a step of the document's rule
    ("hidden_layer", "delta_2 @ Wo.T", "delta_2 @ Wo.reshape(1, 4)[:, ::-1]", "slope"),  # a weight in another order
    ("hidden_layer", "dWh = X.T @ delta_1", "dWh = (delta_1.T @ X).reshape(3, 4)", "slope"),  # transposed
    ("hidden_layer", "RandomState(1 if", "RandomState(2 if", "document_prints"),  # another seed
    ("single_layer", "E = 1/2*np.sum((y - l1)**2)", "E = np.sum((y - l1)**2)", "slope"),  # another loss
    ("step_by_step", "0.55", "0.56", "document_prints"),
    ("four_three_two", 'gradient["b1"]  # with', 'gradient["b2"]  # with', "derivation"),  # the document's defect mended
    ("batches", "default_rng((seed, iteration))", "default_rng((seed, 1))", "training"),  # the same order in every iteration
    ("adam", "0.999", "0.99", "derivation"),  # a constant of the optimiser
    ("single", "dA1*(1 - A1**2)", "dA1*(1 + A1**2)", "slope"),
    ("wide", "np.eye(2)[", "np.eye(2)[::-1][", "classes"),
    ("xor_class", "raise ValueError(", "str(", "wrong_name"),  # an open door
    ("xor_class", "raise ValueError(", "str(", "wrong_shape"),
    ("xor_class", "raise ValueError(", "str(", "unknown_update"),
]


def test_each_defect_of_a_module_makes_them_fail(tmp_path: Path) -> None:
    wanted = {}
    for place, (net, old, new, test) in enumerate(DEFECTS):
        path = written(load(net) if net in bundled() else others()[net], tmp_path / f"net_{place}") / "network.py"
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")
        wanted[f"net_{place}"] = test
    _, failed = run(tmp_path, "-k", "not final and not pass")  # without the longest trainings
    missed = [name for name, test in wanted.items() if not any(test in each for each in failed[name])]
    assert not [(DEFECTS[int(name[4:])], failed[name]) for name in missed]


NEEDS = {"numba": "numba", "jax": "jax", "torch": "torch"}


@pytest.mark.parametrize("target", [name for name in GIVEN if name != "numpy"])
def test_they_pass_for_the_other_targets(target: str, tmp_path: Path) -> None:
    if target in NEEDS:
        pytest.importorskip(NEEDS[target])
    if target == "c" and not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("no C compiler")
    written(load("two_node"), tmp_path / "net_two_node", target)
    written(layered(), tmp_path / "net_layered", target)
    written(rooted(), tmp_path / "net_rooted", target)
    if target != "python":  # whose floats are doubles
        written(wide(**trained(dtype="float32")), tmp_path / "net_wide", target)
    output, failed = run(tmp_path)
    assert not any(failed.values()) and " passed" in output, output


@pytest.mark.parametrize("target", ["python", "c"])
def test_they_fail_for_the_other_targets(target: str, tmp_path: Path) -> None:
    if target == "c" and not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("no C compiler")
    for path in written(load("two_node"), tmp_path / "net_wrong", target).glob("network*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("s2*(1.0 - s2)", "s2").replace("s2*(1 - s2)", "s2"), encoding="utf-8")
    _, failed = run(tmp_path)
    assert {"slope", "derivation"} <= {word for word in ("slope", "derivation") for each in failed["net_wrong"] if word in each}


def test_a_target_without_tests_is_refused() -> None:
    with pytest.raises(UsageError, match="target 'nunpy' is unknown; did you mean 'numpy'"):
        selftest(derive(load("two_node")), "nunpy")
    assert set(GIVEN) == set(TARGETS)


def test_a_users_template_comes_first_and_must_give_python(tmp_path: Path) -> None:
    derivation, place = derive(load("two_node")), tmp_path / "test_network.py.jinja"
    place.write_text("# {{ view.version }} {{ view.title }}\n", encoding="utf-8")
    assert selftest(derivation, templates=tmp_path) == ("test_network.py", "# 1 Two nodes in a chain\n")
    place.write_text("def\n", encoding="utf-8")
    with pytest.raises(InputError, match="test_network.py.jinja: the rendered line 1 is not Python"):
        selftest(derivation, templates=tmp_path)


def test_a_documents_claims_stand_there_as_they_hold() -> None:
    _, text = selftest(derive(load("step_by_step")))
    assert '("E_total", "already_updated", 1, "the error after the first round", "0.291027924"),' in text
    assert "dnet_h1_dw1, dE_o2_dout_h1." in text  # what is left out is named
    assert "0.0000351085" not in text  # the document's slip


def test_no_line_is_too_long_and_none_speaks_of_a_machine() -> None:
    for net in (*map(load, bundled()), *others().values()):
        _, text = selftest(derive(net))
        assert max(map(len, text.splitlines())) <= 132
        assert "/work" not in text and "import symprop" not in text
