"""How names look on the page where the usual reading of an identifier is not the author's.

Input: `[symbols]`. Output: a `Typography` for each name listed there.
"""

from __future__ import annotations

from symprop.spec.problems import Unexpected
from symprop.spec.tables import Table, a_table, a_text, one_of
from symprop.terms import Typography
from symprop.terms.typography import ACCENTS


def read_symbols(root: Table) -> dict[str, Typography]:
    """`net_h1 = { base = "net", subscript = "h1" }`; only `base` must be given."""
    table = root.table("symbols")
    return {name: _symbol(Table(content, table.label(name), root.problems)) for name, content in table.entries(a_table).items()}


def _a_base(value: object) -> str:
    if type(value) is not str or not (value.isascii() and value.isalpha()):
        raise Unexpected("a letter or a word of letters")
    return value


def _symbol(table: Table) -> Typography:
    table.allow("base", "subscript", "superscript", "accent")
    return Typography(
        base=table.need("base", _a_base, ""),
        subscript=table.get("subscript", a_text, ""),
        superscript=table.get("superscript", a_text, ""),
        accent=table.get("accent", one_of(ACCENTS), ""),
    )
