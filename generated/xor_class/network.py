"""Exclusive or with a network class

Loss      E = sum((y - output)**2)
Updates   document, simultaneous: every parameter p steps to p - learning_rate*dE/dp, every gradient at the old
          parameters
Rate      eta = 0.1, 10000 iterations
Numbers   eq. 5 beside a line is equation (5) of the worksheet
Source    Lesson: backpropagation in a Python class

Written by symprop: change the spec, not this file.
"""

from collections import namedtuple
from math import exp

import numpy as np

INPUTS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
TARGETS = np.array([[0], [1], [1], [0]], dtype=float)
LEARNING_RATE = 0.1  # eta
ITERATIONS = 10000
RECORD_EVERY = 1000


def sigmoid(z):
    """1/(1 + exp(-z)); where exp overflows, the limit 0."""
    with np.errstate(over="ignore"):
        return 1/(1 + np.exp(-z))


def forward(parameters, inputs):
    """Every named quantity up to the outputs, by name."""
    weights1, weights2 = parameters["weights1"], parameters["weights2"]
    X = inputs
    z1 = X @ weights1       # eq. 5: (m, 4)
    layer1 = sigmoid(z1)    # eq. 6: (m, 4)
    z2 = layer1 @ weights2  # eq. 7: (m, 1)
    output = sigmoid(z2)    # eq. 8: (m, 1)
    return {"z1": z1, "layer1": layer1, "z2": z2, "output": output}


def predict(parameters, inputs):
    """The output output."""
    return forward(parameters, inputs)["output"]


def evaluate(parameters, inputs, targets):
    """The values of forward, with the loss, any metrics and the document's own quantities."""
    weights2 = parameters["weights2"]
    X, y = inputs, targets
    values = forward(parameters, inputs)
    layer1, output = values["layer1"], values["output"]
    E = np.sum((y - output)**2)            # eq. 9
    doutput = -2*(y - output)              # eq. 10: (m, 1) power rule
    delta_2 = doutput*output*(1 - output)  # eq. 11: (m, 1) logistic slope
    dweights2 = layer1.T @ delta_2         # eq. 12: (4, 1) matrix product
    dlayer1 = delta_2 @ weights2.T         # eq. 13: (m, 4) matrix product
    delta_1 = dlayer1*layer1*(1 - layer1)  # eq. 14: (m, 4) logistic slope
    dweights1 = X.T @ delta_1              # eq. 15: (3, 4) matrix product
    d_weights2 = -dweights2                # (4, 1)
    d_weights1 = -dweights1                # (3, 4)
    return {**values, "E": E, "d_weights2": d_weights2, "d_weights1": d_weights1}


def loss(parameters, inputs, targets):
    """E = sum((y - output)**2)."""
    return evaluate(parameters, inputs, targets)["E"]


def gradients(parameters, inputs, targets):
    """dE/dp for every parameter p, in one sweep backwards."""
    weights2 = parameters["weights2"]
    X, y = inputs, targets
    values = forward(parameters, inputs)
    layer1, output = values["layer1"], values["output"]
    doutput = -2*(y - output)              # eq. 10: (m, 1) power rule
    delta_2 = doutput*output*(1 - output)  # eq. 11: (m, 1) logistic slope
    dweights2 = layer1.T @ delta_2         # eq. 12: (4, 1) matrix product
    dlayer1 = delta_2 @ weights2.T         # eq. 13: (m, 4) matrix product
    delta_1 = dlayer1*layer1*(1 - layer1)  # eq. 14: (m, 4) logistic slope
    dweights1 = X.T @ delta_1              # eq. 15: (3, 4) matrix product
    return {"weights1": dweights1, "weights2": dweights2}


def step(parameters, inputs, targets, learning_rate, update="document"):
    """The parameters after one update; the given ones stay as they are. Raises ValueError for an unknown update."""
    if update not in UPDATES:
        raise ValueError(f"update {update!r} is unknown (known: {', '.join(UPDATES)})")
    gradient = gradients(parameters, inputs, targets)
    return {name: parameters[name] - learning_rate*gradient[name] for name in gradient}


def initial_parameters(seed=None):
    """Drawn parameter by parameter after one seed; None: the document's seed, 0."""
    legacy = np.random.RandomState(0 if seed is None else seed)
    return {"weights1": legacy.random_sample((3, 4)), "weights2": legacy.random_sample((4, 1))}


@np.errstate(all="ignore")  # a loss that is not finite is looked for, not warned about
def train(parameters=None, inputs=None, targets=None, *, learning_rate=LEARNING_RATE, iterations=ITERATIONS,
          update="document", record_every=RECORD_EVERY, callback=None):
    """Repeat step; None stands for the document's numbers.

    Returns a Result: parameters, and history with a row for iteration 1, for every record_every-th after it and for the
    last: the values before the iteration, the parameters after it; callback(row) is called with each.
    Raises ValueError for a wrong name or shape, and FloatingPointError where the loss is no longer finite.
    """
    if iterations < 0 or record_every < 1:
        raise ValueError(f"{iterations=}, {record_every=}: expected at least 0 and 1")
    lengths = {}
    parameters = _checked("parameters", initial_parameters() if parameters is None else parameters, lengths)
    inputs = _checked("inputs", {"X": INPUTS if inputs is None else inputs}, lengths)["X"]
    targets = _checked("targets", {"y": TARGETS if targets is None else targets}, lengths)["y"]

    history, first, start = History(), 1, parameters  # first, start: since the last look at the loss
    due = {*range(1, iterations, record_every), iterations} - {0}
    for iteration in sorted(due | {*range(BLOCK, iterations, BLOCK)}):
        parameters = _advance(start, range(first, iteration), inputs, targets, learning_rate, update)
        values = evaluate(parameters, inputs, targets)
        if not np.isfinite(values["E"]):
            _locate(start, range(first, iteration + 1), inputs, targets, learning_rate, update)
        parameters = _advance(parameters, range(iteration, iteration + 1), inputs, targets, learning_rate, update)
        first, start = iteration + 1, parameters
        if iteration in due:
            row = {"iteration": iteration, **values, **parameters}
            history.append({name: row[name] for name in ROW})
            if callback is not None:
                callback(dict(history[-1]))
    if not np.isfinite(loss(parameters, inputs, targets)):
        _locate(start, range(first, iterations + 2), inputs, targets, learning_rate, update)
    return Result(parameters, history)


SHAPES = {
    "parameters": {"weights1": (3, 4), "weights2": (4, 1)},
    "inputs": {"X": ("m", 3)},
    "targets": {"y": ("m", 1)},
}
UPDATES = ("document", "simultaneous")
ROW = ("iteration", "z1", "layer1", "z2", "output", "E", "weights1", "weights2")
BLOCK = 1000  # iterations between two looks at the loss
MOST_SAMPLES = 11  # for more of them NumPy is faster than the loop on floats
Result = namedtuple("Result", "parameters history")


class History(list):
    """The recorded rows: history[-1] is a row, a dict by name; history["E"] is a column, an array."""

    def __getitem__(self, key):
        return np.array([row[key] for row in self]) if isinstance(key, str) else super().__getitem__(key)


def _checked(argument, given, lengths):
    """The given numbers as floats, by name, in the shapes of SHAPES, where m is one length throughout."""
    shapes = SHAPES[argument]
    if given.keys() != shapes.keys():
        raise ValueError(f"{argument}: expected {', '.join(shapes)}, got {', '.join(map(str, given))}")
    checked = {name: np.asarray(given[name], dtype=float)[()] for name in shapes}
    for name, value in checked.items():
        if shapes[name][:1] == ("m",) and value.ndim == len(shapes[name]):
            lengths.setdefault("m", len(value))
        expected = tuple(lengths.get(length, length) for length in shapes[name])
        if value.shape != expected:
            raise ValueError(f"{argument} {name}: expected shape {expected}, got {value.shape}".replace("'", ""))
    return checked


def _locate(parameters, block, inputs, targets, learning_rate, update):
    """The iterations once more, one by one, up to the first whose loss is not finite: FloatingPointError names it."""
    for iteration in block:
        if not np.isfinite(value := loss(parameters, inputs, targets)):
            hint = f"a learning_rate smaller than {learning_rate} may help" if iteration > 1 else "check the arguments"
            raise FloatingPointError(f"iteration {iteration}: the loss is {value}, no longer finite; {hint}")
        parameters = _advance(parameters, range(iteration, iteration + 1), inputs, targets, learning_rate, update)


def _advance(parameters, block, inputs, targets, learning_rate, update):
    """The parameters after these iterations."""
    if len(inputs) <= MOST_SAMPLES and update in UPDATES:
        try:
            return _loop(parameters, inputs, targets, learning_rate, block)
        except (ArithmeticError, ValueError):
            pass  # on floats Python raises where NumPy answers inf or nan
    for _ in block:
        parameters = step(parameters, inputs, targets, learning_rate, update)
    return parameters


def _loop(parameters, inputs, targets, learning_rate, block):
    """forward, gradients and step on single floats, sample by sample: on tiny arrays faster than NumPy."""
    (
        weights1_1_1, weights1_1_2, weights1_1_3, weights1_1_4, weights1_2_1,
        weights1_2_2, weights1_2_3, weights1_2_4, weights1_3_1, weights1_3_2,
        weights1_3_3, weights1_3_4,
    ) = parameters["weights1"].ravel().tolist()
    (weights2_1_1, weights2_2_1, weights2_3_1, weights2_4_1) = parameters["weights2"].ravel().tolist()
    samples = np.column_stack([inputs, targets]).tolist()
    learning_rate = float(learning_rate)
    for _ in block:
        (
            dweights2_1_1, dweights2_2_1, dweights2_3_1, dweights2_4_1, dweights1_1_1, dweights1_1_2, dweights1_1_3,
            dweights1_1_4, dweights1_2_1, dweights1_2_2, dweights1_2_3, dweights1_2_4, dweights1_3_1, dweights1_3_2,
            dweights1_3_3, dweights1_3_4,
        ) = [0.0]*16
        for X_1, X_2, X_3, y_1 in samples:
            z1_1 = X_1*weights1_1_1 + X_2*weights1_2_1 + X_3*weights1_3_1
            z1_2 = X_1*weights1_1_2 + X_2*weights1_2_2 + X_3*weights1_3_2
            z1_3 = X_1*weights1_1_3 + X_2*weights1_2_3 + X_3*weights1_3_3
            z1_4 = X_1*weights1_1_4 + X_2*weights1_2_4 + X_3*weights1_3_4
            layer1_1 = 1.0/(1.0 + exp(-z1_1))
            layer1_2 = 1.0/(1.0 + exp(-z1_2))
            layer1_3 = 1.0/(1.0 + exp(-z1_3))
            layer1_4 = 1.0/(1.0 + exp(-z1_4))
            z2_1 = layer1_1*weights2_1_1 + layer1_2*weights2_2_1 + layer1_3*weights2_3_1 + layer1_4*weights2_4_1
            output_1 = 1.0/(1.0 + exp(-z2_1))
            doutput_1 = -2.0*(y_1 - output_1)
            delta_2_1 = doutput_1*output_1*(1.0 - output_1)
            dweights2_1_1 += layer1_1*delta_2_1
            dweights2_2_1 += layer1_2*delta_2_1
            dweights2_3_1 += layer1_3*delta_2_1
            dweights2_4_1 += layer1_4*delta_2_1
            dlayer1_1 = delta_2_1*weights2_1_1
            dlayer1_2 = delta_2_1*weights2_2_1
            dlayer1_3 = delta_2_1*weights2_3_1
            dlayer1_4 = delta_2_1*weights2_4_1
            delta_1_1 = dlayer1_1*layer1_1*(1.0 - layer1_1)
            delta_1_2 = dlayer1_2*layer1_2*(1.0 - layer1_2)
            delta_1_3 = dlayer1_3*layer1_3*(1.0 - layer1_3)
            delta_1_4 = dlayer1_4*layer1_4*(1.0 - layer1_4)
            dweights1_1_1 += X_1*delta_1_1
            dweights1_1_2 += X_1*delta_1_2
            dweights1_1_3 += X_1*delta_1_3
            dweights1_1_4 += X_1*delta_1_4
            dweights1_2_1 += X_2*delta_1_1
            dweights1_2_2 += X_2*delta_1_2
            dweights1_2_3 += X_2*delta_1_3
            dweights1_2_4 += X_2*delta_1_4
            dweights1_3_1 += X_3*delta_1_1
            dweights1_3_2 += X_3*delta_1_2
            dweights1_3_3 += X_3*delta_1_3
            dweights1_3_4 += X_3*delta_1_4
        weights1_1_1 = weights1_1_1 - learning_rate*dweights1_1_1
        weights1_1_2 = weights1_1_2 - learning_rate*dweights1_1_2
        weights1_1_3 = weights1_1_3 - learning_rate*dweights1_1_3
        weights1_1_4 = weights1_1_4 - learning_rate*dweights1_1_4
        weights1_2_1 = weights1_2_1 - learning_rate*dweights1_2_1
        weights1_2_2 = weights1_2_2 - learning_rate*dweights1_2_2
        weights1_2_3 = weights1_2_3 - learning_rate*dweights1_2_3
        weights1_2_4 = weights1_2_4 - learning_rate*dweights1_2_4
        weights1_3_1 = weights1_3_1 - learning_rate*dweights1_3_1
        weights1_3_2 = weights1_3_2 - learning_rate*dweights1_3_2
        weights1_3_3 = weights1_3_3 - learning_rate*dweights1_3_3
        weights1_3_4 = weights1_3_4 - learning_rate*dweights1_3_4
        weights2_1_1 = weights2_1_1 - learning_rate*dweights2_1_1
        weights2_2_1 = weights2_2_1 - learning_rate*dweights2_2_1
        weights2_3_1 = weights2_3_1 - learning_rate*dweights2_3_1
        weights2_4_1 = weights2_4_1 - learning_rate*dweights2_4_1
    return {
        "weights1": np.array([weights1_1_1, weights1_1_2, weights1_1_3, weights1_1_4, weights1_2_1, weights1_2_2,
            weights1_2_3, weights1_2_4, weights1_3_1, weights1_3_2, weights1_3_3, weights1_3_4]).reshape((3, 4)),
        "weights2": np.array([weights2_1_1, weights2_2_1, weights2_3_1, weights2_4_1]).reshape((4, 1)),
    }


def main():
    """Train as the document does and print its table: values before an iteration's update, parameters after it."""
    parameters, history = train()
    after = {"iteration": "after", **evaluate(parameters, INPUTS, TARGETS), **parameters}
    names = ("E",)
    print(f"{'iteration':>10}", *(f"{name:>24}" for name in names))
    for row in [*history, after]:
        print(f"{row['iteration']:>10}", *(f"{float(row[name])!r:>24}" for name in names))
    for name in ("weights1", "weights2", "output"):
        print(f"{name} =\n{history[-1][name]}")


if __name__ == "__main__":
    main()
