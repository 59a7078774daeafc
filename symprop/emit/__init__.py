"""Emission: a derivation as a module of code in a target language."""

from symprop.emit.modules import TARGETS, module, modules

__all__ = ["TARGETS", "module", "modules"]
