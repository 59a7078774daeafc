"""The templates: where they lie, the syntax of each kind, and how a view becomes text.

Input: a template's name (`module.py.jinja`) and one view object; optionally a user's folder, which is looked into first.
Output: the rendered text. The name's ending says the syntax: `.tex.jinja` has LaTeX's delimiters, `.html.jinja` is autoescaped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError
from types import TracebackType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from symprop.errors import InputError

# Jinja's own delimiters occur in LaTeX: `{{{`, `{#1}`, `{%`.
LATEX_SYNTAX = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}
KINDS: dict[str, dict[str, Any]] = {".tex.jinja": LATEX_SYNTAX, ".html.jinja": {"autoescape": True}}


def templates_path() -> Path:
    """The folder of the shipped templates: inside the package in an installed wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


class CompiledTemplates(FileSystemBytecodeCache):
    """The code that Jinja makes of the shipped templates, kept in `__pycache__` beside them, as Python keeps a module's.

    Making it takes a tenth of the time of `symprop generate`. It carries the checksum of its template; where it cannot be written,
    or `PYTHONDONTWRITEBYTECODE` is set, it is made anew each time.
    """

    def __init__(self) -> None:
        super().__init__(str(templates_path() / "__pycache__"), "%s.pyc")

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of the file: the template and the Python that reads it."""
        return f"{name}.{sys.implementation.cache_tag}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where there is code for it; a file cut short is none."""
        with suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code, where that is wanted and possible."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)


def environment(folder: Path | None = None) -> Environment:
    """An environment in Jinja's default syntax; `folder` comes before the shipped templates.

    An undefined name is an error, a line that holds only a block leaves nothing, the last line end is kept. Only the shipped
    templates' code is kept: nothing is written into a user's folder.
    """
    if folder is not None and not folder.is_dir():
        raise InputError(f"--templates: '{folder}' is not a folder")
    folders = [templates_path()] if folder is None else [folder, templates_path()]
    return Environment(
        loader=FileSystemLoader(folders),
        bytecode_cache=CompiledTemplates() if folder is None else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def template(name: str, folder: Path | None = None) -> Template:
    """The template of this name in the syntax of its kind."""
    kind = next((syntax for ending, syntax in KINDS.items() if name.endswith(ending)), {})
    return environment(folder).overlay(**kind).get_template(name)


def render(name: str, view: object, folder: Path | None = None) -> str:
    """Render a template over `view`, under which name the template sees it.

    A mistake in a user's template is an `InputError` that names the file and the line.
    """
    try:
        return template(name, folder).render(view=view)
    except TemplateError as error:
        if folder is None:
            raise
        raise InputError(f"{_place(error, name)}: {error}") from error


def _place(error: TemplateError, name: str) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or name}, line {error.lineno}"
    frames = list(_template_frames(error.__traceback__))
    return f"{frames[-1].tb_frame.f_code.co_filename}, line {frames[-1].tb_lineno}" if frames else name


def _template_frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".jinja"):
            yield trace
        trace = trace.tb_next
