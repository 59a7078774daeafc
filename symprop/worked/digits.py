"""How many digits a number is printed with, and the printing: half up, zeros kept, never a false zero.

Input: a real number and `Digits`. Output: a `Number` whose value is exactly what its text says: arithmetic can go on from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from symprop.errors import UsageError
from symprop.terms import Number
from symprop.worked.reals import NotEnoughDigits, Real, ends

SMALLEST_FIXED_EXPONENT = -4  # 0.000123 is printed as it is, 0.0000123 as 1.23e-5


@dataclass(frozen=True, slots=True)
class Digits:
    """`significant` digits, or a fixed number of `decimals`; exactly one of the two is given."""

    significant: int | None = None
    decimals: int | None = None

    def __post_init__(self) -> None:
        if (self.significant is None) == (self.decimals is None):
            raise UsageError("digits: give either significant digits or decimals, not both")
        if self.significant is not None and not 1 <= self.significant <= 100:
            raise UsageError(f"digits: expected 1 to 100 significant digits, got {self.significant}")
        if self.decimals is not None and not 0 <= self.decimals <= 100:
            raise UsageError(f"digits: expected 0 to 100 decimals, got {self.decimals}")


def printed(value: Real, digits: Digits) -> Number:
    """The value rounded half up (a tie away from zero) to the digits; raises `NotEnoughDigits` where an enclosure spans a tie."""
    low, high = ends(value)
    number = _rounded(low, digits)
    if low != high and _rounded(high, digits) != number:
        raise NotEnoughDigits("the last digit is not decided")
    return number


def rounds_to(value: Real, number: Number) -> bool:
    """Whether the value, rounded half up to the last digit that is printed, is the printed number; a printed 0 must be exact."""
    low, high = ends(value)
    if number.value == 0:
        answers = {low == high == 0, low <= 0 <= high}
    else:
        unit = last_place(number)
        answers = {_half_up(end / unit) * unit == number.value for end in (low, high)}
    if len(answers) > 1:
        raise NotEnoughDigits("the last digit is not decided")
    return answers.pop()


def last_place(number: Number) -> Fraction:
    """What one unit in the last printed digit is worth: 1/1000 for 0.250, 1/100000000 for 1.4e-7."""
    mantissa, _, exponent = number.text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - decimals)


def significant_digits(number: Number) -> int:
    """How many significant digits a printed number has; leading zeros do not count."""
    return len(re.sub(r"\D", "", number.text.lower().partition("e")[0]).lstrip("0"))


def _half_up(value: Fraction) -> int:
    """The nearest integer, a tie away from zero."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def _rounded(value: Fraction, digits: Digits) -> Number:
    if digits.decimals is not None:
        return _with_decimals(value, digits.decimals)
    return _with_significant(value, digits.significant or 1)


def _with_decimals(value: Fraction, decimals: int) -> Number:
    count = _half_up(value * 10**decimals)
    if count == 0 and value != 0:
        return _with_significant(value, decimals + 1, scientific=True)
    return _number(count, -decimals)


def _with_significant(value: Fraction, digits: int, scientific: bool = False) -> Number:
    if value == 0:
        return Number(Fraction(0), "0")
    exponent = _decimal_exponent(value)
    count = _half_up(value / Fraction(10) ** (exponent - digits + 1))
    if abs(count) == 10**digits:
        count, exponent = count // 10, exponent + 1
    if scientific or not SMALLEST_FIXED_EXPONENT <= exponent < digits:
        mantissa = _number(count, 1 - digits)
        return Number(mantissa.value * Fraction(10) ** exponent, f"{mantissa.text}e{exponent}")
    return _number(count, exponent - digits + 1)


def _decimal_exponent(value: Fraction) -> int:
    """The e for which 10**e <= |value| < 10**(e + 1)."""
    value = abs(value)
    exponent = (value.numerator.bit_length() - value.denominator.bit_length()) * 30103 // 100000 - 1
    while value >= Fraction(10) ** (exponent + 1):
        exponent += 1
    return exponent


def _number(count: int, exponent: int) -> Number:
    """count * 10**exponent in fixed form, for an exponent of 0 or less."""
    digits = str(abs(count)).rjust(1 - exponent, "0")
    split = len(digits) + exponent
    text = digits[:split] + (f".{digits[split:]}" if exponent else "")
    return Number(count * Fraction(10) ** exponent, f"-{text}" if count < 0 else text)
