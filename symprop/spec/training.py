"""Training settings and named updates.

Input: `[training]` and `[[updates]]`. Output: `Training` and the `Update`s by name, `simultaneous` always among them.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.errors import suggestion
from symprop.graph import Training, Update
from symprop.spec.names import a_name
from symprop.spec.options import DTYPES, OPTIMIZERS
from symprop.spec.problems import Unexpected
from symprop.spec.tables import Reader, Table, a_count, a_flag, a_key_of, a_list_of, a_text, one_of
from symprop.spec.values import a_number
from symprop.terms import ONE, Number, Shape, number

TRAINING_KEYS = ("rate", "learning_rate", "iterations", "seed", "batch_size", "optimizer", "dtype", "options")
UPDATE_KEYS = ("name", "order", "sequential", "gradient_of", "note")
DEFAULT_RATE = "eta"


def read_training(root: Table) -> Training:
    """The learning rate must be given; iterations default to 1."""
    table = root.table("training").allow(*TRAINING_KEYS)
    optimizer = table.get("optimizer", one_of(tuple(OPTIMIZERS)), "sgd")
    return Training(
        rate=table.get("rate", a_name, DEFAULT_RATE),
        learning_rate=table.need("learning_rate", _a_rate, ONE, "learning_rate = 0.1"),
        iterations=table.get("iterations", a_count(0), 1),
        seed=table.get("seed", a_count(0), None),
        batch_size=table.get("batch_size", a_count(1), None),
        optimizer=optimizer,
        dtype=table.get("dtype", one_of(DTYPES), "float64"),
        options=_options(table.table("options"), OPTIMIZERS[optimizer].options),
    )


def _a_rate(value: object) -> Number:
    """A number that is not negative."""
    rate = a_number(value)
    if rate.value < 0:
        raise Unexpected("a learning rate of at least 0: each step goes down the gradient", got=rate.text)
    return rate


def _options(table: Table, known: Mapping[str, str | None]) -> dict[str, Number]:
    """The optimiser's constants, those that are left out by their usual values."""
    given = table.allow(*known).entries(a_number)
    return {key: number(default) for key, default in known.items() if default is not None} | given


def check_batches(root: Table, training: Training, batched: bool) -> None:
    """Note a size of batches where the data has no rows to choose from."""
    if training.batch_size is not None and not batched:
        root.problems.add("training.batch_size", "data with a row for each sample", f"{training.batch_size} of a single sample")


def read_updates(root: Table, shapes: Mapping[str, Shape | None]) -> dict[str, Update]:
    """The named updates; `shapes` are the parameters'. `simultaneous` steps all of them at the old values."""
    found = {"simultaneous": Update("simultaneous", tuple(shapes))}
    for table in root.tables("updates"):
        update = _update(table.allow(*UPDATE_KEYS), shapes)
        if update.name in found:
            table.problems.add(table.label("name"), "a name used once", f"a second '{update.name}'")
        found.setdefault(update.name, update)
    return found


def _update(table: Table, shapes: Mapping[str, Shape | None]) -> Update:
    order = table.get("order", _an_order(shapes), tuple(shapes))
    return Update(
        name=table.need("name", a_name, "document"),
        order=order,
        sequential=table.get("sequential", a_flag, False),
        gradient_of=_swaps(table.table("gradient_of"), order, shapes),
        note=table.get("note", a_text, ""),
    )


def _an_order(shapes: Mapping[str, Shape | None]) -> Reader[tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        names = a_list_of(a_key_of(shapes, "a parameter"))(value)
        twice = [name for index, name in enumerate(names) if name in names[:index]]
        if twice or not names:
            raise Unexpected("each parameter at most once, and at least one", f"'{twice[0]}' twice" if twice else "none")
        return names

    return read


def _swaps(table: Table, order: tuple[str, ...], shapes: Mapping[str, Shape | None]) -> dict[str, str]:
    """`{ b2 = "b1" }`: b2 is stepped with the gradient of b1, which must have its shape."""
    swaps = table.entries(a_key_of(shapes, "a parameter"))
    for name, other in swaps.items():
        with table.problems.at(table.label(name), name):
            if name not in order:
                raise Unexpected("a parameter of this update's order", hint=suggestion(name, order))
            if shapes[name] != shapes[other]:
                raise Unexpected("two parameters of one shape", f"'{name}' and '{other}'")
    return swaps
