"""From a derivation to the files of a target.

Input: a `Derivation` and a target's name. Output: the files' texts by name, the same bytes in every run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from symprop.derive import Derivation
from symprop.emit import c, jax, numba, numpy, python, torch
from symprop.emit.program import Program, program_of
from symprop.errors import InputError, UsageError, suggestion
from symprop.templating import render


@dataclass(frozen=True, slots=True)
class Target:
    """One row: the view of a program, and the files that it fills, each with its template; the first is the module."""

    view: Callable[[Program], object]
    files: Mapping[str, str]


TARGETS: Mapping[str, Target] = {
    "numpy": Target(numpy.module_view, {"network.py": numpy.TEMPLATE}),
    "python": Target(python.module_view, {"network_python.py": python.TEMPLATE}),
    "numba": Target(numba.module_view, {"network_numba.py": numba.TEMPLATE}),
    "c": Target(c.module_view, {"network_c.py": c.MODULE, "network.c": c.SOURCE}),
    "jax": Target(jax.module_view, {"network_jax.py": jax.TEMPLATE}),
    "torch": Target(torch.module_view, {"network_torch.py": torch.TEMPLATE}),
}


def module(derivation: Derivation, target: str = "numpy", templates: Path | None = None) -> str:
    """The Python module of a derivation; `modules` has it with the files beside it."""
    return next(iter(modules(derivation, target, templates).values()))


def modules(
    derivation: Derivation, target: str = "numpy", templates: Path | None = None, numbers: Mapping[str, int] | None = None
) -> dict[str, str]:
    """The files of a derivation for a target, by name; the Python module comes first.

    `templates` is a folder whose templates come before the shipped ones; `numbers` are the worksheet's numbers of equations, by
    quantity. Raises UsageError for an unknown target, InputError where a user's template does not give valid Python.
    """
    if target not in TARGETS:
        raise UsageError(f"target '{target}' is unknown{suggestion(target, TARGETS)}")
    row = TARGETS[target]
    view = row.view(program_of(derivation, numbers))
    texts = {name: render(template, view, templates) for name, template in row.files.items()}
    for name, text in texts.items() if templates else ():
        if name.endswith(".py"):
            require_python(text, row.files[name])
    return texts


def require_python(text: str, template: str) -> None:
    """Raise InputError where the text rendered from a template is not Python."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise InputError(f"{template}: the rendered line {error.lineno} is not Python: {error.msg}") from error
