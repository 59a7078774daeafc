"""Every printed line, recomputed from its own text by a calculator that shares no code with symprop, is true.

The calculator reads Python notation; numbers are taken digit by digit from the text, functions from mpmath at 50 digits.
"""

import ast
import random
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

from symprop.derive import Derivation, derive
from symprop.errors import InputError, UnsupportedError, UsageError
from symprop.graph import Equation, Given, Value, new_name
from symprop.language import Names, read
from symprop.notation import text
from symprop.spec import load
from symprop.terms import Mul, Number, Ref, Sum, call, difference, number, product
from symprop.worked.digits import Digits
from symprop.worked.exact import exactly
from symprop.worked.lines import Line, Mode, Worked, differences, work

PRECISION = 50


def each(function: Any) -> Any:
    return np.frompyfunc(function, 1, 1)


FUNCTIONS = {
    "exp": each(mpmath.exp),
    "log": each(mpmath.log),
    "sqrt": each(mpmath.sqrt),
    "tanh": each(mpmath.tanh),
    "sigmoid": each(lambda z: 1 / (1 + mpmath.exp(-z))),
    "relu": each(lambda z: max(z, mpmath.mpf(0))),
    "step": each(lambda z: mpmath.mpf(int(z > 0))),
    "abs": each(abs),
    "sign": each(mpmath.sign),
    "maximum": np.frompyfunc(max, 2, 1),
}
OPERATORS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
    ast.MatMult: lambda a, b: a @ b,
}


def recompute(text: str, values: Mapping[str, Any] | None = None) -> Any:
    """The value of a printed formula; `values` holds arrays of mpmath numbers for the names that are left in it."""
    with mpmath.workdps(PRECISION):
        return Calculator(text, values or {}).value(ast.parse(text, mode="eval").body)


class Calculator:
    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self.text, self.values = text, values

    def value(self, node: ast.expr) -> Any:
        return getattr(self, type(node).__name__)(node)

    def Constant(self, node: ast.Constant) -> Any:
        return mpmath.mpf(ast.get_source_segment(self.text, node) or "")

    def Name(self, node: ast.Name) -> Any:
        return self.values[node.id]

    def UnaryOp(self, node: ast.UnaryOp) -> Any:
        assert isinstance(node.op, ast.USub)
        return -self.value(node.operand)

    def BinOp(self, node: ast.BinOp) -> Any:
        return OPERATORS[type(node.op)](self.value(node.left), self.value(node.right))

    def Attribute(self, node: ast.Attribute) -> Any:
        assert node.attr == "T"
        return self.value(node.value).T

    def Subscript(self, node: ast.Subscript) -> Any:
        assert isinstance(node.slice, ast.Tuple)
        return self.value(node.value)[tuple(int(index.value) - 1 for index in node.slice.elts)]  # type: ignore[attr-defined]

    def Call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        arguments = [self.value(argument) for argument in node.args]
        options = {option.arg: option.value for option in node.keywords}
        if node.func.id == "broadcast":
            return np.broadcast_to(arguments[0], self.value(options["like"]).shape)
        if node.func.id in ("sum", "mean"):
            axis = ast.literal_eval(options["axis"]) if "axis" in options else None
            total = np.sum(arguments[0], axis=axis, keepdims="keepdims" in options)
            count = arguments[0].size if axis is None else arguments[0].shape[axis]
            return total / count if node.func.id == "mean" else total
        return FUNCTIONS[node.func.id](*arguments)


def rounds_half_up_to(value: Any, printed: str) -> bool:
    """Whether a recomputed number, rounded half up to the last printed digit, is the printed number."""
    with mpmath.workdps(PRECISION):
        exact = Decimal(mpmath.nstr(value, 40, strip_zeros=False)) if isinstance(value, mpmath.mpf) else Decimal(value)
    return exact.quantize(Decimal(1).scaleb(Decimal(printed).as_tuple().exponent), ROUND_HALF_UP) == Decimal(printed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "printed", "agrees"),
    [
        ("0.15*0.05 + 0.20*0.10 + 0.35", "0.3775", True),
        ("0.15*0.05 + 0.20*0.10 + 0.35", "0.378", True),  # a tie, rounded up
        ("-(0.15*0.05 + 0.20*0.10 + 0.35)", "-0.378", True),
        ("0.15*0.05 + 0.20*0.10 + 0.35", "0.377", False),
        ("sigmoid(0.3775)", "0.593269992", True),
        ("(-0.3)*(0.2 - 1.4e-7)", "-0.059999958", True),
        ("2**3/3", "2.67", True),
        ("2**3/3", "2.66", False),
    ],
)
def test_by_hand(text: str, printed: str, agrees: bool) -> None:
    assert rounds_half_up_to(recompute(text), printed) is agrees


SETTINGS = [*(Digits(significant=count) for count in (3, 4, 6, 9)), *(Digits(decimals=count) for count in (4, 9))]


@cache
def derivation(net: str) -> Derivation:
    return derive(load(net))


def equations(net: str) -> tuple[Equation, ...]:
    """The forward pass, every gradient, and the step of every parameter."""
    network, steps = derivation(net).network, derivation(net).steps
    rate = Ref(network.training.rate)
    stepped = {name: difference(Ref(name), product((rate, Ref(steps[name].name)))) for name in network.graph.names("parameter")}
    updates = [Equation(new_name(name), term) for name, term in stepped.items()]
    return (*network.graph.equations, *(Equation(step.name, step.term) for step in steps.values()), *updates)


def drawn(shape: tuple[int, ...], rng: random.Random, places: int) -> Value:
    if not shape:
        return number(f"{rng.uniform(-1, 1):.{places}f}")
    return tuple(drawn(shape[1:], rng, places) for _ in range(shape[0]))


def written(net: str, seed: int) -> dict[str, Value]:
    """Random written values for the inputs, targets, constants and parameters of a network."""
    rng = random.Random(seed)
    network = derivation(net).network
    values: dict[str, Value] = {network.training.rate: number("0.5")}
    sizes = dict.fromkeys((each for shape in network.graph.shapes.values() for each in shape if isinstance(each, str)), 3)
    values.update({dimension: number(size) for dimension, size in sizes.items()})
    for name in network.graph.names("input", "target", "constant", "parameter"):
        shape = tuple(sizes[length] if isinstance(length, str) else length for length in network.graph.shape(name))
        values[name] = drawn(shape, rng, rng.choice((2, 4, 6)))
    return values


def worked(net: str, seed: int, mode: Mode) -> Worked:
    return work(equations(net), written(net, seed), SETTINGS[seed % len(SETTINGS)], mode)


def entries(value: Value) -> list[str]:
    return [value.text] if isinstance(value, Number) else [entry for part in value for entry in entries(part)]


def on_the_calculator(line: Line) -> list[Any]:
    """The entries of what the printed numbers of a line give; whole arrays are keyed in entry by entry."""
    arrays = {name: value for name, value in line.operands.items() if isinstance(value, tuple)}
    with mpmath.workdps(PRECISION):
        keyed = {name: np.vectorize(mpmath.mpf, otypes=[object])(np.array(texts(value))) for name, value in arrays.items()}
    return list(np.ravel(np.array(recompute(text(line.numbers), keyed), dtype=object)))


def texts(value: Value) -> Any:
    return value.text if isinstance(value, Number) else [texts(part) for part in value]


def true_as_printed(line: Line) -> bool:
    recomputed, shown = on_the_calculator(line), entries(line.value)
    if len(recomputed) == 1:
        recomputed *= len(shown)
    return all(map(agree, recomputed, shown))


def agree(value: Any, shown: str) -> bool:
    return value == 0 if Decimal(shown) == 0 else rounds_half_up_to(value, shown)


def test_200_random_networks_carried_reproduce_on_a_calculator_line_by_line() -> None:
    for seed in range(200):
        for line in worked("step_by_step", seed, "carry").lines:
            assert line.relation == "=" and true_as_printed(line), (seed, line.name, text(line.numbers), entries(line.value))


def test_200_random_networks_in_full_precision_say_equal_exactly_where_it_is_so() -> None:
    lines = [line for seed in range(200) for line in worked("step_by_step", seed, "full").lines]
    wrong = [line for line in lines if (line.relation == "=") != true_as_printed(line)]
    assert wrong == []
    given = written("step_by_step", 0)
    chained = [line for line in lines if not line.operands.keys() <= given.keys()]
    naive = sum(not true_as_printed(line) for line in chained) / len(chained)
    assert naive > 0.2, "if every line said '=', more than a fifth would be false: the test above can fail"


@pytest.mark.parametrize("net", ["two_node", "four_three_two", "xor_class", "single_layer", "hidden_layer"])
@pytest.mark.parametrize("mode", ["full", "carry"])
def test_every_bundled_network_with_random_values(net: str, mode: Mode) -> None:
    for seed in range(len(SETTINGS)):
        for line in worked(net, seed, mode).lines:
            assert (line.relation == "=") == true_as_printed(line), (net, seed, line.name)


def test_mazur_as_the_issue_tells_it() -> None:
    """With nine digits dE/dw5 prints 0.0821670406; its printed operands give 0.0821670408, which is what carrying prints."""
    network = derivation("step_by_step").network
    values = dict(network.data) | {network.training.rate: network.training.learning_rate}
    values |= {name: given.value for name, given in network.initial.items() if isinstance(given, Given)}
    full, carried = (work(equations("step_by_step"), values, Digits(significant=9), mode) for mode in ("full", "carry"))
    name = derivation("step_by_step").steps["w5"].name
    assert (entries(full.line(name).value), full.line(name).relation) == (["0.0821670406"], "≈")
    assert entries(carried.line(name).value) == ["0.0821670408"]
    assert text(full.line(name).numbers) == "0.138498562*0.593269992"
    assert [entries(run.line("w5_new").value) for run in (full, carried)] == [["0.358916480"]] * 2
    (cost,) = differences(carried, full, [name])
    assert cost.relative is not None and cost.relative.text == "2.9e-9"


def simple(source: Mapping[str, str], values: Mapping[str, str], digits: Digits, mode: Mode = "full") -> Worked:
    names = Names.of(*values, *source)
    made = [Equation(name, read(formula, names)) for name, formula in source.items()]
    return work(made, {name: number(value) for name, value in values.items()}, digits, mode)


def test_givens_print_as_written_and_negative_operands_keep_their_sign() -> None:
    line = simple({"y": "a - b*c + b"}, {"a": "0.20", "b": "-0.30", "c": "2e-3"}, Digits(significant=3)).line("y")
    assert text(line.numbers) == "0.20 - (-0.30)*2e-3 + (-0.30)"
    assert (entries(line.value), line.relation) == (["-0.0994"], "=")


def test_a_bare_number_on_the_right_prints_as_it_is() -> None:
    assert entries(simple({"one": "1"}, {}, Digits(significant=9)).line("one").value) == ["1"]


def test_a_tie_rounds_up_even_where_only_an_identity_makes_it_one() -> None:
    """exp(a)*exp(-a)/8 is 0.125, and no number of digits of its factors shows that."""
    line = simple({"y": "exp(a)*exp(-a)/8"}, {"a": "0.3"}, Digits(significant=2)).line("y")
    assert entries(line.value) == ["0.13"]


def test_a_saturated_unit_keeps_its_slope() -> None:
    """1 - sigmoid(300) is 5e-131, not 0; with printed digits it is 0, and the line says so."""
    unit = {"out": "sigmoid(a)", "slope": "out*(1 - out)"}
    run = simple(unit, {"a": "300"}, Digits(significant=3))
    assert entries(run.line("out").value) == ["1.00"]
    assert (entries(run.line("slope").value), run.line("slope").relation) == (["5.15e-131"], "≈")
    assert entries(simple(unit, {"a": "300"}, Digits(significant=3), "carry").values["slope"]) == ["0"]


@pytest.mark.parametrize("unit", ["tanh(a)", "sigmoid(2*a)", "erf(a)"])
def test_a_unit_too_saturated_for_its_slope_is_refused(unit: str) -> None:
    """1 - tanh(2000) is 1e-1737: neither 0 nor the width of an enclosure is its value."""
    assert entries(simple({"out": unit}, {"a": "2000"}, Digits(significant=3)).line("out").value) == ["1.00"]
    with pytest.raises(UnsupportedError, match=r"^slope: .*, nor by 960 digits; out: a unit is saturated: an argument is beyond"):
        simple({"out": unit, "slope": "1 - out"}, {"a": "2000"}, Digits(significant=3))


def test_the_difference_of_two_units_alike_is_zero() -> None:
    """Symmetric weights: no number of digits shows that w*tanh(a) - w*tanh(b) is 0 where a and b are the same number."""
    run = simple({"d": "w*tanh(a) - w*tanh(b)", "e": "(d - a)**2"}, {"w": "0.5", "a": "0.21", "b": "0.21"}, Digits(significant=3))
    assert (entries(run.line("d").value), run.line("d").relation) == (["0"], "=")
    assert entries(run.line("e").value) == ["0.0441"]


def test_shares_that_make_one_leave_zero() -> None:
    """The errors of a softmax add up to 0, which no number of digits shows; the sum was once printed as 2.2e-959."""
    shares = {"s": "exp(a) + exp(b) + exp(c)", "p": "exp(a)/s - 1", "q": "exp(b)/s", "r": "exp(c)/s"}
    run = simple({**shares, "g": "p + q + r"}, {"a": "0.66", "b": "0.49", "c": "0.59"}, Digits(significant=9))
    assert entries(run.line("g").value) == ["0"]


def test_a_kink_met_by_an_identity_is_decided_inside_a_formula() -> None:
    run = simple({"r": "w*step(tanh(a) - tanh(b))"}, {"w": "0.5", "a": "0.21", "b": "0.21"}, Digits(significant=3))
    assert (entries(run.line("r").value), run.line("r").relation) == (["0"], "=")


@pytest.mark.parametrize("mode", ["full", "carry"])
@pytest.mark.parametrize(
    ("formula", "size"),
    [("1/exp(a)", "small"), ("exp(a)", "large"), ("0.5**a", "small"), ("3**a", "large"), ("exp(a**20)", "large")],
)
def test_a_value_beyond_all_size_is_refused_at_once(formula: str, size: str, mode: Mode) -> None:
    """Each would be a fraction of more digits than the memory holds."""
    with pytest.raises(UnsupportedError, match=f"^y: a value .*is too {size} to be worked by hand"):
        simple({"y": formula}, {"a": "1e12"}, Digits(significant=3), mode)


def test_another_form_of_a_value_gets_its_own_relation() -> None:
    run = simple({"s": "sigmoid(a)", "d": "s*(1 - s)"}, {"a": "0.3775"}, Digits(significant=4))
    names = Names.of("s", "a")
    assert run.again("d", read("s - s**2", names)).relation == "="
    assert run.again("d", read("s*(1 - s) + a/1000", names)).relation == "≈"


def test_a_printed_denominator_of_zero_is_no_equality() -> None:
    run = simple({"d": "a - b", "q": "1/d"}, {"a": "1.0004", "b": "1.0003"}, Digits(decimals=3))
    assert entries(run.line("d").value) == ["1.000e-4"]
    assert run.line("q").relation == "="
    lossy = simple({"s": "sigmoid(a)", "q": "1/(1 - s)"}, {"a": "20"}, Digits(significant=4))
    assert lossy.line("q").relation == "≈"
    with pytest.raises(InputError, match="q: the value does not exist: division by zero"):
        simple({"s": "sigmoid(a)", "q": "1/(1 - s)"}, {"a": "20"}, Digits(significant=4), "carry")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(UsageError, match="'alpha' has no value"):
        work([Equation("y", Ref("alpha"))], {"alpa": number(1)}, Digits(significant=3))


def test_the_same_lines_every_time() -> None:
    assert worked("hidden_layer", 3, "full") == worked("hidden_layer", 3, "full")
    assert exactly(worked("hidden_layer", 3, "carry").values["Wo"]) == exactly(written("hidden_layer", 3)["Wo"])


def test_a_scalar_that_is_known_by_an_enclosure_multiplies_a_batch() -> None:
    equations = [Equation("s", call("exp", "w")), Equation("z", Mul((Ref("s"), Ref("x")))), Equation("y", Sum(Ref("z")))]
    worked = work(equations, {"w": number("0.3"), "x": (number(1), number(2))}, Digits(significant=6))
    assert [value.text for value in worked.values["z"]] == ["1.34986", "2.69972"]
    assert worked.values["y"].text == "4.04958"
