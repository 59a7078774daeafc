"""Mistakes that multiply the whole gradient, as data.

Input: an exercise. Output: `Factor`s: a row's name, a sentence, and the wrong factor as a term; what the learning rate does wrong
in a step or a new value is written as a factor of its gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from symprop.algebra.rows import slope
from symprop.check.mistakes.words import Words
from symprop.check.verdict import Form
from symprop.derive import Derivation
from symprop.graph import Network
from symprop.terms import ONE, ZERO, Add, Div, Mean, Mul, Neg, Number, Ref, Term, number, substitute


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor that does not belong to the gradient; `rank` orders explanations, the most telling first."""

    mistake: str
    sentence: str
    term: Term
    rank: int = 1


_SIGN: dict[Form, str] = {
    "gradient": "the sign of the whole gradient is turned around",
    "step": "the sign of the step is turned around: it goes up the slope",
    "new-value": "the step is added instead of subtracted, or the sign of the error is turned around",
    "value": "the sign is turned around",
}


def factors(network: Network, form: Form) -> Iterator[Factor]:
    """The factors of one form of answer."""
    yield Factor("sign", _SIGN[form], number(-1), 0)
    yield from _numbers()
    yield from _counts(network)
    yield from _rate(Ref(network.training.rate), form)


def _numbers() -> Iterator[Factor]:
    for value, said in ((Fraction(2), "2"), (Fraction(1, 2), "1/2"), (Fraction(4), "4"), (Fraction(1, 4), "1/4")):
        yield Factor(f"factor {said}", f"the whole has a factor {said} too many", number(value), 0)
        yield Factor(f"factor {said}", f"the sign is turned around, and the whole has a factor {said} too many", number(-value), 2)


def _counts(network: Network) -> Iterator[Factor]:
    """Mean for sum, or the other way round, and divided twice: over the samples or the outputs."""
    for count, said in sorted(sizes(network).items()):
        twice = f"it is divided twice by the number of {said}"
        if _averages(network, count):
            yield Factor("sum for mean", f"it is not divided by the number of {said}", number(count))
            yield Factor("divided twice", twice, number(Fraction(1, count)))
        else:
            once = f"it is divided by the number of {said} where the loss is a sum"
            yield Factor("mean for sum", once, number(Fraction(1, count)))
            yield Factor("divided twice", twice, number(Fraction(1, count * count)))


def _averages(network: Network, count: int) -> bool:
    """Whether the loss is a mean, or a sum divided by this number."""
    term = network.graph.definitions[network.graph.loss]
    summands = term.terms if isinstance(term, Add) else (term,)
    return any(_divides(part, count) for summand in summands for part in _factors(summand))


def _factors(term: Term) -> tuple[Term, ...]:
    bare = term.operand if isinstance(term, Neg) else term
    return bare.factors if isinstance(bare, Mul) else (bare,)


def _divides(part: Term, count: int) -> bool:
    if isinstance(part, Div):
        divisor = part.denominator
        return isinstance(divisor, Ref) or isinstance(divisor, Number) and divisor.value % count == 0
    return isinstance(part, Mean) or isinstance(part, Number) and part.value.denominator % count == 0


def sizes(network: Network) -> dict[int, str]:
    """What may be averaged over: the number of outputs, and of samples where there is a batch."""
    outputs = [network.graph.shape(name) for name in network.graph.outputs]
    units = sum(int(shape[-1]) if shape and isinstance(shape[-1], int) else 1 for shape in outputs)
    found = {units: "outputs"}
    for name in network.graph.names("target") if network.batch else ():
        value = network.data.get(name)
        if isinstance(value, tuple):
            found[len(value)] = "samples"
    return {size: said for size, said in found.items() if size > 1}


def _rate(rate: Ref, form: Form) -> Iterator[Factor]:
    if form == "gradient":
        yield Factor("learning rate in the gradient", "the learning rate does not belong into the gradient", rate, 0)
        yield Factor("learning rate in the gradient", "the step is given where the gradient is asked for", Neg(rate), 0)
    elif form in ("step", "new-value"):
        if form == "new-value":
            yield Factor("step missing", "the step is missing: the old value is given", ZERO, 0)
        yield Factor("learning rate missing", "the learning rate is missing", Div(ONE, rate), 0)
        yield Factor("learning rate missing", "the learning rate is missing and the sign is turned around", Neg(Div(ONE, rate)), 2)
        yield Factor("learning rate twice", "the learning rate is taken twice", rate, 0)


def named_factors(scalar: Derivation, words: Words) -> Iterator[Factor]:
    """Every quantity as an extra factor; a divisor that does not belong."""
    graph = scalar.network.graph
    for name in graph.quantities:
        if graph.quantities[name].role not in ("rate", "dimension"):
            yield Factor("extra factor", f"{words.thing(name)} is a factor too many", Ref(name), 2)
            yield Factor("extra divisor", f"it is divided by {words.thing(name)}, which does not belong", Div(ONE, Ref(name)), 6)
    for name in graph.definitions:
        activation = words.activation(name)
        local = scalar_slope(scalar, name) if activation is not None else None
        if local is not None:
            yield Factor("extra slope", f"the slope of the activation at {words.shown(name)} is a factor too many", local, 1)
        elif name in graph.outputs and activation is None:
            yield from _slopes_without_activation(name, words)


def _slopes_without_activation(name: str, words: Words) -> Iterator[Factor]:
    """Slopes at an output that has no activation."""
    for function in ("sigmoid", "tanh"):
        written = slope(function)
        if written is not None:
            sentence = f"the slope of {function} at {words.shown(name)} is a factor too many: that output has no activation"
            yield Factor("extra slope", sentence, substitute(written, {"a": Ref(name)}), 1)


def scalar_slope(scalar: Derivation, name: str) -> Term | None:
    """The local partial of an activation by its net input."""
    found = [edge.local for step in scalar.steps.values() for edge in step.edges if edge.consumer == name]
    return found[0] if len(found) == 1 else None


def product_of(term: Term, factor: Term) -> Term:
    """The gradient with a factor that does not belong."""
    return Mul((factor, term))
