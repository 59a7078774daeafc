"""Emission: a derivation as a module of code in a target language."""

from symprop.emit.modules import module

__all__ = ["module"]
