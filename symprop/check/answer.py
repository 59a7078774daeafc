"""What was typed, read but not yet judged.

Input: a text, and what is asked for. Output: `Answer`: every reading of the text that fits the question's shape, or one clear
TextError or UsageError. SymPy is not needed here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace

from symprop.check.asked import Asked, resolved
from symprop.check.verdict import Form
from symprop.check.vocabulary import Vocabulary
from symprop.errors import TextError, UsageError
from symprop.graph import gradient_name, new_name
from symprop.language import CountsFromZero, Notation, Reading, read, readings
from symprop.terms import Apply, Entry, Neg, Number, Partial, Ref, Shape, ShapeError, Term, names_in, rebuild, subterms
from symprop.terms.shapes import shown
from symprop.terms.typography import entry_of_text

_LEAST = {"log": "a logarithm needs a positive number", "sqrt": "a square root needs a number that is not negative"}
_CHANGE = re.compile(r"^\s*(?:Δ|∆|\\Delta(?![A-Za-z])|Delta_?(?=\w))\s*(?P<name>.+)$")


@dataclass(frozen=True, slots=True)
class Answer:
    """The readings of a text, standard one first, and the forms that its left side and the question leave open.

    `from_zero` says that the text counts entries from 0.
    """

    text: str
    readings: tuple[Reading, ...]
    forms: tuple[Form, ...]
    from_zero: bool = False


class Misfit(UsageError):
    """A well-formed answer of another shape than the one asked for."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


def read_answer(vocabulary: Vocabulary, asked: Asked, text: str, notation: Notation = "auto") -> Answer:
    """Read an answer.

    Raises TextError for malformed text, UsageError where the left side names something else or the answer only repeats what is
    asked for, Misfit where its shape is another one.
    """
    read, from_zero = _read(vocabulary, asked, text, notation)
    found = tuple(_with_gradients(vocabulary, reading) for reading in read)
    _refuse_undefined(found)
    forms = _left_form(vocabulary, asked, found[0].left)
    forms = _not_circular(asked, forms, found)
    return _fitting(vocabulary, asked, Answer(text, found, forms, from_zero))


def _read(vocabulary: Vocabulary, asked: Asked, text: str, notation: Notation) -> tuple[tuple[Reading, ...], bool]:
    """Every reading, and whether the text counts entries from 0: an index 0 says so.

    A text without one that answers for an entry counted from 0 may do either.
    """
    try:
        found = readings(text, vocabulary.names, notation)
    except CountsFromZero:
        return _from_zero(vocabulary, asked, text, notation), True
    if not asked.from_zero or not any(isinstance(part, Entry) for reading in found for part in subterms(reading.term)):
        return found, False
    return (*_from_zero(vocabulary, asked, text, notation), *_described(found, "the answer's indices counted from 1")), False


def _from_zero(vocabulary: Vocabulary, asked: Asked, text: str, notation: Notation) -> tuple[Reading, ...]:
    counted = "indices counted from 0" if asked.from_zero else "the answer's indices counted from 0"
    return _described(readings(text, vocabulary.names_from_zero, notation), counted)


def _described(found: tuple[Reading, ...], counted: str) -> tuple[Reading, ...]:
    return tuple(replace(each, description=", ".join(filter(None, (each.description, counted)))) for each in found)


def _with_gradients(vocabulary: Vocabulary, reading: Reading) -> Reading:
    """dE/dw written as a fraction is the gradient of that name; another derivative is one of a single equation."""

    def named(part: Term) -> Term | None:
        if not isinstance(part, Partial):
            return None
        entry = entry_of_text(part.wrt)
        quantity = part.wrt if entry is None else entry[0]
        name = gradient_name(vocabulary.network.graph, quantity) if part.of == vocabulary.network.graph.loss else ""
        if name not in vocabulary.gradients:
            raise UsageError(f"the answer uses d{part.of}/d{part.wrt}, which has no name here: write the derivative out")
        return Ref(name) if entry is None else Entry(name, entry[1])

    if not any(isinstance(part, Partial) for part in subterms(reading.term)):
        return reading
    return replace(reading, term=rebuild(reading.term, named))


def _refuse_undefined(found: tuple[Reading, ...]) -> None:
    """The logarithm or root of a written negative number is no real number, as 1/0 is none."""
    for part in (part for reading in found for part in subterms(reading.term)):
        if isinstance(part, Apply) and part.function in _LEAST:
            argument = part.arguments[0]
            value = -argument.operand.value if isinstance(argument, Neg) and isinstance(argument.operand, Number) else None
            value = argument.value if isinstance(argument, Number) else value
            if value is not None and (value < 0 or value == 0 and part.function == "log"):
                raise UsageError(f"{part.function}({value}) is not defined: {_LEAST[part.function]}")


def _left_form(vocabulary: Vocabulary, asked: Asked, left: str | None) -> tuple[Form, ...]:
    """The forms that the left side leaves of those asked for."""
    if left is None:
        return asked.forms
    said = _said(vocabulary, asked, left)
    if said is None:
        raise UsageError(f"the left side is '{left}', but {asked.text} is asked for")
    if said not in asked.forms:
        raise UsageError(f"the left side '{left}' announces the {said}, but the {' or '.join(asked.forms)} is asked for")
    return (said,)


def _said(vocabulary: Vocabulary, asked: Asked, left: str) -> Form | None:
    change = _CHANGE.match(left)
    for names in (vocabulary.names, vocabulary.names_from_zero):
        with suppress(TextError, UsageError):
            name, indices = resolved(vocabulary, read(change["name"] if change else left, names, "auto"))
            if indices == asked.indices and change:
                return "step" if name == asked.quantity else None
            if indices == asked.indices:
                return _left_forms(vocabulary, asked).get(name)
    return None


def _left_forms(vocabulary: Vocabulary, asked: Asked) -> dict[str, Form]:
    """Which left side announces which form."""
    graph = vocabulary.network.graph
    parameter = asked.quantity in graph.names("parameter")
    own: Form = "new-value" if parameter else "value"
    known: dict[str, Form] = {asked.name: "value", asked.quantity: own}
    if asked.quantity in graph.quantities:
        known |= {gradient_name(graph, asked.quantity): "gradient", new_name(asked.quantity): "new-value"}
    return known


def _not_circular(asked: Asked, forms: tuple[Form, ...], found: tuple[Reading, ...]) -> tuple[Form, ...]:
    used = {name for reading in found for name in names_in(reading.term)}
    repeated = [name for name in asked.given_away if name in used]
    if repeated:
        raise UsageError(f"the answer uses {repeated[0]}, which is what is asked for: write it out")
    open_forms = tuple(form for form in forms if form != "value" or asked.name not in used)
    if not open_forms:
        raise UsageError(f"the answer uses {asked.name}, which is what is asked for: write it out")
    return open_forms


def _fitting(vocabulary: Vocabulary, asked: Asked, answer: Answer) -> Answer:
    """The readings whose shape is the one asked for; the first misfit is reported where none fits."""
    problems = [_misfit(vocabulary, asked.shape, reading.term) for reading in answer.readings]
    fitting = tuple(reading for reading, problem in zip(answer.readings, problems, strict=True) if not problem)
    if not fitting:
        raise Misfit(f"{asked.text}: {problems[0]}{_product_hint(answer.readings[0].term)}", answer)
    return replace(answer, readings=fitting)


def _misfit(vocabulary: Vocabulary, expected: Shape, term: Term) -> str:
    try:
        shape = vocabulary.shape(term)
    except ShapeError as error:
        return str(error)
    if shape == expected or isinstance(term, Number):
        return ""
    return f"the answer has shape {shown(shape)}, expected {shown(expected)}"


def _product_hint(term: Term) -> str:
    """`*` and `@` are mixed up most often where shapes do not fit."""
    kinds = {type(part).__name__ for part in subterms(term)}
    if "MatMul" in kinds or "Mul" in kinds:
        return "; @ is the matrix product, * multiplies entry by entry, .T transposes"
    return ""
