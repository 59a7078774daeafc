"""A gradient written out: in forward quantities, or in the weights, inputs and targets alone.

Input: a derivation's steps and a quantity. Output: a term, or a SymPy expression, within a budget counted before anything is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symprop.derive.steps import Step
from symprop.errors import UnsupportedError
from symprop.graph import Graph
from symprop.terms import Mul, Neg, Ref, Term, ancestors, children, names_in, product, subterms, with_children

NODE_BUDGET = 200_000


def in_quantities(steps: Mapping[str, Step], quantity: str) -> Term:
    """dE/d`quantity` in forward quantities: every gradient symbol replaced by its own formula, products opened.

    Raises UnsupportedError where the written-out form would exceed `NODE_BUDGET` nodes: it grows with the number of paths.
    """
    formulas = {step.name: step.term for step in steps.values()}
    term = steps[quantity].term
    _within_budget(quantity, _expanded_size(term, formulas))
    return _opened(term, formulas)


def _opened(term: Term, formulas: Mapping[str, Term]) -> Term:
    if isinstance(term, Ref):
        return _opened(formulas[term.name], formulas) if term.name in formulas else term
    parts = tuple(_opened(part, formulas) for part in children(term))
    if isinstance(term, Mul):
        return product(parts)
    return product((Neg(parts[0]),)) if isinstance(term, Neg) else with_children(term, parts)


def written_out(graph: Graph, term: Term) -> Term:
    """A term in the weights, inputs and targets alone, in the author's order; UnsupportedError beyond `NODE_BUDGET` nodes."""
    _within_budget("the expression", _expanded_size(term, graph.definitions))
    return _opened(term, graph.definitions)


def in_weights(graph: Graph, term: Term, budget: int = NODE_BUDGET) -> Any:
    """The SymPy expression of a scalar term in the weights, inputs and targets alone.

    Raises UnsupportedError where it would exceed `budget` nodes: a written-out network grows with the number of paths.
    """
    from symprop.algebra import to_sympy  # SymPy is imported only when an expression is asked for

    _within_budget("the expression", _expanded_size(term, graph.definitions), budget)
    needed = ancestors(names_in(term), graph.definitions)
    values: dict[str, Any] = {}
    for equation in graph.equations:
        if equation.name in needed:
            values[equation.name] = to_sympy(equation.term, values)
    return to_sympy(term, values)


def _expanded_size(term: Term, definitions: Mapping[str, Term]) -> int:
    """The size of the tree that substitution would build, by counting alone."""
    sizes: dict[str, int] = {}

    def of(part: Term) -> int:
        return sum(sizes.get(each.name, 1) if isinstance(each, Ref) else 1 for each in subterms(part))

    pending = [name for name in names_in(term) if name in definitions]
    while pending:
        name = pending[-1]
        missing = [inner for inner in names_in(definitions[name]) if inner in definitions and inner not in sizes]
        if missing:
            pending.extend(missing)
        else:
            sizes[pending.pop()] = of(definitions[name])
    return of(term)


def _within_budget(what: str, nodes: int, budget: int = NODE_BUDGET) -> None:
    if nodes > budget:
        raise UnsupportedError(
            f"{what}: written out it has {nodes:,} nodes, more than the budget of {budget:,}; keep the named intermediates"
        )
