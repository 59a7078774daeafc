"""The language: texts in Python notation, LaTeX and Unicode to terms, without ever evaluating anything."""

from symprop.language.assignment import split_assignment
from symprop.language.names import Names
from symprop.language.reading import Notation, Reading, read, readings
from symprop.language.show import show

__all__ = ["Names", "Notation", "Reading", "read", "readings", "show", "split_assignment"]
