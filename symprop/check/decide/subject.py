"""A subject: one term taken apart and lowered once, to be held against many others.

Input: definitions and a term. Output: its residues, and scopes with a node for it and for another term. Each comparison gets a
scope of its own above the subject's, so that no comparison sees what another one found out.
"""

from __future__ import annotations

from symprop.check.decide.budget import Unprepared
from symprop.check.decide.definitions import AnswerScope, Definitions
from symprop.check.decide.grounds import Grounds
from symprop.check.decide.lowering import Written
from symprop.check.decide.nodes import Node
from symprop.check.decide.residues import Residues
from symprop.terms import Term

_MOST_PLACES = 8  # sets of definitions over which a subject's node is kept


class Subject:
    """A term over the grounds; `view` are the names whose definitions it may write out, as those of what it answers.

    Raises on use:
        Unreadable: it has no scalar value.
        Exhausted: it is too large.
        ZeroDivisionError: it divides by the number 0.
    """

    def __init__(self, grounds: Grounds, term: Term, view: tuple[str, ...] = ()) -> None:
        self.grounds, self.term, self.view = grounds, term, view
        self.written = Written.of(term)
        self._lowered: dict[Definitions, tuple[int, AnswerScope, Node]] = {}

    @property
    def residues(self) -> Residues | None:
        """The values modulo the prime at the fixed points; None where there is a pole."""
        _, node = self.on(self.grounds.all)
        return None if node.poles else node.residues

    @property
    def operations(self) -> int:
        """The work of lowering it."""
        scope, _ = self.on(self.grounds.all)
        return scope.spent + scope.ring.meter.spent

    def on(self, definitions: Definitions) -> tuple[AnswerScope, Node]:
        """The scope and node over these definitions."""
        while True:
            known = self._lowered.get(definitions)
            if known is not None and known[0] == definitions.version:
                return known[1], known[2]
            definitions.define((*self.view, *self.written.names))
            try:
                scope = definitions.scope_for(self.written.names, self.view)
                node = scope.lowered(self.written.parts)
            except Unprepared as missing:
                definitions.prepare(missing.names)
                continue
            if len(self._lowered) >= _MOST_PLACES:
                self._lowered.clear()
            self._lowered[definitions] = definitions.version, scope, node

    def against(self, other: Written, definitions: Definitions) -> tuple[AnswerScope, tuple[Node, Node]]:
        """A new scope above the subject's, with its node and that of another term."""
        while True:
            defined = definitions.define(other.names)
            scope, node = self.on(definitions)
            above = scope.above(defined)
            try:
                return above, (node, above.lowered(other.parts))
            except Unprepared as missing:
                definitions.prepare(missing.names)
