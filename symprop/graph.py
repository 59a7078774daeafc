"""What a built network is: ordered, named equations with shapes, and the document's values around them.

Input: nothing (symprop.spec makes these values). Output: `Graph`, the mathematics, and `Network`, the graph with its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from symprop.terms import Apply, Number, Term, Typography, ancestors, downstream
from symprop.terms import Dimension as Dimension
from symprop.terms import Shape as Shape

Value: TypeAlias = "Number | tuple[Value, ...]"  # exact written numbers, nested like the array's rows
Role: TypeAlias = Literal["input", "target", "parameter", "constant", "intermediate", "rate", "dimension", "gradient", "derived"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named number or array; its name is the document's, its typography decided when the spec was built."""

    name: str
    role: Role
    shape: Shape
    typography: Typography


@dataclass(frozen=True, slots=True)
class Equation:
    """`name` = `term`."""

    name: str
    term: Term


@dataclass(frozen=True)
class Graph:
    """Named equations in an order in which each uses only what stands before it; every name has a quantity.

    `quantities` is ordered: inputs, targets, parameters, constants, the learning rate, then the left sides of `equations`.
    `outputs` are the predictions; `loss` is the scalar that is differentiated; `deltas` names dE/dnet for net inputs.
    """

    quantities: Mapping[str, Quantity]
    equations: tuple[Equation, ...]
    loss: str
    outputs: tuple[str, ...]
    deltas: Mapping[str, str] = field(default_factory=dict)

    def names(self, *roles: Role) -> tuple[str, ...]:
        """The names with one of these roles, in the author's order."""
        return tuple(name for name, quantity in self.quantities.items() if quantity.role in roles)

    def shape(self, name: str) -> Shape:
        """The shape of a named quantity."""
        return self.quantities[name].shape

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """The names of symbolic lengths."""
        return frozenset(self.names("dimension"))

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Shapes by name, in order."""
        return {name: quantity.shape for name, quantity in self.quantities.items()}

    @cached_property
    def definitions(self) -> dict[str, Term]:
        """Right sides by name, in order."""
        return {equation.name: equation.term for equation in self.equations}

    @cached_property
    def learned(self) -> tuple[str, ...]:
        """What has a gradient, in order: the parameters, and the equations between one of them and the loss.

        A loss that is fused with the output's activation depends on the net input alone: the output itself has none then.
        """
        parameters, reached = self.names("parameter"), ancestors((self.loss,), self.definitions) - {self.loss}
        return (*parameters, *(name for name in downstream(self.definitions, parameters) if name in reached))

    @cached_property
    def calls(self) -> dict[Term, str]:
        """The quantities that are a function's value, by the call: a gradient that uses the same call uses the name."""
        found: dict[Term, str] = {}
        for equation in self.equations:
            if isinstance(equation.term, Apply):
                found.setdefault(equation.term, equation.name)
        return found

    @cached_property
    def scalar(self) -> bool:
        """Whether every parameter is a scalar symbol."""
        return all(not self.shape(name) for name in self.names("parameter"))


@dataclass(frozen=True, slots=True)
class Given:
    """Initial values written out by the author."""

    value: Value


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw by an initialiser: `legacy_uniform` is `np.random.random(shape) * scale`, drawn in parameter order after one seed.

    `options` holds the initialiser's own constants (low, high, mean, scale, ...) as exact terms.
    """

    initializer: str
    options: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """A named update rule: which parameters are stepped, in which order, with whose gradients.

    `simultaneous`: every gradient at the old parameters. Sequential: each in the listed order; local partials use the stored
    forward values of quantities and the current values of parameters. `gradient_of` holds a document's defects:
    {"b2": "b1"} steps b2 with dE/db1.
    """

    name: str
    order: tuple[str, ...]
    sequential: bool = False
    gradient_of: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """Learning rate (a quantity's name and its value), iterations, batch size (None: full batch) and the optimiser's row."""

    rate: str
    learning_rate: Number
    iterations: int
    seed: int | None = None
    batch_size: int | None = None
    optimizer: str = "sgd"
    dtype: str = "float64"
    options: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a printed number does not reproduce as the document says, as a convention under which it does.

    `update` and `iterations` replace the claim's own. `printed_values` are other printed numbers from which the claimed one
    is computed (rounded to `decimals`); with `extra_digit` the claim is that number with one digit too many. With `difference`
    the claim is the first of the named printed values less the others.
    """

    text: str
    update: str | None = None
    iterations: int | None = None
    printed_values: Mapping[str, str] = field(default_factory=dict)
    decimals: int | None = None
    extra_digit: bool = False
    difference: tuple[str, ...] = ()


Printed: TypeAlias = "str | tuple[Printed, ...]"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a document prints, digit by digit, and where; its value is that of `quantity` after `iterations` updates.

    `quantity` is a forward quantity, a parameter, a gradient (`dE_dw5`), a local partial (`dout_o1_dnet_o1`) or a metric.
    """

    quantity: str
    printed: Printed
    where: str
    iterations: int = 0
    update: str = "document"
    finding: Finding | None = None


@dataclass(frozen=True)
class Network:
    """A graph with the document's numbers: everything that a reader of the derivation may need, and nothing else.

    `data` holds inputs, targets and constants by name; `initial` the parameters. `updates` always has `simultaneous`; `metrics`
    and `derived` are extra named equations; `derived` may use gradient names (a document's opposite-signed delta).
    """

    id: str
    title: str
    graph: Graph
    data: Mapping[str, Value]
    initial: Mapping[str, Given | Draw]
    training: Training
    updates: Mapping[str, Update]
    metrics: tuple[Equation, ...] = ()
    derived: tuple[Equation, ...] = ()
    claims: tuple[Claim, ...] = ()
    remarks: tuple[str, ...] = ()
    source: str = ""
    batch: str | None = None  # the name of the symbolic batch dimension, where there is one
    layers: tuple[tuple[str, ...], ...] = ()  # units by layer, inputs first, where the spec was layered

    @cached_property
    def samples(self) -> int | None:
        """How many samples the document's data have; None without a symbolic batch dimension, or without data."""
        values = (value for name, value in self.data.items() if self.graph.shape(name)[:1] == (self.batch,))
        return next((len(rows) for rows in values if isinstance(rows, tuple)), None)

    @property
    def document_update(self) -> Update:
        """The document's own update rule; `simultaneous` where the spec names none."""
        return self.updates.get("document", self.updates["simultaneous"])


def shape_of_value(value: Value | Printed) -> tuple[int, ...]:
    """The shape of nested rows; () for a single number."""
    return (len(value), *shape_of_value(value[0])) if isinstance(value, tuple) else ()


def gradient_name(graph: Graph, quantity: str) -> str:
    """The name of dE/d`quantity`: `delta_o1` for a net input, `dE_dw5` in a scalar network, `dWo` in an array network.

    The E is the base of the loss's own name (`E_total` gives E), but where another quantity is called that; an entry of an array is
    one of its gradient: `dWo[1,2]`.
    """
    if quantity in graph.deltas:
        return graph.deltas[quantity]
    if graph.scalar and not quantity.endswith("]"):
        base = graph.quantities[graph.loss].typography.base
        return f"d{graph.loss if base in graph.quantities else base}_d{quantity}"
    return f"d{quantity}"


def new_name(parameter: str) -> str:
    """The name of a parameter's value after the step: `w5_new`, `Wh_new`, of an entry `Wh_new[1,2]`."""
    name, bracket, indices = parameter.partition("[")
    return f"{name}_new{bracket}{indices}"


def new_quantity(quantity: Quantity) -> Quantity:
    """The parameter after the step; its typography carries the plus."""
    typography = quantity.typography
    return replace(quantity, name=new_name(quantity.name), typography=replace(typography, superscript=f"{typography.superscript}+"))
