"""The sections of a worksheet, in order: givens, picture, forward pass, gradients, matrix form, update, remarks.

Input: a Derivation, digits and an arithmetic. Output: a `Document`.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derive import Derivation
from symprop.derive.updates import update_steps
from symprop.graph import Network, new_name
from symprop.render.document import Block, Display, Document, Figure, Heading, Member, Paragraph, Table, document, matrix
from symprop.render.picture import picture_of
from symprop.render.worksheet.gradients import gradient_blocks
from symprop.render.worksheet.matrix_form import matrix_blocks
from symprop.render.worksheet.sheet import Sheet, line_display, sheet_of
from symprop.terms import Number, Ref
from symprop.worked.digits import Digits
from symprop.worked.lines import Mode

DEFAULT_DIGITS = Digits(significant=9)
GIVEN = {"input": "Inputs", "target": "Targets", "parameter": "Weights before the step", "constant": "Fixed values"}
TABLE_WIDTH = 9  # columns of given numbers that fit a page
ARITHMETIC = {
    "full": "Every line is computed at full precision and rounded for print; \u2248 marks a line whose printed numbers, worked on "
    "a pocket calculator, give another last digit.",
    "carry": "Every line is computed from the digits printed above it, as on a pocket calculator.",
}


def worksheet(derivation: Derivation, digits: Digits = DEFAULT_DIGITS, mode: Mode = "full", seed: int | None = None) -> Document:
    """One round by hand: `quantity = formula = numbers = value` for the forward pass, every gradient and the update.

    `mode` full computes at full precision and says = or \u2248 by what the printed operands give; carry computes each line from the
    digits printed above it. Raises UnsupportedError where the spec holds no data.
    """
    sheet = sheet_of(derivation, digits, mode, seed)
    blocks = [*_givens(sheet), *_forward(sheet), *gradient_blocks(sheet), *matrix_blocks(sheet), *_update(sheet)]
    network = derivation.network
    return document(network.title, [*blocks, *_remarks(network)], sheet.notation, network.source)


def _givens(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, ("What is given",), "given")
    picture = picture_of(sheet.network, sheet.given)
    if picture is not None:
        yield Figure("network", "The network, with its weights before the step.", picture.description, picture)
    quantities = sheet.network.graph.quantities
    for role, title in GIVEN.items():
        names = [name for name in quantities if quantities[name].role == role]
        scalars = [(name, value) for name in names if isinstance(value := sheet.given[name], Number)]
        for chunk in (scalars[start : start + TABLE_WIDTH] for start in range(0, len(scalars), TABLE_WIDTH)):
            yield Table(title, tuple(Ref(name) for name, _ in chunk), (tuple(value for _, value in chunk),))
        for name in names:
            if not isinstance(sheet.given[name], Number):
                yield Display(name, Ref(name), (Member("=", matrix(sheet.given[name]), "value"),))
    training = sheet.network.training
    rate = ("The learning rate is ", Ref(training.rate), " = ", training.learning_rate, ". ")
    yield Paragraph((*rate, ARITHMETIC[sheet.worked.mode]))


def _forward(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, ("Forward pass",), "forward")
    for equation in sheet.network.graph.equations:
        yield line_display(sheet.worked.line(equation.name))


def _update(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, ("The update",), "update")
    in_order, at_once = "in this order, each with the weights that are already new", "all at once, with the old weights"
    how = in_order if sheet.update.sequential else at_once
    yield Paragraph((f"Every weight is stepped against its gradient, {how}. {sheet.update.note}".strip(),))
    for step in update_steps(sheet.derivation, sheet.update):
        note = f"already new: {', '.join(step.already_new)}" if step.already_new else ""
        cites = () if step.already_new else (sheet.derivation.steps[step.gradient_of].name,)
        yield line_display(sheet.worked.line(new_name(step.parameter)), note, cites)


def _remarks(network: Network) -> Iterator[Block]:
    if network.remarks:
        yield Heading(1, ("Remarks on the document",), "remarks")
    for remark in network.remarks:
        yield Paragraph((remark,))
