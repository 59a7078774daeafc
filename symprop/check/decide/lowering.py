"""Lowering: a scalar term to a circuit of sums, products, powers, exp, sigmoid, log and sign.

Input: a term, and the nodes that names stand for. Output: a node. Functions are rows of `RULES`; one without a row is read from its
definition in `symprop.functions`. Raises `Unreadable` for arrays and notations that have no scalar value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symprop.check.decide.budget import Exhausted, Unreadable
from symprop.check.decide.circuit import Circuit
from symprop.check.decide.nodes import Node
from symprop.functions import FUNCTIONS
from symprop.terms import Add, Apply, Div, Entry, Mul, Neg, Number, Power, Ref, Term

Lookup = Callable[[str], Node]
Rule = Callable[..., Node]
_HALF = Fraction(1, 2)
_DEEPEST_DEFINITION = 8
_MOST_PARTS = 40_000


def entry_name(entry: Entry) -> str:
    """`W[1,2]`: an entry as paper counts it."""
    return f"{entry.name}[{','.join(str(index + 1) for index in entry.indices)}]"


def flattened(term: Term) -> list[Term]:
    """Every part of a term, operands before what they are operands of, without recursion.

    Raises:
        Unreadable: a part isn't scalar.
        Exhausted: there are too many.
    """
    found: list[Term] = []
    pending = [term]
    while pending:
        part = pending.pop()
        if len(found) >= _MOST_PARTS:
            raise Exhausted(f"more than {_MOST_PARTS} parts")
        found.append(part)
        pending.extend(_operands(part))
    found.reverse()
    return found


def _operands(term: Term) -> tuple[Term, ...]:
    operands = _PARTS.get(type(term))
    if operands is None:
        raise Unreadable(f"{type(term).__name__} isn't a scalar operation: compare entry by entry")
    return operands(term)


_PARTS: dict[type[Term], Callable[[Any], tuple[Term, ...]]] = {
    Number: lambda term: (),
    Ref: lambda term: (),
    Entry: lambda term: (),
    Neg: lambda term: (term.operand,),
    Add: lambda term: term.terms,
    Mul: lambda term: term.factors,
    Div: lambda term: (term.numerator, term.denominator),
    Power: lambda term: (term.base, term.exponent),
    Apply: lambda term: term.arguments,
}


def named(parts: Iterable[Term]) -> tuple[str, ...]:
    """The names that occur among a term's parts, an entry by its own, each once, in order of first appearance."""
    return tuple(dict.fromkeys(_leaf(part) for part in parts if isinstance(part, (Ref, Entry))))


def _leaf(part: Ref | Entry) -> str:
    return part.name if isinstance(part, Ref) else entry_name(part)


@dataclass(frozen=True, slots=True)
class Written:
    """A term taken apart once: its parts, operands first, and the names in it."""

    parts: list[Term]
    names: tuple[str, ...]

    @classmethod
    def of(cls, term: Term) -> Written:
        """Take a term apart. Raises what `flattened` raises."""
        parts = flattened(term)
        return cls(parts, named(parts))


def lower(circuit: Circuit, parts: Iterable[Term], lookup: Lookup, depth: int = 0) -> Node:
    """The node of a term, given by its parts, operands first."""
    done: list[Node] = []
    for part in parts:
        if isinstance(part, Ref):
            done.append(lookup(part.name))
        elif isinstance(part, Number):
            done.append(circuit.number(part.value))
        else:
            cut = len(done) - len(_PARTS[type(part)](part))
            done[cut:] = [_operation(circuit, part, done[cut:], lookup, depth)]
    return done[0]


def _operation(circuit: Circuit, term: Term, operands: list[Node], lookup: Lookup, depth: int) -> Node:
    if isinstance(term, Apply):
        return _applied(circuit, term.function, operands, depth)
    if isinstance(term, Entry):
        return lookup(entry_name(term))
    return _OPERATIONS[type(term)](circuit, *operands)


_OPERATIONS: dict[type[Term], Rule] = {
    Neg: lambda c, a: c.negated(a),
    Add: lambda c, *terms: c.total(terms),
    Mul: lambda c, *factors: c.product(factors),
    Div: lambda c, a, b: c.product((a, c.power(b, -1))),
    Power: lambda c, a, b: raised(c, a, b),
}


def raised(circuit: Circuit, base: Node, exponent: Node) -> Node:
    """base**exponent: an integer power, a root, else exp(exponent*log(base))."""
    value = exponent.value
    if value is not None and value.denominator == 1:
        if abs(value.numerator) > 1 << 24:
            raise Exhausted("an exponent beyond 2**24")
        return circuit.power(base, value.numerator)
    if value is not None:
        root = circuit.root(base, abs(value))
        return root if value > 0 else circuit.power(root, -1)
    return circuit.exp(circuit.product((exponent, circuit.log(base))))


# functions


def _tanh(c: Circuit, z: Node) -> Node:
    return c.total((c.product((c.number(2), c.sigmoid(c.product((c.number(2), z))))), c.number(-1)))


def _relu(c: Circuit, z: Node) -> Node:
    return c.product((z, c.step(z)))


def _log_sum_exp(c: Circuit, *args: Node) -> Node:
    return c.log(c.total([c.exp(arg) for arg in args]))


def _minus(c: Circuit, a: Node, b: Node) -> Node:
    return c.total((a, c.negated(b)))


RULES: dict[str, Rule] = {
    "pi": lambda c: c.opaque("pi", ()),
    "exp": lambda c, z: c.exp(z),
    "log": lambda c, z: c.log(z),
    "sqrt": lambda c, z: raised(c, z, c.number(_HALF)),
    "log1p": lambda c, z: c.log(c.total((c.number(1), z))),
    "expm1": lambda c, z: c.total((c.exp(z), c.number(-1))),
    "erf": lambda c, z: c.opaque("erf", (z,)),
    "erfc": lambda c, z: _minus(c, c.number(1), c.opaque("erf", (z,))),
    "sigmoid": lambda c, z: c.sigmoid(z),
    "tanh": _tanh,
    "abs": lambda c, z: c.size(z),
    "sign": lambda c, z: c.sign(z),
    "step": lambda c, z: c.step(z),
    "relu": _relu,
    "maximum": lambda c, a, b: c.total((b, _relu(c, _minus(c, a, b)))),
    "minimum": lambda c, a, b: _minus(c, a, _relu(c, _minus(c, a, b))),
    "logsumexp": _log_sum_exp,
}


def _applied(circuit: Circuit, name: str, operands: list[Node], depth: int) -> Node:
    row = FUNCTIONS.get(name)
    if row is None or row.rowwise:
        raise Unreadable(f"'{name}' has no value for single numbers here")
    if row.arity not in (-1, len(operands)):
        raise Unreadable(f"'{name}' takes {row.arity} arguments, got {len(operands)}")
    if name in RULES:
        return RULES[name](circuit, *operands)
    if row.primitive or depth > _DEEPEST_DEFINITION:
        raise Unreadable(f"'{name}' isn't a function that can be compared")
    given = dict(zip(row.arguments, operands, strict=True))
    return lower(circuit, _definition(name), given.__getitem__, depth + 1)


@lru_cache(maxsize=256)
def _definition(name: str) -> list[Term]:
    """The parts of the definition of a function, read from its row."""
    from symprop.language import Names, read

    row = FUNCTIONS[name]
    return flattened(read(row.definition, Names.of(*row.arguments)))
