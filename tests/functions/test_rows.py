"""Every claim of the function table, proved by SymPy: slopes, stable forms, gradients along rows.

Functions are written out to exp, log, erf, abs, sign and step; no slope of the table takes part in differentiating a definition.
A function with kinks is proved on each side of them; two functions are equal that agree in one point and have the same derivative.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import sympy

from symprop.algebra import from_sympy, local_partials, symbol, to_sympy
from symprop.algebra.rows import LETTERS, definition, slope, stable
from symprop.derive.entries import Block, entries
from symprop.functions import ACTIVATIONS, ARITIES, FUNCTIONS, Function
from symprop.language import Names, read
from symprop.notation.text import text
from symprop.terms import Apply, Ref, Term, call, rebuild, subterms
from symprop.worked import floats

Z, Y = symbol("z"), symbol("y")
P = sympy.Symbol("p", positive=True)
ELEMENTWISE = [name for name, row in FUNCTIONS.items() if not row.rowwise and not row.variadic and row.arguments]
CLAIMED = [(name, place) for name in ELEMENTWISE for place in range(len(FUNCTIONS[name].arguments)) if slope(name, place)]
CELLS: list[dict[Any, Any]] = [{Z: P}, {Z: -P}]
ORDERED: list[dict[Any, Any]] = [{Z: Y + P}, {Z: Y - P}]  # where two arguments are compared


def meaning(function: str) -> Any:
    """The function written out; a primitive is SymPy's own."""
    return to_sympy(call(function, *FUNCTIONS[function].arguments), spelled_out=True)


def written(term: Term | None, function: str) -> Any:
    assert term is not None
    return to_sympy(term, {"a": meaning(function)}, spelled_out=True)


def cells(function: str) -> list[dict[Any, Any]]:
    return ORDERED if function in ("maximum", "minimum") else CELLS


def is_zero(expression: Any) -> bool:
    """Exactly zero as a rational function of the exponentials in it."""
    expanded = sympy.expand(expression.doit())
    return bool(expanded == 0 or sympy.cancel(sympy.expand(expanded.rewrite(sympy.exp))) == 0)


def vanishes(gap: Any, sides: list[dict[Any, Any]]) -> bool:
    """Zero on each side of a kink: as it stands, or because it is 0 at 0 and has no slope."""
    return all(is_zero(gap.subs(side)) for side in sides) or (
        sympy.expand(gap.subs(Z, 0)) == 0 and all(is_zero(sympy.diff(gap.subs(side), P)) for side in sides)
    )


@pytest.mark.parametrize(("function", "place"), CLAIMED)
def test_a_slope_is_the_derivative_of_the_definition(function: str, place: int) -> None:
    argument = symbol(FUNCTIONS[function].arguments[place])
    gap = sympy.diff(meaning(function), argument) - written(slope(function, place), function)
    assert vanishes(gap, cells(function))


@pytest.mark.parametrize("function", ["sigmoid", "tanh", "gelu", "elu", "leaky_relu", "binary_cross_entropy"])
def test_the_proof_refuses_a_wrong_slope(function: str) -> None:
    wrong = written(slope(function), function) * (1 + Z) + 1
    gap = sympy.diff(meaning(function), Z) - wrong
    assert not vanishes(gap, CELLS) and not any(is_zero(gap.subs(cell)) for cell in CELLS)


def test_every_function_that_can_be_learned_through_has_its_slopes() -> None:
    without = {name for name, row in FUNCTIONS.items() if len(row.slopes) != len(row.arguments)}
    assert without == {"row_max"}
    assert all(FUNCTIONS[name].slope_rule for name in FUNCTIONS if name not in ("pi", "row_max"))


@pytest.mark.parametrize("function", [name for name in ELEMENTWISE if stable(name)])
def test_a_stable_form_is_the_function(function: str) -> None:
    assert vanishes(written(stable(function), function) - meaning(function), CELLS)


KINKS = [
    ("abs(z)", "0"), ("relu(z)", "0"), ("leaky_relu(z)", "1/100"), ("maximum(z, 0)", "0"), ("maximum(0, z)", "0"),
    ("minimum(z, 0)", "0"), ("minimum(0, z)", "0"), ("sign(z)", "0"), ("step(z)", "0"), ("elu(z)", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "expected"), KINKS)
def test_the_slope_at_a_kink_is_the_stated_one(formula: str, expected: str) -> None:
    partial = local_partials(read(formula, Names.of("z")))["z"].term
    assert to_sympy(partial, {"z": sympy.Integer(0)}, spelled_out=True) == sympy.Rational(expected)


def test_a_function_with_a_kink_states_its_convention() -> None:
    kinked = {"abs", "sign", "step", "maximum", "minimum", "relu", "leaky_relu"}
    assert {name for name, row in FUNCTIONS.items() if row.kink} == kinked


ROW = [Ref(f"z{place}") for place in (1, 2, 3)]
TARGETS = [Ref("y1"), Ref("y2"), Ref("y3")]
ROWWISE = ["softmax", "softmax_cross_entropy"]


def as_row(parts: list[Any]) -> Block:
    made = np.empty((1, len(parts)), dtype=object)
    made[0] = parts
    return made


def row_entries(term: Term, **more: Block) -> list[Any]:
    """The entries of a term in the row z, the targets y, and more, as SymPy expressions."""
    return [to_sympy(each) for each in entries(term, {"z": as_row(ROW), "y": as_row(TARGETS)} | more).flat]


def by_definition(function: str) -> list[Any]:
    term = definition(function)
    assert term is not None
    return row_entries(term)


@pytest.mark.parametrize("function", ROWWISE)
def test_entry_by_entry_a_function_along_rows_is_its_definition(function: str) -> None:
    lowered = row_entries(call(function, *FUNCTIONS[function].arguments))
    assert all(is_zero(mine - true) for mine, true in zip(lowered, by_definition(function), strict=True))


@pytest.mark.parametrize(("function", "place"), [("softmax", 0), ("softmax_cross_entropy", 0), ("softmax_cross_entropy", 1)])
def test_what_a_row_passes_back_is_the_jacobian_transposed(function: str, place: int) -> None:
    values = by_definition(function)
    received = [Ref(f"d{index}") for index in range(len(values))]
    passed = slope(function, place)
    assert passed is not None
    output = entries(call(function, *FUNCTIONS[function].arguments), {"z": as_row(ROW), "y": as_row(TARGETS)})
    mine = row_entries(passed, d=as_row(received), a=output)
    for argument, found in zip((ROW, TARGETS)[place], mine, strict=True):
        true = sum(symbol(d.name) * sympy.diff(value, symbol(argument.name)) for d, value in zip(received, values, strict=True))
        assert is_zero(found - true)


@pytest.mark.parametrize("function", ROWWISE)
def test_subtracting_any_number_from_a_row_changes_nothing(function: str) -> None:
    """The stable form subtracts the largest; it is proved for every number c."""
    term = stable(function)
    assert term is not None
    shifted = rebuild(term, lambda part: Ref("c") if isinstance(part, Apply) and part.function == "row_max" else None)
    for mine, true in zip(row_entries(shifted), by_definition(function), strict=True):
        gap = mine - true
        at_zero = {symbol(name): 0 for name in ("z1", "z2", "z3", "c")}
        assert sympy.expand(gap.subs(at_zero)) == 0
        assert all(is_zero(sympy.diff(gap, symbol(name))) for name in ("z1", "z2", "z3", "c"))


def test_cross_entropy_is_the_textbooks_for_targets_that_sum_to_one() -> None:
    names = Names.of(z=2, y=2)
    (textbook,) = row_entries(read("-sum(y*log(softmax(z)), axis=1, keepdims=True)", names))
    (mine,) = by_definition("softmax_cross_entropy")
    gap = (mine - textbook).subs(symbol("y3"), 1 - symbol("y1") - symbol("y2"))
    assert sympy.expand(gap.subs({symbol(f"z{place}"): 0 for place in (1, 2, 3)})) == 0
    assert all(is_zero(sympy.diff(gap, symbol(f"z{place}"))) for place in (1, 2, 3))


def test_logsumexp_has_the_shares_as_slopes() -> None:
    partial = local_partials(read("logsumexp(z1, z2, z3)", Names.of("z1", "z2", "z3")), "total")["z2"]
    assert text(partial.term) == "exp(z2 - total)"


def texts() -> Iterator[tuple[str, str]]:
    for name, row in FUNCTIONS.items():
        yield from ((name, each) for each in (row.definition, row.stable, *row.slopes) if each)


@pytest.mark.parametrize(("function", "written_text"), list(texts()))
def test_every_text_is_kept_as_written_and_uses_known_letters(function: str, written_text: str) -> None:
    row = FUNCTIONS[function]
    names = Names.of(**dict.fromkeys(LETTERS, 2))
    assert text(read(written_text, names)).replace("axis=1", "axis=-1") == written_text
    allowed = {*row.arguments, "a"} | ({"d"} if row.rowwise else set())
    term = read(written_text, names)
    assert {part.name for part in subterms(term) if isinstance(part, Ref)} <= allowed


def test_the_arities_follow_the_rows() -> None:
    assert ARITIES["pi"] == 0 and ARITIES["sigmoid"] == 1 and ARITIES["binary_cross_entropy"] == 2 and ARITIES["logsumexp"] == -1


def test_a_new_activation_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = "a + sigmoid(z)*(1 - a)"
    row = Function("bent", definition="z*sigmoid(z)", slopes=(claim,), slope_rule="slope of bent", activation=True)
    monkeypatch.setitem(FUNCTIONS, "bent", row)
    monkeypatch.setitem(ARITIES, "bent", 1)
    partial = local_partials(read("bent(w*x)", Names.of("w", "x")), "out")["w"]
    assert text(partial.term) == "(out + sigmoid(w*x)*(1 - out))*x" and partial.rule == "slope of bent"
    gap = sympy.diff(meaning("bent"), Z) - written(slope("bent"), "bent")
    assert is_zero(gap)


@pytest.mark.parametrize("function", [name for name in ACTIVATIONS if not FUNCTIONS[name].rowwise])
def test_an_activation_is_bounded_as_its_row_says(function: str) -> None:
    """Far out its definition stays where it is, or goes on."""
    ends = [sympy.limit(meaning(function), Z, far) for far in (sympy.oo, -sympy.oo)]
    assert all(end.is_finite for end in ends) == FUNCTIONS[function].bounded


@pytest.mark.parametrize("function", [name for name, row in FUNCTIONS.items() if row.to_the_limit])
def test_where_exp_overflows_the_definition_has_its_limit(function: str) -> None:
    """1/(1 + inf) is 0, and 0 is the limit."""
    with np.errstate(over="ignore"):
        far = [float(floats.evaluate(definition(function), {"z": np.float64(z)})) for z in (-1e4, 1e4)]  # type: ignore[arg-type]
    assert far == [float(sympy.limit(meaning(function), Z, end)) for end in (-sympy.oo, sympy.oo)]


def test_a_sympy_derivative_comes_back_as_the_tables_function() -> None:
    assert text(from_sympy(sympy.diff(to_sympy(call("softplus", "z")), Z))) == "sigmoid(z)"


def test_a_function_along_rows_takes_a_vector_as_one_row() -> None:
    z, y = np.array([0.3, -1.2, 2.0]), np.array([0.0, 1.0, 0.0])
    shares = np.exp(z) / np.sum(np.exp(z))
    assert floats.evaluate(call("softmax", "z"), {"z": z}) == pytest.approx(shares, rel=1e-15)
    loss = floats.evaluate(call("softmax_cross_entropy", "z", "y"), {"z": z, "y": y})
    assert loss == pytest.approx(-np.log(shares[1]), rel=1e-14)
