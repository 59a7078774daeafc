"""Page, derivation, marker and module make the same first update, whatever the optimiser."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symprop
from symprop.artefacts.modules import module_of
from symprop.check import check, check_table
from symprop.derive import Derivation, derive
from symprop.derive.updates import update_steps
from symprop.emit import module
from symprop.graph import new_name
from symprop.notation.text import text
from symprop.render.worksheet import worksheet
from symprop.render.worksheet.sheet import sheet_of
from symprop.spec.options import OPTIMIZERS
from symprop.terms import subterms
from symprop.worked import floats
from symprop.worked.digits import Digits

RATE = 0.1
# What the first update subtracts from a weight with gradient g, written by hand.
FIRST: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda g: RATE * g,
    "momentum": lambda g: RATE * g,
    "adam": lambda g: RATE * g / (np.abs(g) + 1e-8),
}
SCALAR = """
id = "mine"
title = "A skip connection"
[inputs]
x = 0.5
[targets]
t = 1
[parameters]
u = 0.3
v = -0.2
[equations]
h = "tanh(u*x)"
y = "v*h + u*x"
E = "1/2*(y - t)**2"
[training]
learning_rate = 0.1
iterations = 5
optimizer = "{}"
"""
ARRAYS = """
id = "pen"
title = "Penalised, in batches"
[inputs]
X = [[0, 1], [1, 0], [1, 1]]
[targets]
Y = [[1], [0], [1]]
[parameters]
W1 = [[0.1, 0.2], [0.3, 0.4]]
b1 = [[0.1, 0.1]]
W2 = [[0.5], [0.6]]
b2 = [[0.1]]
[network]
style = "matrix"
l2 = 0.01
loss = "mean_squared"
[[layers]]
size = 2
activation = "tanh"
[[layers]]
size = 1
activation = "sigmoid"
[training]
learning_rate = 0.1
iterations = 5
batch_size = 2
dtype = "float32"
optimizer = "{}"
"""
SEQUENTIAL = SCALAR + '[[updates]]\nname = "document"\norder = ["v", "u"]\nsequential = true\n'
SPECS = {"scalar": SCALAR, "arrays": ARRAYS, "sequential": SEQUENTIAL}


def derivation(kind: str, optimiser: str, folder: Path) -> Derivation:
    path = folder / "net.toml"
    path.write_text(SPECS[kind].format(optimiser), encoding="utf-8")
    return derive(symprop.load(str(path)))


def stepped_by_module(given: Derivation) -> dict[str, Any]:
    made = module_of(module(given))
    return dict(made.step(made.initial_parameters(), made.INPUTS, made.TARGETS, RATE))


def test_every_optimiser_has_its_first_update_written_by_hand() -> None:
    assert FIRST.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("optimiser", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["scalar", "arrays"])
def test_the_module_makes_the_first_update_written_by_hand(kind: str, optimiser: str, tmp_path: Path) -> None:
    made = module_of(module(derivation(kind, optimiser, tmp_path)))
    start = made.initial_parameters()
    gradients = made.gradients(start, made.INPUTS, made.TARGETS)
    after = made.step(start, made.INPUTS, made.TARGETS, RATE)
    for name, gradient in gradients.items():
        expected = np.asarray(start[name], float) - FIRST[optimiser](np.asarray(gradient, float))
        np.testing.assert_allclose(after[name], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("optimiser", OPTIMIZERS)
@pytest.mark.parametrize("kind", SPECS)
def test_the_page_works_the_update_that_the_module_makes(kind: str, optimiser: str, tmp_path: Path) -> None:
    given = derivation(kind, optimiser, tmp_path)
    after = stepped_by_module(given)
    values = sheet_of(given, Digits(9), "full").worked.values
    for step in update_steps(given, given.network.document_update):
        for line in step.lines:
            name = step.parameter if line.name == new_name(step.parameter) else line.name
            np.testing.assert_allclose(floats.to_floats(values[line.name]), after[name], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("optimiser", OPTIMIZERS)
def test_the_marker_takes_the_derivations_step(optimiser: str, tmp_path: Path) -> None:
    given = derivation("scalar", optimiser, tmp_path)
    step = next(step for step in update_steps(given, given.network.document_update) if step.parameter == "v")
    assert check(given, "v", text(step.value)).outcome == "correct"
    for state in step.written[:-1]:
        assert check(given, state.name, text(state.term)).outcome == "correct"
    number = f"{stepped_by_module(given)['v']:.7f}"
    assert check_table(given, {"v": number}).correct
    assert check_table(given, {new_name("v"): number}).correct


@pytest.mark.parametrize("optimiser", OPTIMIZERS)
def test_the_plain_step_is_right_only_where_it_is_the_modules(optimiser: str, tmp_path: Path) -> None:
    given = derivation("scalar", optimiser, tmp_path)
    plain = module_of(module(derivation("scalar", "sgd", tmp_path / ".")))
    gradient = float(plain.gradients(plain.initial_parameters(), plain.INPUTS, plain.TARGETS)["v"])
    same = math.isclose(FIRST[optimiser](gradient), RATE * gradient, rel_tol=1e-12)
    for answer in ("v - eta*(y - t)*h", "-eta*(y - t)*h", f"{-0.2 - RATE * gradient:.6f}"):
        verdict = check(given, "v", answer)
        assert (verdict.outcome == "correct") == same, answer
        assert same or [each.mistake for each in verdict.diagnoses][:1] == ["plain gradient descent"], answer


@pytest.mark.parametrize("optimiser", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["scalar", "arrays"])
def test_page_and_module_name_what_the_training_keeps_to(kind: str, optimiser: str, tmp_path: Path) -> None:
    given = derivation(kind, optimiser, tmp_path)
    docstring = str(module_of(module(given)).__doc__)
    page = str(worksheet(given))
    kept = OPTIMIZERS[optimiser].states
    assert (f"{optimiser}, for each parameter p" in docstring) == bool(kept)
    assert ("steps to p - learning_rate*dE/dp" in docstring) == (not kept)
    assert (f"The optimiser is {optimiser}" in page) == bool(kept)
    assert ("Batches   2 samples" in docstring) == ("Precision float32" in docstring) == (kind == "arrays")
    assert ("batches of 2" in page) == (kind == "arrays")
    assert ("1/2*0.01*sum(W1**2)" in docstring) == (kind == "arrays")


def test_the_states_are_named_beside_what_the_network_names(tmp_path: Path) -> None:
    path = tmp_path / "net.toml"
    path.write_text(SCALAR.format("adam").replace("x = 0.5", "x = 0.5\nfirst_u = 1").replace('"tanh(u*x)"', '"tanh(u*x*first_u)"'))
    given = derive(symprop.load(str(path)))
    (step,) = update_steps(given, given.network.document_update, {"u"})
    assert [line.name for line in step.lines] == ["first__u", "second_u", "u_new"]
    assert not any(part == symprop.terms.Ref("t") for part in subterms(step.value))
