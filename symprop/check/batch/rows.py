"""The answers of a class, from CSV, JSON or TOML.

Input: a file with student, quantity and answer in each row. Output: `Row`s in the file's order; a row that lacks something
says so in `problem` and never stops the others.
"""

from __future__ import annotations

import json
import re
import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from symprop.check.batch.spreadsheet import PROBLEM, records
from symprop.check.verdict import Beside
from symprop.errors import InputError, suggestion

FIELDS = ("student", "quantity", "answer")
ROW_LIMIT = 5_000_000
MOST_POINTS = 1_000_000  # of one answer: sums stay numbers
_NUMBER = re.compile(r"[-+\u2212]?\s*(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer; `as_` is empty where the form is to be worked out, `problem` says why a row cannot be marked.

    `sheet` is the id on a sheet with numbers of its own, empty on the document's own sheet. `beside` are the other numbers of the
    same student, where the answer is one.
    """

    index: int
    student: str
    quantity: str
    answer: str
    as_: str = ""
    points: float = 1.0
    problem: str = ""
    sheet: str = ""
    beside: tuple[Beside, ...] = ()


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a .csv, .json or .toml file, one at a time; the file is read twice, to find the numbers of each student.

    Raises InputError for a file that cannot be read, has another ending, or whose table lacks a column.
    """
    numbers: dict[tuple[str, str], list[tuple[int, Beside]]] = {}
    for row in _rows(path):
        if _NUMBER.fullmatch(row.answer):
            numbers.setdefault((row.student, row.sheet), []).append((row.index, Beside(row.quantity, row.as_, row.answer)))
    for row in _rows(path):
        own = numbers.get((row.student, row.sheet), []) if _NUMBER.fullmatch(row.answer) else []
        yield replace(row, beside=tuple(each for index, each in own if index != row.index)) if len(own) > 1 else row


def _rows(path: Path) -> Iterator[Row]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: '{path.suffix}' is no table of answers{suggestion(path.suffix, _READERS)}")
    try:
        with path.open(encoding=_encoding(path), newline="") as stream:
            for index, record in enumerate(islice(reader(stream, path), ROW_LIMIT)):
                yield _row(index, record)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text ({error.reason}); save it as UTF-8") from error


def _encoding(path: Path) -> str:
    """UTF-8, or what the first bytes say: spreadsheets write Unicode text as UTF-16."""
    with path.open("rb") as stream:
        head = stream.read(2)
    return "utf-16" if head in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"


def _csv(stream: TextIO, path: Path) -> Iterator[Mapping[str, object]]:
    yield from records(stream, path, FIELDS)


def _json(stream: TextIO, path: Path) -> Iterator[Mapping[str, object]]:
    text = stream.read()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits is a ValueError
        raise InputError(f"{path}: is no JSON ({error})") from error
    return _records(content, path)


def _toml(stream: TextIO, path: Path) -> Iterator[Mapping[str, object]]:
    text = stream.read()
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no TOML ({error})") from error
    return _records(content, path)


def _records(content: object, path: Path) -> Iterator[Mapping[str, object]]:
    """A list of records, or one under `answers`; a record that is no table becomes a row with a problem."""
    listed = content.get("answers") if isinstance(content, Mapping) else content
    if not isinstance(listed, list):
        raise InputError(f"{path}: expected a list of answers, or one under 'answers', got {type(listed).__name__}")
    for record in listed:
        yield record if isinstance(record, Mapping) else {}


_READERS: dict[str, Callable[[TextIO, Path], Iterator[Mapping[str, object]]]] = {".csv": _csv, ".json": _json, ".toml": _toml}


def _row(index: int, record: Mapping[str, object]) -> Row:
    texts = {name: _text(record.get(name)) for name in (*FIELDS, "as", "sheet")}
    missing = [name for name in ("student", "quantity") if not texts[name]]
    points, problem = _points(record.get("points"))
    if missing:
        problem = f"the row has no {' and no '.join(missing)}"
    problem = str(record.get(PROBLEM) or problem)
    return Row(index, texts["student"], texts["quantity"], texts["answer"], texts["as"], points, problem, texts["sheet"])


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode(errors="replace").decode()  # half a surrogate pair, which JSON can hold and no file can


def _points(value: object) -> tuple[float, str]:
    if value in (None, ""):
        return 1.0, ""
    try:
        points = float(str(value))
    except ValueError:
        points = -1.0
    if 0 <= points <= MOST_POINTS:
        return points, ""
    return 1.0, f"points: expected a number from 0 to {MOST_POINTS}, got '{value}'"
