"""The generated module cut into the sections of a worksheet, each followed by a line that uses it.

Input: a derivation. Output: Python by the anchor of the section; run in this order it trains the network.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from symprop.derive import Derivation
from symprop.emit import module

# The definition that begins a section's code, and what shows the code at work.
BEGINS = {"forward": "forward", "gradients": "backward", "train": "training", "main": ""}
USES: Mapping[str, tuple[str, ...]] = {
    "given": ("parameters = initial_parameters()", "parameters"),
    "forward": ("evaluate(parameters, INPUTS, TARGETS)",),
    "backward": ("gradients(parameters, INPUTS, TARGETS)",),
    "update": ("after = step(parameters, INPUTS, TARGETS, LEARNING_RATE)", "after"),
    "training": ("trained, history = train(record_every=max(1, ITERATIONS // 100))", "trained"),
}


def listings_of(derivation: Derivation, templates: Path | None = None) -> dict[str, str]:
    """`given` holds imports, data and initial parameters; then `forward`, `backward`, `update` and `training`."""
    text = module(derivation, templates=templates)
    lines = text.splitlines()
    found: dict[str, list[str]] = {anchor: [] for anchor in USES}
    anchor, end = "given", 0
    for node in ast.parse(text).body:
        name = node.name if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else ""
        anchor = BEGINS.get(name, "update" if found["backward"] and anchor == "backward" else anchor)
        if anchor and not _is_docstring(node):
            found[anchor] += lines[end : node.end_lineno]
        end = node.end_lineno or 0
    return {anchor: "\n".join([*code, "", "", *USES[anchor]]).strip("\n") for anchor, code in found.items()}


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
