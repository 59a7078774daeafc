"""The answer to "what is the update of w0?": chain rule, factors, result and update, for some quantities of a network.

Input: a Derivation, the quantities asked for, and a form (chain, delta, expanded, matrix). Output: a `Document`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from symprop.derive import Derivation, Edge, Step
from symprop.derive.expand import in_quantities, written_out
from symprop.derive.updates import UpdateStep, update_steps
from symprop.errors import UsageError
from symprop.graph import Network, Update, new_name, new_quantity
from symprop.notation import Notation
from symprop.render.chains import chain_symbols, edge_symbol, path_symbols, single_path
from symprop.render.document import Block, Display, Document, Heading, Member, Paragraph, document
from symprop.terms import Number, Partial, Ref, Term, difference, is_number, names_in, product, size, total

Form: TypeAlias = Literal["chain", "delta", "expanded", "matrix"]
LONGEST_WRITTEN_OUT = 40  # nodes: a longer gradient is cited by its symbol
FORMS: tuple[Form, ...] = ("chain", "delta", "expanded", "matrix")


def exercise(derivation: Derivation, quantities: Sequence[str] = (), form: Form | None = None) -> Document:
    """The derivation of some gradients (default: every parameter's), each step once, with the update rules of the network.

    `form`: `chain` (one factor for each edge of a path), `delta` (each gradient from the ones behind it), `expanded` (in weights,
    inputs and targets alone) or `matrix` (an array network's array rules); default: chain, or matrix for arrays.
    Raises UsageError for an unknown quantity or for the matrix form of a scalar network.
    """
    network = derivation.network
    scalar = network.graph.scalar
    chosen: Form = form or ("chain" if scalar else "matrix")
    if chosen == "matrix" and scalar:
        raise UsageError(f"{network.id} has one symbol for each weight and no matrix form; take --form chain, delta or expanded")
    names = [derivation.gradient(name).quantity for name in quantities] or list(network.graph.names("parameter"))
    page = _Page(derivation, [], {})
    for name in names:
        _WRITERS[chosen](page, name)
    blocks = [*_definitions(network), *page.blocks, *_updates(derivation, names)]
    return document(network.title, blocks, exercise_notation(derivation))


def exercise_notation(derivation: Derivation) -> Notation:
    """The notation of a derivation and of the new values of its parameters."""
    graph = derivation.network.graph
    new = [new_quantity(graph.quantities[name]) for name in graph.names("parameter")]
    notation = Notation.of(derivation.network, derivation.gradient_quantities)
    return notation.with_quantities(*new)


def _definitions(network: Network) -> Iterator[Block]:
    yield Heading(1, ("The network",), "network")
    for equation in network.graph.equations:
        yield Display(equation.name, Ref(equation.name), (Member("=", equation.term),))


@dataclass(frozen=True)
class _Page:
    """Blocks so far; `shown` holds the label under which each gradient was derived, so that none is derived twice."""

    derivation: Derivation
    blocks: list[Block]
    shown: dict[str, str]

    def heading(self, step: Step) -> None:
        self.blocks.append(Heading(1, ("The gradient ", self.symbol(step.quantity)), f"gradient-{step.quantity}"))

    def symbol(self, quantity: str) -> Term:
        return Partial(self.derivation.network.graph.loss, quantity)

    def display(self, shown: Display) -> None:
        self.blocks.append(shown)


def _chain(page: _Page, name: str) -> None:
    """The chain rule, then its factors, then the result; a quantity with several paths gets its sum, path by path."""
    if name in page.shown:
        return
    step = page.derivation.steps[name]
    path, last = single_path(page.derivation, name)
    for behind in [last] if path and last is not None else [edge.consumer for edge in step.edges if not path]:
        _needed(page, behind)
    page.shown[name] = step.name
    page.heading(step)
    if not path:
        _sum_display(page, step)
        return
    if len(path) > 1 or last is not None:
        _chain_display(page, name)
        for edge in reversed(path):
            _factor_display(page, edge)
    _result_display(page, name, path, last)


def _needed(page: _Page, consumer: str) -> None:
    if consumer != page.derivation.network.graph.loss and not isinstance(page.derivation.steps[consumer].term, Number):
        _chain(page, consumer)


def _chain_display(page: _Page, name: str) -> None:
    symbols = chain_symbols(page.derivation, name)
    page.display(Display(f"chain {name}", page.symbol(name), (Member("=", symbols),), "chain rule"))


def _factor_display(page: _Page, edge: Edge) -> None:
    label = f"d{edge.consumer}/d{edge.quantity}"
    known = {block.label for block in page.blocks if isinstance(block, Display)}
    if label not in known and edge.local is not None and not is_number(edge.local, 1):
        page.display(Display(label, edge_symbol(edge), (Member("=", edge.local),), edge.rule))


def _result_display(page: _Page, name: str, path: list[Edge], last: str | None) -> None:
    steps = page.derivation.steps
    head = [Ref(steps[last].name)] if last is not None else []
    result = product([*head, *(edge.local for edge in reversed(path) if edge.local is not None)])
    cites = (page.shown[last],) if last is not None else ()
    rule = path[0].rule if len(path) == 1 and last is None else "product of the factors"
    page.display(Display(steps[name].name, page.symbol(name), (Member("=", result),), rule, cites))


def _sum_display(page: _Page, step: Step) -> None:
    """Path by path, before anything is added."""
    cites = tuple(page.shown[edge.consumer] for edge in step.edges if edge.consumer in page.shown)
    paths = [path_symbols(page.derivation, edge) for edge in step.edges if edge.local is not None]
    symbols = (Member("=", total(paths)),) if len(paths) == len(step.edges) else ()
    page.display(Display(step.name, page.symbol(step.quantity), (*symbols, Member("=", step.term)), _step_rule(step), cites))


def _step_rule(step: Step) -> str:
    return step.edges[0].rule if len(step.edges) == 1 else "sum over outgoing edges"


def _delta(page: _Page, name: str) -> None:
    """Each gradient from the gradients behind it."""
    step = page.derivation.steps[name]
    if name in page.shown:
        return
    page.shown[name] = step.name
    by_name = {each.name: quantity for quantity, each in page.derivation.steps.items()}
    behind = [by_name[each] for each in names_in(step.term) if each in by_name]
    for quantity in behind:
        _delta(page, quantity)
    cites = tuple(page.shown[quantity] for quantity in behind)
    page.display(Display(step.name, Ref(step.name), (Member("=", step.term),), _step_rule(step), cites))


def _expanded(page: _Page, name: str) -> None:
    step = page.derivation.steps[name]
    in_forward = in_quantities(page.derivation.steps, name)
    alone = written_out(page.derivation.network.graph, in_forward)
    page.heading(step)
    page.display(Display(step.name, page.symbol(name), (Member("=", in_forward), Member("=", alone)), "written out"))


_WRITERS: dict[Form, Callable[[_Page, str], None]] = {"chain": _chain, "delta": _delta, "expanded": _expanded, "matrix": _delta}


def _updates(derivation: Derivation, names: Sequence[str]) -> Iterator[Block]:
    """Each update rule with the steps of the asked parameters; rules that take the same steps are shown once."""
    network = derivation.network
    learned = [name for name in names if name in network.graph.names("parameter")]
    if not learned:
        return
    yield Heading(1, ("The update",), "update")
    yield Paragraph(("The learning rate is ", Ref(network.training.rate), "."))
    for rules, displays in _distinct(derivation, learned):
        yield Paragraph((_rule_text(rules),))
        yield from (replace(each, label=f"{each.label} ({rules[0].name})") for each in displays)
        yield from _defects(rules[0], learned)


def _distinct(derivation: Derivation, learned: Sequence[str]) -> list[tuple[list[Update], tuple[Display, ...]]]:
    """The rules, the document's own first, grouped by what they do to the asked parameters."""
    network = derivation.network
    groups: dict[frozenset[Display], tuple[list[Update], tuple[Display, ...]]] = {}
    for rule in sorted(network.updates.values(), key=lambda rule: rule.name != "document"):
        displays = tuple(_update_displays(derivation, rule, learned))
        groups.setdefault(frozenset(displays), ([], displays))[0].append(rule)
    return list(groups.values())


def _update_displays(derivation: Derivation, rule: Update, learned: Sequence[str]) -> Iterator[Display]:
    for step in update_steps(derivation, rule):
        if step.parameter in learned:
            note = f"already new: {', '.join(step.already_new)}" if step.already_new else ""
            yield Display(f"update {step.parameter}", Ref(new_name(step.parameter)), _update_members(derivation, step), note)


def _update_members(derivation: Derivation, step: UpdateStep) -> tuple[Member, ...]:
    """In the gradient's symbol, and written out where the gradient is one product; with new weights written out always."""
    rate = Ref(derivation.network.training.rate)
    symbol = Ref(derivation.steps[step.gradient_of].name)
    short = Member("=", difference(Ref(step.parameter), product((rate, symbol))))
    written = Member("=", step.value)
    if step.already_new:
        return (written,)
    return (short, written) if derivation.network.graph.scalar and size(step.gradient) <= LONGEST_WRITTEN_OUT else (short,)


def _rule_text(rules: Sequence[Update]) -> str:
    named = " and ".join(f"\u201c{rule.name}\u201d" for rule in rules)
    note = "".join(f" {rule.note}" for rule in rules if rule.name == "document" and rule.note)
    if rules[0].sequential:
        return f"Update rule {named}: in the listed order, each step with the weights that are already new.{note}"
    return f"Update rule {named}: all steps at once, with the old weights.{note}"


def _defects(rule: Update, learned: Sequence[str]) -> Iterator[Block]:
    for name in learned:
        source = rule.gradient_of.get(name)
        if source is not None:
            yield Paragraph(("The document steps ", Ref(name), " with the gradient of ", Ref(source), ": a defect of its own."))
        if name not in rule.order:
            yield Paragraph(("This rule never steps ", Ref(name), "."))
