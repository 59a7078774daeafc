"""Worked lines, `quantity = formula = numbers = value`, each true as printed.

Input: ordered equations, written values, digits and one of two arithmetics. Output: `Worked`: a `Line` for each equation.

`carry`: each line is computed from the numbers printed above it. `full`: at full precision, rounded only for print; a line says
`=` where its printed operands, computed exactly, round half up to its printed value, else `≈`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar

from symprop.errors import InputError, UnsupportedError
from symprop.graph import Equation, Value
from symprop.terms import Entry, Number, Ref, Term, names_in, rebuild
from symprop.worked.digits import Digits, printed, rounds_to
from symprop.worked.exact import Reals, evaluate, exactly
from symprop.worked.reals import FIRST_DIGITS, MOST_DIGITS, Enclosure, NotEnoughDigits, Real, ends, is_zero, middle, shortened

Relation: TypeAlias = Literal["=", "≈"]
Mode: TypeAlias = Literal["full", "carry"]
Answer = TypeVar("Answer")
NARROW = 10**150  # times the width of an enclosure that only a tie can leave undecided: at most 100 digits are printed


@dataclass(frozen=True, slots=True)
class Line:
    """`name` = `formula` = `numbers` (=|≈) `value`; `operands` are the printed values of the names in the formula."""

    name: str
    formula: Term
    operands: Mapping[str, Value]
    value: Value
    relation: Relation

    @property
    def numbers(self) -> Term:
        """The formula with each scalar name and each entry replaced by its printed number; whole arrays keep their names."""
        return rebuild(self.formula, self._number)

    def _number(self, term: Term) -> Term | None:
        if not isinstance(term, (Ref, Entry)):
            return None
        value = self.operands[term.name]
        for index in term.indices if isinstance(term, Entry) else ():
            value = value if isinstance(value, Number) else value[index]
        return value if isinstance(value, Number) else term


@dataclass(frozen=True)
class Worked:
    """The lines in order, what is printed for every name (givens included), and the reals that were rounded for it."""

    mode: Mode
    digits: Digits
    lines: tuple[Line, ...]
    values: Mapping[str, Value]
    reals: Mapping[str, Reals]

    def line(self, name: str) -> Line:
        """The line of a name; raises `KeyError` for a given."""
        return next(line for line in self.lines if line.name == name)

    def again(self, name: str, formula: Term) -> Line:
        """Another form of a quantity that has its value already: `=` or `≈` by what this form's printed operands give."""
        return _line(name, formula, self.values, self.values[name])


def work(equations: Iterable[Equation], written: Mapping[str, Value], digits: Digits, mode: Mode = "full") -> Worked:
    """Work the equations in order from the written values, which print as they are written.

    Raises `InputError` where a value does not exist, `UnsupportedError` where it is too large, too small or not decided by the most
    digits, `UsageError` for a name without a value.
    """
    return _work_full(tuple(equations), written, digits) if mode == "full" else _work_carry(equations, written, digits)


def _work_carry(equations: Iterable[Equation], written: Mapping[str, Value], digits: Digits) -> Worked:
    values, reals = dict(written), {name: exactly(value) for name, value in written.items()}
    lines: list[Line] = []
    for equation in equations:
        reals[equation.name], values[equation.name] = _carried(equation, values, digits)
        lines.append(Line(equation.name, equation.term, _operands(equation.term, values), values[equation.name], "="))
    return Worked("carry", digits, tuple(lines), values, reals)


def _carried(equation: Equation, values: Mapping[str, Value], digits: Digits) -> tuple[Reals, Value]:
    operands = {name: exactly(value) for name, value in _operands(equation.term, values).items()}

    def attempt(precision: int) -> tuple[Reals, Value]:
        with _told(equation.name):
            real = _evaluated(equation, operands, precision)
            return real, _shown(equation, real, values, digits)

    return _decided(attempt)


def _work_full(equations: tuple[Equation, ...], written: Mapping[str, Value], digits: Digits) -> Worked:
    reals, computed = _decided(lambda precision: _solved(equations, written, digits, precision))
    values = dict(written) | computed
    lines = tuple(_line(equation.name, equation.term, values, values[equation.name]) for equation in equations)
    return Worked("full", digits, lines, values, reals)


def _solved(
    equations: tuple[Equation, ...], written: Mapping[str, Value], digits: Digits, precision: int
) -> tuple[dict[str, Reals], dict[str, Value]]:
    reals = {name: exactly(value) for name, value in written.items()}
    values: dict[str, Value] = {}
    for equation in equations:
        with _told(equation.name):
            reals[equation.name] = _evaluated(equation, reals, precision)
            values[equation.name] = _shown(equation, reals[equation.name], ChainMap(values, dict(written)), digits)
    return reals, values


def _evaluated(equation: Equation, values: Mapping[str, Reals], precision: int) -> Reals:
    operands = {name: values[name] for name in names_in(equation.term) if name in values}
    return _settled(evaluate(equation.term, operands, precision), precision)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say of which quantity a refusal is."""
    try:
        yield
    except InputError as problem:
        raise InputError([f"{name}: {line}" for line in problem.problems]) from problem
    except UnsupportedError as reason:
        raise UnsupportedError(f"{name}: {reason}") from reason
    except NotEnoughDigits as reason:
        raise NotEnoughDigits(f"{name}: {reason}") from reason


def _line(name: str, formula: Term, values: Mapping[str, Value], value: Value) -> Line:
    operands = _operands(formula, values)
    exact = {each: exactly(operand) for each, operand in operands.items()}

    def attempt(precision: int) -> Relation:
        with _told(name):
            return "=" if _all_round_to(_evaluated(Equation(name, formula), exact, precision), value) else "≈"

    try:
        relation = _decided(attempt)
    except InputError:  # the printed operands give no value: a denominator that prints as 0
        relation = "≈"
    return Line(name, formula, operands, value, relation)


def _operands(formula: Term, values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: values[name] for name in names_in(formula) if name in values}


def _shown(equation: Equation, value: Reals, values: Mapping[str, Value], digits: Digits) -> Value:
    """The printed value; a bare number on the right side prints as it is written, a bare name as that name's value."""
    if isinstance(equation.term, Ref):
        return values[equation.term.name]
    return equation.term if isinstance(equation.term, Number) else _print(value, digits)


def _print(value: Reals, digits: Digits) -> Value:
    return tuple(_print(part, digits) for part in value) if isinstance(value, tuple) else printed(_untied(value), digits)


def _all_round_to(value: Reals, shown: Value) -> bool:
    if isinstance(shown, Number):
        return not isinstance(value, tuple) and rounds_to(_untied(value), shown)
    return isinstance(value, tuple) and all(map(_all_round_to, value, shown))


def _settled(value: Reals, precision: int) -> Reals:
    """The value to go on with: 0 where it is known to be, a fraction that is too long enclosed."""
    if isinstance(value, tuple):
        return tuple(_settled(part, precision) for part in value)
    return Fraction(0) if is_zero(value) else shortened(value, precision)


def _untied(value: Real) -> Real:
    """The value; an enclosure by the most digits that is so narrow that it can only be a tie is the end that rounds up."""
    if not isinstance(value, Enclosure) or value.digits < MOST_DIGITS:
        return value
    low, high = ends(value)
    largest = max(low, high, key=abs)
    return largest if (high - low) * NARROW < abs(largest) else value


def _decided(attempt: Callable[[int], Answer]) -> Answer:
    """The first answer of an attempt that has enough digits; UnsupportedError where the most are too few."""
    precision, open_question = FIRST_DIGITS, ""
    while precision < MOST_DIGITS:
        try:
            return attempt(precision)
        except NotEnoughDigits as reason:
            precision, open_question = 2 * precision, str(reason)
    try:
        return attempt(MOST_DIGITS)
    except NotEnoughDigits as reason:
        raise UnsupportedError(f"{open_question}, nor by {MOST_DIGITS} digits; {reason}") from reason


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a carried value differs from full precision: both as printed, and |difference|/|full value|.

    For an array the largest of each is taken. `relative` is None where the full value is 0.
    """

    name: str
    carried: Value
    full: Value
    relative: Number | None


def differences(carried: Worked, full: Worked, names: Iterable[str]) -> tuple[Difference, ...]:
    """What carrying printed digits has cost in each of the named values."""
    return tuple(_difference(name, carried, full) for name in names)


def _difference(name: str, carried: Worked, full: Worked) -> Difference:
    truth = _flat(full.reals[name])
    error = max(abs(was - value) for was, value in zip(_flat(exactly(carried.values[name])), truth, strict=True))
    scale = max(map(abs, truth))
    relative = printed(error / scale, Digits(significant=2)) if scale else None
    return Difference(name, carried.values[name], full.values[name], relative)


def _flat(value: Reals) -> list[Fraction]:
    return [middle(value)] if not isinstance(value, tuple) else [number for part in value for number in _flat(part)]
