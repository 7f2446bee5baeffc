"""Which splits a sampled scan reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors import FileFormat, Split
from lakescan.jobs.scan.sampling import sampled_splits, spaced
from lakescan.policy import Sampling

PARQUET = FileFormat("parquet")


def file(name: str, groups: int, per_split: int) -> list[Split]:
    return [
        Split(name, "1", PARQUET, start, min(start + per_split, groups), "row_group", 100)
        for start in range(0, groups, per_split)
    ]


def test_a_full_scan_reads_everything():
    splits = [*file("a", 10, 4), *file("b", 3, 4)]
    assert sampled_splits(splits, Sampling()) == tuple(splits)


def test_files_are_evenly_spaced_and_come_whole():
    splits = [split for name in "abcde" for split in file(name, 8, 4)]
    chosen = sampled_splits(splits, Sampling(files=3))
    assert [split.uri for split in chosen] == ["a", "a", "c", "c", "e", "e"]


def test_row_groups_are_evenly_spaced_over_all_splits_of_a_file():
    chosen = sampled_splits(file("a", 11, 4), Sampling(row_groups=3))
    assert [(split.start, split.stop) for split in chosen] == [(0, 1), (5, 6), (10, 11)]


def test_a_file_of_one_split_is_left_to_its_reader():
    splits = [Split("a", "1", PARQUET, size=100)]
    assert sampled_splits(splits, Sampling(row_groups=3)) == tuple(splits)


@given(st.lists(st.integers(), max_size=50, unique=True), st.integers(1, 60))
def test_spaced_things_are_distinct_ordered_and_as_many_as_asked(things, count):
    chosen = spaced(things, count)
    places = [things.index(thing) for thing in chosen]
    assert places == sorted(set(places))
    assert len(chosen) == min(count, len(things))
