"""Generated files as values: written all or nothing per file, and compared with what lies on the disk.

Input: artefacts (path and content, everything rendered already) and a root folder. Output: files, or the drift between the two.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EISDIR
from functools import partial
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
    """Write every artefact below `root`; where one cannot be written, none is."""
    write_files({root / artefact.path: artefact.content for artefact in artefacts})


def write_file(path: Path, content: bytes) -> None:
    """One file; see `write_files`."""
    write_files({path: content})


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Replace each file by its content in one move, through temporary files beside them; folders are made.

    Raises UsageError where a place cannot be written: then no file is. A device or pipe is written to, not replaced.
    """
    with ExitStack() as undone:
        moves = [(path, _staged(path, content, undone)) for path, content in contents.items()]
        for path, move in moves:
            with _told(path):
                move()


def _staged(path: Path, content: bytes, undone: ExitStack) -> Callable[[], object]:
    """The content beside its place, which is one move away; `undone` takes away what was not moved."""
    target = path.resolve()
    with _told(path):
        if target.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        if target.exists() and not target.is_file():
            return partial(target.write_bytes, content)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        undone.callback(temporary.unlink, missing_ok=True)
        temporary.write_bytes(content)
    return partial(temporary.replace, target)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write '{path}': {error.strerror}") from error


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
