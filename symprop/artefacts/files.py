"""Generated files as values: written all or nothing per file, and compared with what lies on the disk.

Input: artefacts (path and content, everything rendered already) and a root folder. Output: files, or the drift between the two.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from symprop.errors import UsageError


@dataclass(frozen=True, slots=True)
class Artefact:
    """A generated file: its path below the root, and its bytes."""

    path: PurePosixPath
    content: bytes


@dataclass(frozen=True, slots=True)
class Drift:
    """One file that is not as generated; `diff` is a unified diff from the disk to the generated text."""

    kind: Literal["changed", "missing", "extra"]
    path: PurePosixPath
    diff: str


def write(artefacts: Iterable[Artefact], root: Path) -> None:
    """Write every artefact below `root`. The contents exist before the first write; each file appears whole or not at all."""
    for artefact in tuple(artefacts):
        write_file(root / artefact.path, artefact.content)


def write_file(path: Path, content: bytes) -> None:
    """Replace the file by `content` in one move, through a temporary file beside it; folders are made.

    Raises UsageError where the place cannot be written. A device or pipe is written to, not replaced.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as error:
        raise UsageError(f"cannot write '{path}': {error.strerror}") from error


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def drift(artefacts: Iterable[Artefact], root: Path, folders: Sequence[PurePosixPath] = (PurePosixPath(),)) -> list[Drift]:
    """What differs below `root`, sorted by path; files below `folders` that no artefact accounts for are extra."""
    expected = {artefact.path: artefact.content for artefact in artefacts}
    found = [finding for path, content in expected.items() if (finding := _compare(path, content, root / path))]
    extra = {path for folder in folders for path in _files_below(root, folder)} - set(expected)
    found += [Drift("extra", path, "") for path in extra]
    return sorted(found, key=lambda finding: finding.path)


def _compare(path: PurePosixPath, content: bytes, place: Path) -> Drift | None:
    if not place.is_file():
        return Drift("missing", path, _diff(path, b"", content))
    present = place.read_bytes()
    return None if present == content else Drift("changed", path, _diff(path, present, content))


def _diff(path: PurePosixPath, present: bytes, content: bytes) -> str:
    old, new = (data.decode("utf-8", "backslashreplace").splitlines(keepends=True) for data in (present, content))
    lines = difflib.unified_diff(old, new, f"{path} (on disk)", f"{path} (generated)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _files_below(root: Path, folder: PurePosixPath) -> Iterator[PurePosixPath]:
    for path in (root / folder).rglob("*"):
        relative = path.relative_to(root)
        if path.is_file() and "__pycache__" not in relative.parts:
            yield PurePosixPath(relative.as_posix())
