"""Pure Python: single floats and `math.exp`, what is left when the arrays are only overhead.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

from math import exp


def two_node(problem):
    w0, w1, w2 = (problem.parameters[name] for name in ("w0", "w1", "w2"))
    s0, target, alpha = problem.inputs["s0"], problem.targets["target"], problem.learning_rate
    history = {"w2": [], "w1": [], "w0": [], "out": []}
    for _ in range(problem.iterations):
        s1 = 1 / (1 + exp(-w0 * s0))
        s2 = 1 / (1 + exp(-w1 * s1))
        out = w2 * s2
        error = out - target
        w2 = w2 - alpha * error * s2
        delta_2 = error * w2 * s2 * (1 - s2)
        w1 = w1 - alpha * delta_2 * s1
        w0 = w0 - alpha * delta_2 * w1 * s1 * (1 - s1) * s0
        history["w2"].append(w2)
        history["w1"].append(w1)
        history["w0"].append(w0)
        history["out"].append(out)
    return {"w0": w0, "w1": w1, "w2": w2}, history


def step_by_step(problem):
    w1, w2, w3, w4, w5, w6, w7, w8 = (problem.parameters[f"w{k}"] for k in range(1, 9))
    i1, i2 = problem.inputs.values()
    t1, t2 = problem.targets.values()
    b1, b2, eta = 0.35, 0.6, problem.learning_rate
    errors = []
    for _ in range(problem.iterations):
        h1 = 1 / (1 + exp(-(w1 * i1 + w2 * i2 + b1)))
        h2 = 1 / (1 + exp(-(w3 * i1 + w4 * i2 + b1)))
        o1 = 1 / (1 + exp(-(w5 * h1 + w6 * h2 + b2)))
        o2 = 1 / (1 + exp(-(w7 * h1 + w8 * h2 + b2)))
        errors.append(((t1 - o1) ** 2 + (t2 - o2) ** 2) / 2)
        delta_o1 = (o1 - t1) * o1 * (1 - o1)
        delta_o2 = (o2 - t2) * o2 * (1 - o2)
        delta_h1 = (delta_o1 * w5 + delta_o2 * w7) * h1 * (1 - h1)
        delta_h2 = (delta_o1 * w6 + delta_o2 * w8) * h2 * (1 - h2)
        w1 -= eta * delta_h1 * i1
        w2 -= eta * delta_h1 * i2
        w3 -= eta * delta_h2 * i1
        w4 -= eta * delta_h2 * i2
        w5 -= eta * delta_o1 * h1
        w6 -= eta * delta_o1 * h2
        w7 -= eta * delta_o2 * h1
        w8 -= eta * delta_o2 * h2
    weights = dict(zip(problem.parameters, (w1, w2, w3, w4, w5, w6, w7, w8), strict=True))
    return weights, {"E_total": errors}


def hidden_layer(problem):
    Wh, Wo = problem.parameters["Wh"].T.tolist(), problem.parameters["Wo"].ravel().tolist()
    samples = [(row, target) for row, (target,) in zip(problem.inputs.tolist(), problem.targets.tolist(), strict=True)]
    errors = []
    for iteration in range(problem.iterations):
        dWh, dWo, error = [[0.0] * 3 for _ in Wh], [0.0] * 4, 0.0
        for (x1, x2, x3), target in samples:
            hidden = [1 / (1 + exp(-(x1 * a + x2 * b + x3 * c))) for a, b, c in Wh]
            out = 1 / (1 + exp(-sum([h * w for h, w in zip(hidden, Wo, strict=True)])))
            error += abs(target - out)
            delta = (target - out) * out * (1 - out)
            for unit, h in enumerate(hidden):
                dWo[unit] += h * delta
                delta_h, row = delta * Wo[unit] * h * (1 - h), dWh[unit]
                row[0] += x1 * delta_h
                row[1] += x2 * delta_h
                row[2] += x3 * delta_h
        if iteration % problem.record_every == 0:
            errors.append(error / len(samples))
        Wo = [w + problem.learning_rate * d for w, d in zip(Wo, dWo, strict=True)]
        Wh = [[w + problem.learning_rate * d for w, d in zip(*rows, strict=True)] for rows in zip(Wh, dWh, strict=True)]
    return {"Wh": list(zip(*Wh, strict=True)), "Wo": [[w] for w in Wo]}, {"error": errors}
