"""`symprop derive --format latex` compiles inside somebody's own article, in every form, no line over the margin."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from symprop.derive import derive
from symprop.render.article import fragment
from symprop.render.document import Document
from symprop.render.exercise import FORMS, Form, exercise
from symprop.spec import bundled, load

from .test_latex import compiled, pytestmark

__all__ = ["pytestmark"]  # skipped where pdflatex is absent
HEAD = "\\documentclass[{}]{{article}}\n\\usepackage{{amsmath,amssymb}}\n\\begin{{document}}\n"


def exercises(form: Form) -> Iterator[Document]:
    """Every bundled network that has the form, and single entries of one of arrays."""
    for net in bundled():
        derivation = derive(load(net))
        if form == "matrix" and derivation.network.graph.scalar:
            continue
        yield exercise(derivation, (), form)
        if net == "hidden_layer":
            yield exercise(derivation, ["Wh[1,2]", "Wo[4,1]"], form)


@pytest.mark.parametrize("form", FORMS)
def test_no_line_of_any_form_is_over_the_margin(form: Form, tmp_path: Path) -> None:
    """All in one document, so that the labels that they share are the only thing LaTeX may complain of."""
    text = HEAD.format("10pt") + "\n\\clearpage\n".join(map(fragment, exercises(form))) + "\\end{document}\n"
    log = re.sub(r"(?<=.{79})\n", "", compiled(text, tmp_path))
    assert [line for line in re.findall(r"Overfull .*", log) if float(re.findall(r"\(([\d.]+)pt", line)[0]) > 1] == []
    warned = re.findall(r"(?:LaTeX|Package \w+) Warning: (.*)", log)
    assert [line for line in warned if "multiply" not in line and "multiply-defined" not in line] == []
