"""The C target: one file of C99, and a Python module that compiles it once and calls it.

Input: a `Program`. Output: a `KernelsView` for `network_c.py.jinja` and `network.c.jinja`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from symprop.emit.c_products import products, whole
from symprop.emit.kernels.blocks import Language, Placed
from symprop.emit.kernels.functions import Argument, Kernel, of_numbers
from symprop.emit.kernels.module import EXPORTED, Speech, kernels_view
from symprop.emit.kernels.view import KernelsView
from symprop.emit.layout import UNBROKEN, WIDTH, Lines, filled
from symprop.emit.program import Program
from symprop.emit.spelling import real
from symprop.graph import Dimension, Shape, Value
from symprop.terms import Apply, Number, Power, Term, is_number, rebuild

WORDS = (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict "
    "return short signed sizeof static struct switch typedef union unsigned void volatile while isfinite isinf isnan isnormal "
    "signbit fpclassify isgreater isless isunordered memcpy memmove main product tile TALL WIDE DEEP NUMBERS "
    "exp expm1 log log1p sqrt pow sinh cosh tanh erf erfc fabs maximum minimum sign heaviside square cube logsumexp "
    "expf expm1f logf log1pf sqrtf powf sinhf coshf tanhf erff erfcf fabsf"
)
FUNCTIONS: Mapping[str, str] = {
    "pi": "3.141592653589793",
    "abs": "fabs({})",
    "sinh": "sinh({})",
    "cosh": "cosh({})",
    "step": "heaviside({})",
    "logsumexp": "logsumexp(NUMBERS({*}))",
}
DIALECT = Placed(FUNCTIONS, number=real, power="pow({}, {})", between="][")
CALLED = ("exp", "expm1", "log", "log1p", "sqrt", "sinh", "cosh", "tanh", "erf", "erfc")
SINGLE = Placed(  # the same on floats
    {**FUNCTIONS, **{name: f"{name}f({{}})" for name in CALLED}, "pi": "3.141592653589793f", "abs": "fabsf({})"},
    number=lambda number: f"{real(number)}f",
    power="powf({}, {})",
    between="][",
)
LONG_SUM = 32  # so many products are worth a vector of sums
RESULTS = {"": "void", "number": "{}", "count": "long"}
KINDS = {
    "in": "const {} *{}",
    "out": "{} *{}",
    "count": "long {1}",
    "number": "{} {}",
    "lines": "const {} **{}",
    "panel": "{} {}[][WIDE]",
}
FLOATS = {"float64": "double", "float32": "float"}


def _declare(word: str, name: str, shape: Shape, block: str, start: str, stop: str, changes: bool) -> str:
    source = block if start == "0" else f"{block} + {start}" if len(shape) < 2 else f"({block} + {start})"
    kind, hint = (word, "restrict ") if changes else (f"const {word}", "")
    if len(shape) < 2:
        return f"{kind} *{hint}{name} = {source}"
    rows = "".join(f"[{length}]" for length in shape[1:])
    return f"{kind} (*{hint}{name}){rows} = ({kind} (*){rows}){source}"


def _several(word: str, pairs: Sequence[tuple[str, str]], changes: bool) -> str:
    return f"{'' if changes else 'const '}{word} {', '.join(f'{name} = {source}' for name, source in pairs)}"


def _together(total: str, length: Dimension) -> tuple[str, ...]:
    """The sum may be taken in any order, so that it fills vectors; nothing else is given up for speed."""
    return (f"#pragma omp simd reduction(+:{total})",) if isinstance(length, int) and length >= LONG_SUM else ()


def _lowered(term: Term) -> Term:
    """Squares and cubes as products."""

    def replaced(part: Term) -> Term | None:
        if not isinstance(part, Power):
            return None
        word = next((word for exponent, word in ((2, "square"), (3, "cube")) if is_number(part.exponent, exponent)), None)
        return Apply(word, (_lowered(part.base),)) if word else None

    return rebuild(term, replaced)


C = Language(
    prefix="network_",  # libraries share their names: the C library itself has an advance and a step
    loop="for (long {0} = 0; {0} < {1}; {0}++)",
    count="for (long {0} = {1}; {0} < {2}; {0}++)",
    times="for (long iteration = {0}; iteration < {1}; iteration++)",
    when="if ({})",
    next_due="due = due + record_every < last ? due + record_every : last",
    counter="long at = 0",
    behind="{} + {}",
    number="double {} = {}",
    fixed="const double {} = {}",
    scratch="double {}[{}]",
    remark="//",
    end=";",
    opens=" {",
    closes="}",
    lowest="-INFINITY",
    unused="(void){}",
    declare=partial(_declare, FLOATS["float64"]),
    several=partial(_several, FLOATS["float64"]),
    together=_together,
    whole=whole,
    lowered=_lowered,
)


def _argument(word: str, argument: Argument) -> str:
    kind, name = argument
    return KINDS[kind].format(word, name)


def _head(word: str, kernel: Kernel) -> Lines:
    """The head of a function, its parameters under each other where one line is too short."""
    own = f"{C.prefix}{kernel.name}" if kernel.name in EXPORTED else kernel.name
    start = f"{'' if kernel.name in EXPORTED else 'static '}{RESULTS[kernel.result].format(word)} {own}("
    parameters = ", ".join(_argument(word, each).replace(" ", UNBROKEN) for each in kernel.arguments)
    lines = textwrap.wrap(parameters, WIDTH - len(start) - 1, break_long_words=False)
    heads = (start, *(" " * len(start) for _ in lines[1:]))
    ends = (*("" for _ in lines[1:]), ")")
    return tuple(f"{head}{line.replace(UNBROKEN, ' ')}{end}" for head, line, end in zip(heads, lines, ends, strict=True))


OWN = (
    of_numbers("square", ("z",), "z*z", "z**2."),
    of_numbers("cube", ("z",), "z*z*z", "z**3."),
    of_numbers("maximum", ("z", "y"), "z > y || z != z ? z : y", "The larger number; nan where one of them is."),
    of_numbers("minimum", ("z", "y"), "z < y || z != z ? z : y", "The smaller number; nan where one of them is."),
    of_numbers("sign", ("z",), "(z > 0.0) - (z < 0.0)", "1, 0 or -1."),
    of_numbers("heaviside", ("z",), "z > 0.0", "1 for positive z, else 0."),
)


def _fixed(word: str, name: str, shape: Shape, value: Value) -> Lines:
    """A constant of the document."""
    lengths = "".join(f"[{length}]" for length in shape)
    if isinstance(value, Number):
        return (f"static const {word} {name} = {real(value)};",)
    lines = filled(f"static const {word} {name}{lengths} = ", [_braces(part) for part in value], "{}", 1)
    return (*lines[:-1], f"{lines[-1]};")


def _braces(value: Value) -> str:
    return real(value) if isinstance(value, Number) else f"{{{', '.join(map(_braces, value))}}}"


def speech(dtype: str) -> Speech:
    """The words of C with floats of one precision, in memory and in what is computed."""
    word = FLOATS[dtype]
    language = replace(
        C,
        declare=partial(_declare, word),
        several=partial(_several, word),
        scratch=f"{word} {{}}[{{}}]",
        number=f"{word} {{}} = {{}}",
        fixed=f"const {word} {{}} = {{}}",
    )
    head, fixed = partial(_head, word), partial(_fixed, word)
    dialect = DIALECT if word == "double" else SINGLE
    return Speech(language, dialect, frozenset(WORDS.split()), (*OWN, *products(word)), partial(_argument, word), head, fixed, word)


def module_view(program: Program) -> KernelsView:
    """The view of both files; UnsupportedError where they cannot do what the spec asks for."""
    return kernels_view(program, speech(program.network.training.dtype))
