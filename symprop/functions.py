"""The table of functions: each activation is one row, its slope a claim that SymPy proves.

Input: nothing. Output: `FUNCTIONS`, and the names and arities that the language's reader needs.

`definition`, `slope` and `stable` are texts of symprop's own language in the argument `z` (and `a`, the function's own
output, in `slope`). `definition` is the mathematics. `slope` is the form a textbook prints; it is accepted only because
a test proves it equal to SymPy's derivative of the definition. `stable`, where given, is the same function written with
primitives so that neither overflow nor cancellation can occur; code is emitted from it. A function without a definition is a
primitive: SymPy and every target know it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One row: a function of `arity` arguments, elementwise unless `rowwise`."""

    name: str
    definition: str = ""
    slope: str = ""
    slope_rule: str = ""  # the name of the slope, printed beside the step that uses it
    stable: str = ""
    latex: str = ""  # a LaTeX command or an upright word; empty: the name, upright
    kink: str = ""  # the convention where the slope jumps
    arity: int = 1
    rowwise: bool = False
    activation: bool = False

    @property
    def primitive(self) -> bool:
        """Whether SymPy and every target know the function themselves."""
        return not self.definition


_ROWS = (
    Function("exp", slope="a", slope_rule="slope of exp", latex=r"\exp"),
    Function("log", slope="1/z", slope_rule="slope of log", latex=r"\ln"),
    Function("sqrt", slope="1/(2*a)", slope_rule="slope of the square root", latex=r"\sqrt"),
    Function("log1p", slope="1/(1 + z)", slope_rule="slope of log(1 + z)"),
    Function("expm1", slope="1 + a", slope_rule="slope of exp(z) - 1"),
    Function("erf", slope="2/sqrt(pi)*exp(-z**2)", slope_rule="slope of erf"),
    Function("abs", slope="sign(z)", slope_rule="slope of the absolute value", kink="the slope of abs at 0 is taken as 0"),
    Function("sign", slope="0", slope_rule="slope of a step", kink="sign(0) is 0"),
    Function("step", slope="0", slope_rule="slope of a step", kink="step(0) is 0"),
    Function("maximum", arity=2, kink="where both are equal, the second argument counts as the larger", latex=r"\max"),
    Function("minimum", arity=2, kink="where both are equal, the second argument counts as the smaller", latex=r"\min"),
    Function("identity", definition="z", slope="1", slope_rule="identity", activation=True),
    Function(
        "sigmoid",
        definition="1/(1 + exp(-z))",
        slope="a*(1 - a)",
        slope_rule="logistic slope",
        latex=r"\sigma",
        activation=True,
    ),
    Function("tanh", slope="1 - a**2", slope_rule="slope of tanh", latex=r"\tanh", activation=True),
    Function(
        "relu",
        definition="maximum(z, 0)",
        slope="step(z)",
        slope_rule="slope of relu",
        kink="the slope of relu at 0 is taken as 0",
        activation=True,
    ),
    Function("softplus", definition="log(1 + exp(z))", slope="sigmoid(z)", slope_rule="slope of softplus", activation=True),
    Function("softmax", rowwise=True, activation=True),
)

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
ACTIVATIONS: tuple[str, ...] = tuple(name for name, row in FUNCTIONS.items() if row.activation)
ARITIES: dict[str, int] = {name: row.arity for name, row in FUNCTIONS.items()}
