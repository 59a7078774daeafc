"""The table of losses that a layered spec may name: each row holds the equation's text.

Input: nothing. Output: `LOSSES`, and what others call them; in the texts {target}, {output} and {net} stand for names,
{samples} for the number of rows, {eps} for the smallest number whose logarithm is taken. `PENALTY` is the table's only term
beside the loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """`matrix` is the loss of whole arrays; `unit` the error of one output unit, `row` that of a sample where units do not add up.

    In `row`, {nets} are all net inputs, {pairs} the targets times them. `activation`, where given, is the last layer's: the loss
    is a function of the net input then, which cannot overflow; a last layer without an activation has net inputs for outputs.
    `otherwise` is the loss for outputs of another kind. Units are averaged with `mean_units`, samples with `mean_samples`.
    """

    name: str
    matrix: str
    unit: str = ""
    row: str = ""
    activation: str = ""
    otherwise: str = ""
    mean_units: bool = False
    mean_samples: bool = False


_CLIPPED = "{target}*log(maximum({output}, {eps})) + (1 - {target})*log(maximum(1 - {output}, {eps}))"
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
        otherwise="clipped_binary_cross_entropy",
        mean_units=True,
        mean_samples=True,
    ),
    Loss(
        "clipped_binary_cross_entropy",
        matrix=f"-mean({_CLIPPED})",
        unit=f"-({_CLIPPED})",
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

EPS = "1e-12"
PENALTY = "1/2*{l2}*{square}"  # of each weight of a layer, or of the sum over each matrix of them; biases have none
LOSSES: dict[str, Loss] = {row.name: row for row in _ROWS}
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "sum_of_squares": ("sse", "rss", "squared_error"),
    "mean_squared": ("mse",),
    "binary_cross_entropy": ("bce", "log_loss", "logloss"),
    "softmax_cross_entropy": ("cce", "categorical_cross_entropy", "categorical_crossentropy", "nll"),
}
