"""The definitions of a network's names, each made into a node once, with its normal form and enclosures when they are asked for.

Input: ordered named terms. Output: `Definitions`, on which the scopes of answers stand; a definition is touched when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symprop.check.decide.atoms import Registry
from symprop.check.decide.budget import Budget, Exhausted, Meter, Unprepared, Unreadable
from symprop.check.decide.elements import Element
from symprop.check.decide.functions import Functions
from symprop.check.decide.intervals import Interval
from symprop.check.decide.layer import Layer
from symprop.check.decide.lowering import Written, lower
from symprop.check.decide.nodes import Node, Operation, below
from symprop.check.decide.opening import Seen, content
from symprop.check.decide.scope import Scope, Shared, enclosed
from symprop.terms import Term, reached

_NOTHING = Seen(frozenset(), {})
_MOST_VIEWS = 32
_MOST_SEEN = 400  # definitions in a view: where there are more, nothing that an answer writes out is looked for among them


class Definitions:
    """Named terms over free variables.

    Each definition has a budget of its own, so that no verdict depends on which answers came before.
    """

    def __init__(self, terms: Mapping[str, Term], budget: Budget, points: int) -> None:
        self.terms, self.budget = terms, budget
        self.registry = Registry(points)
        self.shared = Shared()
        self._nodes: dict[str, Node | Exception] = {}
        self._assumed: dict[str, dict[object, int]] = {}  # only the definitions that assume something
        self._written: dict[str, Written] = {}
        self._roots: dict[int, str] = {}
        self._scopes: dict[str, _DefinitionScope] = {}  # of the definitions whose normal forms aren't made yet
        self._places = {name: place for place, name in enumerate(terms)}
        self._leaves: dict[Operation, Node] = {}  # the numbers and variables of all definitions
        self._seen: dict[str, Seen] = {}
        self._views: dict[tuple[str, ...], dict[Operation, Node]] = {}
        self._order = 0
        self.version = 0  # goes up with each change: what stands on these definitions is then made again

    def defines(self, name: str) -> bool:
        """Whether a name is defined: a free variable is not."""
        return name in self.terms

    def _uses(self, name: str) -> tuple[str, ...]:
        """The names in a definition's text; none for a free variable."""
        return self._taken_apart(name).names if name in self.terms else ()

    def _taken_apart(self, name: str) -> Written:
        if name not in self._written:
            self._written[name] = Written.of(self.terms[name])
        return self._written[name]

    def place(self, name: str) -> int:
        """The place of a definition in their order."""
        return self._places[name]

    def name(self, node: Node) -> str | None:
        """The name of a node: a variable's, or that of the definition that it is."""
        return str(node.data) if node.kind == "variable" else self._roots.get(id(node))

    def seen(self, name: str) -> Seen:
        """What a definition is seen to be made of."""
        if name not in self._seen:
            root = self._nodes[name]
            self._seen[name] = content(root, self.name) if isinstance(root, Node) else _NOTHING
        return self._seen[name]

    def view(self, names: tuple[str, ...]) -> Mapping[Operation, Node]:
        """The nodes of all definitions of which these are made, by operation: where an answer writes one out, it is that one."""
        if names not in self._views:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            self.define(names)
            self._views[names] = self._operations(self._in_order(names))
        return self._views[names]

    def _operations(self, names: list[str]) -> dict[Operation, Node]:
        first = Layer()  # of nodes with the same operation, by each one's identity
        found: dict[Operation, Node] = {}
        for root in (self._nodes[name] for name in names) if len(names) <= _MOST_SEEN else ():
            for node in below(root, first) if isinstance(root, Node) else ():
                first[id(node)] = found.setdefault(node.operation([first[id(arg)] for arg in node.args]), node)
        return found

    def define(self, names: Iterable[str]) -> list[str]:
        """Make the nodes of those names that are defined; returns them."""
        defined = [name for name in names if name in self.terms]
        missing = [name for name in defined if name not in self._nodes]
        for name in self._in_order(missing):
            if name not in self._nodes:
                self._define(name)
        return defined

    def scope_for(self, names: Iterable[str], view: tuple[str, ...]) -> AnswerScope:
        """A scope in which terms over these names can be lowered; what they write out of the definitions in view is known."""
        given, defined = self.view(view), self.define(names)
        return AnswerScope(self.ring(Registry(self.registry.points, self.registry)), self, defined, given=given)

    def ring(self, registry: Registry) -> Functions:
        """A ring over a registry, with a meter of its own for one stage of an answer."""
        return Functions(registry, self.budget, Meter(self.budget.operations))

    def meter(self) -> Meter:
        """The meter of one definition."""
        return Meter(self.budget.definition_operations)

    def _in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(reached(names, self._uses) & self.terms.keys(), key=self.place)

    def prepare(self, names: Iterable[str]) -> None:
        """Make the normal forms of these definitions, and of those that they use."""
        for name in self._in_order(names):
            node, scope = self._nodes[name], self._scopes.pop(name, None)
            self.version += scope is not None
            if scope is None or not isinstance(node, Node):
                continue
            try:
                scope.element(node)
            except (Exhausted, ZeroDivisionError):
                self.shared.elements[id(node)] = Exhausted(f"the normal form of {name} is too large")
            if scope.ring.assumed:
                self._assumed[name] = scope.ring.assumed

    def assumed(self, names: Iterable[str]) -> dict[object, int]:
        """The signs that follow from the domains of logarithms in prepared definitions."""
        assumed: dict[object, int] = {}
        for name in self._in_order(names) if self._assumed else ():
            assumed |= self._assumed.get(name, {})
        return assumed

    def unprepared(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        """The names of the nodes that are definitions whose normal forms aren't made yet."""
        return tuple(self._roots[id(node)] for node in nodes if self._roots.get(id(node)) in self._scopes)

    def node(self, name: str) -> Node | None:
        """The node of a defined name; None for a free variable. Raises what its definition raised."""
        found = self._nodes.get(name)
        if isinstance(found, Exception):
            raise found
        if found is None and name in self.terms:
            raise Unreadable(f"the definition of {name} stands after its use")
        return found

    def enclose(self, names: Iterable[str], point: int, bits: int) -> None:
        """Find the intervals of the named definitions, for all answers to come."""
        known = self.shared.enclosures(bits, point)
        for node in (self._nodes[name] for name in names):
            if isinstance(node, Node) and known[id(node)] is None:
                enclosed(node, known, point, bits)

    @property
    def order(self) -> int:
        """The order of the next node."""
        return self._order

    def _define(self, name: str) -> None:
        scope = _DefinitionScope(Functions(self.registry, self.budget, self.meter()), self, self._leaves)
        try:
            node = lower(scope, self._taken_apart(name).parts, scope.looked_up)
        except (Unreadable, Exhausted, ZeroDivisionError) as problem:
            self._nodes[name] = problem.with_traceback(None)
        else:
            self._nodes[name], self._scopes[name] = node, scope
            if node.args:
                self._roots.setdefault(id(node), name)
        self._leaves |= scope.leaves()
        self._order += len(scope)
        self.version += 1


class _NamedScope(Scope):
    """A scope that knows the definitions' names."""

    def __init__(
        self,
        ring: Functions,
        definitions: Definitions,
        shared: Shared,
        below: Scope | None = None,
        given: Mapping[Operation, Node] | None = None,
    ) -> None:
        super().__init__(ring, shared, definitions.order, below, given)
        self.definitions = definitions

    def unprepared(self, root: Node) -> tuple[str, ...]:
        """The definitions below a node whose normal forms aren't made yet."""
        return self.definitions.unprepared(node for node in below(root, self.shared.elements) if self.foreign(node))

    def looked_up(self, name: str) -> Node:
        """The node of a name: its definition's, or a variable."""
        return self.definitions.node(name) or self.node("variable", (), name)


class _DefinitionScope(_NamedScope):
    def __init__(self, ring: Functions, definitions: Definitions, leaves: Mapping[Operation, Node]) -> None:
        super().__init__(ring, definitions, definitions.shared, given=leaves)

    def element(self, root: Node) -> Element:
        """The normal form of a node, after those of the definitions that it uses."""
        self.definitions.prepare(self.unprepared(root))
        return super().element(root)


class AnswerScope(_NamedScope):
    """The scope of an answer, or above it that of one comparison; `defined` are the defined names that its terms use."""

    def __init__(
        self,
        ring: Functions,
        definitions: Definitions,
        defined: list[str],
        below: AnswerScope | None = None,
        given: Mapping[Operation, Node] | None = None,
    ) -> None:
        super().__init__(ring, definitions, Shared(below.shared if below else definitions.shared), below, given)
        self.defined, self._below = defined, below
        self._enclosed: set[tuple[int, int]] = set()

    def above(self, names: Iterable[str]) -> AnswerScope:
        """A scope on this one, which it never changes, for terms over these defined names."""
        ring = self.definitions.ring(Registry(self.ring.registry.points, self.ring.registry))
        ring.assumed = dict(self.ring.assumed)
        return AnswerScope(ring, self.definitions, list(dict.fromkeys((*self.defined, *names))), self)

    def lowered(self, parts: Iterable[Term]) -> Node:
        """The node of a term, given by its parts.

        Raises:
            Exhausted: it is too large.
            ZeroDivisionError: it divides by zero.
        """
        return lower(self, parts, self.looked_up)

    def element(self, root: Node) -> Element:
        """The normal form of a node.

        Raises:
            Unprepared: definitions' normal forms are missing; a new scope is needed after they have been made.
            Exhausted: it is too large.
            ZeroDivisionError: it divides by zero everywhere.
        """
        missing = self.unprepared(root) if self.shared.elements[id(root)] is None else ()
        if missing:
            raise Unprepared(missing)
        return super().element(root)

    def enclose(self, root: Node, point: int, bits: int) -> Interval:
        """The interval of a node at a point; those of the definitions are kept for other answers, an answer's for its forms."""
        if self._below is not None and self.under(root):
            return self._below.enclose(root, point, bits)
        if (point, bits) not in self._enclosed:
            self._enclosed.add((point, bits))
            self.definitions.enclose(self.defined, point, bits)
        return super().enclose(root, point, bits)
