"""How terms look: text in Python notation, LaTeX, MathML, speech, and the line breaker that all formats share.

Input: terms and a `Notation`, the typography of every name. Output: text in each format, and rows that fit the page.
"""

from symprop.notation.names import Notation
from symprop.notation.text import text

__all__ = ["Notation", "text"]
