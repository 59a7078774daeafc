"""Mistakes that stand in the answer's own text: a term or factor too many, a sign, a name inside a function.

Input: an answer's term. Output: `Repair`s: what is wrong, and the term with that put right, wherever the same part stands. One of
them explains an answer only when its term is proved right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from symprop.check.mistakes.names import KINDS_SAID
from symprop.check.mistakes.words import Words
from symprop.check.repairs import Repair
from symprop.notation import text
from symprop.terms import (
    Add,
    Apply,
    Div,
    Mul,
    Neg,
    Number,
    Power,
    Ref,
    Sum,
    Term,
    children,
    names_in,
    negated,
    number,
    places,
    product,
    rebuild,
    size,
    substitute,
    subterms,
    total,
)

MOST_NODES = 80
MOST_WORK = 12_000  # nodes in all edited terms together
CALL = 10  # so many nodes does a function count for: it is computed in steps of its own
LONGEST = 40  # characters of a part that is quoted
SIMPLE = (1, 2)  # what a number in a sum may have to be

Edited: TypeAlias = Iterator[tuple[str, str, Term]]  # a row's name, what is wrong, and the part put right


def edits(words: Words, term: Term, names: Iterable[str] = ()) -> Iterator[Repair]:
    """Every single edit, of a part everywhere before at one place, with `names` that others may stand for.

    As many as `MOST_WORK` allows, as each will be evaluated, and none in a long text.
    """
    calls = sum(isinstance(part, Apply) for part in subterms(term))
    most = MOST_WORK // (size(term) + CALL * calls) if size(term) <= MOST_NODES else 0
    return islice(_edits(words, term, tuple(names)), most)


def _edits(words: Words, term: Term, names: tuple[str, ...]) -> Iterator[Repair]:
    times = Counter(subterms(term))
    for rows in (_ROWS, (_other_names(words, names),)):
        for part in times:
            for mistake, sentence, right in (edit for row in rows for edit in row(part)):
                yield Repair(mistake, sentence, everywhere(term, part, right))
    for part, put in places(term):
        for mistake, sentence, right in (edit for row in _ROWS for edit in row(part)) if times[part] > 1 else ():
            yield Repair(mistake, sentence, put(right))


def everywhere(term: Term, part: Term, right: Term) -> Term:
    """The term with another thing wherever a part stands."""
    return rebuild(term, lambda each: right if each == part else None)


def quoted(part: Term, otherwise: str) -> str:
    """A part of the answer as text, where that is short."""
    shown = text(part)
    return shown if len(shown) <= LONGEST else otherwise


def _terms_of_sums(part: Term) -> Edited:
    terms = part.terms if isinstance(part, Add) else ()
    whole = quoted(part, "a sum")
    for index, each in reversed(list(enumerate(terms))):  # what is wrong is seldom the first term
        before, behind = terms[:index], terms[index + 1 :]
        shown = quoted(each.operand if isinstance(each, Neg) else each, "a term")
        yield "term too many", f"in {whole}, {shown} is a term too many", total((*before, *behind))
        yield "a sign", f"in {whole}, the sign of {shown} is turned around", total((*before, negated(each), *behind))
        for value in SIMPLE if isinstance(each, Number) else ():
            yield "wrong number", f"in {whole}, the number {shown} is wrong", total((*before, number(value), *behind))


def _factors_too_many(part: Term) -> Edited:
    factors = part.factors if isinstance(part, Mul) else ()
    for index, each in enumerate(factors):
        rest = product((*factors[:index], *factors[index + 1 :]))
        yield "extra factor", f"in {quoted(part, 'a product')}, {quoted(each, 'a factor')} is a factor too many", rest
    if isinstance(part, Div):
        divisor = quoted(part.denominator, "a divisor")
        yield "extra divisor", f"in {quoted(part, 'a fraction')}, the division by {divisor} is one too many", part.numerator


def _brackets(part: Term) -> Edited:
    if isinstance(part, Add) and isinstance(part.terms[0], Neg):
        right = negated(total((part.terms[0].operand, *part.terms[1:])))
        yield "brackets missing", f"brackets are missing: the minus sign belongs to all of {quoted(part, 'a sum')}", right
    first, *rest = children(part) if isinstance(part, (Add, Mul)) else (part,)
    if rest and isinstance(first, Apply) and len(first.arguments) == 1:
        joined = (total if isinstance(part, Add) else product)((first.arguments[0], *rest))
        sentence = f"in {quoted(part, 'a formula')}, all of it belongs inside the brackets of {first.function}"
        yield "brackets missing", sentence, Apply(first.function, (joined,))


def _powers(part: Term) -> Edited:
    if isinstance(part, Sum):
        yield "power missing", f"in {quoted(part, 'a sum')}, the square is missing", Sum(Power(part.operand, number(2)), part.axis)
    if not isinstance(part, Power):
        return
    shown = quoted(part, "a power")
    yield "wrong exponent", f"in {shown}, the power is one too many", part.base
    if isinstance(part.base, Sum):
        inside = Sum(Power(part.base.operand, part.exponent), part.base.axis)
        yield "power of the sum", f"in {shown}, the sum is raised: the power belongs to each of its terms", inside
    if isinstance(part.base, Add):
        *before, last = part.base.terms
        raised = negated(Power(last.operand, part.exponent)) if isinstance(last, Neg) else Power(last, part.exponent)
        yield "power of the sum", f"in {shown}, the power belongs to the last term alone", total((*before, raised))


def _calls(part: Term) -> Edited:
    if isinstance(part, Apply) and len(part.arguments) == 1:
        argument, whole = part.arguments[0], quoted(part, f"an argument of {part.function}")
        yield "a sign", f"in {whole}, the sign inside the function is turned around", Apply(part.function, (negated(argument),))
        yield "activation too many", f"in {whole}, the function {part.function} is one too many", argument


def _operators(part: Term) -> Edited:
    if isinstance(part, Add):
        terms = part.terms
        for index in range(len(terms) - 1):
            joined = product((terms[index], terms[index + 1]))
            sentence = f"in {quoted(part, 'a sum')}, + stands where * belongs"
            yield "sum for product", sentence, total((*terms[:index], joined, *terms[index + 2 :]))
    if isinstance(part, Mul):
        for index in range(1, len(part.factors)):
            split = total((product(part.factors[:index]), product(part.factors[index:])))
            yield "product for sum", f"in {quoted(part, 'a product')}, * stands where + belongs", split


def _other_names(words: Words, names: tuple[str, ...]) -> Callable[[Term], Edited]:
    """Names inside functions, where no path of the backward pass runs through their places."""

    def edited(part: Term) -> Edited:
        if not isinstance(part, Apply):
            return
        for stands in names_in(part):
            for other in names:
                if other != stands:
                    kind = words.kind(other)
                    belongs = f"{'another' if kind == words.kind(stands) else 'the'} {KINDS_SAID.get(kind, kind)}"
                    sentence = f"in {quoted(part, part.function)}, {words.thing(stands)} stands where {belongs} belongs"
                    yield f"wrong {kind}", sentence, substitute(part, {stands: Ref(other)})

    return edited


_ROWS: tuple[Callable[[Term], Edited], ...] = (_terms_of_sums, _factors_too_many, _brackets, _powers, _calls, _operators)
