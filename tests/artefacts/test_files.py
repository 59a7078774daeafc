"""Writing and drift: whole files only, and changed, missing and extra files found with a diff."""

import os
from pathlib import Path, PurePosixPath

import pytest

from symprop.artefacts.files import Artefact, drift, write, write_file, write_files
from symprop.errors import UsageError

PAIR = (Artefact(PurePosixPath("net/a.py"), b"x = 1\n"), Artefact(PurePosixPath("net/b.tex"), b"\\sigma\n"))


def kinds(root: Path, **options: list[PurePosixPath]) -> list[tuple[str, str]]:
    return [(finding.kind, str(finding.path)) for finding in drift(PAIR, root, **options)]


def test_what_was_written_does_not_drift(tmp_path: Path) -> None:
    write(PAIR, tmp_path)
    assert drift(PAIR, tmp_path) == []
    assert sorted(path.name for path in (tmp_path / "net").iterdir()) == ["a.py", "b.tex"]


def test_changed_missing_and_extra_files_are_found(tmp_path: Path) -> None:
    write(PAIR, tmp_path)
    (tmp_path / "net/a.py").write_bytes(b"x = 2\n")
    (tmp_path / "net/b.tex").unlink()
    (tmp_path / "left_over.txt").touch()
    assert kinds(tmp_path) == [("extra", "left_over.txt"), ("changed", "net/a.py"), ("missing", "net/b.tex")]


def test_a_changed_file_comes_with_its_diff(tmp_path: Path) -> None:
    write(PAIR, tmp_path)
    (tmp_path / "net/a.py").write_bytes(b"x = 2")
    (finding,) = drift(PAIR, tmp_path)
    assert "-x = 2\n\\ No newline at end of file\n+x = 1\n" in finding.diff


def test_a_carriage_return_is_drift(tmp_path: Path) -> None:
    write(PAIR, tmp_path)
    (tmp_path / "net/a.py").write_bytes(b"x = 1\r\n")
    assert kinds(tmp_path) == [("changed", "net/a.py")]


def test_extra_files_count_only_in_the_folders_asked_about_and_caches_never(tmp_path: Path) -> None:
    write(PAIR, tmp_path)
    (tmp_path / "net/__pycache__").mkdir()
    (tmp_path / "net/__pycache__/a.pyc").touch()
    (tmp_path / "other.txt").touch()
    assert kinds(tmp_path, folders=[PurePosixPath("net")]) == []
    assert kinds(tmp_path) == [("extra", "other.txt")]


def test_everything_is_missing_from_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert kinds(tmp_path / "nowhere") == [("missing", "net/a.py"), ("missing", "net/b.tex")]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.py"
    place.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match="No space left"):
        write_file(place, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]
    assert place.read_bytes() == b"old"


def test_a_place_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_file(tmp_path, b"")


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    for wrong in (tmp_path, tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="cannot write"):
            write_files({tmp_path / "sheet": b"new", tmp_path / "file": b"new", wrong: b"key"})
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
        assert (tmp_path / "file").read_bytes() == b"old"


def test_a_link_is_followed_and_a_device_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    write_file(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()
