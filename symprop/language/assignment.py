"""The left side of an answer: `w0_new = ...`, `w := ...`, `w \\leftarrow ...`, and chains `a = b = c`.

Input: a text. Output: where its left side ends and its expression begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symprop.language.source import Source

_ARROWS = r":=|←|\\leftarrow(?![A-Za-z])|\\gets(?![A-Za-z])|\\coloneqq(?![A-Za-z])"
_EQUALS = r"(?<![<>!=~+\-*/@%^|:])=(?!=)"
_TOKEN = re.compile(
    rf"(?P<sign>{_ARROWS}|{_EQUALS})|(?P<break>\\\\)|\\.|(?P<open>[(\[{{])|(?P<close>[)\]}}])|.", re.DOTALL
)
_SEPARATED = re.compile(r"[=←\\]")  # nothing else begins a sign or a new line
_AUGMENTED = re.compile(r"(?:\*\*|[-+*/@])=(?!=)")


@dataclass(frozen=True, slots=True)
class Members:
    """The first member of a chain of equations (None without a sign) and the last one."""

    left: Source | None
    right: Source


def members_of(source: Source) -> Members:
    """The first and the last member of a chain, of several lines the last one's end; signs inside brackets (`axis=0`) do not count.

    Raises TextError for `-=` and where nothing follows.
    """
    augmented = _AUGMENTED.search(source.normal)
    if augmented:
        raise source.refuse(f"write the new value out, w = w - ..., instead of '{augmented.group()}'", augmented.start())
    depth, start, left = 0, 0, None
    for match in _TOKEN.finditer(source.normal) if _SEPARATED.search(source.normal) else ():
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        if match.lastgroup in ("sign", "break") and depth == 0:
            if left is None and match.lastgroup == "sign":
                left = _trimmed(source, start, match.start())
            start = match.end()
    right = _trimmed(source, start, len(source.normal))
    if left is not None and not right.normal:
        raise source.refuse("a side of the equation is missing", start)
    return Members(left if left and left.normal else None, right)  # "= 3" says 3


def _trimmed(source: Source, start: int, end: int) -> Source:
    """The part without blanks and alignment marks around it."""
    while start < end and source.normal[start] in " &$":
        start += 1
    while start < end and source.normal[end - 1] in " &$":
        end -= 1
    return source.part(start, end)
