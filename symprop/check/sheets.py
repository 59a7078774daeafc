"""Sheets with numbers of their own: which numbers an answer is marked by.

Input: a network, the drawn numbers by the id of their sheet, and the id on an answer. Output: the network with the right numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.errors import UsageError, suggestion
from symprop.graph import Network


def network_of_sheet(network: Network, sheets: Mapping[str, Network], sheet: str) -> Network:
    """The document's own numbers without keys; with one key its sheet's, unless the answer names another sheet.

    Raises UsageError for a sheet without a key, and for an answer that leaves open which of several sheets it belongs to.
    """
    if sheet in sheets:
        return sheets[sheet]
    if sheet and not sheets:
        raise UsageError(f"the answer belongs to sheet {sheet}; give that sheet's key with --key")
    if sheet:
        raise UsageError(f"the answer belongs to sheet {sheet}, which is not the key's{suggestion(sheet, sheets)}")
    if len(sheets) > 1:
        raise UsageError(f"expected the id of the sheet, one of {', '.join(sheets)}; the answer names none")
    return next(iter(sheets.values()), network)
