"""Two ways to run a command line: in this process (quick), and as a process of its own (start-up, streams)."""

import os
import pty
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


@pytest.fixture
def terminal(tmp_path: Path) -> Callable[..., str]:
    """`terminal("list", NO_COLOR="1")` runs `python -m symprop` with a terminal for its output, and returns all that it shows."""

    def run(*arguments: str, **variables: str) -> str:
        control, device = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"} | variables
        command = [sys.executable, "-m", "symprop", *arguments]
        with subprocess.Popen(command, stdout=device, stderr=device, stdin=device, cwd=tmp_path, env=environment):
            os.close(device)
            return _all(control)

    return run


def _all(control: int) -> str:
    """What a terminal shows until its last writer has closed it, which Linux reports as an error."""
    shown = b""
    while True:
        try:
            part = os.read(control, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(control)
            return shown.decode()
        shown += part
