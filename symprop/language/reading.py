"""Reading: a text in Python notation, LaTeX or Unicode to a term, in one way or in every way it can be meant.

Input: a text and the names it may use. Output: a `Term`, or all `Reading`s of an ambiguous text; else a TextError at the character.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from symprop.errors import TextError
from symprop.language.assignment import Members, members_of
from symprop.language.limits import MAX_ATTEMPTS, MAX_READINGS
from symprop.language.names import Names
from symprop.language.operators import GRAMMAR
from symprop.language.pratt import TOO_MANY, Choice, Parser, TooManyReadings, Work
from symprop.language.source import Source, normalise
from symprop.language.tokens import Token, tokens_of
from symprop.terms import Term

Notation: TypeAlias = Literal["python", "latex", "auto"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: its term, in words which way was taken ("" where there is only one), and the left side if any."""

    term: Term
    description: str = ""
    left: str | None = None


def read(text: str, names: Names, notation: Notation = "python") -> Term:
    """The one term that a text means.

    In `python` notation, that of specs, products need no sign where names are apart (`2 x`), and precedence is Python's, so that no
    text is ambiguous. In `latex` and `auto` a text that can be read in several ways is refused: use `readings`. Raises TextError.
    """
    if notation == "python":
        source = normalise(text, names.letters)
        return Parser(source, tokens_of(source, commands=False), names, GRAMMAR).formula().term
    found = readings(text, names, notation)
    if len(found) > 1:
        ways = "; or ".join(reading.description for reading in found)
        raise TextError(f"this can be read in {len(found)} ways: {ways}", text, 0)
    return found[0].term


def readings(text: str, names: Names, notation: Notation = "auto") -> tuple[Reading, ...]:
    """Every way to read a text, the standard one first; `name = expression` is read as the expression.

    Raises TextError where no reading succeeds (the error of the standard one) or where there are more than `MAX_READINGS`.
    """
    if notation == "python":
        return (Reading(read(text, names)),)
    source = normalise(text, names.letters)
    members: Members = members_of(source)
    tokens = tokens_of(members.right)
    left = None if members.left is None else members.left.typed(0, len(members.left.normal))
    found = _all_ways(members.right, tokens, names)
    only = len(found) == 1
    return tuple(Reading(term, "" if only else description, left) for term, description in found.items())


def _all_ways(source: Source, tokens: list[Token], names: Names) -> dict[Term, str]:
    """Terms with their descriptions, in the order in which the attempts find them."""
    found: dict[Term, str] = {}
    refusal: TextError | None = None
    pending: list[tuple[int, ...]] = [()]
    work = Work()
    for attempt in range(MAX_ATTEMPTS + 1):
        if attempt >= len(pending):
            break
        parser = Parser(source, tokens, names, GRAMMAR, answers=pending[attempt], work=work)
        try:
            found.setdefault(parser.formula().term, _described(parser.choices))
        except TooManyReadings:
            raise
        except TextError as error:
            refusal = refusal or error
        pending.extend(_other_ways(pending[attempt], parser.choices))
        if len(found) > MAX_READINGS or len(pending) > MAX_ATTEMPTS:
            raise TooManyReadings(TOO_MANY, source.text, 0)
    if not found and refusal:
        raise refusal
    return found


def _other_ways(answers: tuple[int, ...], choices: list[Choice]) -> list[tuple[int, ...]]:
    """The attempts that differ from this one first at a choice it was not told."""
    taken = tuple(choice.taken for choice in choices)
    return [
        (*taken[:place], other) for place in range(len(answers), len(choices)) for other in range(1, len(choices[place].readings))
    ]


def _described(choices: list[Choice]) -> str:
    return ", ".join(choice.readings[choice.taken] for choice in choices)
