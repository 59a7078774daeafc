"""Why a wrong answer is wrong: a catalogue of mistakes made from the network's own derivation; each diagnosis is proved."""

from symprop.check.mistakes.diagnose import Diagnoser
from symprop.check.mistakes.formed import Found

__all__ = ["Diagnoser", "Found"]
