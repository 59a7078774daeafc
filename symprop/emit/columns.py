"""An author's loss in the other style: over arrays for one over their columns, each with its entry of every sample, and back.

Input: a loss, and which columns an array has, or which array a column has. Output: the text of the same loss in the other names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TypeAlias

import numpy as np

from symprop.derive.entries import Block, Blocks, entries
from symprop.emit.helpers import PLAIN
from symprop.emit.spelling import spelled
from symprop.errors import UnsupportedError
from symprop.functions import FUNCTIONS
from symprop.graph import Network, Shape
from symprop.terms import (
    Add,
    Apply,
    Entry,
    MatMul,
    Mean,
    Ref,
    Sum,
    Term,
    children,
    names_in,
    rebuild,
    substitute,
    subterms,
    total,
    with_children,
)
from symprop.terms.shapes import shape_of

Place: TypeAlias = tuple[int, ...]
Homes: TypeAlias = Mapping[str, tuple[str, Place]]
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


def over_arrays(term: Term, network: Network, homes: Homes) -> str:
    """The text of a network's loss; `homes` has the array of each symbol, and its place there.

    Parts of a sum that say the same of all entries become the sum over them. Raises UnsupportedError where an entry is left over.
    """
    return spelled(_Gathering(network, homes).gathered(term), WRITTEN)


@dataclass(frozen=True, slots=True)
class _Gathering:
    network: Network
    homes: Homes

    def gathered(self, term: Term) -> Term:
        """The term over arrays, alike parts of a sum as one."""
        parts = term.terms if isinstance(term, Add) else (term,)
        return total(whole for lifted, group in groupby(parts, self._lifted) for whole in self._wholes(lifted, tuple(group)))

    def _lifted(self, part: Term) -> Term:
        return substitute(part, {name: Ref(array) for name, (array, _) in self.homes.items()})

    def _wholes(self, lifted: Term, group: Sequence[Term]) -> Iterator[Term]:
        """One sum for parts that are alike, else each part with what is gathered inside."""
        entries_of = [{self.homes[name] for name in names_in(part) if self.homes.get(name, ("", ()))[1]} for part in group]
        if not any(entries_of):
            yield from [lifted] * len(group)
        elif self._covers(entries_of) and (len(group) == 1 or not _along(lifted)):
            yield self._summed(lifted, group)
        else:
            yield from (self._inside(part) for part in group)

    def _covers(self, entries_of: Sequence[set[tuple[str, Place]]]) -> bool:
        """Whether each part is of one place, and together they are of every place of every array that they use."""
        places = [{place for _, place in found} for found in entries_of]
        if any(len(each) != 1 for each in places):
            return False
        taken = sorted(place for each in places for place in each)
        used = {array for found in entries_of for array, _ in found}
        return all(taken == sorted(place for home, place in self.homes.values() if home == array) for array in used)

    def _summed(self, lifted: Term, group: Sequence[Term]) -> Term:
        """The sum over the entries; over those of each sample where there are samples, which the author sums himself."""
        if not any(self.network.graph.shape(name) for name in names_in(group[0])):
            return Sum(lifted)
        return Sum(lifted, 1, True) if len(group) > 1 else lifted

    def _inside(self, part: Term) -> Term:
        if isinstance(part, Ref):
            reason = f"its loss has {part.name} outside a sum that says the same of every unit"
            raise UnsupportedError(f"{self.network.id}: --style matrix: {reason}")
        return with_children(part, tuple(self.gathered(operand) for operand in children(part)))


def _along(term: Term) -> bool:
    """Whether a term works along an axis, which is another one over arrays."""
    kinds = (part for part in subterms(term) if isinstance(part, (Sum, Mean, Apply)))
    return any(not isinstance(part, Apply) or FUNCTIONS[part.function].rowwise for part in kinds)
