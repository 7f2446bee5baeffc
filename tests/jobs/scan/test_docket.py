"""The units of a plan, kept on disk: what comes back is what was planned."""

from __future__ import annotations

from lakescan.connectors import FileFormat, Split
from lakescan.connectors.model import Hidden
from lakescan.engines.weight import total_weight
from lakescan.jobs.scan.docket import Docket, Left
from lakescan.jobs.scan.unit import ScanUnit
from lakescan.reports.splits import SplitReport

FORMATS = (FileFormat("csv", (("delimiter", ";"),)), FileFormat("parquet"))


def split(number: int) -> Split:
    access = Hidden("password=hunter2") if number % 3 else Hidden("")
    stop = number + 1 if number % 2 else None
    return Split(
        f"/lake/{number:05d}", "1", FORMATS[number % 2], number, stop, "byte", 10, None, access
    )


def docket(count: int) -> Docket:
    made = Docket((500, None), 100)
    made.add(0, ((f"unit-{n}", split(n)) for n in range(count)), ("mail",))
    made.add(1, [("last", split(count))], None)
    return made


def test_units_come_back_in_order_with_how_their_data_is_reached() -> None:
    units = docket(3000)
    wanted = [ScanUnit(f"unit-{n}", 0, split(n), ("mail",), 500, None, 4) for n in range(3000)]
    assert [*units] == [*wanted, ScanUnit("last", 1, split(3000), None, 500, None, 100)]
    assert len(units) == 3001
    assert units[7] == wanted[7]
    assert units[5:9:2] == tuple(wanted[5:9:2])
    assert units.counts == {0: 3000, 1: 1}
    assert units.bytes == 30_010


def test_units_know_their_weight_before_they_are_gone_through() -> None:
    units = docket(10)
    assert total_weight(units) == sum(unit.weight for unit in units)


def test_how_data_is_reached_is_never_on_the_disk(tmp_path, monkeypatch) -> None:
    units = docket(3)
    (cells,) = units._scratch.run("SELECT group_concat(quote(units.access)) FROM units")
    assert set(str(cells[0]).split(",")) <= {"0", "1"}
    assert units[1].split.access == "password=hunter2"


def test_what_is_left_are_the_units_that_have_not_ended() -> None:
    units = docket(4)
    done = bytearray(5)
    assert [*Left(units, done)] == [*units]
    done[1] = done[4] = 1
    left = Left(units, done)
    assert [unit.id for unit in left] == ["unit-0", "unit-2", "unit-3"]
    assert left[1].id == "unit-2"
    assert [unit.id for unit in left[1:]] == ["unit-2", "unit-3"]
    assert left.weight == sum(unit.weight for unit in left)


def test_splits_are_found_again_in_an_overlapping_source() -> None:
    units = docket(1)
    assert units.repeated([split(1), split(2)]) == frozenset()
    assert units.repeated([split(3), split(2), split(1)]) == {1, 2}


def test_what_became_of_units_is_told_in_the_order_of_the_plan() -> None:
    units = docket(3)
    for unit in reversed([*units][:3]):
        s = unit.split
        units.ended(
            SplitReport(
                unit.id, "/lake/", s.uri, "1", s.format.name, unit.range, "failed", 3, 10, 0.5, 2,
                "Corrupt", "broken",
            )
        )  # fmt: skip
    told = [*units.reports(["/lake/", "/other/"])]
    assert [one.unit for one in told] == ["unit-0", "unit-1", "unit-2"]
    assert told[1].range == "byte:1-2"
    assert told[1].error == "broken"
    assert (told[1].seconds, told[1].attempts, told[1].dataset) == (0.5, 2, "/lake/")
