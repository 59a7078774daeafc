"""Which quantities are net inputs and outputs, and what dE/dnet is called.

Input: equations and roles. Output: `deltas` (net input -> name) and `outputs`, by the rules a textbook follows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from symprop.functions import FUNCTIONS
from symprop.graph import Equation
from symprop.terms import Apply, Ref, children, downstream, names_in, subterms

NET_WORDS = ("net", "z", "x", "a", "s", "in", "sum", "pre")
NET_LETTER = re.compile(r"[zxasnZXASN](?=[A-Za-z]*\d|[ho])")


def default_deltas(nets: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """`net_h1` -> `delta_h1`, `zh1` -> `delta_h1`, `Z2` -> `delta_2`; the full name where the tail would be used twice."""
    short = {name: f"delta_{tail(name)}" for name in nets}
    uses = Counter(short.values())
    return {name: delta if uses[delta] == 1 and delta not in taken else f"delta_{name}" for name, delta in short.items()}


def tail(name: str) -> str:
    """The unit's part of a net input's name: `h1` of `net_h1` or `zh1`, `1` of `x1` or `Z1`."""
    head, _, rest = name.partition("_")
    if rest and head.lower() in NET_WORDS:
        return rest
    return name[1:] if NET_LETTER.match(name) else name


def net_inputs(equations: Iterable[Equation]) -> tuple[str, ...]:
    """The computed quantities whose every use is an activation, or a fused loss, applied directly to them."""
    equations = tuple(equations)
    activated: set[str] = set()
    plain: set[str] = set()
    for equation in equations:
        for part in subterms(equation.term):
            direct = isinstance(part, Apply) and (FUNCTIONS[part.function].activation or FUNCTIONS[part.function].fused)
            names = (operand.name for operand in children(part) if isinstance(operand, Ref))
            (activated if direct else plain).update(names)
        plain.update({equation.term.name} if isinstance(equation.term, Ref) else ())
    return tuple(equation.name for equation in equations if equation.name in activated - plain)


def default_outputs(equations: Iterable[Equation], targets: Collection[str], loss: str) -> tuple[str, ...]:
    """The computed quantities that the loss compares: free of targets themselves, used beside a target.

    Without targets: what the loss is computed from, or the loss itself.
    """
    terms = {equation.name: equation.term for equation in equations}
    judged = set(downstream(terms, targets)) if targets else {loss}
    used = [name for judge in terms if judge in judged for name in names_in(terms[judge])]
    compared = dict.fromkeys(name for name in used if name in terms and name not in judged)
    return tuple(name for name in terms if name in compared) or (loss,)
