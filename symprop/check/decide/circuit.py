"""Circuits: a term's operations as shared nodes, each with its values at the fixed points.

Input: operations over nodes. Output: `Node`s; equal operations on equal nodes are one node, so that nothing is evaluated twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from symprop.check.decide.budget import Exhausted
from symprop.check.decide.layer import Layer
from symprop.check.decide.nodes import Kind, Node, Operation, by_order
from symprop.check.decide.residues import Residues


def _is_exp(node: Node) -> bool:
    return node.kind == "exp"


def _factors(node: Node) -> tuple[Node, ...]:
    return node.args if node.kind == "product" else (node,)


def _shortened(factors: list[Node]) -> list[Node]:
    """The factors of a product with s**3 = s for each sign s: at most two are left of each."""
    counts = Counter(id(node) for node in factors if node.kind == "sign")
    surplus = {key: (count - 1) // 2 * 2 for key, count in counts.items()}
    kept = []
    for node in factors:
        if surplus.get(id(node), 0):
            surplus[id(node)] -= 1
        else:
            kept.append(node)
    return kept


class Circuit:
    """Makes nodes, folding numbers; `start` is the order of the first; one `below` is read and never changed.

    Nodes that are `given` by operation count as made here when they are first asked for.
    """

    def __init__(
        self, most: int, digits: int, start: int = 0, below: Circuit | None = None, given: Mapping[Operation, Node] | None = None
    ) -> None:
        self._known: Layer = Layer(below._known if below else None)
        self._given: Mapping[Operation, Node] = below._given if below else given or {}
        self._before = len(below) if below else 0
        self._most, self._digits, self.start = most, digits, start

    def __len__(self) -> int:
        return self._before + len(self._known)

    def leaves(self) -> dict[Operation, Node]:
        """The numbers and variables, by operation."""
        return {key: node for key, node in self._known.items() if not node.args}

    def evaluated(self, node: Node) -> Residues:
        """The residues of a new node; a subclass knows them."""
        raise NotImplementedError

    def node(self, kind: Kind, args: tuple[Node, ...] = (), data: Fraction | int | str | None = None) -> Node:
        """The node of an operation.

        Raises:
            Exhausted: there are too many nodes.
            ZeroDivisionError: the reciprocal of zero.
        """
        key = (kind, data, *map(id, args))
        known: Node | None = self._known[key]
        return self._made(key, kind, args, data) if known is None else known

    def _made(self, key: Operation, kind: Kind, args: tuple[Node, ...], data: Fraction | int | str | None) -> Node:
        if len(self) >= self._most:
            raise Exhausted(f"more than {self._most} operations are written")
        made = self._given.get(key)
        if made is None:
            made = Node(kind, args, data, self.start + len(self))
            made.residues = self.evaluated(made)
        self._known[key] = made
        return made

    def number(self, value: Fraction | int) -> Node:
        """A rational number."""
        key = ("number", value.numerator, value.denominator)
        known: Node | None = self._known[key]
        if known is None:
            if max(value.numerator.bit_length(), value.denominator.bit_length()) > self._digits:
                raise Exhausted(f"a number of more than {self._digits} bits")
            known = self._made(key, "number", (), Fraction(value))
        return known

    def total(self, summands: Iterable[Node]) -> Node:
        """The sum, numbers added up."""
        constant: Fraction | int = 0
        kept: list[Node] = []
        for node in self._opened(summands, "sum"):
            if node.value is not None:
                constant += node.value
            else:
                kept.append(node)
        return self._gathered("sum", kept, constant, 0)

    def product(self, factors: Iterable[Node]) -> Node:
        """The product, numbers multiplied out."""
        constant: Fraction | int = 1
        kept: list[Node] = []
        for node in self._opened(factors, "product"):
            if node.value is not None:
                constant *= node.value
            else:
                kept.append(node)
        if not constant and not any(node.partial for node in kept):
            return self.number(0)
        kinds = {node.kind for node in kept}
        if "sign" in kinds:
            kept = _shortened(kept)
        if "exp" in kinds and "sigmoid" in kinds:
            kept = self._with_sigmoids(kept)
        return self._gathered("product", kept, constant, 1)

    def _with_sigmoids(self, factors: list[Node]) -> list[Node]:
        """The factors of a product with exp(z)*sigmoid(-z) = sigmoid(z)."""
        kept = list(factors)
        for exp in [node for node in factors if node.kind == "exp"]:
            opposite = self.negated(exp.args[0])
            partner = next((node for node in kept if node.kind == "sigmoid" and node.args[0] is opposite), None)
            if partner is not None:
                kept.remove(exp)
                kept[kept.index(partner)] = self.sigmoid(exp.args[0])
        return kept

    def _opened(self, nodes: Iterable[Node], kind: Kind) -> list[Node]:
        """The nodes, with the operands of those of the kind in their place."""
        found: list[Node] = []
        for node in nodes:
            if node.kind == kind and node.order >= self.start:
                found.extend(node.args)
            else:
                found.append(node)
        return found

    def _own(self, node: Node, kind: Kind) -> bool:
        """Whether a node of the kind was written here: nothing looks inside the node of a definition."""
        return node.kind == kind and node.order >= self.start

    def under(self, node: Node) -> bool:
        """Whether a node stood there before this circuit's own."""
        return node.order < self.start + self._before

    def foreign(self, node: Node) -> bool:
        """Whether a node belongs to a definition made before."""
        return node.order < self.start

    def _gathered(self, kind: Kind, kept: list[Node], constant: Fraction | int, neutral: int) -> Node:
        if constant != neutral or not kept:
            kept.append(self.number(constant))
        if len(kept) == 1:
            return kept[0]
        return self.node(kind, tuple(sorted(kept, key=by_order)))

    def negated(self, node: Node) -> Node:
        """-node."""
        return self.product((self.number(-1), node))

    def power(self, base: Node, exponent: int) -> Node:
        """base**exponent."""
        if exponent == 1:
            return base
        if exponent == 0 and not base.partial:
            return self.number(1)
        if base.value is not None and base.value.numerator.bit_length() * abs(exponent) <= self._digits:
            return self.number(base.value**exponent)
        if self._own(base, "power") and isinstance(base.data, int) and base.data > 0:
            return self.power(base.args[0], base.data * exponent)
        if exponent < 0 and self._own(base, "product"):  # what stands in a product is known by its own reciprocal, as 1 + exp(z) is
            return self.product([self.power(factor, exponent) for factor in base.args])
        logistic = self._one_plus_exp(base) if exponent < 0 else None
        if logistic is not None:  # 1/(1 + exp(z)) is sigmoid(-z)
            return self.power(self.sigmoid(self.negated(logistic)), -exponent)
        return self.node("power", (base,), exponent)

    def _one_plus_exp(self, node: Node) -> Node | None:
        """z where the node was written here as 1 + exp(z)."""
        if not self._own(node, "sum") or len(node.args) != 2:
            return None
        number, exp = sorted(node.args, key=_is_exp)
        return exp.args[0] if number.value == 1 and _is_exp(exp) else None

    def root(self, base: Node, exponent: Fraction) -> Node:
        """base**exponent for a positive exponent that isn't an integer; base >= 0. sqrt(u**2) is |u|."""
        inner = self._square_root(base) if exponent.denominator == 2 else None
        if inner is not None:
            return self.power(self.size(inner), exponent.numerator)
        return self.node("root", (base,), exponent)

    def _square_root(self, node: Node) -> Node | None:
        """u or -u where the node is u*u or u**2, some of it perhaps under a name, as the mean of squares that Adam keeps."""
        powers: Counter[Node] = Counter()
        constant = Fraction(1)
        for factor in (inner for outer in _factors(node) for inner in _factors(outer)):
            if factor.value is not None:
                constant *= factor.value
            else:
                raised = factor.kind == "power"
                powers[factor.args[0] if raised else factor] += int(factor.data or 0) if raised else 1
        if constant != 1 or any(power % 2 for power in powers.values()):
            return None
        return self.product([self.power(factor, power // 2) for factor, power in powers.items()])

    def exp(self, node: Node) -> Node:
        """exp(node)."""
        return self.number(1) if node.value == 0 else self.node("exp", (node,))

    def log(self, node: Node) -> Node:
        """log(node)."""
        if self._own(node, "exp"):
            return node.args[0]
        return self.number(0) if node.value == 1 else self.node("log", (node,))

    def sigmoid(self, node: Node) -> Node:
        """sigmoid(node)."""
        return self.node("sigmoid", (node,))

    def opaque(self, name: str, args: tuple[Node, ...]) -> Node:
        """A function of which only enclosures are known."""
        return self.node("opaque", args, name)

    def sign(self, node: Node) -> Node:
        """sign(node): that of a product is the product of the signs."""
        if node.value is not None:
            return self.number((node.value > 0) - (node.value < 0))
        if node.kind == "sign":
            return node
        if self._own(node, "product"):
            return self.product([self.sign(factor) for factor in node.args])
        if self._own(node, "power") and isinstance(node.data, int):
            return self.power(self.sign(node.args[0]), (2 - node.data % 2) * (1 if node.data > 0 else -1))
        return self.number(1) if node.positive else self.node("sign", (node,))

    def size(self, node: Node) -> Node:
        """|node|: a product written here has one sign, as a named one has that is compared with it."""
        sign = self.node("sign", (node,)) if self._own(node, "product") else self.sign(node)
        return self.product((node, sign))

    def step(self, node: Node) -> Node:
        """1 where the node is positive, 0 elsewhere: (s**2 + s)/2 with its sign s."""
        sign = self.sign(node)
        return self.product((self.number(Fraction(1, 2)), self.total((self.power(sign, 2), sign))))
