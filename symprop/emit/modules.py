"""From a derivation to a module's text.

Input: a `Derivation` and a target's name. Output: the text, the same bytes in every run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from symprop.derive import Derivation
from symprop.emit import numpy
from symprop.emit.program import Program, program_of
from symprop.errors import InputError, UsageError, suggestion
from symprop.templating import render


@dataclass(frozen=True, slots=True)
class Target:
    """One row: the view of a program, and the template that it fills."""

    view: Callable[[Program], object]
    template: str


TARGETS: Mapping[str, Target] = {"numpy": Target(numpy.module_view, numpy.TEMPLATE)}


def module(derivation: Derivation, target: str = "numpy", templates: Path | None = None) -> str:
    """The module `network.py` of a derivation.

    `templates` is a folder whose templates come before the shipped ones. Raises UsageError for an unknown target, InputError
    where a user's template does not give valid Python.
    """
    if target not in TARGETS:
        raise UsageError(f"target '{target}' is unknown{suggestion(target, TARGETS)}")
    row = TARGETS[target]
    text = render(row.template, row.view(program_of(derivation)), templates)
    _parsed(text, row.template)
    return text


def _parsed(text: str, template: str) -> None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise InputError(f"{template}: the rendered line {error.lineno} is not Python: {error.msg}") from error
