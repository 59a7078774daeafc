"""What a module's numbers are held to: losses that symprop computes from the program itself, and the document's claims.

Input: a `Program`. Output: lines of code, LOSSES and CLAIMS, and what stands around them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import isclose, isfinite
from types import ModuleType
from typing import Any

import numpy as np

from symprop.emit.layout import UNBROKEN, WIDTH, Lines, stacked
from symprop.emit.program import Program, Rule
from symprop.emit.values import has_data
from symprop.errors import UnsupportedError
from symprop.graph import Claim, Draw, Equation, Network, Printed, Shape
from symprop.spec.options import INITIALIZERS
from symprop.worked import decimals, floats
from symprop.worked.initial import initial_values

NOT_HELD = "Not here, because they are single entries, follow from other printed numbers, or are not computed by the module"
UPDATES = 2  # so many are taken with each rule
REACHED = 1e-10  # relative: a module is not held to a loss that doubles miss by more


def reproducible(network: Network, drawn: bool) -> bool:
    """Whether a module has the document's numbers: its data, and its initial values; `drawn` are those of `np.random.Generator`."""
    draws = (initial for initial in network.initial.values() if isinstance(initial, Draw))
    kinds = {INITIALIZERS[draw.initializer].draw for draw in draws}
    return has_data(network) and (drawn or kinds <= {"none", "legacy"})


def start_values(network: Network) -> dict[str, Any] | None:
    """The parameters before training; None where every run draws others."""
    try:
        return {name: floats.to_floats(value) for name, value in initial_values(network).items()}
    except UnsupportedError:
        return None


def loss_lines(program: Program) -> Lines:
    """LOSSES, (rule, updates, loss) at the document's numbers: the program evaluated by symprop, not by the module.

    They are computed in decimals: a last digit of doubles differs from processor to processor.
    """
    network = program.network
    start = start_values(network)
    if start is None:
        return ()
    zeros = {name: np.zeros(_sizes(shape))[()] for name, shape in program.states.items()}
    true, reached = _losses(program, decimals, decimals.from_floats(start | zeros)), _losses(program, floats, start | zeros)
    held = (each for each, other in zip(true, reached, strict=True) if _is_reached(each[-1], other[-1]))
    return stacked("LOSSES = ", tuple(f'("{name}", {count}, {loss!r})' for name, count, loss in held), "[]", 0)


def _is_reached(true: float, found: float) -> bool:
    return isfinite(true) and isclose(true, found, rel_tol=REACHED)


def _losses(program: Program, numbers: ModuleType, start: Mapping[str, Any]) -> Iterator[tuple[str, int, float]]:
    """Rule, updates, loss, in the arithmetic of `floats` or `decimals`."""
    loss = program.network.graph.loss
    yield "document", 0, float(_forward(program, numbers, start)[loss])
    for name, rule in program.rules.items():
        carried = start
        for count in range(1, UPDATES + 1):
            carried = _stepped(program, numbers, rule, carried)
            yield name, count, float(_forward(program, numbers, carried)[loss])


def _forward(program: Program, numbers: ModuleType, carried: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = numbers.forward(program.network, {name: carried[name] for name in program.parameters})
    return values


def _stepped(program: Program, numbers: ModuleType, rule: Rule, carried: Mapping[str, Any]) -> dict[str, Any]:
    """What is carried on after one update by a rule."""
    values = _forward(program, numbers, carried) | dict(carried)
    values = numbers.solve((Equation(line.name, line.term) for line in rule.lines), values)
    return {name: values[name] for name in program.carried}


def _sizes(shape: Shape) -> tuple[int, ...]:
    return tuple(int(length) for length in shape)


def held_claims(program: Program, most: int) -> tuple[Claim, ...]:
    """The claims that the module reproduces after `most` updates at most, each under the convention under which it holds."""
    network = program.network
    known = {*program.row, *(line.name for line in program.derived), *program.gradients.values()}
    found = [claim for claim in map(_as_it_holds, network.claims) if claim is not None]
    return tuple(claim for claim in found if claim.quantity in known and claim.iterations <= most)


def claim_lines(claims: Iterable[Claim]) -> Lines:
    """CLAIMS, (quantity, rule, updates, where, what is printed); nothing for none."""
    rows = tuple(map(_claim, claims))
    return tuple(line.replace(UNBROKEN, " ") for line in stacked("CLAIMS = ", rows, "[]", 0)) if rows else ()


def left_out(network: Network, held: Iterable[Claim]) -> Lines:
    """A comment on the quantities that the document claims and the module is not held to."""
    named = {claim.quantity for claim in held}
    missing = dict.fromkeys(claim.quantity for claim in network.claims if claim.quantity not in named)
    comment = textwrap.wrap(f"{NOT_HELD}: {', '.join(missing)}.", WIDTH - 2) if missing else ()
    return tuple(f"# {line}" for line in comment)


def _as_it_holds(claim: Claim) -> Claim | None:
    """A claim under the convention that its finding gives; None for one that comes from other printed numbers."""
    finding = claim.finding
    if finding is None:
        return claim
    if finding.printed_values or finding.difference:
        return None
    count = claim.iterations if finding.iterations is None else finding.iterations
    return replace(claim, update=finding.update or claim.update, iterations=count)


def claimed_gradients(program: Program, claims: Iterable[Claim]) -> Iterator[str]:
    """The lines that name the gradients of which claims speak."""
    parameters = {gradient: name for name, gradient in program.gradients.items()}
    for name in dict.fromkeys(claim.quantity for claim in claims if claim.quantity in parameters):
        yield f'values["{name}"] = gradients["{parameters[name]}"]'


def _claim(claim: Claim) -> str:
    where = json.dumps(claim.where, ensure_ascii=False).replace(" ", UNBROKEN)
    head = f'("{claim.quantity}", "{claim.update}", {claim.iterations}, {where}'
    return f"{head}, {_printed(claim.printed)})"


def _printed(printed: Printed) -> str:
    return f'"{printed}"' if isinstance(printed, str) else f"[{', '.join(map(_printed, printed))}]"
