"""The derivation: one backward sweep, frozen, and its entries."""

from symprop.derive.derivation import Derivation, Edge, Gradient, Step
from symprop.derive.scalar import Lowered, lowered
from symprop.derive.sweep import derive

__all__ = ["Derivation", "Edge", "Gradient", "Lowered", "Step", "derive", "lowered"]
