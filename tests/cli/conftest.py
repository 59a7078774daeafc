"""Two ways to run a command line: in this process (quick), and as a process of its own (start-up, streams)."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from symprop.cli.main import main


@dataclass(frozen=True)
class Run:
    """An exit code and what was written."""

    code: int
    out: str
    err: str


@pytest.fixture
def symprop(capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """`symprop("derive", "two_node")` runs in this process."""

    def run(*arguments: str) -> Run:
        code = main(arguments)
        out, err = capfd.readouterr()
        return Run(code, out, err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Run]:
    """`process("list", stdin="...", LANG="C")` runs `python -m symprop` in an empty folder."""

    def run(*arguments: str, stdin: str = "", **variables: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "symprop", *arguments],
            input=stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | variables,
            check=False,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
