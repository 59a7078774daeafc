"""Other readers' own test cases: read with the same value, or refused; never misread, never a crash.

The value of a term and that of SymPy's printed form are computed here, both by plain complex arithmetic at fixed points.
"""

from __future__ import annotations

import ast
import cmath
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache, reduce
from pathlib import Path

import pytest

from symprop.errors import TextError
from symprop.language import Names, Reading, readings
from symprop.terms import (
    Add,
    Apply,
    Div,
    MatMul,
    Mul,
    Neg,
    Number,
    Partial,
    Power,
    Ref,
    Term,
    Transpose,
    Typography,
    children,
    typography_of,
)

FIXTURES = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures"
pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared fixtures are not beside the project")
Values = Mapping[str, complex]


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A fixture's rows by column; a backslash is written doubled there."""
    lines = [line for line in (FIXTURES / name).read_text().splitlines() if not line.startswith("# ")]
    header, *body = [line.split("\t") for line in lines]
    return [{key: cell.replace("\\\\", "\\") for key, cell in zip(header, row, strict=False)} for row in body]


FUNCTIONS: dict[str, Callable[..., complex]] = {
    "exp": cmath.exp,
    "log": lambda z, base=None: cmath.log(z) if base is None else cmath.log(z, base),
    "sqrt": cmath.sqrt,
    **{name: getattr(cmath, name) for name in ("sinh", "cosh", "tanh")},
    "abs": abs,
    "maximum": lambda *z: max(z, key=lambda value: value.real),
    "minimum": lambda *z: min(z, key=lambda value: value.real),
    "pi": lambda: cmath.pi,
}


def value_of(term: Term, values: Values) -> complex:
    """The value of a scalar term, by complex arithmetic."""
    parts = [value_of(part, values) for part in children(term)]
    match term:
        case Number(value=value):
            return complex(value)
        case Ref(name=name):
            return values[name]
        case Neg():
            return -parts[0]
        case Add():
            return sum(parts)
        case Mul():
            return reduce(lambda a, b: a * b, parts)
        case Div():
            return parts[0] / parts[1]
        case Power():
            return parts[0] ** parts[1]
        case Apply(function=function):
            return complex(FUNCTIONS[function](*parts))
    raise AssertionError(type(term).__name__)


class Outside(Exception):
    """A form that symprop's grammar does not have."""


SREPR: dict[str, Callable[..., complex]] = {
    "Add": lambda *z: sum(z), "Mul": lambda *z: reduce(lambda a, b: a * b, z, 1), "Pow": lambda a, b: a**b, "exp": cmath.exp,
    "log": FUNCTIONS["log"], "Abs": abs, **{name: FUNCTIONS[name] for name in ("sinh", "cosh", "tanh")},
    "Max": FUNCTIONS["maximum"], "Min": FUNCTIONS["minimum"],
    "Integer": lambda n: n, "Rational": lambda p, q: p / q, "sqrt": cmath.sqrt,
}  # fmt: skip
CONSTANTS = {"pi": cmath.pi, "E": cmath.e}


def srepr_value(node: ast.expr, values: Values) -> complex:
    """The value of SymPy's printed form, read with `ast` and never evaluated by Python."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -srepr_value(operand, values)
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.Call(func=ast.Name(id="Symbol"), args=[ast.Constant(value=str() as name)]):
            return values[declared_name(name)]
        case ast.Call(func=ast.Name(id="Float"), args=[ast.Constant(value=str() as text)]):
            return float(text)
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in SREPR:
            return SREPR[name](*[srepr_value(argument, values) for argument in arguments])
    raise Outside(ast.dump(node)[:60])


def declared_name(symbol: str) -> str:
    """SymPy's `h_{\\theta}` and `xbar_n` as identifiers."""
    return re.sub(r"[\\{}]", "", symbol).strip()


def symbols_in(text: str) -> list[str]:
    return sorted(set(re.findall(r"Symbol\('([^']*)'", text)))


def points(names: list[str]) -> Iterator[Values]:
    """Three fixed points with irregular positive values, then one with signs."""
    for shift, sign in ((0, 1), (1, 1), (2, 1), (3, -1)):
        yield {name: complex(sign**place * (0.37 + 0.61 * ((7 * place + 5 * shift) % 11) / 11)) for place, name in enumerate(names)}


def same(left: Callable[[Values], complex], right: Callable[[Values], complex], names: list[str]) -> bool:
    return all(cmath.isclose(left(values), right(values), rel_tol=1e-9, abs_tol=1e-11) for values in points(names))


def attempt(text: str, names: Names) -> tuple[Reading, ...] | None:
    try:
        return readings(text, names, "latex")
    except TextError as error:
        assert 0 <= error.position <= len(text)
        return None


@cache
def latex2sympy_verdicts() -> tuple[tuple[str, str], ...]:
    """Each row's text with `read`, `refused` or `misread`."""
    return tuple(_verdicts())


def _verdicts() -> Iterator[tuple[str, str]]:
    for row in rows("latex2sympy.tsv"):
        symbols = symbols_in(row.get("sympy_srepr", ""))
        names = Names({declared_name(symbol): typography_of(declared_name(symbol)) for symbol in symbols})
        found = attempt(row["latex"], names)
        if found is None:
            yield row["latex"], "refused"
        elif row["expected"] == "reject":
            yield row["latex"], "misread"
        else:
            yield row["latex"], "read" if any(agrees(reading, row["sympy_srepr"]) for reading in found) else "misread"


def agrees(reading: Reading, srepr: str) -> bool:
    """Whether a reading has the value of SymPy's form."""
    tree = ast.parse(srepr, mode="eval").body
    names = [declared_name(symbol) for symbol in symbols_in(srepr)]
    try:
        return same(lambda values: value_of(reading.term, values), lambda values: srepr_value(tree, values), names)
    except Outside:
        return False


# Right by this field's conventions: log is natural, and of an equation the right side is read, its left side kept apart.
OTHER_CONVENTIONS = {r"\log x", r"\log xy", "a^2 + b^2 = c^2"}


def test_latex2sympy_is_never_misread() -> None:
    misread = {text for text, verdict in latex2sympy_verdicts() if verdict == "misread"}
    assert misread == OTHER_CONVENTIONS


def test_latex2sympy_rows_within_the_grammar_are_read() -> None:
    read_rows = [text for text, verdict in latex2sympy_verdicts() if verdict == "read"]
    assert len(read_rows) >= 280
    samples = (r"\frac{1}{2}xy(x+y)", r"\left|x + y\right|", "||x||", r"\sqrt{x + b}", r"x^{2}_{ij}", r"2\overline{x}_n", "1-f(x)")
    assert set(samples) <= set(read_rows)


def khan_sides() -> Iterator[tuple[str, str, bool]]:
    """Input, reference and whether they are equal, where the row is about values in our grammar."""
    for row in rows("khan_kas_compare.tsv"):
        sides = row["input"], row["reference"]
        if not any(re.search(r"[=<>]|sin|cos|tan|sec|csc|cot|[fg]\(|\(-\d\)\^", side) for side in sides):
            yield *sides, row["expected"] == "1"


LETTERS = list("abcdfghijklmnopqrstuvwxyz")


def test_khan_verdicts_are_those_of_the_values() -> None:
    names = Names.of(*LETTERS)
    judged = 0
    for text, reference, equal in khan_sides():
        left, right = attempt(text, names), attempt(reference, names)
        assert left and right, f"refused: {text} or {reference}"
        pairs = itertools.product(left, right)
        agree = any(
            same(lambda values: value_of(one.term, values), lambda values: value_of(other.term, values), LETTERS)  # noqa: B023
            for one, other in pairs
        )
        assert agree is equal, (text, reference)
        judged += 1
    assert judged >= 39


def test_khan_rows_outside_the_grammar_do_not_crash() -> None:
    names = Names.of(*LETTERS)
    for row in rows("khan_kas_compare.tsv"):
        attempt(row["input"], names)
        attempt(row["reference"], names)


H1, SIGMA, X, Z = Ref("h_1"), Ref("sigma"), Ref("x"), Ref("z")
ONE = Number(Fraction(1), "1")
W_IJ_1 = Typography("w", "ij", "(1)")
PITFALLS: dict[str, tuple[Names, Term | str]] = {
    "h_1(1-h_1)": (Names.of("h_1"), Mul((H1, Add((ONE, Neg(H1)))))),
    r"\sigma(1-\sigma)": (Names.of("sigma"), Mul((SIGMA, Add((ONE, Neg(SIGMA)))))),
    r"\hat{y}_1-y_1": (Names.of("yhat_1", "y_1"), Add((Ref("yhat_1"), Neg(Ref("y_1"))))),
    r"\text{out}_{o1}(1-\text{out}_{o1})": (Names.of("out_o1"), Mul((Ref("out_o1"), Add((ONE, Neg(Ref("out_o1"))))))),
    "w_{ij}": (Names.of("w_ij"), Ref("w_ij")),
    "w_{ij}^{(1)}": (Names({"w1_ij": W_IJ_1, "w_ij": typography_of("w_ij")}), Ref("w1_ij")),
    r"\frac{\partial L}{\partial w_{11}}": (Names.of("L", "w11"), Partial("L", "w11")),
    r"\mathbf{w}^T x": (Names.of(w=1, x=1), MatMul(Transpose(Ref("w")), X)),
    r"W^{T}\delta\odot\sigma": (
        Names.of(W=2, delta=1, sigma=1),
        Mul((MatMul(Transpose(Ref("W")), Ref("delta")), SIGMA)),
    ),
    r"\frac{1}{1+e^{-z}}": (Names.of("z"), Div(ONE, Add((ONE, Apply("exp", (Neg(Z),)))))),
    "x + y ) z": (Names.of("x", "y", "z"), "')' without its '('"),
    r"w := w - \eta x": (Names.of("w", "eta", "x"), Add((Ref("w"), Neg(Mul((Ref("eta"), X)))))),
    r"w \leftarrow w - \eta x": (Names.of("w", "eta", "x"), Add((Ref("w"), Neg(Mul((Ref("eta"), X)))))),
    "3,5x": (Names.of("x"), "',' is not a decimal sign"),
    r"x+1 \text{ where } x>0": (Names.of("x"), "comparisons are not part of the language"),
    r"\max(0,z)": (Names.of("z"), Apply("maximum", (Number(Fraction(0), "0"), Z))),
    r"\sum_{k=1}^{2} \delta_k w_{jk}": (Names.of("delta_k", "w_jk"), "write its terms out"),
    r"\delta &= (y-o) \\ &= 1": (Names.of("delta", "y", "o"), ONE),
}


def test_every_pitfall_is_read_as_wanted_or_refused() -> None:
    for row in rows("latex_pitfalls.tsv"):
        text = row["latex"]
        names, wanted = PITFALLS.get(text, (Names.of("x"), "more than 64 brackets inside one another"))
        if isinstance(wanted, str):
            with pytest.raises(TextError) as caught:
                readings(text, names)
            assert wanted in caught.value.message, text
        else:
            assert [reading.term for reading in readings(text, names)] == [wanted], text


def test_without_the_layer_declared_a_bracketed_superscript_is_no_power() -> None:
    with pytest.raises(TextError, match="part of a name, not a power; did you mean 'w_ij'"):
        readings("w_{ij}^{(1)}", Names.of("w_ij"))
