"""SymPy at work: terms to SymPy and back, slopes, and the local partial derivatives of one equation."""

from symprop.algebra.from_sympy import from_sympy
from symprop.algebra.partials import Local, local_partials
from symprop.algebra.to_sympy import atom, symbol, to_sympy

__all__ = ["Local", "atom", "from_sympy", "local_partials", "symbol", "to_sympy"]
