"""Which splits a sampled scan reads."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

import lakescan
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
    assert [*sampled_splits(splits, Sampling())] == splits


def test_files_are_evenly_spaced_and_come_whole():
    splits = [split for name in "abcde" for split in file(name, 8, 4)]
    chosen = sampled_splits(splits, Sampling(files=3))
    assert [split.uri for split in chosen] == ["a", "a", "c", "c", "e", "e"]


def test_row_groups_are_evenly_spaced_over_all_splits_of_a_file():
    chosen = sampled_splits(file("a", 11, 4), Sampling(row_groups=3))
    assert [(split.start, split.stop) for split in chosen] == [(0, 1), (5, 6), (10, 11)]


def test_a_file_of_one_split_is_left_to_its_reader():
    splits = [Split("a", "1", PARQUET, size=100)]
    assert [*sampled_splits(splits, Sampling(row_groups=3))] == splits


@given(st.lists(st.integers(), max_size=50, unique=True), st.integers(1, 60))
def test_spaced_things_are_distinct_ordered_and_as_many_as_asked(things, count):
    chosen = spaced(things, count)
    places = [things.index(thing) for thing in chosen]
    assert places == sorted(set(places))
    assert len(chosen) == min(count, len(things))


def test_a_sampled_column_tells_what_it_may_have_missed(tmp_path):
    rows = "\n".join(f"{n},Oak Street {n}" for n in range(5000))
    path = tmp_path / "streets.csv"
    path.write_text(f"n,street\n{rows}\n", encoding="utf-8")
    sampled = lakescan.scan(path, policy=lakescan.Policy.parse("sampling: {rows: 300}"))
    column = json.loads(sampled.to_json())["datasets"][0]["columns"][1]
    # Nothing in 300 of very many: the upper end of Wilson's 95 % interval is 3.84 / (300 + 3.84).
    assert 0.01 < column["missed_below"] < 0.013
    whole = lakescan.scan(path)
    assert "missed_below" not in json.loads(whole.to_json())["datasets"][0]["columns"][1]
