"""What is printed with full brackets is read back as the same term, in both notations; any text is read or refused."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

from hypothesis import given, settings
from hypothesis import strategies as st

from symprop.errors import TextError
from symprop.language import Names, read, readings
from symprop.terms import (
    Add,
    Apply,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
)

SCALARS = ("a", "w0", "net_h1", "out_o1", "delta_o1", "yhat_1", "E", "theta")
MATRICES = ("W", "X1")
NAMES = Names.of(*SCALARS, **dict.fromkeys(MATRICES, 2))
LATEX_NAMES = {
    "a": "a", "w0": "w_0", "net_h1": r"\text{net}_{h1}", "out_o1": r"\mathrm{out}_{o_1}", "delta_o1": r"\delta_{o1}",
    "yhat_1": r"\hat{y}_1", "E": "E", "theta": r"\theta", "W": r"\mathbf{W}", "X1": "X_{1}",
}  # fmt: skip
ONE_ARGUMENT = ("exp", "log", "sqrt", "tanh", "sigmoid", "relu", "abs", "softplus")


@singledispatch
def python(term: Term) -> str:
    raise AssertionError(type(term).__name__)


@python.register
def _(term: Number) -> str:
    return f"({term.text})"


@python.register
def _(term: Ref) -> str:
    return term.name


@python.register
def _(term: Entry) -> str:
    return f"{term.name}[{', '.join(str(index + 1) for index in term.indices)}]"


@python.register
def _(term: Partial) -> str:
    return f"d{term.of}_d{term.wrt}"


@python.register
def _(term: Neg) -> str:
    return f"(-({python(term.operand)}))"


@python.register
def _(term: Add) -> str:
    parts = [f"- ({python(part.operand)})" if isinstance(part, Neg) else f"+ {python(part)}" for part in term.terms[1:]]
    return f"({python(term.terms[0])} {' '.join(parts)})"


@python.register
def _(term: Mul) -> str:
    return f"({' * '.join(python(part) for part in term.factors)})"


@python.register
def _(term: Div) -> str:
    return f"(({python(term.numerator)}) / ({python(term.denominator)}))"


@python.register
def _(term: Power) -> str:
    return f"({python(term.base)} ** {python(term.exponent)})"


@python.register
def _(term: Apply) -> str:
    return f"{term.function}({', '.join(python(part) for part in term.arguments)})"


@python.register
def _(term: MatMul) -> str:
    return f"(({python(term.left)}) @ ({python(term.right)}))"


@python.register
def _(term: Transpose) -> str:
    return f"({python(term.operand)}).T"


@python.register(Sum)
@python.register(Mean)
def _(term: Sum | Mean) -> str:
    name = "sum" if isinstance(term, Sum) else "np.mean"
    axis = "" if term.axis is None else f", axis={term.axis}"
    return f"{name}({python(term.operand)}{axis}{', keepdims=True' if term.keep else ''})"


@singledispatch
def latex(term: Term) -> str:
    raise AssertionError(type(term).__name__)


@latex.register
def _(term: Number) -> str:
    return rf"\left({term.text}\right)"


@latex.register
def _(term: Ref) -> str:
    return LATEX_NAMES[term.name]


@latex.register
def _(term: Partial) -> str:
    return rf"\frac{{\partial {LATEX_NAMES[term.of]}}}{{\partial {LATEX_NAMES[term.wrt]}}}"


@latex.register
def _(term: Neg) -> str:
    return rf"\left(-\left({latex(term.operand)}\right)\right)"


@latex.register
def _(term: Add) -> str:
    return rf"\left({' + '.join(latex(part) for part in term.terms)}\right)"


@latex.register
def _(term: Mul) -> str:
    factors = r" \cdot ".join(latex(part) for part in term.factors)
    return rf"\left[{factors}\right]"


@latex.register
def _(term: Div) -> str:
    return rf"{{\dfrac{{\left({latex(term.numerator)}\right)}}{{\left({latex(term.denominator)}\right)}}}}"


@latex.register
def _(term: Power) -> str:
    return rf"\left({latex(term.base)}\right)^{{{latex(term.exponent)}}}"


@latex.register
def _(term: Apply) -> str:
    known = {"exp": r"\exp", "log": r"\ln", "tanh": r"\tanh", "sigmoid": r"\sigma", "maximum": r"\max"}
    name = known.get(term.function, rf"\operatorname{{{term.function}}}")
    arguments = ", ".join(latex(part) for part in term.arguments)
    if term.function == "sqrt":
        return rf"\sqrt{{{arguments}}}"
    return rf"\left|{arguments}\right|" if term.function == "abs" else rf"{name}\!\left({arguments}\right)"


INTEGERS = st.integers(-99, 99).map(lambda n: Number(Fraction(n), str(n)))
DECIMALS = st.decimals(-9, 9, places=3).filter(lambda d: not d.is_signed()).map(lambda d: Number(Fraction(d), str(d)))
FRACTIONS = st.tuples(st.integers(-20, 20), st.integers(1, 20)).map(lambda p: Number(Fraction(*p), f"{p[0]}/{p[1]}"))
NUMBERS = st.one_of(INTEGERS, DECIMALS, FRACTIONS)
PARTIALS = st.sampled_from([Partial("E", "w0"), Partial("out_o1", "net_h1")])
SCALAR_LEAVES = st.one_of(NUMBERS, PARTIALS, st.sampled_from(SCALARS).map(Ref))
ARRAY_LEAVES = st.sampled_from(
    [*map(Ref, MATRICES), Entry("W", (0, 2)), Transpose(Ref("X1")), Sum(Ref("W")), Sum(Ref("X1"), 0), Mean(Ref("W"), 1, keep=True)]
)


def larger(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    chains = st.lists(inner, min_size=2, max_size=4).map(tuple)
    nonzero = inner.filter(lambda term: not isinstance(term, Number) or term.value != 0)
    return st.one_of(
        chains.map(Add),
        chains.map(Mul),
        inner.map(Neg),
        st.builds(Div, inner, nonzero),
        st.builds(Power, nonzero, st.integers(-4, 4).map(lambda n: Number(Fraction(n), str(n)))),
        st.builds(lambda name, part: Apply(name, (part,)), st.sampled_from(ONE_ARGUMENT), inner),
        st.builds(lambda left, right: Apply("maximum", (left, right)), inner, inner),
    )


def with_arrays(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.one_of(larger(inner), st.builds(MatMul, inner, inner), inner.map(Transpose), inner.map(Sum), inner.map(Mean))


SCALAR_TERMS = st.recursive(SCALAR_LEAVES, larger, max_leaves=12)
ARRAY_TERMS = st.recursive(st.one_of(SCALAR_LEAVES, ARRAY_LEAVES), with_arrays, max_leaves=12)


def read_or_zero_division(text: str, notation: str) -> Term | None:
    """The term; None where a constant denominator happens to be zero, which is refused."""
    try:
        return read(text, NAMES, notation)  # type: ignore[arg-type]
    except TextError as error:
        assert error.message == "division by zero", f"{error.message}: {text}"
        return None


@given(ARRAY_TERMS)
@settings(max_examples=150, deadline=None)
def test_python_notation_is_read_back(term: Term) -> None:
    assert read_or_zero_division(python(term), "python") in (term, None)


@given(SCALAR_TERMS)
@settings(max_examples=100, deadline=None)
def test_python_notation_has_one_reading(term: Term) -> None:
    assert read_or_zero_division(python(term), "auto") in (term, None)


@given(SCALAR_TERMS)
@settings(max_examples=150, deadline=None)
def test_latex_is_read_back(term: Term) -> None:
    assert read_or_zero_division(latex(term), "latex") in (term, None)


PIECES = (
    list("abwxyWX019.+-*/^_=(){}[]|,;:'\"\\@<>!?#$%&~ \n\t∂σδαŷ²⁺₁½√·×−хａ\u200b\u202e\u0302∑é") + list(SCALARS) + list(MATRICES)
    + [r"\frac", r"\sqrt", r"\left", r"\right", r"\hat", r"\text", r"\partial", r"\sigma"]
    + [r"\\", "**", ":=", "^{", "_{", "}", "exp("]
    + ["sigmoid'", ".T", ".sum(", "sum(", "axis=0", "keepdims=True", "[1,1]", "np.", "lambda", "1e9", "e^-", "dE/dw0"]
    + ["\\ln ", "^T"]
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join).filter(lambda text: len(text) <= 200))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for notation in ("python", "auto"):
        try:
            assert all(isinstance(reading.term, Term) for reading in readings(text, NAMES, notation))  # type: ignore[arg-type]
        except TextError as error:
            assert error.text == text
            assert 0 <= error.position <= len(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_characters_are_read_or_refused(text: str) -> None:
    try:
        readings(text, NAMES)
    except TextError as error:
        assert 0 <= error.position <= len(text)
