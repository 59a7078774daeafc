"""The normal distribution over NumPy's arrays: NumPy itself has no erf, and `math.erfc` takes one number at a time.

Input: a precision. Output: the function that a module defines at its top, good to 4 ulp wherever its value is a normal number.

The tail is exp(-z**2/2) times a smooth function: (1 + z)*exp(z**2/2)*Phi(-z) is Chebyshev's series in u = (z - 4)/(z + 4), cut off
where the precision ends and written in powers of u, the highest first; computed with mpmath, and held to it by a test.
"""

from __future__ import annotations

from collections.abc import Mapping

from symprop.emit.layout import Lines, filled
from symprop.emit.view import FunctionView

SERIES: Mapping[str, tuple[float, ...]] = {
    "float64": (
        -6.763267210562454e-10, -1.5456221598143852e-09, 5.474708632048689e-09, 1.7442583764419795e-08,
        -1.7932121916642413e-08, -1.1022354013739079e-07, -1.237153366992197e-09, 5.507747965364098e-07,
        4.0671730125154447e-07, -2.6118464340168558e-06, -3.433372216853275e-06, 1.3626315192600401e-05,
        2.1250446856208376e-05, -8.785300442645791e-05, -9.443033944152223e-05, 0.0006948970692570495,
        -0.00028562308680939413, -0.0050023785870514665, 0.01793609747886859, -0.03219783742831453,
        0.02860036405357749, 0.013999634724430469, -0.09670347732652607, 0.47205320650984467,
    ),
    "float32": (
        1.25685467e-05, -5.80912353e-05, -8.45540179e-05, 0.000664988692, -0.000291267495, -0.00498771425,
        0.0179376959, -0.0322011629, 0.0286001681, 0.0139999137, -0.0967034704, 0.472053203,
    ),
}  # fmt: skip


def normal_cdf(dtype: str) -> FunctionView:
    """Phi over arrays of one precision, and of complex numbers: a complex step passes through it."""
    summary = "(1 + erf(z/sqrt(2)))/2 without cancellation: exp(-z**2/2) and a polynomial of u make the tail below -|z|."
    return FunctionView("normal_cdf", "z", summary, (*_polynomial(dtype), *TAIL))


def _polynomial(dtype: str) -> Lines:
    head = filled("for coefficient in ", map(repr, SERIES[dtype]), "()")
    return (
        "size = np.minimum(np.maximum(z, -z), 40)",
        "u, p = (size - 4)/(size + 4), 0.0",
        *head[:-1],
        f"{head[-1]}:",
        "    p = p*u + coefficient",
    )


TAIL = (
    "near = np.round(16*size)/16  # its square is exact",
    "tail = np.exp(-near*near/2)*np.exp((near - size)*(near + size)/2)*p/(1 + size)",
    "return np.where(z > 0, 1 - tail, tail)[()]",
)
