"""The table of losses that a layered spec may name: each row holds the equation's text.

Input: nothing. Output: `LOSSES`; in the texts {target}, {output} and {net} stand for names, {samples} for the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """`matrix` is the loss of whole arrays; `unit` the error of one output unit, `row` that of a sample where units do not add up.

    In `row`, {nets} are all net inputs, {pairs} the targets times them. `activation`, where given, is the last layer's: the loss
    is a function of the net input then, which cannot overflow. Units are averaged with `mean_units`, samples with `mean_samples`.
    """

    name: str
    matrix: str
    unit: str = ""
    row: str = ""
    activation: str = ""
    mean_units: bool = False
    mean_samples: bool = False


_ROWS = (
    Loss("half_sum_of_squares", matrix="1/2*sum(({target} - {output})**2)", unit="1/2*({target} - {output})**2"),
    Loss("sum_of_squares", matrix="sum(({target} - {output})**2)", unit="({target} - {output})**2"),
    Loss(
        "mean_squared",
        matrix="mean(({target} - {output})**2)",
        unit="({target} - {output})**2",
        mean_units=True,
        mean_samples=True,
    ),
    Loss(
        "binary_cross_entropy",
        matrix="mean(binary_cross_entropy({net}, {target}))",
        unit="binary_cross_entropy({net}, {target})",
        activation="sigmoid",
        mean_units=True,
        mean_samples=True,
    ),
    Loss(
        "softmax_cross_entropy",
        matrix="sum(softmax_cross_entropy({net}, {target}))/{samples}",
        row="logsumexp({nets}) - ({pairs})",
        activation="softmax",
        mean_samples=True,
    ),
)

LOSSES: dict[str, Loss] = {row.name: row for row in _ROWS}
