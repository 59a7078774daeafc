"""Four inputs, three hidden units, two outputs

Loss      E = 1/2*((o1 - t1)**2 + (o2 - t2)**2)
Updates   document: every gradient at the old parameters; b1 not updated; b2 is stepped with the gradient of b1. Two
          defects of the notebook's code: b2 is stepped with dE/db1, and b1 is not stepped at all.
          simultaneous: every parameter p steps to p - learning_rate*dE/dp, every gradient at the old parameters
Rate      alpha = 0.1, 1 iteration
Numbers   eq. 5 beside a line is equation (5) of the worksheet
Source    Notebook: a 4-3-2 network with one shared bias for each layer

Written by symprop: change the spec, not this file.
"""

from collections import namedtuple
from collections.abc import Sequence
from math import exp

import numpy as np

INPUTS = {"x1": 2.0, "x2": 5.0, "x3": 1.0, "x4": 4.0}
TARGETS = {"t1": 0.05, "t2": 0.1}
LEARNING_RATE = 0.1  # alpha
ITERATIONS = 1
RECORD_EVERY = 1


def sigmoid(z):
    """1/(1 + exp(-z)); where exp overflows, the limit 0."""
    with np.errstate(over="ignore"):
        return 1/(1 + np.exp(-z))


def forward(parameters, inputs):
    """Every named quantity up to the outputs, by name."""
    w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16, w17, w18, b1, b2 = (
        parameters[name] for name in (
            "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "w11", "w12", "w13", "w14", "w15", "w16", "w17",
            "w18", "b1", "b2",
        )
    )
    x1, x2, x3, x4 = inputs["x1"], inputs["x2"], inputs["x3"], inputs["x4"]
    zh1 = w1*x1 + w4*x2 + w7*x3 + w10*x4 + b1  # eq. 1
    zh2 = w2*x1 + w5*x2 + w8*x3 + w11*x4 + b1  # eq. 2
    zh3 = w3*x1 + w6*x2 + w9*x3 + w12*x4 + b1  # eq. 3
    h1 = sigmoid(zh1)                          # eq. 4
    h2 = sigmoid(zh2)                          # eq. 5
    h3 = sigmoid(zh3)                          # eq. 6
    zo1 = w13*h1 + w15*h2 + w17*h3 + b2        # eq. 7
    zo2 = w14*h1 + w16*h2 + w18*h3 + b2        # eq. 8
    o1 = sigmoid(zo1)                          # eq. 9
    o2 = sigmoid(zo2)                          # eq. 10
    return {
        "zh1": zh1, "zh2": zh2, "zh3": zh3, "h1": h1, "h2": h2, "h3": h3, "zo1": zo1, "zo2": zo2, "o1": o1, "o2": o2,
    }


def predict(parameters, inputs):
    """The outputs, by name."""
    values = forward(parameters, inputs)
    return {"o1": values["o1"], "o2": values["o2"]}


def evaluate(parameters, inputs, targets):
    """The values of forward, with the loss and any metrics."""
    t1, t2 = targets["t1"], targets["t2"]
    values = forward(parameters, inputs)
    o1, o2 = values["o1"], values["o2"]
    E = 1/2*((o1 - t1)**2 + (o2 - t2)**2)  # eq. 11
    return {**values, "E": E}


def loss(parameters, inputs, targets):
    """E = 1/2*((o1 - t1)**2 + (o2 - t2)**2)."""
    return evaluate(parameters, inputs, targets)["E"]


def gradients(parameters, inputs, targets):
    """dE/dp for every parameter p, in one sweep backwards."""
    w13, w14, w15, w16, w17, w18 = (parameters[name] for name in ("w13", "w14", "w15", "w16", "w17", "w18"))
    x1, x2, x3, x4 = inputs["x1"], inputs["x2"], inputs["x3"], inputs["x4"]
    t1, t2 = targets["t1"], targets["t2"]
    values = forward(parameters, inputs)
    h1, h2, h3, o1, o2 = values["h1"], values["h2"], values["h3"], values["o1"], values["o2"]
    dE_do1 = o1 - t1                         # eq. 12: power rule
    delta_o1 = dE_do1*o1*(1 - o1)            # eq. 14: logistic slope
    dE_do2 = o2 - t2                         # eq. 15: power rule
    delta_o2 = dE_do2*o2*(1 - o2)            # eq. 17: logistic slope
    dE_dw13 = delta_o1*h1                    # eq. 20: linear factor
    dE_dw14 = delta_o2*h1                    # eq. 23: linear factor
    dE_dw15 = delta_o1*h2                    # eq. 26: linear factor
    dE_dw16 = delta_o2*h2                    # eq. 29: linear factor
    dE_dw17 = delta_o1*h3                    # eq. 32: linear factor
    dE_dw18 = delta_o2*h3                    # eq. 35: linear factor
    dE_db2 = delta_o1 + delta_o2             # eq. 36: sum over zo1, zo2
    dE_dh1 = delta_o1*w13 + delta_o2*w14     # eq. 41: sum over zo1, zo2
    delta_h1 = dE_dh1*h1*(1 - h1)            # eq. 43: logistic slope
    dE_dh2 = delta_o1*w15 + delta_o2*w16     # eq. 48: sum over zo1, zo2
    delta_h2 = dE_dh2*h2*(1 - h2)            # eq. 50: logistic slope
    dE_dh3 = delta_o1*w17 + delta_o2*w18     # eq. 55: sum over zo1, zo2
    delta_h3 = dE_dh3*h3*(1 - h3)            # eq. 57: logistic slope
    dE_dw1 = delta_h1*x1                     # eq. 60: linear factor
    dE_dw2 = delta_h2*x1                     # eq. 63: linear factor
    dE_dw3 = delta_h3*x1                     # eq. 66: linear factor
    dE_dw4 = delta_h1*x2                     # eq. 69: linear factor
    dE_dw5 = delta_h2*x2                     # eq. 72: linear factor
    dE_dw6 = delta_h3*x2                     # eq. 75: linear factor
    dE_dw7 = delta_h1*x3                     # eq. 78: linear factor
    dE_dw8 = delta_h2*x3                     # eq. 81: linear factor
    dE_dw9 = delta_h3*x3                     # eq. 84: linear factor
    dE_dw10 = delta_h1*x4                    # eq. 87: linear factor
    dE_dw11 = delta_h2*x4                    # eq. 90: linear factor
    dE_dw12 = delta_h3*x4                    # eq. 93: linear factor
    dE_db1 = delta_h1 + delta_h2 + delta_h3  # eq. 94: sum over zh1, zh2, zh3
    return {
        "w1": dE_dw1, "w2": dE_dw2, "w3": dE_dw3, "w4": dE_dw4, "w5": dE_dw5, "w6": dE_dw6, "w7": dE_dw7, "w8": dE_dw8,
        "w9": dE_dw9, "w10": dE_dw10, "w11": dE_dw11, "w12": dE_dw12, "w13": dE_dw13, "w14": dE_dw14, "w15": dE_dw15,
        "w16": dE_dw16, "w17": dE_dw17, "w18": dE_dw18, "b1": dE_db1, "b2": dE_db2,
    }


def _step_document(parameters, inputs, targets, learning_rate):
    """All at once, every gradient at the old parameters."""
    gradient = gradients(parameters, inputs, targets)
    new = dict(parameters)  # not updated: b1
    for name in (
        "w18", "w17", "w16", "w15", "w14", "w13", "w12", "w11", "w10", "w9", "w8", "w7", "w6", "w5", "w4", "w3", "w2",
        "w1",
    ):
        new[name] = parameters[name] - learning_rate*gradient[name]
    new["b2"] = parameters["b2"] - learning_rate*gradient["b1"]  # with the gradient of b1
    return new


def _step_simultaneous(parameters, inputs, targets, learning_rate):
    """All at once, every gradient at the old parameters."""
    gradient = gradients(parameters, inputs, targets)
    return {name: parameters[name] - learning_rate*gradient[name] for name in gradient}


UPDATES = {"document": _step_document, "simultaneous": _step_simultaneous}


def step(parameters, inputs, targets, learning_rate, update="document"):
    """The parameters after one update; the given ones stay as they are. Raises ValueError for an unknown update."""
    if update not in UPDATES:
        raise ValueError(f"update {update!r} is unknown (known: {', '.join(UPDATES)})")
    return UPDATES[update](parameters, inputs, targets, learning_rate)


def initial_parameters(seed=None):
    """The document's initial values; they are given, so the seed is not used."""
    return {
        "w1": 0.82, "w2": 0.53, "w3": 0.44, "w4": 0.15, "w5": 0.61, "w6": 0.39, "w7": 0.11, "w8": 0.41, "w9": 0.5,
        "w10": 0.45, "w11": 0.23, "w12": 0.68, "w13": 0.49, "w14": 0.71, "w15": 0.23, "w16": 0.21, "w17": 0.44,
        "w18": 0.62, "b1": 0.5, "b2": 0.5,
    }


@np.errstate(all="ignore")  # a loss that is not finite is looked for, not warned about
def train(parameters=None, inputs=None, targets=None, *, learning_rate=LEARNING_RATE, iterations=ITERATIONS,
          update="document", record_every=RECORD_EVERY, callback=None):
    """Repeat step; None stands for the document's numbers.

    Returns a Result: parameters, and history with a row for iteration 1, for every record_every-th after it and for the
    last: the values before the update, the parameters after it; callback(row) gets each, some time after its iteration.
    Raises ValueError for a wrong name or shape, and FloatingPointError where the loss is no longer finite.
    """
    if iterations < 0 or record_every < 1:
        raise ValueError(f"{iterations=}, {record_every=}: expected at least 0 and 1")
    parameters = _checked("parameters", initial_parameters() if parameters is None else parameters)
    inputs = _checked("inputs", INPUTS if inputs is None else inputs)
    targets = _checked("targets", TARGETS if targets is None else targets)

    given, history = (inputs, targets, learning_rate, update), History([])
    for first in range(1, iterations + 1, BLOCK):
        block = range(first, min(first + BLOCK, iterations + 1))
        due = {*block[(1 - first) % record_every :: record_every], iterations}
        before, (parameters, rows) = parameters, _run(parameters, block, due, *given)
        if not np.isfinite(loss(parameters, inputs, targets)):
            _locate(before, range(first, block.stop + 1), *given)
        history.rows += rows
        for row in History(rows) if callback is not None else ():
            callback(row)
    return Result(parameters, history)


SHAPES = {
    "parameters": {
        "w1": (), "w2": (), "w3": (), "w4": (), "w5": (), "w6": (), "w7": (), "w8": (), "w9": (), "w10": (), "w11": (),
        "w12": (), "w13": (), "w14": (), "w15": (), "w16": (), "w17": (), "w18": (), "b1": (), "b2": (),
    },
    "inputs": {"x1": (), "x2": (), "x3": (), "x4": ()},
    "targets": {"t1": (), "t2": ()},
}
ROW = (
    "iteration", "zh1", "zh2", "zh3", "h1", "h2", "h3", "zo1", "zo2", "o1", "o2", "E", "w1", "w2", "w3", "w4", "w5",
    "w6", "w7", "w8", "w9", "w10", "w11", "w12", "w13", "w14", "w15", "w16", "w17", "w18", "b1", "b2",
)
BLOCK = 1000  # iterations between two looks at the loss
Result = namedtuple("Result", "parameters history")


class History(Sequence):
    """The recorded rows: history[-1] is a row, a dict by name; history["E"] is a column, an array."""

    def __init__(self, rows):
        self.rows = rows  # tuples in the order of ROW, quicker to record than dicts

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        if isinstance(key, str):
            return np.array([row[key] for row in self])
        if isinstance(key, slice):
            return History(self.rows[key])
        return dict(zip(ROW, self.rows[key], strict=True))


def _checked(argument, given):
    """The given numbers as floats, by name, in the shapes of SHAPES."""
    shapes = SHAPES[argument]
    if given.keys() != shapes.keys():
        raise ValueError(f"{argument}: expected {', '.join(shapes)}, got {', '.join(map(str, given))}")
    checked = {name: np.asarray(given[name], dtype=float)[()] for name in shapes}
    for name, value in checked.items():
        if value.shape != shapes[name]:
            raise ValueError(f"{argument} {name}: expected shape {shapes[name]}, got {value.shape}")
    return checked


def _locate(parameters, block, inputs, targets, learning_rate, update):
    """The iterations once more, one by one, up to the first whose loss is not finite: FloatingPointError names it."""
    for iteration in block:
        if not np.isfinite(value := loss(parameters, inputs, targets)):
            hint = f"a learning_rate smaller than {learning_rate} may help" if iteration > 1 else "check the arguments"
            raise FloatingPointError(f"iteration {iteration}: the loss is {value}, no longer finite; {hint}")
        parameters = step(parameters, inputs, targets, learning_rate, update)


def _run(parameters, block, due, inputs, targets, learning_rate, update):
    """The parameters after these iterations, and the rows of those that are due."""
    if UPDATES.get(update) is _step_document:
        try:
            return _loop(parameters, block, due, inputs, targets, learning_rate)
        except (ArithmeticError, ValueError):
            pass  # on floats Python raises where NumPy answers inf or nan
    rows = []
    for iteration in block:
        row = {"iteration": iteration, **evaluate(parameters, inputs, targets)} if iteration in due else {}
        parameters = step(parameters, inputs, targets, learning_rate, update)
        if row:
            row |= parameters
            rows.append(tuple(row[name] for name in ROW))
    return parameters, rows


def _loop(parameters, block, due, inputs, targets, learning_rate):
    """forward, loss, gradients and step on single floats; a row is recorded for every iteration that is due."""
    w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16, w17, w18, b1, b2 = (
        float(parameters[name]) for name in (
            "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "w11", "w12", "w13", "w14", "w15", "w16", "w17",
            "w18", "b1", "b2",
        )
    )
    x1, x2, x3, x4 = float(inputs["x1"]), float(inputs["x2"]), float(inputs["x3"]), float(inputs["x4"])
    t1, t2 = float(targets["t1"]), float(targets["t2"])
    learning_rate = float(learning_rate)
    rows = []
    for iteration in block:
        zh1 = w1*x1 + w4*x2 + w7*x3 + w10*x4 + b1
        zh2 = w2*x1 + w5*x2 + w8*x3 + w11*x4 + b1
        zh3 = w3*x1 + w6*x2 + w9*x3 + w12*x4 + b1
        h1 = 1.0/(1.0 + exp(-zh1))
        h2 = 1.0/(1.0 + exp(-zh2))
        h3 = 1.0/(1.0 + exp(-zh3))
        zo1 = w13*h1 + w15*h2 + w17*h3 + b2
        zo2 = w14*h1 + w16*h2 + w18*h3 + b2
        o1 = 1.0/(1.0 + exp(-zo1))
        o2 = 1.0/(1.0 + exp(-zo2))
        E = 0.5*((o1 - t1)**2 + (o2 - t2)**2)
        dE_do1 = o1 - t1
        delta_o1 = dE_do1*o1*(1.0 - o1)
        dE_do2 = o2 - t2
        delta_o2 = dE_do2*o2*(1.0 - o2)
        dE_dw13 = delta_o1*h1
        dE_dw14 = delta_o2*h1
        dE_dw15 = delta_o1*h2
        dE_dw16 = delta_o2*h2
        dE_dw17 = delta_o1*h3
        dE_dw18 = delta_o2*h3
        dE_dh1 = delta_o1*w13 + delta_o2*w14
        delta_h1 = dE_dh1*h1*(1.0 - h1)
        dE_dh2 = delta_o1*w15 + delta_o2*w16
        delta_h2 = dE_dh2*h2*(1.0 - h2)
        dE_dh3 = delta_o1*w17 + delta_o2*w18
        delta_h3 = dE_dh3*h3*(1.0 - h3)
        dE_dw1 = delta_h1*x1
        dE_dw2 = delta_h2*x1
        dE_dw3 = delta_h3*x1
        dE_dw4 = delta_h1*x2
        dE_dw5 = delta_h2*x2
        dE_dw6 = delta_h3*x2
        dE_dw7 = delta_h1*x3
        dE_dw8 = delta_h2*x3
        dE_dw9 = delta_h3*x3
        dE_dw10 = delta_h1*x4
        dE_dw11 = delta_h2*x4
        dE_dw12 = delta_h3*x4
        dE_db1 = delta_h1 + delta_h2 + delta_h3
        w18 = w18 - learning_rate*dE_dw18
        w17 = w17 - learning_rate*dE_dw17
        w16 = w16 - learning_rate*dE_dw16
        w15 = w15 - learning_rate*dE_dw15
        w14 = w14 - learning_rate*dE_dw14
        w13 = w13 - learning_rate*dE_dw13
        b2 = b2 - learning_rate*dE_db1
        w12 = w12 - learning_rate*dE_dw12
        w11 = w11 - learning_rate*dE_dw11
        w10 = w10 - learning_rate*dE_dw10
        w9 = w9 - learning_rate*dE_dw9
        w8 = w8 - learning_rate*dE_dw8
        w7 = w7 - learning_rate*dE_dw7
        w6 = w6 - learning_rate*dE_dw6
        w5 = w5 - learning_rate*dE_dw5
        w4 = w4 - learning_rate*dE_dw4
        w3 = w3 - learning_rate*dE_dw3
        w2 = w2 - learning_rate*dE_dw2
        w1 = w1 - learning_rate*dE_dw1
        if iteration in due:
            rows.append((
                iteration, zh1, zh2, zh3, h1, h2, h3, zo1, zo2, o1, o2, E, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10,
                w11, w12, w13, w14, w15, w16, w17, w18, b1, b2,
            ))
    return {
        "w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5, "w6": w6, "w7": w7, "w8": w8, "w9": w9, "w10": w10,
        "w11": w11, "w12": w12, "w13": w13, "w14": w14, "w15": w15, "w16": w16, "w17": w17, "w18": w18, "b1": b1,
        "b2": b2,
    }, rows


def main():
    """Train as the document does and print its table: values before an iteration's update, parameters after it."""
    parameters, history = train()
    after = {"iteration": "after", **evaluate(parameters, INPUTS, TARGETS), **parameters}
    shown = [*(history[place] for place in sorted({0, len(history) - 1})), after]
    print(f"{'iteration':<9}", *(f"{row['iteration']:>24}" for row in shown))
    for name in ROW[1:]:
        print(f"{name:<9}", *(f"{float(row[name])!r:>24}" for row in shown))


if __name__ == "__main__":
    main()
