"""A derivation as a program: functions of assignments, in order, for any target.

Input: a `Derivation`. Output: a frozen `Program`: what is computed, in which order and from what, but not how it is written.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from symprop.derive import Derivation, Step
from symprop.emit.functions import without_identity
from symprop.graph import Equation, Network, Shape, Update
from symprop.terms import Ref, Term, difference, names_in, product

MOST_PATHS = 6  # a sum over more paths only says how many


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name` = `term`; `note` says by which rule."""

    name: str
    term: Term
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule: the gradients in the order in which they are needed, and the steps between or after them.

    `lines` holds both, `steps` the pairs (parameter, parameter whose gradient is used) in the rule's order.
    """

    name: str
    sequential: bool
    lines: tuple[Assignment, ...]
    steps: tuple[tuple[str, str], ...]

    @property
    def defects(self) -> tuple[tuple[str, str], ...]:
        """The steps that use another parameter's gradient."""
        return tuple((parameter, source) for parameter, source in self.steps if parameter != source)


@dataclass(frozen=True)
class Program:
    """What every generated module computes. `gradients` names each parameter's gradient; `shapes` knows every name.

    `forward` needs no targets, `losses` do; `metrics` use both; `backward` ends with the parameters' gradients.
    `rules` maps each name under which an update is known (`document` among them) to its rule.
    """

    network: Network
    shapes: Mapping[str, Shape]
    forward: tuple[Assignment, ...]
    losses: tuple[Assignment, ...]
    metrics: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]
    gradients: Mapping[str, str]
    rules: Mapping[str, Rule]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters, in the author's order."""
        return self.network.graph.names("parameter")

    @property
    def row(self) -> tuple[str, ...]:
        """What a history row holds beside the iteration: values before the update, parameters after it."""
        return (*(line.name for line in (*self.forward, *self.losses, *self.metrics)), *self.parameters)

    @property
    def terms(self) -> Iterator[Term]:
        """Every right side."""
        return (line.term for line in (*self.forward, *self.losses, *self.metrics, *self.backward))

    @property
    def distinct_rules(self) -> tuple[Rule, ...]:
        """Each rule once, under whatever names it is known."""
        return tuple({id(rule): rule for rule in self.rules.values()}.values())


def program_of(derivation: Derivation) -> Program:
    """The program of a derivation."""
    network = derivation.network
    graph = network.graph
    dependent = _dependents(((each.name, each.term) for each in graph.equations), graph.names("target"))
    equations = _assignments(graph.equations)
    gradients = {name: derivation.steps[name].name for name in graph.names("parameter")}
    sweep = tuple(Assignment(step.name, without_identity(step.term), _note(step)) for step in derivation.steps.values())
    return Program(
        network=network,
        shapes={**graph.shapes, **{name: quantity.shape for name, quantity in derivation.gradient_quantities.items()}},
        forward=tuple(each for each in equations if each.name not in dependent),
        losses=tuple(each for each in equations if each.name in dependent),
        metrics=_assignments(network.metrics),
        backward=needed(sweep, gradients.values()),
        gradients=gradients,
        rules=_rules(network, sweep, gradients),
    )


def _assignments(equations: Iterable[Equation]) -> tuple[Assignment, ...]:
    return tuple(Assignment(each.name, without_identity(each.term)) for each in equations)


def needed(assignments: Sequence[Assignment], wanted: Iterable[str]) -> tuple[Assignment, ...]:
    """The assignments, in order, without which the wanted names cannot be had."""
    alive = set(wanted)
    kept: list[Assignment] = []
    for assignment in reversed(assignments):
        if assignment.name in alive:
            alive.update(names_in(assignment.term))
            kept.append(assignment)
    return tuple(reversed(kept))


def used_names(assignments: Sequence[Assignment]) -> tuple[str, ...]:
    """The names that the assignments use before they assign them, each once, in order of first use."""
    assigned: set[str] = set()
    used: dict[str, None] = {}
    for assignment in assignments:
        used.update(dict.fromkeys(name for name in names_in(assignment.term) if name not in assigned))
        assigned.add(assignment.name)
    return tuple(used)


def _dependents(definitions: Iterable[tuple[str, Term]], roots: Iterable[str]) -> set[str]:
    found = set(roots)
    for name, term in definitions:
        if not found.isdisjoint(names_in(term)):
            found.add(name)
    return found


def _note(step: Step) -> str:
    if len(step.edges) > MOST_PATHS:
        return f"sum over {len(step.edges)} paths"
    if len(step.edges) > 1:
        return f"sum over {', '.join(edge.consumer for edge in step.edges)}"
    return "".join(edge.rule for edge in step.edges)


def _rules(network: Network, sweep: Sequence[Assignment], gradients: Mapping[str, str]) -> dict[str, Rule]:
    """The rules by name, the document's first; names under which the same steps are made share one rule."""
    updates = {"simultaneous": network.updates["simultaneous"], **network.updates, "document": network.document_update}
    made: dict[Hashable, Rule] = {}
    rules: dict[str, Rule] = {}
    for name, update in updates.items():
        steps = tuple((parameter, update.gradient_of.get(parameter, parameter)) for parameter in update.order)
        effect = (update.sequential, steps if update.sequential else frozenset(steps))
        if effect not in made:
            made[effect] = Rule(name, update.sequential, _lines(update, steps, network.training.rate, sweep, gradients), steps)
        rules[name] = made[effect]
    return {"document": rules.pop("document"), **rules}


def _lines(
    update: Update, steps: Sequence[tuple[str, str]], rate: str, sweep: Sequence[Assignment], gradients: Mapping[str, str]
) -> tuple[Assignment, ...]:
    used = [gradients[source] for _, source in steps]
    stepped = [_step(parameter, rate, gradient) for (parameter, _), gradient in zip(steps, used, strict=True)]
    if update.sequential:
        return tuple(_interleaved(sweep, list(zip(used, stepped, strict=True))))
    return (*needed(sweep, used), *stepped)


def _step(parameter: str, rate: str, gradient: str) -> Assignment:
    return Assignment(parameter, difference(Ref(parameter), product((Ref(rate), Ref(gradient)))))


def _interleaved(sweep: Sequence[Assignment], steps: Sequence[tuple[str, Assignment]]) -> Iterator[Assignment]:
    """After each step only the gradients that use the changed parameter are computed again; forward values stay."""
    place = {assignment.name: number for number, assignment in enumerate(sweep)}
    uses = {assignment.name: names_in(assignment.term) for assignment in sweep}
    users: dict[str, list[str]] = {}
    for name, used in uses.items():
        for other in used:
            users.setdefault(other, []).append(name)
    stale = set(uses)
    for gradient, step in steps:
        renewed = _reached((gradient,), uses, stale)
        yield from (sweep[number] for number in sorted(place[name] for name in renewed))
        yield step
        stale -= renewed
        stale |= _reached(users.get(step.name, ()), users, uses)


def _reached(roots: Iterable[str], edges: Mapping[str, Iterable[str]], within: Container[str]) -> set[str]:
    """The roots and everything that can be reached from them along the edges, without leaving `within`."""
    found: set[str] = set()
    pending = [name for name in roots if name in within]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(other for other in edges.get(name, ()) if other in within)
    return found
