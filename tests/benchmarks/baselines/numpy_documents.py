"""Plain NumPy in the style of the teaching documents: arrays, `@`, `np.outer`, a history of the document's columns.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def two_node(problem):
    w0, w1, w2 = (problem.parameters[name] for name in ("w0", "w1", "w2"))
    s0, target, alpha = problem.inputs["s0"], problem.targets["target"], problem.learning_rate
    results = np.zeros((problem.iterations, 4))
    for k in range(problem.iterations):
        x1 = w0 * s0
        s1 = sigmoid(x1)
        x2 = w1 * s1
        s2 = sigmoid(x2)
        out = w2 * s2
        w2 = w2 - alpha * (out - target) * s2
        w1 = w1 - alpha * (out - target) * (w2 * s2 * (1 - s2)) * s1
        w0 = w0 - alpha * (out - target) * (w2 * s2 * (1 - s2) * w1) * (s1 * (1 - s1) * s0)
        results[k, :] = [w2, w1, w0, out]
    return {"w0": w0, "w1": w1, "w2": w2}, {"out": results[:, 3], "results": results}


def step_by_step(problem):
    weights = np.array([problem.parameters[f"w{k}"] for k in range(1, 9)])
    W1, W2 = weights[:4].reshape(2, 2), weights[4:].reshape(2, 2)
    x, t = np.array(list(problem.inputs.values())), np.array(list(problem.targets.values()))
    b1, b2, eta = 0.35, 0.6, problem.learning_rate
    errors = []
    for _ in range(problem.iterations):
        h = sigmoid(W1 @ x + b1)
        o = sigmoid(W2 @ h + b2)
        errors.append(np.sum((t - o) ** 2) / 2)
        delta_o = -(t - o) * o * (1 - o)
        delta_h = (W2.T @ delta_o) * h * (1 - h)
        W2 = W2 - eta * np.outer(delta_o, h)
        W1 = W1 - eta * np.outer(delta_h, x)
    return {f"w{k}": w for k, w in enumerate([*W1.ravel(), *W2.ravel()], 1)}, {"E_total": errors}


def hidden_layer(problem):
    Wh, Wo = problem.parameters["Wh"], problem.parameters["Wo"]
    X, y = problem.inputs, problem.targets
    errors = []
    for iteration in range(problem.iterations):
        l1 = sigmoid(X @ Wh)
        l2 = sigmoid(l1 @ Wo)
        l2_error = y - l2
        if iteration % problem.record_every == 0:
            errors.append(np.mean(np.abs(l2_error)))
        l2_delta = l2_error * l2 * (1 - l2)
        l1_delta = l2_delta @ Wo.T * l1 * (1 - l1)
        Wo = Wo + problem.learning_rate * l1.T @ l2_delta
        Wh = Wh + problem.learning_rate * X.T @ l1_delta
    return {"Wh": Wh, "Wo": Wo}, {"error": errors}


def digits(problem):
    activation, slope = {
        "sigmoid": (sigmoid, lambda a: a * (1 - a)),
        "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
    }[problem.activation]
    W1, b1, W2, b2, W3, b3 = (problem.parameters[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
    rate, losses = problem.learning_rate, []

    def forward(X):
        A1 = activation(X @ W1 + b1)
        A2 = activation(A1 @ W2 + b2)
        Z3 = A2 @ W3 + b3
        return A1, A2, Z3 - np.max(Z3, axis=1, keepdims=True)

    for epoch in range(1, problem.iterations + 1):
        if epoch in (1, problem.iterations):
            Z3 = forward(problem.inputs)[-1]
            losses.append(np.mean(np.log(np.sum(np.exp(Z3), axis=1)) - np.sum(problem.targets * Z3, axis=1)))
        order = problem.order(epoch)
        for first in range(0, len(order), problem.batch_size):
            batch = order[first : first + problem.batch_size]
            X, Y = problem.inputs[batch], problem.targets[batch]
            A1, A2, Z3 = forward(X)
            P = np.exp(Z3) / np.sum(np.exp(Z3), axis=1, keepdims=True)
            delta_3 = (P - Y) / len(batch)
            delta_2 = delta_3 @ W3.T * slope(A2)
            delta_1 = delta_2 @ W2.T * slope(A1)
            W3 = W3 - rate * A2.T @ delta_3
            b3 = b3 - rate * np.sum(delta_3, axis=0)
            W2 = W2 - rate * A1.T @ delta_2
            b2 = b2 - rate * np.sum(delta_2, axis=0)
            W1 = W1 - rate * X.T @ delta_1
            b1 = b1 - rate * np.sum(delta_1, axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}, {"E": losses}
