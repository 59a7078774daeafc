"""What an operand may begin with: numbers, names, calls, brackets, fractions, roots, absolute values, derivatives.

Input: a parser behind the first token of the operand. Output: its item.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.errors import suggestion
from symprop.language.build import Item
from symprop.language.calls import CLOSING, MODULES, call, is_callable, of_module
from symprop.language.latex import REFUSED
from symprop.language.limits import MAX_READINGS
from symprop.language.names import greek_spelled, known_names
from symprop.language.pratt import LOWEST, PRODUCT, Parser, Prefix
from symprop.language.scripts import (
    CARETS,
    entry_at,
    fraction_of_differentials,
    joined_differentials,
    lower_first,
    quantity_at,
    quotient_of_differentials,
    shortened,
    splits,
    written,
)
from symprop.language.tokens import Token
from symprop.terms import Entry, Number, Partial, Ref

EULER = "e"
AXES = {"rows": 0, "columns": 1}


def number(parser: Parser, token: Token) -> Item:
    """A literal; `2e1` may also be a product where `e1` is a quantity."""
    mantissa, sign, exponent = _around_e(token.text)
    tail = EULER if sign else EULER + exponent
    if exponent and not parser.strict and parser.names.find(tail) is not None:
        readings = (f"{token.text} read as one number", f"{token.text} read as {mantissa}*{tail}{sign}{exponent if sign else ''}")
        if parser.choose(readings):
            return _number_times_name(parser, token, mantissa, sign, exponent)
    return parser.build.number(Fraction(token.text), token.text, token.start, token.end)


def _around_e(text: str) -> tuple[str, str, str]:
    mantissa, _, exponent = text.lower().partition("e")
    sign = exponent[:1] if exponent[:1] in ("+", "-") else ""
    return mantissa, sign, exponent[len(sign) :]


def _number_times_name(parser: Parser, token: Token, mantissa: str, sign: str, exponent: str) -> Item:
    split = token.start + len(mantissa)
    name = Token("word", EULER if sign else EULER + exponent, split, split + 1 if sign else token.end)
    rest = [Token("op", sign, split + 1, split + 2), Token("number", exponent, split + 2, token.end)] if sign else []
    parser.replace(parser.index - 1, 1, [Token("number", mantissa, token.start, split), name, *rest])
    parser.advance()
    return parser.build.number(Fraction(mantissa), mantissa, token.start, split)


def word(parser: Parser, token: Token) -> Item:
    """A quantity, a function's call, a derivative, a constant, or a row of names without signs, in this order."""
    for attempt in (_quantity, _entry, _constant, _call, _derivative, _row_of_names, _undeclared):
        item = attempt(parser, token)
        if item is not None:
            return item
    shown = shortened(written(parser, token))
    calls = parser.peek().key == "("
    hint = suggestion(greek_spelled(shown), known_names(parser.names, functions=calls))
    raise parser.refuse(f"unknown {'function' if calls else 'name'} '{shown}'{hint}", token)


def _quantity(parser: Parser, token: Token) -> Item | None:
    found = quantity_at(parser, token.text, parser.index)
    if lower_first(parser, found[1] if found else parser.index):
        found = quantity_at(parser, token.text, parser.index)
    if found is None:
        return None
    name, index = found
    if token.text in parser.names.functions and parser.peek().key == "(" and not parser.names.rank(name):
        readings = (f"{token.text} before a bracket read as the function", f"{token.text} before a bracket read as a factor")
        if not parser.choose(readings):
            return None
    parser.index = index
    return Item(Ref(name), token.start, parser.tokens[index - 1].end, rank=parser.names.rank(name))


def _entry(parser: Parser, token: Token) -> Item | None:
    """`W_{12}` and `W_{1,2}`, entries of an array W as on paper."""
    found = None if parser.strict else entry_at(parser, token.text, parser.index)
    if found is None:
        return None
    name, indices, parser.index = found
    return Item(Entry(name, indices), token.start, parser.tokens[parser.index - 1].end)


def _call(parser: Parser, token: Token) -> Item | None:
    if token.text in MODULES and parser.peek().key == ".":
        return of_module(parser, token)
    return call(parser, token) if is_callable(parser.names, token.text) and parser.peek().kind != "sub" else None


def _derivative(parser: Parser, token: Token) -> Item | None:
    joined = joined_differentials(parser, token.text)
    if joined is not None:
        return Item(Partial(*joined), token.start, token.end, rank=parser.names.rank(joined[1]))
    return _partial(parser, token, quotient_of_differentials(parser, parser.index - 1))


def _partial(parser: Parser, token: Token, found: tuple[str, str, int] | None) -> Item | None:
    if found is None:
        return None
    of, wrt, parser.index = found
    return Item(Partial(of, wrt), token.start, parser.tokens[parser.index - 1].end, rank=parser.names.rank(wrt))


def _constant(parser: Parser, token: Token) -> Item | None:
    if parser.peek().kind == "sub" or parser.peek().key == "'":
        return None
    if token.text == EULER:
        one = Number(Fraction(1), "1")
        made = parser.build.apply("exp", (Item(one, token.start, token.end),), token.start, token.end)
        return Item(made.term, made.start, made.end, height=2, form="e")
    return parser.build.apply("pi", (), token.start, token.end) if token.text in ("pi", "π") else None


def _row_of_names(parser: Parser, token: Token) -> Item | None:
    """`w2s2` where w2 and s2 are quantities: from here on the tokens are w2 and s2."""
    if parser.strict:
        return None

    def is_last(piece: str) -> bool:
        constant = piece in ("pi", "π") or piece == EULER and parser.peek().key in CARETS
        return quantity_at(parser, piece, parser.index) is not None or constant and parser.peek().kind != "sub"

    ways = splits(token.text, lambda piece: parser.names.find(piece) is not None or piece == "π", is_last)
    if not ways:
        return None
    if len(ways) > MAX_READINGS:
        raise parser.refuse(f"'{token.text}' can be split into names in too many ways; write '*' between them", token)
    taken = parser.choose([f"{token.text} read as {'*'.join(way)}" for way in ways]) if len(ways) > 1 else 0
    pieces: list[Token] = []
    start = token.start
    for piece in ways[taken]:
        pieces.append(Token("word", piece, start, start + len(piece)))
        start += len(piece)
    parser.replace(parser.index - 1, 1, pieces)
    return parser.operand()


def _undeclared(parser: Parser, token: Token) -> Item | None:
    if not parser.names.open or parser.peek().key == "(" and parser.peek().start == token.end:
        return None
    name = written(parser, token)
    parser.index += parser.peek().kind == "sub"
    return Item(Ref(name), token.start, parser.tokens[parser.index - 1].end)


def group(parser: Parser, token: Token) -> Item:
    """A bracket; square and curly ones are LaTeX's way to write round ones."""
    if token.text == "[" and parser.strict:
        raise parser.refuse("only a declared array has entries; use round brackets", token)
    item, end = parser.bracketed(token, CLOSING[token.text], lambda: parser.expression(LOWEST))
    return item.closed(token.start, end)


def absolute(parser: Parser, token: Token) -> Item:
    """|x|."""
    parser.bars += 1
    item = parser.inside(token, lambda: parser.expression(LOWEST))
    end = parser.close(token, "|")
    parser.bars -= 1
    return parser.build.apply("abs", (item,), token.start, end)


def differential(parser: Parser, token: Token) -> Item:
    """∂E/∂w."""
    item = _partial(parser, token, quotient_of_differentials(parser, parser.index - 1))
    if item is None:
        raise parser.refuse("expected a derivative of a declared quantity by another, such as ∂E/∂w", token)
    return item


def summed(parser: Parser, token: Token) -> Item:
    """The sum of all entries of an array, or over one axis; a scalar's sum would run over an index."""
    axis = AXES.get(parser.advance().text) if parser.peek().kind == "sub" else None
    item = parser.expression(PRODUCT)
    if not item.rank:
        raise parser.refuse(REFUSED["sum"], token)
    return parser.build.reduced("sum", item, axis, False, token.start, item.end)


def macro(parser: Parser, token: Token) -> Item:
    """\\frac{a}{b}, \\sqrt{x}, \\sqrt[n]{x}."""
    if token.text == "frac":
        partial = _partial(parser, token, fraction_of_differentials(parser, parser.index))
        if partial is not None:
            return partial
        above, below = _macro_argument(parser, token), _macro_argument(parser, token)
        return parser.build.quotient(above, below)._replace(start=token.start)
    return _root(parser, token)


def _root(parser: Parser, token: Token) -> Item:
    if parser.peek().key != "[":
        item = _macro_argument(parser, token)
        return parser.build.apply("sqrt", (item,), token.start, item.end)
    opening = parser.advance()
    degree, _ = parser.bracketed(opening, "]", lambda: parser.expression(LOWEST))
    item = _macro_argument(parser, token)
    one = parser.build.number(Fraction(1), "1", token.start, degree.end)
    return parser.build.power(item, parser.build.quotient(one, degree))


def _macro_argument(parser: Parser, token: Token) -> Item:
    """A group, or as in TeX one digit, one letter or one command: \\frac12."""
    head = parser.peek()
    typed = head.text == parser.source.normal[head.start : head.end]
    if head.kind in ("number", "word") and typed and len(head.text) > 1 and token.text == "frac":
        cut = head.start + 1
        rest = head.text[1:]
        kind = "number" if rest[0].isdigit() or rest[0] == "." else "word"
        parser.replace(parser.index, 1, [Token(head.kind, head.text[0], head.start, cut), Token(kind, rest, cut, head.end)])
    if head.key != "{":
        return parser.inside(token, parser.operand)
    item, end = parser.bracketed(parser.advance(), "}", lambda: parser.expression(LOWEST))
    return item if item.form == "integer" else item.closed(head.start, end)


OPERANDS: dict[str, Prefix] = {
    "number": number,
    "word": word,
    "macro": macro,
    "(": group,
    "[": group,
    "{": group,
    "\\{": group,
    "|": absolute,
    "∂": differential,
    "∑": summed,
}
