"""The catalogue of generated files: for each network, which files there are and how each is made.

Input: a derivation. Output: its artefacts, `<id>/network.py` and the rest, rendered and not yet written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from symprop.artefacts.files import Artefact
from symprop.derive import Derivation
from symprop.emit import module
from symprop.render.article import article
from symprop.render.worksheet import worksheet

Maker = Callable[[Derivation, Path | None], str]


def _module(derivation: Derivation, templates: Path | None) -> str:
    return module(derivation, templates=templates)


def _worksheet(derivation: Derivation, templates: Path | None) -> str:
    return article(worksheet(derivation), templates)


FILES: Mapping[str, Maker] = {"network.py": _module, "worksheet.tex": _worksheet}


def folder_of(derivation: Derivation) -> PurePosixPath:
    """The folder of a network's files below the root."""
    return PurePosixPath(derivation.network.id)


def artefacts_of(derivation: Derivation, templates: Path | None = None) -> tuple[Artefact, ...]:
    """Every file of a network; `templates` is a user's folder, looked into before the shipped templates."""
    folder = folder_of(derivation)
    return tuple(Artefact(folder / name, make(derivation, templates).encode()) for name, make in FILES.items())
