"""The plan of a long listing: every object once, its units on disk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Selection
from lakescan.jobs.scan.plan import make_plan
from lakescan.policy import Policy

#: More than are handed out in memory.
OBJECTS, FOLDER = 4500, 1500


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("long")
    one = root / "one.bin"
    pq.write_table(pa.table({"id": [1, 2], "mail": ["a@example.com", "b@example.com"]}), one)
    for number in range(OBJECTS):
        folder = root / "lake" / f"day={number // FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"part-{number:05d}.parquet").hardlink_to(one)
    return root / "lake"


def plan(*uris: Path, policy: str = ""):
    given = Policy.parse(policy) if policy else Policy.default()
    return make_plan([str(uri) for uri in uris], given, Selection(), ())


def test_a_long_listing_is_one_dataset_with_a_unit_an_object(lake):
    made = plan(lake)
    (dataset,) = made.datasets
    assert (dataset.uri, dataset.partitions, dataset.rows) == (f"{lake}/", ("day",), 2 * OBJECTS)
    uris = [unit.split.uri for unit in made.units]
    assert uris == sorted(str(path) for path in lake.rglob("*.parquet"))
    assert len({unit.id for unit in made.units}) == OBJECTS
    assert made.units.bytes == sum(unit.split.size for unit in made.units)


def test_sources_that_overlap_are_read_once(lake):
    made = plan(lake / "day=1", lake, lake / "day=2")
    assert len(made.units) == OBJECTS
    assert len({unit.split.uri for unit in made.units}) == OBJECTS
    assert made.units.counts == {0: FOLDER, 1: OBJECTS - FOLDER}


def test_a_sample_of_files_is_spaced_over_all_of_them(lake):
    made = plan(lake, policy="sampling: {files: 4}")
    names = [unit.split.uri.rsplit("/", 1)[-1] for unit in made.units]
    assert names == [f"part-{number:05d}.parquet" for number in (0, 1500, 2999, 4499)]
