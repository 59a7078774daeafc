"""Answers that a pair of brackets, the learning rate, one transpose, or one exchange of `*` and `@` would put right.

Input: a vocabulary, a shape and a term. Output: `Repair`s: what was mistaken and the term with that put right, where it has the
shape. A repair explains an answer only when the repaired term is proved right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from symprop.check.vocabulary import Vocabulary
from symprop.terms import (
    Add,
    Div,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Power,
    ShapeError,
    Sum,
    Term,
    Transpose,
    children,
    names_in,
    negated,
    number,
    places,
    product,
    size,
    total,
    with_children,
)
from symprop.terms.shapes import Shape

MOST_REPAIRS = 96
MOST_BRACKETS = 16
MOST_NUMBERS = 8
MOST_NODES = 60
_LOOKED_INTO = (Add, Mul, Neg, Div, MatMul, Transpose)
_BRACKETS = "brackets are missing: a product binds tighter than a sum"


@dataclass(frozen=True, slots=True)
class Repair:
    """A row's name, the tutor's sentence, and the answer with the mistake put right."""

    mistake: str
    sentence: str
    term: Term


def repairs(vocabulary: Vocabulary, shape: Shape, term: Term) -> Iterator[Repair]:
    """Every single repair that has the shape asked for; at most `MOST_REPAIRS` are looked at."""
    for repair in islice(_everywhere(term), MOST_REPAIRS):
        if _fits(vocabulary, shape, repair.term):
            yield repair


def _fits(vocabulary: Vocabulary, shape: Shape, term: Term) -> bool:
    with suppress(ShapeError):
        return vocabulary.shape(term) == shape
    return False


def bracketed(vocabulary: Vocabulary, shape: Shape, term: Term) -> Iterator[Repair]:
    """Brackets put around two neighbours of a sum, `s*1 - s*w` read as `s*(1 - s)*w`; at most `MOST_BRACKETS` are looked at.

    A long text is left alone: each try costs as much as the answer itself.
    """
    tried = islice(_bracketed(term), MOST_BRACKETS) if size(term) <= MOST_NODES else ()
    made = (Repair("brackets missing", _BRACKETS, each) for each in tried)
    return (repair for repair in made if _fits(vocabulary, shape, repair.term))


def rated(vocabulary: Vocabulary, shape: Shape, term: Term, rate: Term) -> Iterator[Repair]:
    """The learning rate, of which the term does not speak, put for a number; at most `MOST_NUMBERS` are looked at."""
    name = vocabulary.network.training.rate
    numbers = ((part, put) for part, put in places(term) if isinstance(part, Number) and part.value not in (0, 1))
    tried = islice(numbers, MOST_NUMBERS) if name not in names_in(term) and _fits(vocabulary, shape, term) else ()
    for part, put in tried:
        yield Repair("wrong learning rate", f"{part.text} stands where the learning rate {name} belongs", put(rate))


def _bracketed(term: Term) -> Iterator[Term]:
    for part, put in places(term):
        terms = part.terms if isinstance(part, Add) else ()
        for index in range(len(terms) - 1):
            for joined in _joined(terms[index], terms[index + 1]):
                yield put(total((*terms[:index], joined, *terms[index + 2 :])))


def _joined(left: Term, right: Term) -> Iterator[Term]:
    """The product in which the last factor of the left and the first of the right stand in brackets as a sum.

    A fraction's denominator is such a factor too, and so is the base of a power: `1/1 + e` read as `1/(1 + e)`.
    """
    sign, before = _factors(left)
    turned, behind = _factors(right)
    for made in _summed(before[-1], behind[0], turned, alone=len(before) + len(behind) == 2):
        whole = product((*before[:-1], made, *behind[1:]))
        yield negated(whole) if sign else whole


def _summed(last: Term, first: Term, turned: bool, alone: bool) -> Iterator[Term]:
    signed = negated(first) if turned else first
    if not alone:
        yield total((last, signed))
    if isinstance(last, Div):
        yield Div(last.numerator, total((last.denominator, signed)))
    if isinstance(last, Number) and "/" in last.text:
        upper, _, lower = last.text.partition("/")
        yield Div(number(upper), total((number(lower), signed)))
    if isinstance(first, Power):
        yield Power(total((last, negated(first.base) if turned else first.base)), first.exponent)


def _factors(term: Term) -> tuple[bool, tuple[Term, ...]]:
    if isinstance(term, Neg):
        sign, factors = _factors(term.operand)
        return not sign, factors
    return False, term.factors if isinstance(term, Mul) else (term,)


def _everywhere(term: Term) -> Iterator[Repair]:
    for part, put in places(term, lambda part: not isinstance(part, _LOOKED_INTO)):
        for mistake, sentence, changed in _ROWS:
            for right in changed(part):
                yield Repair(mistake, sentence, put(right))


def _turned(term: Term) -> Iterator[Term]:
    if isinstance(term, MatMul):
        yield from (MatMul(_transposed(term.left), term.right), MatMul(term.left, _transposed(term.right)))


def _exchanged(term: Term) -> Iterator[Term]:
    """(delta.T @ X).T is X.T @ delta: the whole comes out transposed."""
    if isinstance(term, MatMul):
        yield from (MatMul(_transposed(term.right), _transposed(term.left)), MatMul(term.right, term.left))


def _matrix_product(term: Term) -> Iterator[Term]:
    factors = term.factors if isinstance(term, Mul) else ()
    for left in range(len(factors) - 1):
        yield product((*factors[:left], MatMul(factors[left], factors[left + 1]), *factors[left + 2 :]))


def _entry_by_entry(term: Term) -> Iterator[Term]:
    if isinstance(term, MatMul):
        yield Mul((term.left, term.right))


def _product_and_turn(term: Term) -> Iterator[Term]:
    for made in _matrix_product(term):
        for part in (made, *children(made)):
            for turned in _turned(part):
                yield turned if part is made else _with(made, part, turned)


def _over_samples(term: Term) -> Iterator[Term]:
    if not isinstance(term, (Sum, Mean)):
        yield Sum(term, 0)


def _other_axis(term: Term) -> Iterator[Term]:
    if isinstance(term, (Sum, Mean)) and term.axis != 0:
        yield type(term)(term.operand, 0)


def _with(term: Term, old: Term, new: Term) -> Term:
    return with_children(term, tuple(new if part is old else part for part in children(term)))


def _transposed(term: Term) -> Term:
    return term.operand if isinstance(term, Transpose) else Transpose(term)


_ROWS: tuple[tuple[str, str, Callable[[Term], Iterator[Term]]], ...] = (
    ("* for @", "* stands where the matrix product @ belongs", _matrix_product),
    ("@ for *", "the matrix product @ stands where * belongs, entry by entry", _entry_by_entry),
    ("wrong transpose", "a matrix is transposed that should not be, or a transpose is missing", _turned),
    ("wrong transpose", "a product is transposed, or its factors stand in the wrong order", _exchanged),
    ("sum over samples missing", "the sum over the samples is missing", _over_samples),
    ("wrong axis", "the sum or mean does not run over the samples, axis 0", _other_axis),
    ("* for @ + wrong transpose", "* stands where the matrix product @ belongs, and a transpose is missing", _product_and_turn),
)
