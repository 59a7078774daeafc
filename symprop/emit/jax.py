"""The JAX target: pure functions of dicts of arrays, and a training loop that XLA compiles.

Input: a `Program`. Output: a `TensorView` for `network_jax.py.jinja`.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.emit.helpers import Library
from symprop.emit.program import Program
from symprop.emit.spelling import Dialect
from symprop.emit.tensors import Framework, TensorView, tensor_view
from symprop.emit.values import numpy_arrays
from symprop.emit.view import FunctionView

FUNCTIONS: Mapping[str, str] = {
    "pi": "jnp.pi",
    "exp": "jnp.exp({})",
    "log": "jnp.log({})",
    "sqrt": "jnp.sqrt({})",
    "log1p": "jnp.log1p({})",
    "expm1": "jnp.expm1({})",
    "erf": "special.erf({})",
    "erfc": "special.erfc({})",
    "sinh": "jnp.sinh({})",
    "cosh": "jnp.cosh({})",
    "tanh": "jnp.tanh({})",
    "abs": "jnp.abs({})",
    "sign": "jnp.sign({})",
    "step": "jnp.heaviside({}, 0)",
    "maximum": "jnp.maximum({}, {})",
    "minimum": "jnp.minimum({}, {})",
    "sigmoid": "jax.nn.sigmoid({})",
    "softmax": "jax.nn.softmax({}, axis=-1)",
    "row_max": "jnp.max({}, axis=-1, keepdims=True)",
}
WRITTEN: Mapping[str, FunctionView] = {
    "logsumexp": FunctionView(
        "logsumexp",
        "*z",
        "log(exp(z1) + exp(z2) + ...), from the largest z, so that nothing overflows.",
        ("return jax.nn.logsumexp(jnp.stack(jnp.broadcast_arrays(*z)), axis=0)",),
    ),
}
CONDITIONS: Mapping[str, str] = {"step": "({} > 0)"}
DIALECT = Dialect(
    FUNCTIONS, factors=CONDITIONS, total="jnp.sum({})", mean="jnp.mean({})", broadcast="jnp.broadcast_to({}, jnp.shape({}))"
)
PRECISION = (
    "{dtype} in train, whatever JAX's own setting, which stays as it is; the other functions compute as JAX is set: call them "
    "inside `with precision():`, or set JAX_ENABLE_X64=1 for the whole program"
)
JAX = Framework(
    library=Library(DIALECT, WRITTEN),
    arrays=numpy_arrays,
    words=frozenset(("jax", "jnp", "lax", "partial", "special", "one_hot")),
    dtypes={"float64": '"float64"', "float32": '"float32"'},
    precision=PRECISION,
    blocks=(100_000, 1000),
    known="lengths, dtype",
    given="parameters",  # which tell the dtype before they are checked
    imports={"special.": "from jax.scipy import special"},
)


def module_view(program: Program) -> TensorView:
    """The view of the JAX module of a program; UnsupportedError where it cannot do what the spec asks for."""
    return tensor_view(program, JAX)
