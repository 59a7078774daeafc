"""Logits beside their logsumexp: the text that code gets, and that it is the same function, whatever the targets' sum is."""

from __future__ import annotations

import numpy as np
import pytest

from symprop.artefacts.modules import module_of
from symprop.derive import derive
from symprop.emit import module
from symprop.emit.helpers import PLAIN
from symprop.emit.shifted import shifted
from symprop.emit.spelling import spelled
from symprop.language import Names, read
from symprop.spec import network

SYMBOLS = Names.of(*"abcst")
PAIRS = [
    ("exp(a - logsumexp(a, b))", "exp(-logsumexp(a - a, b - a))"),
    ("logsumexp(a, b) - (s*a + t*b)", "s*logsumexp(a - a, b - a) + t*logsumexp(a - b, b - b) + (1 - (s + t))*logsumexp(a, b)"),
    ("logsumexp(a, b) - (s*a + t*b) + 2*exp(b - logsumexp(a, b))", "2*exp(-logsumexp(a - b, b - b))"),
    ("c - logsumexp(a, b)", "c - logsumexp(a, b)"),
    ("logsumexp(a, b) - (s*b + t*a)", "logsumexp(a, b) - (s*b + t*a)"),
    ("logsumexp(a, b) - a*b", "logsumexp(a, b) - a*b"),
]


@pytest.mark.parametrize(("given", "expected"), PAIRS)
def test_logits_are_subtracted_inside(given: str, expected: str) -> None:
    assert spelled(shifted(read(given, SYMBOLS)), PLAIN).endswith(expected)


@pytest.mark.parametrize("targets", [(0, 1, 0), (0.2, 0.3, 0.5), (1, 1, 0), (0.5, -1, 0.25)])
def test_it_is_the_loss_that_the_page_shows(targets: tuple[float, ...]) -> None:
    made = module_of(
        module(
            derive(
                network(
                    id="classes",
                    inputs={"x": 1},
                    targets={f"t{k}": value for k, value in enumerate(targets, 1)},
                    parameters={"w1": 0.5, "w2": -2, "w3": 1.25},
                    network={"style": "scalar", "loss": "softmax_cross_entropy"},
                    layers=[{"size": 3, "activation": "identity", "weights": "w{k}", "bias": "none"}],
                    training={"learning_rate": 1},
                )
            )
        )
    )
    z = np.array([0.5, -2, 1.25])
    expected = np.log(np.sum(np.exp(z))) - np.dot(targets, z)
    assert made.loss(made.initial_parameters(), made.INPUTS, made.TARGETS) == pytest.approx(expected, rel=1e-14)
    slopes = np.exp(z) / np.sum(np.exp(z)) - targets
    found = made.gradients(made.initial_parameters(), made.INPUTS, made.TARGETS)
    np.testing.assert_allclose(list(found.values()), slopes, rtol=1e-14, atol=1e-15)
