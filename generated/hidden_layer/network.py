"""A hidden layer for the exclusive or

Loss      E = 1/2*sum((y - l2)**2)
Updates   document, simultaneous: every parameter p steps to p - learning_rate*dE/dp, every gradient at the old
          parameters
Rate      eta = 1, 100000 iterations
Source    Tutorial notebook, second half: a hidden layer, full batch

Written by symprop: change the spec, not this file.
"""

from collections import namedtuple
from math import exp

import numpy as np

INPUTS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
TARGETS = np.array([[0], [1], [1], [0]], dtype=float)
SHAPES = {
    "parameters": {"Wh": (3, 4), "Wo": (4, 1)},
    "inputs": {"X": ("m", 3)},
    "targets": {"y": ("m", 1)},
}
LEARNING_RATE = 1.0  # eta
ITERATIONS = 100000
RECORD_EVERY = 10000
BLOCK = 1000  # iterations between two looks at the loss
MOST_SAMPLES = 11  # for more of them NumPy is faster than the loops on floats
UPDATES = ("document", "simultaneous")
ROW = ("iteration", "z1", "l1", "z2", "l2", "E", "error", "Wh", "Wo")
TABLE = ("E", "error")

Result = namedtuple("Result", "parameters history")


def sigmoid(z):
    """1/(1 + exp(-z)); where exp overflows, the limit 0."""
    with np.errstate(over="ignore"):
        return 1/(1 + np.exp(-z))


def initial_parameters(seed=None):
    """Drawn parameter by parameter after one seed; None: the document's seed, 1."""
    legacy = np.random.RandomState(1 if seed is None else seed)
    return {"Wh": legacy.random_sample((3, 4))*np.sqrt(2/3), "Wo": legacy.random_sample((4, 1))*np.sqrt(2/4)}


def forward(parameters, inputs):
    """Every named quantity up to the outputs, by name."""
    Wh, Wo = parameters["Wh"], parameters["Wo"]
    X = inputs
    z1 = X @ Wh       # (m, 4)
    l1 = sigmoid(z1)  # (m, 4)
    z2 = l1 @ Wo      # (m, 1)
    l2 = sigmoid(z2)  # (m, 1)
    return {"z1": z1, "l1": l1, "z2": z2, "l2": l2}


def predict(parameters, inputs):
    """The output l2."""
    return forward(parameters, inputs)["l2"]


def evaluate(parameters, inputs, targets):
    """The values of forward, with the loss and the metrics and the document's own quantities."""
    Wo = parameters["Wo"]
    y = targets
    values = forward(parameters, inputs)
    l1, l2 = values["l1"], values["l2"]
    E = 1/2*np.sum((y - l2)**2)
    error = np.mean(np.abs(y - l2))
    dl2 = -(y - l2)             # (m, 1) power rule
    delta_2 = dl2*l2*(1 - l2)   # (m, 1) logistic slope
    dl1 = delta_2 @ Wo.T        # (m, 4) matrix product
    delta_1 = dl1*l1*(1 - l1)   # (m, 4) logistic slope
    l2_error = y - l2           # (m, 1)
    l2_delta = -delta_2         # (m, 1)
    l1_error = l2_delta @ Wo.T  # (m, 4)
    l1_delta = -delta_1         # (m, 4)
    return {
        **values, "E": E, "error": error, "l2_error": l2_error, "l2_delta": l2_delta, "l1_error": l1_error,
        "l1_delta": l1_delta,
    }


def loss(parameters, inputs, targets):
    """E = 1/2*sum((y - l2)**2)."""
    return evaluate(parameters, inputs, targets)["E"]


def gradients(parameters, inputs, targets):
    """dE/dp for every parameter p, in one sweep backwards."""
    Wo = parameters["Wo"]
    X = inputs
    y = targets
    values = forward(parameters, inputs)
    l1, l2 = values["l1"], values["l2"]
    dl2 = -(y - l2)            # (m, 1) power rule
    delta_2 = dl2*l2*(1 - l2)  # (m, 1) logistic slope
    dl1 = delta_2 @ Wo.T       # (m, 4) matrix product
    delta_1 = dl1*l1*(1 - l1)  # (m, 4) logistic slope
    dWh = X.T @ delta_1        # (3, 4) matrix product
    dWo = l1.T @ delta_2       # (4, 1) matrix product
    return {"Wh": dWh, "Wo": dWo}


def step(parameters, inputs, targets, learning_rate, update="document"):
    """The parameters after one update; the given ones stay as they are. Raises ValueError for an unknown update."""
    _known(update)
    gradient = gradients(parameters, inputs, targets)
    return {name: parameters[name] - learning_rate*gradient[name] for name in gradient}


def _known(update):
    if update not in UPDATES:
        raise ValueError(f"update {update!r} is unknown (known: {', '.join(UPDATES)})")


def train(parameters=None, inputs=None, targets=None, *, learning_rate=LEARNING_RATE, iterations=ITERATIONS,
          update="document", record_every=RECORD_EVERY, callback=None):
    """Repeat step; an argument that is None is the document's. Returns a Result: parameters, history.

    The history has a row for iteration 1, for every record_every-th after it and for the last: the values before the
    update, the parameters after it. callback(row) is called with each row, some time after its iteration.
    Raises ValueError for a wrong name or shape, and FloatingPointError where the loss is no longer finite.
    """
    _known(update)
    if record_every < 1:
        raise ValueError(f"record_every: expected 1 or more, got {record_every}")
    lengths = {}
    parameters = _checked("parameters", initial_parameters() if parameters is None else parameters, lengths)
    inputs = _checked("inputs", {"X": INPUTS if inputs is None else inputs}, lengths)["X"]
    targets = _checked("targets", {"y": TARGETS if targets is None else targets}, lengths)["y"]
    rows, start, size = [], 1, BLOCK
    while start <= iterations:
        block = range(start, min(start + size, iterations + 1))
        due = {*block[(1 - start) % record_every :: record_every], iterations}
        before = len(rows)
        with np.errstate(all="ignore"):  # a loss that is not finite is looked for, not warned about
            new = _run(parameters, inputs, targets, learning_rate, update, block, due, rows)
            finite = np.isfinite(loss(new, inputs, targets))
        if not finite and len(block) > 1:
            del rows[before:]
            size = 1  # once more, one iteration at a time
            continue
        if not finite:
            with np.errstate(all="ignore"):
                losses = {start: loss(parameters, inputs, targets), block.stop: loss(new, inputs, targets)}
            now = min(iteration for iteration, value in losses.items() if not np.isfinite(value))
            hint = f"a learning_rate smaller than {learning_rate} may help"
            raise FloatingPointError(f"iteration {now}: the loss is {losses[now]}, no longer finite; {hint}")
        parameters, start = new, block.stop
        for row in History(rows[before:]) if callback is not None else ():
            callback(row)
    return Result(parameters, History(rows))


class History:
    """The recorded rows: history[-1] is a row, a dict by name; history["E"] is a column, an array."""

    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, key):
        if isinstance(key, str):
            return np.array([row[ROW.index(key)] for row in self.rows])
        return dict(zip(ROW, self.rows[key], strict=True))


def _checked(argument, given, lengths):
    """The given numbers as floats, by name, with the shapes of SHAPES; a letter there is one length throughout."""
    shapes = SHAPES[argument]
    if given.keys() != shapes.keys():
        raise ValueError(f"{argument}: expected {', '.join(shapes)}, got {', '.join(map(str, given))}")
    checked = {name: np.array(given[name], dtype=float)[()] for name in shapes}
    for name, shape in shapes.items():
        actual = checked[name].shape
        if len(actual) == len(shape):
            for want, have in zip(shape, actual, strict=True):
                lengths.setdefault(want, have if isinstance(want, str) else want)
        expected = tuple(lengths.get(want, want) for want in shape)
        if actual != expected:
            raise ValueError(f"{argument} {name}: expected shape {expected}, got {actual}".replace("'", ""))
    return checked


def _run(parameters, inputs, targets, learning_rate, update, block, due, rows):
    """The parameters after one block of iterations; the rows that are due are added."""
    before = len(rows)
    try:
        if len(inputs) <= MOST_SAMPLES:
            return _fast(parameters, inputs, targets, learning_rate, block, due, rows)
    except (ArithmeticError, ValueError):  # on floats Python raises where NumPy answers inf or nan
        del rows[before:]
    for iteration in block:
        values = evaluate(parameters, inputs, targets) if iteration in due else {}
        parameters = step(parameters, inputs, targets, learning_rate, update)
        if iteration in due:
            _record(rows, iteration, {**values, **parameters})
    return parameters


def _record(rows, iteration, values):
    rows.append((iteration, *(values[name] for name in ROW[1:])))


def _fast(parameters, inputs, targets, learning_rate, block, due, rows):
    """The loop on floats, interrupted where a row is due."""
    start = block.start
    for iteration in sorted(due.intersection(block)):
        parameters = _loop(parameters, inputs, targets, learning_rate, iteration - start)
        values = evaluate(parameters, inputs, targets)
        parameters, start = _loop(parameters, inputs, targets, learning_rate, 1), iteration + 1
        _record(rows, iteration, {**values, **parameters})
    return _loop(parameters, inputs, targets, learning_rate, block.stop - start)


def _loop(parameters, inputs, targets, learning_rate, count):
    """forward, gradients and step on single floats, sample by sample: on tiny arrays faster than NumPy."""
    (
        Wh_1_1, Wh_1_2, Wh_1_3, Wh_1_4, Wh_2_1, Wh_2_2, Wh_2_3, Wh_2_4, Wh_3_1,
        Wh_3_2, Wh_3_3, Wh_3_4,
    ) = parameters["Wh"].ravel().tolist()
    (Wo_1_1, Wo_2_1, Wo_3_1, Wo_4_1) = parameters["Wo"].ravel().tolist()
    samples = np.column_stack([inputs, targets]).tolist()
    for _ in range(count):
        (
            dWh_1_1, dWh_1_2, dWh_1_3, dWh_1_4, dWh_2_1, dWh_2_2, dWh_2_3, dWh_2_4, dWh_3_1, dWh_3_2, dWh_3_3, dWh_3_4,
            dWo_1_1, dWo_2_1, dWo_3_1, dWo_4_1,
        ) = [0.0]*16
        for X_1, X_2, X_3, y_1 in samples:
            z1_1 = X_1*Wh_1_1 + X_2*Wh_2_1 + X_3*Wh_3_1
            z1_2 = X_1*Wh_1_2 + X_2*Wh_2_2 + X_3*Wh_3_2
            z1_3 = X_1*Wh_1_3 + X_2*Wh_2_3 + X_3*Wh_3_3
            z1_4 = X_1*Wh_1_4 + X_2*Wh_2_4 + X_3*Wh_3_4
            l1_1 = 1.0/(1.0 + exp(-z1_1))
            l1_2 = 1.0/(1.0 + exp(-z1_2))
            l1_3 = 1.0/(1.0 + exp(-z1_3))
            l1_4 = 1.0/(1.0 + exp(-z1_4))
            z2_1 = l1_1*Wo_1_1 + l1_2*Wo_2_1 + l1_3*Wo_3_1 + l1_4*Wo_4_1
            l2_1 = 1.0/(1.0 + exp(-z2_1))
            dl2_1 = -(y_1 - l2_1)
            delta_2_1 = dl2_1*l2_1*(1.0 - l2_1)
            dl1_1 = delta_2_1*Wo_1_1
            dl1_2 = delta_2_1*Wo_2_1
            dl1_3 = delta_2_1*Wo_3_1
            dl1_4 = delta_2_1*Wo_4_1
            delta_1_1 = dl1_1*l1_1*(1.0 - l1_1)
            delta_1_2 = dl1_2*l1_2*(1.0 - l1_2)
            delta_1_3 = dl1_3*l1_3*(1.0 - l1_3)
            delta_1_4 = dl1_4*l1_4*(1.0 - l1_4)
            dWh_1_1 += X_1*delta_1_1
            dWh_1_2 += X_1*delta_1_2
            dWh_1_3 += X_1*delta_1_3
            dWh_1_4 += X_1*delta_1_4
            dWh_2_1 += X_2*delta_1_1
            dWh_2_2 += X_2*delta_1_2
            dWh_2_3 += X_2*delta_1_3
            dWh_2_4 += X_2*delta_1_4
            dWh_3_1 += X_3*delta_1_1
            dWh_3_2 += X_3*delta_1_2
            dWh_3_3 += X_3*delta_1_3
            dWh_3_4 += X_3*delta_1_4
            dWo_1_1 += l1_1*delta_2_1
            dWo_2_1 += l1_2*delta_2_1
            dWo_3_1 += l1_3*delta_2_1
            dWo_4_1 += l1_4*delta_2_1
        Wh_1_1 = Wh_1_1 - learning_rate*dWh_1_1
        Wh_1_2 = Wh_1_2 - learning_rate*dWh_1_2
        Wh_1_3 = Wh_1_3 - learning_rate*dWh_1_3
        Wh_1_4 = Wh_1_4 - learning_rate*dWh_1_4
        Wh_2_1 = Wh_2_1 - learning_rate*dWh_2_1
        Wh_2_2 = Wh_2_2 - learning_rate*dWh_2_2
        Wh_2_3 = Wh_2_3 - learning_rate*dWh_2_3
        Wh_2_4 = Wh_2_4 - learning_rate*dWh_2_4
        Wh_3_1 = Wh_3_1 - learning_rate*dWh_3_1
        Wh_3_2 = Wh_3_2 - learning_rate*dWh_3_2
        Wh_3_3 = Wh_3_3 - learning_rate*dWh_3_3
        Wh_3_4 = Wh_3_4 - learning_rate*dWh_3_4
        Wo_1_1 = Wo_1_1 - learning_rate*dWo_1_1
        Wo_2_1 = Wo_2_1 - learning_rate*dWo_2_1
        Wo_3_1 = Wo_3_1 - learning_rate*dWo_3_1
        Wo_4_1 = Wo_4_1 - learning_rate*dWo_4_1
    return {
        "Wh": np.array([Wh_1_1, Wh_1_2, Wh_1_3, Wh_1_4, Wh_2_1, Wh_2_2, Wh_2_3, Wh_2_4, Wh_3_1, Wh_3_2, Wh_3_3,
            Wh_3_4]).reshape((3, 4)),
        "Wo": np.array([Wo_1_1, Wo_2_1, Wo_3_1, Wo_4_1]).reshape((4, 1)),
    }


def main():
    """Train as the document does and print its table: values before an iteration's update, parameters after it."""
    parameters, history = train()
    after = {"iteration": "after", **evaluate(parameters, INPUTS, TARGETS), **parameters}
    print(f"{'iteration':>10}", *(f"{name:>24}" for name in TABLE))
    for row in [*history, after]:
        print(f"{row['iteration']:>10}", *(f"{float(row[name])!r:>24}" for name in TABLE))
    for name in ("Wh", "Wo", "l2"):
        print(f"{name} =\n{history[-1][name]}")


if __name__ == "__main__":
    main()
