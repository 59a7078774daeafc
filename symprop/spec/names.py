"""Which names a quantity may have.

Input: a name. Output: the name, or a refusal that says why it cannot be used on the page and in code alike.
"""

from __future__ import annotations

import builtins
import keyword
import re

from symprop.functions import FUNCTIONS
from symprop.spec.problems import Unexpected

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LONGEST_ID = 64
NETWORK_ID = re.compile(rf"[A-Za-z][A-Za-z0-9_-]{{0,{LONGEST_ID - 1}}}")
LONGEST_NAME = 64
OPERATIONS = ("mean", "transpose", "dot", "matmul", "multiply", "power", "square", "np", "numpy", "math")


def a_name(value: object) -> str:
    """A name that works in formulas, in Python and on the page alike."""
    if type(value) is not str:
        raise Unexpected("a name in quotes")
    if not IDENTIFIER.fullmatch(value) or len(value) > LONGEST_NAME:
        raise Unexpected("a name of ASCII letters, digits and underscores that begins with a letter")
    if value.endswith("_"):  # formulas read the underscore as LaTeX does: a subscript follows
        raise Unexpected("a name that ends in a letter or a digit", f"'{value}'", f"; try '{value.rstrip('_')}_1'")
    if keyword.iskeyword(value):
        raise Unexpected("a name that is free in Python", f"the keyword '{value}'", f"; try '{value}_1'")
    if value in FUNCTIONS or value in OPERATIONS:
        raise Unexpected("a name that is not a function's", f"'{value}'", f"; try '{value}_1'")
    if hasattr(builtins, value):
        raise Unexpected("a name that is free in Python", f"Python's own '{value}'", f"; try '{value}_1'")
    return value


def a_network_id(value: object) -> str:
    """An identifier that can name a folder on every system."""
    if type(value) is not str or not NETWORK_ID.fullmatch(value):
        raise Unexpected("an id of letters, digits, hyphens and underscores that begins with a letter")
    return value
