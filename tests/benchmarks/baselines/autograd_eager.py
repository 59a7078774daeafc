"""The documents' losses in NumPy's words, differentiated by autograd in every iteration.

Input: a `Problem`. Output: its parameters after training, and the history by name. There is no `two_node`: the loss's
gradient is not what its weights, stepped in turn, are stepped with.
"""

from __future__ import annotations

import autograd.numpy as np
from autograd import value_and_grad


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def stepped(parameters, gradients, rate):
    return [old - rate * gradient for old, gradient in zip(parameters, gradients, strict=True)]


def step_by_step(problem):
    weights = np.array(list(problem.parameters.values()))
    x, t = np.array(list(problem.inputs.values())), np.array(list(problem.targets.values()))

    def loss(parameters):
        W1, W2 = parameters
        return np.sum((t - sigmoid(W2 @ sigmoid(W1 @ x + 0.35) + 0.6)) ** 2) / 2

    both, parameters, errors = value_and_grad(loss), [weights[:4].reshape(2, 2), weights[4:].reshape(2, 2)], []
    for _ in range(problem.iterations):
        error, gradients = both(parameters)
        errors.append(error)
        parameters = stepped(parameters, gradients, problem.learning_rate)
    return dict(zip(problem.parameters, np.concatenate([W.ravel() for W in parameters]), strict=True)), {"E_total": errors}


def hidden_layer(problem):
    def output(parameters):
        Wh, Wo = parameters
        return sigmoid(sigmoid(problem.inputs @ Wh) @ Wo)

    def loss(parameters):
        return np.sum((problem.targets - output(parameters)) ** 2) / 2

    both, parameters, errors = value_and_grad(loss), list(problem.parameters.values()), []
    for iteration in range(problem.iterations):
        if iteration % problem.record_every == 0:
            errors.append(np.mean(np.abs(problem.targets - output(parameters))))
        parameters = stepped(parameters, both(parameters)[1], problem.learning_rate)
    return dict(zip(problem.parameters, parameters, strict=True)), {"error": errors}


def digits(problem):
    function = {"sigmoid": sigmoid, "relu": lambda z: np.maximum(z, 0)}[problem.activation]

    def loss(parameters, X, Y):
        W1, b1, W2, b2, W3, b3 = parameters
        Z3 = function(function(X @ W1 + b1) @ W2 + b2) @ W3 + b3
        Z3 = Z3 - np.max(Z3, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(Z3), axis=1)) - np.sum(Y * Z3, axis=1))

    both, parameters, losses = value_and_grad(loss), list(problem.parameters.values()), []
    rate = np.dtype(problem.dtype).type(problem.learning_rate)
    for epoch in range(1, problem.iterations + 1):
        if epoch in (1, problem.iterations):
            losses.append(loss(parameters, problem.inputs, problem.targets))
        order = problem.order(epoch)
        for first in range(0, len(order), problem.batch_size):
            batch = order[first : first + problem.batch_size]
            parameters = stepped(parameters, both(parameters, problem.inputs[batch], problem.targets[batch])[1], rate)
    return dict(zip(problem.parameters, parameters, strict=True)), {"E": losses}
