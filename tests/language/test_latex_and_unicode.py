"""LaTeX and Unicode, in pairs of text and the Python notation of the same term."""

from __future__ import annotations

import pytest

from symprop.errors import TextError
from symprop.language import Names, read, readings
from symprop.terms import Entry, MatMul, Mul, Ref, Sum, Transpose, Typography

NAMES = Names(
    Names.of("w0", "s0", "s1", "w2", "s2", "x", "x_1", "z", "t", "m", "alpha", "delta1", "delta_o1", "net_h1", "out_o1").declared
    | Names.of("yhat", "yhat_1", "y", "y_1", "theta", "E", "E_total", "w5", "w_ij", "w_11", "eta", "a", "b", "o1").declared
    | {
        "w_new": Typography("w", "5", superscript="+"),
        "a2": Typography("a", "j", superscript="(2)"),
        "l1_delta": Typography("Delta", "1"),
        "mu": Typography("mu", accent="bar"),
        "that": Typography("theta", accent="hat"),
    }
)
ARRAYS = Names.of("alpha", W=2, X=2, delta=2, a=2, w=1, Wo=2)

PAIRS = [
    # names
    ("w_0", "w0"),
    ("w_{0}", "w0"),
    ("w₀", "w0"),
    (r"\mathbf{w}_0", "w0"),
    (r"\mathbf w_0", "w0"),
    (r"\text{out}_{o1}", "out_o1"),
    (r"\mathrm{out}_{o_1}", "out_o1"),
    (r"out_{o1}", "out_o1"),
    (r"\text{out}_{\text{o1}}", "out_o1"),
    (r"\operatorname{net}_{h1}", "net_h1"),
    (r"\mathit{out_{o1}}", "out_o1"),
    (r"\delta_{o1}", "delta_o1"),
    (r"\delta_1", "delta1"),
    ("δ₁", "delta1"),
    ("δₒ₁", "delta_o1"),
    ("δ_o1", "delta_o1"),
    ("δo1", "delta_o1"),
    ("θ̂", "that"),
    (r"\hat{y}", "yhat"),
    (r"\hat y", "yhat"),
    (r"\hat{y}_1", "yhat_1"),
    (r"\hat{y}_{1}", "yhat_1"),
    (r"\widehat{y_1}", "yhat_1"),
    (r"\hat{\mathbf{y}}_1", "yhat_1"),
    ("ŷ", "yhat"),
    ("y\u0302", "yhat"),
    ("ŷ₁", "yhat_1"),
    ("y_hat_1", "yhat_1"),
    (r"\bar\mu", "mu"),
    (r"\cosh x", "cosh(x)"),
    (r"\sinh^2(x)", "sinh(x)**2"),
    (r"\coth(x)\csch(x)", "coth(x)*csch(x)"),
    (r"\operatorname{sech}^{2}\left(x\right)", "sech(x)**2"),
    ("sech²(x)", "sech(x)**2"),
    ("E_{total}", "E_total"),
    (r"E_{\mathrm{total}}", "E_total"),
    ("w_{ij}", "w_ij"),
    ("w_{1,1}", "w_11"),
    ("w_{11}^{2}", "w_11**2"),
    ("w^2_{11}", "w_11**2"),
    (r"\Delta_1", "l1_delta"),
    ("Δ₁", "l1_delta"),
    ("w_5^{+}", "w_new"),
    ("w_{5}^+", "w_new"),
    ("w_5^+ s_2", "w_new*s2"),
    ("w_5^+(1-s_2)", "w_new*(1 - s2)"),
    ("w5^+2", "w5**2"),
    ("w₅⁺", "w_new"),
    ("w5⁺", "w_new"),
    ("w5_new", "w_new"),
    ("w_5^{new}", "w_new"),
    ("a_j^{(2)}", "a2"),
    ("a^{(2)}_j", "a2"),
    ("{w_0}", "w0"),
    # products without signs
    ("s1(1-s1)", "s1*(1 - s1)"),
    ("s_1(1-s_1)", "s1*(1 - s1)"),
    ("w2s2", "w2*s2"),
    ("w_2s_2", "w2*s2"),
    (r"w_2 s_2", "w2*s2"),
    (r"w_{2}s_{2}", "w2*s2"),
    ("2x", "2*x"),
    ("2xy", "2*x*y"),
    ("xy_1", "x*y_1"),
    (r"\alpha s_0", "alpha*s0"),
    ("αδ₁s₀", "alpha*delta1*s0"),
    ("αs0", "alpha*s0"),
    ("alpha delta1 s0", "alpha*delta1*s0"),
    (r"(a+b)(a-b)", "(a + b)*(a - b)"),
    ("x e^{-x}", "x*exp(-x)"),
    ("xe^{-x}", "x*exp(-x)"),
    ("2πx", "2*pi*x"),
    (r"2\pi x", "2*pi*x"),
    ("x²y", "x**2*y"),
    # signs
    ("w₀ − α·δ₁·s₀", "w0 - alpha*delta1*s0"),
    (r"w_0 - \alpha\,\delta_1 \cdot s_0", "w0 - alpha*delta1*s0"),
    (r"a \times b \div 2", "a*b/2"),
    ("a ÷ b", "a/b"),
    ("a × b", "a*b"),
    ("x⁻¹", "x**-1"),
    ("x²", "x**2"),
    ("x^{-2}", "x**-2"),
    ("x^{a+b}", "x**(a + b)"),
    ("½(t−z)²", "1/2*(t - z)**2"),
    ("½x", "1/2*x"),
    ("x^½", "x**(1/2)"),
    ("√x", "sqrt(x)"),
    ("√(x + 1)", "sqrt(x + 1)"),
    (r"\frac{1}{2}(t-z)^2", "1/2*(t - z)**2"),
    (r"\tfrac12 x", "1/2*x"),
    (r"\frac ab", "a/b"),
    (r"\dfrac{a + b}{m}", "(a + b)/m"),
    (r"\frac{1}{m}\left[a - b\right]", "1/m*(a - b)"),
    (r"\left\{a - b\right\} \quad x", "(a - b)*x"),
    (r"\bigl(a - b\bigr)\!\;x", "(a - b)*x"),
    (r"\sqrt{x}", "sqrt(x)"),
    (r"\sqrt2 x", "sqrt(2)*x"),
    (r"\sqrt[3]{x}", "x**(1/3)"),
    (r"\left|x - y\right|", "abs(x - y)"),
    ("|x||y|", "abs(x)*abs(y)"),
    ("||x| - y|", "abs(abs(x) - y)"),
    (r"\lvert x\rvert", "abs(x)"),
    # functions
    (r"\sigma(x_1)", "sigmoid(x_1)"),
    ("σ(z)", "sigmoid(z)"),
    (r"\sigma\left(z\right)(1-\sigma(z))", "sigmoid(z)*(1 - sigmoid(z))"),
    (r"\sigma'(x_1)", "sigmoid(x_1)*(1 - sigmoid(x_1))"),
    ("σ′(z)", "sigmoid(z)*(1 - sigmoid(z))"),
    (r"\sigma^{\prime}(z)", "sigmoid(z)*(1 - sigmoid(z))"),
    (r"\tanh'(z)", "1 - tanh(z)**2"),
    (r"\operatorname{ReLU}(z)", "relu(z)"),
    (r"\exp(-x)", "exp(-x)"),
    (r"\frac{1}{1+e^{-x}}", "1/(1 + exp(-x))"),
    (r"\frac{1}{1+\mathrm{e}^{-x}}", "1/(1 + exp(-x))"),
    (r"\ln x", "log(x)"),
    (r"\log{x}", "log(x)"),
    (r"\tanh^2 z", "tanh(z)**2"),
    (r"1-\tanh^{2}(z)", "1 - tanh(z)**2"),
    (r"\max(0, z)", "maximum(0, z)"),
    # derivatives
    ("∂E/∂w0", "dE_dw0"),
    (r"\partial E / \partial w_0", "dE_dw0"),
    ("∂E/∂w₅", "dE_dw5"),
    (r"\frac{\partial E}{\partial w_5}", "dE_dw5"),
    (r"\frac{\partial E_{total}}{\partial w_5} x", "dE_total_dw5*x"),
    (r"\frac{dE}{dw_{5}}", "dE_dw5"),
    (r"\frac{d\text{out}_{o1}}{d\text{net}_{h1}}", "dout_o1_dnet_h1"),
    (r"w_5 - \eta\frac{\partial E}{\partial w_5}", "w5 - eta*dE_dw5"),
    # around the formula
    ("$w_0$", "w0"),
    ("$$w_0$$", "w0"),
    (r"\(w_0\)", "w0"),
    (r"\[ w_0 \]", "w0"),
    ("ｗ0 ＋ ｓ0", "w0 + s0"),
    ("𝑥 + 𝒚", "x + y"),
    ("x\u00a0+\u2009y", "x + y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "python"), PAIRS, ids=[text for text, _ in PAIRS])
def test_reads_as(text: str, python: str) -> None:
    assert read(text, NAMES, "auto") == read(python, NAMES)


W, X, DELTA, A = (Ref(name) for name in ("W", "X", "delta", "a"))
ARRAY_PAIRS = [
    (r"W^T \delta", MatMul(Transpose(W), DELTA)),
    (r"W^{T}\delta", MatMul(Transpose(W), DELTA)),
    (r"\mathbf{W}^{\top}\boldsymbol{\delta}", MatMul(Transpose(W), DELTA)),
    (r"W^\intercal\delta", MatMul(Transpose(W), DELTA)),
    ("Wᵀδ", MatMul(Transpose(W), DELTA)),
    ("W^TX", MatMul(Transpose(W), X)),
    ("W.T @ delta", MatMul(Transpose(W), DELTA)),
    (r"\alpha X^T\delta", Mul((Ref("alpha"), MatMul(Transpose(X), DELTA)))),
    (r"\delta W^T \odot a", Mul((MatMul(DELTA, Transpose(W)), A))),
    (r"a \circ W^T\delta", Mul((A, MatMul(Transpose(W), DELTA)))),
    ("a ⊙ a ∘ a", Mul((A, A, A))),
    ("a*W.T@delta", MatMul(Mul((A, Transpose(W))), DELTA)),
    ("W_{12}", Entry("W", (0, 1))),
    ("W₁₂", Entry("W", (0, 1))),
    ("Wo_{1,2}", Entry("Wo", (0, 1))),
    ("Wo[1,2]", Entry("Wo", (0, 1))),
    ("w_3", Entry("w", (2,))),
    (r"\sum X", Sum(X)),
    ("∑X", Sum(X)),
    (r"\sum_{\mathrm{rows}} X \odot a", Sum(Mul((X, A)), 0)),
    (r"\alpha\,\sum_{\text{columns}} X", Mul((Ref("alpha"), Sum(X, 1)))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "term"), ARRAY_PAIRS, ids=[text for text, _ in ARRAY_PAIRS])
def test_reads_arrays(text: str, term: object) -> None:
    assert [reading.term for reading in readings(text, ARRAYS)] == [term]


REFUSED = [
    ("х + 1", 0, "CYRILLIC SMALL LETTER HA (U+0445) is not part of any name here"),
    ("w\u043e", 1, "CYRILLIC SMALL LETTER O"),
    ("Α*x", 0, "GREEK CAPITAL LETTER ALPHA"),
    ("x\u200b+1", 1, "ZERO WIDTH SPACE (U+200B)"),
    ("x\u202e+1", 1, "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
    ("x\u2062y", 1, "INVISIBLE TIMES"),
    ("x\x00", 1, "U+0000"),
    ("٣*x", 0, "ARABIC-INDIC DIGIT THREE"),
    ("é", 0, "LATIN SMALL LETTER E WITH ACUTE"),
    ("1½x", 1, "mixed number"),
    ("x 😀", 2, "not part of the language"),
    (r"\foo{x}", 0, r"unknown command '\foo'"),
    (r"\sigm(x)", 0, "did you mean 'sigma'"),
    (r"\begin{pmatrix}1\end{pmatrix}", 0, "environments"),
    (r"\sum_i x", 0, "write its terms out"),
    (r"\sum_{k=1}^2 x", 0, "write its terms out"),
    ("∑x", 0, "write its terms out"),
    (r"a \\", 4, "empty"),
    ("a b \\", 4, "begins a LaTeX command, whose name is missing"),
    (r"\hat{x+y}", 0, "must stand over one letter"),
    (r"\frac{a}", 8, "ends too early"),
    (r"\sqrt", 5, "ends too early"),
    ("x^", 2, "ends too early"),
    ("w_9", 0, "unknown name 'w_9'"),
    ("w_{9}", 0, "unknown name 'w_9'"),
    (r"\log_2 x", 0, "unknown name 'log_2'"),
    (r"\tanh^{-1}(x)", 6, "positive whole exponent"),
    ("w_5^{(3)}", 3, "part of a name, not a power"),
    ("x^T", 2, "unknown name 'T'"),
    ("y'", 1, "only a function has a prime"),
    (r"\left(x\right]", 13, "expected ')'"),
    ("{x", 0, "'{' is never closed"),
    ("|x", 0, "'|' is never closed"),
    ("x 2", 2, "a sign is missing before the number 2"),
    ("x2", 0, "unknown name 'x2'"),
    ("δo2", 0, "unknown name 'δo2'; did you mean 'delta_o1'?"),
    ("~x", 0, "not part of the language"),
    ("w0 -= x", 3, "write the new value out"),
]


@pytest.mark.parametrize(("text", "position", "message"), REFUSED, ids=[ascii(text) for text, _, _ in REFUSED])
def test_refuses(text: str, position: int, message: str) -> None:
    with pytest.raises(TextError) as caught:
        readings(text, NAMES)
    assert message in caught.value.message
    assert (caught.value.position, caught.value.text) == (position, text)


def test_a_letter_of_a_declared_name_is_allowed() -> None:
    assert read("größe + 1", Names.of("größe")) == read("g + 1", Names.of("g")).__class__((Ref("größe"), read("1", Names.of())))


def test_two_names_with_one_loose_spelling_are_told_apart() -> None:
    names = Names.of("w_11", "w_1_1")
    assert read("w_{11}", names, "latex") == Ref("w_11")
    assert read("w_{1,1}", names, "latex") == Ref("w_1_1")
