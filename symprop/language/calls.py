"""Calls: functions of the table, their slopes, reductions and NumPy's names for signs.

Input: a parser behind a function's name. Output: the item of the call.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symprop.errors import suggestion
from symprop.language.build import Builder, Item
from symprop.language.names import Names, known_names
from symprop.language.pratt import IMPLIED, LOWEST, POWER, PRODUCT, Parser
from symprop.language.scripts import CARETS
from symprop.language.source import normalise
from symprop.language.tokens import Token, tokens_of
from symprop.terms import substitute
from symprop.words import counted

MODULES = ("np", "numpy", "math")
REDUCTIONS = ("sum", "mean")
ANY_NUMBER = -1  # the arity of a function of one argument or more
CLOSING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}"}
OPERATIONS: dict[str, Callable[[Builder, Item, Item], Item]] = {
    "dot": Builder.matrix_product,
    "matmul": Builder.matrix_product,
    "multiply": Builder.product,
    "power": Builder.power,
    "pow": Builder.power,
}


def is_callable(names: Names, word: str) -> bool:
    """Whether a word can be called."""
    return names.function(word) is not None or word in (*REDUCTIONS, *OPERATIONS, "square", "transpose")


def call(parser: Parser, token: Token) -> Item:
    """The call whose name is `token`, the parser standing behind it."""
    word = token.text
    if parser.names.function(word) is not None:
        return _function(parser, token)
    if word in REDUCTIONS:
        return _reduction(parser, token, None)
    if word in OPERATIONS:
        left, right = _arguments(parser, token, 2)
        return OPERATIONS[word](parser.build, left, right)
    (only,) = _arguments(parser, token, 1)
    return _square(parser, only) if word == "square" else parser.build.transposed(only, _end(parser))


def method(parser: Parser, left: Item) -> Item:
    """`.T`, `.transpose()`, `.dot(b)`, `.sum(axis=0)` and `.mean()`; any other attribute is refused."""
    dot, token = parser.advance(), parser.advance()
    if token.kind == "word" and token.text == "T":
        return parser.build.transposed(left, token.end)
    if token.text == "transpose" and [parser.peek(ahead).key for ahead in range(2)] == ["(", ")"]:
        parser.index += 2
        return parser.build.transposed(left, _end(parser))
    if token.kind == "word" and token.text == "dot" and parser.peek().key == "(":
        (right,) = _arguments(parser, token, 1)
        return parser.build.matrix_product(left, right)
    if token.kind == "word" and token.text in REDUCTIONS and parser.peek().key == "(":
        return _reduction(parser, token, left)
    raise parser.refuse("attributes are not part of the language (only .T, .transpose(), .dot, .sum and .mean)", dot)


def of_module(parser: Parser, token: Token) -> Item:
    """`np.exp(x)`: the parser stands before the dot."""
    parser.advance()
    name = parser.advance()
    if name.kind == "word" and name.text == "pi":
        return parser.build.apply("pi", (), token.start, name.end)
    if name.kind != "word" or not is_callable(parser.names, name.text):
        hint = suggestion(name.text, known_names(parser.names, functions=True))
        raise parser.refuse(f"'{token.text}.{name.text}' is not part of the language{hint}", name)
    return call(parser, name)


def _function(parser: Parser, token: Token) -> Item:
    name = parser.names.function(token.text) or token.text
    primed = _prime(parser)
    power = _power_of_name(parser)
    items = _arguments(parser, token, parser.names.functions[name])
    made = parser.build.apply(name, tuple(items), token.start, _end(parser))
    value = _slope(parser, name, items[0], made, token) if primed else made
    return value if power is None else parser.build.power(value, power)


def _prime(parser: Parser) -> bool:
    """Step over `'`, `^'` or `^{\\prime}` behind a function's name."""
    keys = [parser.peek(ahead).key for ahead in range(4)]
    patterns = (["'"], ["^", "'"], ["^", "{", "'", "}"])
    count = next((len(pattern) for pattern in patterns if keys[: len(pattern)] == pattern), 0)
    parser.index += count
    if count and parser.peek().key == "'":
        raise parser.refuse("second derivatives are not read", parser.peek())
    return count > 0


def _power_of_name(parser: Parser) -> Item | None:
    """The 2 of `tanh^2(x)`, which is (tanh(x))^2."""
    if parser.peek().key not in CARETS:
        return None
    parser.advance()
    exponent = parser.expression(POWER)
    if exponent.value is None or exponent.value.denominator > 1 or exponent.value < 1:
        raise parser.source.refuse("only a positive whole exponent may stand at a function's name; write f(x)^n", exponent.start)
    return exponent


def _slope(parser: Parser, name: str, argument: Item, output: Item, token: Token) -> Item:
    """f'(x): the slope of the table, with z the argument and a the function's output."""
    text = parser.names.slopes.get(name)
    if text is None:
        raise parser.refuse(f"the slope of '{name}' has no short form; write it out", token)
    source = normalise(text)
    row = Parser(source, tokens_of(source), Names.of("z", "a"), parser.grammar).formula()
    slope = substitute(row.term, {"z": argument.term, "a": output.term})
    return parser.build.wrapped(slope, (output,), argument.rank, token.start, output.end, levels=row.height)


def _arguments(parser: Parser, token: Token, count: int) -> list[Item]:
    """The arguments of a call, in brackets; a single one may stand without them: `\\ln x`."""
    if parser.peek().key not in CLOSING:
        return [_bare(parser, token)] if count == 1 else _refuse_count(parser, token, count, 0)
    items: list[Item] = []

    def read() -> Item:
        items.append(parser.expression(LOWEST))
        while parser.peek().key == "," and count != 1:
            parser.advance()
            items.append(parser.expression(LOWEST))
        return items[0]

    opening = parser.advance()
    parser.bracketed(opening, CLOSING[opening.text], read)
    return items if len(items) == count or count == ANY_NUMBER else _refuse_count(parser, token, count, len(items))


def _refuse_count(parser: Parser, token: Token, count: int, got: int) -> list[Item]:
    expected = "one or more arguments" if count == ANY_NUMBER else counted(count, "argument")
    raise parser.refuse(f"'{token.text}' takes {expected} in brackets, got {got}", token)


def _bare(parser: Parser, token: Token) -> Item:
    """The argument of `\\ln x`; `\\ln x y` and `\\ln x/y` can be read two ways."""
    if parser.strict or not (parser.begins_operand() or parser.peek().kind == "number"):
        raise parser.refuse(f"expected '(' after '{token.text}'", parser.peek())
    mark = parser.mark()
    short = parser.inside(token, lambda: parser.expression(POWER))
    power = IMPLIED if parser.begins_operand() else PRODUCT if parser.peek().key == "/" else None
    if power is None:
        return short
    parser.back(mark)
    long = parser.expression(power)
    parser.back(mark)
    whole = parser.source.typed(token.start, long.end)
    first, rest = parser.source.typed(short.start, short.end), parser.source.typed(short.end, long.end)
    name = parser.source.typed(token.start, token.end)
    readings = (f"{whole} read as ({name} {first}){rest}", f"{whole} read as {name}({parser.source.typed(long.start, long.end)})")
    return parser.expression((POWER, power)[parser.choose(readings)])


def _reduction(parser: Parser, token: Token, left: Item | None) -> Item:
    """`sum(x, axis=0, keepdims=True)`, or the method with its array on the left."""
    opening = parser.peek()
    if opening.key != "(":
        raise parser.refuse(f"expected '(' after '{token.text}'", opening)
    parser.advance()
    options: dict[str, int] = {}

    def read() -> Item:
        item = left or parser.expression(LOWEST)
        if left is None and parser.peek().key == ",":
            parser.advance()
        while parser.peek().key != ")":
            _option(parser, options)
        return item

    item, end = parser.bracketed(opening, ")", read)
    return parser.build.reduced(token.text, item, options.get("axis"), bool(options.get("keepdims")), token.start, end)


def _option(parser: Parser, options: dict[str, int]) -> None:
    """One of `axis=0` and `keepdims=True`, and the comma behind it."""
    name, equals = parser.advance(), parser.advance()
    sign = parser.advance().text == "-" if parser.peek().key == "-" else False
    value = parser.advance()
    known = {"axis": value.text.isdigit() and len(value.text) < 3, "keepdims": value.text in ("True", "False")}
    if equals.key != "=" or not known.get(name.text) or name.text in options:
        raise parser.refuse("expected axis=0, axis=1 or keepdims=True", name)
    number = int(value.text) if name.text == "axis" else int(value.text == "True")
    options[name.text] = -number if sign else number
    if parser.peek().key == ",":
        parser.advance()


def _square(parser: Parser, item: Item) -> Item:
    return parser.build.power(item, parser.build.number(Fraction(2), "2", item.start, item.end))


def _end(parser: Parser) -> int:
    return parser.tokens[parser.index - 1].end
