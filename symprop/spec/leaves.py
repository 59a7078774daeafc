"""The quantities that a spec gives instead of computing: inputs, targets, parameters, constants.

Input: the spec's tables. Output: `Leaves`: each name with its role, shape, and value or draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from symprop.errors import suggestion
from symprop.graph import Draw, Role, Value, shape_of_value
from symprop.language import Names, read
from symprop.spec.names import a_name
from symprop.spec.options import FANS, INITIALIZERS
from symprop.spec.problems import Unexpected
from symprop.spec.tables import Reader, Table
from symprop.spec.values import a_number, a_value, filled
from symprop.terms import Number, Shape, Term
from symprop.words import counted

ROLES: Mapping[str, Role] = {"inputs": "input", "targets": "target", "parameters": "parameter", "constants": "constant"}
DEFAULT_BATCH = "m"
MOST_REPEATS = 1_000_000


@dataclass(frozen=True)
class Leaf:
    """One given quantity; `shape` is None where it could not be read, `value` where it is drawn or left to the user."""

    name: str
    role: Role
    shape: Shape | None
    value: Value | None = None
    draw: Draw | None = None


@dataclass(frozen=True)
class Leaves:
    """All given quantities in the author's order, and the name of the batch dimension."""

    by_name: Mapping[str, Leaf]
    batch: str

    def of(self, *roles: Role) -> tuple[Leaf, ...]:
        """The leaves with one of these roles."""
        return tuple(leaf for leaf in self.by_name.values() if leaf.role in roles)

    @property
    def batched(self) -> bool:
        """Whether some quantity has a row for each sample."""
        return any(self.batch in (leaf.shape or ()) for leaf in self.by_name.values())


def read_leaves(root: Table) -> Leaves:
    """Every leaf of the four tables; a name used twice, a missing value and uneven batches are noted."""
    batch = root.get("batch", a_name, DEFAULT_BATCH)
    found: dict[str, Leaf] = {}
    for key, role in ROLES.items():
        for name, leaf in _leaves_of(root.table(key), role, batch).items():
            if name in found:
                root.problems.add(f"{key}.{name}", "a name used once", f"a second '{name}'")
            found.setdefault(name, leaf)
    leaves = Leaves(found, batch)
    _check_batch(root, leaves)
    return leaves


def _leaves_of(table: Table, role: Role, batch: str) -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for name, content in table.content.items():
        with table.problems.at(table.label(name), name):
            a_name(name)
        found[name] = _leaf(table, name, content, role, batch)
    return found


def _leaf(table: Table, name: str, content: object, role: Role, batch: str) -> Leaf:
    batched = role in ("input", "target")
    if isinstance(content, Mapping):
        return _leaf_of_table(table.table(name), name, role, batch)
    value = table.get(name, a_value, None)
    if value is None:
        return Leaf(name, role, None)
    shape: Shape = shape_of_value(value)
    return Leaf(name, role, (batch, *shape[1:]) if batched and shape else shape, value)


def _leaf_of_table(table: Table, name: str, role: Role, batch: str) -> Leaf:
    """`{ value = ..., shape = ... }` or, for a parameter, `{ shape = ..., draw = ..., options }`."""
    drawn = role == "parameter" and "draw" in table.content
    if drawn:
        shape = _shape(table, None)
        return Leaf(name, role, shape, draw=read_draw(table, ("shape", "draw"), shape))
    table.allow("value", "shape")
    data = role in ("input", "target")
    shaped = "shape" in table.content
    shape = _shape(table, batch if data else None)
    value = table.get("value", a_value, None) if data and shaped else table.need("value", a_value, None)
    if value is None:
        return Leaf(name, role, shape)
    if not shaped:
        return Leaf(name, role, shape_of_value(value), value)
    if shape is None:
        return Leaf(name, role, None)
    with table.problems.at(table.label("value"), value):
        return Leaf(name, role, shape, _fitted(value, shape))
    return Leaf(name, role, shape)


def _shape(table: Table, batch: str | None) -> Shape | None:
    """A single number's where the key is left out, None where it cannot be read."""
    return table.get("shape", _a_shape(batch), None) if "shape" in table.content else ()


def _fitted(value: Value, shape: Shape) -> Value:
    """The value if it has the shape, a single number repeated to it."""
    sizes = tuple(length for length in shape if isinstance(length, int))
    if isinstance(value, Number) and len(sizes) == len(shape):
        if prod(sizes) > MOST_REPEATS:
            raise Unexpected(f"at most {MOST_REPEATS} entries from one number", str(prod(sizes)))
        return filled(value, sizes)
    got = shape_of_value(value)
    if len(got) != len(shape) or any(isinstance(want, int) and want != have for want, have in zip(shape, got, strict=True)):
        raise Unexpected(f"a value of shape {_shown(shape)}", f"one of shape {_shown(got)}")
    return value


def _shown(shape: Shape) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _a_shape(batch: str | None) -> Reader[Shape]:
    """A list of lengths; for data, the batch's name may stand first."""

    def read_shape(value: object) -> Shape:
        wanted = "a shape such as [3, 4]" + (f' or ["{batch}", 3]' if batch else "")
        if not isinstance(value, (list, tuple)):
            raise Unexpected(wanted)
        for place, length in enumerate(value):
            if not (_is_length(length) or batch is not None and place == 0 and length == batch):
                raise Unexpected(wanted, f"'{length}' at place {place + 1}")
        return tuple(value)

    return read_shape


def _is_length(length: object) -> bool:
    return isinstance(length, int) and not isinstance(length, bool) and length > 0


def read_draw(table: Table, others: tuple[str, ...], shape: Shape | None) -> Draw | None:
    """The initialiser named by `draw`, with its options; `others` are the table's further keys.

    The numbers of units before and behind a matrix of weights are its lengths, where they are not given.
    """
    name = table.content.get("draw")
    row = INITIALIZERS.get(name) if isinstance(name, str) else None
    if row is None:
        hint = suggestion(str(name), INITIALIZERS)
        table.problems.add(table.label("draw"), "an initialiser", f"'{name}'", hint)
        return None
    table.allow(*others, *row.options)
    if shape is None:  # what the lengths would say is not missing
        return None
    fans = dict(zip(FANS, map(str, shape), strict=True)) if len(shape) == len(FANS) else {}
    return Draw(row.name, {key: _option(table, key, fans.get(key, default)) for key, default in row.options.items()})


def _option(table: Table, key: str, default: str | None) -> Term:
    fallback = a_constant(default or "1")
    return table.need(key, a_constant, fallback) if default is None else table.get(key, a_constant, fallback)


def a_constant(value: object) -> Term:
    """A number, or an expression of numbers such as "sqrt(2/3)"."""
    return read(value, Names(declared={})) if type(value) is str else a_number(value)


def _check_batch(root: Table, leaves: Leaves) -> None:
    """Note data whose number of samples differs from the first one's, and a batch named like a quantity."""
    if leaves.batched and leaves.batch in leaves.by_name:
        root.problems.add("batch", "a name used once", f"'{leaves.batch}', also a quantity", '; write e.g. batch = "n"')
    lengths = {leaf.name: len(leaf.value) for leaf in leaves.of("input", "target")
               if isinstance(leaf.value, tuple) and leaf.shape and leaf.shape[0] == leaves.batch}  # fmt: skip
    first = next(iter(lengths), "")
    for name, length in lengths.items():
        if length != lengths[first]:
            key = "inputs" if leaves.by_name[name].role == "input" else "targets"
            root.problems.add(f"{key}.{name}", f"{counted(lengths[first], 'sample')} as in {first}", f"{length}")

