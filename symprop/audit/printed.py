"""Holding a computed number against the digits that a document prints.

Input: printed digits and a computed float, or nested tuples of both. Output: whether every printed digit agrees.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any

from symprop.errors import InputError
from symprop.graph import Printed

LONG_CLAIM = 15  # digits: a number printed to this length shows the order of summation of the machine that made it
ROUNDING = 1e-13  # relative: what the order of summation in a matrix product may change


def decimal_of(printed: str) -> Decimal:
    """The printed number, its digits kept. Raises InputError for a text that is not a finite number."""
    try:
        value = Decimal(printed)
    except InvalidOperation as error:
        raise InputError(f"printed: expected a number, got {printed!r}") from error
    if not value.is_finite():
        raise InputError(f"printed: expected a finite number, got {printed!r}")
    return value


def rounded_like(printed: str, computed: float) -> Decimal:
    """The computed number with as many decimals as the printed one shows (of its own power of ten, half up); 0 has no sign."""
    with localcontext() as context:
        context.prec = 400
        return Decimal(computed).quantize(Decimal(1).scaleb(_exponent(printed)), ROUND_HALF_UP) + 0


def _exponent(printed: str) -> int:
    exponent = decimal_of(printed).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def reproduces(printed: str, computed: float) -> bool:
    """Whether every printed digit agrees; a long claim may also be the shortest text of the very same double."""
    return rounded_like(printed, computed) == decimal_of(printed) or (_is_long(printed) and float(printed) == computed)


def reproduces_within_rounding(printed: str, computed: float) -> bool:
    """Whether a claim of 15 digits or more agrees to 1e-13 relative: matrix products sum in their own order."""
    claimed = float(decimal_of(printed))
    return _is_long(printed) and abs(computed - claimed) <= ROUNDING * max(abs(claimed), abs(computed))


def _is_long(printed: str) -> bool:
    return len(decimal_of(printed).as_tuple().digits) >= LONG_CLAIM


def has_one_digit_too_many(printed: str, right: str) -> bool:
    """Whether deleting one digit of the printed number leaves the right one, digit for digit."""
    return any(printed[:place] + printed[place + 1 :] == right for place, sign in enumerate(printed) if sign.isdigit())


def each(function: Callable[[str, float], Any], printed: Printed, computed: Any) -> Any:
    """The function's value of each printed number and its computed one, nested as they are; both have one shape."""
    if isinstance(printed, str):
        return function(printed, float(computed))
    return tuple(each(function, part, value) for part, value in zip(printed, computed, strict=True))


def pairs(printed: Printed, computed: Any) -> list[tuple[str, float]]:
    """Each printed number of a nested claim beside its computed one."""
    found: list[tuple[str, float]] = []
    each(lambda text, number: found.append((text, number)), printed, computed)
    return found
