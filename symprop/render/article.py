"""A Document as a complete LaTeX article, and as a fragment for inclusion in somebody's own document.

Input: a Document. Output: LaTeX that needs texlive-latex-recommended and texlive-pictures, and compiles without a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from symprop.notation.latex import escaped
from symprop.render.document import Block, Document, Figure, Table, all_blocks
from symprop.render.rows import ARTICLE, FRAGMENT, Page
from symprop.render.writers.tex import tex
from symprop.templating import render

ALWAYS = ("amsmath", "amssymb")
PACKAGES: dict[str, Callable[[Block], bool]] = {  # and the blocks that need them
    "booktabs": lambda block: isinstance(block, Table),
    "tikz": lambda block: isinstance(block, Figure),
    "pgfplots": lambda block: isinstance(block, Figure) and block.kind == "curves",
}
ARTICLE_TEMPLATE, FRAGMENT_TEMPLATE = "worksheet.tex.jinja", "fragment.tex.jinja"


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What a LaTeX template sees: the title (once without mathematics, for the PDF), the line under it, the body, all LaTeX.

    `packages` are those that the body needs; `curves` says whether it draws with pgfplots.
    """

    title: str
    plain_title: str
    subtitle: str
    body: str
    packages: tuple[str, ...]

    @property
    def curves(self) -> bool:
        return "pgfplots" in self.packages


def article(document: Document, templates: Path | None = None) -> str:
    """The whole article; `templates` is a user's folder, looked into before the shipped templates."""
    return render(ARTICLE_TEMPLATE, _view(document, ARTICLE), templates)


def fragment(document: Document, templates: Path | None = None) -> str:
    """The body and the commands that it uses, for \\input into a document that loads the packages named in its first line."""
    return render(FRAGMENT_TEMPLATE, _view(document, FRAGMENT), templates)


def _view(document: Document, page: Page) -> ArticleView:
    plain = "".join(sign for sign in document.title if sign not in "\\{}%#&$^_~")
    body = tex(document, page).rstrip("\n")
    packages = tuple(package for package, is_needed in PACKAGES.items() if any(map(is_needed, all_blocks(document.blocks))))
    return ArticleView(escaped(document.title), plain, escaped(document.subtitle), body, (*ALWAYS, *packages))
