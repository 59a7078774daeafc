"""Answers that write the document's numbers in the places of its names.

Input: an exercise, an answer. Output: the same answer with names (or products of two names) put back for such numbers, one number
at a time: a number is only ever read as a name that has its value, so that a missing factor is never mistaken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice, product
from typing import TypeAlias

from symprop.check.answer import Answer
from symprop.check.exercise import Exercise
from symprop.terms import Mul, Number, Power, Ref, Term, children, negated, with_children

MOST_WAYS = 24
MOST_NUMBERS = 8
TRIVIAL = frozenset((Fraction(0), Fraction(1), Fraction(-1)))


@dataclass(frozen=True, slots=True)
class Option:
    """What one number may stand for; the number itself has no words."""

    term: Term
    words: str = ""


NamedValues: TypeAlias = Mapping[Fraction, tuple[Option, ...]]


def with_names_for_numbers(known: NamedValues, answer: Answer) -> Iterator[tuple[str, Answer]]:
    """(in words which numbers were read as what, the answer so read), the most names first; at most `MOST_WAYS`."""
    for reading in answer.readings:
        numbers = list(_numbers(reading.term))
        if len(numbers) > MOST_NUMBERS:
            continue
        choices = [_options(each, known) for each in numbers]
        if all(len(options) == 1 for options in choices):
            continue
        for ways in islice(product(*choices), MOST_WAYS):
            words = ", ".join(dict.fromkeys(way.words for way in ways if way.words))
            if words:
                term = _put(reading.term, iter(ways))
                yield f"with the document's numbers: {words}", replace(answer, readings=(replace(reading, term=term),))


def named_values(exercise: Exercise) -> NamedValues:
    """The names (and for numbers that tell something, products of two names) that have a value."""
    rate = exercise.network.training.rate
    values = {**exercise.data, **exercise.initial}
    if exercise.at_unit_rate:
        del values[rate]
    found: dict[Fraction, list[Option]] = {}
    for name, written in values.items():
        if name in exercise.initial and abs(written.value) in TRIVIAL:
            continue  # a 1 that somebody types is no weight
        found.setdefault(abs(written.value), []).append(Option(_signed(name, written), f"{written.text} for {name}"))
    for one, other in combinations(values, 2):
        value = abs(values[one].value * values[other].value)
        if rate in (one, other) and value not in TRIVIAL:
            both = Mul((_signed(one, values[one]), _signed(other, values[other])))
            found.setdefault(value, []).append(Option(both, f"{float(value):.12g} for {one}*{other}"))
    return {value: tuple(options) for value, options in found.items()}


def _signed(name: str, written: Number) -> Term:
    return negated(Ref(name)) if written.value < 0 else Ref(name)


def _options(written: Number, known: NamedValues) -> tuple[Option, ...]:
    return (*known.get(written.value, ()), Option(written))


def _numbers(term: Term) -> Iterator[Number]:
    """The numbers that may stand for names: nobody raises to the power of an input or a weight."""
    if isinstance(term, Number):
        yield term
    for part in _looked_into(term):
        yield from _numbers(part)


def _put(term: Term, ways: Iterator[Option]) -> Term:
    """The numbers replaced, in the order in which `_numbers` meets them."""
    if isinstance(term, Number):
        return next(ways).term
    parts, inside = children(term), _looked_into(term)
    return with_children(term, (*(_put(part, ways) for part in inside), *parts[len(inside) :])) if parts else term


def _looked_into(term: Term) -> tuple[Term, ...]:
    return (term.base,) if isinstance(term, Power) else children(term)
