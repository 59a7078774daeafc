"""The table of losses that a layered spec may name: each row holds the equation's text.

Input: nothing. Output: `LOSSES`; in the texts {target} and {output} stand for names, {samples} for the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Loss:
    """`unit` is the error of one output unit, `matrix` the loss of whole arrays.

    Units' errors are added; `mean` says by what the sum over units and samples is divided. `activation`, where given, is the one
    that the last layer must have.
    """

    name: str
    unit: str
    matrix: str
    mean: Literal["none", "samples", "all"] = "none"
    activation: str = ""


_BINARY = "{target}*log({output}) + (1 - {target})*log(1 - {output})"
_ROWS = (
    Loss("half_sum_of_squares", unit="1/2*({target} - {output})**2", matrix="1/2*sum(({target} - {output})**2)"),
    Loss("sum_of_squares", unit="({target} - {output})**2", matrix="sum(({target} - {output})**2)"),
    Loss("mean_squared", unit="({target} - {output})**2", matrix="mean(({target} - {output})**2)", mean="all"),
    Loss("binary_cross_entropy", unit=f"-({_BINARY})", matrix=f"-mean({_BINARY})", mean="all", activation="sigmoid"),
    Loss(
        "softmax_cross_entropy",
        unit="-{target}*log({output})",
        matrix="-sum({target}*log({output}))/{samples}",
        mean="samples",
        activation="softmax",
    ),
)

LOSSES: dict[str, Loss] = {row.name: row for row in _ROWS}
FUSED: frozenset[str] = frozenset()  # functions of the table that are a loss of the net input itself
