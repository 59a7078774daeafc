"""Marking answers: read without evaluating, decided with proof, explained where they are wrong.

Input: a derivation, a quantity, what was typed. Output: a `Verdict`. SymPy is loaded only when an answer is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from symprop.check.verdict import Diagnosis, Form, Reading, Verdict
from symprop.errors import UsageError
from symprop.language import Notation

if TYPE_CHECKING:
    from symprop.check.tables import TableVerdict
    from symprop.derive import Derivation

__all__ = ["Diagnosis", "Form", "Reading", "Verdict", "check", "check_table"]

Convention = Literal["sign", "half", "mean"]


def check(
    derivation: Derivation,
    quantity: str,
    text: str,
    *,
    as_: Form | None = None,
    update: str = "document",
    notation: Notation = "auto",
    reveal: bool = False,
    conventions: tuple[Convention, ...] = (),
    digits: int = 2,
) -> Verdict:
    """Whether `text` is the gradient, the step or the new value of `quantity` (a weight, an entry `Wo[1,1]`, any named quantity).

    The gradient of w is dE/dw, the step -rate*dE/dw, the new value w - rate*dE/dw; inputs, targets and weights are free. Which of
    them is meant is worked out, or fixed by `as_` or the text's left side. A new value may use the old weights or, outside
    functions, those that the rule `update` has already updated. `conventions` announces others that count as right: the opposite
    sign, a loss with or without its half, sum or mean. Without `reveal`, nothing is said that gives the solution away. A number
    is judged by its own digits; it needs as many significant `digits`, unless it is exact.

    Raises TextError for malformed text, UsageError for an unknown quantity, shape or left side, and for what is no text.
    """
    from symprop.check.marker import marker_of

    _require_text(quantity, text)
    return marker_of(derivation, update, digits).check(
        quantity, text, as_=as_, notation=notation, reveal=reveal, conventions=conventions
    )


def check_table(
    derivation: Derivation, numbers: Mapping[str, str], *, update: str = "document", digits: int = 2
) -> TableVerdict:
    """Mark a table of numbers, each named by its step: `out_o1` a value, `dE_dw5` a gradient, `w5` a new weight.

    Digits are judged by the interval that correct rounding of intermediate results to as many digits allows; a step that follows
    rightly from the student's own earlier values earns its credit. Raises TextError for what is no number, UsageError for an
    unknown quantity, and for a number that is no text.
    """
    from symprop.check.marker import marker_of

    for quantity, text in numbers.items():
        _require_text(quantity, text)
    return marker_of(derivation, update, digits).check_table(numbers)


def _require_text(quantity: object, answer: object) -> None:
    """A float has no digits of its own: 0.30 and 0.3 are one value, and not the same answer."""
    if not isinstance(quantity, str):
        raise UsageError(f"expected the name of a quantity as text, got {quantity!r:.60}")
    if not isinstance(answer, str):
        kind = type(answer).__name__
        raise UsageError(f"{quantity}: expected the answer as text, got {kind}; a number is judged by its digits as written")
