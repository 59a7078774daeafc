"""T4 in NumPy as somebody who knows NumPy well writes it: one dtype throughout, all memory made once, everything in place.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np


def sigmoid(z, slope):
    """z becomes its sigmoid; slope becomes a*(1 - a)."""
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)
    np.subtract(1, z, out=slope)
    slope *= z


def relu(z, slope):
    """z becomes its positive part; slope becomes 1 where z was positive."""
    np.maximum(z, 0, out=z)
    np.sign(z, out=slope)


def memory(rows, problem):
    def empty(*columns):
        return [np.empty((rows, count), problem.dtype) for count in columns]

    wide = [problem.parameters[f"b{layer}"].size for layer in (1, 2, 3)]
    X, Y = empty(problem.inputs.shape[1], wide[2])
    return SimpleNamespace(X=X, Y=Y, A=empty(*wide), slope=empty(*wide), delta=empty(*wide), tall=empty(1)[0])


def forward(space, X, parameters, function):
    before = X
    for layer in (0, 1, 2):
        net = space.A[layer]
        np.matmul(before, parameters[2 * layer], out=net)
        net += parameters[2 * layer + 1]
        if layer < 2:
            function(net, space.slope[layer])
        before = net
    np.max(before, axis=1, keepdims=True, out=space.tall)
    before -= space.tall
    return before


def loss(problem, parameters, function):
    Z3 = forward(memory(len(problem.inputs), problem), problem.inputs, parameters, function)
    return np.mean(np.log(np.exp(Z3).sum(axis=1)) - np.einsum("ij,ij->i", problem.targets, Z3))


def step(space, gradients, parameters, rate, function):
    """One batch, whose rows lie in the memory."""
    P = forward(space, space.X, parameters, function)
    np.exp(P, out=P)
    np.sum(P, axis=1, keepdims=True, out=space.tall)
    P /= space.tall
    np.subtract(P, space.Y, out=space.delta[2])
    space.delta[2] *= rate / len(P)  # the rate goes into the smallest array
    for layer in (1, 0):
        np.matmul(space.delta[layer + 1], parameters[2 * layer + 2].T, out=space.delta[layer])
        space.delta[layer] *= space.slope[layer]
    for layer, before in enumerate((space.X, space.A[0], space.A[1])):
        np.matmul(before.T, space.delta[layer], out=gradients[2 * layer])
        np.sum(space.delta[layer], axis=0, out=gradients[2 * layer + 1])
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter -= gradient


def digits(problem):
    function = {"sigmoid": sigmoid, "relu": relu}[problem.activation]
    parameters = [value.copy() for value in problem.parameters.values()]
    gradients = [np.empty_like(value) for value in parameters]
    count, size = len(problem.inputs), problem.batch_size
    spaces = {rows: memory(rows, problem) for rows in {size, count % size} - {0}}
    rate, losses = np.dtype(problem.dtype).type(problem.learning_rate), []
    for epoch in range(1, problem.iterations + 1):
        if epoch in (1, problem.iterations):
            losses.append(loss(problem, parameters, function))
        order = problem.order(epoch)
        for first in range(0, count, size):
            batch = order[first : first + size]
            space = spaces[len(batch)]
            problem.inputs.take(batch, axis=0, out=space.X, mode="clip")
            problem.targets.take(batch, axis=0, out=space.Y, mode="clip")
            step(space, gradients, parameters, rate, function)
    return dict(zip(problem.parameters, parameters, strict=True)), {"E": losses}
