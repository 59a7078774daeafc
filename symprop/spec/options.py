"""The tables of what a spec may choose by name: initialisers, optimisers, number formats.

Input: nothing. Output: rows whose mathematics are texts of symprop's own language; an option's default of None must be given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FANS = ("fan_in", "fan_out")  # the lengths of a matrix [fan_in, fan_out]; for any other shape they must be given


@dataclass(frozen=True, slots=True)
class Initializer:
    """How initial values are made: the `draw` of NumPy whose arguments are the texts in `arguments`, over the row's `options`.

    `uniform` (low, high) and `normal` (mean, deviation) are drawn by `np.random.Generator`, `legacy` (scale) is uniform on
    [0, scale) by `np.random.RandomState`, and `none` (value) is not drawn at all.
    """

    name: str
    draw: Literal["uniform", "normal", "legacy", "none"]
    arguments: tuple[str, ...]
    options: Mapping[str, str | None] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How a parameter is stepped along its gradient.

    `states` are kept for each parameter, 0 at first, and renewed in order; `step` is what the learning rate is multiplied with.
    Their texts speak of `gradient`, the states, the options and `t`, the number of this update, counted from 1 where it is used.
    """

    name: str
    step: str
    states: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str | None] = field(default_factory=dict)
    note: str = ""

    @property
    def plain(self) -> bool:
        """Whether it steps along the gradient itself: a small enough step never makes the loss larger."""
        return self.step == "gradient" and not self.states


_GLOROT, _HE = "sqrt({}/(fan_in + fan_out))", "sqrt({}/fan_in)"
_BOTH: Mapping[str, str | None] = {"fan_in": None, "fan_out": None}
_INITIALIZERS = (
    Initializer("constant", "none", ("value",), {"value": None}),
    Initializer("uniform", "uniform", ("low", "high"), {"low": "-1", "high": "1"}),
    Initializer("normal", "normal", ("mean", "deviation"), {"mean": "0", "deviation": "1"}),
    Initializer(
        "glorot_uniform",
        "uniform",
        (f"-{_GLOROT.format(6)}", _GLOROT.format(6)),
        _BOTH,
        note="Glorot and Bengio 2010: for tanh, sigmoid and softmax",
    ),
    Initializer("glorot_normal", "normal", ("0", _GLOROT.format(2)), _BOTH, note="Glorot and Bengio 2010"),
    Initializer(
        "he_uniform",
        "uniform",
        (f"-{_HE.format(6)}", _HE.format(6)),
        {"fan_in": None},
        note="He, Zhang, Ren and Sun 2015: for relu and its kin",
    ),
    Initializer("he_normal", "normal", ("0", _HE.format(2)), {"fan_in": None}, note="He, Zhang, Ren and Sun 2015"),
    Initializer("legacy_uniform", "legacy", ("scale",), {"scale": "1"}, note="np.random.random(shape)*scale after one seed"),
)
_OPTIMIZERS = (
    Optimizer("sgd", "gradient", note="gradient descent"),
    Optimizer(
        "momentum",
        "velocity",
        states={"velocity": "momentum*velocity + gradient"},
        options={"momentum": "0.9"},
        note="gradient descent with momentum",
    ),
    Optimizer(
        "adam",
        "first/(1 - beta1**t)/(sqrt(second/(1 - beta2**t)) + epsilon)",
        states={"first": "beta1*first + (1 - beta1)*gradient", "second": "beta2*second + (1 - beta2)*gradient**2"},
        options={"beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"},
        note="Kingma and Ba 2015",
    ),
)

INITIALIZERS: Mapping[str, Initializer] = {row.name: row for row in _INITIALIZERS}
OPTIMIZERS: Mapping[str, Optimizer] = {row.name: row for row in _OPTIMIZERS}
DTYPES = ("float64", "float32")
