"""A LaTeX article compiled to PDF.

Input: the article's text. Output: the PDF's bytes; pdflatex runs in a folder that is gone afterwards and cannot run programs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from symprop.errors import MissingToolError, SympropError, UnsupportedError

INSTALL = "sudo apt-get install texlive-latex-recommended texlive-pictures  (or: brew install --cask basictex)"
PASSES = 3
FOREIGN = re.compile(r"^! LaTeX Error: (?:Unicode character|Command) (\S+(?: \(U\+\w+\))?)|Font \S+ at \d+ not foun", re.MULTILINE)
OPTIONS = ("-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode")


class CompileError(SympropError):
    """pdflatex refused a text that symprop wrote: our bug, with the log's first complaint."""


def pdf(article: str) -> bytes:
    """Compile until the references have settled, three passes at most.

    Raises MissingToolError without pdflatex, UnsupportedError for a letter that its fonts lack.
    """
    program = shutil.which("pdflatex")
    if program is None:
        raise MissingToolError(f"pdflatex is not installed; install it with: {INSTALL}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "worksheet.tex").write_text(article, encoding="utf-8")
        for _ in range(PASSES):
            log = _run(program, place)
            if "Rerun" not in log:
                break
        return (place / "worksheet.pdf").read_bytes()


def _run(program: str, place: Path) -> str:
    # the date is the epoch, so that the same article gives the same bytes
    environment = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "PATH": str(Path(program).parent) + ":/usr/bin:/bin"}
    command = [program, *OPTIONS, "worksheet.tex"]
    run = subprocess.run(command, cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    log = (place / "worksheet.log").read_text(encoding="utf-8", errors="replace") if (place / "worksheet.log").exists() else ""
    if run.returncode:
        foreign = FOREIGN.search(log)
        if foreign:
            raise UnsupportedError(f"pdflatex has no letter for {foreign.group(1) or 'a sign'}; write another, or take .html")
        complaint = re.search(r"^! .*$", log, re.MULTILINE)
        raise CompileError(f"pdflatex stopped: {complaint.group(0) if complaint else run.stdout[-200:].decode(errors='replace')}")
    return log
