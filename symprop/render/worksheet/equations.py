"""Every line of a worksheet as a named equation, each using only the ones before it.

Input: a Derivation and the update rule to be shown. Output: equations for the forward pass, the slopes, the gradients, the
step and the forward pass after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.derive import Derivation, Edge, Step
from symprop.derive.updates import update_steps
from symprop.graph import Equation, Graph, Update, new_name
from symprop.terms import Number, Ref, Term, names_in, product, substitute, total

RIGHT = "right"  # the superscript of what gradient descent gives where the document's own step has a defect


def worked_equations(derivation: Derivation, update: Update) -> list[Equation]:
    """All equations in an order in which each uses only what stands before it."""
    graph = derivation.network.graph
    steps = derivation.steps.values()
    slopes = (slope_equation(edge) for step in steps for edge in step.edges if has_slope(graph, edge))
    gradients = (equation for step in steps for equation in gradient_equations(graph, step))
    return [*graph.equations, *slopes, *gradients, *_step(derivation, update), *_right_step(derivation, update)]


def has_slope(graph: Graph, edge: Edge) -> bool:
    """Whether the local partial has a line of its own: between scalars, not a bare number, not the gradient itself."""
    scalars = not graph.shape(edge.quantity) and not graph.shape(edge.consumer)
    return scalars and edge.local is not None and not isinstance(edge.local, Number) and not isinstance(edge.upstream, Number)


def slope_name(edge: Edge) -> str:
    """d(consumer)/d(quantity) by name: `dout_o1_dnet_o1`."""
    return f"d{edge.consumer}_d{edge.quantity}"


def slope_equation(edge: Edge) -> Equation:
    """The local partial of an edge that has a slope."""
    assert edge.local is not None, "a path behind an array rule has no slope"
    return Equation(slope_name(edge), edge.local)


def slope_factor(edge: Edge) -> Term:
    """A slope as a factor: a bare name as it is (`delta_o1*out_h1`), anything longer by the symbol of its own line."""
    return edge.local if isinstance(edge.local, Ref) else Ref(slope_name(edge))


def edge_term(graph: Graph, edge: Edge) -> Term:
    """What one path adds, with earlier results by their symbols."""
    return product((edge.upstream, slope_factor(edge))) if has_slope(graph, edge) else edge.term


def by_paths(step: Step) -> bool:
    """Whether a gradient is worked path by path before it is added."""
    return len(step.edges) > 1 and all(edge.local is not None for edge in step.edges)


def has_path_line(graph: Graph, edge: Edge) -> bool:
    """Whether one path is a line of its own: with a slope of 1 it adds what is known already, into the loss its slope alone."""
    return has_slope(graph, edge) or not (isinstance(edge.term, Ref) or edge.consumer == graph.loss)


def path_name(edge: Edge) -> str:
    """The name under which one path's contribution is worked."""
    return f"d{edge.quantity} via {edge.consumer}"


def gradient_equations(graph: Graph, step: Step) -> Iterator[Equation]:
    """The canonical form of a gradient; a sum over paths path by path, then the sum."""
    if by_paths(step):
        yield from (Equation(path_name(edge), edge_term(graph, edge)) for edge in step.edges if has_path_line(graph, edge))
        yield Equation(step.name, sum_of_paths(graph, step))
    else:
        yield Equation(step.name, edge_term(graph, step.edges[0]) if len(step.edges) == 1 else step.term)


def sum_of_paths(graph: Graph, step: Step) -> Term:
    """The paths by the names of their lines."""
    return total(Ref(path_name(edge)) if has_path_line(graph, edge) else edge.term for edge in step.edges)


def chain_factors(derivation: Derivation, quantity: str) -> tuple[Ref, ...]:
    """dE/dq along its single path, from the loss down, each factor by the name of its line.

    The first factor is the gradient at which the path begins: at the loss, or at a sum over several paths.
    """
    graph = derivation.network.graph
    slopes: list[Ref] = []
    while True:
        step = derivation.steps[quantity]
        if len(step.edges) != 1 or not has_slope(graph, step.edges[0]):
            return (Ref(step.name), *reversed(slopes))
        slopes.append(Ref(slope_name(step.edges[0])))
        quantity = step.edges[0].consumer


def _step(derivation: Derivation, update: Update) -> Iterator[Equation]:
    """The step of every parameter, then the forward pass with what is new."""
    steps = update_steps(derivation, update)
    yield from (line for step in steps for line in step.lines)
    yield from forward_again(derivation.network.graph, {step.parameter: new_name(step.parameter) for step in steps}, "new")


def forward_again(graph: Graph, renewed: Mapping[str, str], ending: str) -> Iterator[Equation]:
    """The equations that depend on renewed parameters, over their new values; `out_o1` becomes `out_o1_new`."""
    names = dict(renewed)
    for equation in graph.equations:
        if any(name in names for name in names_in(equation.term)):
            term = substitute(equation.term, {name: Ref(new) for name, new in names.items()})
            names[equation.name] = f"{equation.name}_{ending}"
            yield Equation(names[equation.name], term)


def right_name(name: str) -> str:
    """The name of what gradient descent gives where the document's own step has a defect."""
    return f"{name}_{RIGHT}"


def defects(derivation: Derivation, update: Update) -> tuple[str, ...]:
    """The parameters that the rule steps with another one's gradient, or never steps."""
    learned = derivation.network.graph.names("parameter")
    return tuple(name for name in learned if update.gradient_of.get(name, name) != name or name not in update.order)


def right_lines(derivation: Derivation, parameter: str) -> Iterator[Equation]:
    """The step of one parameter with its own gradient, under names that say so."""
    (step,) = update_steps(derivation, Update(RIGHT, (parameter,)))
    names: dict[str, Term] = {}
    for line in step.cited:
        name = right_name(parameter if line.name == new_name(parameter) else line.name)
        yield Equation(name, substitute(line.term, names))
        names[line.name] = Ref(name)


def _right_step(derivation: Derivation, update: Update) -> Iterator[Equation]:
    """Beside a document's defects: the right steps, and the forward pass with them."""
    wrong = defects(derivation, update)
    if not wrong:
        return
    yield from (line for name in wrong for line in right_lines(derivation, name))
    renewed = {name: right_name(name) if name in wrong else new_name(name) for name in derivation.network.graph.names("parameter")}
    yield from forward_again(derivation.network.graph, renewed, RIGHT)
