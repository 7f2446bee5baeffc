"""The reduce: the same answer whatever the order, the cuts, and the repeats."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lakescan.connectors import Dataset, FileFormat, Split
from lakescan.jobs.scan.docket import Docket
from lakescan.jobs.scan.fold import Fold
from lakescan.jobs.scan.plan import Plan
from lakescan.jobs.scan.unit import Partial, ScanUnit, pack_profiles, unpack_profiles
from lakescan.policy import Policy
from lakescan.udfs.classify import TableProfiler
from lakescan.udfs.detect import build_detectors

ROWS = 60
TABLE = pa.record_batch(
    {
        "email": [None if n % 7 == 3 else f"user{n % 40}@example.com" for n in range(ROWS)],
        "note": [f"call 202-555-{1000 + n} or write" if n % 3 else "" for n in range(ROWS)],
        "count": pa.array(range(ROWS), pa.int64()),
    }
)


@pytest.fixture(scope="module")
def detectors():
    found = build_detectors(Policy.default())
    found.setup()
    return found


def unit(name: str, dataset: int = 0) -> ScanUnit:
    return ScanUnit(name, dataset, Split(f"/lake/{name}", "1", FileFormat("csv"), size=10))


def plan(units, datasets=1) -> Plan:
    shells = tuple(Dataset(f"/lake/{n}/", "csv", "1", ()) for n in range(datasets))
    docket = Docket((None, None), 1)
    for place in range(datasets):
        docket.add(place, ((u.id, u.split) for u in units if u.dataset == place), None)
    return Plan(shells, docket, (), frozenset())


def partial(name: str, batch: pa.RecordBatch, detectors) -> Partial:
    profiler = TableProfiler(detectors)
    profiler.update(batch)
    return Partial(name, batch.num_rows, pack_profiles(profiler.finish()))


def reports(units, partials, datasets=1):
    fold = Fold(plan(units, datasets), Policy.default())
    for one in partials:
        fold.add(one)
    return fold.reports()


def cut(cuts: list[int], detectors) -> list[Partial]:
    edges = sorted({0, ROWS, *cuts})
    return [
        partial(f"{low}-{high}", TABLE.slice(low, high - low), detectors)
        for low, high in itertools.pairwise(edges)
    ]


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_cuts_orders_and_repeats_change_nothing(detectors, data):
    cuts = data.draw(st.lists(st.integers(1, ROWS - 1), max_size=3))
    partials = cut(cuts, detectors)
    units = [unit(one.unit) for one in partials]
    repeats = data.draw(st.lists(st.sampled_from(partials), max_size=5))
    shuffled = data.draw(st.permutations([*partials, *repeats]))
    whole = partial("all", TABLE, detectors)
    assert reports(units, shuffled) == reports([unit("all")], [whole])


def test_packed_profiles_come_back_as_they_were(detectors):
    profiler = TableProfiler(detectors)
    profiler.update(TABLE)
    profiles = profiler.finish()
    assert unpack_profiles(pack_profiles(profiles)) == profiles


def test_a_partial_that_nobody_asked_for_is_ignored(detectors):
    fold = Fold(plan([unit("0-60")]), Policy.default())
    assert fold.add(partial("other", TABLE, detectors)) is None
    assert fold.rows == 0
    assert [one.id for one in fold.open_units] == ["0-60"]


def test_a_dataset_of_which_a_unit_failed_is_judged_by_the_rest(detectors):
    parts = cut([20], detectors)
    units = [unit(one.unit) for one in parts]
    fold = Fold(plan(units), Policy.default())
    fold.add(parts[1])
    fold.give_up(units[0])
    (dataset,) = fold.reports()
    assert dataset.rows_scanned == 40
    assert fold.committed == 1
    low, high = dataset.columns[0].classifications[0].interval
    assert low < high, "the failed part may hold anything"


def test_datasets_come_in_the_order_of_the_plan(detectors):
    units = [unit("a", 0), unit("b", 1)]
    batch = TABLE.slice(0, 5)
    found = reports(units, [partial("b", batch, detectors), partial("a", batch, detectors)], 2)
    assert [dataset.uri for dataset in found] == ["/lake/0/", "/lake/1/"]
