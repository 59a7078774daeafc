"""The LaTeX compiles: exit 0, no undefined reference, no warning after the last pass, no box over the margin by more than 1 pt."""

import os
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from symprop.derive import Derivation, derive
from symprop.errors import UnsupportedError
from symprop.notation import Notation
from symprop.notation.latex import escaped
from symprop.render.article import article, fragment
from symprop.render.document import Block, Heading, Paragraph, document
from symprop.render.exercise import exercise
from symprop.render.pdf import pdf
from symprop.render.worksheet import worksheet
from symprop.spec import build, bundled, load, read_spec
from symprop.worked.digits import Digits
from symprop.worked.fresh import fresh

from .random_networks import array_derivation

pytestmark = pytest.mark.skipif(
    shutil.which("pdflatex") is None and "CI" not in os.environ,
    reason="pdflatex is not installed: apt-get install texlive-latex-recommended texlive-pictures",
)
COMMAND = ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode"]
PASSES = 4
PACKAGE_LINES = re.compile(r"(?:\\(?:documentclass|usepackage|pgfplotsset)[^\n]*\n)+")
# what texlive-latex-recommended and texlive-pictures bring; a package of texlive-latex-extra would fail on many machines
PACKAGES = {"inputenc", "geometry", "amsmath", "amssymb", "booktabs", "tikz", "pgfplots", "hyperref"}


def complaints(log: str) -> list[str]:
    """What the gate refuses in a log: undefined references, warnings, boxes over by more than 1 pt."""
    unwrapped = re.sub(r"(?<=.{79})\n", "", log)
    over = [line for line in re.findall(r"Overfull .*", unwrapped) if float(re.findall(r"\(([\d.]+)pt", line)[0]) > 1]
    return [*re.findall(r".*[Uu]ndefined.*", unwrapped), *re.findall(r"(?:LaTeX|Package \w+) Warning.*", unwrapped), *over]


def with_packages_read(text: str, folder: Path) -> tuple[list[str], str]:
    """The command and the text without its packages: reading them takes half of a pass, so a format keeps them for all tests."""
    packages = PACKAGE_LINES.match(text)
    if packages is None:
        return COMMAND, text
    made = folder.parent / f"{sha256(packages[0].encode()).hexdigest()[:16]}.fmt"
    if not made.exists():
        (folder / "packages.tex").write_text(packages[0] + "\\dump\n", encoding="utf-8")
        command = [*COMMAND, "-ini", f"-jobname={made.stem}", "&pdflatex", "packages.tex"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True, stdin=subprocess.DEVNULL)
        (folder / made.name).rename(made)
    return [*COMMAND, f"-fmt={made}"], text[packages.end() :]


def compiled(text: str, folder: Path) -> str:
    """The log of the last pass; fails unless every pass exits 0."""
    command, rest = with_packages_read(text, folder)
    (folder / "sheet.tex").write_text(rest, encoding="utf-8")
    for _ in range(PASSES):
        run = subprocess.run([*command, "sheet.tex"], cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        log = (folder / "sheet.log").read_text(encoding="utf-8", errors="replace")
        assert run.returncode == 0, re.findall(r"^!.*(?:\n.*){3}", log, re.MULTILINE)
        if "Rerun" not in log:
            return log
    return log


def scalar_spec(sizes: list[int]) -> str:
    """A network with a symbol for each weight, in the names of the step-by-step document."""
    layers = [[f"{'h' if k < len(sizes) - 1 else 'o'}{k}{unit + 1}" for unit in range(size)] for k, size in enumerate(sizes)]
    weights = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    lines = ['id = "scalar"', 'title = "A scalar network"', "[inputs]", *(f"i{k + 1} = 0.5" for k in range(sizes[0]))]
    lines += ["[targets]", *(f"t{k + 1} = 0.5" for k in range(sizes[-1])), "[parameters]"]
    lines += [*(f"w{k + 1} = 0.1" for k in range(weights)), *(f"b{k} = 0.1" for k in range(1, len(sizes)))]
    lines += ["[network]", 'loss = "half_sum_of_squares"', 'errors = "E_{unit}"']
    for units in layers[1:]:
        lines += ["[[layers]]", f"units = {units}", 'activation = "sigmoid"', 'net = "net_{unit}"', 'output = "out_{unit}"']
        lines += ['weights = "w{k}"', 'bias = "layer"']
    return "\n".join([*lines, "[training]", 'rate = "eta"', "learning_rate = 0.5", "iterations = 1"])


SAMPLES = """
id = "samples"

[inputs]
x = [0.05, 0.15, 0.3]

[targets]
t1 = [0, 1, 1]
t2 = [1, 0, 0]

[parameters]
v = 0.43
w = 0.82

[constants]
c = 0.5

[equations]
o1 = "leaky_relu(v*x - c) + elu(w*x)"
o2 = "gelu(w*x) + maximum(v, w)"
E = "mean(logsumexp(o1, o2) - (t1*o1 + t2*o2)) + abs(v - w)"

[training]
learning_rate = 0.01
iterations = 3
"""


def scalar_network(sizes: list[int]) -> Derivation:
    """The same with numbers drawn for it."""
    return fresh(derive(build(read_spec(scalar_spec(sizes), "scalar"))), 1)


@pytest.mark.parametrize("net", bundled())
def test_a_worksheet_compiles_without_a_complaint(net: str, tmp_path: Path) -> None:
    assert complaints(compiled(article(worksheet(derive(load(net)))), tmp_path)) == []


@pytest.mark.parametrize("sizes", ["3-5-5-4-2", "12-12-2", "12-12-1"])
def test_a_deep_and_a_wide_network_of_arrays(sizes: str, tmp_path: Path) -> None:
    assert complaints(compiled(article(worksheet(fresh(array_derivation(sizes), 1))), tmp_path)) == []


@pytest.mark.parametrize("digits", [Digits(significant=9), Digits(decimals=3)])
def test_a_long_table_of_examples_fits_its_pages(digits: Digits, tmp_path: Path) -> None:
    derivation = array_derivation("4-3-3", "tanh", rows=40)
    assert complaints(compiled(article(worksheet(derivation, digits)), tmp_path)) == []


@pytest.mark.parametrize("sizes", [[3, 5, 5, 4, 2], [2, 12, 1]])
def test_a_deep_and_a_wide_network_of_scalars(sizes: list[int], tmp_path: Path) -> None:
    text = article(worksheet(scalar_network(sizes)))
    assert complaints(compiled(text, tmp_path)) == []
    assert (r"\vdots" in text) == (max(sizes) > 8)


def test_wide_arguments_break_behind_a_comma_and_a_list_of_functions_fits(tmp_path: Path) -> None:
    made = derive(build(read_spec(SAMPLES, "samples")))
    text = article(worksheet(made, Digits(significant=9)))
    assert complaints(compiled(text, tmp_path)) == []
    assert re.search(r"\\end\{bmatrix\}, (\\right\. )+\\\\\n&\\quad", text)


@pytest.mark.parametrize("digits", [Digits(significant=15), Digits(decimals=2)])
def test_many_digits_and_few(digits: Digits, tmp_path: Path) -> None:
    text = article(worksheet(derive(load("step_by_step")), digits, "carry", decimal_comma=True))
    assert complaints(compiled(text, tmp_path)) == []


@pytest.mark.parametrize("blank", ["steps", "gradients"])
def test_a_students_edition(blank: str, tmp_path: Path) -> None:
    text = article(worksheet(derive(load("hidden_layer")), blank=blank, sheet_id="0123456789"))  # type: ignore[arg-type]
    assert complaints(compiled(text, tmp_path)) == []


@pytest.mark.parametrize("net", bundled())
def test_an_exercise_compiles(net: str, tmp_path: Path) -> None:
    assert complaints(compiled(article(exercise(derive(load(net)))), tmp_path)) == []


@pytest.mark.parametrize("net", ["step_by_step", "hidden_layer"])
@pytest.mark.parametrize("size", ["10pt", "11pt", "12pt"])
def test_a_fragment_in_a_minimal_document_of_ones_own(size: str, net: str, tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text(fragment(worksheet(derive(load(net)))), encoding="utf-8")
    text = rf"""\documentclass[{size}]{{article}}
\usepackage{{amsmath,amssymb,booktabs,tikz}}
\begin{{document}}
Before. \input{{part}} After.
\end{{document}}
"""
    assert complaints(compiled(text, tmp_path)) == []


def test_a_section_begins_where_its_first_subsection_has_room(tmp_path: Path) -> None:
    """Its heading and one sentence stood alone at the foot of a page."""
    blocks: list[Block] = []
    for part in range(12):
        blocks += [Paragraph((f"Line {line}.",)) for line in range(11 + part)]
        blocks += [Heading(1, ("Backward",), f"b{part}"), Paragraph(("From the loss.",)), Heading(2, ("Output",), f"o{part}")]
    compiled(article(document("", blocks, Notation({}))), tmp_path)
    aux = (tmp_path / "sheet.aux").read_text(encoding="utf-8")
    pages = dict(re.findall(r"\\contentsline \{(?:sub)?section\}\{\\numberline \{([\d.]+)\}\w+\}\{(\d+)\}", aux))
    assert len(pages) == 24
    assert all(pages[number] == pages[f"{number}.1"] for number in pages if "." not in number)


def test_only_packages_of_two_debian_packages_are_needed() -> None:
    text = article(worksheet(derive(load("step_by_step"))))
    used = {name for names in re.findall(r"\\usepackage(?:\[.*?\])?\{(.*?)\}", text) for name in names.split(",")}
    assert used <= PACKAGES


def test_the_gate_sees_what_it_is_for(tmp_path: Path) -> None:
    """A line over the margin and a reference to nothing are complaints."""
    text = article(worksheet(derive(load("single_layer"))))
    wrong = r"\noindent\hbox to 1\linewidth{\rule{1.2\linewidth}{1pt}}\eqref{eq:nothing}"
    found = complaints(compiled(text.replace(r"\end{document}", wrong + r"\end{document}"), tmp_path))
    assert any("Overfull" in line for line in found)
    assert any("eq:nothing" in line for line in found)


@pytest.mark.parametrize(("title", "said"), [("Сеть", "С (U+0421)"), ("«réseau»", "guill")])
def test_a_letter_that_pdflatex_lacks_is_no_bug_of_ours(title: str, said: str) -> None:
    with pytest.raises(UnsupportedError, match=re.escape(said)):
        pdf(rf"\documentclass{{article}}\usepackage[utf8]{{inputenc}}\begin{{document}}{escaped(title)}\end{{document}}")


def test_signs_of_running_text(tmp_path: Path) -> None:
    title = escaped("a < b > c | d ≤ e ≥ f ≠ g → h × ± ½ ¼ ¾ 3° ∞")
    text = rf"\documentclass{{article}}\usepackage[utf8]{{inputenc}}\begin{{document}}{title}\end{{document}}"
    assert complaints(compiled(text, tmp_path)) == []
    assert title.startswith(r"a \ensuremath{<} b \ensuremath{>} c \ensuremath{|} d")
