"""The worked example: a whole round of training by hand, with the reader's own numbers, every line true as printed."""

from symprop.render.worksheet.build import DEFAULT_DIGITS, worksheet

__all__ = ["DEFAULT_DIGITS", "worksheet"]
