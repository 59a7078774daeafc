"""Two nodes in a chain

Loss      E = 1/2*(out - target)**2
Updates   document: in place, in the order w2, w1, w0, each gradient with the parameters already updated. Each weight is
          stepped with the weights that are already new, as the notebook's loop does.
          simultaneous: every parameter p steps to p - learning_rate*dE/dp, every gradient at the old parameters
Rate      alpha = 0.1, 1000 iterations
Numbers   eq. 5 beside a line is equation (5) of the worksheet
Source    Exercise notebook: backpropagation in a two-node network

Written by symprop: change the spec, not this file.
"""

from collections import namedtuple
from collections.abc import Sequence
from math import exp

import numpy as np

INPUTS = {"s0": 2.0}
TARGETS = {"target": 0.7}
LEARNING_RATE = 0.1  # alpha
ITERATIONS = 1000
RECORD_EVERY = 1


def sigmoid(z):
    """1/(1 + exp(-z)); where exp overflows, the limit 0."""
    with np.errstate(over="ignore"):
        return 1/(1 + np.exp(-z))


def forward(parameters, inputs):
    """Every named quantity up to the outputs, by name."""
    w0, w1, w2 = parameters["w0"], parameters["w1"], parameters["w2"]
    s0 = inputs["s0"]
    x1 = w0*s0        # eq. 1
    s1 = sigmoid(x1)  # eq. 2
    x2 = w1*s1        # eq. 3
    s2 = sigmoid(x2)  # eq. 4
    out = w2*s2       # eq. 5
    return {"x1": x1, "s1": s1, "x2": x2, "s2": s2, "out": out}


def predict(parameters, inputs):
    """The outputs, by name."""
    values = forward(parameters, inputs)
    return {"out": values["out"]}


def evaluate(parameters, inputs, targets):
    """The values of forward, with the loss and any metrics."""
    target = targets["target"]
    values = forward(parameters, inputs)
    out = values["out"]
    E = 1/2*(out - target)**2  # eq. 6
    return {**values, "E": E}


def loss(parameters, inputs, targets):
    """E = 1/2*(out - target)**2."""
    return evaluate(parameters, inputs, targets)["E"]


def gradients(parameters, inputs, targets):
    """dE/dp for every parameter p, in one sweep backwards."""
    w1, w2 = parameters["w1"], parameters["w2"]
    s0 = inputs["s0"]
    target = targets["target"]
    values = forward(parameters, inputs)
    s1, s2, out = values["s1"], values["s2"], values["out"]
    dE_dout = out - target        # eq. 7: power rule
    dE_ds2 = dE_dout*w2           # eq. 9: linear factor
    delta_2 = dE_ds2*s2*(1 - s2)  # eq. 11: logistic slope
    dE_dw1 = delta_2*s1           # eq. 14: linear factor
    dE_dw2 = dE_dout*s2           # eq. 16: linear factor
    dE_ds1 = delta_2*w1           # eq. 18: linear factor
    delta_1 = dE_ds1*s1*(1 - s1)  # eq. 20: logistic slope
    dE_dw0 = delta_1*s0           # eq. 23: linear factor
    return {"w0": dE_dw0, "w1": dE_dw1, "w2": dE_dw2}


def _step_document(parameters, inputs, targets, learning_rate):
    """One parameter after the other, each gradient with the parameters already updated."""
    w0, w1, w2 = parameters["w0"], parameters["w1"], parameters["w2"]
    s0 = inputs["s0"]
    target = targets["target"]
    values = forward(parameters, inputs)
    s1, s2, out = values["s1"], values["s2"], values["out"]
    dE_dout = out - target          # eq. 7: power rule
    dE_dw2 = dE_dout*s2             # eq. 16: linear factor
    w2 = w2 - learning_rate*dE_dw2  # eq. 24
    dE_ds2 = dE_dout*w2             # eq. 9: linear factor
    delta_2 = dE_ds2*s2*(1 - s2)    # eq. 11: logistic slope
    dE_dw1 = delta_2*s1             # eq. 14: linear factor
    w1 = w1 - learning_rate*dE_dw1  # eq. 25
    dE_ds1 = delta_2*w1             # eq. 18: linear factor
    delta_1 = dE_ds1*s1*(1 - s1)    # eq. 20: logistic slope
    dE_dw0 = delta_1*s0             # eq. 23: linear factor
    w0 = w0 - learning_rate*dE_dw0  # eq. 26
    return {"w0": w0, "w1": w1, "w2": w2}


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
    return {"w0": 2.0, "w1": 1.0, "w2": 0.5}


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
    "parameters": {"w0": (), "w1": (), "w2": ()},
    "inputs": {"s0": ()},
    "targets": {"target": ()},
}
ROW = ("iteration", "x1", "s1", "x2", "s2", "out", "E", "w0", "w1", "w2")
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
    w0, w1, w2 = float(parameters["w0"]), float(parameters["w1"]), float(parameters["w2"])
    s0 = float(inputs["s0"])
    target = float(targets["target"])
    learning_rate = float(learning_rate)
    rows = []
    for iteration in block:
        x1 = w0*s0
        s1 = 1.0/(1.0 + exp(-x1))
        x2 = w1*s1
        s2 = 1.0/(1.0 + exp(-x2))
        out = w2*s2
        E = 0.5*(out - target)**2
        dE_dout = out - target
        dE_dw2 = dE_dout*s2
        w2 = w2 - learning_rate*dE_dw2
        dE_ds2 = dE_dout*w2
        delta_2 = dE_ds2*s2*(1.0 - s2)
        dE_dw1 = delta_2*s1
        w1 = w1 - learning_rate*dE_dw1
        dE_ds1 = delta_2*w1
        delta_1 = dE_ds1*s1*(1.0 - s1)
        dE_dw0 = delta_1*s0
        w0 = w0 - learning_rate*dE_dw0
        if iteration in due:
            rows.append((iteration, x1, s1, x2, s2, out, E, w0, w1, w2))
    return {"w0": w0, "w1": w1, "w2": w2}, rows


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
