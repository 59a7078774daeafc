"""One comparison: a difference is looked for where the residues differ, a proof of equality where they agree.

Input: a subject, and a term taken apart. Output: a `Decision`.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.check.decide.budget import Exhausted, Meter, Unprepared
from symprop.check.decide.decision import Certificate, Counterexample, Decision
from symprop.check.decide.layer import Layer
from symprop.check.decide.lowering import Written
from symprop.check.decide.nodes import Node, below
from symprop.check.decide.opening import seen
from symprop.check.decide.proving import proved, proved_over
from symprop.check.decide.separation import Sides, agreement, exists, separated
from symprop.check.decide.subject import Subject


class Comparison:
    """One comparison under way; `spent` counts the stages that are over, `obstacle` is why a proof failed.

    Raises what lowering raises: Unreadable, Exhausted, ZeroDivisionError.
    """

    def __init__(self, subject: Subject, other: Written, apart: Callable[[], bool]) -> None:
        self.subject, self.other, self.grounds, self.apart = subject, other, subject.grounds, apart
        self.scope, self.nodes = subject.against(other, self.grounds.all)
        self.spent = 0
        self.obstacle = ""

    def decision(self) -> Decision:
        """The verdict: a difference is looked for where the residues differ, a proof where they agree, then the other one."""
        left, right = self.nodes
        points = self.scope.points
        if (left.poles | right.poles) == (1 << points) - 1:
            return self._decided(self._poles())
        if left is right:
            return self._decided(Decision("equal", certificate=Certificate("structural")))
        agree = not self._differing
        apart = not agree or self._kinks and self.apart()
        first, second = (self._different, self._equal) if apart else (self._equal, self._different)
        return self._decided(first(agree) or second(agree) or self._undecided(agree))

    def _decided(self, decision: Decision) -> Decision:
        self._restart()
        self.spent += self.scope.spent
        return Decision(decision.verdict, decision.why, decision.certificate, decision.counterexample, self.spent)

    def _restart(self) -> None:
        """A fresh meter for the next stage."""
        self.spent += self.scope.ring.meter.spent
        self.scope.ring.meter = Meter(self.grounds.budget.operations)

    @property
    def _sides(self) -> Sides:
        """Both nodes; the meter of the stage counts."""
        return Sides((self.scope, self.nodes[0]), (self.scope, self.nodes[1]), self.scope.ring.meter)

    @property
    def _differing(self) -> list[int]:
        """The fixed points at which the residues differ and both sides exist."""
        left, right = self.nodes
        poles = left.poles | right.poles
        return [p for p, (a, b) in enumerate(zip(left.residues, right.residues, strict=True)) if a != b and not poles >> p & 1]

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
        return None if found is None else Decision("different", counterexample=found)

    def _separated(self) -> Counterexample | None:
        budget = self.grounds.budget
        first = self._differing or list(range(self.scope.points))
        others = [point for point in range(budget.points) if point not in first]
        tries = [(first, budget.bits[0]), (others, budget.bits[0]), *((first + others[:4], bits) for bits in budget.bits[1:])]
        found = (separated(self._sides, points, bits) for points, bits in tries)
        return next((each for each in found if each is not None), None)

    @property
    def _kinks(self) -> bool:
        """Whether signs occur: the fixed points then needn't lie in every case."""
        return bool(self.scope.ring.registry.steps) or any(node.signed for node in self.nodes)

    # equal

    def _equal(self, agree: bool) -> Decision | None:
        """A proof, with a check that both sides are defined somewhere."""
        self._restart()
        certificate = self._certificate(agree)
        if certificate is None:
            return None
        self._restart()
        try:
            if exists(self._sides, self.grounds.budget.points, self.grounds.budget.bits):
                return Decision("equal", certificate=certificate)
        except Exhausted as problem:
            self.obstacle = str(problem)
        self.obstacle = self.obstacle or "no point was found at which both are defined"
        return None

    def _certificate(self, agree: bool) -> Certificate | None:
        """The certificate with shared names left free, else with all definitions written out."""
        found = self._over_a_cut() if agree else None
        return found or self._proved(lambda: proved(self.scope, *self.nodes))

    def _over_a_cut(self) -> Certificate | None:
        """The certificate with the names left free that both sides are seen to use."""
        left, right = (seen([node], self.grounds.all.name) for node in self.nodes)
        opened = self.grounds.opened(left, right)
        if opened is None:
            return None
        cut, names = self.grounds.cut(opened), left.names | right.names
        found = self._proved(lambda: proved_over(cut, names, self.scope, *self.nodes))
        if found is None:
            self._restart()
        return found

    def _proved(self, proof: Callable[[], Certificate | None]) -> Certificate | None:
        """The certificate; None where there is none or it is too large."""
        while True:
            try:
                return proof()
            except Unprepared as missing:
                self.grounds.all.prepare(missing.names)
                self._lower_again()
            except (Exhausted, ZeroDivisionError) as problem:
                self.obstacle = str(problem)
                return None

    def _lower_again(self) -> None:
        """A new scope, after the normal forms of definitions were made; lowering was counted before."""
        self.scope, self.nodes = self.subject.against(self.other, self.grounds.all)
        self.scope.ring.meter = Meter(self.grounds.budget.operations)

    # neither

    def _poles(self) -> Decision:
        """A side that has a pole at every fixed point: it is defined nowhere, where the proof of that succeeds."""
        left, right = (self._nowhere(node) for node in self.nodes)
        if right and not left:
            return Decision("different", "the second expression is defined nowhere")
        if left:
            return Decision("undecided", "the first expression is defined nowhere")
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
        bits = self.grounds.budget.bits[-1]
        try:
            hint = agreement(self._sides, 4, bits)
        except Exhausted as problem:
            hint = str(problem)
        if agree:
            modular = f"equal at {self.scope.points} points modulo a 61-bit prime"
            return Decision("undecided", f"{modular}, but not proved ({self.obstacle or 'a relation outside the class'}); {hint}")
        return Decision("undecided", f"neither equality nor a difference could be proved; {self.obstacle or hint}")
