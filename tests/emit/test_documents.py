"""The generated modules against every number in the documents, and against what plain NumPy says of the wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symprop.graph import Claim
from symprop.spec import bundled, load

Loader = Callable[[str], ModuleType]


def ulps(computed: float, expected: float) -> float:
    return abs(computed - expected) / float(np.spacing(abs(expected)))


TWO_NODE = [  # iteration, update, w2, w1, w0, out before the update
    (1, "document", 0.5244621665599667, 1.0034330572241346, 2.0001239193427836, 0.36375380675182073),
    (1, "simultaneous", 0.5244621665599667, 1.0032729312455964, 2.0001177352571498, 0.36375380675182073),
    (1000, "document", 0.9415374060237287, 1.0834236223083622, 2.0031198590477275, 0.6999999999999993),
    (1000, "simultaneous", 0.9418582194136942, 1.0820743827324726, 2.0030616267423027, 0.6999999999999993),
]


@pytest.mark.parametrize(("iteration", "update", "w2", "w1", "w0", "out"), TWO_NODE)
def test_two_node_rows(generated: Loader, iteration: int, update: str, w2: float, w1: float, w0: float, out: float) -> None:
    row = generated("two_node").train(update=update).history[iteration - 1]
    assert row["iteration"] == iteration
    for name, expected in {"w2": w2, "w1": w1, "w0": w0, "out": out}.items():
        assert ulps(row[name], expected) <= 1, name


FORWARD_432 = {
    "h1": 0.9918374288468401, "h2": 0.9973748797433398, "h3": 0.9985719267115775,
    "o1": 0.8395344467680094, "o2": 0.8841947961679333, "E": 0.6191630604850664,
}  # fmt: skip
AFTER_432 = {
    "h1": 0.9918044602061147, "h2": 0.9973735762666279, "h3": 0.9985710229371896,
    "o1": 0.8352069207845401, "o2": 0.8817114034280252,
}  # fmt: skip
WEIGHTS_432 = dict(zip((f"w{k}" for k in range(1, 19)), (
    0.8198232996701793, 0.5299783598485821, 0.439972453580711, 0.14955824917544838, 0.6099458996214552, 0.38993113395177753,
    0.10991164983508968, 0.409989179924291, 0.4999862267903555, 0.4496465993403587, 0.22995671969716414, 0.6799449071614221,
    0.4794504990904563, 0.7020358307812165, 0.21939160098722876, 0.20199136664354855, 0.4293788688118612, 0.6119817547007638,
), strict=True))  # fmt: skip


def within_4_ulp(values: Mapping[str, float], expected: Mapping[str, float]) -> None:
    assert {name: number for name, number in expected.items() if ulps(values[name], number) > 4} == {}


def test_four_three_two_before_training(generated: Loader) -> None:
    net = generated("four_three_two")
    within_4_ulp(net.evaluate(net.initial_parameters(), net.INPUTS, net.TARGETS), FORWARD_432)


@pytest.mark.parametrize(("update", "b1", "b2", "error"), [
    ("document", 0.5, 0.4998870565497362, 0.61381),
    ("simultaneous", 0.4998870565497362, 0.48133396704956766, 0.6102754345614573),
])  # fmt: skip
def test_four_three_two_as_printed_and_as_it_should_be(generated: Loader, update: str, b1: float, b2: float, error: float) -> None:
    net = generated("four_three_two")
    for new in (
        net.train(update=update, iterations=1).parameters,
        net.step(net.initial_parameters(), net.INPUTS, net.TARGETS, 0.1, update=update),
    ):
        within_4_ulp(new, {**WEIGHTS_432, "b1": b1, "b2": b2})
        values = net.evaluate(new, net.INPUTS, net.TARGETS)
        assert round(values["E"], 5) == round(error, 5)
        if update == "document":
            within_4_ulp(values, AFTER_432)


def test_four_three_two_gradients_are_the_true_ones(generated: Loader) -> None:
    net = generated("four_three_two")
    found = net.gradients(net.initial_parameters(), net.INPUTS, net.TARGETS)
    within_4_ulp(found, {"b1": 0.0011294345026379021, "b2": 0.1866603295043236})


def test_step_by_step_first_round(generated: Loader) -> None:
    net = generated("step_by_step")
    start = net.initial_parameters()
    values = net.evaluate(start, net.INPUTS, net.TARGETS)
    printed = {
        "net_h1": 0.3775, "out_h1": 0.593269992, "out_h2": 0.596884378, "net_o1": 1.105905967, "out_o1": 0.75136507,
        "out_o2": 0.772928465, "E_o1": 0.274811083, "E_o2": 0.023560026, "E_total": 0.298371109,
    }  # fmt: skip
    assert {name: round(float(values[name]), 9) for name in printed} == printed
    gradients = net.gradients(start, net.INPUTS, net.TARGETS)
    assert (round(float(gradients["w5"]), 9), round(float(gradients["w1"]), 9)) == (0.082167041, 0.000438568)
    new = net.step(start, net.INPUTS, net.TARGETS, 0.5)
    printed = {
        "w1": 0.149780716, "w2": 0.19956143, "w3": 0.24975114, "w4": 0.29950229,
        "w5": 0.35891648, "w6": 0.408666186, "w7": 0.511301270, "w8": 0.561370121,
    }  # fmt: skip
    for name, number in printed.items():
        assert new[name] == pytest.approx(number, abs=0.6e-9 if name > "w4" or name == "w1" else 0.6e-8), name


ROUNDS = [  # update, rounds, E_total, out_o1, out_o2
    ("document", 1, 0.29102777369359933, None, None),
    ("already_updated", 1, 0.29102792390544, None, None),
    ("document", 10_000, 3.510187783e-05, 0.015913620444, 0.984064273515),
    ("already_updated", 10_000, 3.5084786e-05, 0.015912196, 0.984065734),
]


@pytest.mark.parametrize(("update", "rounds", "error", "o1", "o2"), ROUNDS)
def test_step_by_step_after_rounds(
    generated: Loader, update: str, rounds: int, error: float, o1: float | None, o2: float | None
) -> None:
    net = generated("step_by_step")
    values = net.evaluate(net.train(update=update, iterations=rounds).parameters, net.INPUTS, net.TARGETS)
    assert values["E_total"] == pytest.approx(error, rel=2e-5 if error == 3.5084786e-05 else 1e-9)
    if o1 is not None:
        assert (values["out_o1"], values["out_o2"]) == (pytest.approx(o1, abs=6e-10), pytest.approx(o2, abs=6e-10))


@pytest.mark.parametrize(("passes", "outputs", "within"), [
    (10_000, [0.00966614, 0.00786443, 0.99358981, 0.99211861], 5.1e-9),
    (10_110, [0.00961242, 0.00782087, 0.99362525, 0.99216235], 5.1e-9),
])  # fmt: skip
def test_single_layer_outputs(generated: Loader, passes: int, outputs: list[float], within: float) -> None:
    row = generated("single_layer").train(iterations=passes).history[-1]
    assert row["iteration"] == passes
    assert row["l1"].ravel() == pytest.approx(outputs, abs=within)


def test_single_layer_draw(generated: Loader) -> None:
    drawn = generated("single_layer").initial_parameters()["Wo"].ravel()
    assert drawn == pytest.approx([3.40497041e-01, 5.88142486e-01, 9.33866473e-05], rel=2e-9)


ERRORS = [
    0.49962354308293877, 0.010185068686370096, 0.006740755437297382, 0.005345052957883488, 0.004547502999833714,
    0.004017450105072936, 0.0036334495140870125, 0.003339229754058864, 0.0031047453709322735, 0.0029123275501446943,
]  # fmt: skip


def test_hidden_layer_errors_and_final_weights(generated: Loader) -> None:
    parameters, history = generated("hidden_layer").train()
    assert [row["iteration"] for row in history] == [*range(1, 100_001, 10_000), 100_000]
    assert history["error"][:10] == pytest.approx(ERRORS, rel=0, abs=1e-12)
    assert parameters["Wo"].ravel() == pytest.approx([-7.07355497, 14.20975817, -7.01708617, -7.15528258], abs=5.1e-9)
    final = [6.66182717, 6.80494448, -3.00320286, 3.65642155, -3.43419418, 6.77518798, 6.58168773, 3.71366194,
             0.59089835, -1.96151177, 0.18071609, -5.62078292]  # fmt: skip
    assert parameters["Wh"].ravel() == pytest.approx(final, abs=5.1e-9)


class PlainClass:
    """The class's rule, written again in plain NumPy: deltas of opposite sign, added."""

    def __init__(self, seed: int) -> None:
        np.random.seed(seed)
        self.first, self.second = np.random.rand(3, 4), np.random.rand(4, 1)

    def round(self, x: Any, y: Any) -> None:
        layer = 1.0 / (1.0 + np.exp(-np.dot(x, self.first)))
        output = 1.0 / (1.0 + np.exp(-np.dot(layer, self.second)))
        up = 2 * (y - output) * output * (1.0 - output)
        down = np.dot(up, self.second.T) * layer * (1.0 - layer)
        self.first, self.second = self.first + 0.1 * np.dot(x.T, down), self.second + 0.1 * np.dot(layer.T, up)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_xor_class_step_by_step(generated: Loader, seed: int) -> None:
    net, plain = generated("xor_class"), PlainClass(seed)
    parameters = net.initial_parameters(seed)
    for _ in range(200):
        parameters = net.step(parameters, net.INPUTS, net.TARGETS, 0.1)
        plain.round(net.INPUTS, net.TARGETS)
        np.testing.assert_allclose(parameters["weights1"], plain.first, rtol=0, atol=1e-13)
        np.testing.assert_allclose(parameters["weights2"], plain.second, rtol=0, atol=1e-13)
    trained = net.train(net.initial_parameters(seed), iterations=200).parameters
    np.testing.assert_allclose(trained["weights1"], plain.first, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_xor_class_learns_after_1500_not_yet(generated: Loader, seed: int) -> None:
    net = generated("xor_class")
    early = net.train(net.initial_parameters(seed), iterations=1500).parameters
    late = net.train(net.initial_parameters(seed), iterations=10_000).parameters
    worst = [float(np.max(np.abs(net.TARGETS - net.predict(each, net.INPUTS)))) for each in (early, late)]
    assert worst[0] > 0.4
    assert worst[1] < 0.2


CLAIMS = [(net, claim) for net in bundled() for claim in load(net).claims]


@pytest.mark.parametrize(("net", "claim"), CLAIMS, ids=[f"{net}-{claim.quantity}-{claim.iterations}" for net, claim in CLAIMS])
def test_claims_of_the_spec(generated: Loader, net: str, claim: Claim) -> None:
    """Every claimed forward value, parameter, loss, metric and weight gradient, under the update that its finding names."""
    made = generated(net)
    finding = claim.finding
    update = (finding and finding.update) or claim.update
    iterations = finding.iterations if finding and finding.iterations is not None else claim.iterations
    parameters = made.train(iterations=iterations, update=update, record_every=10**6).parameters
    gradients = {f"dE_d{name}": value for name, value in made.gradients(parameters, made.INPUTS, made.TARGETS).items()}
    values = {**made.evaluate(parameters, made.INPUTS, made.TARGETS), **parameters, **gradients}
    if claim.quantity not in values:
        pytest.skip(f"{claim.quantity} is a local partial or an inner gradient: no value of the module")
    if finding and finding.printed_values:
        pytest.skip("the figure comes from other printed figures")
    printed = np.array(claim.printed, dtype=float)
    half = 0.5 * 10.0 ** -np.array([_decimals(text) for text in np.ravel(np.array(claim.printed))]).reshape(printed.shape)
    np.testing.assert_array_less(np.abs(values[claim.quantity] - printed), np.maximum(half * 1.000001, 4e-15) + 1e-12)


def _decimals(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)
