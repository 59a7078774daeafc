"""What is computed: the tasks T1 to T4 with their data, and the numbers that a result must show before its time counts.

Input: a task's name and its size. Output: a `Problem`; `check` raises WrongResult. Nothing of symprop is used here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

Arrays = Mapping[str, Any]


class WrongResult(Exception):
    """A contender's result is not the reference number: its time does not count."""


@dataclass(frozen=True)
class Problem:
    """Arguments of one training run. `batch_size` 0 is the full batch; an iteration is then an epoch of `orders`' batches."""

    net: str
    parameters: Arrays
    inputs: Any
    targets: Any
    learning_rate: float
    iterations: int
    record_every: int
    activation: str = "sigmoid"
    dtype: str = "float64"
    batch_size: int = 0
    seed: int = 0

    def order(self, epoch: int) -> np.ndarray:
        """The order of the samples in an epoch, counted from 1: every contender takes the same."""
        return np.random.default_rng((self.seed, epoch)).permutation(len(self.inputs))

    def orders(self) -> np.ndarray:
        """The order of the samples in every epoch."""
        return np.array([self.order(epoch) for epoch in range(1, self.iterations + 1)])


@dataclass(frozen=True)
class Task:
    """One row of the benchmark: its title, its sizes (full and quick), the problem of a size, and the check of a result.

    Where `scaled` is set, slow contenders run the quick size and their times are multiplied.
    """

    name: str
    title: str
    sizes: tuple[int, int]
    problem: Callable[[int], Problem]
    check: Callable[[Problem, Arrays, Arrays], None]
    scaled: bool = False


def near(what: str, found: Any, wanted: Any, tolerance: float) -> None:
    """Raise WrongResult where a number or array differs by more than this, relative to 1 and to the number wanted."""
    if not np.allclose(np.asarray(found, dtype=float), wanted, rtol=tolerance, atol=tolerance):
        raise WrongResult(f"{what}: expected {wanted}, got {found}")


def two_node(iterations: int) -> Problem:
    """The chain of two sigmoid nodes: w2, w1, w0 stepped in turn, each with the weights that are already new."""
    return Problem("two_node", {"w0": 2.0, "w1": 1.0, "w2": 0.5}, {"s0": 2.0}, {"target": 0.7}, 0.1, iterations, 1)


TWO_NODE = {  # iterations: w2, w1, w0 after them
    1: (0.5244621665599667, 1.0034330572241346, 2.0001239193427836),
    1000: (0.9415374060237287, 1.0834236223083622, 2.0031198590477275),
}


def check_two_node(problem: Problem, parameters: Arrays, history: Arrays) -> None:
    """The document's weights, its first output and an output for each iteration."""
    near("w2, w1, w0", [parameters[name] for name in ("w2", "w1", "w0")], TWO_NODE[problem.iterations], 1e-12)
    near("rows of the history", len(history["out"]), problem.iterations, 0)
    near("the first out", history["out"][0], 0.36375380675182073, 1e-12)


def step_by_step(iterations: int) -> Problem:
    """The 2-2-2 network with fixed biases, all weights stepped at once."""
    weights = dict(zip((f"w{k}" for k in range(1, 9)), (0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55), strict=True))
    targets = {"target_o1": 0.01, "target_o2": 0.99}
    return Problem("step_by_step", weights, {"i1": 0.05, "i2": 0.1}, targets, 0.5, iterations, 1)


STEP_BY_STEP = {1: 0.29102777369359933, 10_000: 3.510187783e-05}  # iterations: the error after them


def check_step_by_step(problem: Problem, parameters: Arrays, history: Arrays) -> None:
    """The error that the document's text comes to with the original weights, and its first error."""
    w = [float(parameters[f"w{k}"]) for k in range(1, 9)]
    hidden = _sigmoid(np.array([0.05 * w[0] + 0.1 * w[1], 0.05 * w[2] + 0.1 * w[3]]) + 0.35)
    out = _sigmoid(np.array([hidden @ w[4:6], hidden @ w[6:8]]) + 0.6)
    error = float(np.sum((out - [0.01, 0.99]) ** 2)) / 2
    wanted = STEP_BY_STEP[problem.iterations]
    near("the error, relative", error / wanted, 1, 1e-9)
    near("rows of the history", len(history["E_total"]), problem.iterations, 0)
    near("the first E_total", history["E_total"][0], 0.2983711087600027, 1e-12)


def hidden_layer(iterations: int) -> Problem:
    """The 3-4-1 network on the four rows of the exclusive or, with the document's seeded weights."""
    draw = np.random.RandomState(1)
    weights = {"Wh": draw.random_sample((3, 4)) * np.sqrt(2 / 3), "Wo": draw.random_sample((4, 1)) * np.sqrt(2 / 4)}
    rows = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
    return Problem("hidden_layer", weights, rows, np.array([[0.0], [1.0], [1.0], [0.0]]), 1.0, iterations, 10_000)


HIDDEN_LAYER = {10_000: 0.010185068686370096, 60_000: 0.0036334495140870125}  # iterations: the document's error after them


def check_hidden_layer(problem: Problem, parameters: Arrays, history: Arrays) -> None:
    """The document's printed errors."""
    output = _sigmoid(_sigmoid(problem.inputs @ np.asarray(parameters["Wh"])) @ np.asarray(parameters["Wo"]))
    near("the error", np.mean(np.abs(problem.targets - output)), HIDDEN_LAYER[problem.iterations], 1e-10)
    near("the first error", history["error"][0], 0.49962354308293877, 1e-12)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


SIZES = (784, 128, 64, 10)
ROWS, BATCH = 2000, 128


def digits(activation: str, dtype: str, rows: int = ROWS) -> Callable[[int], Problem]:
    """784-128-64-10 on synthetic rows whose classes a random linear map decides; size is the number of epochs."""

    def problem(epochs: int) -> Problem:
        draw = np.random.default_rng(0)
        data = draw.random((rows, SIZES[0])) - 0.5  # centred: else relu's training is chaotic, and no two precisions agree
        classes = np.argmax(data @ draw.normal(size=(SIZES[0], SIZES[-1])), axis=1)
        parameters = {}
        for layer, (wide, high) in enumerate(zip(SIZES, SIZES[1:], strict=False), 1):
            limit = np.sqrt(6 / (wide + high))
            parameters[f"W{layer}"] = draw.uniform(-limit, limit, (wide, high)).astype(dtype)
            parameters[f"b{layer}"] = np.zeros(high, dtype)
        targets = np.eye(SIZES[-1])[classes].astype(dtype)
        return Problem("digits", parameters, data.astype(dtype), targets, 0.1, epochs, epochs, activation, dtype, BATCH)

    return problem


TOLERANCE = {  # relu's kinks widen what float32 rounds
    ("float64", "sigmoid"): 1e-9,
    ("float64", "relu"): 1e-9,
    ("float32", "sigmoid"): 1e-4,
    ("float32", "relu"): 2e-2,
}


def check_digits(problem: Problem, parameters: Arrays, history: Arrays) -> None:
    """The same parameters and losses as the plain training in double precision, rounding apart."""
    tolerance = TOLERANCE[problem.dtype, problem.activation]
    weights, losses = _plain_digits(problem.activation, problem.iterations, len(problem.inputs))
    for name, wanted in weights.items():
        error = np.linalg.norm(np.asarray(parameters[name], dtype=float) - wanted) / (1e-6 + np.linalg.norm(wanted))
        near(f"{name}, relative difference", error, 0, tolerance)
    near("E before the first and the last epoch", [history["E"][0], history["E"][-1]], losses, tolerance)


@cache
def _plain_digits(activation: str, epochs: int, rows: int) -> tuple[Arrays, list[float]]:
    from tests.benchmarks.baselines.numpy_documents import digits as plain

    parameters, history = plain(digits(activation, "float64", rows)(epochs))
    return parameters, [history["E"][0], history["E"][-1]]


TASKS = {
    task.name: task
    for task in (
        Task("T1", "two_node, 1000 iterations", (1000, 1000), two_node, check_two_node),
        Task("T2", "step_by_step, 10,000 iterations", (10_000, 10_000), step_by_step, check_step_by_step),
        Task("T3", "hidden_layer, 60,000 iterations", (60_000, 10_000), hidden_layer, check_hidden_layer, scaled=True),
        *(
            Task(f"T4{letter}{bits}", f"784-128-64-10, {activation}, float{bits}", (20, 2), made, check_digits)
            for letter, activation in (("s", "sigmoid"), ("r", "relu"))
            for bits in (32, 64)
            for made in (digits(activation, f"float{bits}"),)
        ),
    )
}
