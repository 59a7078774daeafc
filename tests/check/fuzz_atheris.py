"""Coverage-guided fuzzing of marking, by hand: any text gets a verdict or a refusal of one line, within its counted work.

Input: the options of libFuzzer (`-max_total_time=600`, a folder for the corpus). Output: its log; a finding ends the run and leaves
the input in a file `crash-*`, which as an argument plays the finding again. Needs `pip install atheris`, which is no dependency.
"""

from __future__ import annotations

import sys
from functools import cache

import atheris

with atheris.instrument_imports(include=["symprop.language", "symprop.check"]):
    from symprop.check.attempts import ALLOWANCE
    from symprop.check.decide import DEFAULT
    from symprop.check.marker import Marker
    from symprop.derive import derive
    from symprop.errors import TextError, UsageError
    from symprop.spec import load

ASKED = (
    ("two_node", "w0"), ("two_node", "w1"), ("two_node", "E"), ("step_by_step", "w1"), ("step_by_step", "w5"),
    ("step_by_step", "delta_h1"), ("step_by_step", "net_h1"), ("hidden_layer", "Wo"), ("hidden_layer", "Wh[1,2]"),
    ("hidden_layer", "l1_delta"),
)  # fmt: skip
COMMON = (*"0123456789+-*/^()[]{}_.,'=\\ @!%|<>&~$#;:\"", "**", "exp(", "sigmoid(", "tanh(", "softplus(", "log(", "abs(", "relu(",
    "sqrt(", "step(", "maximum(", "sum(", "mean(", ".T", "\\frac{", "\\sigma(", "\\hat ", "\\text{", "\\left(",
    "\\right)", "\\cdot ", "\\odot ", "^{\\top}", "_{", "½", "²", "₀", "⁻¹", "−", "·", "σ", "ŷ", "∂", "√", "Δ", "ᵀ", "⁺",
    "\u200b", "\u202e", "х", "０", "1e9", "0.5", "dE/d", "sigmoid'(", "_new", "np.", "[1,1]", "[1,2]", "[0,0]")  # fmt: skip
MOST_OPERATIONS = ALLOWANCE + 4 * DEFAULT.operations


@cache
def marker(network: str) -> Marker:
    return Marker(derive(load(network)))


@cache
def pieces(network: str) -> tuple[str, ...]:
    """Texts that make something sensible likelier: the network's names, functions, marks of all notations."""
    return (*marker(network).exercise.vocabulary.shapes, *COMMON)


def typed(data: atheris.FuzzedDataProvider, network: str) -> str:
    """Free text, or up to 40 pieces."""
    if data.ConsumeBool():
        return str(data.ConsumeUnicodeNoSurrogates(200))
    words = pieces(network)
    return "".join(words[data.ConsumeIntInRange(0, len(words) - 1)] for _ in range(data.ConsumeIntInRange(0, 40)))


def mark_one(raw: bytes) -> None:
    """Mark one text; an assertion is a finding."""
    data = atheris.FuzzedDataProvider(raw)
    network, quantity = ASKED[data.ConsumeIntInRange(0, len(ASKED) - 1)]
    text = typed(data, network)
    try:
        verdict = marker(network).check(quantity, text)
    except (TextError, UsageError) as error:
        assert "\n" not in str(error), (network, quantity, text)
        return
    assert verdict.outcome in ("correct", "not correct", "undecided"), (network, quantity, text)
    assert marker(network).judge.spent <= MOST_OPERATIONS, (network, quantity, text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, mark_one)
    atheris.Fuzz()
