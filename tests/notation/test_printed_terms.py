"""Pairs of a term and what each format prints for it; laws of brackets, names and signs."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symprop.errors import UsageError
from symprop.language import Names, read
from symprop.notation import Notation, text
from symprop.notation.boxes import BOX_TYPES, Box
from symprop.notation.latex import box_latex, escaped, latex
from symprop.notation.layout import layout
from symprop.notation.mathml import box_mathml, math, mathml
from symprop.notation.speech import speech, spoken_name, spoken_number
from symprop.notation.symbols import array, symbol
from symprop.notation.width import width
from symprop.terms import Add, Broadcast, Mul, Neg, Partial, Ref, Transpose, Typography, number, typography_of

SCALARS = ("w0", "w1", "w5", "i1", "alpha", "out", "target", "net_h1", "out_o1", "E_total", "yhat_1", "m", "b", "eta", "c")
MATRICES = ("X", "W1", "Wo", "Y", "delta_2")
NAMES = Names.of(*SCALARS, **dict.fromkeys(MATRICES, 2))
MARKED = {"dE_dw5": Typography("dE", "dw5"), "w5_new": Typography("w", "5", "+"), "Z": Typography("Z", "", "(1)")}
TYPOGRAPHIES = {**NAMES.declared, **MARKED}
NOTATION = Notation(TYPOGRAPHIES, dict.fromkeys(MATRICES, (2, 2)), {"dE_dw5": Partial("E_total", "w5")})

LATEX = [
    ("w0 - alpha*(out - target)*w1*i1", r"w_0 - \alpha\,(\mathrm{out} - \mathrm{target})\,w_1 i_1"),
    ("out_o1*(1 - out_o1)", r"\mathrm{out}_{o1}\,(1 - \mathrm{out}_{o1})"),
    ("-(out - target)", r"-(\mathrm{out} - \mathrm{target})"),
    ("1/(1 + exp(-net_h1))", r"\frac{1}{1 + \exp(-\mathrm{net}_{h1})}"),
    ("(w0/b)/(1 + w1/c)", r"\frac{\dfrac{w_0}{b}}{1 + \dfrac{w_1}{c}}"),
    ("1/2*(yhat_1 - b)**2", r"\frac{1}{2}\,(\hat{y}_1 - b)^2"),
    ("0.05*(-0.3) + 0.20*2e-3", r"0.05 \cdot (-0.3) + 0.20 \cdot (2 \cdot 10^{-3})"),
    ("c - (-0.3)", r"c - (-0.3)"),
    ("2*c*3", r"2\,c \cdot 3"),
    ("0.74*(1 - 0.74)*0.59", r"0.74 \cdot (1 - 0.74) \cdot 0.59"),
    ("dE_total/dout_o1*(dout_o1/dw5)", r"\frac{\partial E_{\mathrm{total}}}{\partial\mathrm{out}_{o1}} \cdot "
                                        r"\frac{\partial\mathrm{out}_{o1}}{\partial w_5}"),
    ("(w0 + w1)*(w0 - w1)", r"(w_0 + w_1)\,(w_0 - w_1)"),
    ("out*target", r"\mathrm{out}\,\mathrm{target}"),
    ("(w0/w1)**2", r"\left( \frac{w_0}{w_1} \right)^2"),
    ("sigmoid(w0/w1)", r"\sigma\!\left( \frac{w_0}{w_1} \right)"),
    ("maximum(w0, 0) + relu(b)", r"\max(w_0, 0) + \operatorname{relu}(b)"),
    ("sqrt(2*pi) + abs(b)", r"\sqrt{2 \cdot \pi} + |b|"),
    ("X @ W1", r"X W_1"),
    ("X.T @ (Y*delta_2)", r"X^\top\,(Y \odot \delta_2)"),
    ("1/m*(X.T @ delta_2)", r"\frac{1}{m}\,X^\top \delta_2"),
    ("(X @ W1)*Y", r"(X W_1) \odot Y"),
    ("eta*Y", r"\eta Y"),
    ("(X @ W1).T", r"(X W_1)^\top"),
    ("sum((Y - X)**2)", r"\sum(Y - X)^2"),
    ("1/2*sum((Y - X)**2)", r"\frac{1}{2}\,\sum(Y - X)^2"),
    ("sum(Y)*c", r"(\sum Y)\,c"),
    ("W1.T**2", r"(W_1^\top)^2"),
    ("sum(Y - X, axis=0)", r"\sum_{\mathrm{rows}} (Y - X)"),
    ("mean(abs(Y))", r"\operatorname{mean}(|Y|)"),
    ("mean(Y, axis=1)", r"\operatorname{mean}_{\mathrm{columns}}(Y)"),
    ("Wo[1,2]*W1[2,1]", r"\mathrm{Wo}_{1, 2}\,W_{1;2, 1}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), LATEX)
def test_latex(source: str, expected: str) -> None:
    assert latex(read(source, NAMES), NOTATION) == expected


TEXT = [
    "w0 - alpha*(out - target)*w1*i1",
    "1/2*(yhat_1 - b)**2",
    "L1.T @ delta_2",
    "sum(X, axis=0, keepdims=True)",
    "Wo[1,1]",
    "-w0**2",
    "(-w0)**2",
    "w0/w1/b",
    "w0/(w1*b)",
    "w0/w1*b",
    "a0*(w1*b)",
    "w0 - (w1 - b)",
    "w0 + (-0.50)",
    "2e-3*w0",
    "sqrt(2*pi)",
    "w0**w1**b",
    "X @ W1 @ (W1 @ X)",
    "dE_total/dw5",
    "log1p(-b)",
    "0.20",
]


@pytest.mark.parametrize("line", TEXT)
def test_text_keeps_what_the_author_wrote(line: str) -> None:
    names = Names.of(*NAMES.declared, "a0", X=2, W1=2, Wo=2, delta_2=2, L1=2)
    assert text(read(line, names)) == line


SPEECH = [
    ("dE_total/dw5", "partial E total by partial w 5"),
    ("w0 - alpha*(out - target)", "w 0 minus alpha times open bracket out minus target close bracket"),
    ("1/m*c", "the fraction 1 over m end fraction times c"),
    ("1/2*(yhat_1 - b)**2", "one half times open bracket y hat 1 minus b close bracket squared"),
    ("b**3 + b**5", "b cubed plus b to the power 5 end power"),
    ("sigmoid(net_h1)", "sigmoid of net h 1"),
    ("log(w0*w1)", "natural logarithm of open bracket w 0 times w 1 close bracket"),
    ("X.T @ delta_2", "X transposed matrix times delta 2"),
    ("sum(X, axis=0)", "the sum over the rows of X"),
    ("mean(X)", "the mean of X"),
    ("Wo[1,2]", "W o entry 1 2"),
    ("c + (-1.4e-7)", "c plus open bracket minus 1.4 times 10 to the power minus 7 end power close bracket"),
]


@pytest.mark.parametrize(("source", "expected"), SPEECH)
def test_speech(source: str, expected: str) -> None:
    notation = replace(NOTATION, typographies={**TYPOGRAPHIES, "Wo": Typography("W", "o")})
    assert speech(read(source, NAMES), notation) == expected


@pytest.mark.parametrize(
    ("typography", "tex", "spoken"),
    [
        (Typography("w", "5"), "w_5", "w 5"),
        (Typography("net", "h1"), r"\mathrm{net}_{h1}", "net h 1"),
        (Typography("E", "total"), r"E_{\mathrm{total}}", "E total"),
        (Typography("w", "5", "+"), "w_5^{+}", "w 5 new"),
        (Typography("w", "ij", "(1)"), r"w_{\mathrm{ij}}^{(1)}", "w ij 1"),
        (Typography("w", "11,2"), "w_{11, 2}", "w 11 2"),
        (Typography("y", "1", accent="hat"), r"\hat{y}_1", "y hat 1"),
        (Typography("theta", "", accent="bar"), r"\bar{\theta}", "theta bar"),
        (Typography("Delta", "", ""), r"\Delta", "Delta"),
        (typography_of("delta_o1"), r"\delta_{o1}", "delta o 1"),
    ],
)
def test_names(typography: Typography, tex: str, spoken: str) -> None:
    assert (box_latex(symbol(typography)), spoken_name(typography)) == (tex, spoken)


def test_gradients_are_shown_as_partial_derivatives_and_bracketed_under_a_power() -> None:
    assert latex(Ref("dE_dw5"), NOTATION) == r"\frac{\partial E_{\mathrm{total}}}{\partial w_5}"
    assert latex(read("dE_dw5**2", Names.of("dE_dw5")), NOTATION).startswith(r"\left( \frac{\partial")
    assert latex(read("w5_new**2", Names.of("w5_new")), NOTATION) == "(w_5^{+})^2"
    assert latex(Transpose(Ref("Z")), NOTATION) == r"(Z^{(1)})^\top"


def test_a_broadcast_is_left_unsaid_on_the_page_and_said_in_text() -> None:
    term = Mul((Ref("c"), Broadcast(Neg(Ref("b")), "Y")))
    assert latex(term, NOTATION) == "c\\,(-b)"
    assert text(term) == "c*broadcast(-b, like=Y)"
    assert speech(term, NOTATION) == "c times open bracket minus b close bracket"


def test_a_written_negative_zero_is_bracketed_as_every_negative_number() -> None:
    term = Add((Ref("a"), Neg(number("-0.0"))))
    assert (text(term), latex(term, Notation({"a": Typography("a")}))) == ("a - (-0.0)", "a - (-0.0)")


def test_decimal_commas() -> None:
    comma = replace(NOTATION, decimal_comma=True)
    term = read("-0.50*1.4e-7", NAMES)
    assert latex(term, comma) == r"-0{,}50 \cdot (1{,}4 \cdot 10^{-7})"
    assert "<mn>0,50</mn>" in mathml(term, comma)
    assert spoken_number(number("-1.4"), decimal_comma=True) == "minus 1,4"


def test_matrices_of_printed_numbers() -> None:
    values = {"X": ((number("0.10"), number("-2")), (number("1e-9"), number("3")))}
    shown = latex(read("X @ W1", NAMES), NOTATION.showing(values))
    assert shown == r"\begin{bmatrix} 0.10 & -2 \\ 1 \cdot 10^{-9} & 3 \end{bmatrix}\,W_1"
    assert box_latex(array((number(1), number(2)), NOTATION)) == r"\begin{bmatrix} 1 & 2 \end{bmatrix}"
    assert mathml(Ref("X"), NOTATION.showing(values)).count("<mtd>") == 4


def test_an_unknown_name_is_suggested() -> None:
    with pytest.raises(UsageError, match="did you mean 'target'"):
        latex(Ref("targt"), NOTATION)


def test_running_text_is_harmless_in_latex() -> None:
    assert escaped("50 % of a_b & {c} # $ ~ ^ \\") == (
        r"50 \% of a\_b \& \{c\} \# \$ \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )
    assert escaped("δ₁ ≈ w⁺") == r"\ensuremath{\delta}\ensuremath{_{1}} \ensuremath{\approx} w\ensuremath{^{+}}"


CORE = {"math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mspace", "mfrac", "msqrt", "msub", "msup", "msubsup"}
CORE |= {"mover", "munder", "mtable", "mtr", "mtd", "mstyle"}
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mover": 2, "munder": 2}


@pytest.mark.parametrize("source", [source for source, _ in LATEX])
def test_mathml_is_core_and_well_formed(source: str) -> None:
    term = read(source, NAMES)
    root = ElementTree.fromstring(math(mathml(term, NOTATION), speech(term, NOTATION), latex(term, NOTATION), display=True))
    for element in root.iter():
        assert element.tag in CORE
        assert len(element) == CHILDREN.get(element.tag, len(element)), element.tag
    assert root.get("aria-label") == speech(term, NOTATION)
    assert root.findtext(".//annotation") == latex(term, NOTATION)


@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("out_o1", '<msub><mi mathvariant="normal">out</mi><mrow><mi>o</mi><mn>1</mn></mrow></msub>'),
        ("w1*i1", "<msub><mi>w</mi><mn>1</mn></msub><mo>\u2062</mo><msub><mi>i</mi><mn>1</mn></msub>"),
        ("-b", '<mo form="prefix">−</mo><mi>b</mi>'),
        ("sigmoid(b)", '<mi>σ</mi><mo>\u2061</mo><mrow><mo form="prefix" stretchy="false">(</mo><mi>b</mi>'
                       '<mo form="postfix" stretchy="false">)</mo></mrow>'),
        ("b/c", "<mfrac><mi>b</mi><mi>c</mi></mfrac>"),
        ("(b/c)**2", '<msup><mrow><mo form="prefix">(</mo><mfrac><mi>b</mi><mi>c</mi></mfrac><mo form="postfix">)</mo></mrow>'
                     '<mn>2</mn></msup>'),
        ("yhat_1", '<msub><mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover><mn>1</mn></msub>'),
    ],
)  # fmt: skip
def test_mathml(source: str, markup: str) -> None:
    assert mathml(read(source, NAMES), NOTATION) == markup


@given(st.text(max_size=20))
def test_no_word_breaks_the_markup(word: str) -> None:
    printable = "".join(sign for sign in word if sign.isprintable())
    notation = Notation({"q": Typography(printable or "q", printable)})
    ElementTree.fromstring(math(mathml(Ref("q"), notation), printable, latex(Ref("q"), notation)))


@pytest.mark.parametrize("printer", [box_latex, box_mathml, width])
def test_every_box_type_has_a_case_in_every_printer(printer: object) -> None:
    default = printer.dispatch(object)  # type: ignore[attr-defined]
    assert [box.__name__ for box in BOX_TYPES if printer.dispatch(box) is default] == []  # type: ignore[attr-defined]


def test_every_box_type_is_listed() -> None:
    assert {box.__name__ for box in Box.__subclasses__()} == {box.__name__ for box in BOX_TYPES}


def test_formats_agree_on_brackets() -> None:
    """The same layout is behind LaTeX and MathML: as many brackets in one as in the other."""
    for source, _ in LATEX:
        term = read(source, NAMES)
        assert box_latex(layout(term, NOTATION)).count("(") == mathml(term, NOTATION).count(">(<")


def test_a_fraction_inside_another_keeps_its_size() -> None:
    """A step of Adam has three levels, of which the innermost could not be read."""
    nested = mathml(read("(w0/b)/(1 + c)", NAMES), NOTATION)
    assert nested.count('<mstyle displaystyle="true"><mfrac>') == nested.count("<mstyle") == 1
    assert "mstyle" not in mathml(read("w0/b + w1/c", NAMES), NOTATION)
