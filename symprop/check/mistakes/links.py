"""The backward graph as numbers: every path of every gradient, and what a change of one of them does.

Input: a scalar derivation and a comparer's fingerprints. Output: `Links`: the gradient of any quantity when some contributions
are replaced, as residues and as a term.

dE/dq is the sum of the contributions of q's links; a link's contribution is dE/d(consumer) times a local partial, or, after a
change, any term in which dE/d(consumer) stands under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from symprop.check.decide.residues import Residues
from symprop.check.mistakes.field import Field
from symprop.check.mistakes.residues import minus, plus, times
from symprop.derive import Derivation
from symprop.terms import ONE, ZERO, Mul, Ref, Term, names_in, rebuild, total

Change: TypeAlias = Mapping[int, Term]  # the new contribution of some links, by number

UNCHANGED: Change = {}


@dataclass(frozen=True, slots=True)
class Link:
    """One path: from `quantity` into the equation of `consumer`; `upstream` is dE/d`consumer`."""

    number: int
    quantity: str
    consumer: str
    rule: str
    upstream: Term
    local: Term

    @property
    def contribution(self) -> Term:
        """upstream times local, as two factors whose places stay known."""
        if self.upstream == ONE:
            return self.local
        return self.upstream if self.local == ONE else Mul((self.upstream, self.local))

    def is_penalty(self, loss: str) -> bool:
        """Whether it runs from a weight straight into the loss, and is a multiple of the weight itself."""
        return self.consumer == loss and names_in(self.local) == (self.quantity,)


class Links:
    """All links of a scalar derivation, in backward order; gradients under changes."""

    def __init__(self, derivation: Derivation, field: Field) -> None:
        self.derivation, self.field = derivation, field
        self.all: list[Link] = []
        self.of: dict[str, tuple[Link, ...]] = {}
        for name, step in derivation.steps.items():
            made: list[Link] = []
            for edge in step.edges:
                made.append(Link(len(self.all) + len(made), name, edge.consumer, edge.rule, edge.upstream, edge.local or ONE))
            self.of[name] = tuple(made)
            self.all.extend(made)

    @cached_property
    def gradient_of(self) -> dict[str, str]:
        """The quantity that a gradient's name belongs to."""
        return {step.name: name for name, step in self.derivation.steps.items()}

    @cached_property
    def contributions(self) -> tuple[Residues, ...]:
        """The unchanged contribution of each link."""
        return tuple(self.field.of(link.contribution) for link in self.all)

    @cached_property
    def _consumers(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(dict.fromkeys(link.consumer for link in links)) for name, links in self.of.items()}

    def reachable(self, target: str) -> tuple[str, ...]:
        """The quantities on the paths from the target to the loss, each after all that lead to it."""
        seen: dict[str, None] = {}

        def visit(name: str) -> None:
            for consumer in self._consumers.get(name, ()):
                if consumer not in seen and consumer in self.of:
                    visit(consumer)
            seen[name] = None

        visit(target)
        return tuple(reversed(seen))

    def gradient(self, target: str, change: Change) -> dict[str, Residues]:
        """dE/d of everything from the target to the loss, by gradient name, where the change reaches it."""
        changed: dict[str, Residues] = {}
        for name in reversed(self.reachable(target)):
            if self._touched(name, change, changed):
                values = [self._contribution(link, change, changed) for link in self.of[name]]
                summed = values[0]
                for value in values[1:]:
                    summed = plus(summed, value)
                changed[self.derivation.steps[name].name] = summed
        return changed

    def _touched(self, name: str, change: Change, changed: Mapping[str, Residues]) -> bool:
        return any(link.number in change or self._name(link.upstream) in changed for link in self.of[name])

    @staticmethod
    def _name(upstream: Term) -> str:
        return upstream.name if isinstance(upstream, Ref) else ""

    def _contribution(self, link: Link, change: Change, changed: Mapping[str, Residues]) -> Residues:
        if link.number not in change and self._name(link.upstream) not in changed:
            return self.contributions[link.number]
        return self.field.of(change.get(link.number, link.contribution), changed)

    def value(self, target: str, change: Change) -> Residues:
        """dE/d`target` under a change."""
        name = self.derivation.steps[target].name
        return self.gradient(target, change).get(name) or self.field.of(Ref(name))

    def weights_of(self, target: str, change: Change) -> dict[str, Residues]:
        """How much dE/d`target` changes with dE/d(each quantity on its paths)."""
        changed = self.gradient(target, change)
        found: dict[str, Residues] = {target: self.field.one}
        for name in self.reachable(target):
            for link in self.of[name]:
                if link.consumer in self.of:
                    through = times(found[name], self._slope(link, change, changed))
                    found[link.consumer] = plus(found[link.consumer], through) if link.consumer in found else through
        return found

    def _slope(self, link: Link, change: Change, changed: Mapping[str, Residues]) -> Residues:
        if link.number not in change:
            return self.field.of(link.local)
        upstream = self._name(link.upstream)
        at = [self.field.of(change[link.number], {**changed, upstream: value}) for value in (self.field.one, self.field.zero)]
        return minus(*at)

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        """The names in the unchanged contribution of each link."""
        return tuple(frozenset(names_in(link.contribution)) for link in self.all)

    def only_via(self, link: Link, change: Change) -> Change:
        """The change made only for what comes back to `link`."""
        upstream = {self._name(link.upstream): self.term(link.consumer, change)}
        return {link.number: _inlined(link.contribution, upstream)}

    def term(self, target: str, change: Change) -> Term:
        """dE/d`target` under a change; gradients that the change does not reach keep their names."""
        changed: dict[str, Term] = {}
        for name in reversed(self.reachable(target)):
            links = self.of[name]
            if any(link.number in change or not self._names[link.number].isdisjoint(changed) for link in links):
                terms = [change.get(link.number, link.contribution) for link in links]
                changed[self.derivation.steps[name].name] = _inlined(total(terms), changed)
        name = self.derivation.steps[target].name
        return changed.get(name, Ref(name))


def _inlined(term: Term, changed: Mapping[str, Term]) -> Term:
    return rebuild(term, lambda part: changed.get(part.name) if isinstance(part, Ref) else None)


def dropped(links: tuple[Link, ...]) -> Change:
    """The change that leaves these paths out."""
    return {link.number: ZERO for link in links}
