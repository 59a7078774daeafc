"""The documents' trainings by hand as loops on numbers, compiled by numba; they record the rows that a generated module does.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numba import njit


@njit
def sigmoid(z):
    return 1.0 / (1.0 + exp(-z))


@njit
def two_node_loop(w, s0, target, alpha, rows):
    w0, w1, w2 = w
    for n in range(len(rows)):
        x1 = w0 * s0
        s1 = sigmoid(x1)
        x2 = w1 * s1
        s2 = sigmoid(x2)
        out = w2 * s2
        error = out - target
        w2 -= alpha * error * s2
        delta_2 = error * w2 * s2 * (1.0 - s2)
        w1 -= alpha * delta_2 * s1
        w0 -= alpha * delta_2 * w1 * s1 * (1.0 - s1) * s0
        row = rows[n]
        row[0], row[1], row[2], row[3], row[4], row[5] = x1, s1, x2, s2, out, 0.5 * error * error
        row[6], row[7], row[8] = w0, w1, w2
    w[0], w[1], w[2] = w0, w1, w2


@njit
def step_by_step_loop(w, i, t, b1, b2, eta, rows):
    w1, w2, w3, w4, w5, w6, w7, w8 = w
    i1, i2 = i
    t1, t2 = t
    for n in range(len(rows)):
        net_h1 = w1 * i1 + w2 * i2 + b1
        net_h2 = w3 * i1 + w4 * i2 + b1
        h1, h2 = sigmoid(net_h1), sigmoid(net_h2)
        net_o1 = w5 * h1 + w6 * h2 + b2
        net_o2 = w7 * h1 + w8 * h2 + b2
        o1, o2 = sigmoid(net_o1), sigmoid(net_o2)
        e1, e2 = 0.5 * (t1 - o1) ** 2, 0.5 * (t2 - o2) ** 2
        delta_o1, delta_o2 = (o1 - t1) * o1 * (1.0 - o1), (o2 - t2) * o2 * (1.0 - o2)
        delta_h1 = (delta_o1 * w5 + delta_o2 * w7) * h1 * (1.0 - h1)
        delta_h2 = (delta_o1 * w6 + delta_o2 * w8) * h2 * (1.0 - h2)
        w1 -= eta * delta_h1 * i1
        w2 -= eta * delta_h1 * i2
        w3 -= eta * delta_h2 * i1
        w4 -= eta * delta_h2 * i2
        w5 -= eta * delta_o1 * h1
        w6 -= eta * delta_o1 * h2
        w7 -= eta * delta_o2 * h1
        w8 -= eta * delta_o2 * h2
        row = rows[n]
        row[0], row[1], row[2], row[3] = net_h1, h1, net_h2, h2
        row[4], row[5], row[6], row[7] = net_o1, o1, net_o2, o2
        row[8], row[9], row[10] = e1, e2, e1 + e2
        row[11], row[12], row[13], row[14] = w1, w2, w3, w4
        row[15], row[16], row[17], row[18] = w5, w6, w7, w8
    w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7] = w1, w2, w3, w4, w5, w6, w7, w8


@njit
def hidden_layer_loop(Wh, Wo, X, y, eta, iterations, record_every, errors):
    dWh, dWo, hidden = np.empty((3, 4)), np.empty(4), np.empty(4)
    for n in range(iterations):
        dWh[:], dWo[:], error = 0.0, 0.0, 0.0
        for i in range(len(X)):
            net = 0.0
            for j in range(4):
                hidden[j] = sigmoid(X[i, 0] * Wh[0, j] + X[i, 1] * Wh[1, j] + X[i, 2] * Wh[2, j])
                net += hidden[j] * Wo[j, 0]
            out = sigmoid(net)
            error += abs(y[i, 0] - out)
            delta = (y[i, 0] - out) * out * (1.0 - out)
            for j in range(4):
                dWo[j] += hidden[j] * delta
                delta_h = delta * Wo[j, 0] * hidden[j] * (1.0 - hidden[j])
                for k in range(3):
                    dWh[k, j] += X[i, k] * delta_h
        if n % record_every == 0:
            errors[n // record_every] = error / len(X)
        for j in range(4):
            Wo[j, 0] += eta * dWo[j]
            for k in range(3):
                Wh[k, j] += eta * dWh[k, j]


def two_node(problem):
    w, rows = np.array(list(problem.parameters.values())), np.empty((problem.iterations, 9))
    two_node_loop(w, problem.inputs["s0"], problem.targets["target"], problem.learning_rate, rows)
    return dict(zip(problem.parameters, w, strict=True)), {"out": rows[:, 4], "rows": rows}


def step_by_step(problem):
    w, i, t = (np.array(list(each.values())) for each in (problem.parameters, problem.inputs, problem.targets))
    rows = np.empty((problem.iterations, 19))
    step_by_step_loop(w, i, t, 0.35, 0.6, problem.learning_rate, rows)
    return dict(zip(problem.parameters, w, strict=True)), {"E_total": rows[:, 10], "rows": rows}


def hidden_layer(problem):
    Wh, Wo = problem.parameters["Wh"].copy(), problem.parameters["Wo"].copy()
    errors = np.empty(-(-problem.iterations // problem.record_every))
    counts = problem.iterations, problem.record_every
    hidden_layer_loop(Wh, Wo, problem.inputs, problem.targets, problem.learning_rate, *counts, errors)
    return {"Wh": Wh, "Wo": Wo}, {"error": errors}
