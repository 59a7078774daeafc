"""Notebooks: they run from top to bottom, with and without matplotlib, and compute what the derivation beside the code prints."""

import base64
import importlib.util
import json
import os
import re
import subprocess
import sys
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from symprop.artefacts.listings import listings_of
from symprop.errors import MissingToolError
from symprop.render.document import Display, Figure, all_blocks
from symprop.render.listings import with_listings
from symprop.render.writers.notebook import notebook
from symprop.terms import Number

from .worksheets import derivation, sheet

nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")
IMAGE = r'<img alt="(.*?)" src="data:image/svg\+xml;base64,(.*?)">'
NETWORKS = ("two_node", "step_by_step", "four_three_two", "hidden_layer", "deep", "awkward")
each_network = pytest.mark.parametrize("net", NETWORKS)
has_matplotlib = importlib.util.find_spec("matplotlib") is not None


@cache
def text(net: str) -> str:
    return notebook(with_listings(sheet(net), listings_of(derivation(net))))


def cells(net: str, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(text(net))["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def run(net: str, before: str = "", after: str = "") -> subprocess.CompletedProcess[str]:
    """The code cells in order, in a process that knows nothing of symprop."""
    code = "\n\n".join([before, *map(source, cells(net, "code")), after])
    command = [sys.executable, "-I", "-W", "ignore", "-c", code]
    return subprocess.run(command, env=os.environ | {"MPLBACKEND": "Agg"}, capture_output=True, text=True, check=False)


@each_network
def test_it_is_a_valid_notebook(net: str) -> None:
    nbformat.validate(nbformat.reads(text(net), as_version=4))
    ids = [cell["id"] for cell in json.loads(text(net))["cells"]]
    assert len(ids) == len(set(ids))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(net, "code"))


@each_network
def test_the_code_runs_without_matplotlib(net: str) -> None:
    done = run(net, "import sys; sys.modules['matplotlib'] = None")
    assert (done.returncode, done.stderr) == (0, "")
    curves = [block for block in sheet(net).blocks if isinstance(block, Figure) and block.kind == "curves"]
    assert done.stdout.count("pip install matplotlib") == len(curves)


@pytest.mark.skipif(not has_matplotlib, reason="matplotlib is not installed")
@pytest.mark.parametrize("net", ["step_by_step", "hidden_layer"])
def test_the_code_draws_with_matplotlib(net: str) -> None:
    done = run(net, after="print(len(plt.get_fignums()), [line.get_label() for line in axes.lines][:1])")
    assert (done.returncode, done.stderr) == (0, "")
    first = derivation(net).network.graph.names("parameter")[0]
    assert done.stdout.split("\n")[-2] == f"3 ['{first}']"


@pytest.mark.parametrize("net", ["two_node", "step_by_step", "deep"])
def test_the_code_computes_the_printed_gradients(net: str) -> None:
    """Each weight's gradient by the notebook's own functions is the value that the derivation prints, to its digits."""
    shown = "import json; print(json.dumps(gradients(parameters, INPUTS, TARGETS)))"
    done = run(net, "import sys; sys.modules['matplotlib'] = None", shown)
    computed = json.loads(done.stdout.splitlines()[-1])
    steps = derivation(net).steps
    printed = {block.label: block.members[-1].body for block in all_blocks(sheet(net).blocks) if isinstance(block, Display)}
    for name, value in computed.items():
        body = printed[steps[name].name]
        assert isinstance(body, Number)
        assert value == pytest.approx(float(body.value), rel=1e-8)


@each_network
def test_mathematics_suits_every_front_end(net: str) -> None:
    """VS Code's KaTeX knows no labels, and one tag a cell; `$$` is understood everywhere."""
    for cell in cells(net, "markdown"):
        assert not re.search(r"\\(label|eqref|tag|operatorname)", source(cell))
        assert source(cell).count("$$\n\\begin{aligned}") * 2 == source(cell).count("$$")


@each_network
def test_every_equation_has_its_number_and_its_words(net: str) -> None:
    told = "\n".join(map(source, cells(net, "markdown")))
    numbers = [block.number for block in all_blocks(sheet(net).blocks) if isinstance(block, Display)]
    assert [int(number) for number in re.findall(r"^\*\*\((\d+)\)\*\*.*\n\n\$\$$", told, re.MULTILINE)] == numbers
    assert [int(number) for number in re.findall(r"^\((\d+)\) \w+", told, re.MULTILINE)] == numbers


def test_pictures_have_a_text_alternative_and_stand_in_the_cells_text() -> None:
    """JupyterLab shows attachments of five types, of which SVG is none."""
    assert not any("attachments" in cell for cell in cells("step_by_step", "markdown"))
    [(alternative, data)] = re.findall(IMAGE, "".join(map(source, cells("step_by_step", "markdown"))))
    assert alternative.startswith("A 2-2-2 network")
    assert ElementTree.fromstring(base64.b64decode(data)).tag.endswith("svg")


def test_without_code_the_curves_are_pictures() -> None:
    cells = json.loads(notebook(sheet("step_by_step")))["cells"]
    assert {cell["cell_type"] for cell in cells} == {"markdown"}
    assert len(re.findall(IMAGE, "".join(map(source, cells)))) == 4


def test_without_nbformat_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match="pip install nbformat"):
        notebook(sheet("two_node"))


def test_nbclient_runs_it() -> None:
    client = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    book = nbformat.reads(text("two_node"), as_version=4)
    client.NotebookClient(book, timeout=120).execute()
    assert all(output["output_type"] != "error" for cell in book.cells if cell.cell_type == "code" for output in cell.outputs)
