"""What a model reads in columns: a sample that merges, and votes that it casts."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnProfile, TableProfiler, merge_tables, verdicts
from lakescan.udfs.classify.profile.readings import NO_LIMIT, Read, Reading, Readings
from lakescan.udfs.classify.profile.sampling import ValueSample
from lakescan.udfs.detect import DetectorSet, build_detectors

#: Of no list: only the model knows them.
GIVEN, FAMILY = ("Qorbin", "Umbrik", "Zelwin"), ("Vexlund", "Drassel", "Omkvist")
NAMES = [
    *(f"{first} {last}" for first in GIVEN for last in FAMILY),
    *(f"{last}, {first}" for first in GIVEN for last in FAMILY),
    *(f"{first} {second} {last}" for first in GIVEN for second in GIVEN for last in FAMILY),
]
REMARKS = [
    f"On visit {n} {NAMES[n % 9]} of Globex said that nothing had come since the last time."
    for n in range(400)
]


@pytest.fixture(scope="module")
def reading(small_model: Path) -> DetectorSet:
    """Detectors with a model."""
    text = f"version: 1\naccuracy_mode: high\nner: {{model: {json.dumps(str(small_model))}}}"
    found = build_detectors(Policy.parse(text))
    found.setup()
    return found


def profiled(
    detectors: DetectorSet, table: pa.Table, reads: int | None = None
) -> tuple[ColumnProfile, ...]:
    profiler = TableProfiler(detectors, reads)
    for batch in table.combine_chunks().to_batches():
        profiler.update(batch)
    return profiler.finish()


def stored(part: tuple[ColumnProfile, ...]) -> list[ColumnProfile]:
    return [ColumnProfile.from_record(json.loads(json.dumps(p.to_record()))) for p in part]


TABLE = pa.table({"who": [NAMES[n % len(NAMES)] for n in range(400)], "remarks": REMARKS})


@settings(max_examples=10)
@given(st.lists(st.integers(1, 399), max_size=4), st.randoms())
def test_any_split_in_any_order_reads_the_same_values(
    reading: DetectorSet, cuts: list[int], chance: random.Random
) -> None:
    bounds = sorted({0, 400, *cuts})
    parts = [
        stored(profiled(reading, TABLE.slice(low, high - low)))
        for low, high in itertools.pairwise(bounds)
    ]
    chance.shuffle(parts)
    whole = profiled(reading, TABLE)
    assert [p.readings for p in merge_tables(parts)] == [p.readings for p in whole]
    assert whole[0].readings.complete
    assert not whole[1].readings.complete
    assert 100 < len(whole[1].readings.values) <= 128


def test_parts_that_read_less_bound_the_sample_and_stay_true(reading: DetectorSet) -> None:
    whole = profiled(reading, TABLE)[1].readings
    parts = [profiled(reading, TABLE.slice(at, 40), 16) for at in range(0, 400, 40)]
    sample = merge_tables(parts)[1].readings
    assert 16 <= len(sample.values) <= 128
    assert sample.values == tuple(v for v in whole.values if v.hash < sample.limit)


READS = st.builds(
    lambda entity, score, whole: Read(entity, score, whole, "*" if score % 2 else ""),
    st.sampled_from(["PERSON", "CITY"]), st.integers(300, 1000), st.booleans(),
)  # fmt: skip


@st.composite
def readings(draw: st.DrawFn) -> Readings:
    """A sample; a value's reading is the same wherever it is met, as a model's is."""
    hashes = draw(st.lists(st.integers(0, 60), max_size=30))
    values = [
        Reading(
            h, draw(st.integers(1, 5)), 1 + h * 37 % 400, (Read("PERSON", 300 + h, False, "*"),)
        )
        for h in hashes
    ]
    limit = draw(st.sampled_from([NO_LIMIT, 40, 10]))
    detector = draw(st.sampled_from(["ner.x", "ner.x", ""]))
    return Readings.of(detector, 8, limit, values) if detector else Readings()


@given(readings(), readings(), readings())
def test_merging_is_associative_and_commutative(a: Readings, b: Readings, c: Readings) -> None:
    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert Readings.from_record(json.loads(json.dumps(a.to_record()))) == a


@given(st.lists(st.integers(0, 500), max_size=300), st.integers(1, 40), st.integers(1, 50))
def test_a_sample_holds_the_smallest_hashes_whatever_the_batches(
    numbers: list[int], size: int, step: int
) -> None:
    sample = ValueSample(size)
    values = pl.Series([f"v{n}" for n in numbers], dtype=pl.String)
    hashes = values.hash(0)
    for at in range(0, len(values), step):
        part = values.slice(at, step)
        sample.add(part, pl.Series([1] * len(part)).to_numpy(), hashes.slice(at, step).to_numpy())
    counted = pl.DataFrame({"v": values, "h": hashes}).group_by("h", "v").len().sort("h")
    kept = sample.fitting()
    assert kept.texts.to_list() == counted["v"].head(len(kept.texts)).to_list()
    assert kept.rows.tolist() == counted["len"].head(len(kept.texts)).to_list()
    assert len(kept.texts) == min(size, len(counted))
    assert (kept.limit == NO_LIMIT) == (len(counted) <= size)


def test_names_under_a_header_that_says_nothing_are_persons(reading: DetectorSet) -> None:
    (verdict, _) = verdicts(profiled(reading, TABLE), reading.policy)
    found = verdict.classifications[0]
    assert found.entity == "PERSON"
    assert found.prevalence == 1.0
    assert found.rows_hit == 400
    assert ("ner.high", 400) in [(r.detector, r.rows_hit) for r in found.evidence]
    assert all("***" in sample for sample in found.samples)
    assert verdict.sensitive


def test_free_text_lists_what_was_read_in_it_with_a_samples_interval(
    reading: DetectorSet,
) -> None:
    (_, verdict) = verdicts(profiled(reading, TABLE), reading.policy, total_rows=400)
    assert verdict.type_hint == "FREE_TEXT"
    inside = {c.entity: c for c in verdict.classifications}
    assert {"FREE_TEXT", "PERSON", "ORGANIZATION"} <= set(inside)
    person = inside["PERSON"]
    assert person.prevalence == 1.0
    assert person.interval[0] < 1.0
    read = next(r for r in person.evidence if r.detector == "ner.high")
    assert 100 < (read.rows_hit or 0) <= 128


def test_a_columns_rule_and_thresholds_hold_for_what_is_read(small_model: Path) -> None:
    model = f"accuracy_mode: high\nner: {{model: {json.dumps(str(small_model))}}}"
    for rule in ("entities: {disable: [PERSON]}", "thresholds: {detectors: {ner.*: 0.999}}"):
        detectors = build_detectors(Policy.parse(f"version: 1\n{model}\n{rule}"))
        (verdict, _) = verdicts(profiled(detectors, TABLE), detectors.policy)
        assert "ner.high" not in [r.detector for c in verdict.classifications for r in c.evidence]


def test_columns_without_words_are_not_read(
    reading: DetectorSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(DetectorSet, "read", lambda self, values: asked.append(values))
    profiled(
        reading,
        pa.table(
            {
                "sku": [f"SKU-{n}" for n in range(200)],
                "price": [f"{n}.50" for n in range(200)],
                "email": [f"u{n}@example.org" for n in range(200)],
                "status": ["open", "closed"] * 100,
                "country": ["France", "Germany"] * 100,
                "day": [f"2024-01-{n % 28 + 1:02}" for n in range(200)],
                "n": list(range(200)),
            }
        ),
    )
    assert asked == []


def test_no_value_stands_in_a_record(reading: DetectorSet) -> None:
    text = json.dumps([p.to_record() for p in profiled(reading, TABLE)])
    assert not any(name in text for name in NAMES)
    assert "Globex" not in text
