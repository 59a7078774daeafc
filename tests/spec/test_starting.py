"""The starting spec: it builds as it stands, and wrong wishes are told."""

import re

import pytest

from symprop.errors import UsageError
from symprop.functions import ACTIVATIONS, FUNCTIONS, Function
from symprop.spec import build, read_spec, starting, starting_spec
from symprop.spec.losses import LOSSES
from symprop.spec.options import DTYPES, INITIALIZERS, OPTIMIZERS


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", ["1-2", "2-3-2", "3-4-4-3", "20-30-10"])
def test_it_builds_as_it_stands(sizes: str, activation: str) -> None:
    network = build(read_spec(starting_spec(sizes, activation), "new"))
    assert [len(units) for units in network.layers] == [int(size) for size in sizes.split("-")]
    assert set(network.initial) == set(network.graph.names("parameter"))


def test_small_networks_have_a_symbol_for_each_weight() -> None:
    network = build(read_spec(starting_spec("2-3-1", "tanh"), "new"))
    assert network.graph.scalar and network.id == "net_2-3-1"
    assert network.graph.names("parameter") == ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "w7", "w8", "w9", "b2")
    assert [equation.name for equation in network.graph.equations][-3:] == ["net_o1", "out_o1", "E"]
    assert network.data.keys() == {"i1", "i2", "target_o1"}


def test_large_networks_stay_short() -> None:
    text = starting_spec("784-128-64-10", "softmax")
    assert len(text.splitlines()) < 60
    assert build(read_spec(text, "new")).graph.shape("W1") == (784, 128)


def test_it_is_commented() -> None:
    assert sum("#" in line for line in starting_spec("2-3-1").splitlines()) >= 8


WRONG = ["", "3", "2-", "2--1", "0-1", "2-x", "\uff12-1", "-1-2", "2-3 ", "1" * 30 + "-2", "-".join("2" * 40)]


@pytest.mark.parametrize("sizes", WRONG)
def test_sizes_that_are_none_are_told(sizes: str) -> None:
    with pytest.raises(UsageError, match="layer sizes: expected 2 to 16 sizes"):
        starting_spec(sizes)


def test_an_unknown_activation_is_told() -> None:
    with pytest.raises(UsageError, match="activation: expected one of identity, .*got 'tahn'; did you mean 'tanh'?"):
        starting_spec("2-3-1", "tahn")
    for words in ({"activation": "softmax"}, {"loss": "softmax_cross_entropy"}):
        with pytest.raises(UsageError, match="at least 2 outputs for softmax, got 1"):
            starting_spec("2-3-1", **words)


def test_an_unknown_loss_or_optimizer_is_told() -> None:
    with pytest.raises(UsageError, match="loss: expected one of half_.*got 'mean_square'; did you mean 'mean_squared'?"):
        starting_spec("2-3-1", loss="mean_square")
    with pytest.raises(UsageError, match="got 'bce'; did you mean 'binary_cross_entropy'?"):
        starting_spec("2-3-1", loss="bce")
    with pytest.raises(UsageError, match="optimizer: expected one of sgd, .*got 'adm'; did you mean 'adam'?"):
        starting_spec("2-3-1", optimizer="adm")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("sizes", "activation"), [("2-3-2", "tanh"), ("8-16-4", "relu"), ("3-4-2", "softmax")])
def test_a_chosen_loss_and_optimizer_build(sizes: str, activation: str, loss: str, optimizer: str) -> None:
    text = starting_spec(sizes, activation, loss, optimizer)
    assert f'loss = "{loss}"' in text
    assert build(read_spec(text, "new")).training.optimizer == optimizer


def test_the_loss_decides_the_last_activation() -> None:
    text = starting_spec("8-16-4", "relu", "softmax_cross_entropy", "adam")
    assert re.findall(r'^activation = "(\w+)"', text, re.MULTILINE) == ["relu", "softmax"]
    assert 'draw = "he_uniform"' in text
    assert "learning_rate = 0.005" in text


def test_a_new_activations_row_says_how_training_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing beside the table knows an activation: neither its rate nor what its weights are drawn with."""
    row = Function("bent", definition="z/(1 + abs(z))", activation=True, bounded=True, initializer="normal")
    monkeypatch.setitem(FUNCTIONS, "bent", row)
    monkeypatch.setattr(starting, "ACTIVATIONS", (*ACTIVATIONS, "bent"))
    text = starting_spec("8-16-4", "bent")
    assert "learning_rate = 0.5" in text
    assert 'draw = "normal"' in text


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activations_initializer_is_one(activation: str) -> None:
    assert FUNCTIONS[activation].initializer in INITIALIZERS


@pytest.mark.parametrize("sizes", ["2-3-1", "8-16-4"])
def test_every_comment_that_is_a_key_builds_when_it_is_taken(sizes: str) -> None:
    text = starting_spec(sizes, "relu")
    taken, many = re.subn(r"^# (?=\w+ = |\[\[)", "", text, flags=re.MULTILINE)
    plain, other = (build(read_spec(each, "new")) for each in (text, taken))
    before, after = ((net.training.optimizer, net.training.dtype, list(net.updates)) for net in (plain, other))
    assert many == (6 if sizes == "2-3-1" else 7)
    assert before == ("sgd", "float64", ["simultaneous"])
    assert after == ("momentum", "float32", ["simultaneous", "in_turn"])
    assert other.graph.equations != plain.graph.equations  # the penalty


def test_every_choice_is_named() -> None:
    text = starting_spec("8-16-4")
    assert all(name in text for name in (*OPTIMIZERS, *DTYPES))
