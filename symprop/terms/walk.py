"""Moving through terms: children, rebuilding, substitution, the names used, and those that stand behind a name.

Input: terms. Output: terms, names and counts. A new node type needs one line in `children` and one in `with_children`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, singledispatch
from operator import attrgetter, is_
from typing import Any

from symprop.terms.nodes import (
    Add,
    Apply,
    Broadcast,
    Div,
    Entry,
    MatMul,
    Mean,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Sum,
    Term,
    Transpose,
)


@singledispatch
def children(term: Term) -> tuple[Term, ...]:
    """The direct operands of a term, in the author's order."""
    raise TypeError(f"children: no case for {type(term).__name__}")


_OPERANDS: tuple[tuple[tuple[type[Term], ...], Callable[[Any], tuple[Term, ...]]], ...] = (
    ((Number, Ref, Entry, Partial), lambda term: ()),
    ((Neg, Transpose, Sum, Mean, Broadcast), lambda term: (term.operand,)),
    ((Add,), attrgetter("terms")),
    ((Mul,), attrgetter("factors")),
    ((Div,), attrgetter("numerator", "denominator")),
    ((Power,), attrgetter("base", "exponent")),
    ((Apply,), attrgetter("arguments")),
    ((MatMul,), attrgetter("left", "right")),
)
for _types, _operands in _OPERANDS:
    for _type in _types:
        children.register(_type, _operands)


@singledispatch
def with_children(term: Term, parts: tuple[Term, ...]) -> Term:
    """The same node over other operands, given in the order of `children`."""
    raise TypeError(f"with_children: no case for {type(term).__name__}")


@with_children.register(Number)
@with_children.register(Ref)
@with_children.register(Entry)
@with_children.register(Partial)
def _(term: Term, parts: tuple[Term, ...]) -> Term:
    return term


@with_children.register(Sum)
@with_children.register(Mean)
def _(term: Sum | Mean, parts: tuple[Term, ...]) -> Term:
    return type(term)(parts[0], term.axis, term.keep)


@with_children.register
def _(term: Broadcast, parts: tuple[Term, ...]) -> Term:
    return Broadcast(parts[0], term.like)


@with_children.register(Add)
@with_children.register(Mul)
def _(term: Add | Mul, parts: tuple[Term, ...]) -> Term:
    return type(term)(parts)


@with_children.register(Neg)
@with_children.register(Transpose)
@with_children.register(Div)
@with_children.register(Power)
@with_children.register(MatMul)
def _(term: Neg | Transpose | Div | Power | MatMul, parts: tuple[Term, ...]) -> Term:
    return type(term)(*parts)


@with_children.register
def _(term: Apply, parts: tuple[Term, ...]) -> Term:
    return Apply(term.function, parts)


_KNOWN: dict[type[Term], Callable[[Any], tuple[Term, ...]]] = {}  # the cases of `children`, without the search for them
_LEAVES = frozenset((Number, Ref, Entry, Partial))
_NAMES: dict[type[Term], Callable[[Any], str]] = {
    Ref: attrgetter("name"), Entry: attrgetter("name"), Broadcast: attrgetter("like"),
}  # fmt: skip


def _parts(term: Term) -> tuple[Term, ...]:
    case = _KNOWN.get(type(term)) or _KNOWN.setdefault(type(term), children.dispatch(type(term)))
    return case(term)


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything below it, each before its operands, left to right."""
    found: list[Term] = []
    pending = [term]
    while pending:
        current = pending.pop()
        found.append(current)
        if type(current) not in _LEAVES:
            pending.extend(_parts(current)[::-1])
    return iter(found)


def names_in(term: Term) -> tuple[str, ...]:
    """The names of the quantities a term refers to, each once, in order of first appearance."""
    found: dict[str, None] = {}
    for part in subterms(term):
        name_of = _NAMES.get(type(part))
        if name_of is not None:
            found[name_of(part)] = None
    return tuple(found)


def reached(names: Iterable[str], uses: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """The names, those that they use, and so on."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(uses(name))
    return frozenset(found)


def ancestors(targets: Iterable[str], terms: Mapping[str, Term]) -> frozenset[str]:
    """Every name that the targets depend on, themselves included."""
    return reached(targets, lambda name: names_in(terms[name]) if name in terms else ())


def downstream(terms: Mapping[str, Term], sources: Iterable[str]) -> tuple[str, ...]:
    """The equations, given in order, that depend on a source."""
    found = dict.fromkeys(sources)
    given = len(found)
    for name, term in terms.items():
        if any(used in found for used in names_in(term)):
            found[name] = None
    return tuple(found)[given:]


def size(term: Term) -> int:
    """The number of nodes in the tree."""
    return sum(1 for _ in subterms(term))


def rebuild(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """Replace, top down, every subterm for which `change` answers a term; None means: look inside."""
    changed = change(term)
    if changed is not None:
        return changed
    if type(term) in _LEAVES:
        return term
    parts = _parts(term)
    new_parts = tuple([rebuild(part, change) for part in parts])
    return term if all(map(is_, parts, new_parts)) else with_children(term, new_parts)


def with_child(term: Term, index: int, new: Term) -> Term:
    """The same node with another operand at this place in the order of `children`."""
    parts = children(term)
    return with_children(term, (*parts[:index], new, *parts[index + 1 :]))


def places(term: Term, closed: Callable[[Term], bool] = lambda part: False) -> Iterator[tuple[Term, Callable[[Term], Term]]]:
    """Each part, the whole first, with what gives the whole with another thing in its place; `closed` parts are not looked into."""
    return _places(term, closed, lambda new: new)


def _places(
    term: Term, closed: Callable[[Term], bool], put: Callable[[Term], Term]
) -> Iterator[tuple[Term, Callable[[Term], Term]]]:
    yield term, put
    for index, part in enumerate(() if closed(term) else children(term)):
        yield from _places(part, closed, partial(_put, term, index, put))


def _put(term: Term, index: int, put: Callable[[Term], Term], new: Term) -> Term:
    return put(with_child(term, index, new))


def substitute(term: Term, replacements: Mapping[str, Term]) -> Term:
    """Replace each reference to a name in `replacements` by its term; the replaced terms are not looked into."""
    return rebuild(term, lambda part: replacements.get(part.name) if isinstance(part, Ref) else None)
