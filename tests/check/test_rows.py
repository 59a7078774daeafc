"""Files of answers as spreadsheets and exports really write them; one bad row never stops or loses the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symprop.check.batch.journal import open_journal
from symprop.check.batch.result import Result
from symprop.check.batch.rows import Row, read_rows
from symprop.errors import InputError

TABLE = 'student,quantity,answer\nJosé,w2,"(out-target)\n*s2"\nbob,w2,s2\n'
EXPECTED = [("José", "w2", "(out-target)\n*s2"), ("bob", "w2", "s2")]


def rows_of(path: Path, content: bytes) -> list[Row]:
    path.write_bytes(content)
    return list(read_rows(path))


def cells(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row.student, row.quantity, row.answer) for row in rows]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode("utf-16"),
        ("sep=;\r\n" + TABLE.replace(",", ";")).encode(),
        TABLE.replace("\nbob", "\n\n,,\nbob").encode(),
        TABLE.replace("student", " Student ").replace("answer", "ANSWER").encode(),
    ],
    ids=["plain", "BOM", "UTF-16", "semicolons", "tabs in UTF-16", "sep line", "empty lines", "capitals"],
)
def test_the_same_table_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    assert cells(rows_of(tmp_path / "a.csv", content)) == EXPECTED


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(tmp_path: Path, ending: str) -> None:
    table = ending.join(["student,quantity,answer", "ada,w2,s2", "bob,w1,s1", ""])
    assert cells(rows_of(tmp_path / "a.csv", table.encode())) == [("ada", "w2", "s2"), ("bob", "w1", "s1")]


def test_an_open_quotation_mark_costs_its_own_row_alone(tmp_path: Path) -> None:
    table = 'student,quantity,answer\nada,w2,"s2\nbob,w2,"s2"\ncleo,w2,5" x\ndan,w2,s2,9,9\neve\nfay,w2,s2\n'
    rows = rows_of(tmp_path / "a.csv", table.encode())
    assert [row.student for row in rows] == ["ada", "bob", "cleo", "dan", "eve", "fay"]
    assert "never closed" in rows[0].problem and "no quantity" in rows[4].problem
    assert not any(row.problem for row in (*rows[1:4], rows[5])) and rows[2].answer == '5" x'


def test_a_cell_beyond_the_limit_is_one_bad_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", f"student,quantity,answer\nada,w2,{'1' * 300_000}\nbob,w2,s2\n".encode())
    assert "cannot be read" in rows[0].problem and rows[1].answer == "s2"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "student,quantity,answer\nJosé,w2,s2\n".encode("latin-1"), "save it as UTF-8"),
        ("a.csv", b"student,quantity,answer,answer\nada,w2,s2,s1\n", "'answer' stands there twice"),
        ("a.csv", b"", "'student' is missing"),
        ("a.json", b'[{"student": "a", "quantity": "w2", "answer": ' + b"1" * 5000 + b"}]", "is no JSON"),
        ("a.toml", b"[[answers]]\nanswer = " + b"1" * 5000, "is no TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        rows_of(tmp_path / name, content)


def test_half_a_surrogate_pair_reaches_no_file(tmp_path: Path) -> None:
    content = json.dumps([{"student": "a\ud800", "quantity": "w2", "answer": "s2\udfff"}]).encode()
    assert cells(rows_of(tmp_path / "a.json", content)) == [("a?", "w2", "s2?")]


def test_a_killed_process_loses_no_written_result(tmp_path: Path) -> None:
    """The journal is read beside the writer, which neither flushed nor closed it: as after a kill."""
    result = Result(0, "ada", "w0", "correct", 1.0, 1.0, "the gradient of w0")
    open_journal(tmp_path / "j", {"answers": "run"}).write(result)
    assert open_journal(tmp_path / "j", {"answers": "run"}).done == 1
