"""The key of a worksheet: what stays with the teacher, and lets answers be marked by the sheet's own numbers.

Input: a teacher's worksheet. Output: JSON with the sheet's id, its seed, its given numbers and the value of every line; and back,
the id with a network that holds the key's numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from symprop.errors import InputError
from symprop.graph import Network, Value, shape_of_value
from symprop.render.document import Body, Display, Document, Matrices, all_blocks
from symprop.terms import Number, number
from symprop.terms.shapes import shown
from symprop.worked.fresh import sheet_id, texts, with_numbers

SCHEMA = "symprop.key/1"
WRITTEN = re.compile(r"-?\d{1,400}(\.\d{0,400})?(e[+-]?\d{1,3})?")  # a longer exponent would fill the memory


def key_of(document: Document, given: Mapping[str, Value], network: Network, sheet: str, seed: int | None) -> bytes:
    """The key of a worksheet in its teacher's edition, `given` the numbers that it starts from."""
    lines = [_line(block) for block in all_blocks(document.blocks) if isinstance(block, Display)]
    numbers = {name: texts(given[name]) for name in (*network.data, *network.initial)}
    content = {"schema": SCHEMA, "sheet": sheet, "network": network.id, "seed": seed, "given": numbers, "lines": lines}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _line(display: Display) -> dict[str, object]:
    last = display.members[-1]
    return {"number": display.number, "label": display.label, "relation": last.relation, "value": _value(last.body)}


def _value(body: Body) -> object:
    if isinstance(body, Matrices):
        return [[_value(entry) for entry in row] for row in body.factors[0]]
    assert isinstance(body, Number), "a worked line ends in its value"
    return body.text


@dataclass(frozen=True, slots=True)
class Key:
    """What marking needs of a key: the id that its sheet carries, and the network with the sheet's numbers."""

    sheet: str
    network: Network


def read_key(network: Network, path: Path) -> Key:
    """The key of a sheet of this network.

    Raises InputError for a file that is no key, for another network's, and for one whose numbers are not those of its sheet.
    """
    key = _read(path)
    if key.get("network") != network.id:
        raise InputError(f"{path}: expected a key of '{network.id}', got one of '{key.get('network')}'")
    given = key.get("given")
    expected = {*network.data, *network.initial}
    if not isinstance(given, dict) or not expected <= set(given) or not set(given) <= set(network.graph.quantities):
        raise InputError(f"{path}: expected the numbers of {', '.join(sorted(expected))} under 'given'")
    numbers = {name: _written(value, f"{path}: {name}") for name, value in given.items()}
    for name, value in numbers.items():
        _fitting(network, name, value, path)
    sheet, seed = key.get("sheet"), key.get("seed")
    if not isinstance(seed, int | None) or sheet_id(network, numbers, seed) != sheet:
        raise InputError(f"{path}: its numbers are not those of the sheet {sheet}: the file was changed after it was written")
    return Key(str(sheet), with_numbers(network, numbers))


def _read(path: Path) -> Mapping[str, object]:
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read '{path}': {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path}: expected JSON, got {error}") from error
    if not isinstance(key, dict) or key.get("schema") != SCHEMA:
        raise InputError(f"{path}: expected a key with the schema '{SCHEMA}'")
    return key


def _written(value: object, where: str) -> Value:
    if isinstance(value, list) and value:
        rows = tuple(_written(part, where) for part in value)
        if len({shape_of_value(row) for row in rows}) > 1:
            raise InputError(f"{where}: expected rows of one length")
        return rows
    if not isinstance(value, str) or not WRITTEN.fullmatch(value):
        raise InputError(f"{where}: expected a number as text, such as \"0.25\", got {value!r:.40}")
    return number(value)


def _fitting(network: Network, name: str, value: Value, path: Path) -> None:
    """Raise InputError where a table has not the shape of its quantity."""
    shape, got = network.graph.shape(name), shape_of_value(value)
    if len(got) != len(shape) or any(isinstance(a, int) and a != b for a, b in zip(shape, got, strict=True)):
        raise InputError(f"{path}: {name}: expected numbers of shape {shown(shape)}, got {shown(got)}")
