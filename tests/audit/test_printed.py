"""Printed digits against computed numbers."""

import pytest

from symprop.audit.printed import has_one_digit_too_many, reproduces, reproduces_within_rounding, rounded_like
from symprop.errors import InputError


@pytest.mark.parametrize(
    ("printed", "computed", "expected"),
    [
        ("0.298371109", 0.2983711087600027, True),
        ("0.298371108", 0.2983711087600027, False),
        ("0.291027924", 0.29102777369359933, False),
        ("0.35891648", 0.35891647971788465, True),
        ("0.50", 0.4999, True),
        ("0.500", 0.4994, False),
        ("3.40497041e-01", 0.34049704109, True),
        ("-7.07355497", -7.073554971, True),
        ("0.4998870565497362", 0.4998870565497362, True),
    ],
)
def test_every_printed_digit_counts(printed: str, computed: float, expected: bool) -> None:
    assert reproduces(printed, computed) is expected


def test_half_is_rounded_up_as_on_paper() -> None:
    assert str(rounded_like("0.1", 0.25)) == "0.3"
    assert str(rounded_like("0.1", -0.25)) == "-0.3"


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert str(rounded_like("0.12", -0.001)) == "0.00"


def test_only_long_claims_are_allowed_the_order_of_summation() -> None:
    assert reproduces_within_rounding("0.49962354308293877", 0.49962354308293872)
    assert not reproduces_within_rounding("0.4996235430", 0.49962354307)
    assert not reproduces_within_rounding("0.49962354308293877", 0.49962354309)
    assert not reproduces_within_rounding("0.49962354308293877", 0.49962354307)
    assert not reproduces_within_rounding("0.49962354308294", 0.49962354308297)  # 14 digits, and 6e-14 off


def test_one_digit_too_many() -> None:
    assert has_one_digit_too_many("0.0000351085", "0.000035085")
    assert not has_one_digit_too_many("0.0000351085", "0.000035086")


def test_a_claim_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="expected a number"):
        reproduces("0.2x", 0.2)
