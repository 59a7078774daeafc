"""Python notation, in pairs of text and term."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symprop.errors import TextError
from symprop.language import Names, read
from symprop.terms import Add, Apply, Div, Entry, MatMul, Mean, Mul, Neg, Number, Partial, Power, Ref, Sum, Term, Transpose, number

NAMES = Names.of("a", "b", "c", "x", "s1", "w5", "E", "net_h1", "dE_da", W=2, X=2, v=1)
A, B, C, X_ = Ref("a"), Ref("b"), Ref("c"), Ref("x")
W, X = Ref("W"), Ref("X")
HALF = Number(Fraction(1, 2), "1/2")

PAIRS: list[tuple[str, Term]] = [
    ("a - b", Add((A, Neg(B)))),
    ("a - b - c + 2", Add((A, Neg(B), Neg(C), number(2)))),
    ("a - (b - c)", Add((A, Neg(Add((B, Neg(C))))))),
    ("(a + b) + c", Add((Add((A, B)), C))),
    ("a*b*c", Mul((A, B, C))),
    ("(a*b)*c", Mul((Mul((A, B)), C))),
    ("a*(b*c)", Mul((A, Mul((B, C))))),
    ("1/2*x", Mul((HALF, X_))),
    ("1/2/x", Div(HALF, X_)),
    ("x*1/2", Div(Mul((X_, number(1))), number(2))),
    ("1.0/2", Div(number("1.0"), number(2))),
    ("a/b/c", Div(Div(A, B), C)),
    ("a/b*c", Mul((Div(A, B), C))),
    ("-a*b", Neg(Mul((A, B)))),
    ("-a + b", Add((Neg(A), B))),
    ("a*-b", Mul((A, Neg(B)))),
    ("--a", Neg(Neg(A))),
    ("+a", A),
    ("-x**2", Neg(Power(X_, number(2)))),
    ("x**-2", Power(X_, number(-2))),
    ("x^-a*b", Mul((Power(X_, Neg(A)), B))),
    ("a**b**c", Power(A, Power(B, C))),
    ("2**-1", Power(number(2), number(-1))),
    ("-0.50", Number(Fraction(-1, 2), "-0.50")),
    (".5*a", Mul((number(".5"), A))),
    ("2e-3", number("2e-3")),
    ("2 x", Mul((number(2), X_))),
    ("sigmoid(net_h1)", Apply("sigmoid", (Ref("net_h1"),))),
    ("sigma(x)", Apply("sigmoid", (X_,))),
    ("ReLU(x)", Apply("relu", (X_,))),
    ("np.cosh(x)", Apply("cosh", (X_,))),
    ("math.sinh(x)", Apply("sinh", (X_,))),
    ("ln(x)", Apply("log", (X_,))),
    ("max(x, 0)", Apply("maximum", (X_, number(0)))),
    ("np.exp(-x)", Apply("exp", (Neg(X_),))),
    ("math.sqrt(2/3)", Apply("sqrt", (Number(Fraction(2, 3), "2/3"),))),
    ("pi*x", Mul((Apply("pi", ()), X_))),
    ("np.pi", Apply("pi", ())),
    ("e**(-x)", Apply("exp", (Neg(X_),))),
    ("e", Apply("exp", (number(1),))),
    ("exp(x)**2", Power(Apply("exp", (X_,)), number(2))),
    ("X @ W + v", Add((MatMul(X, W), Ref("v")))),
    ("X @ W @ v", MatMul(MatMul(X, W), Ref("v"))),
    ("X.T @ (W*X)", MatMul(Transpose(X), Mul((W, X)))),
    ("(X @ W).T", Transpose(MatMul(X, W))),
    ("X^T @ W", MatMul(Transpose(X), W)),
    ("np.dot(X, W)", MatMul(X, W)),
    ("X.T.dot(W)", MatMul(Transpose(X), W)),
    ("X.transpose() @ W", MatMul(Transpose(X), W)),
    ("np.square(a - b)", Power(Add((A, Neg(B))), number(2))),
    ("np.multiply(X, W)", Mul((X, W))),
    ("np.transpose(X)", Transpose(X)),
    ("sum(X)", Sum(X)),
    ("np.sum(X, axis=0)", Sum(X, 0)),
    ("X.sum(axis=-1, keepdims=True)", Sum(X, 1, True)),
    ("mean(abs(a - b))", Mean(Apply("abs", (Add((A, Neg(B))),)))),
    ("mean(X, axis=1)", Mean(X, 1)),
    ("W[1,2]", Entry("W", (0, 1))),
    ("v[3]**2", Power(Entry("v", (2,)), number(2))),
    ("dE_da", Ref("dE_da")),
    ("dE_dw5", Partial("E", "w5")),
    ("dE/dw5*a", Mul((Partial("E", "w5"), A))),
    ("sigmoid'(x)", Mul((Apply("sigmoid", (X_,)), Add((number(1), Neg(Apply("sigmoid", (X_,)))))))),
    ("tanh'(a*b)", Add((number(1), Neg(Power(Apply("tanh", (Mul((A, B)),)), number(2)))))),
    ("s1 (1 - s1)", Mul((Ref("s1"), Add((number(1), Neg(Ref("s1"))))))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "term"), PAIRS, ids=[text for text, _ in PAIRS])
def test_reads(text: str, term: Term) -> None:
    assert read(text, NAMES) == term


REFUSED = [
    ("", 0, "empty"),
    ("a +", 3, "ends too early"),
    ("a b c)", 5, "without its '('"),
    ("(a + b", 0, "never closed"),
    ("(a]", 2, "expected ')'"),
    ("a * / b", 4, "unexpected '/'"),
    ("sigmod(x)", 0, "unknown function 'sigmod'; did you mean 'sigmoid'?"),
    ("net_h2", 0, "unknown name 'net_h2'; did you mean 'net_h1'?"),
    ("ab", 0, "unknown name 'ab'"),
    ("a = b", 2, "'='"),
    ("a 2", 2, "a sign is missing before the number 2"),
    ("3,5*x", 1, "not a decimal sign"),
    ("sigmoid x", 8, "expected '('"),
    ("maximum(x)", 0, "takes 2 arguments in brackets, got 1"),
    ("exp(a, b)", 5, "expected ')'"),
    ("a[1]", 1, "only a declared array"),
    ("W[0,1]", 2, "the first entry has 1"),
    ("W[1]", 1, "expected 2 indices, got 1; write e.g. W[1,1]"),
    ("W[1][1]", 1, "expected 2 indices"),
    ("sum(X, axis=2)", 0, "no such axis"),
    ("sum(X, 0)", 7, "expected axis=0"),
    ("np.linalg(X)", 3, "np.linalg"),
    ("x.real", 1, "attributes"),
    ("1/0", 2, "division by zero"),
    ("a/(1 - 1)", 2, "division by zero"),
    ("softmax'(X)", 0, "slope"),
    ("sigmoid''(x)", 8, "second derivatives"),
    (r"\frac{a}{b}", 0, "LaTeX commands are not read here"),
]


@pytest.mark.parametrize(("text", "position", "message"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_refuses(text: str, position: int, message: str) -> None:
    with pytest.raises(TextError) as caught:
        read(text, NAMES)
    assert message in caught.value.message
    assert (caught.value.position, caught.value.text) == (position, text)


def test_open_names_become_references() -> None:
    names = Names(declared={}, open=True)
    assert read("w0*s0 + b_1", names) == Add((Mul((Ref("w0"), Ref("s0"))), Ref("b_1")))
    assert read("X.T @ exp(d)", names) == MatMul(Transpose(Ref("X")), Apply("exp", (Ref("d"),)))
    with pytest.raises(TextError, match="unknown function 'tahn'; did you mean 'tanh'"):
        read("tahn(x)", names)


def test_e_is_a_quantity_where_it_is_declared() -> None:
    assert read("e**x", Names.of("e", "x")) == Power(Ref("e"), Ref("x"))


def test_sigma_is_a_quantity_where_it_is_declared() -> None:
    sigma = Ref("sigma")
    assert read("sigma*(1 - sigma)", Names.of("sigma")) == read("sigma(1 - sigma)", Names.of("sigma"))
    assert read("sigma(1 - sigma)", Names.of("sigma")) == Mul((sigma, Add((number(1), Neg(sigma)))))


def test_strict_precedence_in_specs() -> None:
    assert read("1/2 x", NAMES) == Mul((HALF, X_))
    assert read("a/b c", NAMES) == Mul((Div(A, B), C))
