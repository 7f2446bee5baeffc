"""What is remembered is what is found."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.policy import Policy
from lakescan.udfs.classify import Memory
from lakescan.udfs.classify.profile import memory
from lakescan.udfs.detect import Values, build_detectors

TEXTS = [
    "ann@example.com", "call 202-555-0142 or 202-555-0143", "Anna", "123-45-6789", "nothing",
    " Berlin ", "paid with 4111 1111 1111 1111, mail bob@example.org", "é 10.1.2.3",
]  # fmt: skip


@pytest.fixture(scope="module")
def detectors():
    made = build_detectors(Policy())
    made.setup()
    return made


def told(groups):
    return sorted(
        (group.entity, group.detector, group.score, *span, group.whole)
        for group in groups
        for span in zip(
            group.rows.tolist(), group.starts.tolist(), group.ends.tolist(), strict=True
        )
    )


@settings(max_examples=25)
@given(batches=st.lists(st.lists(st.sampled_from(TEXTS), min_size=1, unique=True), max_size=5))
@pytest.mark.parametrize("most", [3, 1 << 16])
def test_a_second_look_finds_what_the_first_one_did(detectors, most, batches):
    remembering = Memory(detectors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "_MOST", most)
        for batch in batches:
            series = pl.Series(batch)
            found = remembering.groups(Values(series), series.hash(0).to_numpy())
            assert told(found) == told(detectors.groups(Values(series)))


def test_no_string_is_kept(detectors):
    remembering = Memory(detectors)
    series = pl.Series(TEXTS)
    remembering.groups(Values(series), series.hash(0).to_numpy())
    assert not any(text in repr(remembering._known) for text in TEXTS)
