"""The sections of a worksheet, in order: givens, forward pass, gradients, matrix form, step, forward pass after it, remarks.

Input: a Derivation, digits and an arithmetic. Output: a `Document`.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derive import Derivation
from symprop.graph import Network
from symprop.render.curves import Curves
from symprop.render.document import Block, Code, Document, Heading, Paragraph, document
from symprop.render.worksheet.editions import Blank, open_results, with_blanks
from symprop.render.worksheet.functions import functions_paragraph
from symprop.render.worksheet.givens import given_blocks
from symprop.render.worksheet.gradients import gradient_blocks
from symprop.render.worksheet.matrix_form import matrix_blocks
from symprop.render.worksheet.sheet import Sheet, line_display, sheet_of
from symprop.render.worksheet.step import after_blocks, difference_blocks, loss_blocks, update_blocks
from symprop.render.worksheet.training import training_blocks
from symprop.worked.digits import Digits
from symprop.worked.lines import Mode

DEFAULT_DIGITS = Digits(significant=9)


def worksheet(
    derivation: Derivation,
    digits: Digits = DEFAULT_DIGITS,
    mode: Mode = "full",
    decimal_comma: bool = False,
    blank: Blank | None = None,
    sheet_id: str = "",
    curves: Curves | None = None,
) -> Document:
    """One round by hand: `quantity = formula = numbers = value` for the forward pass, every gradient, the update and its effect.

    `mode` full computes at full precision and says = or \u2248 by what the printed operands give; carry computes each line from the
    digits printed above it. `blank` leaves results out for a student: every step's, or the weights' gradients and what follows
    from them. `sheet_id` is printed on the sheet; `curves` of a training are drawn at its end.
    Raises UnsupportedError where the spec holds no data.
    """
    return document_of(sheet_of(derivation, digits, mode, decimal_comma), blank, sheet_id, curves)


def document_of(sheet: Sheet, blank: Blank | None = None, sheet_id: str = "", curves: Curves | None = None) -> Document:
    """The worksheet of worked lines; see `worksheet`."""
    network = sheet.network
    worked = [*_forward(sheet), *gradient_blocks(sheet), *matrix_blocks(sheet), *update_blocks(sheet), *after_blocks(sheet)]
    shown = worked if blank is None else list(with_blanks(sheet, worked, blank))
    known = [*_sheet_line(sheet_id, blank), *given_blocks(sheet, open_results(shown))]
    if blank is not None:
        return document(network.title, [*known, *shown], sheet.notation, network.source)
    training = training_blocks(curves, network.training, sheet.notation.decimal_comma)
    closing = [*loss_blocks(sheet), *difference_blocks(sheet), *training, *_remarks(network)]
    return document(network.title, [*known, *worked, *closing], sheet.notation, network.source)


def _sheet_line(sheet_id: str, blank: Blank | None) -> Iterator[Block]:
    name = (" Name: ______________________________",) if blank is not None else ()
    if sheet_id or name:
        shown = ("Sheet ", Code(sheet_id), ".") if sheet_id else ()
        yield Paragraph((*shown, *name))


def _forward(sheet: Sheet) -> Iterator[Block]:
    yield Heading(1, ("Forward pass",), "forward")
    yield functions_paragraph(sheet)
    for equation in sheet.network.graph.equations:
        yield line_display(sheet, sheet.worked.line(equation.name))


def _remarks(network: Network) -> Iterator[Block]:
    if network.remarks:
        yield Heading(1, ("Remarks on the document",), "remarks")
    for remark in network.remarks:
        yield Paragraph((remark,))
