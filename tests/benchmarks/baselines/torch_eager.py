"""The documents' trainings in PyTorch as it is mostly used: tensors, `backward()`, a step by hand, nothing compiled.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

import torch
from torch import sigmoid
from torch.nn.functional import cross_entropy, relu


def tensors(values, dtype=torch.float64):
    return [torch.tensor(value, dtype=dtype, requires_grad=True) for value in values]


def step(parameters, loss, rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= rate * parameter.grad
            parameter.grad = None


def detached(problem, parameters):
    return {name: parameter.detach() for name, parameter in zip(problem.parameters, parameters, strict=True)}


@torch.no_grad()
def two_node(problem):
    """The gradients are written out: autograd has none of weights that are stepped in turn."""
    w0, w1, w2 = (torch.tensor(value, dtype=torch.float64) for value in problem.parameters.values())
    s0, target, alpha = problem.inputs["s0"], problem.targets["target"], problem.learning_rate
    outs = []
    for _ in range(problem.iterations):
        s1 = sigmoid(w0 * s0)
        s2 = sigmoid(w1 * s1)
        out = w2 * s2
        error = out - target
        w2 = w2 - alpha * error * s2
        delta_2 = error * w2 * s2 * (1 - s2)
        w1 = w1 - alpha * delta_2 * s1
        w0 = w0 - alpha * delta_2 * w1 * s1 * (1 - s1) * s0
        outs.append(out)
    return {"w0": w0, "w1": w1, "w2": w2}, {"out": outs}


def step_by_step(problem):
    weights = list(problem.parameters.values())
    W1, W2 = tensors([[weights[0:2], weights[2:4]], [weights[4:6], weights[6:8]]])
    x, t = (torch.tensor(list(each.values()), dtype=torch.float64) for each in (problem.inputs, problem.targets))
    errors = []
    for _ in range(problem.iterations):
        o = sigmoid(W2 @ sigmoid(W1 @ x + 0.35) + 0.6)
        loss = ((t - o) ** 2).sum() / 2
        step((W1, W2), loss, problem.learning_rate)
        errors.append(loss.detach())
    flat = torch.cat([W1.detach().ravel(), W2.detach().ravel()])
    return dict(zip(problem.parameters, flat, strict=True)), {"E_total": errors}


def hidden_layer(problem):
    Wh, Wo = tensors(problem.parameters.values())
    X, y = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    errors = []
    for iteration in range(problem.iterations):
        error = y - sigmoid(sigmoid(X @ Wh) @ Wo)
        if iteration % problem.record_every == 0:
            errors.append(error.detach().abs().mean())
        step((Wh, Wo), (error**2).sum() / 2, problem.learning_rate)
    return detached(problem, (Wh, Wo)), {"error": errors}


def digits(problem):
    function = {"sigmoid": sigmoid, "relu": relu}[problem.activation]
    dtype = getattr(torch, problem.dtype)
    parameters = W1, b1, W2, b2, W3, b3 = tensors(problem.parameters.values(), dtype)
    rows, targets = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    orders, losses = torch.tensor(problem.orders()), []

    def loss(X, Y):
        return cross_entropy(function(function(X @ W1 + b1) @ W2 + b2) @ W3 + b3, Y)

    for epoch, order in enumerate(orders, 1):
        if epoch in (1, problem.iterations):
            losses.append(loss(rows, targets).detach())
        for batch in order.split(problem.batch_size):
            step(parameters, loss(rows[batch], targets[batch]), problem.learning_rate)
    return detached(problem, parameters), {"E": losses}
