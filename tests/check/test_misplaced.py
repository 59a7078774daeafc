"""One array in the place of another is named where putting it right is proved to give the right answer, only there."""

import pytest

from symprop.check import check
from symprop.derive import Derivation, derive
from symprop.spec import load


@pytest.fixture(scope="module", params=["hidden_layer", "xor_class"])
def network(request: pytest.FixtureRequest) -> Derivation:
    return derive(load(request.param))


NAMES = {"hidden_layer": ("Wh", "Wo", "l1", "l2"), "xor_class": ("weights1", "weights2", "layer1", "output")}
GRADIENT, SIGNED = "stands where a gradient belongs", "stands where a gradient belongs, its sign turned around"


@pytest.mark.parametrize(
    ("quantity", "answer", "mistake", "said"),
    [
        ("W2", "A1.T @ A2", "value for gradient", f"the network's output A2 {GRADIENT}"),
        ("W2", "W2 - eta*A1.T @ A2", "value for gradient", f"the network's output A2 {GRADIENT}"),
        ("W2", "W2 + eta*A1.T @ A2", "value for gradient", f"the network's output A2 {SIGNED}"),
        ("W1", "X.T @ A1", "value for gradient", f"the layer's output A1 {GRADIENT}"),
        ("W1", "A1.T @ delta_1", "wrong quantity", "the layer's output A1 stands where the inputs belong"),
        ("W1", "X.T @ (A2 @ W2.T * A1*(1 - A1))", "value for gradient", f"the network's output A2 {GRADIENT}"),
        ("W1", "X.T @ (delta_2 @ W1.T * A1*(1 - A1))", "wrong weight", "the weights W1 stand where other weights belong"),
        ("W2", "X.T @ delta_2", "wrong quantity", "the inputs X stand where a layer's output belongs"),
    ],
)
def test_the_array_and_the_kind_of_what_belongs_there_are_said(
    network: Derivation, quantity: str, answer: str, mistake: str, said: str
) -> None:
    for general, own in zip(("W1", "W2", "A1", "A2"), NAMES[network.network.id], strict=True):
        quantity, answer, said = (text.replace(general, own) for text in (quantity, answer, said))
    verdict = check(network, quantity, answer)
    assert verdict.outcome == "not correct"
    assert (mistake, said) in [(each.mistake, each.sentence) for each in verdict.diagnoses]
    assert not any("delta" in each.sentence for each in verdict.diagnoses), "what belongs there would be the solution"


@pytest.mark.parametrize("answer", ["X.T @ (X @ X.T @ delta_1)", "X.T @ A1*0", "2*X.T @ (X @ W1)"])
def test_nothing_is_said_that_putting_one_array_right_does_not_prove(network: Derivation, answer: str) -> None:
    names = dict(zip(("W1", "W2", "A1", "A2"), NAMES[network.network.id], strict=True))
    verdict = check(network, names["W1"], answer.replace("A1", names["A1"]).replace("W1", names["W1"]))
    assert verdict.outcome == "not correct"
    assert not any("stand" in each.sentence for each in verdict.diagnoses)
