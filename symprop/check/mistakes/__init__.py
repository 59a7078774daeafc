"""Why a wrong answer is wrong: a catalogue of mistakes made from the network's own derivation; each diagnosis is proved."""

from symprop.check.mistakes.diagnose import Diagnoser, Found

__all__ = ["Diagnoser", "Found"]
