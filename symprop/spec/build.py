"""From what an author wrote to a network: names, shapes and values are decided here, once.

Input: a `Spec`. Output: a frozen `Network`, or one `InputError` that lists every problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from symprop.errors import suggestion
from symprop.graph import Draw, Equation, Given, Graph, Network, Quantity, Role, Shape, Training
from symprop.spec.body import Body, read_body
from symprop.spec.claims import Claimable, read_claims
from symprop.spec.deltas import default_deltas, default_outputs, net_inputs
from symprop.spec.leaves import ROLES
from symprop.spec.names import LONGEST_ID, a_name, a_network_id
from symprop.spec.problems import Problems
from symprop.spec.scope import Scope, check_scope, read_extra, scope_of
from symprop.spec.symbols import read_symbols
from symprop.spec.tables import Table, a_key_of, a_list_of, a_text, texts
from symprop.spec.training import check_batches, read_training, read_updates
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
    check_batches(root, training, body.leaves.batched)
    plain = _graph(root, body, training, symbols)
    metrics, with_metrics = read_extra(root, "metrics", scope_of(body, plain), symbols)
    derived, scope = read_extra(root, "derived", with_metrics, symbols)
    check_scope(problems, scope, plain, symbols)
    updates = read_updates(root, {leaf.name: leaf.shape for leaf in body.leaves.of("parameter")})
    name = root.get("id", a_network_id, _id_from(spec.source))
    network = Network(
        id=name,
        title=root.get("title", a_text, name),
        graph=_with_extra(plain, scope, symbols),
        data={leaf.name: leaf.value for leaf in body.leaves.of("input", "target", "constant") if leaf.value is not None},
        initial=dict(_initial(body)),
        training=training,
        updates=updates,
        metrics=metrics,
        derived=derived,
        claims=read_claims(root, _claimable(body, scope, metrics + derived, updates)),
        remarks=root.get("remarks", texts, ()),
        source=root.get("source", a_text, ""),
        batch=body.leaves.batch if body.leaves.batched else None,
        layers=body.written.units,
    )
    problems.raise_any()
    return network


def _id_from(source: str) -> str:
    """The id of a spec that names none: its file's name without the ending, odd characters as underscores."""
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", PurePath(source).stem)
    return (stem if stem[:1].isalpha() else f"network_{stem}".rstrip("_"))[:LONGEST_ID]


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
    """Every name in the order that `Graph` promises; () stands for a shape that a problem left undecided."""
    roles = [(leaf.name, leaf.role) for role in ROLES.values() for leaf in body.leaves.of(role)]
    roles.append((training.rate, "rate"))
    roles += [(body.leaves.batch, "dimension")] if body.leaves.batched else []
    roles += [(equation.name, "intermediate") for equation in body.equations]
    yield from (_quantity(name, role, body.shapes.get(name, ()), symbols) for name, role in roles)


def _quantity(name: str, role: Role, shape: Shape, symbols: Mapping[str, Typography]) -> Quantity:
    return Quantity(name, role, shape, symbols.get(name) or typography_of(name))


def _with_extra(graph: Graph, scope: Scope, symbols: Mapping[str, Typography]) -> Graph:
    """The graph that also knows the names of metrics and derived equations."""
    extra = {name: _quantity(name, "derived", shape or (), symbols) for name, shape in scope.extra.items()}
    return replace(graph, quantities={**graph.quantities, **extra})


def _claimable(body: Body, scope: Scope, extra: tuple[Equation, ...], updates: Mapping[str, object]) -> Claimable:
    leaves = body.leaves
    data = [leaf for leaf in leaves.of("input", "target") if leaves.batch in (leaf.shape or ())]
    lengths = [len(leaf.value) for leaf in data if isinstance(leaf.value, tuple)]
    return Claimable(
        shapes=scope.shapes,
        terms=body.terms | {equation.name: equation.term for equation in extra},
        updates=tuple(dict.fromkeys((*updates, "document"))),
        batch={leaves.batch: lengths[0]} if lengths else {},
    )
