"""Decimals say what doubles say, and the same on a processor whose doubles are rounded otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symprop.derive import derive
from symprop.emit.evidence import loss_lines
from symprop.emit.program import program_of
from symprop.functions import ACTIVATIONS
from symprop.graph import Network
from symprop.spec import bundled, load, network
from symprop.spec.losses import LOSSES
from symprop.worked import decimals, floats
from symprop.worked.differences import evidence
from symprop.worked.initial import initial_values


def layered(activation: str = "tanh", loss: str = "half_sum_of_squares") -> Network:
    return network(
        id="layered",
        inputs={"X": [[0.1, -0.9], [0.4, 0.3], [-1.5, 0.2]]},
        targets={"Y": [[0.2, 0.8], [0.7, 0.3], [1, 0]]},
        parameters={"W1": [[0.3, -0.2], [0.5, 0.4]], "W2": [[-0.7, 0.1], [0.2, 0.6]], "b1": [0.1, 0.2], "b2": [0.3, -0.1]},
        network={"loss": loss},
        layers=[{"size": 2, "activation": activation}, {"size": 2, "activation": LOSSES[loss].activation or "sigmoid"}],
        training={"learning_rate": 0.1},
    )


NETWORKS = {
    **{name: load(name) for name in bundled()},
    **{activation: layered(activation) for activation in ACTIVATIONS},
    **{loss: layered(loss=loss) for loss in LOSSES},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_those_of_doubles(name: str) -> None:
    derivation = derive(NETWORKS[name])
    start = {key: floats.to_floats(value) for key, value in initial_values(derivation.network, 1).items()}
    expected = floats.gradients(derivation, start)
    found = decimals.backward(derivation, decimals.forward(derivation.network, decimals.from_floats(start)))
    for key, value in expected.items():
        gradient = np.asarray(found[derivation.steps[key].name], dtype=float)
        np.testing.assert_allclose(gradient, value, rtol=1e-12, atol=1e-15, err_msg=key)


def rounded_otherwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of another processor: each result is the next double."""
    return lambda *z: np.nextafter(function(*z), np.inf)


@pytest.mark.parametrize("name", ["hidden_layer", "step_by_step", "tanh", "softmax_cross_entropy"])
def test_what_is_printed_does_not_depend_on_how_the_processor_rounds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = derive(NETWORKS[name])

    def printed() -> list[object]:
        parameters = derivation.network.graph.names("parameter")
        return [loss_lines(program_of(derivation)), *(list(evidence(derivation, name)) for name in parameters)]

    here = printed()
    for function in ("exp", "log", "tanh"):
        monkeypatch.setitem(floats._FUNCTIONS, function, rounded_otherwise(floats._FUNCTIONS[function]))  # type: ignore[index]
    assert printed() == here
