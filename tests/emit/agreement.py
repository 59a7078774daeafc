"""Networks of every kind that modules are emitted for, and what the modules of two targets must agree in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from symprop.artefacts.modules import load_module
from symprop.derive import derive
from symprop.emit import modules
from symprop.functions import ACTIVATIONS
from symprop.graph import Network
from symprop.spec import bundled, load, network
from symprop.spec.losses import LOSSES
from symprop.spec.options import OPTIMIZERS

Numbers = Mapping[str, Any]
X = [[0.1, 0.9, -0.7], [0.4, -0.3, 1.2], [1.5, 0.2, 0.6], [-0.8, 0.5, 0.3]]
ROWS = [[0.2, 0.8], [0.7, 0.3], [0.5, 0.5], [0.1, 0.9]]  # rows that sum to 1, as softmax's cross-entropy takes for granted
LAST = [  # activations with a loss: its own and, where the loss holds it, none; with the others sigmoid
    (last, row.name) for row in LOSSES.values() for last in ((row.activation, "identity") if row.activation else ("sigmoid",))
]

HOSTILE = ("parameters", "values", "l", "O", "torch", "jnp", "new", "like")


def layered(activation: str, last: str, loss: str, style: str, l2: float = 0.0, dtype: str = "float64") -> Network:
    """Three inputs, three hidden units, two outputs; a batch of four in matrices, one sample in symbols."""
    matrices = style == "matrix"
    draws = {f"w{k}": round(0.9 - 0.37 * (k * k % 7) + 0.05 * k, 3) for k in range(1, 16)}
    rng = np.random.default_rng(5)
    arrays = {
        "W1": rng.normal(size=(3, 3)).round(3).tolist(), "b1": [0.1, -0.2, 0.3],
        "W2": rng.normal(size=(3, 2)).round(3).tolist(), "b2": [0.05, -0.1],
    }  # fmt: skip
    return network(
        id=f"{style}_{activation}_{last}_{loss}" + ("" if dtype == "float64" else f"_{dtype}"),
        inputs={"X": X} if matrices else dict(zip(("i1", "i2", "i3"), X[0], strict=True)),
        targets={"Y": ROWS} if matrices else dict(zip(("t1", "t2"), ROWS[0], strict=True)),
        parameters=arrays if matrices else {**draws, "b1": 0.15, "b2": -0.25},
        network={"style": "matrix" if matrices else "scalar", "loss": loss, **({"l2": l2} if l2 else {})},
        layers=[
            {"size": size, "activation": each, "bias": "unit" if matrices else "layer", "weights": f"W{k}" if matrices else "w{k}"}
            for k, (size, each) in enumerate(((3, activation), (2, last)), 1)
        ],
        training={"learning_rate": 0.1, "iterations": 12, "dtype": dtype},
    )


def small(**spec: Any) -> Network:
    """A network of written equations."""
    return network(**{"targets": {"t": 0.3}, "training": {"learning_rate": 0.05, "iterations": 8}, **spec})


def equations() -> dict[str, Network]:
    """Batches of scalars, skip connections, arrays without samples or as constants, numbers alone, names in a module's way."""
    return {
        "batch": small(
            id="batch",
            inputs={"x1": [1, 2, 0.5], "x2": [0, -1, 1]},
            targets={"t": [0, 1, 0]},
            parameters={"w1": 0.5, "w2": -0.3, "b": 0.1},
            constants={"c": 0.25},
            equations={"z": "w1*x1 + w2*x2 + b", "o": "sigmoid(z) + c*w1", "E": "mean((o - t)**2)"},
            metrics={"worst": "mean(abs(o - t))"},
            updates=[{"name": "document", "order": ["b", "w2", "w1"], "sequential": True}],
        ),
        "skip": small(
            id="skip",
            inputs={"x": 0.5, "y": -1},
            parameters={"w": 0.7, "v": -0.4},
            equations={"a": "tanh(w*x)", "b": "tanh(w*a + v*y)", "c": "softplus(w*b + v*a) + x*a", "E": "log(1 + (c - t)**2)/w**2"},
            updates=[{"name": "document", "order": ["v", "w"], "sequential": True}],
        ),
        "arrays": small(
            id="arrays",
            inputs={"X": X},
            targets={"Y": ROWS},
            parameters={"W": [[0.3, -0.2], [0.5, 0.4], [-0.6, 0.1]], "s": 0.5},
            constants={"C": [[0.5, -0.5]], "k": 2},
            equations={"Z": "X @ W + C", "A": "s*tanh(Z)/k", "E": "1/2*sum((A - Y)**2) + exp(-s)"},
        ),
        "no_samples": small(
            id="no_samples",
            targets={},
            parameters={"A": [[0.1], [0.3]]},
            equations={"E": "sum((A @ A.T - 1)**2)"},
        ),
        "numbers": small(
            id="numbers",
            inputs={"x": [0.5, 1.5]},
            targets={"t": [0.2, 0.1]},
            parameters={"w": 0.7, "b": 0.2},
            equations={
                "q": "gelu(1/2) + sqrt(2)",
                "o": "maximum(minimum(w*x + b, 1), exp(-1))*q",
                "E": "sum((o - t)**2)/sqrt(m) + sum(o) + b",
            },
        ),
        "hyperbolic": small(
            id="hyperbolic",
            inputs={"x": 0.3},
            parameters={"w": 0.4, "v": -0.5, "u": 1.2},
            equations={
                "h": "sech(w*x) + sinh(1/2)",
                "k": "sinh(v*h) + coth(u)*csch(h)*sign(v)",
                "y": "v*h + cosh(k/4)",
                "E": "abs(y - t)",
            },
        ),
        "hostile": small(
            id="hostile",
            inputs={"count": 0.5, "inputs": -0.4, "lax": 0.3},
            targets={"targets": 0.2},
            parameters={name: 0.1 * k for k, name in enumerate(HOSTILE, 1)},
            constants={"name": 0.5},
            equations={
                "forward": "parameters*count + values*inputs + l*lax",
                "gradients": "tanh(forward)",
                "positive": "O*gradients + torch*forward + name",
                "partial": "positive*jnp + new*l",
                "checked": "tanh(partial*like)",
                "loss": "1/2*(checked - targets)**2",
            },
            training={"rate": "sys", "learning_rate": 0.1, "iterations": 3},
            updates=[{"name": "document", "order": ["new", "l", "values"], "sequential": True}],
        ),
    }


def zoo() -> dict[str, Network]:
    """Every activation and every loss, in matrices and in symbols, and written equations."""
    made = [layered(each, "identity", "half_sum_of_squares", style) for each in ACTIVATIONS for style in ("matrix", "scalar")]
    made += [layered("tanh", *pair, style, l2=0.01) for pair in LAST for style in ("matrix", "scalar")]
    return {each.id: each for each in made} | equations()


CONSTANTS: Mapping[str, Any] = {"momentum": {"options": {"momentum": 0.8}}}  # an optimiser's, otherwise than usual
KEEPING = [name for name, row in OPTIMIZERS.items() if not row.plain]
WAYS: tuple[dict[str, Any], ...] = (  # of training otherwise than with whole batches of doubles by gradient descent
    *({"optimizer": name, **CONSTANTS.get(name, {})} for name in KEEPING),
    {"dtype": "float32"},
    {"dtype": "float32", "optimizer": "adam"},
    {"batch_size": 3, "seed": 4},
    *({"batch_size": 3, "optimizer": name} for name in KEEPING),
    {"batch_size": 3, "dtype": "float32", "optimizer": "momentum"},
)


def ways(way: Mapping[str, Any]) -> dict[str, Network]:
    """A classifier in matrices; for whole batches also a chain in symbols, and both again with a rule of their own."""
    rng = np.random.default_rng(2)
    word = "_".join(str(value) for key, value in way.items() if key != "options")
    training = {"learning_rate": 0.05, "iterations": 6, **way}
    classes = network(
        id=f"classes_{word}",
        inputs={"X": rng.normal(size=(8, 3)).round(2).tolist()},
        targets={"Y": np.eye(2)[rng.integers(0, 2, 8)].tolist()},
        parameters={
            "W1": {"shape": [3, 4], "draw": "glorot_uniform"}, "b1": [0.1, 0.2, -0.1, 0.3],
            "W2": {"shape": [4, 2], "draw": "he_normal"}, "b2": [0.05, -0.1],
        },
        network={"style": "matrix", "loss": "softmax_cross_entropy"},
        layers=[{"size": 4, "activation": "relu", "bias": "unit"}, {"size": 2, "activation": "identity", "bias": "unit"}],
        training=training,
        updates=[{"name": "crossed", "order": ["b2", "W2", "W1", "b1"], "gradient_of": {"b1": "b1"}}],
    )  # fmt: skip
    if "batch_size" in way:
        return {classes.id: classes}
    chain = small(
        id=f"chain_{word}",
        inputs={"x": 0.5},
        parameters={"w": 0.7, "v": -0.4},
        equations={"a": "tanh(w*x)", "o": "sigmoid(v*a)", "E": "1/2*(o - t)**2"},
        training=training,
        updates=[{"name": "document", "order": ["v", "w"], "sequential": True}],
    )
    return {each.id: each for each in (classes, chain)}


class Modules:
    """Emitted modules by target and network, each in a folder of its own and loaded once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, dict[tuple[str, str], ModuleType]()

    def of(self, net: Network, target: str) -> ModuleType:
        key = (net.id, target)
        if key not in self.made:
            self.made[key] = load_module(self.path(net, target))
        return self.made[key]

    def path(self, net: Network, target: str) -> Path:
        """The module's file, written with those beside it."""
        folder = self.folder / f"{net.id.replace('-', '_')}_{target}"
        folder.mkdir(exist_ok=True)
        texts = modules(derive(net), target=target)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder / next(iter(texts))


def close(found: Numbers, expected: Numbers, rtol: float = 1e-12, atol: float = 1e-14) -> None:
    """The same names, and numbers within rounding."""
    assert list(found) == list(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(np.asarray(found[name]), value, rtol=rtol, atol=atol, err_msg=name)


def same_rows(found: Any, expected: Any, **tolerance: float) -> None:
    """Two results of training: the same parameters, row by row the same histories."""
    close(found.parameters, expected.parameters, **tolerance)
    assert len(found.history) == len(expected.history)
    for row, wanted in zip(found.history, expected.history, strict=True):
        close(row, wanted, **tolerance)


def same_columns(found: Any, expected: Any, names: Iterable[str]) -> None:
    """The same parameters, column by column the same histories."""
    close(found.parameters, expected.parameters)
    for name in names:
        np.testing.assert_allclose(found.history[name], expected.history[name], rtol=1e-12, atol=1e-14, err_msg=name)


FAR = np.array([-1e4, -700, -300, -40, -5, -0.3, -1e-8, 0, 1e-8, 0.3, 5, 40, 300, 700, 1e4])


def far_out(made: ModuleType, plain: ModuleType, target: str, dtype: str) -> None:
    """Losses and gradients of a layered network whose logits are those of FAR, where both its layers are the identity."""
    eye = {"W1": np.eye(3), "b1": np.zeros(3), "W2": np.eye(3, 2), "b2": np.zeros(2)}
    given = eye, np.stack([FAR, -FAR, FAR[::-1]], axis=1), np.tile([[0.0, 1.0], [1.0, 0.0], [0.25, 0.75]], (5, 1))
    arguments = [_own(made, target, dtype, each) for each in given]
    found, value = made.gradients(*arguments), made.loss(*arguments)
    assert target == "python" or str(value.dtype)[-7:] == dtype
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    np.testing.assert_allclose(float(value), plain.loss(*given), rtol=tolerance)
    for name, expected in plain.gradients(*given).items():
        scale = float(np.max(np.abs(expected)))
        np.testing.assert_allclose(np.asarray(found[name]), expected, rtol=tolerance, atol=tolerance * scale)


def _own(made: ModuleType, target: str, dtype: str, values: Any) -> Any:
    """The values as the target's own arrays; compiled targets and Python take NumPy's."""
    if isinstance(values, dict):
        return {name: _own(made, target, dtype, value) for name, value in values.items()}
    if target == "jax":
        return made.jnp.asarray(values, dtype)
    return made.torch.as_tensor(values, dtype=getattr(made.torch, dtype)) if target == "torch" else values


DOCUMENTS = [  # network, iterations, rows to compare
    ("two_node", 1000, 100),
    ("four_three_two", 1, 1),
    ("step_by_step", 10_000, 1000),
    ("single_layer", 10_000, 1000),
    ("hidden_layer", 20_000, 5000),
    ("xor_class", 1500, 300),
]
TRAINED_OTHERWISE = {name: net for way in WAYS for name, net in ways(way).items()}
NAMES = [*bundled(), *zoo()]
LAYERED = ("matrix_softplus_identity_half_sum_of_squares", "scalar_tanh_softmax_softmax_cross_entropy")
TRAINED = [*equations(), "step_by_step", *LAYERED]


def named(name: str) -> Network:
    """A bundled network or one of the zoo."""
    return load(name) if name in bundled() else zoo()[name]
