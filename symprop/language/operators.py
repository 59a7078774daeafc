"""What may follow an operand: signs, powers, indices, attributes, and products without a sign.

Input: a parser before the sign, and the item on its left. Output: the item of both.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.errors import suggestion
from symprop.language.build import Builder, Item
from symprop.language.calls import method
from symprop.language.operands import OPERANDS
from symprop.language.pratt import (
    IMPLIED,
    LOWEST,
    POSTFIX,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    CountsFromZero,
    Grammar,
    Infix,
    Mark,
    Parser,
)
from symprop.language.scripts import MARKED, raised
from symprop.language.tokens import Token
from symprop.terms import Entry, Partial, Ref
from symprop.terms.typography import entry_text


def add(parser: Parser, left: Item) -> Item:
    """a + b."""
    parser.advance()
    return parser.build.total(left, parser.expression(PRODUCT))


def subtract(parser: Parser, left: Item) -> Item:
    """a - b, the sum of a and -b."""
    sign = parser.advance()
    return parser.build.total(left, parser.build.subtracted(parser.expression(PRODUCT), sign.start))


def _plain(make: Callable[[Builder, Item, Item], Item]) -> Infix:
    def infix(parser: Parser, left: Item) -> Item:
        parser.advance()
        return make(parser.build, left, parser.expression(UNARY))

    return infix


def dot(parser: Parser, left: Item) -> Item:
    """a·b and a×b; between two arrays it may mean either product."""
    sign = parser.advance()
    right = parser.expression(UNARY)
    if not (left.rank and right.rank):
        return parser.build.product(left, right)
    whole = parser.source.typed(left.start, right.end)
    readings = (f"{sign.text} in {whole} read as the matrix product", f"{sign.text} in {whole} read entry by entry")
    make = (parser.build.applied, parser.build.product)[parser.choose(readings)]
    return make(left, right)


def implied(parser: Parser, left: Item) -> Item:
    """A product without a sign; between two arrays it is the matrix product. A spec's line must not end where a sign is missing."""
    if parser.strict and "\n" in parser.source.normal[left.end : parser.peek().start]:
        raise parser.refuse("a sign is missing between the lines", parser.peek())
    right = parser.expression(UNARY)
    make = parser.build.applied if left.rank and right.rank else parser.build.product
    return make(left, right)


def divide(parser: Parser, left: Item) -> Item:
    """a / b; in `a/bc` the denominator may be b or the product bc."""
    parser.advance()
    if parser.strict:
        return parser.build.quotient(left, parser.expression(UNARY))
    mark = parser.mark()
    short = parser.expression(UNARY)
    if not parser.begins_operand():
        return parser.build.quotient(left, short)
    long = _looked_ahead(parser, mark)
    typed = parser.source.typed
    above, below, rest = typed(left.start, left.end), typed(short.start, short.end), typed(short.end, long.end)
    whole = typed(left.start, long.end)
    readings = (f"{whole} read as ({above}/{below})*{rest}", f"{whole} read as {above}/({typed(long.start, long.end)})")
    return parser.build.quotient(left, parser.expression((UNARY, IMPLIED)[parser.choose(readings)]))


def raise_to(parser: Parser, left: Item) -> Item:
    """a**b, a^b, a^{b}; `^T` on an array is its transpose; in `e^-x y` the exponent may go on."""
    caret = parser.index
    parser.advance()
    transposed = _transpose(parser, left)
    if transposed is not None:
        return transposed
    _refuse_marked(parser, left, caret)
    head = parser.peek()
    if parser.strict or head.key != "-" and left.form != "e" or head.key in ("(", "{"):
        return parser.build.power(left, parser.expression(POWER))
    return parser.build.power(left, _exponent(parser, left))


def _exponent(parser: Parser, left: Item) -> Item:
    mark = parser.mark()
    short = parser.expression(POWER)
    if not parser.begins_operand():
        return short
    long = _looked_ahead(parser, mark)
    typed = parser.source.typed
    whole, base = typed(left.start, long.end), typed(left.start, left.end)
    exponent, rest = typed(short.start, short.end), typed(short.end, long.end)
    readings = (f"{whole} read as {base}^({exponent})*{rest}", f"{whole} read as {base}^({typed(long.start, long.end)})")
    return parser.expression((POWER, IMPLIED)[parser.choose(readings)])


def _looked_ahead(parser: Parser, mark: Mark) -> Item:
    """The product without signs that begins at the mark; the parser is back there afterwards."""
    parser.back(mark)
    long = parser.expression(IMPLIED)
    parser.back(mark)
    return long


def _transpose(parser: Parser, left: Item) -> Item | None:
    """The transpose, where `T`, `{T}` or `\\top` follows the caret and the base is an array (or nothing is known of it)."""
    text, behind = raised(parser, parser.index - 1)
    head = parser.peek()
    known = parser.names.find("T") is not None
    if not (left.rank or not known and parser.names.open or "⊤" in (text, head.key)):
        return None
    if text in ("T", "⊤"):
        parser.index = behind
    elif head.key == "⊤" or head.kind == "word" and head.text == "T":
        parser.advance()
    elif left.rank and head.kind == "word" and head.text[0] == "T" and parser.names.find(head.text) is None:
        cut = head.start + 1
        parser.replace(parser.index, 1, [Token("word", "T", head.start, cut), Token("word", head.text[1:], cut, head.end)])
        parser.advance()
    else:
        return None
    return parser.build.transposed(left, parser.tokens[parser.index - 1].end)


def _refuse_marked(parser: Parser, left: Item, caret: int) -> None:
    """A superscript such as (1) or + is part of a name; where no such name is declared it is not a power either."""
    text, behind = raised(parser, caret)
    if not isinstance(left.term, (Ref, Entry)) or parser.tokens[caret - 1].kind not in ("word", "sub"):
        return
    if MARKED.fullmatch(text):
        shown = parser.source.typed(left.start, parser.tokens[behind - 1].end)
        hint = suggestion(f"{left.term.name}{text}", parser.names.declared)
        message = f"unknown name '{shown}': a superscript {text} is part of a name, not a power{hint}"
        raise parser.refuse(message, parser.tokens[caret])


def entry(parser: Parser, left: Item) -> Item:
    """W[1,2], 1-based as on paper unless the names count from 0; dE/dW[1,2] is the derivative by that entry."""
    opening = parser.advance()
    if not isinstance(left.term, (Ref, Partial)):
        raise parser.refuse("only a named array has entries, such as W[1,1]", opening)
    array = left.term.wrt if isinstance(left.term, Partial) else left.term.name
    indices = [_position(parser)]
    while parser.peek().key == ",":
        parser.advance()
        indices.append(_position(parser))
    end = parser.close(opening, "]")
    if len(indices) != left.rank:
        example = f"{array}[{','.join('1' * left.rank)}]"
        raise parser.refuse(f"expected {left.rank} indices, got {len(indices)}; write e.g. {example}", opening)
    if isinstance(left.term, Partial):
        return Item(Partial(left.term.of, entry_text(array, tuple(indices))), left.start, end)
    return Item(Entry(array, tuple(indices)), left.start, end)


def _position(parser: Parser) -> int:
    token = parser.advance()
    if token.kind != "number" or not token.text.isdigit() or len(token.text) > 6:
        raise parser.refuse("an index is a whole number; the first entry has 1", token)
    if int(token.text) < parser.names.origin:
        problem = parser.refuse("an index is a whole number; the first entry has 1", token)
        raise CountsFromZero(problem.message, problem.text, problem.position)
    return int(token.text) - parser.names.origin


SIGNS: dict[str, tuple[int, Infix]] = {
    "+": (SUM, add),
    "-": (SUM, subtract),
    "*": (PRODUCT, _plain(Builder.product)),
    "⊙": (PRODUCT, _plain(Builder.product)),
    "@": (PRODUCT, _plain(Builder.matrix_product)),
    "·": (PRODUCT, dot),
    "×": (PRODUCT, dot),
    "/": (PRODUCT, divide),
    "^": (POWER, raise_to),
    "**": (POWER, raise_to),
    ".": (POSTFIX, method),
    "[": (POSTFIX, entry),
}
UNEXPECTED: dict[str, str] = {
    ")": "')' without its '('",
    "]": "']' without its '['",
    "}": "'}' without its '{'",
    "=": "an '=' inside an expression",
    ":=": "an assignment inside an expression",
    "←": "an assignment inside an expression",
    "'": "texts in quotes are not part of the language, and only a function has a prime",
    "sub": "a subscript that belongs to no declared name",
}
GRAMMAR = Grammar(OPERANDS, SIGNS, implied, UNEXPECTED)
assert LOWEST < SUM < PRODUCT < IMPLIED < UNARY < POWER < POSTFIX
