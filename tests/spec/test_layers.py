"""Layers: pairs of a description and the equations that it comes to."""

from typing import Any

import pytest

from symprop.errors import InputError
from symprop.graph import Network
from symprop.language import Names, read
from symprop.spec import network

TRAINING: dict[str, Any] = {"learning_rate": 0.1}


def built(layers: list[dict[str, Any]], loss: str = "half_sum_of_squares", **words: Any) -> Network:
    """Layers on inputs i1, i2, with every parameter that they name."""
    settings = {"loss": loss} | words.pop("network", {})
    tables: dict[str, Any] = {"id": "n", "inputs": {"i1": 0.1, "i2": 0.2}, "targets": {"t1": 0.3}, "training": TRAINING} | words
    parameters = dict.fromkeys(tables.pop("names", ("w1", "w2", "b_o1")), 0.5)
    return network(**{"parameters": parameters, "network": settings, "layers": layers} | tables)


def lines(made: Network) -> list[tuple[str, Any]]:
    return [(equation.name, equation.term) for equation in made.graph.equations]


def as_read(made: Network, *texts: str) -> list[tuple[str, Any]]:
    names = Names({name: quantity.typography for name, quantity in made.graph.quantities.items()})
    return [(name, read(text, names)) for name, text in (line.split(" = ") for line in texts)]


ONE: dict[str, Any] = {"size": 1, "activation": "tanh"}
BARE = ONE | {"bias": "none"}
OUT = "out_o1 = tanh(net_o1)"
NAMING = [
    (ONE, ("w1", "w2", "b_o1"), ["net_o1 = w1*i1 + w2*i2 + b_o1", OUT]),
    (ONE | {"bias": "layer"}, ("w1", "w2", "b1"), ["net_o1 = w1*i1 + w2*i2 + b1", OUT]),
    (BARE, ("w1", "w2"), ["net_o1 = w1*i1 + w2*i2", OUT]),
    (ONE | {"biases": ["c"]}, ("w1", "w2", "c"), ["net_o1 = w1*i1 + w2*i2 + c", OUT]),
    (BARE | {"units": ["q"], "net": "z{unit}", "output": "{unit}"}, ("w1", "w2"), ["zq = w1*i1 + w2*i2", "q = tanh(zq)"]),
    (BARE | {"weights": "w{source}{unit}"}, ("wi1o1", "wi2o1"), ["net_o1 = wi1o1*i1 + wi2o1*i2", OUT]),
    (BARE | {"weights": "w_{layer}{u}{s}"}, ("w_111", "w_112"), ["net_o1 = w_111*i1 + w_112*i2", OUT]),
    (ONE | {"weights": [["a", "b"]], "bias": "none"}, ("a", "b"), ["net_o1 = a*i1 + b*i2", OUT]),
    (
        ONE | {"weights": [["a"], ["b"]], "weights_by": "source", "bias": "none"},
        ("a", "b"),
        ["net_o1 = a*i1 + b*i2", OUT],
    ),
    ({"size": 1, "bias": "none"}, ("w1", "w2"), ["out_o1 = w1*i1 + w2*i2"]),
]


@pytest.mark.parametrize(("layer", "names", "expected"), NAMING)
def test_a_layer_is_written_with_its_names(layer: dict[str, Any], names: tuple[str, ...], expected: list[str]) -> None:
    made = built([layer], names=names)
    assert lines(made)[:-1] == as_read(made, *expected)


TWO = {"targets": {"t1": 0.3, "t2": 0.4}, "names": ("w1", "w2", "w3", "w4")}
LOSSES = [
    ("half_sum_of_squares", "tanh", "E = 1/2*(t1 - out_o1)**2 + 1/2*(t2 - out_o2)**2"),
    ("sum_of_squares", "tanh", "E = (t1 - out_o1)**2 + (t2 - out_o2)**2"),
    ("mean_squared", "tanh", "E = ((t1 - out_o1)**2 + (t2 - out_o2)**2)/2"),
    ("binary_cross_entropy", "sigmoid", "E = (binary_cross_entropy(net_o1, t1) + binary_cross_entropy(net_o2, t2))/2"),
    ("softmax_cross_entropy", "softmax", "E = logsumexp(net_o1, net_o2) - (t1*net_o1 + t2*net_o2)"),
    ("binary_cross_entropy", "identity", "E = (binary_cross_entropy(out_o1, t1) + binary_cross_entropy(out_o2, t2))/2"),
    ("softmax_cross_entropy", "identity", "E = logsumexp(out_o1, out_o2) - (t1*out_o1 + t2*out_o2)"),
    ("(t1 - out_o1)**2*out_o2 + t2", "tanh", "E = (t1 - out_o1)**2*out_o2 + t2"),
]


@pytest.mark.parametrize(("loss", "activation", "expected"), LOSSES)
def test_a_loss_is_written_unit_by_unit(loss: str, activation: str, expected: str) -> None:
    made = built([{"size": 2, "activation": activation, "bias": "none"}], loss, **TWO)
    assert lines(made)[-1:] == as_read(made, expected)


def test_softmax_of_single_symbols_is_written_out() -> None:
    made = built([{"size": 2, "activation": "softmax", "bias": "none"}], "softmax_cross_entropy", **TWO)
    expected = as_read(made, *(f"out_{unit} = exp(net_{unit} - logsumexp(net_o1, net_o2))" for unit in ("o1", "o2")))
    assert [line for line in lines(made) if line[0].startswith("out")] == expected
    assert made.graph.deltas == {"net_o1": "delta_o1", "net_o2": "delta_o2"}


def test_a_softmax_of_one_unit_is_refused() -> None:
    with pytest.raises(InputError, match="layers.1.: expected at least 2 units for softmax, got 1"):
        built([{"size": 1, "activation": "softmax", "bias": "none"}], "softmax_cross_entropy", names=("w1", "w2"))


def test_units_and_layers_may_be_listed_either_way() -> None:
    layer = {"size": 2, "activation": "tanh", "bias": "none"}
    order = [name for name, _ in lines(built([layer], **TWO))]
    assert order == ["net_o1", "out_o1", "net_o2", "out_o2", "E"]
    order = [name for name, _ in lines(built([layer], network={"order": "layer"}, **TWO))]
    assert order == ["net_o1", "net_o2", "out_o1", "out_o2", "E"]


def test_weights_are_numbered_through_the_layers() -> None:
    made = built([BARE, BARE], names=("w1", "w2", "w3"))
    assert lines(made)[:4] == as_read(
        made, "net_h1 = w1*i1 + w2*i2", "out_h1 = tanh(net_h1)", "net_o1 = w3*out_h1", "out_o1 = tanh(net_o1)"
    )
    assert made.layers == (("i1", "i2"), ("h1",), ("o1",))


def test_patterns_do_not_share_a_weight_between_layers() -> None:
    with pytest.raises(InputError, match="layers.2.: expected patterns that name everything once, got a second 'w11'"):
        built([BARE | {"weights": "w{u}{s}"}] * 2, names=("w11", "w12"))


def test_a_shared_bias_and_a_shared_matrix_are_written_on_purpose() -> None:
    made = built([ONE | {"size": 2, "biases": "b"}], names=("w1", "w2", "w3", "w4", "b"), targets=TWO["targets"])
    assert lines(made)[2:3] == as_read(made, "net_o2 = w3*i1 + w4*i2 + b")
    square = {"size": 3, "activation": "tanh", "bias": "none", "weights": "W"}
    made = matrices([square, square, {"size": 2, "bias": "none"}], "sum_of_squares", W={**WEIGHTS, "shape": [3, 3]}, W3=WEIGHTS)
    assert lines(made)[:-1] == as_read(made, "Z1 = X @ W", "A1 = tanh(Z1)", "Z2 = A1 @ W", "A2 = tanh(Z2)", "A3 = A2 @ W3")


def test_a_weight_may_be_shared() -> None:
    made = built([ONE | {"weights": [["w", "w"]], "bias": "none"}], names=("w",))
    assert lines(made)[:1] == as_read(made, "net_o1 = w*i1 + w*i2")


def test_errors_are_equations_of_their_own_where_they_are_named() -> None:
    layer = {"size": 2, "activation": "tanh", "bias": "none"}
    made = built([layer], network={"errors": "E_{unit}"}, **TWO)
    assert lines(made)[-3:] == as_read(made, "E_o1 = 1/2*(t1 - out_o1)**2", "E_o2 = 1/2*(t2 - out_o2)**2", "E = E_o1 + E_o2")


@pytest.mark.parametrize("pattern", ["E", "out_{unit}", "E_{unt}", "E {unit}", 3])
def test_errors_need_names_of_their_own(pattern: object) -> None:
    with pytest.raises(InputError, match="network.(errors|loss): expected"):
        built([{"size": 2, "activation": "tanh", "bias": "none"}], network={"errors": pattern}, **TWO)


def test_a_loss_of_whole_rows_has_no_errors_of_units() -> None:
    with pytest.raises(InputError, match="no names: the loss softmax_cross_entropy has no errors of single units"):
        layer = {"size": 2, "activation": "softmax", "bias": "none"}
        built([layer], "softmax_cross_entropy", network={"errors": "E_{unit}"}, **TWO)


BATCH = {"inputs": {"i1": [0.1, 0.2, 0.3], "i2": [0.4, 0.5, 0.6]}, "targets": {"t1": [0, 1, 0]}}


@pytest.mark.parametrize(
    ("loss", "expected"),
    [("half_sum_of_squares", "E = sum(1/2*(t1 - out_o1)**2)"), ("mean_squared", "E = mean((t1 - out_o1)**2)")],
)
def test_samples_are_added_or_averaged(loss: str, expected: str) -> None:
    made = built([ONE], loss, **BATCH)
    assert lines(made)[-1:] == as_read(made, expected)
    assert made.batch == "m" and made.graph.shape("net_o1") == ("m",) and made.graph.shape("w1") == ()


CLIPPED = "t1*log(maximum(out_o1, {eps})) + (1 - t1)*log(maximum(1 - out_o1, {eps}))"


def test_cross_entropy_of_raw_probabilities_is_clipped() -> None:
    made = built([ONE], "clipped_binary_cross_entropy")
    assert lines(made)[-1:] == as_read(made, f"E = -({CLIPPED.format(eps='1e-12')})")
    made = built([ONE], "clipped_binary_cross_entropy", network={"eps": 0.001})
    assert lines(made)[-1:] == as_read(made, f"E = -({CLIPPED.format(eps='0.001')})")


def test_weights_may_be_penalised_but_not_biases() -> None:
    made = built([ONE], network={"l2": 0.01})
    assert lines(made)[-1:] == as_read(made, "E = 1/2*(t1 - out_o1)**2 + 1/2*0.01*w1**2 + 1/2*0.01*w2**2")
    made = built([ONE], "mean_squared", network={"l2": 0.01}, **BATCH)
    assert lines(made)[-1:] == as_read(made, "E = mean((t1 - out_o1)**2) + 1/2*0.01*w1**2 + 1/2*0.01*w2**2")
    made = built([ONE], network={"l2": 0})
    assert lines(made)[-1:] == as_read(made, "E = 1/2*(t1 - out_o1)**2")


def test_too_many_penalised_symbols_are_refused() -> None:
    layer = {"size": 101, "activation": "tanh", "bias": "none"}
    last = {"size": 1, "bias": "none"}
    names = tuple(f"w{k}" for k in range(1, 304))
    with pytest.raises(InputError, match="network.l2: expected at most 200 weights with a symbol each, got 303; write style"):
        built([layer, last], names=names, network={"l2": 0.01})


def test_the_batch_may_have_another_name() -> None:
    made = built([ONE | {"weights": [["m", "w2"]]}], batch="n", names=("m", "w2", "b_o1"), **BATCH)
    assert made.batch == "n" and made.graph.shape("out_o1") == ("n",) and made.graph.shape("m") == ()
    with pytest.raises(InputError, match="batch: expected a name used once, got 'm', also a quantity"):
        built([ONE | {"weights": [["m", "w2"]]}], names=("m", "w2", "b_o1"), **BATCH)


def matrices(layers: list[dict[str, Any]], loss: str, l2: Any = 0, **parameters: Any) -> Network:
    data = {"inputs": {"X": {"shape": ["m", 3]}}, "targets": {"Y": {"shape": ["m", 2]}}}
    words = {"id": "n", "training": TRAINING, "network": {"style": "matrix", "loss": loss, "l2": l2}}
    return network(**data, **words, parameters=parameters, layers=layers)


WEIGHTS = {"shape": [3, 2], "draw": "legacy_uniform", "scale": "sqrt(2/3)"}


@pytest.mark.parametrize(
    ("loss", "activation", "expected"),
    [
        ("half_sum_of_squares", "tanh", "E = 1/2*sum((Y - A1)**2)"),
        ("sum_of_squares", "tanh", "E = sum((Y - A1)**2)"),
        ("mean_squared", "tanh", "E = mean((Y - A1)**2)"),
        ("binary_cross_entropy", "sigmoid", "E = mean(binary_cross_entropy(Z1, Y))"),
        ("softmax_cross_entropy", "softmax", "E = sum(softmax_cross_entropy(Z1, Y))/m"),
    ],
)
def test_matrices_have_one_equation_for_each_stage(loss: str, activation: str, expected: str) -> None:
    made = matrices([{"size": 2, "activation": activation}], loss, W1=WEIGHTS, b1={"shape": [2], "value": 0})
    assert lines(made) == as_read(made, "Z1 = X @ W1 + b1", f"A1 = {activation}(Z1)", expected)
    assert [made.graph.shape(name) for name in ("X", "b1", "Z1", "A1", "E")] == [("m", 3), (2,), ("m", 2), ("m", 2), ()]
    assert made.graph.deltas == {"Z1": "delta_1"} and made.graph.outputs == ("A1",)
    assert "X" not in made.data and made.layers == (("x1", "x2", "x3"), ("o1", "o2"))


def test_a_matrix_is_penalised_by_its_sum_of_squares() -> None:
    made = matrices([{"size": 2, "activation": "tanh"}], "half_sum_of_squares", l2=0.001, W1=WEIGHTS, b1={"shape": [2], "value": 0})
    assert lines(made)[-1:] == as_read(made, "E = 1/2*sum((Y - A1)**2) + 1/2*0.001*sum(W1**2)")


def test_inputs_and_targets_may_be_counted() -> None:
    words: dict[str, Any] = {"id": "n", "training": TRAINING, "layers": [ONE], "network": {"inputs": 2, "targets": 1}}
    made = network(**words, parameters={"w1": 1, "w2": 2, "b_o1": 3})
    assert made.graph.names("input") == ("i1", "i2") and made.graph.names("target") == ("t1",) and made.data == {}
    words["network"] = {"inputs": ["a", "b"], "targets": ["t"]}
    assert network(**words, parameters={"w1": 1, "w2": 2, "b_o1": 3}).graph.names("input", "target") == ("a", "b", "t")


def test_equations_may_follow_the_layers() -> None:
    made = network(
        id="n", inputs={"i1": 1}, targets={"t": 1}, parameters={"w1": 2}, training=TRAINING, layers=[{"size": 1, "bias": "none"}],
        equations={"penalty": "w1**2", "E": "abs(t - out_o1) + penalty"},
    )  # fmt: skip
    assert [name for name, _ in lines(made)] == ["out_o1", "penalty", "E"] and made.graph.loss == "E"


def test_a_bias_among_the_constants_is_not_learned() -> None:
    made = built([ONE], names=("w1", "w2"), constants={"b_o1": 0.35})
    assert made.graph.names("constant") == ("b_o1",) and made.graph.names("parameter") == ("w1", "w2")


@pytest.mark.parametrize("given", ["inputs", "parameters"])
def test_layers_on_arrays_are_matrices_unless_the_style_is_written(given: str) -> None:
    """One cause: nobody who gives arrays is asked for a symbol per weight."""
    words: dict[str, Any] = {
        "id": "n",
        "inputs": {"X": {"shape": ["m", 2]}} if given == "inputs" else {},
        "targets": {"Y": {"shape": ["m", 1]}},
        "parameters": {"W1": [[0.1], [0.2]], "b1": [0.3]},
        "layers": [ONE | {"bias": "unit"}],
        "training": TRAINING,
    }
    settings = {"inputs": 2, "targets": 1} if given == "parameters" else {}
    made = network(**words, network=settings)
    assert made == network(**words, network={**settings, "style": "matrix"})
    with pytest.raises(InputError, match="expected a value for this parameter of layer 1"):
        network(**words, network={**settings, "style": "scalar"})
