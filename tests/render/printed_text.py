"""A second reader of what a worksheet prints: LaTeX in, numbers out, by mpmath; it shares no code with symprop.

`equations` takes an article apart into heads and members; `Reader` computes a member's text, with numbers or with names whose
values were printed elsewhere; `rounds_to` says whether a number, rounded half up, is a printed one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from mpmath import exp, fabs, floor, log, mp, mpf, sqrt, tanh

mp.dps = 50
Value = Any  # an mpf, or an object array of them

EQUATION = re.compile(r"\\begin\{equation\}\\label\{(.*?)\}\n(.*?)\n\\end\{equation\}((?:\n\\\[.*?\\\])*)", re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?: ?\\cdot 10\^\{?-?\d+\}?)?")


@dataclass(frozen=True)
class Equation:
    """A displayed chain as text: the head, then (relation, member) pairs."""

    label: str
    head: str
    members: tuple[tuple[str, str], ...]


def equations(article: str) -> list[Equation]:
    """Every numbered equation of an article, its rows joined."""
    return [_equation(*found.groups()) for found in EQUATION.finditer(article)]


def _equation(label: str, body: str, more: str) -> Equation:
    chunks = re.findall(r"\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}", body + more, re.DOTALL)
    rows = [row for chunk in chunks for row in chunk.replace("{,}", ".").split(" \\\\\n")]
    text = " ".join(re.sub(r"&(?==|\\approx|\\quad)(?:\\quad )*(?:\{\})?", " ", row, count=1) for row in rows)
    head, *rest = re.split(r"\s(=|\\approx)\s", _joined(text))
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return Equation(label, head.strip(), tuple((relation, member.strip()) for relation, member in pairs))


def _joined(text: str) -> str:
    """A matrix that went on in another row, in one piece again."""
    text = re.sub(r"\\end\{matrix\} \\right\.\s*\\cdots\s*\\cdots\s*\\left\. \\begin\{matrix\}", "@@", text)
    pieces = re.split(r"(\\left\[ \\begin\{matrix\}.*?\\end\{matrix\} \\right\])", text)
    joined = "".join(_side_by_side(piece) if "@@" in piece else piece for piece in pieces)
    joined = re.sub(r"\\rule\[-?[\d.]+em\]\{0pt\}\{[\d.]+em\} ", "", joined)  # struts of brackets that go on in another row
    return re.sub(r"\\left\. (?!\\begin\{matrix\})|(?<!\\end\{matrix\}) \\right\.", "", joined)


def _side_by_side(piece: str) -> str:
    inner = piece.removeprefix(r"\left[ \begin{matrix}").removesuffix(r"\end{matrix} \right]")
    blocks = [block.split(r"\\") for block in inner.split("@@")]
    rows = [" & ".join(parts) for parts in zip(*blocks, strict=True)]
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def printed_number(text: str) -> tuple[mpf, mpf]:
    """A printed number, and one unit of its last digit."""
    mantissa, _, exponent = text.replace(" ", "").partition(r"\cdot10^")
    scale = mpf(10) ** int(exponent.strip("{}") or 0)
    decimals = len(mantissa.partition(".")[2])
    return mpf(mantissa) * scale, scale / mpf(10) ** decimals


def rounds_to(value: mpf, text: str) -> bool:
    """Whether the value, rounded half up, prints as this text; a printed 0 is exactly 0."""
    number, unit = printed_number(text)
    if number == 0:
        return bool(fabs(value) < mpf(10) ** -40)
    size = floor(fabs(value) / unit + mpf("0.5") + mpf(10) ** -30) * unit
    return bool(fabs((size if value >= 0 else -size) - number) < unit / 1000)


def printed_entries(member: str) -> list[list[str]] | None:
    """The texts of a printed value, row by row; None where a member is no value."""
    if NUMBER.fullmatch(member):
        return [[member]]
    matrix = re.fullmatch(r"\\begin\{bmatrix\}(.*)\\end\{bmatrix\}", member, re.DOTALL)
    if not matrix or "bmatrix" in matrix[1]:
        return None
    rows = [[entry.strip() for entry in row.split("&")] for row in matrix[1].split(r"\\")]
    return rows if all(NUMBER.fullmatch(entry) for row in rows for entry in row) else None


def value_of_entries(entries: list[list[str]]) -> Value:
    """A scalar, or an array (m, n); a matrix of one row is a vector too, which broadcasting does not tell apart."""
    array = np.array([[printed_number(entry)[0] for entry in row] for row in entries], dtype=object)
    return array[0, 0] if array.size == 1 else array


def _each(function: Callable[..., mpf]) -> Callable[..., Value]:
    return lambda *arguments: (
        np.frompyfunc(function, len(arguments), 1)(*arguments)
        if any(isinstance(argument, np.ndarray) for argument in arguments)
        else function(*arguments)
    )


FUNCTIONS: dict[str, Callable[..., Value]] = {
    r"\sigma": _each(lambda z: 1 / (1 + exp(-z))),
    r"\exp": _each(exp),
    r"\ln": _each(log),
    r"\tanh": _each(tanh),
    r"\max": _each(lambda a, b: max(a, b)),
    r"\operatorname{relu}": _each(lambda z: max(z, mpf(0))),
    r"\operatorname{step}": _each(lambda z: mpf(1) if z > 0 else mpf(0)),
    r"\operatorname{softplus}": _each(lambda z: log(1 + exp(z))),
    r"\operatorname{BCE}": _each(lambda z, y: log(1 + exp(z)) - y * z),
    r"\operatorname{logsumexp}": _each(lambda *z: log(sum(map(exp, z)))),
}
TOKEN = re.compile(
    r"\s*(?:(?P<name>⟦\d+⟧)|(?P<number>\d+(?:\.\d+)?)|(?P<function>\\operatorname\{\w+\}|\\(?:sigma|exp|ln|tanh|max)(?![A-Za-z]))"
    r"|\{\\mathrm\{(?P<axis>rows|columns)\}\}|(?P<matrix>\\begin\{bmatrix\}.*?\\end\{bmatrix\})|(?P<sign>\\frac|\\sqrt|\\sum|\\cdot|\\odot|\\top|[-+/(){}^_,])"
    r"|\\left|\\right|\\[,!;]|\\displaystyle)",
    re.DOTALL,
)


OPERANDS, OPENING = ("name", "number", "function", "matrix"), ("(", r"\frac", r"\sqrt", r"\sum")


class Unreadable(ValueError):
    """A member that holds a name without a printed value, or a sign that this reader does not know."""


class Reader:
    """Computes a member's text; `names` are LaTeX texts of quantities with their printed values."""

    def __init__(self, names: Mapping[str, Value]) -> None:
        self.values = list(names.values())
        ordered = sorted(names, key=len, reverse=True)
        self.places = {name: list(names).index(name) for name in ordered}
        alternatives = "|".join(map(re.escape, ordered))
        self.pattern = re.compile(rf"(?<![A-Za-z\\])(?:{alternatives})(?![A-Za-z_]|\^\{{\+|\^\{{\\mathrm)") if names else None

    def value(self, text: str) -> Value:
        """The value of an expression. Raises Unreadable."""
        if self.pattern is not None:
            text = self.pattern.sub(lambda found: f"⟦{self.places[found[0]]}⟧", text)
        self.tokens = list(self._tokens(text))
        self.at = 0
        value = self._sum()
        if self.at < len(self.tokens):
            raise Unreadable(text)
        return value

    def _tokens(self, text: str) -> Iterator[tuple[str, str]]:
        place = 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            if not found:
                raise Unreadable(text[place : place + 40])
            if found.lastgroup:
                yield found.lastgroup, found[found.lastgroup]
            place = found.end()

    def _next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, sign: str) -> bool:
        if self._next() != ("sign", sign):
            return False
        self.at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unreadable(f"expected {sign}, got {self._next()}")

    def _sum(self) -> Value:
        value = -self._product() if self._take("-") else self._product()
        while self._next() in (("sign", "+"), ("sign", "-")):
            value = value + self._product() if self._take("+") else value - self._product() if self._take("-") else value
        return value

    def _product(self) -> Value:
        value = self._factor()
        while True:
            if self._take("/"):
                value = value / self._factor()
            elif self._take(r"\odot"):
                value = value * self._factor()
            elif self._take(r"\cdot") or self._next()[0] in OPERANDS or self._next()[1] in OPENING:
                value = _juxtaposed(value, self._factor())
            else:
                return value

    def _factor(self) -> Value:
        value = self._atom()
        while self._take("^"):
            value = self._raised(value)
        return value

    def _raised(self, value: Value) -> Value:
        group = self._take("{")
        if self._take(r"\top"):
            value = value.T if isinstance(value, np.ndarray) else value
        else:
            exponent = self._sum() if group else self._atom()
            value = value ** int(exponent) if exponent == int(exponent) else _each(lambda z: z**exponent)(value)
        if group:
            self._expect("}")
        return value

    def _atom(self) -> Value:
        kind, text = self._next()
        self.at += 1
        if kind == "number":
            return mpf(text)
        if kind == "name":
            return self.values[int(text[1:-1])]
        if kind == "matrix":
            entries = printed_entries(text)
            if entries is None:
                raise Unreadable(text)
            return np.array([[printed_number(entry)[0] for entry in row] for row in entries], dtype=object)
        if kind == "function":
            return FUNCTIONS[text](*self._arguments()) if text in FUNCTIONS else self._unknown(text)
        return self._signed(text)

    def _unknown(self, text: str) -> Value:
        raise Unreadable(text)

    def _signed(self, text: str) -> Value:
        if text == "(":
            value = self._sum()
            self._expect(")")
            return value
        if text == r"\frac":
            above, below = self._group(), self._group()
            return above / below
        if text == r"\sqrt":
            return _each(sqrt)(self._group())
        if text == r"\sum":
            return self._total()
        raise Unreadable(text)

    def _total(self) -> Value:
        axis = None
        if self._take("_"):
            kind, text = self._next()
            if kind != "axis":
                raise Unreadable(text)
            self.at += 1
            axis = {"rows": 0, "columns": 1}[text]
        total = np.sum(self._product(), axis=axis)
        return total if axis is None else np.expand_dims(total, axis)

    def _group(self) -> Value:
        self._expect("{")
        value = self._sum()
        self._expect("}")
        return value

    def _arguments(self) -> list[Value]:
        self._expect("(")
        values = [self._sum()]
        while self._take(","):
            values.append(self._sum())
        self._expect(")")
        return values


def _juxtaposed(left: Value, right: Value) -> Value:
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        product = left @ right
        return product[0, 0] if product.size == 1 else product
    return left * right
