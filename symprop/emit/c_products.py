"""Products of wide matrices for the C target: a function that keeps a tile of sums in registers.

Input: a nest of a product, or C's word for the floats. Output: the call that makes the whole product; the functions it needs.

The order of the loops is that of every fast product: a panel of the right matrix is copied side by side, so that a transposed one
is as good as another, and each tile of the result is summed along it without going to memory.
"""

from __future__ import annotations

from symprop.emit.kernels.blocks import Block, Loop
from symprop.emit.kernels.functions import Kernel
from symprop.emit.nests import Nest
from symprop.emit.spelling import Dialect
from symprop.graph import Dimension
from symprop.terms import Mul, Ref

MANY = 128  # products of fewer known entries (some 12 neurons on either side) are loops: as fast, and easier to read


def whole(nest: Nest, entries: int, dialect: Dialect) -> str | None:
    """`product(m, 784, 128, X[0], 784, 1, W1[0], 128, 1, Z1[0])` for large matrices; None for others."""
    if entries < MANY or len(nest.lengths) < 3:
        return None
    assert isinstance(nest.term, Mul)
    left, right = (factor.name for factor in nest.term.factors if isinstance(factor, Ref))
    rows, deep, columns = (nest.lengths[letter] for letter in ("i", "k", "j"))
    operands = (_operand(left, "i", rows, deep, dialect), _operand(right, "k", deep, columns, dialect))
    return f"product({rows}, {deep}, {columns}, {', '.join(operands)}, {dialect.name(nest.name)}[0])"


def _operand(entry: str, first: str, rows: Dimension, columns: Dimension, dialect: Dialect) -> str:
    """Where a matrix begins, and how far its numbers lie apart downwards and across; a transposed one has these exchanged."""
    name, _, places = entry.partition("[")
    steps = (columns, 1) if places.startswith(first) else (1, rows)
    return f"{dialect.name(name)}[0], {steps[0]}, {steps[1]}"


def products(word: str) -> tuple[Kernel, ...]:
    """`product`, and `tile`, which it calls."""
    panel, sums = ("panel", "panel"), ("panel", "sums")
    tile = (("count", "deep"), ("lines", "row"), ("count", "across"), panel, sums)
    matrices = (("in", "a"), *_counts("a_down", "a_across"), ("in", "b"), *_counts("b_down", "b_across"), ("out", "c"))
    return (
        Kernel("tile", tile, "TALL rows times WIDE columns side by side; the sums stay in registers.", _tile(word)),
        Kernel(
            "product",
            (*_counts("rows", "deep", "columns"), *matrices),
            "c = a @ b; numbers of a and b lie so far apart downwards and across, those of c side by side.",
            _product(word),
        ),
    )


def _counts(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple(("count", name) for name in names)


def _loop(name: str, end: str, *body: Block, step: str = "") -> Loop:
    return Loop(f"for (long {name} = 0; {name} < {end}; {f'{name} += {step}' if step else f'{name}++'})", body)


def _tile(word: str) -> tuple[Block, ...]:
    summed = _loop("j", "WIDE", "sum[i][j] += row[i][k*across]*panel[k][j]")
    return (
        f"{word} sum[TALL][WIDE] = {{{{0.0}}}}",
        _loop("k", "deep", _loop("i", "TALL", "#pragma omp simd", summed)),
        _loop("i", "TALL", _loop("j", "WIDE", "sums[i][j] = sum[i][j]")),
    )


def _product(word: str) -> tuple[Block, ...]:
    copied = "panel[k][j] = j < wide ? b[(start + k)*b_down + (left + j)*b_across] : 0.0"
    line, gathered = f"{word} *line = c + (top + i)*columns + left", "line[j] = start > 0 ? line[j] + sums[i][j] : sums[i][j]"
    tiles = _loop(
        "top",
        "rows",
        f"const {word} *row[TALL]",
        _loop("i", "TALL", "row[i] = a + (top + i < rows ? top + i : rows - 1)*a_down + start*a_across"),
        "tile(part, row, a_across, panel, sums)",
        _loop("i", "TALL && top + i < rows", line, _loop("j", "wide", gathered)),
        step="TALL",
    )
    panels = _loop(
        "left",
        "columns",
        "const long wide = columns - left < WIDE ? columns - left : WIDE",
        _loop("k", "part", _loop("j", "WIDE", copied)),
        tiles,
        step="WIDE",
    )
    part = "const long part = deep - start < DEEP ? deep - start : DEEP"
    parts = Loop("for (long start = 0; start == 0 || start < deep; start += DEEP)", (part, panels))  # c is 0 where deep is
    return (f"{word} panel[DEEP][WIDE], sums[TALL][WIDE]", parts)
