"""The documents' trainings by hand in JAX: gradients written out, one `jit` around the whole loop.

Input: a `Problem`. Output: its parameters after training, and the history by name, all computed when it returns.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.nn import sigmoid

jax.config.update("jax_enable_x64", True)


@partial(jax.jit, static_argnames="iterations")
def two_node_loop(weights, s0, target, alpha, iterations):
    def step(weights, _):
        w0, w1, w2 = weights
        x1 = w0 * s0
        s1 = sigmoid(x1)
        x2 = w1 * s1
        s2 = sigmoid(x2)
        out = w2 * s2
        error = out - target
        w2 = w2 - alpha * error * s2
        delta_2 = error * w2 * s2 * (1 - s2)
        w1 = w1 - alpha * delta_2 * s1
        w0 = w0 - alpha * delta_2 * w1 * s1 * (1 - s1) * s0
        return (w0, w1, w2), (x1, s1, x2, s2, out, error**2 / 2, w0, w1, w2)

    return lax.scan(step, weights, length=iterations)


def two_node(problem):
    weights = tuple(map(float, problem.parameters.values()))
    arguments = problem.inputs["s0"], problem.targets["target"], problem.learning_rate
    weights, rows = jax.block_until_ready(two_node_loop(weights, *arguments, problem.iterations))
    return dict(zip(problem.parameters, weights, strict=True)), {"out": rows[4]}


@partial(jax.jit, static_argnames="iterations")
def step_by_step_loop(weights, i1, i2, t1, t2, eta, iterations):
    """The loop keeps the weights alone, as one array; the rows are computed from them afterwards, all at once."""

    def forward(weights):
        w1, w2, w3, w4, w5, w6, w7, w8 = weights
        net_h1, net_h2 = w1 * i1 + w2 * i2 + 0.35, w3 * i1 + w4 * i2 + 0.35
        h1, h2 = sigmoid(net_h1), sigmoid(net_h2)
        net_o1, net_o2 = w5 * h1 + w6 * h2 + 0.6, w7 * h1 + w8 * h2 + 0.6
        o1, o2 = sigmoid(net_o1), sigmoid(net_o2)
        e1, e2 = (t1 - o1) ** 2 / 2, (t2 - o2) ** 2 / 2
        return net_h1, h1, net_h2, h2, net_o1, o1, net_o2, o2, e1, e2, e1 + e2

    def step(weights, _):
        _, h1, _, h2, _, o1, _, o2, *_ = forward(weights)
        delta_o1, delta_o2 = (o1 - t1) * o1 * (1 - o1), (o2 - t2) * o2 * (1 - o2)
        delta_h1 = (delta_o1 * weights[4] + delta_o2 * weights[6]) * h1 * (1 - h1)
        delta_h2 = (delta_o1 * weights[5] + delta_o2 * weights[7]) * h2 * (1 - h2)
        hidden = (delta_h1 * i1, delta_h1 * i2, delta_h2 * i1, delta_h2 * i2)
        out = (delta_o1 * h1, delta_o1 * h2, delta_o2 * h1, delta_o2 * h2)
        new = weights - eta * jnp.stack([*hidden, *out])
        return new, weights

    last, states = lax.scan(step, weights, length=iterations)
    return last, (*forward(states.T), jnp.concatenate([states[1:], last[None]]))


def step_by_step(problem):
    weights = np.array(list(problem.parameters.values()))
    arguments = *problem.inputs.values(), *problem.targets.values(), problem.learning_rate
    weights, rows = jax.block_until_ready(step_by_step_loop(weights, *arguments, problem.iterations))
    return dict(zip(problem.parameters, weights, strict=True)), {"E_total": rows[10]}


@partial(jax.jit, static_argnames=("iterations", "record_every"))
def hidden_layer_loop(Wh, Wo, X, y, eta, iterations, record_every):
    def forward(Wh, Wo):
        l1 = sigmoid(X @ Wh)
        return l1, sigmoid(l1 @ Wo)

    def step(_, weights):
        Wh, Wo = weights
        l1, l2 = forward(Wh, Wo)
        delta_2 = (y - l2) * l2 * (1 - l2)
        delta_1 = delta_2 @ Wo.T * l1 * (1 - l1)
        return Wh + eta * X.T @ delta_1, Wo + eta * l1.T @ delta_2

    def recorded(weights, _):
        error = jnp.mean(jnp.abs(y - forward(*weights)[1]))
        return lax.fori_loop(0, record_every, step, weights), error

    weights, errors = lax.scan(recorded, (Wh, Wo), length=iterations // record_every)
    return lax.fori_loop(0, iterations % record_every, step, weights), errors


def hidden_layer(problem):
    arguments = problem.parameters["Wh"], problem.parameters["Wo"], problem.inputs, problem.targets, problem.learning_rate
    done = hidden_layer_loop(*arguments, problem.iterations, problem.record_every)
    (Wh, Wo), errors = jax.block_until_ready(done)
    return {"Wh": Wh, "Wo": Wo}, {"error": errors}


@partial(jax.jit, static_argnames=("batch_size", "activation"))
def digits_loop(parameters, rows, targets, orders, rate, batch_size, activation):
    function, slope = {
        "sigmoid": (sigmoid, lambda a: a * (1 - a)),
        "relu": (lambda z: jnp.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
    }[activation]

    def forward(parameters, X):
        W1, b1, W2, b2, W3, b3 = parameters
        A1 = function(X @ W1 + b1)
        A2 = function(A1 @ W2 + b2)
        return A1, A2, A2 @ W3 + b3

    def step(parameters, batch):
        X, Y = rows[batch], targets[batch]
        A1, A2, Z3 = forward(parameters, X)
        delta_3 = (jax.nn.softmax(Z3) - Y) / len(batch)
        delta_2 = delta_3 @ parameters[4].T * slope(A2)
        delta_1 = delta_2 @ parameters[2].T * slope(A1)
        layers = ((X, delta_1), (A1, delta_2), (A2, delta_3))
        gradient = [each for A, delta in layers for each in (A.T @ delta, delta.sum(axis=0))]
        return [old - rate * new for old, new in zip(parameters, gradient, strict=True)]

    def epoch(parameters, order):
        whole = len(order) // batch_size
        batches = order[: whole * batch_size].reshape(whole, batch_size)
        parameters, _ = lax.scan(lambda old, batch: (step(old, batch), None), parameters, batches)
        return step(parameters, order[whole * batch_size :]) if len(order) % batch_size else parameters, None

    def loss(parameters):
        Z3 = forward(parameters, rows)[-1]
        return jnp.mean(jax.nn.logsumexp(Z3, axis=1) - jnp.sum(targets * Z3, axis=1))

    first = loss(parameters)
    parameters, _ = lax.scan(epoch, parameters, orders[:-1])
    last = loss(parameters)
    return epoch(parameters, orders[-1])[0], jnp.stack([first, last])


def digits(problem):
    arguments = list(problem.parameters.values()), problem.inputs, problem.targets, problem.orders()
    rate = np.dtype(problem.dtype).type(problem.learning_rate)
    parameters, losses = jax.block_until_ready(digits_loop(*arguments, rate, problem.batch_size, problem.activation))
    return dict(zip(problem.parameters, parameters, strict=True)), {"E": losses}
