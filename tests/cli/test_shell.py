"""The shell of the command line: what starts, what is loaded, which exit code and which words an error gets."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from symprop import __version__
from symprop.cli import main as shell
from symprop.cli.commands import COMMANDS, program
from symprop.errors import InputError, MissingToolError, SympropError, TextError, UnsupportedError, UsageError

HEAVY = ("sympy", "numpy", "jinja2", "matplotlib", "mpmath")


def loaded_after(*arguments: str) -> set[str]:
    code = f"import sys; from symprop.cli.main import main; main({list(arguments)!r}); print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


LIGHT = [(), ("--help",), ("--version",), ("doctor", "--json"), *((name, "--help") for name in COMMANDS)]
BUGS = [ZeroDivisionError("division\nby zero"), SympropError("odd"), AssertionError("never"), RecursionError()]


@pytest.mark.parametrize("arguments", LIGHT)
def test_help_loads_no_mathematics_and_no_templates(arguments: tuple[str, ...]) -> None:
    assert loaded_after(*arguments).isdisjoint(HEAVY)


def test_the_top_help_loads_no_command() -> None:
    targets = {row.target.partition(":")[0] for row in COMMANDS.values()}
    assert loaded_after("--help").isdisjoint(targets)


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import symprop, sys; print([name for name in sys.modules if name.startswith('symprop.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("row", COMMANDS.values(), ids=lambda row: row.name)
def test_every_row_leads_to_a_command_of_its_name(row: object) -> None:
    module, _, name = row.target.partition(":")  # type: ignore[attr-defined]
    command = getattr(importlib.import_module(module), name)
    assert isinstance(command, click.Command)
    assert command.help


def test_help_lists_every_command_with_its_line(symprop: Callable) -> None:
    out = " ".join(symprop("--help").out.split())
    assert all(f"{row.name} {row.help}" in out for row in COMMANDS.values())
    assert symprop().out == symprop("--help").out


@pytest.mark.parametrize("command", ["derive", "worksheet", "generate", "train", "check", "audit"])
def test_the_shell_completes_networks_and_files(symprop: Callable, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    words = {"_SYMPROP_COMPLETE": "bash_complete", "COMP_WORDS": f"symprop {command} s", "COMP_CWORD": "2"}
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    run = symprop()
    assert (run.code, run.out.split()) == (0, ["plain,step_by_step", "plain,single_layer", "file,s"])


def test_the_version(symprop: Callable) -> None:
    assert symprop("--version").out == f"symprop {__version__}\n"


def test_an_unknown_command_gets_a_suggestion(symprop: Callable) -> None:
    run = symprop("doctr")
    assert (run.code, run.out) == (2, "")
    assert "symprop: command 'doctr' is unknown; did you mean 'doctor'?" in run.err


def test_an_unknown_option_is_a_usage_error(symprop: Callable) -> None:
    run = symprop("doctor", "--jsom")
    assert run.code == 2
    assert "--jsom" in run.err
    assert "symprop: 'symprop doctor --help' explains the call" in run.err


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch, symprop: Callable) -> Callable:
    """Run the command line with an error inside."""

    def run(error: BaseException) -> object:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(program, "invoke", fail)
        return symprop("doctor")

    return run


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (InputError(["a.toml: loss: wrong", "a.toml: data: missing"]), 3, ["a.toml: loss: wrong", "a.toml: data: missing"]),
        (UsageError("quantity 'w9' is unknown"), 2, ["quantity 'w9' is unknown"]),
        (TextError("a name is missing", "w0 +", 4), 2, ["column 5: a name is missing"]),
        (UnsupportedError("too large"), 3, ["too large"]),
        (MissingToolError("pdflatex is missing"), 4, ["pdflatex is missing"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_error_has_its_code_and_one_line_a_problem(
    raising: Callable, error: SympropError, code: int, lines: list[str]
) -> None:
    run = raising(error)
    assert (run.code, run.out) == (code, "")
    assert run.err.splitlines() == [f"symprop: {line}" for line in lines]


@pytest.mark.parametrize("error", BUGS)
def test_our_own_bug_is_one_line_and_70(raising: Callable, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.delenv("SYMPROP_DEBUG", raising=False)
    run = raising(error)
    assert run.code == 70
    assert len(run.err.splitlines()) == 1
    assert type(error).__name__ in run.err
    assert "please report" in run.err


def test_the_traceback_is_shown_on_demand(raising: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMPROP_DEBUG", "1")
    assert "Traceback (most recent call last)" in raising(ZeroDivisionError("x")).err


def test_an_interrupt_is_130_without_words(raising: Callable) -> None:
    run = raising(KeyboardInterrupt())
    assert (run.code, run.err) == (130, "")


def test_a_reader_that_has_gone_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([sys.executable, "-m", "symprop", "doctor"], stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (shell.PIPE_CLOSED, b"")


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}])
def test_output_is_utf8_in_every_locale(process: Callable, variables: dict[str, str]) -> None:
    assert "'wö'" in process("wö", **variables).err


def test_a_name_that_the_locale_lacks_is_one_line(process: Callable) -> None:
    run = process("check", "two_node", "--answers", "wö.csv", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("symprop: cannot use '") and "wö.csv" in run.err and "LC_ALL=C.UTF-8" in run.err


def test_the_module_runs_like_the_script(process: Callable) -> None:
    assert process("--version").out == f"symprop {__version__}\n"


def test_there_is_a_script() -> None:
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'symprop = "symprop.cli.main:main"' in pyproject


COMMAND_LINES = [
    ("--help",),
    ("--version",),
    ("list",),
    ("new", "2-3-1"),
    ("derive", "two_node", "w0"),
    ("worksheet", "two_node", "-o", "-"),
    ("train", "two_node", "--iterations", "3"),
    ("check", "two_node", "w0", "s0"),
    ("audit", "two_node"),
    ("doctor",),
]
FULL = Path("/dev/full")
needs_a_full_device = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


@needs_a_full_device
@pytest.mark.parametrize("arguments", COMMAND_LINES, ids=" ".join)
def test_a_full_disk_is_one_line_and_2(arguments: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "symprop", *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"symprop: cannot write the output: No space left on device\n")


@needs_a_full_device
def test_where_even_stderr_is_full_the_exit_code_tells() -> None:
    with FULL.open("wb") as full:
        assert subprocess.run([sys.executable, "-m", "symprop", "wrong"], stdout=full, stderr=full, check=False).returncode == 2


CLOSED = [(">&-", 2, "symprop: cannot write the output: stdout is closed\n"), ("2>&-", 0, "")]


@pytest.mark.parametrize(("closed", "code", "said"), CLOSED)
def test_a_closed_stream_is_no_bug(closed: str, code: int, said: str) -> None:
    command = f"exec {sys.executable} -m symprop train two_node --iterations 3 {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, said)


def test_a_file_that_the_system_refuses_is_3(raising: Callable) -> None:
    run = raising(PermissionError(13, "Permission denied", "data.csv"))
    assert (run.code, run.err) == (3, "symprop: cannot use 'data.csv': Permission denied\n")
