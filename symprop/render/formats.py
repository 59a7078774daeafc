"""The table of a worksheet's formats, by the ending of the file's name.

Input: a Document. Output: the file's bytes; a new format is a row here and a writer. A writer is loaded when it writes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from symprop.errors import UsageError, suggestion

if TYPE_CHECKING:
    from symprop.render.document import Document

Writer: TypeAlias = "Callable[[Document, Path | None], bytes]"


def _tex(document: Document, templates: Path | None) -> bytes:
    from symprop.render.article import article

    return article(document, templates).encode()


def _pdf(document: Document, templates: Path | None) -> bytes:
    from symprop.render.article import article
    from symprop.render.pdf import pdf

    return pdf(article(document, templates))


def _html(document: Document, templates: Path | None) -> bytes:
    from symprop.render.page import page

    return page(document, templates).encode()


def _markdown(document: Document, templates: Path | None) -> bytes:
    from symprop.render.writers.markdown import markdown

    return markdown(document).encode()


def _notebook(document: Document, templates: Path | None) -> bytes:
    from symprop.render.writers.notebook import notebook

    return notebook(document).encode()


def fragment(document: Document, templates: Path | None = None) -> bytes:
    """The body alone, for \\input into one's own document."""
    from symprop.render import article

    return article.fragment(document, templates).encode()


FORMATS: dict[str, Writer] = {".tex": _tex, ".pdf": _pdf, ".html": _html, ".md": _markdown, ".ipynb": _notebook}
RUNNING = (".ipynb",)  # formats that run the listings of a document


def format_of(path: str) -> Writer:
    """The writer for a file's ending; raises UsageError for an unknown one."""
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        near = suggestion(ending, FORMATS)
        hint = near if near.startswith(";") else ""
        got = f"'{ending}'" if ending else "a name without an ending"
        raise UsageError(f"-o {path}: expected a file ending in {', '.join(FORMATS)}, got {got}{hint}")
    return FORMATS[ending]
