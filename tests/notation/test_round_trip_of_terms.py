"""What is printed says what the tree says: text and LaTeX are read back by the language and give the same term."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symprop.derive import Derivation, derive
from symprop.derive.updates import update_steps
from symprop.functions import FUNCTIONS
from symprop.language import Names, read, readings
from symprop.notation import Notation, text
from symprop.notation.latex import latex
from symprop.spec import bundled, load
from symprop.terms import (
    Add,
    Apply,
    Broadcast,
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
    children,
    names_in,
    number,
    rebuild,
    subterms,
)
from symprop.terms.shapes import ShapeError, shape_of

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the recursive strategies

SCALARS = ("w0", "w5", "net_h1", "out_o1", "target", "alpha", "delta_o1", "yhat_1", "E_total", "b")
ARRAYS = {"X": 2, "W1": 2, "Wo": 2, "delta_2": 2}
NAMES = Names.of(*SCALARS, **ARRAYS)
NOTATION = Notation(NAMES.declared, shapes=dict.fromkeys(ARRAYS, (2, 2)))
SHAPES = {**dict.fromkeys(SCALARS, ()), **dict.fromkeys(ARRAYS, (2, 2))}
CALLS = [name for name, row in FUNCTIONS.items() if row.arity == 1 and not row.rowwise]
READ_IN_LATEX = ["exp", "log", "sqrt", "abs", "sigmoid", "tanh", "sinh", "cosh", "sech", "csch", "coth", "relu", "softplus"]

decimals = st.decimals(min_value=1, max_value=1000, places=3, allow_nan=False).map(lambda value: number(str(value)))
powers_of_ten = st.builds(lambda digit, exponent: number(f"{digit}.5e{exponent}"), st.integers(1, 9), st.integers(-9, 9))
positive = st.one_of(st.integers(1, 99).map(number), decimals, powers_of_ten, st.just(number("1/2")))
negative = positive.map(lambda value: Number(-value.value, f"-{value.text}"))
scalars = st.one_of(
    st.sampled_from(SCALARS).map(Ref),
    positive,
    negative,
    st.builds(Entry, st.sampled_from(sorted(ARRAYS)), st.tuples(st.integers(0, 1), st.integers(0, 1))),
    st.builds(Partial, st.sampled_from(SCALARS), st.sampled_from(SCALARS)),
)
arrays = st.sampled_from(sorted(ARRAYS)).map(Ref)


def elementwise(inner: st.SearchStrategy[Term], functions: list[str]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    exponents = st.integers(2, 9).map(number)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        inner.filter(lambda term: not isinstance(term, Number)).map(Neg),
        st.builds(Div, inner, inner).filter(is_quotient),
        st.builds(Power, inner, exponents),
        st.builds(lambda name, term: Apply(name, (term,)), st.sampled_from(functions), inner),
        st.builds(lambda name, a, b: Apply(name, (a, b)), st.sampled_from(["maximum", "minimum"]), inner, inner),
    )


def is_quotient(term: Div) -> bool:
    """Two whole numbers with a slash are one number; a denominator with a name in it is not known to be 0."""
    return bool(names_in(term.denominator)) or (isinstance(term.denominator, Number) and not isinstance(term.numerator, Number))


def of_arrays(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    axes = st.sampled_from([None, 0, 1])
    return st.one_of(
        st.builds(MatMul, inner, inner),
        inner.map(Transpose),
        st.builds(Sum, inner, axes, st.booleans()),
        st.builds(Mean, inner, axes, st.booleans()),
    )


def has_a_shape(term: Term) -> bool:
    """Whether the shapes fit, and array operations stand over arrays."""
    try:
        shape_of(term, SHAPES)
        return all(shape_of(children(part)[0], SHAPES) for part in subterms(term) if isinstance(part, (Transpose, Sum, Mean)))
    except ShapeError:
        return False


scalar_terms = st.recursive(scalars, lambda inner: elementwise(inner, CALLS), max_leaves=10)
array_terms = st.recursive(
    st.one_of(arrays, scalars), lambda inner: st.one_of(elementwise(inner, ["exp", "sigmoid"]), of_arrays(inner)), max_leaves=8
).filter(has_a_shape)


@settings(max_examples=400)
@given(scalar_terms)
def test_text_of_scalar_terms(term: Term) -> None:
    assert read(text(term), NAMES) == term


@settings(max_examples=300)
@given(array_terms)
def test_text_of_array_terms(term: Term) -> None:
    assert read(text(term), NAMES) == term


latex_terms = st.recursive(scalars, lambda inner: elementwise(inner, READ_IN_LATEX), max_leaves=10)


@settings(max_examples=400)
@given(latex_terms)
def test_latex_of_scalar_terms(term: Term) -> None:
    assert read(latex(term, NOTATION), NAMES, "latex") == as_latex_says(term)


def as_latex_says(term: Term) -> Term:
    """On the page a number with an exponent is a product, and a kept axis is not said."""

    def spelled(part: Term) -> Term | None:
        if isinstance(part, (Sum, Mean)) and part.keep:
            return type(part)(rebuild(part.operand, spelled), part.axis)
        if not isinstance(part, Number) or "e" not in part.text:
            return None
        mantissa, _, exponent = part.text.removeprefix("-").partition("e")
        product = Mul((number(mantissa), Power(number(10), number(exponent))))
        return Neg(product) if part.value < 0 else product

    return rebuild(term, spelled)


def leaves_something_out(term: Term) -> bool:
    """The page does not say that an axis is kept, and the reader does not know the axis of a mean."""
    return isinstance(term, (Sum, Mean)) and (term.keep or (isinstance(term, Mean) and term.axis is not None))


@settings(max_examples=300)
@given(array_terms.filter(lambda term: not any(leaves_something_out(part) for part in subterms(term))))
def test_latex_of_array_terms(term: Term) -> None:
    assert as_latex_says(term) in [reading.term for reading in readings(latex(term, NOTATION), NAMES, "latex")]


def terms_of(derivation: Derivation) -> list[Term]:
    """Each equation, gradient and path, and each step of an update in old weights."""
    network = derivation.network
    steps = derivation.steps.values()
    updates = [each for update in network.updates.values() for each in update_steps(derivation, update)]
    return [
        *(equation.term for equation in network.graph.equations),
        *(step.term for step in steps),
        *(edge.local for step in steps for edge in step.edges if edge.local),
        *(each.value for each in updates if not each.already_new),
    ]


@pytest.mark.parametrize("net", bundled())
def test_every_line_of_the_bundled_networks(net: str) -> None:
    """Read back from its text and from its LaTeX."""
    derivation = derive(load(net))
    graph = derivation.network.graph
    quantities = {**graph.quantities, **derivation.gradient_quantities}
    ranks = {name: len(each.shape) for name, each in quantities.items() if each.shape}
    names = Names({name: each.typography for name, each in quantities.items()}, ranks)
    notation = Notation.of(derivation.network).with_quantities(*derivation.gradient_quantities.values())
    for term in terms_of(derivation):
        if any(isinstance(part, Broadcast) for part in subterms(term)):
            continue  # the page leaves repetition unsaid
        assert read(text(term), names) == term
        assert as_latex_says(term) in [reading.term for reading in readings(latex(term, notation), names, "latex")]
