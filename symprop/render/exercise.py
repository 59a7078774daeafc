"""The answer to "what is the update of w0?": chain rule, factors, result and update, for some quantities of a network.

Input: a Derivation, the quantities asked for, and a form (chain, delta, expanded, matrix). Output: a `Document`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from symprop.derive import Derivation, Edge, Gradient, Step, derive
from symprop.derive.expand import in_quantities, written_out
from symprop.derive.updates import UpdateStep, optimiser_words, state_quantities, update_steps
from symprop.errors import UsageError
from symprop.graph import Network, Update, new_name, new_quantity
from symprop.notation import Notation
from symprop.notation.layout import layout
from symprop.render.chains import chain_symbols, edge_symbol, single_path, summed_symbols, told
from symprop.render.document import Block, Display, Document, Heading, Member, Paragraph, document
from symprop.terms import Number, Partial, Ref, Term, names_in, product, size
from symprop.terms.typography import entry_text

Form: TypeAlias = Literal["chain", "delta", "expanded", "matrix"]
LONGEST_WRITTEN_OUT = 40  # nodes: a longer gradient is cited by its symbol
FORMS: tuple[Form, ...] = ("chain", "delta", "expanded", "matrix")
COMMON = ("The gradients",)


def exercise(derivation: Derivation, quantities: Sequence[str] = (), form: Form | None = None) -> Document:
    """The derivation of some gradients (default: every parameter's), each step once, with the update rules of the network.

    `form`: `chain` (one factor for each edge of a path), `delta` (each gradient from the ones behind it), `expanded` (in weights,
    inputs and targets alone) or `matrix` (an array network's array rules); default: chain, or matrix for arrays. An entry
    `Wh[1,2]` of an array is derived in entries, by default as a chain; its matrix form is the array's with the entry picked out.
    Raises UsageError for an unknown quantity or for the matrix form of a scalar network.
    """
    network = derivation.network
    if form == "matrix" and network.graph.scalar:
        raise UsageError(f"{network.id} has one symbol for each weight and no matrix form; take --form chain, delta or expanded")
    asked = [derivation.gradient(name) for name in dict.fromkeys(quantities or network.graph.names("parameter"))]
    in_entries = derive(derivation.by_entry.network) if any(gradient.indices is not None for gradient in asked) else derivation
    notation = exercise_notation(derivation).joined(exercise_notation(in_entries))
    page = _Page(derivation, notation, [], {})
    for gradient in _with_sources(derivation, asked):
        if gradient.indices is None:
            _WRITERS[form or ("chain" if network.graph.scalar else "matrix")](page, gradient.quantity)
        elif form == "matrix":
            _picked(page, gradient)
        else:
            _WRITERS[form or "chain"](replace(page, derivation=in_entries), entry_text(gradient.quantity, gradient.indices))
    learned = [each for each in asked if each.quantity in network.graph.names("parameter")]
    updates = _updates(derivation, in_entries, learned, form == "delta")
    return document(network.title, [*_definitions(network), *_samples(network, page.blocks), *page.blocks, *updates], notation)


def _with_sources(derivation: Derivation, asked: Sequence[Gradient]) -> Collection[Gradient]:
    """The gradients asked for, each once, and those of other parameters with which a document steps them."""
    borrowed = [
        derivation.gradient(entry_text(rule.gradient_of[gradient.quantity], gradient.indices or ()))
        for rule in derivation.network.updates.values()
        for gradient in asked
        if gradient.quantity in rule.gradient_of
    ]
    return {gradient.name: gradient for gradient in (*asked, *borrowed)}.values()


def exercise_notation(derivation: Derivation) -> Notation:
    """The notation of a derivation, of the new values of its parameters and of the optimiser's states."""
    graph = derivation.network.graph
    new = [new_quantity(graph.quantities[name]) for name in graph.names("parameter")]
    notation = Notation.of(derivation.network, derivation.gradient_quantities)
    return notation.with_quantities(*new, *state_quantities(derivation.network))


def _definitions(network: Network) -> Iterator[Block]:
    yield Heading(1, ("The network",), "network")
    for equation in network.graph.equations:
        yield Display(equation.name, Ref(equation.name), (Member("=", equation.term),))


def _samples(network: Network, blocks: Sequence[Block]) -> Iterator[Block]:
    """What the number is that a mean's slope divides by, where one does."""
    bodies = [member.body for block in blocks if isinstance(block, Display) for member in block.members]
    if any(network.batch in names_in(body) for body in bodies if isinstance(body, Term)):
        yield Paragraph(("Here ", Ref(network.batch or ""), " is the number of samples."))


@dataclass(frozen=True)
class _Page:
    """Blocks so far; `shown` holds the label under which each gradient was derived, so that none is derived twice."""

    derivation: Derivation
    notation: Notation
    blocks: list[Block]
    shown: dict[str, str]

    def heading(self, step: Step) -> None:
        self.blocks.append(Heading(1, ("The gradient ", self.symbol(step.quantity)), f"gradient-{_place(step.quantity)}"))

    def common_heading(self, quantity: str) -> None:
        """One heading for gradients that follow one another without headings of their own."""
        headings = [block for block in self.blocks if isinstance(block, Heading)]
        if not headings or headings[-1].parts != COMMON:
            self.blocks.append(Heading(1, COMMON, f"gradients-{_place(quantity)}"))

    def symbol(self, quantity: str) -> Term:
        return Partial(self.derivation.network.graph.loss, quantity)

    def display(self, shown: Display) -> None:
        self.blocks.append(shown)

    def result(self, gradient: str, quantity: str, formulas: Sequence[Term], rule: str, cites: tuple[str, ...] = ()) -> None:
        """A gradient under the name by which later lines call it, `delta_o1`; its symbol too where a page shows the two apart."""
        symbol = self.symbol(quantity)
        apart = layout(Ref(gradient), self.notation) != layout(symbol, self.notation)
        members = (Member("=", term) for term in ((symbol, *formulas) if apart else formulas))
        self.display(Display(gradient, Ref(gradient), tuple(members), rule, cites))


def _place(quantity: str) -> str:
    return re.sub(r"\W+", "-", quantity).strip("-")


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
        _sum_displays(page, step)
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
    if label not in known and edge.local is not None and told(edge):
        page.display(Display(label, edge_symbol(edge), (Member("=", edge.local),), edge.rule))


def _result_display(page: _Page, name: str, path: list[Edge], last: str | None) -> None:
    steps = page.derivation.steps
    head = [Ref(steps[last].name)] if last is not None else []
    result = product([*head, *(edge.local for edge in reversed(path) if edge.local is not None)])
    cites = (page.shown[last],) if last is not None else ()
    rule = path[0].rule if len(path) == 1 and last is None else "product of the factors"
    page.result(steps[name].name, name, [result], rule, cites)


def _sum_displays(page: _Page, step: Step) -> None:
    """Path by path, before anything is added, with the factors; an array rule and a sum without factors are their result alone."""
    cites = tuple(page.shown[edge.consumer] for edge in step.edges if edge.consumer in page.shown)
    factors = [edge for edge in step.edges if told(edge) and edge.consumer != page.derivation.network.graph.loss]
    if not factors or any(edge.local is None for edge in step.edges):
        page.result(step.name, step.quantity, [step.term], step.rule, cites)
        return
    symbols = summed_symbols(page.derivation, step)
    page.display(Display(f"chain {step.quantity}", page.symbol(step.quantity), (Member("=", symbols),), step.rule))
    for edge in factors:
        _factor_display(page, edge)
    page.result(step.name, step.quantity, [step.term], "sum of the products", cites)


def _deltas(page: _Page, name: str) -> None:
    """A gradient and those behind it, under the heading that they share."""
    if name not in page.shown:
        page.common_heading(name)
        _delta(page, name)


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
    page.display(Display(step.name, Ref(step.name), (Member("=", step.term),), step.rule, cites))


def _picked(page: _Page, gradient: Gradient) -> None:
    """One entry of an array rule's result, which stands above it."""
    from symprop.derive.entries import entries  # loads NumPy, which nothing else here needs

    _deltas(page, gradient.quantity)
    lower = page.derivation.by_entry
    picked: Term = entries(gradient.step.term, lower.entries)[gradient.indices]
    entry = entry_text(gradient.quantity, gradient.indices or ())
    page.result(gradient.name, entry, [picked], "the entry", (page.shown[gradient.quantity],))


def _expanded(page: _Page, name: str) -> None:
    step = page.derivation.steps[name]
    in_forward = in_quantities(page.derivation.steps, name)
    alone = written_out(page.derivation.network.graph, in_forward)
    page.heading(step)
    page.result(step.name, name, [in_forward, alone], "written out")


_WRITERS: dict[Form, Callable[[_Page, str], None]] = {"chain": _chain, "delta": _deltas, "expanded": _expanded, "matrix": _deltas}


def _updates(derivation: Derivation, in_entries: Derivation, learned: Sequence[Gradient], in_deltas: bool) -> Iterator[Block]:
    """Each update rule with the steps of the asked parameters; rules that take the same steps are shown once."""
    if not learned:
        return
    yield Heading(1, ("The update",), "update")
    words = optimiser_words(derivation.network)
    yield Paragraph(("The learning rate is ", Ref(derivation.network.training.rate), f". {words}".rstrip()))
    for rules, displays in _distinct(derivation, in_entries, learned, in_deltas):
        yield Paragraph((_rule_text(rules),))
        yield from (replace(each, label=f"{each.label} ({rules[0].name})") for each in displays)
        yield from _defects(rules[0], list(dict.fromkeys(gradient.quantity for gradient in learned)))


def _distinct(
    derivation: Derivation, in_entries: Derivation, learned: Sequence[Gradient], in_deltas: bool
) -> list[tuple[list[Update], tuple[Display, ...]]]:
    """The rules, the document's own first, grouped by what they do to the asked parameters."""
    whole = {gradient.quantity for gradient in learned if gradient.indices is None}
    single = {entry_text(gradient.quantity, gradient.indices) for gradient in learned if gradient.indices is not None}
    groups: dict[frozenset[Display], tuple[list[Update], tuple[Display, ...]]] = {}
    for rule in sorted(derivation.network.updates.values(), key=lambda rule: rule.name != "document"):
        arrays = _update_displays(derivation, rule, whole, in_deltas)
        entry_by_entry = _update_displays(in_entries, in_entries.network.updates[rule.name], single, in_deltas)
        displays = (*arrays, *entry_by_entry)
        groups.setdefault(frozenset(displays), ([], displays))[0].append(rule)
    return list(groups.values())


def _update_displays(derivation: Derivation, rule: Update, learned: Collection[str], in_deltas: bool) -> Iterator[Display]:
    for step in update_steps(derivation, rule, learned, in_deltas):
        note = f"already new: {', '.join(step.already_new)}" if step.already_new else ""
        for line in step.lines[:-1]:
            yield Display(f"update {line.name}", Ref(line.name), (Member("=", line.term),), note)
        yield Display(f"update {step.parameter}", Ref(new_name(step.parameter)), _update_members(derivation, step), note)


def _update_members(derivation: Derivation, step: UpdateStep) -> tuple[Member, ...]:
    """In the gradient's symbol, and in full where the gradient is short; with new weights in full always."""
    shown = Member("=", step.lines[-1].term)
    is_short = derivation.network.graph.scalar and size(step.gradient) <= LONGEST_WRITTEN_OUT
    written_out_too = is_short and not step.already_new and len(step.lines) == 1
    return (shown, Member("=", step.value)) if written_out_too else (shown,)


def _rule_text(rules: Sequence[Update]) -> str:
    """What the rules have in common; of those that step otherwise as a whole, that these steps are the same."""
    alike = [rule for rule in rules if rule.sequential == rules[0].sequential]
    notes = [rule.note for rule in alike if rule.note]
    in_order = "in the listed order" if notes else "in the listed order, each step with the weights that are already new"
    how = in_order if rules[0].sequential else "all steps at once, with the old weights"
    text = " ".join([f"Update {_named(alike)}: {how}.", *notes])
    others = [rule for rule in rules if rule not in alike]
    return f"{text} Here update {_named(others)} {'do' if len(others) > 1 else 'does'} the same." if others else text


def _named(rules: Sequence[Update]) -> str:
    names = " and ".join(f"\u201c{rule.name}\u201d" for rule in rules)
    return f"rules {names}" if len(rules) > 1 else f"rule {names}"


def _defects(rule: Update, learned: Sequence[str]) -> Iterator[Block]:
    for name in learned:
        source = rule.gradient_of.get(name)
        if source is not None:
            yield Paragraph(("The document steps ", Ref(name), " with the gradient of ", Ref(source), ": a defect of its own."))
        if name not in rule.order:
            yield Paragraph(("This rule never steps ", Ref(name), "."))
