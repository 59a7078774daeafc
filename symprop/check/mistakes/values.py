"""The mistakes in a formula of the forward pass, the loss or a document's own quantity: one part of it is wrong.

Input: the right formula, and the names that the answer uses. Output: `Wrong`s: a row's name, a sentence, and the formula with that
mistake. Nothing is said before it is proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from symprop.check.attempts import Judge
from symprop.check.exercise import Exercise
from symprop.check.mistakes.factors import factors, product_of
from symprop.check.mistakes.names import KINDS_SAID
from symprop.check.mistakes.textbook import as_textbooks_have_it
from symprop.check.mistakes.words import Words, nets_of, softmax_of
from symprop.functions import ACTIVATIONS
from symprop.terms import (
    ONE,
    Add,
    Apply,
    Mul,
    Neg,
    Power,
    Ref,
    Term,
    difference,
    names_in,
    negated,
    places,
    product,
    quotient,
    size,
    substitute,
    subterms,
    total,
)

MOST_NODES = 80  # of a formula that is opened to what the answer speaks of
MOST_TRIED = 400
MOST_FOUND = 3
CONFUSED_WITH = ("sigmoid", "tanh", "relu", "softplus")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A formula with one mistake in it."""

    mistake: str
    sentence: str
    term: Term


def explained(judge: Judge, exercise: Exercise, words: Words, answered: Term, expected: Term) -> list[Wrong]:
    """The single mistakes that are proved to lead from the right formula to the answer; those of the whole come first."""
    spoken = set(names_in(answered))
    called = tuple(dict.fromkeys((*CONFUSED_WITH, *_called(answered))))
    own = exercise.definitions.get(expected.name, expected) if isinstance(expected, Ref) else expected
    whole = (Wrong(each.mistake, each.sentence, product_of(own, each.term)) for each in factors(exercise.network, "value"))
    more = (Wrong("activation too many", f"the activation {name} is one too many", Apply(name, (own,))) for name in CONFUSED_WITH)
    rights = (*as_textbooks_have_it(own, exercise.definitions), *opened(own, exercise.definitions, spoken))
    parts = (wrong for right in rights for wrong in wrong_values(right, spoken, called, words))
    found: list[Wrong] = []
    for wrong in islice(chain(whole, more, parts), MOST_TRIED):
        if len(found) == MOST_FOUND:
            break
        if not judge.probe.tells_apart(answered, wrong.term) and judge.proves([(answered, wrong.term)]):
            found.append(wrong)
    return found


def opened(term: Term, definitions: Mapping[str, Term], spoken: set[str]) -> Iterator[Term]:
    """The formula, then with the definitions of the names that the answer does not use, level by level while it stays small."""
    while size(term) <= MOST_NODES:
        yield term
        hidden = {name: definitions[name] for name in names_in(term) if name in definitions and name not in spoken}
        if not hidden:
            return
        term = substitute(term, hidden)


def _called(term: Term) -> Iterator[str]:
    """The functions of one argument that a term calls."""
    return (part.function for part in subterms(term) if isinstance(part, Apply) and len(part.arguments) == 1)


def wrong_values(right: Term, spoken: set[str], called: tuple[str, ...], words: Words) -> Iterator[Wrong]:
    """Every formula that differs from the right one in one part: in a name that is spoken of, a function that is called."""
    for part, put in places(right, lambda part: softmax_of(part) is not None):
        summed = (*_sums(part, words), *_complements(part), *_squares(part))
        for wrong in (*summed, *_calls(part, called), *_softmaxes(part), *_powers(part), *_names(part, spoken, words)):
            yield Wrong(wrong.mistake, wrong.sentence, put(wrong.term))


def _sums(part: Term, words: Words) -> Iterator[Wrong]:
    terms = part.terms if isinstance(part, Add) else ()
    for index, each in enumerate(terms):
        before, behind = terms[:index], terms[index + 1 :]
        bias = isinstance(each, Ref) and words.is_bias(each.name)
        row = ("bias forgotten", "the bias is forgotten") if bias else ("term missing", "a term of the sum is missing")
        yield Wrong(*row, total((*before, *behind)))
        turned = each.operand if isinstance(each, Neg) else negated(each)
        yield Wrong("a sign", "the sign of one term of the sum is turned around", total((*before, turned, *behind)))


def _calls(part: Term, called: tuple[str, ...]) -> Iterator[Wrong]:
    net = softmax_of(part)
    if net is not None:
        yield Wrong("softmax not normalised", "the division by the sum of all exponentials is missing", Apply("exp", (net,)))
        for other in (each for each in called if each != "exp"):
            yield Wrong("another activation", f"{other} stands where the softmax belongs", Apply(other, (net,)))
    if not isinstance(part, Apply) or part.function not in ACTIVATIONS or len(part.arguments) != 1:
        return
    argument = part.arguments[0]
    yield Wrong("activation missing", f"the activation {part.function} is missing", argument)
    turned = Apply(part.function, (negated(argument),))
    yield Wrong("a sign", f"the sign of what stands in the activation {part.function} is turned around", turned)
    for other in called:
        if other != part.function:
            sentence = f"{other} stands where the activation {part.function} belongs"
            yield Wrong("another activation", sentence, Apply(other, part.arguments))


def _complements(part: Term) -> Iterator[Wrong]:
    """a where 1 - a belongs."""
    first, *others = part.terms if isinstance(part, Add) else (part,)
    if first == ONE and len(others) == 1 and isinstance(others[0], Neg):
        yield Wrong("1 - missing", "a quantity stands where 1 minus the quantity belongs", others[0].operand)


def _squares(part: Term) -> Iterator[Wrong]:
    """The sum of squares as the square of the sum."""
    found = [_square(each) for each in part.terms] if isinstance(part, Add) else []
    factors = {(factor, power.exponent) for factor, power in filter(None, found)}
    if len(factors) == 1 and None not in found:
        ((factor, exponent),) = factors
        whole = Power(total(power.base for _, power in filter(None, found)), exponent)
        yield Wrong("power of the sum", "the sum is raised: the power belongs to each of its terms", product((*factor, whole)))


def _square(term: Term) -> tuple[tuple[Term, ...], Power] | None:
    """The factors before a power that ends a product."""
    *before, last = term.factors if isinstance(term, Mul) else (term,)
    return (tuple(before), last) if isinstance(last, Power) else None


def _softmaxes(part: Term) -> Iterator[Wrong]:
    """A softmax with one thing wrong in it."""
    net, nets = softmax_of(part), nets_of(part)
    if net is None:
        return
    for left_out in range(len(nets) if len(nets) > 2 else 0):
        rest = nets[:left_out] + nets[left_out + 1 :]
        sentence = "a term of the sum of exponentials is missing"
        yield Wrong("term missing", sentence, Apply("exp", (difference(net, Apply("logsumexp", rest)),)))
    sentence = "the exponential of the sum stands where the sum of the exponentials belongs"
    yield Wrong("exponential of the sum", sentence, Apply("exp", (difference(net, total(nets)),)))
    sentence = "the net inputs are divided by their sum: their exponentials belong there"
    yield Wrong("exponentials missing", sentence, quotient(net, total(nets)))
    turned = Apply("logsumexp", tuple(negated(each) for each in nets))
    yield Wrong("a sign", "the sign inside the exponentials is turned around", Apply("exp", (difference(negated(net), turned),)))


def _powers(part: Term) -> Iterator[Wrong]:
    if isinstance(part, Power):
        yield Wrong("power missing", "a power is missing", part.base)


def _names(part: Term, spoken: set[str], words: Words) -> Iterator[Wrong]:
    if not isinstance(part, Ref):
        return
    belongs = words.kind(part.name)
    for name in sorted(spoken - {part.name}):
        which = "another" if words.kind(name) == belongs else "the"
        sentence = f"{words.thing(name)} stands where {which} {KINDS_SAID.get(belongs, belongs)} belongs"
        yield Wrong(f"wrong {belongs}", sentence, Ref(name))
