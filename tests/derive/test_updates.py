"""Update rules written out, and partial derivatives of any named quantity by another."""

from dataclasses import replace

import pytest

from symprop.derive import derive
from symprop.derive.partial import partial, split_partial
from symprop.derive.scalar import lowered
from symprop.derive.updates import find_update, optimiser_words, update_steps
from symprop.errors import UsageError
from symprop.notation import text
from symprop.spec import load, network


def written(net: str, update: str) -> dict[str, str]:
    derivation = derive(load(net))
    return {step.parameter: text(step.value) for step in update_steps(derivation, find_update(derivation.network, update))}


def test_in_place_each_step_uses_the_weights_that_are_already_new() -> None:
    assert written("two_node", "document") == {
        "w2": "w2 - alpha*(out - target)*s2",
        "w1": "w1 - alpha*(out - target)*w2_new*s2*(1 - s2)*s1",
        "w0": "w0 - alpha*(out - target)*w2_new*s2*(1 - s2)*w1_new*s1*(1 - s1)*s0",
    }


def test_at_once_every_step_uses_the_old_weights() -> None:
    assert written("two_node", "simultaneous")["w0"] == "w0 - alpha*(out - target)*w2*s2*(1 - s2)*w1*s1*(1 - s1)*s0"


def test_a_documents_defects_are_kept() -> None:
    derivation = derive(load("four_three_two"))
    steps = {step.parameter: step for step in update_steps(derivation, derivation.network.document_update)}
    assert "b1" not in steps
    assert steps["b2"].gradient_of == "b1"
    assert steps["b2"].gradient == derivation.gradient("b1").term
    assert {step.gradient_of for name, step in steps.items() if name != "b2"} == set(steps) - {"b2"}


def test_an_array_rule_is_lowered_entry_by_entry() -> None:
    update = lowered(load("hidden_layer")).network.updates["document"]
    assert update.order[:4] == ("Wo[1,1]", "Wo[2,1]", "Wo[3,1]", "Wo[4,1]")
    assert len(update.order) == 16


STATES = [("sgd", ""), ("momentum", "velocity is 0 for every weight"), ("adam", "first and second are 0 for every weight")]


@pytest.mark.parametrize(("optimizer", "words"), STATES)
def test_the_states_of_an_optimiser_are_said(optimizer: str, words: str) -> None:
    net = load("two_node")
    said = optimiser_words(replace(net, training=replace(net.training, optimizer=optimizer)))
    assert said.endswith(f", before which {words}." if words else "")


def test_an_unknown_rule_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'simultaneous'"):
        find_update(load("two_node"), "simultaneos")


@pytest.mark.parametrize(
    ("of", "wrt", "expected"),
    [
        ("out_o1", "net_o1", "out_o1*(1 - out_o1)"),
        ("net_o1", "w5", "out_h1"),
        ("E_o1", "out_h1", "-(target_o1 - out_o1)*out_o1*(1 - out_o1)*w5"),
        ("out_o1", "w1", "out_o1*(1 - out_o1)*w5*out_h1*(1 - out_h1)*i1"),
        ("net_o1", "net_o1", "1"),
        ("net_h1", "i1", "w1"),
        ("net_o1", "i2", "w5*out_h1*(1 - out_h1)*w2 + w6*out_h2*(1 - out_h2)*w4"),
        ("E_total", "target_o1", "target_o1 - out_o1"),
    ],
)
def test_a_partial_between_any_two_quantities(of: str, wrt: str, expected: str) -> None:
    network = load("step_by_step")
    assert text(partial(network, of, wrt)) == expected
    assert split_partial(f"d{of}_d{wrt}", network) == (of, wrt)


def test_a_partial_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="does not depend"):
        partial(load("step_by_step"), "E_o1", "out_o2")
    with pytest.raises(UsageError, match="not a scalar equation"):
        partial(load("hidden_layer"), "l2", "Wo")


def test_a_gradient_that_is_summed_over_a_batch_is_no_product_of_factors() -> None:
    words = {
        "inputs": {"x": [0.5, 1]},
        "targets": {"t": [0.1, 0.4]},
        "parameters": {"w": 0.3},
        "equations": {"z": "w*x", "E": "sum((z - t)**2)"},
        "training": {"learning_rate": 0.1},
    }
    (edge,) = derive(network(**words)).steps["w"].edges
    assert (edge.local, text(edge.term)) == (None, "sum(dE_dz*x)")
