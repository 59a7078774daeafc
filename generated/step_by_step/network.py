"""A 2-2-2 network, step by step

Loss      E_o1 = 1/2*(target_o1 - out_o1)**2
          E_o2 = 1/2*(target_o2 - out_o2)**2
          E_total = E_o1 + E_o2
Updates   document, simultaneous: every parameter p steps to p - learning_rate*dE/dp, every gradient at the old
          parameters. All eight gradients at the original weights, as the text says.
          already_updated: in place, in the order w5, w6, w7, w8, w1, w2, w3, w4, each gradient with the parameters
          already updated. The hidden weights' gradients use w5 to w8 as already updated.
Rate      eta = 0.5, 10000 iterations
Numbers   eq. 5 beside a line is equation (5) of the worksheet
Source    Tutorial: backpropagation with concrete numbers, step by step

Written by symprop: change the spec, not this file.
"""

from collections import namedtuple
from collections.abc import Sequence
from math import exp

import numpy as np

INPUTS = {"i1": 0.05, "i2": 0.1}
TARGETS = {"target_o1": 0.01, "target_o2": 0.99}
CONSTANTS = {"b1": 0.35, "b2": 0.6}
LEARNING_RATE = 0.5  # eta
ITERATIONS = 10000
RECORD_EVERY = 1


def sigmoid(z):
    """1/(1 + exp(-z)); where exp overflows, the limit 0."""
    with np.errstate(over="ignore"):
        return 1/(1 + np.exp(-z))


def forward(parameters, inputs):
    """Every named quantity up to the outputs, by name."""
    w1, w2, w3, w4, w5, w6, w7, w8 = (parameters[name] for name in ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"))
    i1, i2 = inputs["i1"], inputs["i2"]
    b1, b2 = CONSTANTS["b1"], CONSTANTS["b2"]
    net_h1 = w1*i1 + w2*i2 + b1          # eq. 1
    out_h1 = sigmoid(net_h1)             # eq. 2
    net_h2 = w3*i1 + w4*i2 + b1          # eq. 3
    out_h2 = sigmoid(net_h2)             # eq. 4
    net_o1 = w5*out_h1 + w6*out_h2 + b2  # eq. 5
    out_o1 = sigmoid(net_o1)             # eq. 6
    net_o2 = w7*out_h1 + w8*out_h2 + b2  # eq. 7
    out_o2 = sigmoid(net_o2)             # eq. 8
    return {
        "net_h1": net_h1, "out_h1": out_h1, "net_h2": net_h2, "out_h2": out_h2, "net_o1": net_o1, "out_o1": out_o1,
        "net_o2": net_o2, "out_o2": out_o2,
    }


def predict(parameters, inputs):
    """The outputs, by name."""
    values = forward(parameters, inputs)
    return {"out_o1": values["out_o1"], "out_o2": values["out_o2"]}


def evaluate(parameters, inputs, targets):
    """The values of forward, with the loss and any metrics."""
    target_o1, target_o2 = targets["target_o1"], targets["target_o2"]
    values = forward(parameters, inputs)
    out_o1, out_o2 = values["out_o1"], values["out_o2"]
    E_o1 = 1/2*(target_o1 - out_o1)**2  # eq. 9
    E_o2 = 1/2*(target_o2 - out_o2)**2  # eq. 10
    E_total = E_o1 + E_o2               # eq. 11
    return {**values, "E_o1": E_o1, "E_o2": E_o2, "E_total": E_total}


def loss(parameters, inputs, targets):
    """E_total = E_o1 + E_o2."""
    return evaluate(parameters, inputs, targets)["E_total"]


def gradients(parameters, inputs, targets):
    """dE_total/dp for every parameter p, in one sweep backwards."""
    w5, w6, w7, w8 = parameters["w5"], parameters["w6"], parameters["w7"], parameters["w8"]
    i1, i2 = inputs["i1"], inputs["i2"]
    target_o1, target_o2 = targets["target_o1"], targets["target_o2"]
    values = forward(parameters, inputs)
    out_h1, out_h2, out_o1, out_o2 = values["out_h1"], values["out_h2"], values["out_o1"], values["out_o2"]
    dE_dout_o1 = -(target_o1 - out_o1)         # eq. 12: power rule
    delta_o1 = dE_dout_o1*out_o1*(1 - out_o1)  # eq. 14: logistic slope
    dE_dout_o2 = -(target_o2 - out_o2)         # eq. 15: power rule
    delta_o2 = dE_dout_o2*out_o2*(1 - out_o2)  # eq. 17: logistic slope
    dE_dw5 = delta_o1*out_h1                   # eq. 20: linear factor
    dE_dw6 = delta_o1*out_h2                   # eq. 23: linear factor
    dE_dw7 = delta_o2*out_h1                   # eq. 26: linear factor
    dE_dw8 = delta_o2*out_h2                   # eq. 29: linear factor
    dE_dout_h1 = delta_o1*w5 + delta_o2*w7     # eq. 34: sum over net_o1, net_o2
    delta_h1 = dE_dout_h1*out_h1*(1 - out_h1)  # eq. 36: logistic slope
    dE_dout_h2 = delta_o1*w6 + delta_o2*w8     # eq. 41: sum over net_o1, net_o2
    delta_h2 = dE_dout_h2*out_h2*(1 - out_h2)  # eq. 43: logistic slope
    dE_dw1 = delta_h1*i1                       # eq. 46: linear factor
    dE_dw2 = delta_h1*i2                       # eq. 49: linear factor
    dE_dw3 = delta_h2*i1                       # eq. 52: linear factor
    dE_dw4 = delta_h2*i2                       # eq. 55: linear factor
    return {
        "w1": dE_dw1, "w2": dE_dw2, "w3": dE_dw3, "w4": dE_dw4, "w5": dE_dw5, "w6": dE_dw6, "w7": dE_dw7, "w8": dE_dw8,
    }


def _step_simultaneous(parameters, inputs, targets, learning_rate):
    """All at once, every gradient at the old parameters."""
    gradient = gradients(parameters, inputs, targets)
    return {name: parameters[name] - learning_rate*gradient[name] for name in gradient}


def _step_already_updated(parameters, inputs, targets, learning_rate):
    """One parameter after the other, each gradient with the parameters already updated."""
    w1, w2, w3, w4, w5, w6, w7, w8 = (parameters[name] for name in ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"))
    i1, i2 = inputs["i1"], inputs["i2"]
    target_o1, target_o2 = targets["target_o1"], targets["target_o2"]
    values = forward(parameters, inputs)
    out_h1, out_h2, out_o1, out_o2 = values["out_h1"], values["out_h2"], values["out_o1"], values["out_o2"]
    dE_dout_o1 = -(target_o1 - out_o1)         # eq. 12: power rule
    delta_o1 = dE_dout_o1*out_o1*(1 - out_o1)  # eq. 14: logistic slope
    dE_dw5 = delta_o1*out_h1                   # eq. 20: linear factor
    w5 = w5 - learning_rate*dE_dw5
    dE_dw6 = delta_o1*out_h2                   # eq. 23: linear factor
    w6 = w6 - learning_rate*dE_dw6
    dE_dout_o2 = -(target_o2 - out_o2)         # eq. 15: power rule
    delta_o2 = dE_dout_o2*out_o2*(1 - out_o2)  # eq. 17: logistic slope
    dE_dw7 = delta_o2*out_h1                   # eq. 26: linear factor
    w7 = w7 - learning_rate*dE_dw7
    dE_dw8 = delta_o2*out_h2                   # eq. 29: linear factor
    w8 = w8 - learning_rate*dE_dw8
    dE_dout_h1 = delta_o1*w5 + delta_o2*w7     # eq. 34: sum over net_o1, net_o2
    delta_h1 = dE_dout_h1*out_h1*(1 - out_h1)  # eq. 36: logistic slope
    dE_dw1 = delta_h1*i1                       # eq. 46: linear factor
    w1 = w1 - learning_rate*dE_dw1
    dE_dw2 = delta_h1*i2                       # eq. 49: linear factor
    w2 = w2 - learning_rate*dE_dw2
    dE_dout_h2 = delta_o1*w6 + delta_o2*w8     # eq. 41: sum over net_o1, net_o2
    delta_h2 = dE_dout_h2*out_h2*(1 - out_h2)  # eq. 43: logistic slope
    dE_dw3 = delta_h2*i1                       # eq. 52: linear factor
    w3 = w3 - learning_rate*dE_dw3
    dE_dw4 = delta_h2*i2                       # eq. 55: linear factor
    w4 = w4 - learning_rate*dE_dw4
    return {"w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5, "w6": w6, "w7": w7, "w8": w8}


UPDATES = {"document": _step_simultaneous, "simultaneous": _step_simultaneous, "already_updated": _step_already_updated}


def step(parameters, inputs, targets, learning_rate, update="document"):
    """The parameters after one update; the given ones stay as they are. Raises ValueError for an unknown update."""
    if update not in UPDATES:
        raise ValueError(f"update {update!r} is unknown (known: {', '.join(UPDATES)})")
    return UPDATES[update](parameters, inputs, targets, learning_rate)


def initial_parameters(seed=None):
    """The document's initial values; they are given, so the seed is not used."""
    return {"w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55}


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
    "parameters": {"w1": (), "w2": (), "w3": (), "w4": (), "w5": (), "w6": (), "w7": (), "w8": ()},
    "inputs": {"i1": (), "i2": ()},
    "targets": {"target_o1": (), "target_o2": ()},
}
ROW = (
    "iteration", "net_h1", "out_h1", "net_h2", "out_h2", "net_o1", "out_o1", "net_o2", "out_o2", "E_o1", "E_o2",
    "E_total", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8",
)
BLOCK = 1000  # iterations between two looks at the loss
Result = namedtuple("Result", "parameters history")


class History(Sequence):
    """The recorded rows: history[-1] is a row, a dict by name; history["E_total"] is a column, an array."""

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
    if UPDATES.get(update) is _step_simultaneous:
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
    w1, w2, w3, w4, w5, w6, w7, w8 = (
        float(parameters[name]) for name in ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8")
    )
    i1, i2 = float(inputs["i1"]), float(inputs["i2"])
    target_o1, target_o2 = float(targets["target_o1"]), float(targets["target_o2"])
    b1, b2 = CONSTANTS["b1"], CONSTANTS["b2"]
    learning_rate = float(learning_rate)
    rows = []
    for iteration in block:
        net_h1 = w1*i1 + w2*i2 + b1
        out_h1 = 1.0/(1.0 + exp(-net_h1))
        net_h2 = w3*i1 + w4*i2 + b1
        out_h2 = 1.0/(1.0 + exp(-net_h2))
        net_o1 = w5*out_h1 + w6*out_h2 + b2
        out_o1 = 1.0/(1.0 + exp(-net_o1))
        net_o2 = w7*out_h1 + w8*out_h2 + b2
        out_o2 = 1.0/(1.0 + exp(-net_o2))
        E_o1 = 0.5*(target_o1 - out_o1)**2
        E_o2 = 0.5*(target_o2 - out_o2)**2
        E_total = E_o1 + E_o2
        dE_dout_o1 = -(target_o1 - out_o1)
        delta_o1 = dE_dout_o1*out_o1*(1.0 - out_o1)
        dE_dout_o2 = -(target_o2 - out_o2)
        delta_o2 = dE_dout_o2*out_o2*(1.0 - out_o2)
        dE_dw5 = delta_o1*out_h1
        dE_dw6 = delta_o1*out_h2
        dE_dw7 = delta_o2*out_h1
        dE_dw8 = delta_o2*out_h2
        dE_dout_h1 = delta_o1*w5 + delta_o2*w7
        delta_h1 = dE_dout_h1*out_h1*(1.0 - out_h1)
        dE_dout_h2 = delta_o1*w6 + delta_o2*w8
        delta_h2 = dE_dout_h2*out_h2*(1.0 - out_h2)
        dE_dw1 = delta_h1*i1
        dE_dw2 = delta_h1*i2
        dE_dw3 = delta_h2*i1
        dE_dw4 = delta_h2*i2
        w1 = w1 - learning_rate*dE_dw1
        w2 = w2 - learning_rate*dE_dw2
        w3 = w3 - learning_rate*dE_dw3
        w4 = w4 - learning_rate*dE_dw4
        w5 = w5 - learning_rate*dE_dw5
        w6 = w6 - learning_rate*dE_dw6
        w7 = w7 - learning_rate*dE_dw7
        w8 = w8 - learning_rate*dE_dw8
        if iteration in due:
            rows.append((
                iteration, net_h1, out_h1, net_h2, out_h2, net_o1, out_o1, net_o2, out_o2, E_o1, E_o2, E_total, w1, w2,
                w3, w4, w5, w6, w7, w8,
            ))
    return {"w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5, "w6": w6, "w7": w7, "w8": w8}, rows


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
