"""The derivation: one backward sweep, frozen, and its entries."""

from symprop.derive.derivation import Derivation, Gradient
from symprop.derive.steps import Edge, Step
from symprop.derive.sweep import derive

__all__ = ["Derivation", "Edge", "Gradient", "Step", "derive"]
