"""Lines of code as they are set: long ones wrapped inside brackets, comments in one column.

Input: statements as text. Output: physical lines, none longer than `WIDTH` once its block is indented.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 120
UNBROKEN = "\0"  # stands for a space inside an item while lines are broken
COMMENT_COLUMN = 60
OPERATORS = frozenset("+-*/%@<>?:") | {"**", "//", "<=", ">=", "==", "if", "else", "and", "or", "for", "in"}
Lines = tuple[str, ...]


def assignment(left: str, right: str, indent: int = 4) -> Lines:
    """`left = right`, the right side in brackets over several lines where one line is too short."""
    return wrapped(f"{left} = ", right, "()", indent)


def wrapped(head: str, text: str, brackets: str, indent: int = 4) -> Lines:
    """`head` and `text` on one line, or the text inside `brackets`, broken between its outermost terms, indented by four more."""
    if indent + len(head) + len(text) <= WIDTH:
        return (head + text,)
    room = WIDTH - indent - 4
    whole = (term.replace(" ", UNBROKEN) if len(term) <= room else term for term in _terms(text))
    return tuple(line.replace(UNBROKEN, " ") for line in _broken(head, " ".join(whole), brackets, indent))


def _broken(head: str, text: str, brackets: str, indent: int) -> Lines:
    inner = textwrap.wrap(text, WIDTH - indent - 4, break_long_words=False, break_on_hyphens=False)
    return (head + brackets[0], *(f"    {line}" for line in inner), brackets[1])


def _terms(text: str) -> list[str]:
    """The text cut at the spaces outside its brackets; an operator stays before its operand."""
    terms, depth = [""], 0
    for word in text.split(" "):
        if terms[-1] and depth == 0 and terms[-1] not in OPERATORS:
            terms.append("")
        terms[-1] += f" {word}" if terms[-1] else word
        depth += sum(map(word.count, "([{")) - sum(map(word.count, ")]}"))
    return terms


def filled(head: str, items: Iterable[str], brackets: str, indent: int = 4) -> Lines:
    """`head[item, item, ...]` on one line, or with as many items a line as fit; an item is never broken.

    Round brackets make a tuple, also around one item.
    """
    parts = [item.replace(" ", UNBROKEN) for item in items]
    text = f"{parts[0]}," if brackets == "()" and len(parts) == 1 else ", ".join(parts)
    if indent + len(head) + len(text) + 2 > WIDTH:
        return tuple(line.replace(UNBROKEN, " ") for line in _broken(head, f"{text.removesuffix(',')},", brackets, indent))
    return (f"{head}{brackets[0]}{text}{brackets[1]}".replace(UNBROKEN, " "),)


def stacked(head: str, items: Sequence[str], brackets: str, indent: int = 4) -> Lines:
    """`head[item, item, ...]` on one line, or every item on lines of its own."""
    whole = filled(head, items, brackets, indent)
    if len(whole) == 1:
        return whole
    return (head + brackets[0], *(f"    {line}" for item in items for line in _item(item, indent + 4)), brackets[1])


def _item(text: str, indent: int) -> list[str]:
    return textwrap.wrap(f"{text},", WIDTH - indent, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def unpacked(names: Sequence[str], values: Sequence[str], indent: int = 4) -> Lines:
    """`a, b = x, y`; nothing for no names."""
    if not names:
        return ()
    left, right = ", ".join(names), ", ".join(values)
    if indent + len(left) + len(right) + 3 <= WIDTH:
        return (f"{left} = {right}",)
    return (*filled("", names, "()", indent)[:-1], *filled(f"{filled('', names, '()', indent)[-1]} = ", values, "()", indent))


def targets(names: Sequence[str], right: str, indent: int = 4) -> Lines:
    """`a, b = right`, the names in brackets over several lines where one line is too short; one name has brackets."""
    left = ", ".join(names)
    if len(names) > 1 and indent + len(left) + 3 + len(right) <= WIDTH:
        return (f"{left} = {right}",)
    lines = filled("", names, "()", indent + 3 + len(right))
    return (*lines[:-1], f"{lines[-1]} = {right}")


def commented(statements: Sequence[tuple[Lines, str]], indent: int = 4) -> Lines:
    """Statements with their comments in one column, as near as the lines allow; a comment that does not fit is left above."""
    widths = [len(lines[-1]) for lines, comment in statements if comment and len(lines[-1]) <= COMMENT_COLUMN]
    column = max(widths, default=0) + 2
    return tuple(line for lines, comment in statements for line in _commented(lines, comment, column, indent))


def _commented(lines: Lines, comment: str, column: int, indent: int) -> Lines:
    if not comment:
        return lines
    last = f"{lines[-1]:<{column - 2}}  # {comment}"
    return (*lines[:-1], last) if indent + len(last) <= WIDTH else (f"# {comment}", *lines)
