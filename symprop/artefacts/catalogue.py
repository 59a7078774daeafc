"""The catalogue of generated files: for each network, which files there are and how each is made.

Input: a derivation. Output: its artefacts, `<id>/network.py` and the rest, rendered and not yet written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from symprop.artefacts.files import Artefact
from symprop.artefacts.training import curves_of
from symprop.derive import Derivation
from symprop.emit import modules
from symprop.errors import InputError, UnsupportedError
from symprop.render.article import article
from symprop.render.document import Document
from symprop.render.page import page
from symprop.render.worksheet import worksheet

PAGES: Mapping[str, Callable[[Document, Path | None], str]] = {"worksheet.tex": article, "worksheet.html": page}


def folder_of(derivation: Derivation) -> PurePosixPath:
    """The folder of a network's files below the root."""
    return PurePosixPath(derivation.network.id)


def artefacts_of(
    derivation: Derivation,
    templates: Path | None = None,
    targets: Sequence[str] = ("numpy",),
    tested: bool = False,
    told: Callable[[str], object] = lambda remark: None,
) -> tuple[Artefact, ...]:
    """Every file of a network; `templates` is a user's folder, looked into before the shipped templates.

    With `tested` the tests of each module lie beside it. `told` hears why there is no worksheet, where there is none: without
    numbers, or with numbers that a formula does not take, nothing can be worked out. Raises UsageError for an unknown target.
    """
    document = _worksheet(derivation, told)
    numbers = document.numbers if document else {}
    texts = {name: text for target in targets for name, text in modules(derivation, target, templates, numbers).items()}
    texts |= _tests(derivation, templates, targets) if tested else {}
    texts |= {name: write(document, templates) for name, write in PAGES.items()} if document else {}
    folder = folder_of(derivation)
    return tuple(Artefact(folder / name, text.encode()) for name, text in texts.items())


def _tests(derivation: Derivation, templates: Path | None, targets: Sequence[str]) -> dict[str, str]:
    from symprop.emit.selftest import selftest  # few runs ask for tests; all would wait for the import

    return dict(selftest(derivation, target, templates) for target in targets)


def _worksheet(derivation: Derivation, told: Callable[[str], object]) -> Document | None:
    try:
        return worksheet(derivation, curves=curves_of(derivation))
    except (UnsupportedError, InputError) as reason:  # an input error of these numbers alone: the network itself has been built
        told(f"no worksheet: {reason}")
        return None
