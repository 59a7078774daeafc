"""A dictionary over another one: what is found out about one answer lies above what the definitions share, and goes with it.

Input: keys. Output: values; None where a key is missing in both.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class Layer(dict[Any, Any]):
    """Writes go to this dictionary; reads look below when a key is missing."""

    __slots__ = ("below",)

    def __init__(self, below: Layer | None = None) -> None:
        super().__init__()
        self.below = below

    def __missing__(self, key: Hashable) -> Any:
        below = self.below
        while below is not None:
            found = below.get(key)
            if found is not None:
                return found
            below = below.below
        return None
