"""Equality of two scalar expressions, decided with proof on both sides.

Input: definitions, and two terms. Output: a `Decision`. See `symprop.check.decide` for what is decided and under which hypotheses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symprop.check.decide.budget import DEFAULT, Budget, Exhausted, Meter, Unprepared, Unreadable
from symprop.check.decide.circuit import Node, below
from symprop.check.decide.decision import Certificate, Counterexample, Decision
from symprop.check.decide.definitions import AnswerScope, Definitions
from symprop.check.decide.layer import Layer
from symprop.check.decide.lowering import flattened, named
from symprop.check.decide.proving import opened, proved
from symprop.check.decide.residues import MOST_POINTS, Residues
from symprop.check.decide.separation import agreement, exists, separated
from symprop.functions import FUNCTIONS
from symprop.terms import Apply, Term, subterms

_SMOOTH_POINTS = 4
_KINKED = ("abs", "sign", "step", "maximum", "minimum")
_MOST_CUTS = 64  # sets of opened definitions that are kept for the answers to come


class Comparer:
    """Compares terms over the same definitions; what the definitions need is computed once.

    `definitions` are ordered named equations, each over earlier names and free ones; every other name is a free real variable.
    """

    def __init__(self, definitions: Mapping[str, Term], budget: Budget = DEFAULT) -> None:
        self.budget = budget
        self._terms = dict(definitions)
        self._points = MOST_POINTS if any(_kinked(term) for term in self._terms.values()) else _SMOOTH_POINTS
        self._definitions = Definitions(self._terms, budget, self._points)
        self._cuts: dict[tuple[str, ...], Definitions] = {}
        self._by_cases: Definitions | None = None

    def fingerprint(self, term: Term) -> Residues | None:
        """The values of a term modulo the prime at the fixed points; None where it has none.

        Equal terms of the decided class have equal fingerprints, however they are written. Unequal ones share a fingerprint with a
        probability below degree/2**60, unless they differ only in sign cases that no fixed point lies in.
        """
        try:
            _, (node,) = _lowered(self._definitions, (_Side.of(term),))
        except (Unreadable, Exhausted, ZeroDivisionError):
            return None
        return None if node.poles else node.residues

    def decide(self, left: Term, right: Term) -> Decision:
        """Whether two terms are equal wherever both are defined."""
        try:
            sides = _Side.of(left), _Side.of(right)
            scope, nodes = _lowered(self._definitions, sides)
        except Unreadable as problem:
            return Decision("undecided", str(problem))
        except Exhausted as problem:
            return Decision("undecided", f"the expressions are too large: {problem}")
        except ZeroDivisionError:
            return self._nowhere(left, right)
        return _Comparison(self, scope, sides, nodes).decision()

    def _nowhere(self, left: Term, right: Term) -> Decision:
        """One side is the reciprocal of the number 0."""
        if self._divides_by_zero(_Side.of(left)):
            return Decision("undecided", "the first expression divides by zero everywhere")
        return Decision("different", "the second expression divides by zero everywhere")

    def _divides_by_zero(self, side: _Side) -> bool:
        try:
            _lowered(self._definitions, (side,))
        except ZeroDivisionError:
            return True
        except Exhausted:
            return False
        return False

    def cut(self, names: tuple[str, ...]) -> Definitions:
        """The definitions of these names only: all others are free."""
        if names not in self._cuts:
            if len(self._cuts) >= _MOST_CUTS:
                self._cuts.clear()
            self._cuts[names] = Definitions({name: self._terms[name] for name in names}, self.budget, self._points)
        return self._cuts[names]

    @property
    def definitions(self) -> Definitions:
        """All definitions."""
        return self._definitions

    @property
    def by_cases(self) -> Definitions:
        """All definitions, with exponentials written out case by case."""
        if self._by_cases is None:
            self._by_cases = Definitions(self._terms, self.budget, self._points, cases=True)
        return self._by_cases


def _kinked(term: Term) -> bool:
    """Whether a function of the term, or of its definition, has a kink."""
    calls = {part.function for part in subterms(term) if isinstance(part, Apply)}
    return any(name in _KINKED or any(f"{kink}(" in FUNCTIONS[name].definition for kink in _KINKED) for name in calls if name in FUNCTIONS)


@dataclass(frozen=True, slots=True)
class _Side:
    """A term's parts, operands first, and its names."""

    parts: list[Term]
    names: tuple[str, ...]

    @classmethod
    def of(cls, term: Term) -> _Side:
        parts = flattened(term)
        return cls(parts, named(parts))


def _lowered(definitions: Definitions, sides: tuple[_Side, ...]) -> tuple[AnswerScope, tuple[Node, ...]]:
    """A scope with a node for each side. Raises what lowering raises."""
    while True:
        scope = definitions.scope_for(name for side in sides for name in side.names)
        try:
            return scope, tuple(scope.lowered(side.parts) for side in sides)
        except Unprepared as missing:
            definitions.prepare(missing.names)


@dataclass
class _Comparison:
    """One comparison under way."""

    comparer: Comparer
    scope: AnswerScope
    sides: tuple[_Side, _Side]
    nodes: tuple[Node, Node]
    spent: int = 0
    obstacle: str = ""

    def decision(self) -> Decision:
        """The verdict: a difference is looked for where the residues differ, a proof where they agree, then the other one."""
        left, right = self.nodes
        points = self.scope.points
        if (left.poles | right.poles) == (1 << points) - 1:
            return self._decided(self._poles())
        if left is right:
            return self._decided(Decision("equal", "the same operations", Certificate("structural")))
        agree = not self._differing
        first, second = (self._equal, self._different) if agree else (self._different, self._equal)
        return self._decided(first(agree) or second(agree) or self._undecided(agree))

    def _decided(self, decision: Decision) -> Decision:
        self._restart()
        return Decision(decision.verdict, decision.reason, decision.certificate, decision.counterexample, self.spent)

    def _restart(self) -> None:
        """A fresh meter for the next stage."""
        self.spent += self.scope.ring.meter.spent
        self.scope.ring.meter = Meter(self.comparer.budget.operations)

    @property
    def _differing(self) -> list[int]:
        """The fixed points at which the residues differ and both sides exist."""
        left, right = self.nodes
        poles = left.poles | right.poles
        return [p for p, (a, b) in enumerate(zip(left.residues, right.residues)) if a != b and not poles >> p & 1]

    # different

    def _different(self, agree: bool) -> Decision | None:
        """A rational point with disjoint enclosures: at the fixed points, at others, then with more bits."""
        self._restart()
        if agree and not self._kinks:
            return None
        try:
            found = self._separated()
        except Exhausted as problem:
            self.obstacle = self.obstacle or str(problem)
            return None
        return None if found is None else Decision("different", f"{found}", counterexample=found)

    def _separated(self) -> Counterexample | None:
        budget = self.comparer.budget
        first = self._differing or list(range(self.scope.points))
        others = [point for point in range(budget.points) if point not in first]
        tries = [(first, budget.bits[0]), (others, budget.bits[0]), *((first + others[:4], bits) for bits in budget.bits[1:])]
        found = (separated(self.scope, *self.nodes, points, bits) for points, bits in tries)
        return next((each for each in found if each is not None), None)

    @property
    def _kinks(self) -> bool:
        """Whether signs occur: the fixed points then needn't lie in every case."""
        return any(node.kind == "sign" for root in self.nodes for node in below(root, Layer()))

    # equal

    def _equal(self, agree: bool) -> Decision | None:
        """A proof, with a check that both sides are defined somewhere."""
        self._restart()
        certificate = self._certificate(agree)
        if certificate is None:
            return None
        self._restart()
        try:
            if exists(self.scope, *self.nodes, self.comparer.budget.points):
                return Decision("equal", str(certificate), certificate)
        except Exhausted as problem:
            self.obstacle = str(problem)
        self.obstacle = self.obstacle or "no point was found at which both are defined"
        return None

    def _certificate(self, agree: bool) -> Certificate | None:
        certificates = (self._proved(definitions) for definitions in self._stages(agree))
        return next((certificate for certificate in certificates if certificate is not None), None)

    def _stages(self, agree: bool) -> Iterator[Definitions]:
        """The definitions over which a proof is tried: shared names free; all written out; exponentials by cases."""
        names = opened(self.comparer.definitions, *(side.names for side in self.sides)) if agree else None
        if names is not None:
            yield self.comparer.cut(names)
        yield self.comparer.definitions
        if self._kinks:
            yield self.comparer.by_cases

    def _proved(self, definitions: Definitions) -> Certificate | None:
        """The certificate over some definitions; None where there is none or it is too large."""
        while True:
            try:
                if definitions is self.comparer.definitions:
                    return proved(self.scope, *self.nodes)
                return self._proved_elsewhere(definitions)
            except Unprepared as missing:
                definitions.prepare(missing.names)
                if definitions is self.comparer.definitions:
                    self.scope, self.nodes = _lowered(definitions, self.sides)
                    self.scope.ring.meter = Meter(self.comparer.budget.operations)  # this work was counted before
            except (Exhausted, ZeroDivisionError, Unreadable) as problem:
                self.obstacle = str(problem)
                return None

    def _proved_elsewhere(self, definitions: Definitions) -> Certificate | None:
        scope, nodes = _lowered(definitions, self.sides)
        certificate = proved(scope, *nodes) if nodes[0].residues == nodes[1].residues else None
        self.spent += scope.ring.meter.spent
        return certificate

    # neither

    def _poles(self) -> Decision:
        """A side that has a pole at every fixed point: it is defined nowhere, where the proof of that succeeds."""
        left, right = (self._nowhere(node) for node in self.nodes)
        if right and not left:
            return Decision("different", "the second expression divides by zero everywhere")
        if left:
            return Decision("undecided", "the first expression divides by zero everywhere")
        return Decision("undecided", "no point was found at which both are defined")

    def _nowhere(self, root: Node) -> bool:
        """Whether a reciprocal below the node is proved to be that of zero."""
        divisors = [n.args[0] for n in below(root, Layer()) if n.kind == "power" and isinstance(n.data, int) and n.data < 0]
        zero = self.scope.number(0)
        for divisor in (node for node in divisors if not any(node.residues)):
            try:
                if proved(self.scope, divisor, zero) is not None:
                    return True
            except (Exhausted, ZeroDivisionError):
                continue
        return False

    def _undecided(self, agree: bool) -> Decision:
        self._restart()
        bits = self.comparer.budget.bits[-1]
        try:
            hint = agreement(self.scope, *self.nodes, 4, bits)
        except Exhausted as problem:
            hint = str(problem)
        if agree:
            modular = f"equal at {self.scope.points} points modulo a 61-bit prime"
            return Decision("undecided", f"{modular}, but not proved ({self.obstacle or 'a relation outside the class'}); {hint}")
        return Decision("undecided", f"neither equality nor a difference could be proved; {self.obstacle or hint}")
