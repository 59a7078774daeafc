"""How a quantity's name looks on the page: base, subscript, superscript, accent.

Input: a name, once, when a spec is built. Output: a `Typography` that every renderer uses; no renderer guesses from a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GREEK: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}
ACCENTS = ("hat", "bar", "tilde")


@dataclass(frozen=True, slots=True)
class Typography:
    """`base` is a letter, a Greek letter's English name (`delta`) or a whole word (`net`, set upright)."""

    base: str
    subscript: str = ""
    superscript: str = ""
    accent: str = ""


def typography_of(name: str) -> Typography:
    """The usual reading of an identifier: `net_h1` -> net, h1; `w5` -> w, 5; `yhat_1` -> y with a hat, 1."""
    head, _, tail = name.partition("_")
    match = re.fullmatch(r"([^\W\d]+?)(\d+)", head)
    if match and not tail:
        head, tail = match.groups()
    elif match:
        head, tail = match.group(1), f"{match.group(2)},{tail}"
    for accent in ACCENTS:
        if head.endswith(accent) and len(head) == len(accent) + 1:
            return Typography(head[0], tail.replace("_", ","), accent=accent)
    return Typography(head, tail.replace("_", ","))
