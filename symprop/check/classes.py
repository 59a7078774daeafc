"""Targets that sum to 1, as a cross-entropy after a softmax takes for granted.

Input: a network's equations. Output: the rows of such targets; the pairs of targets and net inputs in a loss that is written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.derive.entries import Block
from symprop.functions import FUNCTIONS
from symprop.graph import Graph
from symprop.terms import Add, Apply, Mul, Neg, Ref, Term, subterms


def rows_of_classes(graph: Graph, blocks: Mapping[str, Block]) -> Iterator[list[Ref]]:
    """The rows of targets of a loss over arrays, and the targets of one that is written out for each net input."""
    calls = [part for term in graph.definitions.values() for part in subterms(term) if isinstance(part, Apply)]
    among = [part.arguments[-1] for part in calls if FUNCTIONS[part.function].classes]
    for whole in (blocks[name] for name in graph.names("target") if Ref(name) in among):
        yield from map(refs, whole.reshape(-1, whole.shape[-1]))
    targets = {Ref(name) for name in graph.names("target")}
    for term in graph.definitions.values():
        for part in subterms(term):
            row = [target for target, _ in targets_and_nets(part) if isinstance(target, Ref)]
            if row and targets.issuperset(row):
                yield row


def refs(whole: Block) -> list[Ref]:
    """The names among the entries of an array."""
    return [part for part in whole.flat if isinstance(part, Ref)]


def targets_and_nets(term: Term) -> tuple[tuple[Term, Term], ...]:
    """(target, net input) of each product in `logsumexp(z1, z2) - (t1*z1 + t2*z2)`; nothing where the term is something else."""
    first, *others = term.terms if isinstance(term, Add) else (term,)
    minus = others[0].operand if others and isinstance(others[0], Neg) else term
    products = [part.factors for part in minus.terms if isinstance(part, Mul)] if isinstance(minus, Add) else []
    pairs = tuple((factors[0], factors[1]) for factors in products if len(factors) == 2)
    nets = first.arguments if isinstance(first, Apply) and first.function == "logsumexp" else ()
    return pairs if nets and tuple(net for _, net in pairs) == nets else ()
