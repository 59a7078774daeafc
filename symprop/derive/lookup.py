"""What a reader calls a gradient: `w0`, `delta_o1`, `dE_dw5`, `dE/dw5`, an entry `Wh[1,2]` of an array's.

Input: a network, the quantities that have gradients, and a text. Output: the quantity and, for an entry, its 0-based indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symprop.derive.steps import Step
from symprop.errors import TextError, UsageError, suggestion
from symprop.graph import Network, Quantity, Role
from symprop.language import Names, read
from symprop.language.scripts import shortened
from symprop.terms import Entry, Partial, Ref, Term
from symprop.terms.shapes import ShapeError, shape_of, shown
from symprop.terms.typography import entry_of_text

Place = tuple[int, ...]
UNLEARNED: Mapping[Role, str] = {
    "input": "an input",
    "target": "a target",
    "constant": "a constant",
    "rate": "the learning rate",
    "dimension": "the number of samples",
}


def looked_up(
    network: Network, gradients: Mapping[str, Quantity], steps: Mapping[str, Step], text: str
) -> tuple[str, Place | None]:
    """The quantity whose gradient `text` names, and the entry.

    Raises UsageError, with a suggestion or with the array's shape, where the network has no such gradient or entry.
    """
    name = text.strip()
    quantities = {step.name: learned for learned, step in steps.items()}
    learned = tuple(steps)
    if name in learned or name in quantities:
        return quantities.get(name, name), None
    term = _read(network, gradients, steps, name)
    found, place = _found(network, gradients, term)
    if found not in learned and found not in quantities:
        raise UsageError(f"no gradient of '{found}' in {network.id}{_why(network, found) or suggestion(found, learned)}")
    return quantities.get(found, found), place


def _why(network: Network, name: str) -> str:
    """Why a quantity of the network has no gradient; empty for any other name."""
    graph = network.graph
    if name == graph.loss:
        return f": {name} is the loss, whose derivatives are taken"
    if name not in graph.quantities:
        return ""
    kind = UNLEARNED.get(graph.quantities[name].role)
    return f": {name} is {kind}: no derivative is taken by it" if kind else f": {graph.loss} does not depend on {name}"


def _read(network: Network, gradients: Mapping[str, Quantity], steps: Iterable[str], text: str) -> Term:
    known = {**network.graph.quantities, **gradients}
    base, bracket, _ = (part.strip() for part in text.partition("["))
    if bracket and base in known and not known[base].shape:
        raise UsageError(f"'{shortened(text)}' names no gradient: {base} is a single number, without entries")
    ranks = {name: len(quantity.shape) for name, quantity in known.items() if quantity.shape}
    try:
        return read(text, Names({name: quantity.typography for name, quantity in known.items()}, ranks), "auto")
    except TextError as error:
        if base.isidentifier() and base not in known:
            raise UsageError(f"no gradient of '{shortened(base)}' in {network.id}{suggestion(base, steps)}") from None
        where = f"; {base} has shape {shown(known[base].shape)}" if base in known else ""
        raise UsageError(f"'{shortened(text)}' names no gradient: {error}{where}") from None


def _found(network: Network, gradients: Mapping[str, Quantity], term: Term) -> tuple[str, Place | None]:
    if isinstance(term, Partial) and term.of == network.graph.loss:
        entry = entry_of_text(term.wrt)
        term = Ref(term.wrt) if entry is None else Entry(*entry)
    if isinstance(term, Ref):
        return term.name, None
    if isinstance(term, Entry):
        return _entry(network, gradients, term)
    raise UsageError("expected the name of a quantity, or of one entry such as W[1,2]; got a formula")


def _entry(network: Network, gradients: Mapping[str, Quantity], term: Entry) -> tuple[str, Place]:
    try:
        shape_of(term, {**network.graph.shapes, **{name: each.shape for name, each in gradients.items()}})
    except ShapeError as error:
        raise UsageError(str(error)) from None
    return term.name, term.indices
