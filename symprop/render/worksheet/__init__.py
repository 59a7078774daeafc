"""The worked example: a whole round of training by hand, with the reader's own numbers, every line true as printed."""

from symprop.render.worksheet.build import DEFAULT_DIGITS, document_of, worksheet
from symprop.render.worksheet.editions import Blank
from symprop.render.worksheet.sheet import Sheet, sheet_of

__all__ = ["DEFAULT_DIGITS", "Blank", "Sheet", "document_of", "sheet_of", "worksheet"]
