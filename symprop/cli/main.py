"""The entry point: runs a command line and turns whatever happens into an exit code.

Input: the words of the command line. Output: 0 ok, 1 the check said no, 2 usage or a place that cannot be written, 3 bad input,
4 missing tool, 5 undecided, 70 our bug, 130 interrupted, 141 when the reader of stdout has gone.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from symprop.cli.commands import program
from symprop.errors import SympropError, TextError

# SymPy, NumPy and the table of functions are some 300,000 objects that live as long as the process: Python would walk them again
# and again while they are made, for a tenth of the start, and find nothing to collect.
COLLECT_AFTER = 100_000

USAGE, UNREADABLE, INTERRUPTED, PIPE_CLOSED, BUG = 2, 3, 130, 141, 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `symprop` with these arguments (default: the process's own) and return the exit code."""
    gc.set_threshold(COLLECT_AFTER)
    words = [_utf8(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    if sys.stderr is None:  # closed by the caller, `2>&-`: what is said there is lost, on purpose
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it lives as long as the process
    if sys.stdout is None:
        _complain("cannot write the output: stdout is closed")
        return USAGE
    _use_utf8()
    try:
        return _answered(lambda: _run(words))
    except BrokenPipeError:
        _silence_stdout()
        return PIPE_CLOSED


def _run(words: list[str]) -> int:
    if instruction := os.environ.get("_SYMPROP_COMPLETE"):
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, "symprop", "_SYMPROP_COMPLETE", instruction)
    color = False if os.environ.get("NO_COLOR") else None
    with program.make_context("symprop", words, color=color) as context:
        code = program.invoke(context)
    return code if isinstance(code, int) else 0


def _answered(run: Callable[[], int]) -> int:
    try:
        code = run()
        sys.stdout.flush()
        return code
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as error:
        return _misused(error)
    except SympropError as error:
        return _failed(error) if error.exit_code != BUG else _broken(error)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        return _out_of_reach(error)
    except UnicodeEncodeError as error:
        return _unnamed(error) if sys.getfilesystemencoding() != "utf-8" else _broken(error)
    except Exception as error:
        return _broken(error)


def _misused(error: click.ClickException) -> int:
    _complain(error.format_message())
    context = getattr(error, "ctx", None)
    if context is not None:
        _complain(f"'{context.command_path} --help' explains the call")
    return USAGE


def _failed(error: SympropError) -> int:
    _complain(str(error))
    if isinstance(error, TextError) and error.text and sys.stderr.isatty():  # programs read one line
        for line in error.pointer:
            click.echo(f"  {line}", err=True)
    return error.exit_code


def _broken(error: Exception) -> int:
    if os.environ.get("SYMPROP_DEBUG") == "1":
        traceback.print_exception(error)
    cause = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    _complain(f"this is a bug in symprop ({cause}); please report the command that you ran; SYMPROP_DEBUG=1 shows the traceback")
    return BUG


def _out_of_reach(error: OSError) -> int:
    """A full disk or a closed stdout; a file that a command needs and the system refuses."""
    if error.filename is not None:
        _complain(f"cannot use '{error.filename}': {error.strerror}")
        return UNREADABLE
    _silence_stdout()
    _complain(f"cannot write the output: {error.strerror or error}")
    return USAGE


def _unnamed(error: UnicodeEncodeError) -> int:
    """A file's name with letters that the locale does not have."""
    _complain(f"cannot use '{error.object}' as a file's name: this locale has {error.encoding} alone; try LC_ALL=C.UTF-8")
    return USAGE


def _complain(message: str) -> None:
    with contextlib.suppress(OSError):  # where even stderr is full, the exit code alone tells
        for line in message.splitlines():
            click.echo(f"symprop: {line}", err=True)


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _utf8(word: str) -> str:
    """The word as the terminal meant it, where the locale made Python read its bytes as ASCII."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def _silence_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
