"""The numbers that a document prints.

Input: `[[claims]]`, and the network that they are about. Output: `Claim`s, each printed number digit by digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symprop.errors import suggestion
from symprop.graph import Claim, Finding, Printed, shape_of_value
from symprop.spec.problems import Unexpected
from symprop.spec.tables import Table, a_count, a_flag, a_list_of, a_text, one_of
from symprop.spec.values import a_printed
from symprop.terms import Entry, Shape, ShapeError, Term, ancestors, shape_of
from symprop.terms.typography import entry_of_text

CLAIM_KEYS = ("quantity", "printed", "where", "iterations", "update", "finding")
EXPLAINING = ("update", "iterations", "printed_values")  # a finding names another convention, by which the number comes out
FINDING_KEYS = ("text", *EXPLAINING, "decimals", "extra_digit", "difference")


@dataclass(frozen=True)
class Claimable:
    """What a claim may speak of: shapes by name (None where unknown), right sides, update names, the batch with its length."""

    shapes: Mapping[str, Shape | None]
    terms: Mapping[str, Term]
    updates: tuple[str, ...]
    batch: Mapping[str, int]

    def shape(self, name: str) -> Shape | None:
        """The shape of what `name` stands for, () of an entry `Wh[1,2]`; of a local partial `dout_o1_dnet_o1` it is left open.

        Refuses unknown names, and entries that an array does not have.
        """
        entry = entry_of_text(name)
        whole = self._whole(entry[0] if entry else name)
        if whole is None:
            return None
        lengths = tuple(self.batch.get(length, length) if isinstance(length, str) else length for length in whole)
        try:
            return shape_of(Entry(*entry), {entry[0]: lengths}) if entry else lengths
        except ShapeError as refusal:
            raise Unexpected("an entry that the array has", str(refusal)) from None

    def _whole(self, name: str) -> Shape | None:
        if name in self.shapes:
            return self.shapes[name]
        if name.startswith("d") and any(self._is_partial(name, at) for at in range(1, len(name)) if name.startswith("_d", at)):
            return None
        hint = suggestion(name, self.shapes)
        raise Unexpected("a quantity, gradient, local partial, metric or derived name", f"'{name}'", hint)

    def _is_partial(self, name: str, at: int) -> bool:
        of, wrt = name[1:at], name[at + 2 :]
        return of in self.terms and wrt in self.shapes and wrt in ancestors((of,), self.terms)


def read_claims(root: Table, about: Claimable) -> tuple[Claim, ...]:
    """Every claim; a table under `printed` holds several numbers found in one place."""
    return tuple(claim for table in root.tables("claims") for claim in _claims(table.allow(*CLAIM_KEYS), about))


def _claims(table: Table, about: Claimable) -> Iterator[Claim]:
    where = table.need("where", a_text, "", 'where = "page 3"')
    iterations = table.get("iterations", a_count(0), 0)
    update = table.get("update", one_of(about.updates), "document")
    finding = _finding(table.table("finding"), about) if "finding" in table.content else None
    for quantity, printed in _printed(table, about).items():
        yield Claim(quantity, printed, where, iterations, update, finding)


def _printed(table: Table, about: Claimable) -> dict[str, Printed]:
    content = table.content.get("printed")
    if isinstance(content, Mapping):
        inner = table.table("printed")
        found = inner.entries(a_printed)
        labels = {name: inner.label(name) for name in found}
    else:
        name = table.need("quantity", a_text, "", 'quantity = "w1"')
        printed = table.need("printed", a_printed, None, "printed = 0.3589")
        found = {} if printed is None or not name else {name: printed}
        labels = dict.fromkeys(found, table.label("quantity"))
    for name, printed in found.items():
        with table.problems.at(labels[name], name):
            _check_shape(printed, name, about)
    return found


def _check_shape(printed: Printed, name: str, about: Claimable) -> None:
    """Refuse a printed array that has not the shape of its quantity; a length that nothing fixes fits any."""
    shape, got = about.shape(name), shape_of_value(printed)
    if shape is None:
        return
    if len(shape) != len(got) or any(have != want for want, have in zip(shape, got, strict=True) if isinstance(want, int)):
        raise Unexpected(_wanted(shape), _wanted(got))


def _wanted(shape: Shape) -> str:
    return f"numbers of shape [{', '.join(map(str, shape))}]" if shape else "a single number"


def _finding(table: Table, about: Claimable) -> Finding:
    table.allow(*FINDING_KEYS)
    if not table.content.keys() & set(EXPLAINING) and not table.problems.settled & {table.path}:
        table.problems.add(table.path, f"what reproduces the printed number: {', '.join(EXPLAINING)}", "none of these")
    values = _printed_values(table.table("printed_values"), about, "difference" in table.content)
    return Finding(
        text=table.need("text", a_text, ""),
        update=table.get("update", one_of(about.updates), None),
        iterations=table.get("iterations", a_count(0), None),
        printed_values=values,
        decimals=table.get("decimals", a_count(0), None),
        extra_digit=table.get("extra_digit", a_flag, False),
        difference=table.get("difference", a_list_of(one_of(tuple(values))), ()),
    )


def _printed_values(table: Table, about: Claimable, subtracted: bool) -> dict[str, str]:
    """Numbers that are subtracted may be entries; those from which the claim is computed stand for a whole quantity."""
    values = table.entries(_a_printed_number)
    for name, printed in values.items():
        with table.problems.at(table.label(name), name):
            _check_shape(printed, name, about)
            if entry_of_text(name) and not subtracted:
                raise Unexpected("a quantity that is a single number", f"'{name}'")
    return values


def _a_printed_number(value: object) -> str:
    printed = a_printed(value)
    if not isinstance(printed, str):
        raise Unexpected("a single number")
    return printed
