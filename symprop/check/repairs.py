"""Array answers that one transpose, or one exchange of `*` and `@`, would put right.

Input: a vocabulary, a shape and a term. Output: `Repair`s: what was mistaken and the term with that put right, where it has the
shape. A repair explains an answer only when the repaired term is proved right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from symprop.check.vocabulary import Vocabulary
from symprop.terms import Add, MatMul, Mul, Neg, ShapeError, Term, Transpose, children, product, with_children
from symprop.terms.shapes import Shape

MOST_REPAIRS = 48


@dataclass(frozen=True, slots=True)
class Repair:
    """A row's name, the tutor's sentence, and the answer with the mistake put right."""

    mistake: str
    sentence: str
    term: Term


def repairs(vocabulary: Vocabulary, shape: Shape, term: Term) -> Iterator[Repair]:
    """Every single repair that has the shape asked for; at most `MOST_REPAIRS` are looked at."""
    for repair in islice(_everywhere(term), MOST_REPAIRS):
        try:
            fits = vocabulary.shape(repair.term) == shape
        except ShapeError:
            continue
        if fits:
            yield repair


def _everywhere(term: Term) -> Iterator[Repair]:
    yield from _here(term)
    parts = children(term) if isinstance(term, (Add, Mul, Neg, MatMul, Transpose)) else ()
    for index, part in enumerate(parts):
        for inner in _everywhere(part):
            yield Repair(inner.mistake, inner.sentence, with_children(term, (*parts[:index], inner.term, *parts[index + 1 :])))


def _here(term: Term) -> Iterator[Repair]:
    for mistake, sentence, changed in _ROWS:
        for right in changed(term):
            yield Repair(mistake, sentence, right)


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


def _with(term: Term, old: Term, new: Term) -> Term:
    return with_children(term, tuple(new if part is old else part for part in children(term)))


def _transposed(term: Term) -> Term:
    return term.operand if isinstance(term, Transpose) else Transpose(term)


_ROWS: tuple[tuple[str, str, Callable[[Term], Iterator[Term]]], ...] = (
    ("* for @", "* stands where the matrix product @ belongs", _matrix_product),
    ("@ for *", "the matrix product @ stands where * belongs, entry by entry", _entry_by_entry),
    ("wrong transpose", "a matrix is transposed that should not be, or a transpose is missing", _turned),
    ("wrong transpose", "a product is transposed, or its factors stand in the wrong order", _exchanged),
    ("* for @ + wrong transpose", "* stands where the matrix product @ belongs, and a transpose is missing", _product_and_turn),
)
