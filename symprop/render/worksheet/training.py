"""What the training does after the first round: the loss, the outputs and the weights against the iteration.

Input: `Curves` that somebody recorded. Output: a section with one figure for each; nothing without curves.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from symprop.graph import Training
from symprop.render.curves import NOISE, Curves, Series, chart, described
from symprop.render.document import Block, Figure, Heading, Paragraph, Part
from symprop.render.worksheet.step import moved
from symprop.spec.options import OPTIMIZERS
from symprop.terms import Number, Ref, number
from symprop.worked.digits import Digits, printed


def training_blocks(curves: Curves | None, training: Training, decimal_comma: bool = False) -> Iterator[Block]:
    """The section, after the round that was worked by hand; the figures' words have the page's decimal sign."""
    if curves is None:
        return
    yield Heading(1, ("Training",), "training")
    first, last = curves.loss.lines[0][0], curves.loss.lines[0][-1]
    rounds = f"{_rounds(training).format(curves.iterations[-1])} with the update rule \u201c{curves.rule}\u201d: the loss "
    yield Paragraph((rounds, Ref(curves.loss.name), *_fell(first, last), "."))
    what = "step" if training.batch_size is None else "pass"
    draw = partial(_figure, curves, decimal_comma, what)
    yield draw("The loss before", (curves.loss,))
    if curves.outputs:
        yield draw("The outputs before", curves.outputs)
    if curves.parameters:
        yield draw("The weights after", curves.parameters)


def _rounds(training: Training) -> str:
    """What is repeated: the round above, that of an optimiser which keeps its states, or a pass in batches."""
    by = "" if OPTIMIZERS[training.optimizer].plain else f" by {training.optimizer}"
    if training.batch_size is not None:
        return f"{{}} passes{by} over all samples in batches of {training.batch_size}, a step with each batch,"
    return f"The same round, taken {{}} times{by}," if by else "The same round, taken {} times"


def _drawn(curves: Curves, what: str) -> str:
    """The iterations that are drawn: what swings faster than they follow one another is not seen."""
    first, second = (*curves.iterations, curves.iterations[0] + 1)[:2]
    return f"each {what}" if second == first + 1 else f"one {what} in {second - first}"


def _fell(first: float, last: float) -> tuple[Part, ...]:
    """Where the loss has gone; below its rounding noise no digits are told."""
    if first > 0 and abs(last) <= first * NOISE:
        return (" falls from ", _number(first), " to less than ", number(f"{first * NOISE:.0e}"))
    return moved(_number(first), _number(last))


def _number(value: float) -> Number:
    return printed(Fraction(value), Digits(significant=3))


def _figure(curves: Curves, decimal_comma: bool, what: str, followed: str, series: tuple[Series, ...]) -> Figure:
    """The caption tells what the drawing shows; the title and the words are of the quantities, however a format shows them."""
    drawn = chart(f"{followed} each {what}", curves, series)
    dashed = ", the targets dashed" if any(each.dashed for each in series) else ""
    return Figure("curves", f"{followed} {_drawn(curves, what)}{dashed}.", described(drawn, decimal_comma), drawn)
