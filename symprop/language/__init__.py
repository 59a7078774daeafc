"""The language: texts in Python notation, LaTeX and Unicode to terms, without ever evaluating anything."""

from symprop.language.names import Names
from symprop.language.pratt import CountsFromZero
from symprop.language.reading import Notation, Reading, read, readings

__all__ = ["CountsFromZero", "Names", "Notation", "Reading", "read", "readings"]
