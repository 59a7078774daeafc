"""Cross-entropies as textbooks write them, over the network's outputs: what a wrong answer in those words is held against.

Input: the formula of a loss, fused with its output for the machine's sake, and all definitions. Output: the same loss over outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.algebra.rows import definition
from symprop.check.classes import targets_and_nets
from symprop.check.mistakes.words import softmax_of
from symprop.functions import FUNCTIONS
from symprop.terms import Apply, Mul, Ref, Term, call, children, negated, rebuild, substitute, subterms, total


def as_textbooks_have_it(term: Term, definitions: Mapping[str, Term]) -> Iterator[Term]:
    """The loss over the outputs; nothing where it is fused with none."""
    if any(isinstance(part, Apply) and FUNCTIONS[part.function].fused for part in subterms(term)):
        names = {formula: name for name, formula in reversed(tuple(definitions.items()))}
        written = rebuild(term, _written_out)
        yield rebuild(written, lambda part: Ref(names[part]) if part in names else None)
    yield from _of_softmax(term, definitions)


def _written_out(part: Term) -> Term | None:
    row = FUNCTIONS[part.function] if isinstance(part, Apply) else None
    formula = definition(row.name) if row is not None and row.fused else None
    if formula is None or row is None or not isinstance(part, Apply):
        return None
    return substitute(formula, dict(zip(row.arguments, part.arguments, strict=True)))


def _of_softmax(term: Term, definitions: Mapping[str, Term]) -> Iterator[Term]:
    """-(t1*log(o1) + t2*log(o2)) for logsumexp(z1, z2) - (t1*z1 + t2*z2)."""
    outputs = {net: Ref(name) for name, each in definitions.items() if (net := softmax_of(each)) is not None}
    pairs = targets_and_nets(term)
    if pairs and all(net in outputs for _, net in pairs):
        entropy = negated(total(Mul((target, call("log", outputs[net]))) for target, net in pairs))
        yield total((entropy, *children(term)[2:]))  # a penalty stays beside it
