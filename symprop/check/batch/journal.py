"""The journal of a run: every result on disk as soon as it is known, so that an interrupted run goes on where it stopped.

Input: results in row order. Output: a file of JSON lines; its first line says which run it belongs to, part by part. A torn last
line is cut off when the run goes on, so that no result is lost and none is written twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from symprop.check.batch.result import Result, from_json
from symprop.errors import UsageError

SCHEMA = "symprop.check.journal/1"


@dataclass(slots=True)
class Journal:
    """An open journal; `done` counts the results that it already holds, those of rows 0 to done - 1.

    Nothing waits in a buffer: a process that is killed loses no result that was written.
    """

    path: Path
    stream: BinaryIO
    done: int

    def write(self, result: Result) -> None:
        """Append the result of row number `done`."""
        assert result.index == self.done, "results are journalled in row order"
        self.stream.write(result.to_json().encode() + b"\n")
        self.done += 1

    def flush(self) -> None:
        """Bring what was written to the disk."""
        os.fsync(self.stream.fileno())

    def close(self) -> None:
        """Flush and close."""
        self.flush()
        self.stream.close()


def open_journal(path: Path, parts: Mapping[str, str]) -> Journal:
    """The journal of the run that has these digests, by what each is one of: a new one, or what an interrupted run left behind.

    Raises UsageError where the file belongs to another run: the message says what is another there, the network, the answers.
    """
    if not path.exists() or path.stat().st_size == 0:
        stream: BinaryIO = path.open("wb", buffering=0)
        stream.write(_heading(parts))
        return Journal(path, stream, 0)
    done, end = _resumed(path, parts)
    stream = path.open("r+b", buffering=0)
    stream.truncate(end)
    stream.seek(end)
    return Journal(path, stream, done)


def results(path: Path) -> Iterator[Result]:
    """The results of a finished journal, one at a time, in row order."""
    with path.open("rb") as stream:
        next(stream)
        for line in stream:
            yield from_json(line.decode())


def _heading(parts: Mapping[str, str]) -> bytes:
    return json.dumps({"schema": SCHEMA, "run": dict(parts)}).encode() + b"\n"


def _resumed(path: Path, parts: Mapping[str, str]) -> tuple[int, int]:
    """How many whole results the file holds, and where the last of them ends."""
    with path.open("rb") as stream:
        heading = stream.readline()
        if heading != _heading(parts):
            raise UsageError(f"{path}: {_misfit(heading, parts)}; name another file or remove it")
        done, end = 0, len(heading)
        for line in stream:
            if not _whole(line, done):
                break
            done, end = done + 1, end + len(line)
    return done, end


def _misfit(heading: bytes, parts: Mapping[str, str]) -> str:
    """Why a file with another first line is not this run's journal."""
    try:
        known = json.loads(heading)["run"]
        others = [part for part, digest in parts.items() if known[part] != digest]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "is no journal of a run"
    return f"is the journal of another run (what differs: {', '.join(others)})" if others else "is a journal of another schema"


def _whole(line: bytes, index: int) -> bool:
    try:
        return line.endswith(b"\n") and from_json(line.decode()).index == index
    except ValueError:
        return False
