"""The table of functions: each activation and each loss of a net input is one row, its slopes claims that SymPy proves.

Input: nothing. Output: `FUNCTIONS`, and the names and arities that the language's reader needs.

All mathematics here is text of symprop's own language in the row's `arguments` and `a`, the function's own value.
- `definition` is the mathematics. A function without one is a primitive: SymPy and every target know it themselves.
- `slopes` are the derivatives by each argument in the form that a textbook prints, accepted only because a test proves them equal
  to SymPy's derivative of the definition. They are emitted as they stand, so none overflows or gives nan at |z| <= 1e4.
  Along rows a slope is the gradient that passes back: `d` is the gradient of the function's value.
- `stable`, where given, is the same function written so that neither overflow nor cancellation occurs; code is emitted from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One row: a function of `arguments`, elementwise unless `rowwise`; with `reduces` each row's value is one number.

    A `variadic` function takes one number or more, each treated as its only argument.
    """

    name: str
    arguments: tuple[str, ...] = ("z",)
    definition: str = ""
    slopes: tuple[str, ...] = ()
    slope_rule: str = ""  # the name of the slope, printed beside the step that uses it
    stable: str = ""
    latex: str = ""  # a LaTeX command or an upright word; empty: the name, upright
    kink: str = ""  # the convention where the slope jumps
    form: str = ""  # which function is meant, where others have the same name
    note: str = ""  # why code differs from the definition, or what the row takes for granted
    rowwise: bool = False
    reduces: bool = False
    variadic: bool = False
    activation: bool = False
    fused: bool = False  # a loss of the net input itself, the last activation inside it
    classes: bool = False  # a loss whose targets may be given as integer classes
    bounded: bool = False  # its values keep within an interval: larger steps of learning do no harm
    saturates: float = 0.0  # a net input beyond this size, either way, makes a drawn exercise hard to read; 0: none does
    to_the_limit: bool = False  # where exp overflows in the definition, the value is its limit all the same: code keeps it
    initializer: str = "glorot_uniform"  # what a new spec draws the weights before it with

    @property
    def primitive(self) -> bool:
        """Whether SymPy and every target know the function themselves."""
        return not self.definition

    @property
    def arity(self) -> int:
        """The number of arguments; -1 for one or more."""
        return -1 if self.variadic else len(self.arguments)

    @property
    def slope(self) -> str:
        """The slope of an elementwise function of one argument; empty for any other."""
        return self.slopes[0] if self.slopes and self.arity == 1 and not self.rowwise else ""


_PRIMITIVES = (
    Function("pi", arguments=(), latex=r"\pi"),
    Function("exp", slopes=("a",), slope_rule="slope of exp", latex=r"\exp"),
    Function("log", slopes=("1/z",), slope_rule="slope of log", latex=r"\ln"),
    Function("sqrt", slopes=("1/(2*a)",), slope_rule="slope of the square root", latex=r"\sqrt"),
    Function("log1p", slopes=("1/(1 + z)",), slope_rule="slope of log(1 + z)"),
    Function("expm1", slopes=("1 + a",), slope_rule="slope of exp(z) - 1"),
    Function("erf", slopes=("2/sqrt(pi)*exp(-z**2)",), slope_rule="slope of erf"),
    Function("erfc", slopes=("-2/sqrt(pi)*exp(-z**2)",), slope_rule="slope of 1 - erf(z)"),
    Function("abs", slopes=("sign(z)",), slope_rule="slope of the absolute value", kink="the slope of abs at 0 is taken as 0"),
    Function("sign", slopes=("0",), slope_rule="slope of a step", kink="sign(0) is 0"),
    Function("step", slopes=("0",), slope_rule="slope of a step", kink="step(0) is 0"),
    Function(
        "maximum",
        arguments=("z", "y"),
        slopes=("step(z - y)", "step(y - z)"),
        slope_rule="slope of the maximum",
        kink="where both are equal, the slope of maximum is taken as 0",
        latex=r"\max",
    ),
    Function(
        "minimum",
        arguments=("z", "y"),
        slopes=("step(y - z)", "step(z - y)"),
        slope_rule="slope of the minimum",
        kink="where both are equal, the slope of minimum is taken as 0",
        latex=r"\min",
    ),
    Function("row_max", rowwise=True, reduces=True, note="only in stable forms: the largest number of each row, with keepdims"),
    Function(
        "logsumexp",
        slopes=("exp(z - a)",),
        slope_rule="share of the sum",
        variadic=True,
        note="log(exp(z1) + exp(z2) + ...), computed from the largest z, so that nothing overflows",
    ),
)
_SATURATES = "the slope in output form keeps its absolute accuracy; its relative accuracy is lost where the function saturates"
_ACTIVATIONS = (
    Function("identity", definition="z", slopes=("1",), slope_rule="slope 1", activation=True),
    Function(
        "sigmoid",
        definition="1/(1 + exp(-z))",
        slopes=("a*(1 - a)",),
        slope_rule="logistic slope",
        stable="exp(minimum(z, 0))/(1 + exp(-abs(z)))",
        latex=r"\sigma",
        note=f"exp(-z) overflows for large -z: code uses exp of negative numbers only; {_SATURATES}",
        activation=True,
        bounded=True,
        saturates=2.5,
        to_the_limit=True,
    ),
    Function(
        "tanh",
        slopes=("1 - a**2",),
        slope_rule="slope of tanh",
        latex=r"\tanh",
        note=_SATURATES,
        activation=True,
        bounded=True,
        saturates=1.5,
    ),
    Function(
        "relu",
        definition="maximum(z, 0)",
        slopes=("step(z)",),
        slope_rule="slope of relu",
        kink="the slope of relu at 0 is taken as 0",
        activation=True,
        initializer="he_uniform",
    ),
    Function(
        "leaky_relu",
        definition="maximum(z, 0) + 0.01*minimum(z, 0)",
        slopes=("step(z) + 0.01*(1 - step(z))",),
        slope_rule="slope of leaky_relu",
        kink="the slope of leaky_relu at 0 is taken as 0.01",
        note="the slope for negative z is 0.01",
        activation=True,
        initializer="he_uniform",
    ),
    Function(
        "elu",
        definition="maximum(z, 0) + exp(minimum(z, 0)) - 1",
        slopes=("exp(minimum(z, 0))",),
        slope_rule="slope of elu",
        stable="maximum(z, 0) + expm1(minimum(z, 0))",
        note="alpha is 1, so that the slope has no jump at 0; exp(z) - 1 cancels near 0: code uses expm1",
        activation=True,
        initializer="he_uniform",
    ),
    Function(
        "softplus",
        definition="log(1 + exp(z))",
        slopes=("sigmoid(z)",),
        slope_rule="slope of softplus",
        stable="maximum(z, 0) + log1p(exp(-abs(z)))",
        note="exp(z) overflows: code takes the larger of z and 0 out of the logarithm",
        activation=True,
    ),
    Function(
        "gelu",
        definition="z*normal_cdf(z)",
        slopes=("normal_cdf(z) + z*normal_pdf(z)",),
        slope_rule="product rule",
        form="gelu is the erf form, not the tanh form",
        note="the erf form: z times the normal distribution function",
        activation=True,
        initializer="he_uniform",
    ),
    Function(
        "gelu_tanh",
        definition="z*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z**3)))/2",
        slopes=(
            "(1 + tanh(sqrt(2/pi)*(z + 0.044715*z**3)))/2 "
            "+ z/2*(1 - tanh(sqrt(2/pi)*(z + 0.044715*z**3))**2)*sqrt(2/pi)*(1 + 0.134145*z**2)",
        ),
        slope_rule="product rule",
        stable="z*sigmoid(2*sqrt(2/pi)*(z + 0.044715*z**3))",
        form="gelu_tanh is the tanh form of gelu, not the erf form",
        note=f"the tanh form of gelu; 1 + tanh cancels for negative z: code uses sigmoid; {_SATURATES}",
        activation=True,
        initializer="he_uniform",
    ),
    Function(
        "softmax",
        definition="exp(z)/sum(exp(z), axis=-1, keepdims=True)",
        slopes=("a*(d - sum(d*a, axis=-1, keepdims=True))",),
        slope_rule="slope of softmax",
        stable="exp(z - row_max(z))/sum(exp(z - row_max(z)), axis=-1, keepdims=True)",
        note="exp(z) overflows: code subtracts the largest number of the row, which changes nothing in the quotient",
        rowwise=True,
        activation=True,
        bounded=True,
    ),
)
_OTHERS = (
    Function(
        "sinh",
        definition="(exp(z) - exp(-z))/2",
        slopes=("cosh(z)",),
        slope_rule="slope of sinh",
        stable="(expm1(z) - expm1(-z))/2",
        latex=r"\sinh",
        note="exp(z) - exp(-z) cancels near 0: code uses expm1",
    ),
    Function("cosh", definition="(exp(z) + exp(-z))/2", slopes=("sinh(z)",), slope_rule="slope of cosh", latex=r"\cosh"),
    Function(
        "sech",
        definition="1/cosh(z)",
        slopes=("-a*tanh(z)",),
        slope_rule="slope of sech",
        stable="2*exp(-abs(z))/(1 + exp(-2*abs(z)))",
        note="cosh(z) overflows: code uses exp of negative numbers only",
    ),
    Function(
        "csch",
        definition="1/sinh(z)",
        slopes=("-a*coth(z)",),
        slope_rule="slope of csch",
        stable="sech(z)*coth(z)",
        note="sinh(z) overflows: sech(z) and coth(z) do not",
    ),
    Function("coth", definition="1/tanh(z)", slopes=("1 - a**2",), slope_rule="slope of coth", latex=r"\coth"),
    Function(
        "normal_cdf",
        definition="(1 + erf(z/sqrt(2)))/2",
        slopes=("normal_pdf(z)",),
        slope_rule="slope of the normal distribution",
        stable="erfc(-z/sqrt(2))/2",
        latex=r"\Phi",
        note="1 + erf cancels for negative z: code uses erfc, which is 1 - erf",
    ),
    Function(
        "normal_pdf",
        definition="exp(-z**2/2)/sqrt(2*pi)",
        slopes=("-z*a",),
        slope_rule="slope of the normal density",
        latex=r"\phi",
    ),
    Function(
        "binary_cross_entropy",
        arguments=("z", "y"),
        definition="-(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z)))",
        slopes=("sigmoid(z) - y", "-z"),
        slope_rule="cross-entropy after sigmoid",
        stable="maximum(z, 0) - y*z + log1p(exp(-abs(z)))",
        latex=r"\operatorname{BCE}",
        note="of the net input z: log(sigmoid(z)) is log of 0 where sigmoid underflows; code uses softplus(z) - y*z, its equal",
        fused=True,
    ),
    Function(
        "softmax_cross_entropy",
        arguments=("z", "y"),
        definition="log(sum(exp(z), axis=-1, keepdims=True)) - sum(y*z, axis=-1, keepdims=True)",
        slopes=("d*(softmax(z) - y)", "-d*z"),
        slope_rule="cross-entropy after softmax",
        stable=(
            "log(sum(exp(z - row_max(z)), axis=-1, keepdims=True)) - sum(y*(z - row_max(z)), axis=-1, keepdims=True) "
            "+ row_max(z)*(1 - sum(y, axis=-1, keepdims=True))"
        ),
        latex=r"\operatorname{CE}",
        note=(
            "of the net inputs z: equal to -sum(y*log(softmax(z))) because the targets y of each row sum to 1 (one-hot, or "
            "probabilities); log of softmax is log of 0 where softmax underflows; code subtracts the row's largest number first, "
            "and adds it again where the targets do not sum to 1"
        ),
        rowwise=True,
        reduces=True,
        fused=True,
        classes=True,
    ),
)

FUNCTIONS: dict[str, Function] = {row.name: row for row in (*_PRIMITIVES, *_ACTIVATIONS, *_OTHERS)}
ACTIVATIONS: tuple[str, ...] = tuple(name for name, row in FUNCTIONS.items() if row.activation)
ARITIES: dict[str, int] = {name: row.arity for name, row in FUNCTIONS.items()}
