"""The worked example: a whole round of training by hand, with the reader's own numbers, every line true as printed.

Input: a Derivation, digits and an arithmetic. Output: a `Document`: givens, forward pass, every gradient, the update.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symprop.derive import Derivation, Edge, Step
from symprop.derive.updates import UpdateStep, update_steps
from symprop.graph import Equation, Network, Update, Value, new_name
from symprop.notation import Notation
from symprop.render.document import Block, Display, Document, Heading, Member, Paragraph, Table, document
from symprop.render.exercise import exercise_notation
from symprop.terms import Number, Partial, Ref, Term, difference, names_in, number, product, total
from symprop.worked.digits import Digits
from symprop.worked.initial import initial_values
from symprop.worked.lines import Line, Mode, Worked, work

DEFAULT_DIGITS = Digits(significant=9)
GIVEN = {"input": "Inputs", "target": "Targets", "parameter": "Weights before the step", "constant": "Fixed values"}


@dataclass(frozen=True)
class _Sheet:
    """A derivation with its worked lines: what every section reads."""

    derivation: Derivation
    notation: Notation
    update: Update
    worked: Worked
    given: Mapping[str, Value]

    @property
    def network(self) -> Network:
        return self.derivation.network


def worksheet(derivation: Derivation, digits: Digits = DEFAULT_DIGITS, mode: Mode = "full", seed: int | None = None) -> Document:
    """One round by hand: `quantity = formula = numbers = value` for the forward pass, every gradient and the update.

    `mode` full computes at full precision and says = or ≈ by what the printed operands give; carry computes each line from the
    digits printed above it. Raises UnsupportedError where the spec holds no data.
    """
    network = derivation.network
    update = network.document_update
    given = _given(network, seed)
    worked = work(_equations(derivation, update), given, digits, mode)
    sheet = _Sheet(derivation, exercise_notation(derivation), update, worked, given)
    blocks = [*_givens(sheet), *_forward(sheet), *_backward(sheet), *_step(sheet), *_remarks(network)]
    return document(network.title, blocks, sheet.notation, network.source)


def _given(network: Network, seed: int | None) -> dict[str, Value]:
    sizes = {network.batch: _batch_size(network)} if network.batch else {}
    return {**network.data, **initial_values(network, seed), network.training.rate: network.training.learning_rate, **sizes}


def _batch_size(network: Network) -> Number:
    rows = next(value for name, value in network.data.items() if network.graph.shape(name)[:1] == (network.batch,))
    assert isinstance(rows, tuple), "a batch is a tuple of rows"
    return number(len(rows))


def _equations(derivation: Derivation, update: Update) -> list[Equation]:
    """Forward pass, gradients and new values, in an order in which each uses only what stands before it."""
    gradients = [Equation(step.name, step.term) for step in derivation.steps.values()]
    steps = [Equation(new_name(step.parameter), _new_value(derivation, step)) for step in update_steps(derivation, update)]
    return [*derivation.network.graph.equations, *gradients, *steps]


def _new_value(derivation: Derivation, step: UpdateStep) -> Term:
    """With the gradient's symbol; written out where weights are already new, since that gradient has no symbol."""
    if step.already_new:
        return step.value
    gradient = Ref(derivation.steps[step.gradient_of].name)
    return difference(Ref(step.parameter), product((Ref(derivation.network.training.rate), gradient)))


def _givens(sheet: _Sheet) -> Iterator[Block]:
    yield Heading(1, ("What is given",), "given")
    quantities = sheet.network.graph.quantities
    for role, title in GIVEN.items():
        names = [name for name in quantities if quantities[name].role == role]
        scalars = [name for name in names if isinstance(sheet.given[name], Number)]
        if scalars:
            cells = tuple((Ref(name), _value_term(sheet.given[name])) for name in scalars)
            yield Table(title, ("quantity", "value"), cells)
        for name in names:
            if name not in scalars:
                yield Display(name, Ref(name), (Member("=", Ref(name), "value", matrix=sheet.given[name]),))
    training = sheet.network.training
    yield Paragraph(("The learning rate is ", Ref(training.rate), " = ", training.learning_rate, "."))


def _value_term(value: Value) -> Term:
    assert isinstance(value, Number), "a scalar's value"
    return value


def _forward(sheet: _Sheet) -> Iterator[Block]:
    yield Heading(1, ("Forward pass",), "forward")
    for equation in sheet.network.graph.equations:
        yield _line_display(sheet, sheet.worked.line(equation.name))


def _line_display(sheet: _Sheet, line: Line, rule: str = "", cites: Sequence[str] = ()) -> Display:
    return Display(line.name, Ref(line.name), (Member("=", line.formula), *_worked_members(line)), rule, tuple(cites))


def _worked_members(line: Line) -> Iterator[Member]:
    """Numbers in place of names, then the value; a formula that is one name needs no second writing of its number."""
    if not isinstance(line.value, Number):
        yield Member(line.relation, Ref(line.name), "value", matrix=line.value)
        return
    numbers = line.numbers
    if not names_in(numbers) and not isinstance(line.formula, (Ref, Number)):
        yield Member("=", numbers, "numbers")
    yield Member(line.relation, line.value, "value")


def _backward(sheet: _Sheet) -> Iterator[Block]:
    yield Heading(1, ("Backward pass",), "backward")
    yield Paragraph(("From the loss back to the weights; each gradient uses the ones above it.",))
    for step in sheet.derivation.steps.values():
        if not isinstance(step.term, Number):  # a loss that is a plain sum passes 1 to each of its parts
            yield _gradient_display(sheet, step)


def _gradient_display(sheet: _Sheet, step: Step) -> Display:
    """The chain rule in symbols, the formula with the local partials filled in, the numbers, the value."""
    line = sheet.worked.line(step.name)
    symbols = _symbols(sheet.derivation, step)
    rule = step.edges[0].rule if len(step.edges) == 1 else "sum over outgoing edges"
    members = (*((Member("=", symbols),) if symbols else ()), Member("=", line.formula), *_worked_members(line))
    cites = [name for name in names_in(step.term) if name in sheet.derivation.gradient_quantities]
    head = Ref(step.name)
    return Display(step.name, head, members, rule, tuple(cites))


def _symbols(derivation: Derivation, step: Step) -> Term | None:
    """dE/dnet * dnet/dw for each path; None behind array rules and at the loss itself."""
    loss = derivation.network.graph.loss
    if any(edge.local is None or edge.consumer == loss for edge in step.edges):
        return None
    return total(product((*_upstream(loss, edge), Partial(edge.consumer, edge.quantity))) for edge in step.edges)


def _upstream(loss: str, edge: Edge) -> tuple[Term, ...]:
    return () if isinstance(edge.upstream, Number) else (Partial(loss, edge.consumer),)


def _step(sheet: _Sheet) -> Iterator[Block]:
    yield Heading(1, ("The update",), "update")
    in_order, at_once = "in this order, each with the weights that are already new", "all at once, with the old weights"
    how = in_order if sheet.update.sequential else at_once
    yield Paragraph((f"Every weight is stepped against its gradient, {how}. {sheet.update.note}".strip(),))
    for step in update_steps(sheet.derivation, sheet.update):
        note = f"already new: {', '.join(step.already_new)}" if step.already_new else ""
        cites = () if step.already_new else (sheet.derivation.steps[step.gradient_of].name,)
        yield _line_display(sheet, sheet.worked.line(new_name(step.parameter)), note, cites)


def _remarks(network: Network) -> Iterator[Block]:
    if network.remarks:
        yield Heading(1, ("Remarks on the document",), "remarks")
    for remark in network.remarks:
        yield Paragraph((remark,))

