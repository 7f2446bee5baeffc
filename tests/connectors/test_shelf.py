"""A listing of any length, kept on disk: what comes back is what was put there."""

from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors import Dataset, FileFormat, Selection
from lakescan.connectors.files import FileConnector
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.grouping import group
from lakescan.connectors.scratch import Scratch, packed, unpacked
from lakescan.connectors.shelf import Found, Listing, Shelf, ShelvedSplits, splits_of
from lakescan.connectors.storage import FileObject
from lakescan.errors import TerminalError

SCHEMAS = (pa.schema([("id", pa.int64())]), pa.schema([("id", pa.string())]), None)


def found(name: str, pieces: int = 1, *, schema: int = 0, part: str = "") -> Found:
    cut = tuple(Piece(n, n + 1, "row_group", 10, n or None) for n in range(pieces))
    layout = Layout(FileFormat("parquet"), cut, SCHEMAS[schema], rows=pieces, part=part)
    return Found(FileObject(f"/lake/{name}", 10 * pieces, f"v-{name}", 0.0), layout)


FOUND = st.builds(
    found,
    st.text(st.characters(blacklist_characters="/"), min_size=1, max_size=8),
    st.integers(1, 3),
    schema=st.integers(0, 2),
    part=st.sampled_from(["", "Sheet 1"]),
)


@given(st.lists(FOUND, max_size=30, unique_by=lambda one: one.uri))
def test_a_shelf_gives_back_what_it_got_by_name(tables):
    shelf = Shelf()
    for one in tables:
        shelf.put([one])
    assert [one for *_, one in shelf.sorted()] == sorted(tables, key=lambda one: one.uri)


@given(st.lists(FOUND, max_size=30, unique_by=lambda one: one.uri), st.randoms())
def test_the_order_of_a_listing_changes_no_dataset(tables, random):
    datasets = []
    for _ in range(2):
        shelf = Shelf()
        shelf.put(tables)
        datasets.append([*group(shelf, "auto")])
        random.shuffle(tables)
    assert datasets[0] == datasets[1]
    splits = [split for dataset in datasets[0] for split in dataset.splits]
    wanted = [split for one in tables for split in splits_of(one)]
    assert sorted(splits, key=repr) == sorted(wanted, key=repr)


def test_a_large_dataset_has_its_splits_on_disk() -> None:
    shelf = Shelf()
    tables = [found(f"part-{n:05d}.parquet", 2) for n in range(3000)]
    shelf.put(tables)
    (dataset,) = group(shelf, "auto")
    wanted = [split for one in tables for split in splits_of(one)]
    assert isinstance(dataset.splits, ShelvedSplits)
    assert len(dataset.splits) == len(wanted) == 6000
    assert [*dataset.splits] == wanted
    assert dataset.splits[0] == wanted[0]
    assert dataset.splits[-1] == wanted[-1]
    assert list(dataset.splits[10:3:-2]) == wanted[10:3:-2]
    there: Dataset = pickle.loads(pickle.dumps(dataset))
    assert there.splits == tuple(wanted)


def test_a_listing_can_be_read_twice() -> None:
    objects = [FileObject(f"/lake/{n:05d}", n, str(n), n / 2) for n in range(2500)]
    listing = Listing(iter(objects))
    assert [*listing] == [*listing] == objects
    assert "/lake/00007" in listing
    assert "/lake/7" not in listing


def test_a_name_that_is_no_unicode_spoils_no_other(tmp_path: Path) -> None:
    name = b"caf\xe9.csv".decode("utf-8", "surrogateescape")
    for one in (name, "good.csv"):
        (tmp_path / one).write_text("id,mail\n1,a@example.com\n", encoding="utf-8")
    dataset, failure = FileConnector().discover(str(tmp_path), Selection())
    assert isinstance(dataset, Dataset)
    assert dataset.uri == f"{tmp_path}/good.csv"
    assert failure.uri == f"{tmp_path}/{name}"


@given(st.text(st.characters(blacklist_categories=())))
def test_names_come_back_as_they_were(name):
    assert unpacked(packed(name)) == name


def test_a_full_disk_says_what_to_do() -> None:
    scratch = Scratch("CREATE TABLE t (n INTEGER PRIMARY KEY, data BLOB)")
    scratch.run("PRAGMA max_page_count = 16")
    with pytest.raises(TerminalError, match="SQLITE_TMPDIR"):
        scratch.run_many("INSERT INTO t (data) VALUES (?)", [(b"x" * 4096,)] * 64)
