"""The catalogue of generated files: for each network, which files there are and how each is made.

Input: a derivation. Output: its artefacts, `<id>/network.py` and the rest, rendered and not yet written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from symprop.artefacts.files import Artefact
from symprop.derive import Derivation
from symprop.emit import modules
from symprop.render.article import article
from symprop.render.worksheet import worksheet

Maker = Callable[[Derivation, Path | None], str]


def _worksheet(derivation: Derivation, templates: Path | None) -> str:
    return article(worksheet(derivation), templates)


FILES: Mapping[str, Maker] = {"worksheet.tex": _worksheet}  # beside the module


def folder_of(derivation: Derivation) -> PurePosixPath:
    """The folder of a network's files below the root."""
    return PurePosixPath(derivation.network.id)


def artefacts_of(
    derivation: Derivation, templates: Path | None = None, targets: Sequence[str] = ("numpy",)
) -> tuple[Artefact, ...]:
    """Every file of a network; `templates` is a user's folder, looked into before the shipped templates.

    Raises UsageError for an unknown target.
    """
    texts = {name: text for target in targets for name, text in modules(derivation, target, templates).items()}
    texts |= {name: make(derivation, templates) for name, make in FILES.items()}
    folder = folder_of(derivation)
    return tuple(Artefact(folder / name, text.encode()) for name, text in texts.items())
