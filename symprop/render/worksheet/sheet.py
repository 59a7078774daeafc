"""The worked lines of a worksheet, in an order in which each uses only what stands before it.

Input: a Derivation, digits and an arithmetic. Output: a `Sheet`, read by every section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symprop.derive import Derivation, Edge, Step
from symprop.derive.updates import UpdateStep, update_steps
from symprop.graph import Draw, Equation, Network, Update, Value, new_name
from symprop.notation import Notation
from symprop.render.document import Display, Member, matrix
from symprop.render.exercise import exercise_notation
from symprop.terms import Number, Ref, Term, difference, names_in, number, product, total
from symprop.worked.digits import Digits, printed
from symprop.worked.initial import initial_values
from symprop.worked.lines import Line, Mode, Worked, work


@dataclass(frozen=True)
class Sheet:
    """A derivation with the document's update rule, the values as written, and the worked lines."""

    derivation: Derivation
    notation: Notation
    update: Update
    worked: Worked
    given: Mapping[str, Value]

    @property
    def network(self) -> Network:
        """The network that is worked."""
        return self.derivation.network

    def shown_steps(self) -> list[Step]:
        """The gradients to show: a loss that is a plain sum passes 1 to each of its parts, which needs no line."""
        return [step for step in self.derivation.steps.values() if not isinstance(step.term, Number)]


def sheet_of(derivation: Derivation, digits: Digits, mode: Mode, seed: int | None) -> Sheet:
    """Work every line; raises UnsupportedError where the spec holds no data."""
    update = derivation.network.document_update
    given = _given(derivation.network, digits, seed)
    worked = work(_equations(derivation, update), given, digits, mode)
    return Sheet(derivation, exercise_notation(derivation), update, worked, given)


def _given(network: Network, digits: Digits, seed: int | None) -> dict[str, Value]:
    sizes = {network.batch: _batch_size(network)} if network.batch else {}
    rate = {network.training.rate: network.training.learning_rate}
    return {**network.data, **_weights(network, digits, seed), **rate, **sizes}


def _weights(network: Network, digits: Digits, seed: int | None) -> dict[str, Value]:
    """Given weights as they are written; drawn ones as the sheet prints them, so that the reader starts from the same numbers."""
    values = initial_values(network, seed)
    drawn = {name for name, initial in network.initial.items() if isinstance(initial, Draw)}
    return {name: _rounded(value, digits) if name in drawn else value for name, value in values.items()}


def _rounded(value: Value, digits: Digits) -> Value:
    return printed(value.value, digits) if isinstance(value, Number) else tuple(_rounded(part, digits) for part in value)


def _batch_size(network: Network) -> Number:
    rows = next(value for name, value in network.data.items() if network.graph.shape(name)[:1] == (network.batch,))
    assert isinstance(rows, tuple), "a batch is a tuple of rows"
    return number(len(rows))


def _equations(derivation: Derivation, update: Update) -> list[Equation]:
    gradients = [equation for step in derivation.steps.values() for equation in _gradient_equations(step)]
    steps = [Equation(new_name(step.parameter), _new_value(derivation, step)) for step in update_steps(derivation, update)]
    return [*derivation.network.graph.equations, *gradients, *steps]


def by_paths(step: Step) -> bool:
    """Whether a gradient is worked path by path before it is added."""
    return len(step.edges) > 1 and all(edge.local is not None for edge in step.edges)


def path_name(edge: Edge) -> str:
    """The name under which one path's contribution is worked."""
    return f"{edge.quantity} via {edge.consumer}"


def _gradient_equations(step: Step) -> Iterator[Equation]:
    if not by_paths(step):
        yield Equation(step.name, step.term)
        return
    yield from (Equation(path_name(edge), edge.term) for edge in step.edges)
    yield Equation(step.name, total(Ref(path_name(edge)) for edge in step.edges))


def _new_value(derivation: Derivation, step: UpdateStep) -> Term:
    """With the gradient's symbol; written out where weights are already new, since that gradient has no symbol."""
    if step.already_new:
        return step.value
    gradient = Ref(derivation.steps[step.gradient_of].name)
    return difference(Ref(step.parameter), product((Ref(derivation.network.training.rate), gradient)))


def line_display(line: Line, rule: str = "", cites: tuple[str, ...] = ()) -> Display:
    """`name = formula = numbers = value`."""
    return Display(line.name, Ref(line.name), (Member("=", line.formula), *worked_members(line)), rule, cites)


def worked_members(line: Line) -> Iterator[Member]:
    """Numbers in place of names, then the value; a formula that is one name needs no second writing of its number."""
    numbers = line.numbers
    if isinstance(line.value, Number) and not names_in(numbers) and not isinstance(line.formula, (Ref, Number)):
        yield Member("=", numbers, "numbers")
    yield Member(line.relation, matrix(line.value), "value")
