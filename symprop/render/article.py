"""A Document as a complete LaTeX article, and as a fragment for inclusion in somebody's own document.

Input: a Document. Output: LaTeX that needs texlive-latex-recommended and texlive-pictures, and compiles without a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from symprop.notation.latex import escaped
from symprop.render.document import Document
from symprop.render.writers.tex import tex
from symprop.templating import render

ARTICLE = "worksheet.tex.jinja"


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What the article's template sees: the title, the line under it, and the body, all LaTeX already."""

    title: str
    subtitle: str
    body: str


def article(document: Document, templates: Path | None = None) -> str:
    """The whole article; `templates` is a user's folder, looked into before the shipped templates."""
    view = ArticleView(escaped(document.title), escaped(document.subtitle), tex(document))
    return render(ARTICLE, view, templates)
