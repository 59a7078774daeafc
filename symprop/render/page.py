"""A Document as one HTML page: no script, no other file, its mathematics font inside.

Input: a Document. Output: HTML that is well-formed XML too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from symprop.render import fonts
from symprop.render.document import Document
from symprop.render.writers.html import html
from symprop.templating import render

PAGE = "worksheet.html.jinja"


@dataclass(frozen=True, slots=True)
class PageView:
    """What the page's template sees. Its style is a template of its own, `worksheet.css.jinja`.

    language         the language of the text, as in `lang`
    title, subtitle  plain text
    family, font     the name of the mathematics font, and the font itself as a `data:` URL
    body             the blocks below the title, HTML already
    """

    language: str
    title: str
    subtitle: str
    family: str
    font: Markup
    body: Markup


def page(document: Document, templates: Path | None = None) -> str:
    """The whole page; `templates` is a user's folder, looked into before the shipped templates."""
    body = Markup(html(document))  # our own writer has escaped every text in it
    view = PageView("en", document.title, document.subtitle, fonts.FAMILY, Markup(fonts.data_url()), body)
    return render(PAGE, view, templates)
