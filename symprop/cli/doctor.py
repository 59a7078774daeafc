"""`symprop doctor`: what is installed, and the exact line that installs the rest.

Input: the table `TOOLS` and this machine. Output: a table or JSON; nothing is imported and no program is run.
"""

from __future__ import annotations

import importlib.metadata
import platform
import shlex
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import click

from symprop.cli.output import print_json, print_table


@dataclass(frozen=True, slots=True)
class Tool:
    """A Python package (`package`) or a program (the first of `programs` that is found), and what it is for.

    `apt` and `brew` are the arguments with which those package managers install a program.
    """

    name: str
    purpose: str
    package: str = ""
    programs: tuple[str, ...] = ()
    apt: str = ""
    brew: str = ""


TOOLS = (
    Tool("sympy", "required", package="sympy"),
    Tool("numpy", "required", package="numpy"),
    Tool("jinja2", "required", package="jinja2"),
    Tool("click", "required", package="click"),
    Tool("matplotlib", "plots", package="matplotlib"),
    Tool("nbformat", "notebooks", package="nbformat"),
    Tool("numba", "code for numba", package="numba"),
    Tool("jax", "code for JAX", package="jax"),
    Tool("torch", "code for PyTorch", package="torch"),
    Tool("dask", "marking on a cluster", package="distributed"),
    Tool(
        "pdflatex",
        "worksheets as PDF",
        programs=("pdflatex",),
        apt="texlive-latex-recommended texlive-pictures",
        brew="--cask basictex",
    ),
    Tool("C compiler", "code in C", programs=("cc", "gcc", "clang"), apt="gcc", brew="gcc"),
    Tool(
        "chromium",
        "looking at HTML pages",
        programs=("chromium", "chromium-browser", "google-chrome"),
        apt="chromium",
        brew="--cask chromium",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A tool, and its version or place on this machine; None where it is missing."""

    tool: Tool
    found: str | None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema symprop.doctor/1).")
def doctor(as_json: bool) -> None:
    """Show what is installed, and the exact lines that install the rest."""
    findings = [Finding(tool, _find(tool)) for tool in TOOLS]
    lines = install_lines(finding.tool for finding in findings if finding.found is None)
    if as_json:
        print_json("symprop.doctor/1", {"python": platform.python_version(), "tools": _records(findings), "install": lines})
        return
    python = ("python", platform.python_version(), "required")
    print_table(("tool", "found", "for"), [python, *((f.tool.name, f.found or "missing", f.tool.purpose) for f in findings)])
    if lines:
        click.echo("\nThis installs the rest:")
    for line in lines:
        click.echo(f"  {line}")


def install_lines(missing: Iterable[Tool]) -> list[str]:
    """The command lines, that install these tools on this machine."""
    tools = list(missing)
    packages = [tool.package for tool in tools if tool.package]
    programs = [tool for tool in tools if tool.programs]
    lines = [shlex.join([sys.executable, "-m", "pip", "install", *packages])] if packages else []
    return lines + (_system_lines(programs) if programs else [])


def _system_lines(programs: list[Tool]) -> list[str]:
    if shutil.which("brew") and not shutil.which("apt-get"):
        return [f"brew install {tool.brew}" for tool in programs]
    return ["sudo apt-get install " + " ".join(tool.apt for tool in programs)]


def _find(tool: Tool) -> str | None:
    if tool.programs:
        return next(filter(None, map(shutil.which, tool.programs)), None)
    try:
        return importlib.metadata.version(tool.package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _records(findings: list[Finding]) -> list[dict[str, str | None]]:
    return [{"name": finding.tool.name, "found": finding.found, "for": finding.tool.purpose} for finding in findings]
