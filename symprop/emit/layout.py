"""Lines of code as they are set: long ones wrapped inside brackets, comments in one column.

Input: statements as text. Output: physical lines, none longer than `WIDTH` once its block is indented.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise

WIDTH = 120
UNBROKEN = "\0"  # stands for a space inside an item while lines are broken
NOTHING = "\v"  # stands where a line may be broken that has no space there
FACTOR = re.compile(r"(?<=[\w)\]])(?=[*/][^*/ ])")  # where a line may begin with *x or /x
COMMENT_COLUMN = 60
OPERATORS = frozenset("+-*/%@<>?:") | {"**", "//", "<=", ">=", "==", "if", "else", "and", "or", "for", "in"}
Lines = tuple[str, ...]


def assignment(left: str, right: str, indent: int = 4) -> Lines:
    """`left = right`, the right side in brackets over several lines where one line is too short."""
    return wrapped(f"{left} = ", right, indent)


def wrapped(head: str, text: str, indent: int = 4) -> Lines:
    """`head` and `text` on one line, or the text in brackets, a list in its own, broken between its outermost terms, indented
    by four more."""
    if indent + len(head) + len(text) <= WIDTH:
        return (head + text,)
    inner, brackets = (text[1:-1], "[]") if _is_list(text) else (text, "()")
    return _restored(_broken(head, _held_together(inner, WIDTH - indent - 4), brackets, indent))


def _is_list(text: str) -> bool:
    """Whether the first bracket is a list's and closes at the text's end."""
    depths = accumulate((letter in "([{") - (letter in ")]}") for letter in text)
    return text.startswith("[") and all(depth > 0 for depth, _ in zip(depths, text[:-1], strict=False))


def remark(sign: str, text: str, indent: int) -> Lines:
    """A comment behind `sign`, the lines below the first indented by four more."""
    room = WIDTH - indent - len(sign) - 1
    lines = textwrap.wrap(text, room, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return tuple(f"{sign} {line}" for line in lines)


def _broken(head: str, text: str, brackets: str, indent: int) -> Lines:
    return (head + brackets[0], *(f"    {line}" for line in _filled(text, WIDTH - indent - 4)), brackets[1])


def _filled(text: str, width: int) -> list[str]:
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)
    return list(chain.from_iterable(map(wrapper.wrap, text.split("\n"))))


def _restored(lines: Lines) -> Lines:
    return tuple(line.replace(UNBROKEN, " ").replace(NOTHING, "") for line in lines)


def _held_together(text: str, room: int) -> str:
    """The text with spaces only where it may be broken: between its terms, and inside one that is longer than a line."""
    cut, parts = _cut(text) if len(text) > room else ("", [text])
    if len(parts) == 1:
        return text.replace(" ", UNBROKEN)
    held = [("\n" if len(part) > room else cut) + _held_together(part, room) for part in parts]
    return "".join(held)[1:]


def _cut(text: str) -> tuple[str, list[str]]:
    """The text cut at the spaces, else before the factors, that lie in the fewest brackets; an operator stays with its operand."""
    words = re.split(f"([ {NOTHING}])", FACTOR.sub(NOTHING, text))
    depths = list(accumulate(sum(map(word.count, "([{")) - sum(map(word.count, ")]}")) for word in words))
    places = (at for at in range(1, len(words), 2) if words[at - 1] not in OPERATORS and words[at + 1] != "in")
    ranks = {at: (depths[at], words[at]) for at in places}
    depth, cut = min(ranks.values(), key=lambda rank: (rank[0], rank[1] == NOTHING), default=(0, " "))
    ends = [-1, *(at for at in ranks if ranks[at] == (depth, cut)), len(words)]
    return cut, ["".join(words[start + 1 : end]).replace(NOTHING, "") for start, end in pairwise(ends)]


def filled(head: str, items: Iterable[str], brackets: str, indent: int = 4) -> Lines:
    """`head[item, item, ...]` on one line, or with as many items a line as fit; an item is never broken.

    Round brackets make a tuple, also around one item.
    """
    parts = [item.replace(" ", UNBROKEN) for item in items]
    text = f"{parts[0]}," if brackets == "()" and len(parts) == 1 else ", ".join(parts)
    if indent + len(head) + len(text) + 2 > WIDTH:
        return _restored(_broken(head, f"{text.removesuffix(',')},", brackets, indent))
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
