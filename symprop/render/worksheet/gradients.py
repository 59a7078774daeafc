"""The backward pass: each gradient by the chain rule, by the delta rule and in numbers; sums path by path.

Input: a `Sheet`. Output: blocks, from the loss back to the weights.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derive import Edge, Step
from symprop.render.chains import chain_symbols, path_symbols
from symprop.render.document import Block, Display, Heading, Member, Paragraph
from symprop.render.worksheet.sheet import Sheet, by_paths, path_name, worked_members
from symprop.terms import Partial, Ref, Term, names_in, total


def gradient_blocks(sheet: Sheet) -> Iterator[Block]:
    """Every gradient that needs a line."""
    yield Heading(1, ("Backward pass",), "backward")
    yield Paragraph(("From the loss back to the weights; each gradient uses the ones above it, cited by their numbers.",))
    for step in sheet.shown_steps():
        if by_paths(step):
            yield from (_path(sheet, edge) for edge in step.edges)
            yield _sum(sheet, step)
        else:
            yield _gradient(sheet, step)


def _gradient(sheet: Sheet, step: Step) -> Display:
    """The expanded chain, the delta rule, the numbers, the value."""
    line = sheet.worked.line(step.name)
    members = [Member("=", symbols) for symbols in _chains(sheet, step)]
    members += [Member("=", line.formula), *worked_members(line)]
    rule = step.edges[0].rule if len(step.edges) == 1 else "sum over outgoing edges"
    return Display(step.name, Ref(step.name), tuple(members), rule, _cited(sheet, step.term))


def _chains(sheet: Sheet, step: Step) -> list[Term]:
    """The expanded chain where it says more than the head; behind an array rule there is none."""
    loss = sheet.network.graph.loss
    if any(edge.local is None for edge in step.edges) or not sheet.network.graph.scalar:
        return []
    expanded = chain_symbols(sheet.derivation, step.quantity)
    delta = step.quantity in sheet.network.graph.deltas
    head: list[Term] = [Partial(loss, step.quantity)] if delta else []
    return [*head, expanded] if expanded != Partial(loss, step.quantity) else head


def _path(sheet: Sheet, edge: Edge) -> Display:
    """What one path adds, before anything is added."""
    name = path_name(edge)
    line = sheet.worked.line(name)
    members = (Member("=", line.formula), *worked_members(line))
    head = path_symbols(sheet.derivation, edge)
    return Display(name, head, members, f"{edge.rule}, one path of the sum", _cited(sheet, edge.term))


def _sum(sheet: Sheet, step: Step) -> Display:
    line = sheet.worked.line(step.name)
    symbols = total(path_symbols(sheet.derivation, edge) for edge in step.edges)
    members = (Member("=", symbols), *worked_members(line))
    return Display(step.name, Ref(step.name), members, "sum over outgoing edges", tuple(path_name(edge) for edge in step.edges))


def _cited(sheet: Sheet, term: Term) -> tuple[str, ...]:
    return tuple(name for name in names_in(term) if name in sheet.derivation.gradient_quantities)
