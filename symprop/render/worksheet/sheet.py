"""The worked lines of a worksheet: what is printed for every name, and what full precision would give.

Input: a Derivation, digits and an arithmetic. Output: a `Sheet`, read by every section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

from symprop.derive import Derivation
from symprop.derive.updates import state_quantities
from symprop.errors import UnsupportedError
from symprop.graph import Draw, Equation, Network, Quantity, Update, Value, shape_of_value
from symprop.notation import Notation
from symprop.render.document import Body, Display, Filled, Member, matrix
from symprop.render.exercise import exercise_notation
from symprop.render.worksheet.equations import RIGHT, has_slope, slope_name, worked_equations
from symprop.terms import Broadcast, Neg, Number, Partial, Ref, Term, Transpose, Typography, names_in, number, rebuild
from symprop.worked.digits import Digits, printed
from symprop.worked.fresh import check_width, counts
from symprop.worked.initial import initial_values
from symprop.worked.lines import Line, Mode, Worked, work

MOST_NUMBERS = 5000  # of one array: every entry is worked, though a long array is abbreviated


@dataclass(frozen=True)
class Sheet:
    """A derivation with the document's update rule, the values as written, the worked lines, and those at full precision."""

    derivation: Derivation
    notation: Notation
    update: Update
    given: Mapping[str, Value]
    worked: Worked
    full: Worked

    @property
    def network(self) -> Network:
        """The network that is worked."""
        return self.derivation.network


def sheet_of(derivation: Derivation, digits: Digits, mode: Mode, decimal_comma: bool = False) -> Sheet:
    """Work every line; raises UnsupportedError where the spec holds no data."""
    _check_data(derivation.network)
    update = derivation.network.document_update
    given = _given(derivation.network, digits)
    equations = worked_equations(derivation, update)
    worked = work(equations, given, digits, mode)
    full = worked if mode == "full" else work(equations, given, digits)
    notation = replace(worksheet_notation(derivation, equations), decimal_comma=decimal_comma)
    return Sheet(derivation, notation, update, given, worked, full)


def worksheet_notation(derivation: Derivation, equations: list[Equation]) -> Notation:
    """The notation of the network, its gradients, its slopes, and of what is new after the step."""
    notation = exercise_notation(derivation)
    graph = derivation.network.graph
    slopes = [edge for step in derivation.steps.values() for edge in step.edges if has_slope(graph, edge)]
    partials = {slope_name(edge): Partial(edge.consumer, edge.quantity) for edge in slopes}
    endings = {"new": "+", RIGHT: RIGHT}
    known_names = {**graph.quantities, **{state.name: state for state in state_quantities(derivation.network)}}
    after = [_marked(known_names, equation.name, endings) for equation in equations]
    known = notation.with_quantities(*(quantity for quantity in after if quantity is not None))
    return _with_letters(replace(known, partials={**known.partials, **partials}))


def _with_letters(notation: Notation) -> Notation:
    """The notation with the letters of the functions' definitions, where the network has none of that name."""
    free = [letter for letter in "zy" if letter not in notation.typographies]
    return notation.with_quantities(*(Quantity(letter, "derived", (), Typography(letter)) for letter in free))


def _marked(quantities: Mapping[str, Quantity], name: str, endings: Mapping[str, str]) -> Quantity | None:
    """The quantity behind `out_o1_new`, its typography with a plus; None for any other name."""
    bare, _, ending = name.rpartition("_")
    if name in quantities or bare not in quantities or ending not in endings:
        return None
    typography = quantities[bare].typography
    marked = replace(typography, superscript=typography.superscript + endings[ending])
    return replace(quantities[bare], name=name, typography=marked)


def _check_data(network: Network) -> None:
    missing = [name for name in network.graph.names("input", "target", "constant") if name not in network.data]
    if missing:
        check_width(network)
        which = f"{network.id} holds no numbers for {', '.join(missing)}"
        raise UnsupportedError(f"{which}; write them into the spec, or let symprop worksheet ... --seed N draw them")
    constants = {name: prod(shape_of_value(value)) for name, value in network.data.items()}
    for name, count in {**constants, **counts(network)}.items():
        if count > MOST_NUMBERS:
            raise UnsupportedError(f"{name} holds {count} numbers; a worksheet works at most {MOST_NUMBERS} of an array")


def _given(network: Network, digits: Digits) -> dict[str, Value]:
    sizes = {network.batch: number(network.samples)} if network.batch and network.samples else {}
    rate = {network.training.rate: network.training.learning_rate}
    return {**network.data, **_weights(network, digits), **rate, **sizes}


def _weights(network: Network, digits: Digits) -> dict[str, Value]:
    """Given weights as they are written; drawn ones as the sheet prints them, so that the reader starts from the same numbers."""
    values = initial_values(network)
    drawn = {name for name, initial in network.initial.items() if isinstance(initial, Draw)}
    return {name: _rounded(value, digits) if name in drawn else value for name, value in values.items()}


def _rounded(value: Value, digits: Digits) -> Value:
    return printed(value.value, digits) if isinstance(value, Number) else tuple(_rounded(part, digits) for part in value)


def line_display(sheet: Sheet, line: Line, rule: str = "", cites: tuple[str, ...] = (), label: str = "") -> Display:
    """`name = formula = numbers = value`."""
    members = (Member("=", line.formula), *worked_members(sheet, line))
    return Display(label or line.name, Ref(line.name), members, rule, cites)


def worked_members(sheet: Sheet, line: Line) -> Iterator[Member]:
    """Numbers in place of names, then the value; that of a bare name or number, or of -name, is not written twice."""
    formula = line.formula.operand if isinstance(line.formula, Broadcast) else line.formula
    if not isinstance(formula, (Ref, Number)) and not _is_value(_with_numbers(line), line.value):
        yield Member("=", _with_numbers(line), "numbers")
    yield Member(line.relation, matrix(line.value), "value")


def _is_value(numbers: Body, value: Value) -> bool:
    """Whether a number with a minus before it is the value already: -4.4, not -(-4.4)."""
    if not (isinstance(numbers, Neg) and isinstance(numbers.operand, Number) and isinstance(value, Number)):
        return False
    return 0 < numbers.operand.value == -value.value


def _with_numbers(line: Line) -> Body:
    """The formula with the printed value of each name; the transpose of an array stands as it is multiplied."""
    term = rebuild(line.numbers, _transpose)
    arrays = {name: value for name, value in line.operands.items() if isinstance(value, tuple)}
    arrays |= {_transposed(name): tuple(zip(*value, strict=True)) for name, value in arrays.items() if isinstance(value[0], tuple)}
    used = {name: arrays[name] for name in names_in(term)}
    return Filled(term, used) if used else term


def _transpose(term: Term) -> Term | None:
    return Ref(_transposed(term.operand.name)) if isinstance(term, Transpose) and isinstance(term.operand, Ref) else None


def _transposed(name: str) -> str:
    return f"{name}.T"
