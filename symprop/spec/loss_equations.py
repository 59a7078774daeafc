"""The loss of a layered spec, written as equations.

Input: `[network]` with its loss, the layers, the targets. Output: one equation, or one for each unit's error and their total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symprop.spec.layers import Layer, fill
from symprop.spec.leaves import Leaves
from symprop.spec.losses import EPS, LOSSES, OTHER_NAMES, PENALTY, Loss
from symprop.spec.names import IDENTIFIER, a_name
from symprop.spec.problems import Unexpected, meant
from symprop.spec.tables import Table, a_text
from symprop.spec.values import a_number
from symprop.terms import Number, number
from symprop.terms.shapes import shown
from symprop.words import counted

USUAL_LOSS = "half_sum_of_squares"
USUAL_ERRORS = "E_{unit}"
MOST_PENALISED = 200  # a square for each in one equation


def write_loss(table: Table, leaves: Leaves, style: str, layers: Sequence[Layer], name: str) -> Iterator[tuple[str, str]]:
    """The equations of a loss of the table under the total's `name`, or the author's own expression; with the L2 penalty."""
    text = table.get("loss", _a_loss, USUAL_LOSS)
    *errors, (total, right) = _of_row(table, LOSSES[text], leaves, style, layers[-1], name) if text in LOSSES else ((name, text),)
    yield from errors
    yield total, " + ".join((right, *_penalties(table, leaves, style, layers)))


def _of_row(table: Table, row: Loss, leaves: Leaves, style: str, last: Layer, name: str) -> Iterator[tuple[str, str]]:
    if row.activation and last.activation not in (row.activation, "identity"):
        wanted = f"activation = '{row.activation}' in the last layer for the loss {row.name}"
        hint = f"; for other outputs between 0 and 1 there is the loss {row.otherwise}" if row.otherwise else ""
        table.problems.add("layers", wanted, f"'{last.activation}'", hint)
    targets = _targets(table, leaves, style, row, last)
    nets = last.outputs if last.activation == "identity" else last.nets
    eps = table.get("eps", _an_eps, number(EPS)).text
    if style == "matrix":
        ends = {"target": targets[0], "output": last.outputs[0], "net": nets[0]}
        yield name, fill(row.matrix, **ends, samples=_samples(leaves, targets[0]), eps=eps)
    else:
        yield from _unit_by_unit(table, row, targets, last, nets, name, leaves.batched, eps)


def _penalties(table: Table, leaves: Leaves, style: str, layers: Sequence[Layer]) -> Iterator[str]:
    """1/2*l2*w**2 for each weight that is learned, 1/2*l2*sum(W**2) for each matrix of them; nothing without `l2`."""
    factor = table.get("l2", _a_penalty, number(0))
    square = "sum({weight}**2)" if style == "matrix" else "{weight}**2"
    learned = {leaf.name for leaf in leaves.of("parameter")}
    weights = dict.fromkeys(name for layer in layers for name in layer.listed if name in learned) if factor.value else {}
    if len(weights) > MOST_PENALISED:
        hint = '; write style = "matrix" under [network]'
        table.problems.add(table.label("l2"), f"at most {MOST_PENALISED} weights with a symbol each", str(len(weights)), hint)
        return
    yield from (fill(PENALTY, l2=factor.text, square=fill(square, weight=weight)) for weight in weights)


def _a_penalty(value: object) -> Number:
    factor = a_number(value)
    if factor.value < 0:
        raise Unexpected("a number that is not negative")
    return factor


def _an_eps(value: object) -> Number:
    eps = a_number(value)
    if not 0 < eps.value < Fraction(1, 2):
        raise Unexpected("a number between 0 and 1/2")
    return eps


def _a_loss(value: object) -> str:
    """The name of a loss of the table, or an expression; a lone word that is neither is refused."""
    text = a_text(value)
    if text not in LOSSES and IDENTIFIER.fullmatch(text):
        raise Unexpected("a loss or an expression", hint=meant(text, LOSSES, OTHER_NAMES))
    return text


def _targets(table: Table, leaves: Leaves, style: str, row: Loss, last: Layer) -> tuple[str, ...]:
    targets = leaves.of("target")
    if len(targets) != len(last.outputs):
        wanted = "one array of targets" if style == "matrix" else f"a target for each of the {len(last.outputs)} outputs"
        table.problems.add("targets", wanted, str(len(targets)))
    elif style == "matrix" and targets[0].shape and targets[0].shape[1:] != (len(last.units),):
        wanted = f"a row of {counted(len(last.units), 'number')} for each sample"
        hint = "; class 0 is the row [1, 0, ...], class 1 the row [0, 1, ...]" if row.activation == "softmax" else ""
        table.problems.add(f"targets.{targets[0].name}", wanted, f"the shape {shown(targets[0].shape)}", hint)
    else:
        return tuple(leaf.name for leaf in targets)
    table.problems.settled.add("targets")  # nor is one of them told to be unused
    return last.outputs  # names that exist, so that nothing else is said about them


def _samples(leaves: Leaves, target: str) -> str:
    leaf = leaves.by_name.get(target)
    return str(leaf.shape[0]) if leaf and leaf.shape else "1"


def _unit_by_unit(
    table: Table, row: Loss, targets: Sequence[str], last: Layer, nets: Sequence[str], name: str, batched: bool, eps: str
) -> Iterator[tuple[str, str]]:
    ends = list(zip(targets, last.outputs, nets, strict=True))
    if row.row:
        pairs = " + ".join(f"{target}*{net}" for target, _, net in ends)
        errors = [fill(row.row, nets=", ".join(nets), pairs=pairs)]
    else:
        errors = [fill(row.unit, target=target, output=output, net=net, eps=eps) for target, output, net in ends]
    if "errors" in table.content:
        names = _error_names(table, row, last)
        yield from zip(names, errors, strict=False)
        errors = names
    yield name, _total(row, errors, batched)


def _error_names(table: Table, row: Loss, last: Layer) -> list[str]:
    """A name for each unit's error, from a pattern such as `E_{unit}`."""
    with table.problems.at(table.label("errors"), table.content["errors"]):
        if row.row:
            raise Unexpected(f"no names: the loss {row.name} has no errors of single units")
        pattern = a_text(table.content["errors"])
        names = [a_name(fill(pattern, unit=unit)) for unit in last.units]
        if len(set(names)) == len(names):
            return names
        raise Unexpected("a pattern with {unit}")
    return [fill(USUAL_ERRORS, unit=unit) for unit in last.units]


def _total(row: Loss, errors: Sequence[str], batched: bool) -> str:
    """The units' errors added, and averaged over units and samples as the row says."""
    added = " + ".join(errors)
    total = f"({added})/{len(errors)}" if row.mean_units and len(errors) > 1 else added
    return f"{'mean' if row.mean_samples else 'sum'}({total})" if batched else total
