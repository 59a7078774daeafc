"""A derivation as a program: functions of assignments, in order, for any target.

Input: a `Derivation`. Output: a frozen `Program`: what is computed, in which order and from what, but not how it is written.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from symprop.derive import Derivation, Step
from symprop.emit.functions import without_identity
from symprop.emit.shifted import shifted
from symprop.emit.values import has_data
from symprop.errors import UnsupportedError
from symprop.graph import Equation, Network, Shape, Update, new_name
from symprop.spec.moves import Moves, moves_of
from symprop.terms import Ref, Term, names_in
from symprop.terms.shapes import shown

ITERATION = "iteration"  # the key of a history row's number
MOST_PATHS = 6  # a sum over more paths only says how many


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name` = `term`; `note` says by which rule, `number` is the equation's on the worksheet, 0 for none."""

    name: str
    term: Term
    note: str = ""
    number: int = 0

    def remark(self, shape: Shape, text: str = "") -> str:
        """The equation's number, its text, its shape and its rule, as far as there are any: `eq. 5: (m, 4) power rule`."""
        beside = " ".join(part for part in (shown(shape) if shape else "", self.note) if part)
        whole = "  ".join(part for part in (text, beside) if part)
        return ": ".join(part for part in (f"eq. {self.number}" if self.number else "", whole) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule: the gradients in the order in which they are needed, and the steps between or after them.

    `lines` holds both, the steps with the optimiser's states before each parameter; `steps` the pairs (parameter, parameter
    whose gradient is used) in the rule's order.
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
    `moves` is the optimiser's row; `states` are its own, 0 before the first update: a rule's lines renew them, so that they are
    carried from update to update as the parameters are. `derived` are the document's own quantities with the gradients that they
    need before them.
    """

    network: Network
    shapes: Mapping[str, Shape]
    forward: tuple[Assignment, ...]
    losses: tuple[Assignment, ...]
    metrics: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]
    gradients: Mapping[str, str]
    rules: Mapping[str, Rule]
    moves: Moves
    derived: tuple[Assignment, ...] = ()

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters, in the author's order."""
        return self.network.graph.names("parameter")

    @property
    def weights(self) -> int:
        """How many numbers the parameters are."""
        return sum(prod(length for length in self.shapes[name] if isinstance(length, int)) for name in self.parameters)

    @property
    def states(self) -> Mapping[str, Shape]:
        """The optimiser's states, by name."""
        return self.moves.states

    @property
    def carried(self) -> tuple[str, ...]:
        """What one update hands to the next: the parameters and the optimiser's states."""
        return (*self.parameters, *self.states)

    @property
    def single(self) -> bool:
        """Whether every quantity is a single number."""
        return not any(self.shapes.values())

    @property
    def sized(self) -> bool:
        """Whether the size of every value is known: there are no samples, or the document has them."""
        return self.network.batch is None or has_data(self.network)

    @property
    def table(self) -> tuple[str, ...]:
        """The losses and metrics that are single numbers."""
        return tuple(line.name for line in (*self.losses, *self.metrics) if not self.shapes.get(line.name, ()))

    @property
    def row(self) -> tuple[str, ...]:
        """What a history row holds beside the iteration: values before the update, of samples that nobody knows the table's
        alone, and parameters after it."""
        values = tuple(line.name for line in (*self.forward, *self.losses, *self.metrics)) if self.sized else self.table
        return (*values, *self.parameters)

    @property
    def terms(self) -> Iterator[Term]:
        """Every right side."""
        lines = (*self.forward, *self.losses, *self.metrics, *self.backward, *self.derived)
        return (line.term for line in (*lines, *(line for rule in self.rules.values() for line in rule.lines)))

    @property
    def distinct_rules(self) -> tuple[Rule, ...]:
        """Each rule once, under whatever names it is known."""
        return tuple({id(rule): rule for rule in self.rules.values()}.values())


def program_of(derivation: Derivation, numbers: Mapping[str, int] | None = None) -> Program:
    """The program of a derivation; `numbers` are the worksheet's numbers by quantity, for the comments beside the lines.

    Raises UnsupportedError where a quantity has the name under which a history row holds its iteration.
    """
    network = derivation.network
    graph = network.graph
    if ITERATION in {*graph.shapes, *(each.name for each in network.metrics)}:
        raise UnsupportedError(f"the quantity '{ITERATION}' has the name of a history row's number; call it '{ITERATION}_1'")
    known = numbers or {}
    dependent = _dependents(((each.name, each.term) for each in graph.equations), graph.names("target"))
    equations = _assignments(graph.equations, known)
    gradients = {name: derivation.steps[name].name for name in graph.names("parameter")}
    sweep = _as_numbered(tuple(_gradient(step, known) for step in derivation.steps.values()))
    shapes = {**graph.shapes, **{name: quantity.shape for name, quantity in derivation.gradient_quantities.items()}}
    moves = moves_of(network)
    return Program(
        network=network,
        shapes={**shapes, **moves.states},
        forward=tuple(each for each in equations if each.name not in dependent),
        losses=tuple(each for each in equations if each.name in dependent),
        metrics=_assignments(network.metrics, known),
        backward=needed(sweep, gradients.values()),
        gradients=gradients,
        rules=_rules(network, sweep, gradients, moves, known),
        moves=moves,
        derived=needed((*sweep, *_assignments(network.derived, known)), (each.name for each in network.derived)),
    )


def _gradient(step: Step, numbers: Mapping[str, int]) -> Assignment:
    return Assignment(step.name, shifted(without_identity(step.term)), _note(step), numbers.get(step.name, 0))


def _as_numbered(sweep: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """The sweep in the worksheet's order where that is possible; what has no number there follows what it uses."""
    places: dict[str, int] = {}
    for line in sweep:
        places[line.name] = line.number or max((places.get(name, 0) for name in names_in(line.term)), default=0)
    ordered = tuple(sorted(sweep, key=lambda line: places[line.name]))
    return ordered if places.keys().isdisjoint(used_names(ordered)) else sweep


def _assignments(equations: Iterable[Equation], numbers: Mapping[str, int]) -> tuple[Assignment, ...]:
    return tuple(Assignment(each.name, shifted(without_identity(each.term)), "", numbers.get(each.name, 0)) for each in equations)


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
    return step.rule


def _rules(
    network: Network, sweep: Sequence[Assignment], gradients: Mapping[str, str], moves: Moves, numbers: Mapping[str, int]
) -> dict[str, Rule]:
    """The rules by name, the document's first; names under which the same steps are made share one rule."""
    updates = {"simultaneous": network.updates["simultaneous"], **network.updates, "document": network.document_update}
    made: dict[Hashable, Rule] = {}
    for name, update in updates.items():
        if _effect(update) not in made:
            steps = _steps(update)
            own = numbers if _effect(update) == _effect(network.document_update) else {}
            moved = [(gradients[source], _moved(moves, parameter, gradients[source], own)) for parameter, source in steps]
            lines = _interleaved(sweep, moves, moved) if update.sequential else _at_once(sweep, moves, moved)
            made[_effect(update)] = Rule(name, update.sequential, tuple(lines), steps)
    rules = {name: made[_effect(update)] for name, update in updates.items()}
    return {"document": rules.pop("document"), **rules}


def _steps(update: Update) -> tuple[tuple[str, str], ...]:
    return tuple((parameter, update.gradient_of.get(parameter, parameter)) for parameter in update.order)


def _effect(update: Update) -> Hashable:
    """What an update does: in the order of its steps where that matters."""
    return (update.sequential, _steps(update) if update.sequential else frozenset(_steps(update)))


def _moved(moves: Moves, parameter: str, gradient: str, numbers: Mapping[str, int]) -> tuple[Assignment, ...]:
    """The optimiser's states of a parameter, then the parameter itself."""
    *states, (_, value) = moves.of(parameter, Ref(gradient)).items()
    return (*(Assignment(*state) for state in states), Assignment(parameter, value, "", numbers.get(new_name(parameter), 0)))


def _at_once(
    sweep: Sequence[Assignment], moves: Moves, moved: Sequence[tuple[str, tuple[Assignment, ...]]]
) -> Iterator[Assignment]:
    yield from needed(sweep, (gradient for gradient, _ in moved))
    yield from (Assignment(*count) for count in moves.counted.items())
    for _, lines in moved:
        yield from lines


def _interleaved(
    sweep: Sequence[Assignment], moves: Moves, moved: Sequence[tuple[str, tuple[Assignment, ...]]]
) -> Iterator[Assignment]:
    """After each step only the gradients that use the changed parameter are computed again; forward values stay."""
    place = {assignment.name: number for number, assignment in enumerate(sweep)}
    uses = {assignment.name: names_in(assignment.term) for assignment in sweep}
    users: dict[str, list[str]] = {}
    for name, used in uses.items():
        for other in used:
            users.setdefault(other, []).append(name)
    yield from (Assignment(*count) for count in moves.counted.items())
    stale = set(uses)
    for gradient, lines in moved:
        renewed = _reached((gradient,), uses, stale)
        yield from (sweep[number] for number in sorted(place[name] for name in renewed))
        yield from lines
        stale -= renewed
        stale |= _reached(users.get(lines[-1].name, ()), users, uses)


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
