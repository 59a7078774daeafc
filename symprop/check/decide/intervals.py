"""Interval arithmetic on integers: enclosures with outward rounding, the same on every machine.

Input: intervals (low, high) of integers that stand for low/2**bits .. high/2**bits. Output: intervals that contain every value.
Raises `Undefined` where the value certainly doesn't exist, `Unenclosed` where the precision is at fault, `Oversized` the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
_LARGEST = 1 << 12  # bits before the point of the largest value, and the most that an exponential's argument may be is _FARTHEST
_FARTHEST = 1024
_GUARD = 64  # bits beyond the result's; every error below stays under 2**30 units of the last of them
_SLACK = 1 << 112
_LOG2E = 6497320848556798  # 2**52 / ln 2


class Undefined(Exception):
    """The logarithm of a negative number, the reciprocal of zero."""


class Unenclosed(Exception):
    """The interval is too wide to go on; more bits may help."""


class Oversized(Unenclosed):
    """The value is too large to be written out."""


def fixed(value: Fraction, bits: int) -> Interval:
    """A rational number."""
    scaled = value.numerator << bits
    return scaled // value.denominator, -(-scaled // value.denominator)


def plus(summands: Sequence[Interval]) -> Interval:
    """The sum."""
    return sum(low for low, _ in summands), sum(high for _, high in summands)


def times(left: Interval, right: Interval, bits: int) -> Interval:
    """The product."""
    (a, b), (c, d) = left, right
    if a >= 0 and c >= 0:
        low, high = a * c, b * d
    else:
        corners = (a * c, a * d, b * c, b * d)
        low, high = min(corners), max(corners)
    return _sized((low >> bits, -(-high >> bits)), bits)


def _sized(interval: Interval, bits: int) -> Interval:
    if max(-interval[0], interval[1]).bit_length() > bits + _LARGEST:
        raise Oversized
    return interval


def reciprocal(value: Interval, bits: int) -> Interval:
    """1/x."""
    low, high = value
    if low <= 0 <= high:
        raise Undefined if low == high else Unenclosed
    one = 1 << (2 * bits)
    return _sized((one // high, -(-one // low)), bits)


def power(base: Interval, exponent: int, bits: int) -> Interval:
    """x**exponent for an integer exponent."""
    if exponent < 0:
        return reciprocal(power(base, -exponent, bits), bits)
    low, high = base
    if exponent % 2 == 0 and low < 0:
        base = (0 if high > 0 else -high, max(-low, high))
    result = (1 << bits, 1 << bits)
    while exponent:
        if exponent & 1:
            result = times(result, base, bits)
        exponent >>= 1
        if exponent:
            base = times(base, base, bits)
    return result


def sign(value: Interval, bits: int) -> Interval:
    """The sign; -1 .. 1 where it isn't known."""
    one = 1 << bits
    return (one if value[0] > 0 else 0 if value[0] == 0 else -one), (-one if value[1] < 0 else 0 if value[1] == 0 else one)


def exp(value: Interval, bits: int) -> Interval:
    """e**x."""
    low, high = value
    if high > _FARTHEST << bits:
        raise Oversized
    if high - low <= 1:
        near = _exp(low, bits)
        return max(near - 1, 0), near + 2 + (near >> (bits - 1))
    return max(_exp(low, bits) - 1, 0), _exp(high, bits) + 2


def log(value: Interval, bits: int) -> Interval:
    """The natural logarithm."""
    low, high = value
    if low <= 0:
        raise Undefined if high <= 0 else Unenclosed
    return _log(low, bits) - 1, _log(high, bits) + 2


def root(value: Interval, exponent: Fraction, bits: int) -> Interval:
    """x**exponent for a positive rational exponent and x >= 0."""
    low, high = value
    if high < 0:
        raise Undefined
    if low < 0:
        raise Unenclosed
    if high == 0:
        return 0, 0
    scale = fixed(exponent, bits)
    below = exp(times(scale, log((low, low), bits), bits), bits)[0] if low else 0
    return below, exp(times(scale, log((high, high), bits), bits), bits)[1]


def sigmoid(value: Interval, bits: int) -> Interval:
    """1/(1 + e**-x), computed from e**-|x|."""
    return _sigmoid(value[0], bits)[0], _sigmoid(value[1], bits)[1]


def _sigmoid(value: int, bits: int) -> Interval:
    low, high = exp((-abs(value), -abs(value)), bits)
    one, unit = 1 << bits, 1 << (2 * bits)
    if value >= 0:
        return unit // (one + high), -(-unit // (one + low))
    return (low << bits) // (one + low), -(-(high << bits) // (one + high))


def _exp(value: int, bits: int) -> int:
    """2**bits * e**(value/2**bits), less than 1 above the integer returned and less than 1 below the next but one."""
    twos = value * _LOG2E >> (bits + 52)
    if twos < -bits - 2:
        return 0
    work = _rounded_up(bits + max(twos, 0) + _GUARD)
    rest = ((value << (work - bits)) - twos * _ln2(work)) >> 8
    term = total = 1 << work
    count = 1
    while term:
        term = (term * rest >> work) // count
        total += term
        count += 1
    for _ in range(8):
        total = total * total >> work
    return total >> (work - bits - twos)


def _log(value: int, bits: int) -> int:
    """2**bits * ln(value/2**bits), within 1 of the integer returned."""
    work = _rounded_up(bits + _GUARD)
    twos = value.bit_length() - bits
    shift = work - bits - twos
    root = value << shift if shift >= 0 else value >> -shift
    for _ in range(10):
        root = isqrt(root << work)
    return (twos * _ln2(work) + (_atanh((root - (1 << work) << work) // (root + (1 << work)), work) << 11)) >> (work - bits)


def _atanh(value: int, work: int) -> int:
    square = value * value >> work
    term, total, odd = value, 0, 1
    while term not in (0, -1):
        total += term // odd
        term = term * square >> work
        odd += 2
    return total


@lru_cache(maxsize=16)
def pi(bits: int) -> Interval:
    """The circle's number: 16 atan(1/5) - 4 atan(1/239)."""
    work = bits + 16
    value = 16 * _atan((1 << work) // 5, work) - 4 * _atan((1 << work) // 239, work) >> 16
    return value - 1, value + 2


def _atan(value: int, work: int) -> int:
    square = value * value >> work
    term, total, odd = value, 0, 1
    while term:
        total += term // odd if odd % 4 == 1 else -(term // odd)
        term = term * square >> work
        odd += 2
    return total


def erf(value: Interval, bits: int) -> Interval:
    """The error function, by its series for |x| <= 8; beyond, it is within 2**-95 of 1."""
    return _erf(value[0], bits)[0], _erf(value[1], bits)[1]


def _erf(value: int, bits: int) -> Interval:
    one = 1 << bits
    if value < 0:
        low, high = _erf(-value, bits)
        return -high, -low
    if value > 8 << bits:
        return one - max(1, one >> 95), one
    work = bits + 192  # the terms, and with them the errors of their rounding, grow by less than 2**96: all stays below _SLACK
    term, total, count = value << 192, 0, 0
    while term:
        total += (term if count % 2 == 0 else -term) // (2 * count + 1)
        count += 1
        term = (term * value >> bits) * value // count >> bits
    low, high = pi(work)
    scale = (isqrt(low << work), isqrt(high << work) + 1)
    return ((2 * total - _SLACK << bits) // scale[1], min(one, ((2 * total + _SLACK << bits) // scale[0]) + 1))


def _rounded_up(bits: int) -> int:
    """The next multiple of 64: few values of ln 2 are ever computed."""
    return -(-bits // 64) * 64


@lru_cache(maxsize=256)
def _ln2(work: int) -> int:
    """2**work * ln 2, by Machin's kind of formula."""
    inner = work + 16
    parts = ((18, 26), (-2, 4801), (8, 8749))
    return sum(factor * _atanh((1 << inner) // base, inner) for factor, base in parts) >> 16
