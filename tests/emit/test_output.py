"""The text of a generated module: the same bytes everywhere, clean for ruff, within the width; users' own templates."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from symprop.derive import derive
from symprop.emit import module
from symprop.emit.layout import WIDTH, assignment, commented, filled, remark, stacked, unpacked, wrapped
from symprop.emit.view import VERSION, ModuleView
from symprop.errors import InputError, UsageError
from symprop.spec import bundled, load
from symprop.spec.build import build
from symprop.spec.sources import read_spec
from symprop.spec.starting import starting_spec
from symprop.templating import templates_path

ROOT = Path(__file__).parents[2]
STARTS = ("2-3-1", "784-128-64-10", "4-7-5")
PRINT_ALL = """
import hashlib
from symprop.derive import derive
from symprop.emit import module
from symprop.spec import bundled, load
for net in bundled():
    print(net, hashlib.sha256(module(derive(load(net))).encode()).hexdigest())
"""


def texts() -> dict[str, str]:
    made = {net: module(derive(load(net))) for net in bundled()}
    return made | {sizes: module(derive(build(read_spec(starting_spec(sizes, "gelu"), "start")))) for sizes in STARTS}


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return texts()


def test_the_same_bytes_under_every_hash_seed() -> None:
    prints = {
        subprocess.run(
            [sys.executable, "-c", PRINT_ALL], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(prints) == 1
    assert len(next(iter(prints)).splitlines()) == len(bundled())


def test_ruff_finds_nothing(written: dict[str, str], tmp_path: Path) -> None:
    for name, text in written.items():
        (tmp_path / f"net_{name.replace('-', '_')}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_lines_are_short_and_end_as_lines_do(written: dict[str, str]) -> None:
    for name, text in written.items():
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert "\r" not in text and "\t" not in text and "\0" not in text
        assert [line for line in text.splitlines() if len(line) > WIDTH + 4 or line != line.rstrip()] == [], name


def test_every_function_says_what_it_does(written: dict[str, str]) -> None:
    for text in written.values():
        public = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
        assert all(ast.get_docstring(node) for node in public)


def test_a_large_network_is_as_short_as_a_small_one(written: dict[str, str]) -> None:
    wide = module(derive(build(read_spec(starting_spec("9000-3000-2000-10", "gelu"), "start"))))
    assert len(wide.splitlines()) == len(written["784-128-64-10"].splitlines()) < 210  # 25 of them are the normal distribution


def test_the_docstring_states_loss_updates_rate_and_source(written: dict[str, str]) -> None:
    words = ast.get_docstring(ast.parse(written["four_three_two"])) or ""
    defects = ("b1 not updated", "b2 is stepped with the gradient of b1")
    for part in ("Loss      E = ", "document: ", *defects, "Rate      alpha = 0.1", "Source    "):
        assert part in words, part
    assert "in the order w2, w1, w0" in " ".join(written["two_node"].split())


def test_kinks_are_stated() -> None:
    text = module(derive(build(read_spec(starting_spec("2-3-1", "relu"), "start"))))
    assert "Kinks     the slope of relu at 0 is taken as 0" in text


def test_an_unknown_target_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="target 'numpi' is unknown; did you mean 'numpy'"):
        module(derive(load("two_node")), target="numpi")


def test_a_template_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "network.py.jinja").write_text("# {{ view.title }}, {{ view.loss }}, {{ view.version }}\n", encoding="utf-8")
    assert module(derive(load("two_node")), templates=tmp_path) == "# Two nodes in a chain, E, 4\n"
    (tmp_path / "network.py.jinja").write_text("def {{ view.loss }}(:\n", encoding="utf-8")
    with pytest.raises(InputError, match="network.py.jinja: the rendered line 1 is not Python"):
        module(derive(load("two_node")), templates=tmp_path)


FIELDS = {  # a change of these needs a new VERSION: users' own templates speak of them
    4: "version title facts lint imports constants functions steps rules_differ updates ends stated checks kind loop fast "
    "batch few float block letter samples sample_limit shapes row loss table label shown"
}


def test_the_views_fields_are_versioned_and_each_is_documented() -> None:
    fields = [field.name for field in dataclasses.fields(ModuleView)]
    assert FIELDS[VERSION].split() == fields
    words = set(re.findall(r"\w+", ModuleView.__doc__ or ""))
    assert [name for name in fields if name not in words] == []


OWN = '''"""{{ view.title }}, as a class."""

import numpy as np

class Network:
{% for it in view.functions + view.steps + view.ends %}

    @staticmethod
    def {{ it.name }}({{ it.arguments }}):
{{ it.lines | join("\\n") | indent(8, first=True) }}
{% endfor %}
'''


def test_one_part_of_a_template_is_replaced_alone(tmp_path: Path) -> None:
    """The other templates stay as they are shipped."""
    own_part = shipped("pieces.py.jinja").replace("may help", "may well help")
    (tmp_path / "pieces.py.jinja").write_text(own_part, encoding="utf-8")
    own, usual = (module(derive(load("hidden_layer")), templates=folder) for folder in (tmp_path, None))
    assert own == usual.replace("may help", "may well help") != usual
    (tmp_path / "network.py.jinja").write_text(OWN, encoding="utf-8")
    assert "class Network:" in module(derive(load("hidden_layer")), templates=tmp_path)


def shipped(name: str) -> str:
    return (templates_path() / name).read_text(encoding="utf-8")


def test_a_field_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "network.py.jinja").write_text("{{ view.titel }}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"network.py.jinja, line 1: .*titel"):
        module(derive(load("two_node")), templates=tmp_path)


LONG = [f"name_{number}" for number in range(60)]


def test_long_statements_are_broken_inside_brackets() -> None:
    for lines in (
        assignment("total", " + ".join(LONG)),
        filled("return ", (f'"{name}": {name}' for name in LONG), "{}"),
        stacked("return ", [f'"{name}": {name}' for name in LONG], "{}"),
        unpacked(LONG, [f'values["{name}"]' for name in LONG]),
        wrapped("x = ", " - ".join(LONG)),
    ):
        body = "\n".join(f"    {line}" for line in lines)
        assert all(len(line) <= WIDTH for line in body.splitlines())
        ast.parse(f"def f():\n{body}\n")
    assert not any(line.rstrip().endswith(":") for line in filled("", (f'"{name}": {name}' for name in LONG), "{}"))


def test_a_line_is_broken_between_its_outermost_terms() -> None:
    call = f"np.max({'z'*40}, axis=-1, keepdims=True)"
    assert wrapped("x = ", f"{call} - {call}*(1 - y) if a else b") == (
        "x = (",
        f"    {call}",
        f"    - {call}*(1 - y) if a else b",
        ")",
    )
    assert max(map(len, wrapped("x = ", f"f({', '.join(LONG)})"))) <= WIDTH


def test_a_long_term_is_broken_where_the_fewest_brackets_are() -> None:
    root = f"/(sqrt({'second'*8}/(1.0 - pow(0.999, t[0]))) + 1e-08)"
    slope = f"(1.0 - square(tanh({'z'*60} + 0.5*cube(z))))"
    assert wrapped("w = ", f"w - rate*first/(1.0 - pow(0.9, t[0])){root}") == (
        "w = (",
        "    w",
        "    - rate*first/(1.0 - pow(0.9, t[0]))",
        f"    {root}",
        ")",
    )
    assert wrapped("d = ", f"e*((1.0 + a**2) + {slope}*{slope})") == (
        "d = (",
        "    e",
        "    *((1.0 + a**2)",
        f"    + {slope}",
        f"    *{slope})",
        ")",
    )


def test_a_long_list_has_its_own_brackets_and_its_loops_stay_whole() -> None:
    entry, loops = " + ".join(f"{name}[i][j]" for name in LONG[:7]), "for j in range(4)] for i in range(3)"
    assert assignment("W", f"[[{entry} {loops}]") == ("W = [", f"    [{entry}", f"    {loops}", "]")
    assert assignment("W", f"[{entry}] + [{entry}]")[0] == "W = ("


def test_a_long_comment_has_several_lines() -> None:
    lines = remark("//", f"E = {' + '.join(LONG)}  (m, 4) power rule", 4)
    assert max(map(len, lines)) <= WIDTH - 4
    assert lines[0].startswith("// E = name_0 + ") and lines[1].startswith("//     ")
    assert " ".join(line.removeprefix("//").strip() for line in lines) == f"E = {' + '.join(LONG)}  (m, 4) power rule"
    assert remark("#", "E = 0", 4) == ("# E = 0",)


def test_short_statements_stay_on_one_line() -> None:
    assert assignment("a", "b + c") == ("a = b + c",)
    assert filled("return ", ['"a": a'], "{}") == ('return {"a": a}',)
    assert filled("ROW = ", ['"a"'], "()") == ('ROW = ("a",)',)
    assert unpacked(["a", "b"], ["x", "y"]) == ("a, b = x, y",)
    assert unpacked([], []) == ()


def test_comments_stand_in_one_column() -> None:
    lines = commented([(("a = 1",), "first"), (("bcd = 2",), ""), (("longer = 3",), "third"), (("x" * 130,), "above")])
    assert lines == ("a = 1       # first", "bcd = 2", "longer = 3  # third", "# above", "x" * 130)
