"""A sheet with drawn numbers and its key from one command, and answers marked by the key: right, wrong, another sheet's."""

import csv
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEED = "771234567890123"
OTHER = "771234567890124"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def draw(symprop: Callable, folder: Path) -> Callable[..., dict[str, Any]]:
    """Writes `NAME.tex` for a student and `NAME.json`; returns the key."""

    def written(name: str, net: str = "step_by_step", seed: str = SEED, *more: str) -> dict[str, Any]:
        run = symprop("worksheet", net, "-o", f"{name}.tex", "--seed", seed, "--edition", "student", "--key", f"{name}.json", *more)
        assert (run.code, run.out, run.err) == (0, f"{name}.tex\n{name}.json\n", "")
        key: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return key

    return written


def answers(key: dict[str, Any]) -> dict[str, str]:
    return {line["label"]: line["value"] for line in key["lines"]}


def test_the_sheet_carries_the_id_and_the_key_the_seed(draw: Callable, folder: Path) -> None:
    key = draw("a")
    sheet = (folder / "a.tex").read_text(encoding="utf-8")
    assert re.fullmatch(r"[0-9a-f]{10}", key["sheet"])
    assert f"Sheet \\texttt{{{key['sheet']}}}." in sheet
    assert SEED not in sheet
    assert key["seed"] == int(SEED)
    assert all(value in sheet for value in key["given"].values())
    assert draw("b", "step_by_step", OTHER)["sheet"] != key["sheet"]


def test_another_sheets_key_is_not_replaced(draw: Callable, symprop: Callable, folder: Path) -> None:
    """Its seed stands nowhere else. The same sheet once more, in another format or for the teacher, has the same key."""
    key = draw("a")
    again = symprop("worksheet", "step_by_step", "-o", "a.md", "--seed", SEED, "--key", "a.json")
    assert (again.code, again.err) == (0, "")
    other = symprop("worksheet", "step_by_step", "-o", "b.tex", "--seed", OTHER, "--key", "a.json")
    assert (other.code, other.out) == (2, "")
    assert "--key a.json: expected a file that does not exist yet, or this sheet's key" in other.err
    assert json.loads((folder / "a.json").read_text(encoding="utf-8")) == key and not (folder / "b.tex").exists()


def test_the_keys_values_are_those_of_its_numbers(draw: Callable) -> None:
    """By the logistic function of the standard library, from the given numbers alone."""
    key = draw("a")
    given = {name: float(text) for name, text in key["given"].items()}
    net = given["w1"] * given["i1"] + given["w2"] * given["i2"] + given["b1"]
    assert float(answers(key)["net_h1"]) == pytest.approx(net, rel=1e-8)
    assert float(answers(key)["out_h1"]) == pytest.approx(1 / (1 + math.exp(-net)), rel=1e-8)


@pytest.mark.parametrize("name", ["net_h1", "out_o2", "delta_h1", "dE_dw5", "dE_dw1", "E_total"])
def test_the_keys_own_numbers_are_right_and_the_documents_are_not(symprop: Callable, draw: Callable, name: str) -> None:
    right = answers(draw("a"))[name]
    document = next(line for line in _document_lines(symprop) if line["label"] == name)["value"]
    marked = ["check", "step_by_step", name]
    assert symprop(*marked, right, "--key", "a.json").code == 0
    assert symprop(*marked, document, "--key", "a.json").code == 1
    assert symprop(*marked, right).code == 1
    assert symprop(*marked, document).code == 0


def _document_lines(symprop: Callable) -> list[dict[str, Any]]:
    symprop("worksheet", "step_by_step", "-o", "document.tex", "--key", "document.json")
    lines: list[dict[str, Any]] = json.loads(Path("document.json").read_text(encoding="utf-8"))["lines"]
    return lines


def test_a_table_of_steps_is_marked_by_the_key(symprop: Callable, draw: Callable) -> None:
    values = answers(draw("a"))
    steps = [f"{name}={values[name]}" for name in ("net_h1", "out_h1", "dE_dw5")]
    assert symprop("check", "step_by_step", *steps, "--key", "a.json").code == 0
    run = symprop("check", "step_by_step", *steps[:2], "dE_dw5=0.5", "--key", "a.json")
    assert run.code == 1
    assert "the first wrong step is dE_dw5" in run.out


def test_a_formula_is_right_whatever_the_numbers(symprop: Callable, draw: Callable) -> None:
    draw("a")
    assert symprop("check", "step_by_step", "dE_dw5", "delta_o1*out_h1", "--key", "a.json").code == 0
    assert symprop("check", "step_by_step", "dE_dw5", "delta_o2*out_h1", "--key", "a.json").code == 1


def test_an_array_networks_entries_are_marked_by_the_key(symprop: Callable, draw: Callable) -> None:
    values = answers(draw("a", "hidden_layer", SEED))
    assert symprop("check", "hidden_layer", "dWo[2,1]", values["dWo"][1][0], "--key", "a.json").code == 0
    assert symprop("check", "hidden_layer", "dWo[1,1]", values["dWo"][1][0], "--key", "a.json").code == 1


def test_drawn_weights_without_a_seed_of_ones_own_have_a_key_too(symprop: Callable, folder: Path) -> None:
    """`xor_class` draws its weights with the spec's seed; the sheet starts from them as printed, and so does the key."""
    assert symprop("worksheet", "xor_class", "-o", "x.tex", "--key", "x.json", "--digits", "4").code == 0
    key = json.loads((folder / "x.json").read_text(encoding="utf-8"))
    value = answers(key)["dweights1"]
    assert symprop("check", "xor_class", "dweights1[1,1]", value[0][0], "--key", "x.json").code == 0


def test_the_id_of_another_sheet_is_refused(symprop: Callable, draw: Callable) -> None:
    first, second = draw("a"), draw("b", "step_by_step", OTHER)
    value = answers(second)["net_h1"]
    asked = ["check", "step_by_step", "net_h1", value, "--sheet", second["sheet"]]
    run = symprop(*asked, "--key", "a.json")
    assert (run.code, run.out) == (2, "")
    assert second["sheet"] in run.err and first["sheet"] in run.err
    assert symprop(*asked, "--key", "b.json").code == 0
    assert symprop(*asked, "--key", "a.json", "--key", "b.json").code == 0
    assert "--key" in symprop(*asked).err
    several = symprop("check", "step_by_step", "net_h1", value, "--key", "a.json", "--key", "b.json")
    assert (several.code, several.out) == (2, "")
    assert first["sheet"] in several.err and second["sheet"] in several.err


def test_a_class_with_several_sheets(symprop: Callable, draw: Callable, folder: Path) -> None:
    keys = {"ada": draw("a"), "bob": draw("b", "step_by_step", OTHER)}
    rows = [(student, key["sheet"], "net_h1", answers(key)["net_h1"]) for student, key in keys.items()]
    rows += [("cleo", keys["ada"]["sheet"], "net_h1", answers(keys["bob"])["net_h1"]), ("dan", "0123456789", "net_h1", "1")]
    rows += [("eve", "", "net_h1", "1")]
    with (folder / "class.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("student", "sheet", "quantity", "answer"), *rows])
    run = symprop("check", "step_by_step", "--answers", "class.csv", "--key", "a.json", "--key", "b.json", "--workers", "1")
    assert run.code == 0
    marked = {row["student"]: row for row in csv.DictReader(run.out.splitlines())}
    statuses = {student: row["verdict"] for student, row in marked.items()}
    assert statuses == {"ada": "correct", "bob": "correct", "cleo": "not correct", "dan": "malformed", "eve": "malformed"}
    assert "0123456789" in marked["dan"]["message"]
    assert symprop("check", "step_by_step", "--answers", "class.csv", "--sheet", "0123456789").code == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda key: key["given"].update(w1="0.12"), "not those of the sheet"),
        (lambda key: key.update(sheet="0123456789"), "not those of the sheet 0123456789"),
        (lambda key: key.update(seed="many"), "not those of the sheet"),
        (lambda key: key.update(network="two_node"), "expected a key of 'step_by_step', got one of 'two_node'"),
        (lambda key: key["given"].pop("w1"), "expected the numbers of"),
        (lambda key: key["given"].update(w1="9e999999"), "w1: expected a number as text"),
        (lambda key: key["given"].update(w1=0.25), "w1: expected a number as text"),
        (lambda key: key["given"].update(w1=["0.1", "0.2"]), "w1: expected numbers of shape (), got (2,)"),
        (lambda key: key["given"].update(w1=[["0.1"], ["0.2", "0.3"]]), "w1: expected rows of one length"),
        (lambda key: key.update(schema="other/1"), "expected a key with the schema 'symprop.key/1'"),
    ],
)
def test_a_key_that_is_none_or_was_changed_is_refused(symprop: Callable, draw: Callable, change: Callable, words: str) -> None:
    key = draw("a")
    change(key)
    Path("a.json").write_text(json.dumps(key), encoding="utf-8")
    run = symprop("check", "step_by_step", "net_h1", "0.5", "--key", "a.json")
    assert (run.code, run.out) == (3, "")
    assert words in run.err
    assert len(run.err.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_key_is_refused(symprop: Callable, folder: Path, content: bytes) -> None:
    (folder / "a.json").write_bytes(content)
    run = symprop("check", "step_by_step", "net_h1", "0.5", "--key", "a.json")
    assert (run.code, run.out) == (3, "")
    assert "a.json" in run.err
    assert symprop("check", "step_by_step", "net_h1", "0.5", "--key", "nowhere.json").code == 3


def test_a_key_that_cannot_be_written_leaves_no_sheet(symprop: Callable, folder: Path) -> None:
    (folder / "file").touch()
    run = symprop("worksheet", "two_node", "-o", "a.tex", "--seed", SEED, "--key", "file/a.json")
    assert run.code == 2
    assert "cannot write 'file/a.json'" in run.err
    assert [path.name for path in folder.iterdir()] == ["file"]
