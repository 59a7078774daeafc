"""Specs from files, texts and Python: what is read, and what an unreadable file is told."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from symprop.errors import InputError
from symprop.graph import Given
from symprop.spec import build, bundled, load, network, read_spec
from symprop.terms import Number

TEXT = """id = "n"
inputs = { x = 0.20 }
targets = { t = 7e-1 }
parameters = { w = 1_000.50 }
equations = { z = "w*x", E = "1/2*(z - t)**2" }
training = { learning_rate = 1 }
"""
WORDS = {
    "id": "n",
    "inputs": {"x": 0.5},
    "targets": {"t": Fraction(1, 3)},
    "parameters": {"w": Decimal("0.20")},
    "equations": {"z": "w*x", "E": "1/2*(z - t)**2"},
    "training": {"learning_rate": 1},
}


def told(path: Path | str) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    (problem,) = caught.value.problems
    return problem


def test_the_bundled_networks_come_in_the_documents_order() -> None:
    assert bundled() == ("two_node", "xor_class", "four_three_two", "step_by_step", "single_layer", "hidden_layer")


def test_a_file_and_its_text_give_the_same_network(tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert load(path) == load(str(path)) == build(read_spec(TEXT, "n"))


@pytest.mark.parametrize(("file", "name"), [("two.toml", "two"), ("my net.toml", "my_net"), ("2-3.toml", "network_2-3")])
def test_a_spec_without_an_id_is_called_as_its_file(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).write_text(TEXT.removeprefix('id = "n"\n'), encoding="utf-8")
    assert (load(tmp_path / file).id, load(tmp_path / file).title) == (name, name)


def test_digits_stay_as_written() -> None:
    built = build(read_spec(TEXT, "n"))
    assert built.data == {"x": Number(Fraction(1, 5), "0.20"), "t": Number(Fraction(7, 10), "7e-1")}
    assert built.initial == {"w": Given(Number(Fraction(2001, 2), "1000.50"))}


def test_python_has_the_same_words() -> None:
    built = network(**WORDS)
    assert built.data == {"x": Number(Fraction(1, 2), "0.5"), "t": Number(Fraction(1, 3), "1/3")}
    assert built.initial == {"w": Given(Number(Fraction(1, 5), "0.20"))}
    assert built.graph == build(read_spec(TEXT, "n")).graph


def test_python_may_hand_over_arrays() -> None:
    words = WORDS | {"inputs": {"x": np.array([[0.5, 1.0]])}, "targets": {"t": np.zeros((1, 1))}, "parameters": {"w": [[1], [2]]}}
    built = network(**words | {"equations": {"z": "x @ w", "E": "sum((z - t)**2)"}})
    assert built.graph.shape("x") == ("m", 2) and built.graph.shape("w") == (2, 1) and built.batch == "m"


def test_python_may_hand_over_numpys_numbers() -> None:
    training = {"learning_rate": np.float32(0.5), "iterations": np.int64(7)}
    built = network(**WORDS | {"parameters": {"w": np.float64(0.2)}, "training": training})
    assert (float(built.training.learning_rate.value), built.training.iterations) == (0.5, 7)


def test_a_list_in_itself_is_told() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InputError, match="^n: expected tables and numbers, got lists nested too deep"):
        network(**WORDS | {"inputs": {"x": endless}})


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), object(), {1: 2}, [1, [2]], "1", None])
def test_python_is_told_like_toml(wrong: object) -> None:
    with pytest.raises(InputError, match="^n: parameters.w"):
        network(**WORDS | {"parameters": {"w": wrong}})


@pytest.mark.parametrize(
    "words", [{}, {"inputs": 3}, {"equations": []}, {"claims": {}}, {"layers": [3]}, {"training": "x"}, {"loss": []}, {"id": 1}]
)
def test_python_nonsense_is_an_input_error(words: dict[str, object]) -> None:
    with pytest.raises(InputError):
        network(**words)


def test_a_missing_file_is_told_with_a_suggestion(tmp_path: Path) -> None:
    expected = "expected a bundled network or the path of a spec, got no such file; did you mean 'two_node'?"
    assert told("two_nod") == f"two_nod: {expected}"
    assert "no such file (known: two_node" in told("q/nowhere.toml")
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    assert told(str(tmp_path / "mine")).endswith(f"got no such file; did you mean '{tmp_path / 'mine'}.toml'?")


def test_a_directory_is_no_spec(tmp_path: Path) -> None:
    assert told(tmp_path).startswith(f"{tmp_path}: expected a readable file, got: ")


def test_a_binary_file_is_no_spec(tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    path.write_bytes(bytes(range(256)))
    assert told(path).endswith("expected a TOML file in UTF-8, got other bytes")


@pytest.mark.parametrize(
    "text", ["id = ", "[inputs", "a = 1\na = 2", "\x00", "x = " + "[" * 20000, "x = " + "9" * 5000, "a" * 100, "= 3"]
)
def test_broken_toml_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "n.toml"
    path.write_text(text, encoding="utf-8")
    problem = told(path)
    assert problem.startswith(f"{path}: expected ") and "\n" not in problem


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 5000])
def test_a_name_that_no_file_can_have_is_one_line(name: str) -> None:
    assert "expected" in told(name) and "\n" not in told(name)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    with path.open("wb") as file:
        file.truncate(9_000_000)
    assert "at most 8000000 bytes" in told(path)
