"""Forward passes with a mistake in them: biases left out.

Input: the definitions of all names, and the biases by layer. Output: `Variant`s: the definitions that the mistake changes, under
names of their own, so that what follows from the wrong forward pass can be proved and computed like anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symprop.graph import Graph
from symprop.terms import Add, Ref, Term, names_in, rebuild, total

MOST_GROUPS = 6


@dataclass(frozen=True)
class Variant:
    """A mistake of the forward pass: `names` maps each name that it changes to its name in `definitions`."""

    mistake: str
    sentence: str
    definitions: Mapping[str, Term]
    names: Mapping[str, str]


def biases(graph: Graph) -> tuple[str, ...]:
    """The parameters, learned or constant, that are added to a net input as they are."""
    parameters = {*graph.names("parameter"), *graph.names("constant")}
    summands = (part for equation in graph.equations if isinstance(equation.term, Add) for part in equation.term.terms)
    return tuple(dict.fromkeys(part.name for part in summands if isinstance(part, Ref) and part.name in parameters))


def without_biases(
    graph: Graph, definitions: Mapping[str, Term], groups: Mapping[str, tuple[str, ...]]
) -> Iterator[Variant]:
    """Each group of biases left out of the graph's equations, where they are few, then all of them; `definitions` follow."""
    every = {name for names in groups.values() for name in names}
    for group, names in groups.items() if len(groups) <= MOST_GROUPS else ():
        yield _without(graph, definitions, set(names), f" without {group}", f"the bias {group} is forgotten in the forward pass")
    if len(groups) > 1:
        yield _without(graph, definitions, every, " without biases", "the biases are forgotten in the forward pass")


def _without(graph: Graph, definitions: Mapping[str, Term], left_out: set[str], mark: str, sentence: str) -> Variant:
    changed: dict[str, Term] = {}
    names: dict[str, str] = {}
    for name, term in definitions.items():
        # a new value b - rate*dE/db keeps its b: only the forward pass forgets it
        wrong = _dropped(term, left_out) if name in graph.definitions else term
        if wrong is not term or any(used in names for used in names_in(term)):
            names[name] = f"{name}{mark}"
            changed[names[name]] = renamed(wrong, names)
    return Variant("bias forgotten", sentence, changed, names)


def _dropped(term: Term, left_out: set[str]) -> Term:
    if not isinstance(term, Add):
        return term
    kept = [part for part in term.terms if not (isinstance(part, Ref) and part.name in left_out)]
    return term if len(kept) == len(term.terms) else total(kept)


def renamed(term: Term, names: Mapping[str, str]) -> Term:
    """The term over other names."""
    return rebuild(term, lambda part: Ref(names[part.name]) if isinstance(part, Ref) and part.name in names else None)
