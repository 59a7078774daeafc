"""The step and what follows from it: new weights, a document's defects beside the right values, the forward pass again.

Input: a `Sheet`. Output: blocks, the last of them the loss before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symprop.derive.updates import UpdateStep, optimiser_words, update_steps
from symprop.graph import new_name
from symprop.render.document import Block, Display, Heading, Paragraph, Part, Table
from symprop.render.worksheet.equations import defects, right_lines, right_name
from symprop.render.worksheet.sheet import Sheet, line_display
from symprop.spec.options import OPTIMIZERS
from symprop.terms import Number, Ref
from symprop.worked.lines import Difference, differences

IN_ORDER, AT_ONCE = "in this order", "all at once, with the old weights"
ALREADY_NEW = "Each is stepped with the weights that are already new."


def update_blocks(sheet: Sheet) -> Iterator[Block]:
    """Every step of the document's rule, in its order."""
    yield Heading(1, ("The update",), "update")
    wrong = defects(sheet.derivation, sheet.update)
    note = sheet.update.note or (ALREADY_NEW if sheet.update.sequential else "")
    said = (note, optimiser_words(sheet.network), _batch_words(sheet))
    yield Paragraph((*_how(sheet, wrong), "".join(f" {each}" for each in said if each)))
    for step in update_steps(sheet.derivation, sheet.update):
        yield from _stepped(sheet, step)
    if wrong:
        yield Heading(2, (f"What {_method(sheet)} does instead",), "right-step")
        for name in wrong:
            yield from _right(sheet, name)


def _how(sheet: Sheet, wrong: Sequence[str]) -> Iterator[Part]:
    """How the weights are stepped but for the document's defects, which are told where the author's note does not tell them."""
    yield "Every weight"
    for place, name in enumerate(wrong):
        yield from (" and " if place else " but ", Ref(name))
    yield f" is stepped against its gradient, {IN_ORDER if sheet.update.sequential else AT_ONCE}"
    for place, name in enumerate(() if sheet.update.note else wrong):
        yield from (", " if place else "; ", Ref(name))
        if name in sheet.update.order:
            yield " with the gradient of "
            yield Ref(sheet.update.gradient_of[name])
        else:
            yield " not at all"
    yield "."


def _method(sheet: Sheet) -> str:
    row = OPTIMIZERS[sheet.network.training.optimizer]
    return "gradient descent" if row.plain else row.name


def _batch_words(sheet: Sheet) -> str:
    size = sheet.network.training.batch_size
    return "" if size is None else f"This step is made with all samples; the training makes its steps with batches of {size}."


def _stepped(sheet: Sheet, step: UpdateStep) -> Iterator[Display]:
    rule = f"the gradient of {step.gradient_of}" if step.gradient_of != step.parameter else ""
    if step.already_new:
        rule = f"already new: {', '.join(step.already_new)}"
    used = tuple(new_name(each) for each in step.already_new) or (sheet.derivation.steps[step.gradient_of].name,)
    return _displays(sheet, [line.name for line in step.lines], rule, used)


def _displays(sheet: Sheet, names: Sequence[str], rule: str, used: tuple[str, ...]) -> Iterator[Display]:
    """The optimiser's states, which use the gradient, then the new value, which uses the states where there are any."""
    *states, last = names
    yield from (line_display(sheet, sheet.worked.line(state), rule, used) for state in states)
    yield line_display(sheet, sheet.worked.line(last), "" if states else rule, tuple(states) or used)


def _right(sheet: Sheet, name: str) -> Iterator[Display]:
    instead = "its own gradient" if name in sheet.update.order else "not stepped by the document"
    lines = right_lines(sheet.derivation, name)
    return _displays(sheet, [line.name for line in lines], instead, (sheet.derivation.steps[name].name,))


def after_blocks(sheet: Sheet) -> Iterator[Block]:
    """The forward pass at the new weights, and what it has done to the loss."""
    graph = sheet.network.graph
    again = [line for line in sheet.worked.lines if line.name in {new_name(equation.name) for equation in graph.equations}]
    if not again:
        return
    yield Heading(1, ("After the step",), "after")
    yield Paragraph(("The forward pass once more, with the new weights.",))
    yield from (line_display(sheet, line) for line in again)


def loss_blocks(sheet: Sheet) -> Iterator[Block]:
    """The loss before and after the step; beside a document's defects what the right steps give, in single numbers."""
    loss = sheet.network.graph.loss
    if new_name(loss) not in sheet.worked.values:
        return
    before, after = _number(sheet, loss), _number(sheet, new_name(loss))
    yield Paragraph(("In this step the loss", *moved(before, after), "."))
    wrong = defects(sheet.derivation, sheet.update)
    if wrong:
        rows = [_beside(sheet, name) for name in (*wrong, loss) if not sheet.network.graph.shape(name)]
        method = _method(sheet)
        yield Table(f"The document's step and {method}", ("", "document", method), tuple(rows))


def moved(before: Number, after: Number) -> tuple[Part, ...]:
    """` falls from 0.58 to 0.54`; where the printed digits are the same, that it stays there."""
    if before.value == after.value:
        return (" stays at ", before, ", to the digits shown")
    return (f" {'falls' if after.value < before.value else 'rises'} from ", before, " to ", after)


def _beside(sheet: Sheet, name: str) -> tuple[Part, ...]:
    new = new_name(name)
    old = name if new not in sheet.worked.values else new
    return (Ref(new), _number(sheet, old), _number(sheet, right_name(name)))


def _number(sheet: Sheet, name: str) -> Number:
    value = sheet.worked.values[name]
    assert isinstance(value, Number), "what has no shape is one number"
    return value


def difference_blocks(sheet: Sheet) -> Iterator[Block]:
    """In carry: by how much the final values differ from full precision."""
    if sheet.worked.mode != "carry":
        return
    graph = sheet.network.graph
    final = [new_name(step.parameter) for step in update_steps(sheet.derivation, sheet.update)]
    names = [*final, *(name for name in (new_name(graph.loss),) if name in sheet.worked.values)]
    found = differences(sheet.worked, sheet.full, names)
    yield Heading(1, ("What carrying the printed digits has cost",), "differences")
    largest = max((each.relative for each in found if each.relative is not None), key=lambda each: each.value, default=None)
    if largest is not None:
        yield Paragraph(("The final values differ from those at full precision by at most ", largest, " of their size."))
    yield Table(*_difference_table(found))


def _difference_table(found: tuple[Difference, ...]) -> tuple[str, tuple[Part, ...], tuple[tuple[Part, ...], ...]]:
    """Both values of a number; of an array the difference alone, of its largest entry."""
    relative = "difference / value"
    numbers = [each for each in found if isinstance(each.carried, Number) and isinstance(each.full, Number)]
    if len(numbers) < len(found):
        rows = tuple((Ref(each.name), each.relative or "0") for each in found)
        return "Final values, carried and at full precision: the largest difference of an entry", ("", relative), rows
    cells = tuple((Ref(each.name), _cell(each.carried), _cell(each.full), each.relative or "0") for each in found)
    return "Final values, carried and at full precision", ("", "carried", "full precision", relative), cells


def _cell(value: object) -> Part:
    assert isinstance(value, Number), "one number"
    return value
