"""The generated module cut into the sections of a worksheet, each followed by a line that uses it.

Input: a derivation. Output: Python by the anchor of the section; run in this order it trains the network.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from symprop.derive import Derivation
from symprop.emit import module

# What a section shows of the module, and the lines that show it at work.
SHOWS: Mapping[str, tuple[str, ...]] = {
    "given": ("initial_parameters",),
    "forward": ("forward", "evaluate", "loss"),
    "backward": ("gradients",),
    "update": ("step",),
    "training": ("predict", "train"),
}
USES: Mapping[str, tuple[str, ...]] = {
    "given": ("parameters = initial_parameters()", "parameters"),
    "forward": ("evaluate(parameters, INPUTS, TARGETS)",),
    "backward": ("gradients(parameters, INPUTS, TARGETS)",),
    "update": ("after = step(parameters, INPUTS, TARGETS, LEARNING_RATE)", "after"),
    "training": ("trained, history = train(record_every=max(1, ITERATIONS // 100))", "trained"),
}


@dataclass(frozen=True)
class _Piece:
    """A top-level statement of the module: its lines, the names that it defines, and those that it uses."""

    is_data: bool
    lines: tuple[str, ...]
    defines: tuple[str, ...]
    uses: frozenset[str]


def listings_of(derivation: Derivation, templates: Path | None = None) -> dict[str, str]:
    """`given` holds imports, data and initial parameters; then `forward`, `backward`, `update` and `training`.

    Each section has what it shows, and what that needs and no section before it has, in the module's order.
    """
    text = module(derivation, templates=templates)
    pieces = list(_pieces(text))
    first = next(place for place, piece in enumerate(pieces) if not piece.is_data)
    placed = set(range(first))
    listings = {"given": [line for piece in pieces[:first] for line in piece.lines]}
    for anchor, names in SHOWS.items():
        needed = sorted(_needed(pieces, names) - placed)
        placed |= set(needed)
        listings.setdefault(anchor, []).extend(line for place in needed for line in pieces[place].lines)
    return {anchor: "\n".join([*code, "", "", *USES[anchor]]).strip("\n") for anchor, code in listings.items()}


def _pieces(text: str) -> Iterator[_Piece]:
    """The statements below the docstring, each with the comments above it."""
    docstring, *statements = ast.parse(text).body
    lines, end = text.splitlines(), docstring.end_lineno or 0
    for node in statements:
        names = frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
        is_data = not isinstance(node, (ast.FunctionDef, ast.ClassDef))
        yield _Piece(is_data, tuple(lines[end : node.end_lineno]), tuple(_defined(node)), names)
        end = node.end_lineno or 0


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else ()
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _needed(pieces: Sequence[_Piece], names: Sequence[str]) -> set[int]:
    """The statements that define these names, and those that they need in turn."""
    places = {name: place for place, piece in enumerate(pieces) for name in piece.defines}
    found: set[int] = set()
    pending = [places[name] for name in names if name in places]
    while pending:
        place = pending.pop()
        if place not in found:
            found.add(place)
            pending += [places[name] for name in sorted(pieces[place].uses) if name in places]
    return found
