"""The backward pass as in a textbook: each slope once, each gradient by the chain rule and by the delta rule, sums path by path.

Input: a `Sheet`. Output: blocks, from the loss back to the weights.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derive import Edge, Step
from symprop.notation.layout import layout
from symprop.render.chains import chain_symbols, path_symbols
from symprop.render.document import Block, Display, Heading, Member, Paragraph
from symprop.render.worksheet.equations import (
    by_paths,
    chain_factors,
    has_path_line,
    has_slope,
    path_name,
    slope_name,
)
from symprop.render.worksheet.levels import Level, levels
from symprop.render.worksheet.sheet import Sheet, line_display, worked_members
from symprop.terms import Number, Partial, Ref, Term, names_in, product, total

CHAIN, DELTA = "chain rule", "delta rule"
FEWEST_FACTORS = 3  # a chain of two is the delta rule itself


def gradient_blocks(sheet: Sheet) -> Iterator[Block]:
    """Every gradient that needs a line."""
    yield Heading(1, ("Backward pass",), "backward")
    yield Paragraph(("From the loss back to the weights. Each result is used by its number wherever it is needed again.",))
    found = levels(sheet.derivation)
    for number, level in enumerate(found, 1):
        if len(found) > 1:
            yield Heading(2, level.title, f"backward-{number}")
        yield from _level(sheet, level)


def _level(sheet: Sheet, level: Level) -> Iterator[Block]:
    for name in level.quantities:
        yield from _slopes(sheet, name)
        yield from _gradient(sheet, sheet.derivation.steps[name])
    for name in level.parameters:
        yield from _slopes(sheet, name)
        yield from _chain(sheet, name)
        yield from _gradient(sheet, sheet.derivation.steps[name])


def _slopes(sheet: Sheet, name: str) -> Iterator[Display]:
    """The local partials by which a quantity enters the equations after it."""
    for edge in sheet.derivation.steps[name].edges:
        if has_slope(sheet.network.graph, edge):
            yield line_display(sheet, sheet.worked.line(slope_name(edge)), edge.rule)


def _chain(sheet: Sheet, name: str) -> Iterator[Display]:
    """The expanded chain of a weight in numbers: the same value once more, so that it may say ≈."""
    factors = chain_factors(sheet.derivation, name)
    if len(factors) < FEWEST_FACTORS:
        return
    gradient = sheet.derivation.steps[name].name
    line = sheet.worked.again(gradient, product(factors))
    yield line_display(sheet, line, CHAIN, tuple(factor.name for factor in factors), f"{gradient} ({CHAIN})")


def _gradient(sheet: Sheet, step: Step) -> Iterator[Display]:
    if not by_paths(step):
        yield _single(sheet, step)
        return
    for edge in step.edges:
        if has_path_line(sheet.network.graph, edge):
            yield _path(sheet, edge)
    yield _sum(sheet, step)


def _single(sheet: Sheet, step: Step) -> Display:
    line = sheet.worked.line(step.name)
    forms = _different(sheet, (*_symbols(sheet, step), line.formula), Ref(step.name))
    members = (*(Member("=", form) for form in forms), *worked_members(sheet, line))
    return Display(step.name, Ref(step.name), members, _rule(sheet, step), _cited(sheet, line.formula, step))


def _symbols(sheet: Sheet, step: Step) -> Iterator[Term]:
    """The gradient as a partial derivative where it has a symbol of its own; for a single path the chain rule in symbols."""
    graph = sheet.network.graph
    if step.quantity in graph.deltas and len(step.edges) == 1:
        yield Partial(graph.loss, step.quantity)
    parameter = step.quantity in graph.names("parameter")
    if len(step.edges) != 1 or graph.shape(step.quantity) or (parameter and _has_chain(sheet, step)):
        return
    edge = step.edges[0]
    scalar = edge.local is not None and not isinstance(edge.upstream, Number) and not graph.shape(edge.consumer)
    yield path_symbols(sheet.derivation, edge) if scalar else chain_symbols(sheet.derivation, step.quantity)


def _has_chain(sheet: Sheet, step: Step) -> bool:
    return len(chain_factors(sheet.derivation, step.quantity)) >= FEWEST_FACTORS


def _different(sheet: Sheet, forms: tuple[Term, ...], head: Term) -> list[Term]:
    """The forms that do not look like the one before them."""
    before, kept = layout(head, sheet.notation), []
    for form in forms:
        box = layout(form, sheet.notation)
        if box != before:
            kept.append(form)
        before = box
    return kept


def _rule(sheet: Sheet, step: Step) -> str:
    """A parameter's gradient by the delta rule where a delta is a factor; behind a slope's own line the chain rule."""
    graph = sheet.network.graph
    if len(step.edges) != 1 or not has_slope(graph, step.edges[0]):
        return step.rule
    (edge,) = step.edges
    delta = step.quantity in graph.names("parameter") and edge.consumer in graph.deltas
    return DELTA if delta else CHAIN


def _path(sheet: Sheet, edge: Edge) -> Display:
    """What one path adds, before anything is added."""
    line = sheet.worked.line(path_name(edge))
    head = path_symbols(sheet.derivation, edge)
    forms = _different(sheet, (line.formula,), head)
    members = (*(Member("=", form) for form in forms), *worked_members(sheet, line))
    return Display(path_name(edge), head, members, "one path", _cited(sheet, line.formula, None, edge))


def _sum(sheet: Sheet, step: Step) -> Display:
    """The sum over paths in symbols; a path without a line of its own by its formula."""
    line = sheet.worked.line(step.name)
    graph = sheet.network.graph
    symbols = total(edge.term if edge.consumer == graph.loss else path_symbols(sheet.derivation, edge) for edge in step.edges)
    short = [] if any(has_path_line(graph, edge) for edge in step.edges) else [line.formula]
    forms = _different(sheet, (symbols, *short), Ref(step.name))
    members = (*(Member("=", form) for form in forms), *worked_members(sheet, line))
    lines = tuple(path_name(edge) for edge in step.edges if has_path_line(graph, edge))
    return Display(step.name, Ref(step.name), members, step.rule, lines or _cited(sheet, line.formula))


def _cited(sheet: Sheet, formula: Term, step: Step | None = None, edge: Edge | None = None) -> tuple[str, ...]:
    """The lines whose results a formula uses: gradients and slopes, a bare slope included where it stands by its name."""
    edges = (edge,) if edge is not None else step.edges if step is not None else ()
    slopes = [slope_name(each) for each in edges if has_slope(sheet.network.graph, each)]
    gradients = [name for name in names_in(formula) if name in sheet.derivation.gradient_quantities]
    return (*gradients, *slopes)
