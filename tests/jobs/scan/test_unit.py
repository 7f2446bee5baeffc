"""Work units: what their ids depend on, and what they weigh."""

from __future__ import annotations

from dataclasses import replace

from lakescan.connectors import FileFormat, Split
from lakescan.jobs.scan.unit import Basis, ScanUnit

SPLIT = Split("/lake/a.parquet", "v1", FileFormat("parquet"), 0, 4, "row_group", 1000)
BASIS = Basis("policy1", (("pattern", "1"),), (None, None))


def test_an_id_names_the_bytes_and_how_they_are_read():
    same = BASIS.unit_id(SPLIT, None)
    assert same == BASIS.unit_id(replace(SPLIT, rows=7), None)
    others = [
        BASIS.unit_id(replace(SPLIT, version="v2"), None),
        BASIS.unit_id(replace(SPLIT, stop=5), None),
        BASIS.unit_id(replace(SPLIT, format=FileFormat("orc")), None),
        BASIS.unit_id(SPLIT, ("a",)),
        replace(BASIS, policy="policy2").unit_id(SPLIT, None),
        replace(BASIS, versions=(("pattern", "2"),)).unit_id(SPLIT, None),
        replace(BASIS, bounds=(10, None)).unit_id(SPLIT, None),
    ]
    assert len({same, *others}) == len(others) + 1


def test_the_range_is_empty_for_a_whole_file():
    assert ScanUnit("1", 0, SPLIT).range == "row_group:0-4"
    assert ScanUnit("1", 0, Split("/a", "1", FileFormat("csv"))).range == ""
    tail = replace(SPLIT, unit="byte", start=100, stop=None)
    assert ScanUnit("1", 0, tail).range == "byte:100-"


def test_a_unit_weighs_what_it_becomes_in_memory():
    csv = Split("/a.csv", "1", FileFormat("csv"), size=1 << 20)
    zipped = replace(csv, format=FileFormat("csv", compression="gzip"))
    assert ScanUnit("1", 0, zipped).weight > ScanUnit("1", 0, csv).weight == 1 << 20
    assert ScanUnit("1", 0, csv, max_rows=10).weight < 1 << 16
