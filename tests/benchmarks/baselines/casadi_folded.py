"""One iteration as a CasADi expression, differentiated and repeated by CasADi, compiled as C.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import casadi as ca
import numpy as np


def sigmoid(z):
    return 1 / (1 + ca.exp(-z))


def compiled(function):
    """The function through C and the system's compiler."""
    folder = Path(tempfile.mkdtemp())
    before = Path.cwd()
    try:
        os.chdir(folder)  # CasADi writes into the current folder alone
        source = function.generate(f"{function.name()}.c")
    finally:
        os.chdir(before)
    command = [shutil.which("cc"), "-O3", "-march=native", "-shared", "-fPIC", "-o", "made.so", source, "-lm"]
    subprocess.run(command, check=True, cwd=folder)
    return ca.external(function.name(), str(folder / "made.so"))


@cache
def two_node_loop(iterations):
    w, s0, target, alpha = ca.SX.sym("w", 3), ca.SX.sym("s0"), ca.SX.sym("target"), ca.SX.sym("alpha")
    w0, w1, w2 = ca.vertsplit(w)
    s1 = sigmoid(w0 * s0)
    s2 = sigmoid(w1 * s1)
    out = w2 * s2
    error = out - target
    w2 = w2 - alpha * error * s2
    delta_2 = error * w2 * s2 * (1 - s2)
    w1 = w1 - alpha * delta_2 * s1
    w0 = w0 - alpha * delta_2 * w1 * s1 * (1 - s1) * s0
    step = ca.Function("step", [w, s0, target, alpha], [ca.vertcat(w0, w1, w2), out])
    return compiled(repeated(step, iterations))


def repeated(step, iterations):
    """The step so many times, the weights of the last and the second result of each; the other arguments stay."""
    first, *others = [ca.MX.sym(f"a{place}", *step.size_in(place)) for place in range(step.n_in())]
    weights, rows = step.mapaccum(iterations)(first, *(ca.repmat(other, 1, iterations) for other in others))
    return ca.Function("repeated", [first, *others], [weights[:, -1], rows])


def two_node(problem):
    arguments = problem.inputs["s0"], problem.targets["target"], problem.learning_rate
    weights, outs = two_node_loop(problem.iterations)(list(problem.parameters.values()), *arguments)
    return dict(zip(problem.parameters, np.array(weights).ravel(), strict=True)), {"out": np.array(outs).ravel()}


@cache
def step_by_step_loop(iterations):
    w, x, t, eta = ca.SX.sym("w", 8), ca.SX.sym("x", 2), ca.SX.sym("t", 2), ca.SX.sym("eta")
    W1, W2 = ca.reshape(w[:4], 2, 2).T, ca.reshape(w[4:], 2, 2).T
    out = sigmoid(W2 @ sigmoid(W1 @ x + 0.35) + 0.6)
    loss = ca.sumsqr(t - out) / 2
    step = ca.Function("step", [w, x, t, eta], [w - eta * ca.gradient(loss, w), loss])
    return compiled(repeated(step, iterations))


def step_by_step(problem):
    w, x, t = (list(each.values()) for each in (problem.parameters, problem.inputs, problem.targets))
    weights, errors = step_by_step_loop(problem.iterations)(w, x, t, problem.learning_rate)
    return dict(zip(problem.parameters, np.array(weights).ravel(), strict=True)), {"E_total": np.array(errors).ravel()}


@cache
def hidden_layer_loop(count):
    w, X, y, eta = ca.SX.sym("w", 16), ca.SX.sym("X", 4, 3), ca.SX.sym("y", 4), ca.SX.sym("eta")
    out = sigmoid(sigmoid(X @ ca.reshape(w[:12], 3, 4)) @ w[12:])
    step = ca.Function("step", [w, X, y, eta], [w - eta * ca.gradient(ca.sumsqr(y - out) / 2, w)])
    error = ca.Function("error", [w, X, y], [ca.sum1(ca.fabs(y - out)) / 4])
    return compiled(step.fold(count)), error


def hidden_layer(problem):
    loop, error = hidden_layer_loop(problem.record_every)
    w = np.concatenate([problem.parameters["Wh"].ravel("F"), problem.parameters["Wo"].ravel()])
    errors = []
    for _ in range(problem.iterations // problem.record_every):
        errors.append(float(error(w, problem.inputs, problem.targets)))
        w = loop(w, problem.inputs, problem.targets, problem.learning_rate)
    w = np.array(w).ravel()
    return {"Wh": w[:12].reshape(3, 4, order="F"), "Wo": w[12:].reshape(4, 1)}, {"error": errors}
