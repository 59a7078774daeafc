"""From a derivation to the files of a target.

Input: a `Derivation` and a target's name. Output: the files' texts by name, the same bytes in every run.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from symprop.derive import Derivation
from symprop.emit.program import Program, program_of
from symprop.errors import InputError, UsageError, suggestion
from symprop.templating import render


@dataclass(frozen=True, slots=True)
class Target:
    """One row: the module of symprop that has its `module_view`, and the files that the view fills, each with its template.

    The first file is the Python module. A target is imported when it is asked for: the others would cost more time than it.
    """

    module: str
    files: Mapping[str, str]

    def view(self, program: Program) -> object:
        """What the templates see."""
        return importlib.import_module(self.module).module_view(program)


TARGETS: Mapping[str, Target] = {
    "numpy": Target("symprop.emit.numpy", {"network.py": "network.py.jinja"}),
    "python": Target("symprop.emit.python", {"network_python.py": "network_python.py.jinja"}),
    "numba": Target("symprop.emit.numba", {"network_numba.py": "network_numba.py.jinja"}),
    "c": Target("symprop.emit.c", {"network_c.py": "network_c.py.jinja", "network.c": "network.c.jinja"}),
    "jax": Target("symprop.emit.jax", {"network_jax.py": "network_jax.py.jinja"}),
    "torch": Target("symprop.emit.torch", {"network_torch.py": "network_torch.py.jinja"}),
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
