"""Editions: what a student must find stands nowhere in the student's file, in any format; numbers are the teacher's throughout."""

import base64
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from symprop.artefacts.training import curves_of
from symprop.derive import Derivation, derive
from symprop.render.document import Body, Display, Document, Matrices, all_blocks
from symprop.render.formats import format_of, fragment
from symprop.render.solutions import with_solutions
from symprop.render.worksheet import Blank, worksheet
from symprop.spec import load
from symprop.terms import Number
from symprop.worked.fresh import fresh

from .random_networks import array_derivation

SHEET, SEED = "0123456789", 7701
NETWORKS = ("two_node", "step_by_step", "hidden_layer", "array")
FORMATS = (".tex", ".html", ".md", ".ipynb")
BLANKS: tuple[Blank, ...] = ("steps", "gradients")
each_network = pytest.mark.parametrize("net", NETWORKS)
each_format = pytest.mark.parametrize("ending", FORMATS)
each_blank = pytest.mark.parametrize("blank", BLANKS)


@cache
def derivation(net: str) -> Derivation:
    return fresh(array_derivation("3-4-2", "tanh") if net == "array" else derive(load(net)), SEED)


@cache
def teachers(net: str) -> Document:
    return worksheet(derivation(net), sheet_id=SHEET, curves=curves_of(derivation(net)))


@cache
def students(net: str, blank: Blank) -> Document:
    return worksheet(derivation(net), blank=blank, sheet_id=SHEET)


@cache
def written(net: str, blank: Blank, ending: str) -> str:
    """The whole file as text, what is encoded in it decoded: pictures, entities."""
    content = format_of(f"x{ending}")(students(net, blank), None).decode()
    if ending == ".ipynb":
        texts = list(strings(json.loads(content)))
        drawn = [base64.b64decode(data).decode() for text in texts for data in re.findall(r"svg\+xml;base64,([^\"]*)", text)]
        assert drawn
        return "\n".join([*texts, *drawn])
    return html.unescape(re.sub(r"data:font/woff2;base64,[^\"]*", "", content))


def strings(content: object) -> Iterator[str]:
    """Every text in a notebook's JSON: sources, outputs, metadata."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings(value)
    else:
        yield str(content)


def displays(document: Document) -> list[Display]:
    return [block for block in all_blocks(document.blocks) if isinstance(block, Display)]


def results(display: Display) -> Iterator[str]:
    yield from numbers(display.members[-1].body)


def numbers(body: Body) -> Iterator[str]:
    entries = [entry for row in body.factors[0] for entry in row] if isinstance(body, Matrices) else [body]
    yield from (entry.text for entry in entries if isinstance(entry, Number))


def asked(net: str, blank: Blank) -> list[Display]:
    """The teacher's displays whose results the student is to find."""
    blanks = {each.label for each in displays(students(net, blank)) if any(member.blank for member in each.members)}
    return [each for each in displays(teachers(net)) if each.label in blanks]


@each_network
@each_blank
def test_what_is_asked(net: str, blank: Blank) -> None:
    labels = {display.label for display in asked(net, blank)}
    steps = derivation(net).steps
    graph = derivation(net).network.graph
    assert {steps[name].name for name in graph.names("parameter")} <= labels
    computed = {display.label for display in displays(teachers(net)) if len(display.members) > 1}
    if blank == "steps":
        assert labels == computed
    else:
        assert not {equation.name for equation in graph.equations} & labels


@each_network
@each_blank
@each_format
def test_no_result_that_is_asked_stands_anywhere_in_the_students_file(net: str, blank: Blank, ending: str) -> None:
    """Neither on the page nor in what is folded, spoken, copied, attached or hidden: not even its first five digits."""
    text = written(net, blank, ending)
    known = {text for display in displays(students(net, blank)) for member in display.members for text in numbers(member.body)}
    given = {known_number.lstrip("-") for known_number in known}
    wanted = {result.lstrip("-") for display in asked(net, blank) for result in results(display)} - given
    assert len(wanted) > 5
    shown = {result for result in wanted if len(result) > 9 and begins(result) in text}
    assert shown == set()


def begins(result: str) -> str:
    """A number as far as its fifth significant digit: 0.0012345 of 0.00123456789."""
    found = re.match(r"0?\.?0*(?:\d\.?){5}", result)
    assert found is not None, result
    return found[0]


@each_network
def test_the_teachers_files_have_what_the_students_lack(net: str) -> None:
    """The test above can fail: in the teacher's edition it finds everything."""
    wanted = {result.lstrip("-") for display in asked(net, "steps") for result in results(display)}
    text = format_of("x.tex")(teachers(net), None).decode()
    plain = [result for result in wanted if "e" not in result and len(result) > 9]
    assert all(result in text for result in plain) and len(plain) > 5
    assert all(begins(result) in text for result in plain)


@each_network
@each_blank
@each_format
def test_the_student_sees_blanks_and_the_id_and_no_seed(net: str, blank: Blank, ending: str) -> None:
    text = written(net, blank, ending)
    assert text.count("________") + text.count(r"\underline{\hspace{4em}}") >= len(asked(net, blank))
    assert SHEET in text
    assert str(SEED) not in text
    assert "<details" not in text.replace("<details><summary>The equations above in words", "")
    assert "Training" not in text  # the curves would show results


@each_network
@each_blank
def test_the_editions_have_the_same_equation_numbers(net: str, blank: Blank) -> None:
    teacher, student = teachers(net).numbers, students(net, blank).numbers
    assert student == {label: number for label, number in teacher.items() if label in student}
    assert len(student) == len(teacher)


@each_network
def test_the_formats_have_the_same_equation_numbers(net: str) -> None:
    document = teachers(net)
    counted = [display.number for display in displays(document)]
    tex, page, text, book = (format_of(f"x{ending}")(document, None).decode() for ending in FORMATS)
    anchors = re.findall(r"\\begin\{equation\}\\label\{(.*?)\}", tex)
    assert [int(number) for number in re.findall(r'class="number" [^>]*>\((\d+)\)<', page)] == counted
    assert re.findall(r'class="equation[^"]*" id="(.*?)"', page) == anchors
    assert len(anchors) == len(counted)
    assert [int(number) for number in re.findall(r"^\*\*\((\d+)\)\*\*", text, re.MULTILINE)] == counted
    cells = "\n".join("".join(cell["source"]) for cell in json.loads(book)["cells"])
    assert [int(number) for number in re.findall(r"^\*\*\((\d+)\)\*\*", cells, re.MULTILINE)] == counted


def test_a_teachers_sheet_with_blanks_asks_what_the_student_is_asked() -> None:
    folded = with_solutions(teachers("step_by_step"), students("step_by_step", "gradients"))
    text = format_of("x.html")(folded, None).decode()
    questions = re.findall(r"<summary>\((\d+)\)", text)
    assert [int(number) for number in questions] == [display.number for display in asked("step_by_step", "gradients")]


ALL_FORMATS = """
from symprop.cli.main import main
for name, *more in (["x.tex"], ["x.html"], ["x.md"], ["x.ipynb"], ["fragment.tex", "--fragment"]):
    options = ["--seed", "9", "--edition", "student", "--blank", "gradients", "--key", f"{name}.json", *more]
    assert main(["worksheet", "step_by_step", "-o", name, *options]) == 0
"""


def test_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    contents = []
    for seed in ("0", "1"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", ALL_FORMATS], cwd=folder, check=True, capture_output=True, env=environment)
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert contents[0] == contents[1] and len(contents[0]) == 10


def test_a_fragment_of_a_students_edition_hides_as_much() -> None:
    text = fragment(students("step_by_step", "steps")).decode()
    wanted = [result.lstrip("-") for display in asked("step_by_step", "steps") for result in results(display)]
    assert wanted and not [result for result in wanted if len(result) > 9 and begins(result) in text]
