"""From what an author wrote to a network: names, shapes and values are decided here, once.

Input: a `Spec`. Output: a frozen `Network`, or one `InputError` that lists every problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symprop.errors import suggestion
from symprop.graph import Draw, Equation, Given, Graph, Network, Quantity, Role, Shape, Training, gradient_name
from symprop.spec.body import Body, read_body
from symprop.spec.claims import Claimable, read_claims
from symprop.spec.deltas import default_deltas, default_outputs
from symprop.spec.equations import ancestors, in_order, names_of, read_terms, shapes_of
from symprop.spec.leaves import ROLES
from symprop.spec.names import a_name, a_network_id
from symprop.spec.problems import Problems, Unexpected
from symprop.spec.symbols import read_symbols
from symprop.spec.tables import Table, a_key_of, a_list_of, a_text, texts
from symprop.spec.training import read_training, read_updates
from symprop.terms import Typography, typography_of

TOP_KEYS = (
    "id", "title", "source", "remarks", "batch", "loss", "outputs", "inputs", "targets", "parameters", "constants", "equations",
    "network", "layers", "training", "updates", "metrics", "derived", "symbols", "deltas", "claims",
)  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """What the author wrote: tables as TOML decodes them, or the same words from Python; `source` names them in messages."""

    tables: Mapping[str, object]
    source: str


def build(spec: Spec) -> Network:
    """The network that a spec describes. Raises `InputError` with a line for each problem."""
    problems = Problems(spec.source)
    root = Table(spec.tables, "", problems).allow(*TOP_KEYS)
    symbols = read_symbols(root)
    training = read_training(root)
    body = read_body(root, training.rate, symbols)
    plain = _graph(root, body, training, symbols)
    gradients = _gradients(plain)
    metrics, with_metrics = _extra(root, "metrics", plain, {}, symbols)
    derived, graph = _extra(root, "derived", with_metrics, gradients, symbols)
    _check_scope(problems, graph, gradients, symbols)
    updates = read_updates(root, {leaf.name: leaf.shape for leaf in body.leaves.of("parameter")})
    claims = read_claims(root, _claimable(body, graph, gradients, metrics + derived, updates))
    network = Network(
        id=root.need("id", a_network_id, "network"),
        title=root.get("title", a_text, ""),
        graph=graph,
        data={leaf.name: leaf.value for leaf in body.leaves.of("input", "target", "constant") if leaf.value is not None},
        initial=dict(_initial(body)),
        training=training,
        updates=updates,
        metrics=metrics,
        derived=derived,
        claims=claims,
        remarks=root.get("remarks", texts, ()),
        source=root.get("source", a_text, ""),
        batch=body.leaves.batch if body.leaves.batched else None,
        layers=body.units,
    )
    problems.raise_any()
    return network


def _initial(body: Body) -> Iterator[tuple[str, Given | Draw]]:
    for leaf in body.leaves.of("parameter"):
        if leaf.draw is not None:
            yield leaf.name, leaf.draw
        elif leaf.value is not None:
            yield leaf.name, Given(leaf.value)


def _graph(root: Table, body: Body, training: Training, symbols: Mapping[str, Typography]) -> Graph:
    equations = body.equations
    targets = tuple(leaf.name for leaf in body.leaves.of("target"))
    usual = body.outputs or default_outputs(equations, targets, body.loss)
    deltas = default_deltas(equations, body.shapes)
    deltas |= root.table("deltas").entries(a_name)
    for name in deltas:
        if name not in body.terms:
            root.problems.add(f"deltas.{name}", "a quantity with an equation", f"'{name}'", suggestion(name, body.terms))
    return Graph(
        quantities={quantity.name: quantity for quantity in _quantities(body, training, symbols)},
        equations=equations,
        loss=body.loss,
        outputs=root.get("outputs", a_list_of(a_key_of(body.terms, "the name of an equation")), usual),
        deltas={name: delta for name, delta in deltas.items() if name in body.terms},
    )


def _quantities(body: Body, training: Training, symbols: Mapping[str, Typography]) -> Iterator[Quantity]:
    """Every name in the order that `Graph` promises; where a shape could not be decided, () stands in until the error is raised."""

    def quantity(name: str, role: Role, shape: Shape) -> Quantity:
        return Quantity(name, role, shape, symbols.get(name) or typography_of(name))

    for role in ROLES.values():
        yield from (quantity(leaf.name, role, leaf.shape or ()) for leaf in body.leaves.of(role))
    yield quantity(training.rate, "rate", ())
    if body.leaves.batched:
        yield quantity(body.leaves.batch, "dimension", ())
    yield from (quantity(equation.name, "intermediate", body.shapes.get(equation.name, ())) for equation in body.equations)


def _gradients(graph: Graph) -> dict[str, Shape]:
    """The shape of each gradient by its name; a gradient has the shape of its quantity."""
    if graph.loss not in graph.quantities:
        return {}
    reached = ancestors((graph.loss,), graph.definitions)
    names = [name for name in graph.names("parameter", "intermediate") if name in reached and name != graph.loss]
    return {gradient_name(graph, name): graph.shape(name) for name in names}


def _extra(
    root: Table, key: str, graph: Graph, more: Mapping[str, Shape], symbols: Mapping[str, Typography]
) -> tuple[tuple[Equation, ...], Graph]:
    """The equations of `[metrics]` or `[derived]`, and the graph with their names among its quantities."""
    problems = root.problems
    lines = root.table(key).entries(a_text)
    for name in lines:
        with problems.at(f"{key}.{name}", name):
            a_name(name)
            if name in graph.quantities or name in more:
                raise Unexpected("a name used once", f"'{name}', which is already a quantity")
    known = {**{name: graph.shape(name) for name in graph.quantities}, **more}
    terms = read_terms(lines, names_of((*known, *lines), known, symbols), key, problems)
    equations = in_order(terms, key, problems)
    shapes = shapes_of(equations, known, key, problems)
    added = {name: Quantity(name, "derived", shapes.get(name, ()), symbols.get(name) or typography_of(name)) for name in terms}
    return equations, replace(graph, quantities={**graph.quantities, **added})


def _check_scope(problems: Problems, graph: Graph, gradients: Mapping[str, Shape], symbols: Mapping[str, Typography]) -> None:
    """Note symbols for names that do not exist, and gradients named like a quantity."""
    for name in symbols:
        if name not in graph.quantities:
            problems.add(f"symbols.{name}", "the name of a quantity", f"'{name}'", suggestion(name, graph.quantities))
    for name in gradients:
        if name in graph.quantities and graph.quantities[name].role != "derived":
            problems.add(name, "a name that no gradient has", f"the quantity '{name}', also the name of a gradient")


def _claimable(
    body: Body, graph: Graph, gradients: Mapping[str, Shape], extra: tuple[Equation, ...], updates: Mapping[str, object]
) -> Claimable:
    leaves = body.leaves
    data = [leaf for leaf in leaves.of("input", "target") if leaves.batch in (leaf.shape or ())]
    lengths = [len(leaf.value) for leaf in data if isinstance(leaf.value, tuple)]
    return Claimable(
        shapes={**{name: graph.shape(name) for name in graph.quantities}, **gradients},
        terms={**graph.definitions, **{equation.name: equation.term for equation in extra}},
        updates=(*updates, "document") if "document" not in updates else tuple(updates),
        batch={leaves.batch: lengths[0]} if lengths else {},
    )
