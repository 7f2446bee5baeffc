"""Sheets of a workbook and members of an archive are staged apart, and appear as one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from workbooks import workbook

from lakescan.connectors.sinks import Mode
from lakescan.connectors.sinks.files.sink import FileSink
from lakescan.errors import ChangedSourceError

BOOK = workbook(
    ("People", [["id", "mail"], *([i, f"u{i}@example.com"] for i in range(20))]),
    ("Nothing", []),
    ("Assets", [["tag", "price"], *([f"t{i}", i / 2] for i in range(30))]),
)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("in/b.csv", "id;name\r\n" + "".join(f"{i};n{i}\r\n" for i in range(25)))
        packed.writestr("wow!/a.jsonl", '{"a":"x"}\n' * 10)
        packed.writestr("book.xlsx", BOOK)
    return out.getvalue()


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    root = tmp_path / "lake"
    (root / "odd!").mkdir(parents=True)
    (root / "book.xlsx").write_bytes(BOOK)
    (root / "all.zip").write_bytes(archive())
    (root / "odd!" / "c.csv").write_text("a,b\n" + "1,2\n" * 5)
    return root


def names(folder: Path) -> list[str]:
    files = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in files if not name.startswith("_"))


def leftovers(folder: Path) -> list[Path]:
    return [p for p in (folder / "_lakescan").rglob("*") if p.is_file() and "staged" in p.parts]


def test_each_file_comes_back_with_all_that_is_in_it(
    lake: Path, tmp_path: Path, copy: Callable
) -> None:
    committed = copy().go()
    assert (committed.outputs, committed.rows) == (3, 50 + 25 + 10 + 50 + 5)
    assert names(tmp_path / "out") == ["all.zip", "book.xlsx", "odd/c.csv"]
    with zipfile.ZipFile(tmp_path / "out" / "all.zip") as made:
        assert made.testzip() is None
        assert made.namelist() == ["book.xlsx", "in/b.csv", "wow!/a.jsonl"]
        with zipfile.ZipFile(io.BytesIO(archive())) as source:
            for name in ("in/b.csv", "wow!/a.jsonl"):
                assert made.read(name) == source.read(name)
    again = copy(source=tmp_path / "out", to=tmp_path / "again").go()
    assert again.rows == committed.rows
    assert leftovers(tmp_path / "out") == []


def test_a_run_that_is_cut_shows_nothing_and_goes_on(
    lake: Path, tmp_path: Path, copy: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = copy()
    transaction = first.begin()
    units = first.units(transaction)
    first.stage(transaction, units[:3])

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    assert names(tmp_path / "out") == []
    # A driver that dies when its bundles are made, and before they count.
    with monkeypatch.context() as patch:
        patch.setattr("lakescan.connectors.sinks.files.sink._put", die)
        with pytest.raises(Killed):
            copy().go()
    assert names(tmp_path / "out") == []
    assert leftovers(tmp_path / "out")
    committed = copy().go()
    assert committed.outputs == 3
    assert names(tmp_path / "out") == ["all.zip", "book.xlsx", "odd/c.csv"]
    assert leftovers(tmp_path / "out") == []
    assert copy().go() == committed


def test_of_two_drivers_of_one_run_one_makes_the_file(
    lake: Path, tmp_path: Path, copy: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = copy()
    transaction = run.begin()
    staged = run.stage(transaction, run.units(transaction))
    real = FileSink.commit

    def overtaken(state: object, manifest: object, base: str) -> None:
        monkeypatch.undo()
        real(FileSink(), transaction, staged)

    monkeypatch.setattr("lakescan.connectors.sinks.files.sink._put", overtaken)
    committed = run.sink.commit(transaction, staged)
    assert committed == run.sink.begin(run.target).committed
    assert leftovers(tmp_path / "out") == []


def test_a_run_of_another_name_leaves_no_bundle_behind(
    lake: Path, tmp_path: Path, copy: Callable
) -> None:
    late = copy("late", Mode.REPLACE)
    transaction = late.begin()
    staged = late.stage(transaction, late.units(transaction))
    copy("soon", Mode.REPLACE).go()
    with pytest.raises(ChangedSourceError):
        late.sink.commit(transaction, staged)
    late.sink.abort(transaction)
    assert leftovers(tmp_path / "out") == []
