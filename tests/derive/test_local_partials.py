"""Local partial derivatives in pairs: an equation's right side, the name to differentiate by, and how the answer is written."""

from __future__ import annotations

from decimal import Inexact, getcontext

import pytest

from symprop.algebra import local_partials
from symprop.derive.arrays import contributions
from symprop.graph import Equation, Graph, Quantity
from symprop.language import Names, read
from symprop.notation.text import text
from symprop.terms import Ref, typography_of

NAMES = Names.of("t", "target", "out", "net", "w", "x", "b", "p", "q", "r", "z1", "z2", "lam", "x1", "w1", "w2", "i1", "i2")

LINEAR = [
    ("w1*i1 + w2*i2 + b", "w1", "i1", "linear factor"),
    ("w1*i1 + w2*i2 + b", "b", "1", "slope 1"),
    ("p - (q - r)", "q", "-1", "slope -1"),
    ("p - (q - r)", "r", "1", "slope 1"),
    ("w*x", "x", "w", "linear factor"),
    ("-w*x", "w", "-x", "linear factor"),
    ("w*i1 + w*i2", "w", "i1 + i2", "sum rule"),
    ("0.20*p", "p", "0.20", "linear factor"),
    ("p/q", "p", "1/q", "linear factor"),
    ("w*x/2", "w", "x/2", "linear factor"),
    ("2*(p - q)", "q", "-2", "linear factor"),
    ("p*(w*x)", "w", "p*x", "linear factor"),
    ("-(p**2 + q*p)/2", "q", "-p/2", "linear factor"),
    ("-(p**2 + q*p)/2", "p", "-(2*p + q)/2", "sum rule"),
    ("1/2*0.01*(w1**2 + w2**2 + w**2)", "w2", "0.01*w2", "power rule"),
]
POWERS = [
    ("1/2*(target - out)**2", "out", "-(target - out)", "power rule"),
    ("(target - out)**2/2", "out", "-(target - out)", "power rule"),
    ("0.5*(target - out)**2", "out", "-(target - out)", "power rule"),
    ("1/2*(out - target)**2", "out", "out - target", "power rule"),
    ("(target - out)**2", "out", "-2*(target - out)", "power rule"),
    ("(target - out)**2", "target", "2*(target - out)", "power rule"),
    ("p**3", "p", "3*p**2", "power rule"),
    ("p**3/6", "p", "p**2/2", "power rule"),
    ("0.1*p**3/0.3", "p", "p**2", "power rule"),
    ("p**-2", "p", "-2*p**(-3)", "power rule"),
    ("1/2*lam*w**2", "w", "lam*w", "power rule"),
    ("1/2*0.01*w**2", "w", "0.01*w", "power rule"),
    ("1e-7*w**2", "w", "2e-7*w", "power rule"),
    ("(w*x)**2", "w", "2*w*x*x", "power rule"),
    ("-w**2", "w", "-2*w", "power rule"),
]
PRODUCTS = [
    ("p*q*p", "p", "q*p + p*q", "product rule"),
    ("p*tanh(p)", "p", "tanh(p) + p*(1 - tanh(p)**2)", "product rule"),
    ("2*w*(p - w)*q", "w", "2*(p - w)*q - 2*w*q", "product rule"),
    ("1/q", "q", "-1/q**2", "quotient rule"),
    ("1/(1 + exp(-p) + q)", "q", "-1/(1 + exp(-p) + q)**2", "quotient rule"),
    ("(p**2 + r)/q", "p", "2*p/q", "sum rule"),
    ("p/q", "q", "-p/q**2", "quotient rule"),
    ("p/(p + q)", "p", "1/(p + q) - p/(p + q)**2", "quotient rule"),
    ("p/(p + q)", "q", "-p/(p + q)**2", "quotient rule"),
]
TANH = "tanh(sqrt(2/pi)*(net + 0.044715*net**3))"
TANH_SLOPE = f"(1 + {TANH})/2 + net/2*(1 - {TANH}**2)*sqrt(2/pi)*(1 + 0.134145*net**2)"
ACTIVATIONS = [
    ("sigmoid(net)", "net", "out*(1 - out)", "logistic slope"),
    ("1/(1 + exp(-net))", "net", "out*(1 - out)", "logistic slope"),
    ("sigmoid(w*x + b)", "w", "out*(1 - out)*x", "logistic slope"),
    ("tanh(net)", "net", "1 - out**2", "slope of tanh"),
    ("tanh(2*p)", "p", "2*(1 - out**2)", "slope of tanh"),
    ("relu(net)", "net", "step(net)", "slope of relu"),
    ("maximum(net, 0)", "net", "step(net)", "slope of relu"),
    ("gelu_tanh(net)", "net", TANH_SLOPE, "product rule"),
    ("maximum(0, net)", "net", "step(net)", "slope of the maximum"),
    ("leaky_relu(net)", "net", "step(net) + 0.01*(1 - step(net))", "slope of leaky_relu"),
    ("elu(net)", "net", "exp(minimum(net, 0))", "slope of elu"),
    ("softplus(net)", "net", "sigmoid(net)", "slope of softplus"),
    ("log(1 + exp(net))", "net", "sigmoid(net)", "slope of softplus"),
    ("gelu(net)", "net", "normal_cdf(net) + net*normal_pdf(net)", "product rule"),
    ("exp(net)", "net", "out", "slope of exp"),
    ("sqrt(net)", "net", "1/(2*out)", "slope of the square root"),
    ("exp(z1 - logsumexp(z1, z2))", "z1", "out*(1 - exp(z1 - logsumexp(z1, z2)))", "slope of exp"),
    ("exp(z1 - logsumexp(z1, z2))", "z2", "-out*exp(z2 - logsumexp(z1, z2))", "slope of exp"),
]
LOSSES = [
    ("-(t*log(out) + (1 - t)*log(1 - out))", "out", "-(t/out - (1 - t)/(1 - out))", "sum rule"),
    ("-t*log(out)", "out", "-t/out", "slope of log"),
    ("binary_cross_entropy(net, t)", "net", "sigmoid(net) - t", "cross-entropy after sigmoid"),
    ("binary_cross_entropy(w*x, t)", "w", "(sigmoid(w*x) - t)*x", "cross-entropy after sigmoid"),
    ("binary_cross_entropy(net, t)", "t", "-net", "cross-entropy after sigmoid"),
    ("-t*log(maximum(out, 1e-12))", "out", "-t*(step(out - 1e-12)/maximum(out, 1e-12))", "slope of log"),
    ("logsumexp(z1, z2) - (p*z1 + q*z2)", "z1", "exp(z1 - logsumexp(z1, z2)) - p", "sum rule"),
]
KINKS = [
    ("abs(target - out)", "out", "-sign(target - out)", "slope of the absolute value"),
    ("maximum(p, q)", "p", "step(p - q)", "slope of the maximum"),
    ("maximum(p, q)", "q", "step(q - p)", "slope of the maximum"),
    ("minimum(p, q)", "p", "step(q - p)", "slope of the minimum"),
    ("maximum(w*x, 0)", "w", "step(w*x)*x", "slope of relu"),
    ("step(p)", "p", "0", "slope of a step"),
    ("maximum(p, elu(0.3))", "p", "step(p - elu(0.3))", "slope of the maximum"),  # SymPy compares numbers with each other
    ("minimum(sigmoid(2), gelu(3))*p", "p", "minimum(sigmoid(2), gelu(3))", "linear factor"),
]


@pytest.mark.parametrize(("equation", "wrt", "expected", "rule"), [*LINEAR, *POWERS, *PRODUCTS, *ACTIVATIONS, *LOSSES, *KINKS])
def test_a_local_partial_is_written_as_in_a_textbook(equation: str, wrt: str, expected: str, rule: str) -> None:
    found = local_partials(read(equation, NAMES), "out" if "out" not in equation else None)[wrt]
    assert (text(found.term), found.rule) == (expected, rule)


def test_a_slope_in_output_form_needs_the_output() -> None:
    assert text(local_partials(read("sigmoid(net)", NAMES))["net"].term) == "sigmoid(net)*(1 - sigmoid(net))"
    assert text(local_partials(read("w*sigmoid(net)", NAMES), "out")["net"].term) == "w*sigmoid(net)*(1 - sigmoid(net))"


def scalar_graph(**texts: str) -> Graph:
    names = Names.of("w", "x", "t", "net", "out")
    equations = tuple(Equation(name, read(written, names)) for name, written in texts.items())
    names_by_role = {"w": "parameter", "x": "input", "t": "target"} | dict.fromkeys(texts, "intermediate")
    quantities = {name: Quantity(name, role, (), typography_of(name)) for name, role in names_by_role.items()}  # type: ignore[arg-type]
    return Graph(quantities, equations, "E", ("out",))


def test_a_value_that_has_a_name_is_called_by_it() -> None:
    graph = scalar_graph(net="w*x", out="sigmoid(net)", E="binary_cross_entropy(net, t)")
    (by_net, by_target) = contributions(graph, graph.equations[-1], Ref("dE"))
    assert text(by_net.term) == "dE*(out - t)" and text(by_net.local) == "out - t"
    assert by_target.quantity == "t"


def test_digits_do_not_depend_on_what_was_computed_before() -> None:
    getcontext().flags[Inexact] = True
    found = local_partials(read("1/2*0.37*w**2", NAMES))["w"]
    assert text(found.term) == "0.37*w"
