"""What answers are compared with: the network entry by entry, with every name defined.

Input: a Derivation and the name of an update rule. Output: `Exercise`: scalar definitions of all names, the entries of arrays,
and the expected terms of a quantity in each form that an answer may take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import cast

import numpy as np

from symprop.check.asked import Asked
from symprop.check.classes import refs, rows_of_classes
from symprop.check.forward import Variant, biases, without_biases
from symprop.check.verdict import Form
from symprop.check.vocabulary import Vocabulary
from symprop.derive import Derivation, derive
from symprop.derive.entries import Block, block, entries
from symprop.derive.scalar import lowered
from symprop.derive.updates import UpdateStep, find_update, update_steps
from symprop.errors import UnsupportedError
from symprop.graph import Given, Network, Update, Value, gradient_name, new_name
from symprop.spec.moves import Moves, moves_of
from symprop.terms import (
    ONE,
    Number,
    Ref,
    Term,
    difference,
    names_in,
    negated,
    number,
    total,
)
from symprop.terms.shapes import is_scalar
from symprop.terms.typography import entry_text
from symprop.worked import floats
from symprop.worked.initial import initial_values


@dataclass(frozen=True)
class Expected:
    """What a right answer equals, entry by entry: `form` with old weights, or with the `renewed` ones already updated."""

    form: Form
    block: Block
    renewed: tuple[str, ...] = ()

    @property
    def weights(self) -> str:
        """The weights in words; empty for the old ones, which go without saying."""
        return f"with {listed(self.renewed)} already updated" if self.renewed else ""


def listed(parts: Iterable[str]) -> str:
    """`w0, w1 and w2`; there is at least one."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


class Exercise:
    """A derivation made ready for comparing: see the attributes.

    `scalar` is the derivation entry by entry; `blocks` the entries of each array name, gradients, derived and new values
    included; `definitions` the scalar terms of all names that are not free (inputs, targets, weights and rate are free; with
    `at_unit_rate` the rate is 1, and the last of the targets that sum to 1 follows from the others).
    """

    def __init__(self, derivation: Derivation, update: str = "document", *, at_unit_rate: bool = False) -> None:
        self.derivation, self.at_unit_rate = derivation, at_unit_rate
        self.network: Network = derivation.network
        self.update: Update = find_update(self.network, update)
        lower = lowered(self.network)
        self.scalar: Derivation = derive(lower.network)
        self.vocabulary = Vocabulary(self.network)
        self.blocks: dict[str, Block] = dict(lower.entries)
        self.definitions: dict[str, Term] = {self.network.training.rate: ONE} if at_unit_rate else {}
        self.definitions |= self._last_targets()
        self.definitions |= self.scalar.network.graph.definitions
        self.definitions |= {step.name: step.term for step in self.scalar.steps.values()}
        self._define_scalar_gradients()
        self._define_new_values()
        for equation in (*self.network.metrics, *self.network.derived):
            self._define(equation.name, entries(equation.term, self.blocks))

    @cached_property
    def rate(self) -> Term:
        """The learning rate."""
        return Ref(self.network.training.rate)

    @property
    def learns_at_1(self) -> bool:
        """Whether the document's learning rate is 1."""
        return self.data[self.network.training.rate].value == 1

    @cached_property
    def _moves(self) -> Moves:
        return moves_of(self.network)

    def stride(self, gradient: Term) -> Term:
        """What the first update subtracts from a weight that has this gradient: rate*gradient in plain gradient descent."""
        return self._moves.first_stride(gradient)

    def changed(self, form: Form, parameter: str, gradient: Term) -> Term:
        """The step, or else the new value, of a weight that has this gradient."""
        stride = self.stride(gradient)
        return negated(stride) if form == "step" else difference(Ref(parameter), stride)

    @cached_property
    def plain(self) -> bool:
        """Whether the first update is that of plain gradient descent, as momentum's is."""
        return bool(floats.evaluate(self.stride(number(2)), {self.network.training.rate: 1.0}) == 2.0)

    @cached_property
    def steps(self) -> dict[str, UpdateStep]:
        """The update rule written out, by parameter."""
        return {step.parameter: step for step in update_steps(self.derivation, self.update)}

    @cached_property
    def data(self) -> Mapping[str, Number]:
        """The document's numbers for inputs, targets, constants and the learning rate, entry by entry."""
        found = {name: value for name, value in self.scalar.network.data.items() if isinstance(value, Number)}
        return {**found, self.network.training.rate: self.network.training.learning_rate}

    @cached_property
    def initial(self) -> Mapping[str, Number]:
        """The document's initial weights, entry by entry, drawn with its seed where it draws them; none where it has no seed."""
        try:
            values = initial_values(self.network)
        except UnsupportedError:
            values = {name: start.value for name, start in self.network.initial.items() if isinstance(start, Given)}
        return {name: number for array, value in values.items() for name, number in self._by_entry(array, value)}

    def _by_entry(self, name: str, value: Value) -> Iterator[tuple[str, Number]]:
        block_ = self.entries(Ref(name))
        for place in np.ndindex(block_.shape):
            entry, written = entry_of(block_, place), value
            for index in place:
                written = written[index] if isinstance(written, tuple) else written
            if isinstance(entry, Ref) and isinstance(written, Number):
                yield entry.name, written

    @cached_property
    def renewed(self) -> dict[str, str]:
        """The name of each weight's new value, entry by entry."""
        pairs = [(self.entries(Ref(name)), self.entries(Ref(new_name(name)))) for name in self.network.graph.names("parameter")]
        return {str(old.name): str(new.name) for olds, news in pairs for old, new in zip(refs(olds), refs(news), strict=True)}

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The forward passes in which biases are left out."""
        graph = self.scalar.network.graph
        array_of = {each.name: name for name, whole in self.blocks.items() if whole.shape for each in refs(whole)}
        groups: dict[str, tuple[str, ...]] = {}
        for bias in biases(graph):
            group = array_of.get(bias, bias)
            groups[group] = (*groups.get(group, ()), bias)
        return tuple(without_biases(graph, self.definitions, groups))

    @cached_property
    def every_definition(self) -> Mapping[str, Term]:
        """The definitions, and those of the wrong forward passes."""
        return {**self.definitions, **{name: term for each in self.variants for name, term in each.definitions.items()}}

    def entries(self, term: Term) -> Block:
        """The scalar terms of a term's entries; a term of scalars alone is its own."""
        return block(term) if is_scalar(term, self.blocks) else entries(term, self.blocks)

    def expected(self, asked: Asked) -> tuple[Expected, ...]:
        """Every form that an answer may take, old weights before updated ones."""
        found = (each for form in asked.forms for each in _FORMS[form](self, asked))
        if asked.indices is None:
            return tuple(found)
        return tuple(Expected(each.form, block(entry_of(each.block, asked.indices)), each.renewed) for each in found)

    def gradient(self, quantity: str) -> Term:
        """The symbol of a gradient."""
        return Ref(gradient_name(self.network.graph, quantity))

    def gradients(self, quantity: str) -> Iterator[tuple[Term, tuple[str, ...]]]:
        """The gradient with the old weights and, under a sequential rule, with those already updated."""
        yield self.gradient(quantity), ()
        step = self.steps.get(quantity)
        if step is not None and step.already_new:
            yield step.gradient, step.already_new

    def _last_targets(self) -> dict[str, Term]:
        """The last target of each row by the others, where the loss takes for granted that they sum to 1, and the data do."""
        rows = list(rows_of_classes(self.network.graph, self.blocks))
        if any(sum(self.data[each.name].value for each in row if each.name in self.data) != 1 for row in rows):
            return {}
        return {row[-1].name: difference(ONE, total(row[:-1])) for row in rows}

    def _define(self, name: str, values: Block) -> None:
        if name in self.definitions:
            return
        if not values.shape:
            self.definitions[name] = entry_of(values)
            return
        made = np.empty(values.shape, dtype=object)
        for place in np.ndindex(values.shape):
            made[place] = Ref(entry_text(name, place))
            self.definitions[entry_text(name, place)] = entry_of(values, place)
        self.blocks[name] = made

    def _define_scalar_gradients(self) -> None:
        """An array network calls the gradient of a scalar `db`, its entries' network `dE_db`: both are known."""
        for quantity, step in self.derivation.steps.items():
            if not self.network.graph.shape(quantity) and step.name not in self.definitions:
                self.definitions[step.name] = Ref(self.scalar.steps[quantity].name)

    def _define_new_values(self) -> None:
        for step in self.steps.values():
            for line in step.written:
                self._define(line.name, self.entries(line.term))
        for parameter in self.network.graph.names("parameter"):
            own = self.changed("new-value", parameter, self.gradient(parameter))
            self._define(new_name(parameter), self.entries(own))


def is_symbolic(expected: tuple[Expected, ...]) -> bool:
    """Whether an expected form is a number whatever the data are: then a number is a formula like any other."""
    return any(isinstance(entry, Number) for each in expected for entry in each.block.flat)


def names_of(expected: Iterable[Expected]) -> tuple[str, ...]:
    """The names in what is expected."""
    return tuple(dict.fromkeys(name for each in expected for entry in each.block.flat for name in names_in(entry)))


def mapped(whole: Block, change: Callable[[Term], Term]) -> Block:
    """The block with every entry changed."""
    made = np.empty(whole.shape, dtype=object)
    for place in np.ndindex(whole.shape):
        made[place] = change(entry_of(whole, place))
    return made


def entry_of(whole: Block, place: tuple[int, ...] = ()) -> Term:
    """One entry of a block."""
    return cast(Term, whole[place])


def _gradient(exercise: Exercise, asked: Asked) -> Iterator[Expected]:
    yield Expected("gradient", exercise.entries(exercise.gradient(asked.quantity)))


def _changed(form: Form, exercise: Exercise, asked: Asked) -> Iterator[Expected]:
    for term, renewed in exercise.gradients(asked.quantity):
        yield Expected(form, exercise.entries(exercise.changed(form, asked.quantity, term)), renewed)


def _value(exercise: Exercise, asked: Asked) -> Iterator[Expected]:
    yield Expected("value", exercise.entries(Ref(asked.name)))


_FORMS: dict[Form, Callable[[Exercise, Asked], Iterator[Expected]]] = {
    "gradient": _gradient,
    "step": partial(_changed, "step"),
    "new-value": partial(_changed, "new-value"),
    "value": _value,
}
