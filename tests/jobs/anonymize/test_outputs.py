"""The outputs of a run, kept on disk: what comes back is what was planned, and what is staged."""

from __future__ import annotations

import tracemalloc

import pyarrow as pa

from lakescan.connectors import Dataset, FileFormat, Split
from lakescan.connectors.model import Hidden
from lakescan.connectors.sinks import Origin, OutputUnit, Staged, Target, Transaction, sink_for
from lakescan.engines.weight import total_weight
from lakescan.jobs.anonymize.outputs import Outputs
from lakescan.jobs.anonymize.task import AnonymizeUnit
from lakescan.jobs.scan.docket import Left
from lakescan.udfs.anonymize.plan import TablePlan

PLANS = (TablePlan(()), TablePlan(()))
SCHEMA = pa.schema([("mail", pa.string())])
STORAGE = (("secret_key", "hunter2"),)


def unit(number: int) -> OutputUnit:
    form = FileFormat("csv", (("delimiter", ";"),))
    access = Hidden("password=hunter2") if number % 3 else Hidden("")
    splits = tuple(
        Split(f"/lake/{number}", "1", form, n, n + 1, "byte", 10, None, access) for n in (0, 1)
    )
    name = f"{number // 2:05d}.csv"
    return OutputUnit(f"id-{number}", name, splits, form, SCHEMA, True, ("day",), STORAGE, "", "m")


def staged(number: int) -> Staged:
    return Staged(f"id-{number}", f"{number // 2:05d}.csv", f"staged/{number}", number)


def planned(count: int) -> Outputs:
    made = Outputs(PLANS)
    made.add(0, (unit(n) for n in range(count)))
    made.add(1, [OutputUnit("last", "other", ())])
    return made


def test_units_come_back_in_order_with_all_that_they_had() -> None:
    units = planned(3000)
    wanted = [AnonymizeUnit(0, unit(n), PLANS[0]) for n in range(3000)]
    last = AnonymizeUnit(1, OutputUnit("last", "other", ()), PLANS[1])
    assert [*units] == [*wanted, last]
    assert (len(units), units[7], units[5:9:2]) == (3001, wanted[7], tuple(wanted[5:9:2]))
    assert units[3000] == last
    assert units[9].plan is PLANS[0]
    assert total_weight(units) == sum(each.weight for each in wanted)


def test_what_is_staged_is_left_no_more_and_comes_in_the_order_of_the_plan() -> None:
    units = planned(6)
    assert not units.staged(Staged("of another run", "x", "", 1))
    for number in (4, 0, 3, 4):
        assert units.staged(staged(number))
    assert units.staged(staged(0), kept=True)
    assert [each.output.id for each in Left(units, units.done)] == ["id-1", "id-2", "id-5", "last"]
    assert units.left == 4
    assert [*units.all_staged()] == [staged(0), staged(3), staged(4)]
    assert (units.kept(0), units.kept(1)) == (1, 0)
    assert [*units.names(0)] == ["00000.csv", "00001.csv", "00002.csv"]
    assert [*units.names(1)] == ["other"]


def test_how_data_is_reached_is_never_on_the_disk() -> None:
    units = planned(3)
    cells = units._scratch.run("SELECT unit FROM units")
    assert not any(b"hunter2" in bytes(cell[0]) for cell in cells)
    assert units[1].output.splits[0].access == "password=hunter2"
    assert units[1].output.storage == STORAGE


def test_the_driver_holds_next_to_nothing_of_an_output(tmp_path) -> None:
    """A file's output takes a kilobyte and more, so that ten million would take the machine."""

    class Files(list[Split]):
        def __iter__(self):
            form = FileFormat("parquet")
            return (Split(f"/lake/{n:09d}.parquet", f"v{n}", form) for n in range(4000))

    dataset = Dataset("/lake/", "parquet", "1", Files(), SCHEMA)
    transaction = Transaction(Target(str(tmp_path / "safe"), "run"))
    units = Outputs(PLANS)

    def planned_and_staged() -> None:
        units.add(0, sink_for(str(tmp_path)).plan(transaction, dataset, Origin("/lake/")))
        for each in units:
            units.staged(Staged(each.output.id, each.output.output, "staged", 1))

    planned_and_staged()  # what is imported and kept once
    tracemalloc.start()
    planned_and_staged()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(units) == 8000
    assert held < 50 * 4000
