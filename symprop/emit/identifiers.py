"""The names of the document as identifiers of a target language.

Input: the document's names and the words a module needs for itself. Output: an identifier for each name.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Set

AMBIGUOUS = ("l", "O", "I")  # linters refuse these; the document may use them


def identifiers(names: Iterable[str], reserved: Set[str]) -> dict[str, str]:
    """Each name by itself, with underscores added where a keyword, a reserved word or another name stands in the way.

    `lambda` becomes `lambda_`, the entry `W1[1,2]` becomes `W1_1_2`; the order of the names decides, so the answer is the same in
    every run.
    """
    wanted = list(dict.fromkeys(names))
    taken = set(reserved) | set(keyword.kwlist) | set(wanted)
    chosen: dict[str, str] = {}
    for name in wanted:
        identifier = name if name.isidentifier() else re.sub(r"\W+", "_", name).strip("_")
        if identifier != name or name in reserved or keyword.iskeyword(name):
            while identifier in taken:
                identifier += "_"
            taken.add(identifier)
        chosen[name] = identifier
    return chosen
