"""The six bundled networks hold the documents' numbers: an evaluator of twenty lines recomputes what they print."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import singledispatch
from typing import Any

import numpy as np
import pytest

from symprop import terms as t
from symprop.graph import Draw, Given, Network, Value, gradient_name
from symprop.language import Names, read
from symprop.spec import bundled, load

FUNCTIONS = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "abs": np.abs, "sqrt": np.sqrt}


@singledispatch
def value(term: t.Term, values: Mapping[str, Any]) -> Any:
    raise TypeError(term)


value.register(t.Number)(lambda term, values: float(term.value))
value.register(t.Ref)(lambda term, values: values[term.name])
value.register(t.Neg)(lambda term, values: -value(term.operand, values))
value.register(t.Add)(lambda term, values: sum(value(part, values) for part in term.terms))
value.register(t.Div)(lambda term, values: value(term.numerator, values) / value(term.denominator, values))
value.register(t.Power)(lambda term, values: value(term.base, values) ** value(term.exponent, values))
value.register(t.Apply)(lambda term, values: FUNCTIONS[term.function](*(value(part, values) for part in term.arguments)))
value.register(t.MatMul)(lambda term, values: value(term.left, values) @ value(term.right, values))
value.register(t.Transpose)(lambda term, values: value(term.operand, values).T)
value.register(t.Sum)(lambda term, values: np.sum(value(term.operand, values)))
value.register(t.Mean)(lambda term, values: np.mean(value(term.operand, values)))


@value.register
def _(term: t.Mul, values: Mapping[str, Any]) -> Any:
    product = 1.0
    for factor in term.factors:
        product = product * value(factor, values)
    return product


def floats(content: Value) -> Any:
    return np.array([floats(row) for row in content]) if isinstance(content, tuple) else float(content.value)


def initial(network: Network) -> dict[str, Any]:
    """The parameters, drawn by the legacy generator as the documents do."""
    generator = np.random.RandomState(network.training.seed)
    found = {}
    for name, start in network.initial.items():
        if isinstance(start, Given):
            found[name] = floats(start.value)
        else:
            assert isinstance(start, Draw) and start.initializer == "legacy_uniform"
            found[name] = generator.random_sample(network.graph.shape(name)) * value(start.options["scale"], {})
    return found


def forward(network: Network, parameters: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: floats(content) for name, content in network.data.items()} | dict(parameters)
    for equation in (*network.graph.equations, *network.metrics):
        values[equation.name] = value(equation.term, values)
    return values


def gradients(network: Network, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """dE/dp of scalar parameters by the complex step: exact to rounding, and independent of every derivation."""
    tiny = 1e-200
    return {
        name: (forward(network, {**parameters, name: parameters[name] + 1j * tiny})[network.graph.loss]).imag / tiny
        for name in parameters
    }


def stepped(network: Network, update: str) -> dict[str, Any]:
    rule, old = network.updates[update], initial(network)
    assert not rule.sequential
    slopes = gradients(network, old)
    rate = float(network.training.learning_rate.value)
    return old | {name: old[name] - rate * slopes[rule.gradient_of.get(name, name)] for name in rule.order}


def agrees(computed: Any, printed: Any) -> bool:
    """Whether a number, rounded to the digits printed, is the printed one; to 4 ulp where a whole double is printed."""
    if isinstance(printed, tuple):
        return all(agrees(*pair) for pair in zip(computed, printed, strict=True))
    unit = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))
    distance = abs(Decimal(float(computed)) - Decimal(printed))
    whole = len(Decimal(printed).as_tuple().digits) >= 15
    return distance <= (Decimal(4 * np.spacing(float(printed))) if whole else unit * Decimal("0.5000001"))


NETWORKS = {net: load(net) for net in bundled()}
VALUES = {net: forward(network, initial(network)) for net, network in NETWORKS.items()}
CLAIMS = [(net, claim) for net, network in NETWORKS.items() for claim in network.claims if claim.quantity in VALUES[net]]
BEFORE = [(net, claim) for net, claim in CLAIMS if claim.iterations == 0]
AFTER = [(net, claim) for net, claim in CLAIMS if claim.iterations == 1]


def label(case: object) -> str:
    return str(getattr(case, "quantity", case))


def test_the_documents_print_as_many_numbers_as_were_transcribed() -> None:
    assert {net: len(load(net).claims) for net in bundled()} == {
        "two_node": 0, "xor_class": 0, "four_three_two": 33, "step_by_step": 35, "single_layer": 2, "hidden_layer": 14,
    }  # fmt: skip
    assert len(BEFORE) == 7 + 10 + 1 + 3 and len(AFTER) == 26 + 9


@pytest.mark.parametrize(("net", "claim"), BEFORE, ids=label)
def test_what_is_printed_before_training_is_what_the_equations_give(net: str, claim: Any) -> None:
    network = load(net)
    assert agrees(forward(network, initial(network))[claim.quantity], claim.printed)


@pytest.mark.parametrize(("net", "claim"), AFTER, ids=label)
def test_what_is_printed_after_one_update_is_what_its_rule_gives(net: str, claim: Any) -> None:
    network = load(net)
    computed = forward(network, stepped(network, claim.update))[claim.quantity]
    assert agrees(computed, claim.printed) is (claim.finding is None)


@pytest.mark.parametrize(("name", "printed"), [("E_total", "0.298371109"), ("net_h1", "0.3775"), ("out_o1", "0.75136507")])
def test_the_evaluator_finds_the_numbers_of_the_page(name: str, printed: str) -> None:
    network = load("step_by_step")
    assert agrees(forward(network, initial(network))[name], printed)
    assert not agrees(forward(network, initial(network))[name] + 1e-3, printed)


def test_the_first_round_has_two_readings() -> None:
    network = load("step_by_step")
    after = forward(network, stepped(network, "document"))["E_total"]
    assert after == pytest.approx(0.29102777369359933, abs=1e-15)
    finding = next(claim.finding for claim in network.claims if claim.printed == "0.291027924")
    assert finding is not None and finding.update == "already_updated" and network.updates["already_updated"].sequential


def test_the_right_biases_of_four_three_two_lead_elsewhere() -> None:
    network = load("four_three_two")
    assert forward(network, stepped(network, "simultaneous"))["E"] == pytest.approx(0.6102754345614573, abs=1e-15)
    assert stepped(network, "simultaneous")["b2"] == pytest.approx(0.48133396704956766, abs=1e-15)
    document = network.updates["document"]
    assert document.gradient_of == {"b2": "b1"} and "b1" not in document.order and len(document.order) == 19


def test_one_digit_too_many_is_recorded_with_the_numbers_it_comes_from() -> None:
    claim = next(claim for claim in load("step_by_step").claims if claim.printed == "0.0000351085")
    assert claim.finding is not None and claim.finding.extra_digit and claim.finding.decimals == 9
    assert claim.finding.printed_values == {"out_o1": "0.015912196", "out_o2": "0.984065734"}
    outputs = {name: float(text) for name, text in claim.finding.printed_values.items()}
    network = load("step_by_step")
    values = {name: floats(content) for name, content in network.data.items()} | outputs
    for name in ("E_o1", "E_o2"):
        values[name] = value(network.graph.definitions[name], values)
    assert round(values["E_o1"] + values["E_o2"], 9) == 0.000035085


def test_single_layer_prints_a_later_pass() -> None:
    network = load("single_layer")
    claim = next(claim for claim in network.claims if claim.quantity == "l1")
    assert claim.finding is not None and claim.finding.iterations == 10109
    weights, inputs, targets = initial(network)["Wo"], floats(network.data["X"]), floats(network.data["y"])
    reached = {}
    for updates in range(10110):
        output = 1 / (1 + np.exp(-(inputs @ weights)))
        reached[updates] = output
        weights = weights + inputs.T @ ((targets - output) * output * (1 - output))
    assert agrees(reached[claim.finding.iterations], claim.printed)
    assert not agrees(reached[claim.iterations], claim.printed)


def holds(net: str, lines: list[str]) -> bool:
    """Whether the equations are exactly these lines, read term by term in the order written."""
    graph = load(net).graph
    names = Names({name: quantity.typography for name, quantity in graph.quantities.items()})
    pairs = [line.split(" = ") for line in lines]
    return [(equation.name, equation.term) for equation in graph.equations] == [(name, read(text, names)) for name, text in pairs]


def test_terms_stand_in_the_order_of_the_page() -> None:
    assert holds("two_node", [
        "x1 = w0*s0", "s1 = sigmoid(x1)", "x2 = w1*s1", "s2 = sigmoid(x2)", "out = w2*s2", "E = 1/2*(out - target)**2",
    ])  # fmt: skip
    assert holds("step_by_step", [
        "net_h1 = w1*i1 + w2*i2 + b1", "out_h1 = sigmoid(net_h1)",
        "net_h2 = w3*i1 + w4*i2 + b1", "out_h2 = sigmoid(net_h2)",
        "net_o1 = w5*out_h1 + w6*out_h2 + b2", "out_o1 = sigmoid(net_o1)",
        "net_o2 = w7*out_h1 + w8*out_h2 + b2", "out_o2 = sigmoid(net_o2)",
        "E_o1 = 1/2*(target_o1 - out_o1)**2", "E_o2 = 1/2*(target_o2 - out_o2)**2", "E_total = E_o1 + E_o2",
    ])  # fmt: skip
    assert holds("four_three_two", [
        "zh1 = w1*x1 + w4*x2 + w7*x3 + w10*x4 + b1",
        "zh2 = w2*x1 + w5*x2 + w8*x3 + w11*x4 + b1",
        "zh3 = w3*x1 + w6*x2 + w9*x3 + w12*x4 + b1",
        "h1 = sigmoid(zh1)", "h2 = sigmoid(zh2)", "h3 = sigmoid(zh3)",
        "zo1 = w13*h1 + w15*h2 + w17*h3 + b2", "zo2 = w14*h1 + w16*h2 + w18*h3 + b2",
        "o1 = sigmoid(zo1)", "o2 = sigmoid(zo2)", "E = 1/2*((o1 - t1)**2 + (o2 - t2)**2)",
    ])  # fmt: skip
    assert holds("xor_class", [
        "z1 = X @ weights1", "layer1 = sigmoid(z1)", "z2 = layer1 @ weights2", "output = sigmoid(z2)", "E = sum((y - output)**2)",
    ])  # fmt: skip
    assert holds("single_layer", ["z1 = X @ Wo", "l1 = sigmoid(z1)", "E = 1/2*sum((y - l1)**2)"])
    assert holds("hidden_layer", [
        "z1 = X @ Wh", "l1 = sigmoid(z1)", "z2 = l1 @ Wo", "l2 = sigmoid(z2)", "E = 1/2*sum((y - l2)**2)",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("net", "names"),
    [
        ("two_node", ["dE_dw0", "dE_dw1", "dE_dw2", "delta_1", "dE_ds1", "delta_2", "dE_ds2", "dE_dout"]),
        ("step_by_step", ["dE_dw5", "delta_h1", "dE_dout_h1", "delta_o1", "dE_dout_o1", "dE_dE_o1"]),
        ("four_three_two", ["dE_dw18", "dE_db2", "delta_h1", "dE_dh1", "delta_o2"]),
        ("hidden_layer", ["dWh", "dWo", "delta_1", "dl1", "delta_2", "dl2"]),
        ("xor_class", ["dweights1", "dweights2", "delta_1", "dlayer1"]),
    ],
)
def test_gradients_have_the_names_of_the_page(net: str, names: list[str]) -> None:
    graph = load(net).graph
    found = [gradient_name(graph, name) for name in graph.names("parameter", "intermediate")]
    assert [name for name in names if name not in found] == []


def test_every_network_is_whole() -> None:
    for net in bundled():
        network = load(net)
        graph = network.graph
        assert network.id == net and network.title and network.source and network.remarks
        assert "simultaneous" in network.updates and network.document_update.name == "document"
        assert set(network.initial) == set(graph.names("parameter"))
        assert [graph.quantities[name].role for name in graph.outputs] == ["intermediate"] * len(graph.outputs)
        assert graph.shape(graph.loss) == () and list(graph.quantities)[-1] in (graph.loss, *(e.name for e in network.derived))
        assert replace(network) == load(net)


def test_layers_hold_the_units_of_the_page() -> None:
    assert load("two_node").layers == ()
    assert load("step_by_step").layers == (("i1", "i2"), ("h1", "h2"), ("o1", "o2"))
    assert load("four_three_two").layers == (("x1", "x2", "x3", "x4"), ("h1", "h2", "h3"), ("o1", "o2"))
    assert [len(units) for units in load("hidden_layer").layers] == [3, 4, 1]


def test_shapes_carry_the_batch() -> None:
    network = load("hidden_layer")
    shapes = {name: quantity.shape for name, quantity in network.graph.quantities.items()}
    assert network.batch == "m" and network.graph.quantities["m"].role == "dimension"
    expected = {"X": ("m", 3), "y": ("m", 1), "Wh": (3, 4), "z1": ("m", 4), "l2": ("m", 1), "E": (), "error": ()}
    assert {name: shapes[name] for name in expected} == expected
    assert shapes["l1_delta"] == ("m", 4)
