"""The step that an answer is held to is that of the network's own optimiser, also where weights are taken as already updated."""

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.spec import build, read_spec

CHAIN = """
id = "chain"
title = "A linear chain"
inputs.x = 2
targets.y = 1
[parameters]
a = 1
b = 2
c = 3
[equations]
h = "a*x"
k = "b*h"
out = "c*k"
E = "1/2*(out - y)**2"
[training]
rate = "eta"
learning_rate = 0.1
optimizer = "{}"
[[updates]]
name = "document"
order = ["c", "b", "a"]
sequential = true
"""
MATRIX = """
id = "matrix"
title = "One layer"
inputs.X = [[1, 2], [3, 4]]
targets.Y = [[0], [1]]
parameters.W = [[0.5], [0.25]]
network = { style = "matrix", loss = "half_sum_of_squares" }
layers = [{ size = 1, activation = "identity", net = "Z", output = "A", weights = "W", bias = "none" }]
training = { rate = "eta", learning_rate = 0.1, optimizer = "adam" }
"""


@pytest.fixture(scope="module")
def adam() -> Derivation:
    return derive(build(read_spec(CHAIN.format("adam"), "test")))


@pytest.fixture(scope="module")
def momentum() -> Derivation:
    return derive(build(read_spec(CHAIN.format("momentum"), "test")))


def gradient(first: str, second: str) -> str:
    return f"((out - y)*{first}*{second}*x)"


def adams(gradient: str) -> str:
    """Kingma and Ba, Algorithm 1, at t = 1: both moments are those of the one gradient."""
    return f"{gradient}/(sqrt({gradient}**2) + 1e-8)"


def mistakes(derivation: Derivation, answer: str, quantity: str = "a") -> list[str]:
    verdict = check(derivation, quantity, answer)
    assert verdict.outcome == "not correct"
    return [each.mistake for each in verdict.diagnoses]


@pytest.mark.parametrize("written", ["{0}/(sqrt({0}**2) + 1e-8)", "{0}/(sqrt({0}*{0}) + 1e-8)", "{0}/(abs({0}) + 1e-8)"])
@pytest.mark.parametrize(("first", "second"), [("c", "b"), ("c_new", "b_new")])
def test_the_step_of_a_chain_of_sigmoids_is_decided(written: str, first: str, second: str) -> None:
    """The new c and b, roots of squares written out, are long: the size of the gradient is known without them."""
    sigmoids = CHAIN.format("adam").replace('"a*x"', '"sigmoid(a*x)"').replace('"b*h"', '"sigmoid(b*h)"')
    step = written.format(gradient(f"{first}*k*(1 - k)", f"{second}*h*(1 - h)"))
    assert check(derive(build(read_spec(sigmoids, "test"))), "a", f"a - eta*{step}").outcome == "correct"


@pytest.mark.parametrize(("first", "second"), [("c_new", "b"), ("c", "b_new")])
@pytest.mark.parametrize("start", ["a - eta*", "-eta*"])
def test_a_mixture_is_one_under_the_networks_own_optimiser(
    adam: Derivation, momentum: Derivation, first: str, second: str, start: str
) -> None:
    step = gradient(first, second)
    assert mistakes(adam, start + adams(step)) == ["old and updated weights mixed"]
    assert mistakes(momentum, start + step) == ["old and updated weights mixed"]  # its first step is the plain one
    assert "old and updated weights mixed" not in mistakes(adam, start + step)
    assert "old and updated weights mixed" not in mistakes(momentum, start + adams(step))


@pytest.mark.parametrize(("first", "second"), [("c", "b"), ("c_new", "b_new")])
def test_the_plain_step_is_told_with_old_and_with_updated_weights(adam: Derivation, first: str, second: str) -> None:
    step = gradient(first, second)
    assert check(adam, "a", f"a - eta*{adams(step)}").outcome == "correct"
    assert mistakes(adam, f"a - eta*{step}") == ["plain gradient descent"]


def test_the_plain_step_of_one_entry_is_told() -> None:
    derivation = derive(build(read_spec(MATRIX, "test")))
    step = "(X[1,1]*(A[1,1] - Y[1,1]) + X[2,1]*(A[2,1] - Y[2,1]))"
    assert check(derivation, "W[1,1]", f"W[1,1] - eta*{adams(step)}").outcome == "correct"
    assert mistakes(derivation, f"W[1,1] - eta*{step}", "W[1,1]") == ["plain gradient descent"]
