"""The functions that a NumPy module defines at its top, and those that NumPy and `math` have.

Input: a function's name. Output: its call in each dialect, and the helper's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from symprop.algebra.rows import definition
from symprop.emit.functions import form, functions_in
from symprop.emit.layout import Lines, wrapped
from symprop.emit.normal import normal_cdf
from symprop.emit.spelling import Dialect, real, spelled
from symprop.emit.view import FunctionView
from symprop.functions import FUNCTIONS
from symprop.terms import Add, Apply, Ref, Term, rebuild, size, subterms

NUMPY_FUNCTIONS: Mapping[str, str] = {
    "pi": "np.pi",
    "exp": "np.exp({})",
    "log": "np.log({})",
    "sqrt": "np.sqrt({})",
    "log1p": "np.log1p({})",
    "expm1": "np.expm1({})",
    "sinh": "np.sinh({})",
    "cosh": "np.cosh({})",
    "tanh": "np.tanh({})",
    "abs": "np.abs({})",
    "sign": "np.sign({})",
    "step": "np.float64({} > 0)",
    "maximum": "np.maximum({}, {})",
    "minimum": "np.minimum({}, {})",
    "row_max": "np.max({}, axis=-1, keepdims=True)",
}
# On numbers alone Python's own functions: a number of NumPy's would decide the precision of the arrays that it meets.
_OF_NUMBERS = ("exp", "log", "sqrt", "log1p", "expm1", "sinh", "cosh", "tanh")
CONSTANTS: Mapping[str, str] = {name: f"math.{name}({{}})" for name in _OF_NUMBERS}
CONDITIONS: Mapping[str, str] = {"step": "({} > 0)"}
# Calls on single floats; a function that is not named here is called by its own name, from `math` or the module's top.
FLOAT_FUNCTIONS: Mapping[str, str] = {
    "pi": "pi",
    "erf": "math.erf({})",
    "erfc": "math.erfc({})",
    "sign": "(({0} > 0.0) - ({0} < 0.0))",
    "step": "(1.0 if {} > 0.0 else 0.0)",
    "maximum": "max({}, {})",
    "minimum": "min({}, {})",
    "logsumexp": "_logsumexp({*})",
}
# Functions on single floats that the loop needs beside `math`, and what they call there.
FLOAT_HELPERS: Mapping[str, FunctionView] = {
    "logsumexp": FunctionView(
        "_logsumexp",
        "*z",
        "log(exp(z1) + exp(z2) + ...) of floats, from the largest z, so that nothing overflows.",
        ("largest = max(z)", "return largest + log(sum(exp(each - largest) for each in z))"),
    ),
}
FROM_MATH = ("cosh", "exp", "expm1", "log", "log1p", "pi", "sinh", "sqrt", "tanh")


def written(dtype: str) -> Mapping[str, FunctionView]:
    """The functions whose text has no form in the table, in one precision."""
    entries = "return np.vectorize(math.{}, otypes=[np.multiply(z, 1.0).dtype])(z)[()]"
    erf = FunctionView("erf", "z", "The error function, entry by entry.", (entries.format("erf"),))
    erfc = FunctionView("erfc", "z", "1 - erf(z), entry by entry, without cancellation.", (entries.format("erfc"),))
    logsumexp = FunctionView(
        "logsumexp",
        "*z",
        "log(exp(z1) + exp(z2) + ...), from the largest z, so that nothing overflows.",
        ("largest = np.maximum.reduce(z)", "return largest + np.log(sum(np.exp(each - largest) for each in z))"),
    )
    return {view.name: view for view in (normal_cdf(dtype), erf, erfc, logsumexp)}


WHOLE = frozenset(written("float64"))  # NumPy modules call these by name, whatever their forms are


def float_word(dtype: str) -> str:
    """What NumPy calls the floats of a precision."""
    return "float" if dtype == "float64" else f"np.{dtype}"


@dataclass(frozen=True, slots=True)
class Library:
    """A target's functions of arrays: `dialect` calls them, `written` are those whose text has no form in the table.

    `quiet` is the statement under which a function may overflow on the way to its limit. `lowered` rewrites a term in the words
    that the dialect can say.
    """

    dialect: Dialect
    written: Mapping[str, FunctionView]
    quiet: str = ""
    lowered: Callable[[Term], Term] = lambda term: term

    def helpers_of(self, terms: Iterable[Term]) -> tuple[FunctionView, ...]:
        """The functions that a module of these terms defines at its top."""
        return self.helpers(functions_in(terms, self.written))

    def helpers(self, functions: Iterable[str]) -> tuple[FunctionView, ...]:
        """The functions that a module defines at its top, of those that it uses."""
        return tuple(helper(name, self) for name in functions if name in self.written or name not in self.dialect.functions)


def numpy_dialect(names: Mapping[str, str], dtype: str = "float64") -> Dialect:
    """Arrays of one precision, as a lecturer writes them."""
    return Dialect({**NUMPY_FUNCTIONS, "step": f"np.{dtype}({{}} > 0)"}, names, CONSTANTS, CONDITIONS)


def float_dialect(names: Mapping[str, str]) -> Dialect:
    """Single floats."""
    return Dialect(FLOAT_FUNCTIONS, names, number=real)


PLAIN = Dialect({"pi": "pi"}, total="sum({})", mean="mean({})")  # the language of the spec, for docstrings


def numpy_library(dtype: str = "float64") -> Library:
    """NumPy's functions in one precision."""
    return Library(numpy_dialect({}, dtype), written(dtype), 'with np.errstate(over="ignore"):')


NUMPY = numpy_library()


def helper(function: str, library: Library = NUMPY) -> FunctionView:
    """The helper of one function of the table: the form for code, with the definition in the docstring."""
    if function in library.written:
        return library.written[function]
    written = form(function)
    assert written is not None, f"no code for the function {function}"
    lines = _lines(library.lowered(written), library.dialect)
    if FUNCTIONS[function].to_the_limit and library.quiet:
        lines = (library.quiet, *(f"    {line}" for line in lines))
    arguments = ", ".join(FUNCTIONS[function].arguments)
    return FunctionView(function, arguments, summary(function), lines)


def summary(function: str) -> str:
    """What a helper of the table computes: its definition, and how code differs from it."""
    meaning = definition(function)
    assert meaning is not None, f"no definition of the function {function}"
    if FUNCTIONS[function].to_the_limit:
        return f"{spelled(meaning, PLAIN)}; where exp overflows, the limit 0."
    return f"{spelled(meaning, PLAIN)}{'' if form(function) == meaning else ', without overflow or cancellation'}."


def _lines(term: Term, dialect: Dialect) -> Lines:
    """The form on one line, or two where a part of it occurs twice."""
    shared = repeated(term)
    if shared is None:
        return wrapped("return ", spelled(term, dialect))
    name = "shifted" if isinstance(shared, Add) else "powers"
    rest = rebuild(term, lambda part: Ref(name) if part == shared else None)
    return (f"{name} = {spelled(shared, dialect)}", *wrapped("return ", spelled(rest, dialect)))


def repeated(term: Term) -> Term | None:
    """The largest sum or call of more than one step that occurs twice."""
    parts = [part for part in subterms(term) if isinstance(part, (Add, Apply)) and size(part) > 3]
    return max((part for part in parts if parts.count(part) > 1), key=size, default=None)
