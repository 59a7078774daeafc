"""How a quantity's name looks on the page: base, subscript, superscript, accent.

Input: a name, once, when a spec is built. Output: a `Typography` that every renderer uses; no renderer guesses from a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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
    """The usual reading of a name: `net_h1` -> net, h1; `w5` -> w, 5; `yhat_1` -> y with a hat, 1; `Wh[1,2]` -> Wh, 1,2."""
    array, bracket, indices = name.removesuffix("]").partition("[")
    if bracket:
        return indexed(typography_of(array), indices)
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


def entry_text(name: str, place: tuple[int, ...]) -> str:
    """An entry's name, `Wh[1,2]` for row 1, column 2; counted from 1 as on paper. A scalar keeps its own name."""
    return f"{name}[{indices_text(place)}]" if place else name


def indices_text(place: tuple[int, ...]) -> str:
    """0-based indices as a reader counts them: `1,2`."""
    return ",".join(str(index + 1) for index in place)


def indexed(whole: Typography, indices: str) -> Typography:
    """The typography of an array's entry: indices behind the subscript that the array has of its own."""
    return replace(whole, subscript=f"{whole.subscript};{indices}" if whole.subscript else indices)


def entry_of_text(name: str) -> tuple[str, tuple[int, ...]] | None:
    """The array and the 0-based indices of an entry's name `Wh[1,2]`; None for another name."""
    match = re.fullmatch(r"(.+)\[(\d{1,9}(?:, ?\d{1,9})*)\]", name)
    return (match[1], tuple(int(index) - 1 for index in match[2].split(","))) if match else None
