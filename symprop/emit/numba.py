"""The numba target: kernels that numba compiles when they are first called, and keeps in its cache.

Input: a `Program`. Output: a `KernelsView` for `network_numba.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symprop.emit.helpers import float_word
from symprop.emit.kernels.blocks import Language, Loop, Placed
from symprop.emit.kernels.functions import Argument, Kernel, of_numbers
from symprop.emit.kernels.module import EXPORTED, Speech, kernels_view
from symprop.emit.kernels.view import KernelsView
from symprop.emit.layout import Lines
from symprop.emit.nests import Nest
from symprop.emit.program import Program
from symprop.emit.spelling import Dialect, real
from symprop.emit.values import array_lines
from symprop.graph import Dimension, Shape, Value
from symprop.terms import Mul, Ref

WORDS = (
    "np math njit namedtuple Result History INPUTS TARGETS SHAPES VALUES CONSTANTS LEARNING_RATE ITERATIONS RECORD_EVERY BLOCK ROW "
    "TABLE UPDATES FORWARD initial_parameters one_hot predict loss step train main min max range len "
    "exp expm1 log log1p sqrt sinh cosh tanh erf erfc abs maximum minimum sign heaviside logsumexp"
)
FUNCTIONS: Mapping[str, str] = {
    "pi": "math.pi",
    **{name: f"math.{name}({{}})" for name in ("exp", "expm1", "log", "log1p", "sqrt", "sinh", "cosh", "tanh", "erf", "erfc")},
    "step": "heaviside({})",
    "logsumexp": "logsumexp(({*},))",
}
DIALECT = Placed(FUNCTIONS, number=real)
MANY = 1024  # a product with so many known entries is left to BLAS
ROUNDED = "{} in memory and in products of large matrices; what else is computed is float64, rounded where it is stored"


def _declare(name: str, shape: Shape, block: str, start: str, stop: str, changes: bool) -> str:
    flat = f"{name} = {block}[{'' if start == '0' else start}:{stop}]"
    return flat if len(shape) < 2 else f"{flat}.reshape(({', '.join(map(str, shape))}))"


def _several(pairs: Sequence[tuple[str, str]], changes: bool) -> str:
    return f"{', '.join(name for name, _ in pairs)} = {', '.join(source for _, source in pairs)}"


def _together(total: str, length: Dimension) -> tuple[str, ...]:
    return ()


def _whole(nest: Nest, entries: int, dialect: Dialect) -> str | None:
    """`np.dot(X.T, D, dW)` for large matrices."""
    if entries < MANY or len(nest.lengths) < 3:
        return None
    assert isinstance(nest.term, Mul)
    left, right = (factor.name for factor in nest.term.factors if isinstance(factor, Ref))
    return f"np.dot({_operand(left, 'i', dialect)}, {_operand(right, 'k', dialect)}, {dialect.name(nest.name)})"


def _operand(entry: str, first: str, dialect: Dialect) -> str:
    name, _, places = entry.partition("[")
    return dialect.name(name) + ("" if places.startswith(first) else ".T")


NUMBA = Language(
    prefix="_",
    loop="for {} in range({})",
    count="for {} in range({}, {})",
    times="for _ in range({}, {})",
    when="if {}",
    next_due="due = min(due + record_every, last)",
    counter="at = 0",
    behind="{}[{}:]",
    number="{} = {}",
    fixed="{} = {}",
    scratch="{} = np.empty({})",
    remark="#",
    end="",
    opens=":",
    closes="",
    lowest="-np.inf",
    unused="",
    declare=_declare,
    several=_several,
    together=_together,
    whole=_whole,
    lowered=lambda term: term,
)


def _argument(argument: Argument) -> str:
    return argument[1]


def _head(kernel: Kernel) -> Lines:
    """The head of a function; the kernels are the module's own."""
    own = kernel.name in KERNELS or kernel.name.startswith("step_")
    return (f"def {'_' if own else ''}{kernel.name}({', '.join(map(_argument, kernel.arguments))}):",)


KERNELS = (*EXPORTED, "loop")


OWN = (
    of_numbers("maximum", ("z", "y"), "z if z > y or z != z else y", "The larger number; nan where one of them is."),
    of_numbers("minimum", ("z", "y"), "z if z < y or z != z else y", "The smaller number; nan where one of them is."),
    of_numbers("sign", ("z",), "(1.0 if z > 0.0 else 0.0) - (1.0 if z < 0.0 else 0.0)", "1, 0 or -1."),
    of_numbers("heaviside", ("z",), "1.0 if z > 0.0 else 0.0", "1 for positive z, else 0."),
    Kernel(
        "logsumexp",
        (("in", "z"),),
        "log(exp(z1) + exp(z2) + ...), from the largest z, so that nothing overflows.",
        (
            "largest, total = -np.inf, 0.0",
            Loop("for each in z", ("largest = maximum(largest, each)",)),
            Loop("for each in z", ("total += math.exp(each - largest)",)),
            "return largest + math.log(total)",
        ),
        "number",
    ),
)


def _fixed(name: str, shape: Shape, value: Value) -> Lines:
    """A constant of the document, as the kernels know it."""
    return array_lines(f"{name} = ", value)


def module_view(program: Program) -> KernelsView:
    """The view of the numba module of a program; UnsupportedError where it cannot do what the spec asks for."""
    word = float_word(program.network.training.dtype)
    language = NUMBA if word == "float" else replace(NUMBA, scratch=f"{{}} = np.empty({{}}, {word})")
    speech = Speech(language, DIALECT, frozenset(WORDS.split()), OWN, _argument, _head, _fixed, word)
    if word == "float":
        return kernels_view(program, speech)
    return kernels_view(program, replace(speech, precision=ROUNDED.format(program.network.training.dtype)))
