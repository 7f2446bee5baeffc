"""Profiles of parts, merged in any order, are the profile of the whole."""

from __future__ import annotations

import itertools
import json
import random
import string
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.classify import ColumnProfile, merge, merge_tables
from lakescan.udfs.classify.profile.strata import BUDGET

Profile = Callable[[pa.Table], tuple[ColumnProfile, ...]]

CELLS = st.sampled_from(
    ["ann@example.org", "bob@example.org", " ann@example.org ", "call bob@example.org", "N/A", "",
     "4111111111111111", "Berlin", "42", "3.14", "1999-01-02", '{"a": "x@example.org"}', "Anna",
     "Anna Smith", "+1 202 555 0142", "12345", None]
)  # fmt: skip


def make_table(cells: list[str | None], seed: int) -> pa.Table:
    chance = random.Random(seed)
    return pa.table(
        {
            "text": pa.array(cells, pa.string()),
            "number": pa.array([chance.choice([None, i, -i, 10**9 + i]) for i in range(len(cells))]),
            "share": pa.array([chance.choice([None, 0.5, i / 7]) for i in range(len(cells))],
                              pa.float64()),
            "day": pa.array([date(1990 + i % 30, 1, 1 + i % 28) for i in range(len(cells))]),
            "listed": pa.array([[c, "x"] if c else None for c in cells], pa.list_(pa.string())),
            "bytes": pa.array([None if c is None else c.encode() + b"\xff" * (i % 2)
                               for i, c in enumerate(cells)], pa.binary()),
            "coded": pa.array(cells, pa.string()).dictionary_encode(),
        }
    )  # fmt: skip


def stored(part: tuple[ColumnProfile, ...]) -> list[ColumnProfile]:
    """As a worker's answer comes back: through JSON."""
    return [ColumnProfile.from_record(json.loads(json.dumps(p.to_record()))) for p in part]


@settings(max_examples=25)
@given(st.lists(CELLS, min_size=1, max_size=60), st.integers(0, 2**32), st.data())
def test_any_split_in_any_order_gives_the_same_profile(
    profile: Profile, cells: list[str | None], seed: int, data: st.DataObject
) -> None:
    table = make_table(cells, seed)
    cuts = [*data.draw(st.lists(st.integers(0, len(cells)), max_size=4)), 0, len(cells)]
    bounds = sorted(cuts)
    parts = [
        stored(profile(table.slice(low, high - low)))
        for low, high in itertools.pairwise(bounds)
        if high > low
    ]
    data.draw(st.randoms()).shuffle(parts)
    assert merge_tables(parts) == profile(table)


def test_many_distinct_values_are_sampled_alike_however_they_are_cut(profile: Profile) -> None:
    chance = random.Random(1)
    letters = string.ascii_lowercase
    words = ["".join(chance.choices(letters, k=chance.randint(1, 12))) for _ in range(4 * BUDGET)]
    table = pa.table(
        {"word": words, "size": [float(len(word)) + i for i, word in enumerate(words)]}
    )
    whole = profile(table)
    for size in (1000, 7777):
        parts = [profile(table.slice(i, size)) for i in range(0, len(words), size)]
        chance.shuffle(parts)
        assert merge_tables(parts) == whole
    sampled = whole[0].form.text.rows
    assert BUDGET / 5 <= sampled <= BUDGET * 1.2


def test_merging_is_associative_and_commutative(profile: Profile) -> None:
    cells = ["ann@example.org", "Berlin", "42", None, "x", "4111111111111111"] * 5
    a, b, c = (profile(make_table(cells[i : i + 10], i))[0] for i in (0, 10, 20))
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


def test_no_value_stands_in_a_record(profile: Profile) -> None:
    secrets = ["marvin.android@example.org", "Zaphod Beeblebrox", "4111111111111111"]
    table = pa.table({"a": secrets, "b": [f"wrote to {s} today" for s in secrets]})
    text = json.dumps([p.to_record() for p in profile(table)])
    assert not any(secret in text for secret in secrets)


def test_an_all_null_part_does_not_change_the_type(profile: Profile) -> None:
    empty = profile(pa.table({"a": pa.nulls(3)}))
    full = profile(pa.table({"a": ["x"]}))
    assert merge(empty[0], full[0]).type == "string"


@pytest.mark.parametrize("blank", ["", "  ", "NULL", "n/a", "None", "NaN", "-", "\\N"])
def test_words_for_nothing_are_no_values(profile: Profile, blank: str) -> None:
    found = profile(pa.table({"a": ["x", blank, None]}))[0]
    assert (found.rows, found.nulls, found.blanks, found.filled) == (3, 1, 1, 1)
    assert found.distinct == 1
