"""What may be spoken of beside the equations themselves: gradients, metrics, derived names.

Input: a `Body` and its graph. Output: a `Scope` that grows with `[metrics]` and `[derived]`; clashes of names are noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.errors import suggestion
from symprop.graph import Equation, Graph, Shape, gradient_name, new_name
from symprop.spec.body import Body
from symprop.spec.equations import in_order, names_of, read_terms, shapes_of
from symprop.spec.names import a_name
from symprop.spec.problems import Problems, Unexpected
from symprop.spec.tables import Table, a_text
from symprop.terms import Typography

Shapes: TypeAlias = Mapping[str, Shape | None]  # None: not decided, because of a problem that is noted elsewhere


@dataclass(frozen=True)
class Scope:
    """Every name with its shape: `quantities` of the network, `gradients` of its loss, `extra` from metrics and derived."""

    quantities: Shapes
    gradients: Shapes
    extra: Shapes

    @property
    def shapes(self) -> dict[str, Shape | None]:
        """All of them."""
        return {**self.quantities, **self.gradients, **self.extra}


def scope_of(body: Body, graph: Graph) -> Scope:
    """The names of the network and of its gradients; a gradient has the shape of its quantity."""
    shapes = {name: body.shapes.get(name) for name in body.declared} | dict.fromkeys(graph.names("rate", "dimension"), ())
    learned = graph.learned if graph.loss in graph.definitions else ()  # else it is in a circle, which is told
    return Scope(shapes, {gradient_name(graph, name): shapes[name] for name in learned}, {})


def read_extra(root: Table, key: str, scope: Scope, symbols: Mapping[str, Typography]) -> tuple[tuple[Equation, ...], Scope]:
    """The equations of `[metrics]`, or of `[derived]`, which may use gradients; and the scope with their names."""
    problems = root.problems
    lines = root.table(key).entries(a_text)
    for name in lines:
        with problems.at(f"{key}.{name}", name):
            a_name(name)
            if name in scope.shapes:
                raise Unexpected("a name used once", f"'{name}', which is already a quantity")
    usable = {**scope.quantities, **scope.extra, **(scope.gradients if key == "derived" else {})}
    known = {name: shape for name, shape in usable.items() if shape is not None}
    written = root.table(key).content
    terms = read_terms(lines, names_of((*usable, *written), known, symbols), key, problems)
    equations = in_order(terms, key, problems)
    shapes = shapes_of(equations, known, key, problems)
    return equations, replace(scope, extra={**scope.extra, **{name: shapes.get(name) for name in written}})


def check_scope(problems: Problems, scope: Scope, graph: Graph, symbols: Mapping[str, Typography]) -> None:
    """Note symbols for names that do not exist, gradients and new values named like a quantity, and deltas named alike."""
    names, deltas = {**scope.quantities, **scope.extra}, graph.deltas
    for name in symbols:
        if name not in names:
            problems.add(f"symbols.{name}", "the name of a quantity", f"'{name}'", suggestion(name, names))
    for name in scope.quantities:
        if name in scope.gradients and name not in deltas.values():
            problems.add(name, "a name that no gradient has", f"'{name}', which is also a gradient's name")
    for name in graph.names("parameter", "intermediate"):
        if new_name(name) in scope.quantities:
            got = f"'{new_name(name)}', which is {name} after the step"
            problems.add(new_name(name), "a name that no new value has", got, f"; try '{name}_next'")
    uses = Counter(deltas.values())
    for name, delta in deltas.items():
        if delta in scope.quantities or uses[delta] > 1:
            problems.add(f"deltas.{name}", "a name used once", f"a second '{delta}'")
