"""An author's loss over arrays as one over their columns, each of which holds its entry of every sample.

Input: a term over arrays and the columns' names. Output: the text of the same term with a name for each column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter

import numpy as np

from symprop.derive.entries import Block, Blocks, entries
from symprop.emit.helpers import PLAIN
from symprop.emit.spelling import spelled
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Network, Shape
from symprop.terms import Apply, Entry, MatMul, Mean, Ref, Sum, Term, children, rebuild, subterms
from symprop.terms.shapes import shape_of

WRITTEN = replace(PLAIN, number=attrgetter("text"))  # a spec's own language


def over_columns(term: Term, network: Network, columns: Blocks) -> str:
    """The text of a network's loss; where an array has samples, its block of columns has length 1 along them.

    Raises UnsupportedError for an operation that works across the samples in another way than by their sum or mean.
    """
    shapes, batch = network.graph.shapes, network.batch
    for part in subterms(term) if batch else ():
        if _across(part, shapes, batch):
            reason = f"{spelled(part, WRITTEN)} in its loss works across the samples, which a symbol for each entry holds together"
            raise UnsupportedError(f"{network.id}: --style scalar: {reason}")
    return spelled(_over_columns(term, shapes, batch, columns).item(), WRITTEN)


def _across(part: Term, shapes: Mapping[str, Shape], batch: str | None) -> bool:
    """Whether samples are named one by one, worked along as a row, or lie elsewhere than along the first axis."""
    if isinstance(part, Entry):
        return batch in shapes[part.name]
    if isinstance(part, MatMul) or (isinstance(part, Apply) and FUNCTIONS[part.function].rowwise):
        return any(batch in shape_of(operand, shapes)[-1:] for operand in children(part))
    return batch in shape_of(part, shapes)[1:]


def _over_columns(term: Term, shapes: Mapping[str, Shape], batch: str | None, columns: Blocks) -> Block:
    """The entries of one sample; a sum or a mean over the samples stays one, of each entry."""
    known = dict(columns)

    def gathered(part: Term) -> Term | None:
        if not isinstance(part, (Sum, Mean)) or batch not in shape_of(part.operand, shapes) or batch in shape_of(part, shapes):
            return None
        name = f"{len(known)}"  # no quantity's name
        known[name] = _over_columns(part.operand, shapes, batch, columns)
        known[name] = _each(type(part), entries(replace(part, operand=Ref(name)), known))
        return Ref(name)

    return entries(rebuild(term, gathered), known)


def _each(make: type[Sum] | type[Mean], whole: Block) -> Block:
    made = np.empty(whole.shape, dtype=object)
    for place in np.ndindex(made.shape):
        made[place] = make(whole[place])
    return made
