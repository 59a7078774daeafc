"""Specs in named equations: order, net inputs, outputs, names of gradients."""

from typing import Any

import pytest

from symprop.graph import Network, gradient_name
from symprop.spec import network

SHORT = """id = "two_node"
inputs = { s0 = 2 }
targets = { target = 0.7 }
parameters = { w0 = 2, w1 = 1, w2 = 0.5 }
updates = [{ name = "document", order = ["w2", "w1", "w0"], sequential = true }]
[equations]
x1 = "w0*s0"
s1 = "sigmoid(x1)"
x2 = "w1*s1"
s2 = "sigmoid(x2)"
out = "w2*s2"
E = "1/2*(out - target)**2"
[training]
rate = "alpha"
learning_rate = 0.1
iterations = 1000
"""


def test_a_newcomer_writes_the_two_node_network_in_twenty_lines() -> None:
    from symprop.spec import build, load, read_spec

    assert len(SHORT.splitlines()) <= 20
    made, bundled = build(read_spec(SHORT, "short")), load("two_node")
    assert (made.graph, made.data, made.initial, made.training) == (bundled.graph, bundled.data, bundled.initial, bundled.training)
    assert made.updates["document"].order == bundled.updates["document"].order


def made(equations: dict[str, str], inputs: Any = None, parameters: Any = None, **words: Any) -> Network:
    leaves = {"inputs": inputs or {"x": 1}, "parameters": parameters or {"w": 2}}
    return network(id="n", **leaves, equations=equations, training={"learning_rate": 1}, **words)


def order(built: Network) -> list[str]:
    return [equation.name for equation in built.graph.equations]


def test_equations_keep_the_authors_order_where_it_holds() -> None:
    assert order(made({"a": "x*w", "c": "x + w", "b": "a + c", "E": "b"})) == ["a", "c", "b", "E"]


def test_equations_are_moved_only_as_far_as_needed() -> None:
    assert order(made({"b": "a + c", "c": "x + w", "a": "x*w", "E": "b"})) == ["a", "c", "b", "E"]


def test_a_long_chain_is_ordered_without_recursion() -> None:
    chain = {f"q{index}": f"q{index + 1}*w" for index in range(1500)} | {"q1500": "x*w"}
    assert order(made(chain | {"E": "q0"}, loss="E"))[:2] == ["q1500", "q1499"]


def test_the_loss_is_the_last_equation_or_the_one_named() -> None:
    assert made({"a": "x*w", "E": "a**2"}).graph.loss == "E"
    assert made({"E": "a**2", "a": "x*w"}, loss="E").graph.loss == "E"


@pytest.mark.parametrize(
    ("net", "delta"),
    [("net_h1", "delta_h1"), ("zh1", "delta_h1"), ("x1", "delta_1"), ("z2", "delta_2"), ("Z1", "delta_1"), ("z", "delta_z"),
     ("net", "delta_net"), ("zeta", "delta_zeta"), ("in_o2", "delta_o2"), ("score_1", "delta_score_1"), ("a12", "delta_12")],
)  # fmt: skip
def test_a_net_input_gives_its_delta_the_name_of_its_unit(net: str, delta: str) -> None:
    built = made({net: "x*w", "y": f"tanh({net})", "E": "y**2"})
    assert built.graph.deltas == {net: delta} and gradient_name(built.graph, net) == delta


def test_deltas_that_would_share_a_name_keep_the_full_one() -> None:
    built = made({"z1": "x*w", "a1": "tanh(z1)", "n1": "a1*w", "y": "tanh(n1)", "E": "y**2"})
    assert built.graph.deltas == {"z1": "delta_z1", "n1": "delta_n1"}
    taken = made({"z1": "x*w", "delta_1": "tanh(z1)", "E": "delta_1**2"})
    assert taken.graph.deltas == {"z1": "delta_z1"}


@pytest.mark.parametrize("use", ["tanh(z) + z", "tanh(2*z)", "exp(z)", "z"])
def test_what_is_not_only_activated_is_no_net_input(use: str) -> None:
    assert made({"z": "x*w", "E": use}).graph.deltas == {}


def test_deltas_may_be_named() -> None:
    assert made({"z": "x*w", "y": "tanh(z)", "E": "y"}, deltas={"z": "d_z"}).graph.deltas == {"z": "d_z"}


OUTPUTS = [
    ({"y": "x*w", "E": "(t - y)**2"}, ("y",)),
    ({"y": "x*w", "v": "y + w", "e1": "(t - y)**2", "e2": "(t - v)**2", "E": "e1 + e2"}, ("y", "v")),
    ({"y": "x*w", "e": "t - y", "E": "e**2 + y"}, ("y",)),
]


@pytest.mark.parametrize(("equations", "outputs"), OUTPUTS)
def test_outputs_are_what_the_loss_compares_with_targets(equations: dict[str, str], outputs: tuple[str, ...]) -> None:
    assert made(equations, targets={"t": 1}).graph.outputs == outputs


def test_outputs_without_targets_are_what_the_loss_is_made_of() -> None:
    assert made({"y": "x*w", "E": "y**2"}).graph.outputs == ("y",)
    assert made({"E": "(x*w)**2"}).graph.outputs == ("E",)
    assert made({"y": "x*w", "p": "tanh(y)", "E": "y**2"}, outputs=["p"], loss="E").graph.outputs == ("p",)


def test_gradients_are_named_after_the_loss_in_scalar_networks_only() -> None:
    scalar = made({"y": "x*w", "L": "y**2"})
    assert [gradient_name(scalar.graph, name) for name in ("w", "y")] == ["dL_dw", "dL_dy"]
    inside = made({"y": "x*w", "E": "y**2", "E_total": "E**2 + w"})
    assert [gradient_name(inside.graph, name) for name in ("w", "y", "E")] == ["dE_total_dw", "dE_total_dy", "dE_total_dE"]
    arrays = made({"y": "x @ w", "L": "sum(y**2)"}, {"x": [[1, 2]]}, {"w": [[1], [2]]})
    assert [gradient_name(arrays.graph, name) for name in ("w", "y")] == ["dw", "dy"]


def test_the_number_of_samples_is_a_name_of_its_own() -> None:
    built = made({"y": "x*w", "E": "1/(2*m)*sum(y**2)"}, {"x": [1, 2, 3]})
    assert built.graph.quantities["m"].role == "dimension" and built.graph.shape("y") == ("m",)


def test_an_array_that_is_no_batch_says_its_shape() -> None:
    built = made({"y": "w @ x", "E": "sum(y**2)"}, {"x": {"shape": [2], "value": [1, 2]}}, {"w": [[1, 2], [3, 4]]})
    assert built.batch is None and built.graph.shape("y") == (2,)


def test_symbols_set_the_look_of_a_name() -> None:
    built = made({"zh1": "x*w", "E": "zh1**2"}, symbols={"zh1": {"base": "z", "subscript": "h1", "accent": "hat"}})
    look = built.graph.quantities["zh1"].typography
    assert (look.base, look.subscript, look.superscript, look.accent) == ("z", "h1", "", "hat")


def test_quantities_stand_in_the_promised_order() -> None:
    others = {"targets": {"t": [1]}, "constants": {"c": 3}, "metrics": {"e": "abs(y)"}}
    built = made({"y": "x*w + c", "E": "sum((t - y)**2)"}, {"x": [1]}, **others)
    roles = [quantity.role for quantity in built.graph.quantities.values()]
    assert roles == ["input", "target", "parameter", "constant", "rate", "dimension", "intermediate", "intermediate", "derived"]


def test_derived_names_use_gradients_and_each_other() -> None:
    built = made({"z": "x*w", "y": "tanh(z)", "E": "y**2"}, derived={"d": "-delta_z", "twice": "2*d", "rest": "d*x - dE_dw"})
    assert [equation.name for equation in built.derived] == ["d", "twice", "rest"]
    assert built.graph.shape("twice") == ()
