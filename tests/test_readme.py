"""The README's blocks: commands print what stands below them, Python sessions answer as shown, specs build.

A ```console block: each line after `$ ` is run in one folder for the whole README, the lines below it are its whole output,
and a line `...` stands for any lines. A ```python block with `>>>` is a doctest; without, it must run. A ```toml block whose
first line is `# NAME.toml` is put into the folder and must build. The two ```bash blocks are the set-up, run by .ci/run.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the number of its first line."""

    language: str
    text: str
    line: int


def blocks(*languages: str) -> list[Block]:
    fences = re.finditer(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    found = [Block(fence[1], fence[2], README.count("\n", 0, fence.start()) + 2) for fence in fences]
    return [block for block in found if block.language in languages]


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that it must have."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n?", part)
        assert command
        yield command[0].strip(), part[command.end() :]


def matches(expected: str, printed: str) -> bool:
    pattern = "".join(r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in expected.splitlines(keepends=True))
    return re.fullmatch(pattern, printed) is not None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader of the README works, with the specs that it shows."""
    place = tmp_path_factory.mktemp("readme")
    for block in blocks("toml"):
        name = re.match(r"# (\S+\.toml)\n", block.text)
        assert name, "a spec in the README says its file's name in its first line"
        (place / name[1]).write_text(block.text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose `symprop` and `python` are those under test."""
    programs = tmp_path_factory.mktemp("bin")
    for name, module in (("symprop", "-m symprop"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {module} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    paths = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return os.environ | paths | {"COLUMNS": "100", "NO_COLOR": "1"}


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: f"line {block.line}")
def test_commands_print_what_the_readme_shows(block: Block, folder: Path, environment: dict[str, str]) -> None:
    for command, expected in commands(block):
        shell = ["sh", "-c", f"exec 2>&1\n{command}"]
        done = subprocess.run(shell, cwd=folder, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        printed = done.stdout.decode()
        assert matches(expected, printed), f"README.md: `{command}` printed\n{printed}"


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: f"line {block.line}")
def test_python_blocks_answer_as_shown(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    if ">>>" not in block.text:
        exec(compile(block.text, "README.md", "exec"), {})
        return
    test = doctest.DocTestParser().get_doctest(block.text, {}, "README", "README.md", block.line - 1)
    complaints: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=complaints.append)
    assert not complaints, "".join(complaints)


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: f"line {block.line}")
def test_specs_build(block: Block, folder: Path) -> None:
    from symprop.spec import load

    load(str(folder / block.text.splitlines()[0].removeprefix("# ")))


def test_every_key_of_a_spec_is_named() -> None:
    from symprop.spec import claims, layered, layers, training
    from symprop.spec.build import TOP_KEYS

    tables = (TOP_KEYS, claims.CLAIM_KEYS, layered.NETWORK_KEYS, layers.LAYER_KEYS, training.TRAINING_KEYS, training.UPDATE_KEYS)
    assert [key for keys in tables for key in keys if not re.search(rf"`\[*{key}\]*`", README)] == []


def test_there_are_two_set_up_commands_one_to_use_and_one_to_test() -> None:
    use, test = (block.text.strip() for block in blocks("bash"))
    assert "\n" not in use + test
    assert use.startswith("pip install ")
    assert " && symprop " in use
    assert test == "pip install -e '.[test]' && pytest"


def test_every_fence_is_of_a_kind_that_is_looked_at() -> None:
    kinds = re.findall(r"^```(\w*)$", README, re.MULTILINE)[::2]
    assert set(kinds) <= {"bash", "console", "python", "toml", "text", "latex"}


def test_the_first_ten_lines_show_a_gradient_above_a_difference() -> None:
    head = "\n".join(README.splitlines()[:10])
    assert re.search(r"dE_dw0 = .*\n.*the formula at the spec's numbers.*\n.*central difference", head)
