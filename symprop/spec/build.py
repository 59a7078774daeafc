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
from symprop.spec.deltas import default_deltas, default_outputs, net_inputs
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
    gradients = _gradients(body, plain)
    metrics, with_metrics = _extra(root, "metrics", plain, dict.fromkeys(body.declared), symbols)
    derived, graph = _extra(root, "derived", with_metrics, {**dict.fromkeys(body.declared), **gradients}, symbols)
    _check_scope(problems, body, graph, gradients, symbols)
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
        layers=body.written.units,
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
    usual = body.written.outputs or default_outputs(equations, targets, body.loss)
    deltas = default_deltas(body.written.nets or net_inputs(equations), body.declared)
    deltas |= root.table("deltas").entries(a_name)
    for name in deltas:
        if name not in body.written.texts:
            root.problems.add(f"deltas.{name}", "a quantity with an equation", f"'{name}'", suggestion(name, body.written.texts))
    return Graph(
        quantities={quantity.name: quantity for quantity in _quantities(body, training, symbols)},
        equations=equations,
        loss=body.loss,
        outputs=root.get("outputs", a_list_of(a_key_of(body.written.texts, "the name of an equation")), usual),
        deltas={name: delta for name, delta in deltas.items() if name in body.written.texts},
    )


def _quantities(body: Body, training: Training, symbols: Mapping[str, Typography]) -> Iterator[Quantity]:
    """Every name in the order that `Graph` promises; one whose shape could not be decided is a problem already, and left out."""

    def quantity(name: str, role: Role, shape: Shape) -> Quantity:
        return Quantity(name, role, shape, symbols.get(name) or typography_of(name))

    for role in ROLES.values():
        yield from (quantity(leaf.name, role, leaf.shape) for leaf in body.leaves.of(role) if leaf.shape is not None)
    yield quantity(training.rate, "rate", ())
    if body.leaves.batched:
        yield quantity(body.leaves.batch, "dimension", ())
    for equation in body.equations:
        if equation.name in body.shapes:
            yield quantity(equation.name, "intermediate", body.shapes[equation.name])


def _gradients(body: Body, graph: Graph) -> dict[str, Shape | None]:
    """The shape of each gradient by its name; a gradient has the shape of its quantity, None where that is not decided."""
    if graph.loss not in graph.quantities:
        return {}
    given = {leaf.name for leaf in body.leaves.by_name.values() if leaf.role != "parameter"}
    reached = ancestors((graph.loss,), graph.definitions) - given - {graph.loss, body.leaves.batch}
    return {gradient_name(graph, name): body.shapes.get(name) for name in body.declared if name in reached}


def _extra(
    root: Table, key: str, graph: Graph, more: Mapping[str, Shape | None], symbols: Mapping[str, Typography]
) -> tuple[tuple[Equation, ...], Graph]:
    """The equations of `[metrics]` or `[derived]`, and the graph with their names among its quantities."""
    problems = root.problems
    lines = root.table(key).entries(a_text)
    for name in lines:
        with problems.at(f"{key}.{name}", name):
            a_name(name)
            if name in graph.quantities or name in more:
                raise Unexpected("a name used once", f"'{name}', which is already a quantity")
    known = {name: shape for name, shape in more.items() if shape is not None} | graph.shapes
    declared = (*more, *known, *root.table(key).content)
    terms = read_terms(lines, names_of(declared, known, symbols), key, problems)
    equations = in_order(terms, key, problems)
    shapes = shapes_of(equations, known, key, problems)
    made = [Quantity(name, "derived", shapes[name], symbols.get(name) or typography_of(name)) for name in terms if name in shapes]
    added = {quantity.name: quantity for quantity in made}
    return equations, replace(graph, quantities={**graph.quantities, **added})


def _check_scope(
    problems: Problems, body: Body, graph: Graph, gradients: Mapping[str, object], symbols: Mapping[str, Typography]
) -> None:
    """Note symbols for names that do not exist, gradients named like a quantity, and deltas named alike."""
    names = dict.fromkeys((*body.declared, *graph.quantities))
    for name in symbols:
        if name not in names:
            problems.add(f"symbols.{name}", "the name of a quantity", f"'{name}'", suggestion(name, names))
    for name in body.declared:
        if name in gradients and name not in graph.deltas.values():
            problems.add(name, "a name that no gradient has", f"'{name}', which is also a gradient's name")
    for name, delta in graph.deltas.items():
        if delta in names or list(graph.deltas.values()).count(delta) > 1:
            problems.add(f"deltas.{name}", "a name used once", f"a second '{delta}'")


def _claimable(
    body: Body, graph: Graph, gradients: Mapping[str, Shape | None], extra: tuple[Equation, ...], updates: Mapping[str, object]
) -> Claimable:
    leaves = body.leaves
    data = [leaf for leaf in leaves.of("input", "target") if leaves.batch in (leaf.shape or ())]
    lengths = [len(leaf.value) for leaf in data if isinstance(leaf.value, tuple)]
    return Claimable(
        shapes={**dict.fromkeys((*body.declared, *(equation.name for equation in extra))), **graph.shapes, **gradients},
        terms={**graph.definitions, **{equation.name: equation.term for equation in extra}},
        updates=(*updates, "document") if "document" not in updates else tuple(updates),
        batch={leaves.batch: lengths[0]} if lengths else {},
    )
