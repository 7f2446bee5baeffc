from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given

from lakescan.udfs.anonymize.column import blanks, repeats, whole_cells
from lakescan.udfs.anonymize.operators.reveal import Undo
from lakescan.udfs.anonymize.plan import ColumnPlan

MAIL = ColumnPlan(0, "mail", "EMAIL_ADDRESS", "EMAIL_ADDRESS")


@given(st.lists(st.text("a \t\x1c\x7f\u00a0\u2003\u3000é😀", max_size=4), max_size=9))
def test_blank_is_what_holds_white_space_only(values):
    texts = pa.array(values, pa.large_string())
    trimmed = pc.equal(pc.utf8_trim_whitespace(texts), "")
    assert blanks(texts).to_pylist() == trimmed.to_pylist()


@pytest.mark.parametrize("name", ["mask", "token", "replace", "redact", "truncate", "null", "keep"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_column_of_all_different_cells_becomes_what_it_becomes_where_they_repeat(
    ready, name, kind
):
    operator = ready(name, **({"length": 3} if name == "truncate" else {}))
    mails = [f"ann{number}@example.com" for number in range(2000)]
    mails[7:10] = [None, "", " \u3000"]
    mails[1900] = mails[0]
    alone, counts = whole_cells(pa.array(mails, kind), MAIL, operator, None)
    threefold, more = whole_cells(pa.array(mails * 3, kind), MAIL, operator, None)
    assert alone.type == threefold.type == kind
    assert threefold.slice(0, 2000).to_pylist() == alone.to_pylist()
    assert alone[7].as_py() is None
    if name != "null":
        assert alone.slice(8, 2).to_pylist() == ["", " \u3000"]
    assert counts.cells == 1997
    assert (more.cells, more.changed) == (3 * counts.cells, 3 * counts.changed)


def test_a_sample_tells_whether_values_repeat():
    rng = np.random.default_rng(1)
    numbers = np.arange(50_000)
    alone = pa.array(map(str, rng.permutation(numbers)))
    twice = np.repeat(numbers[:25_000], 2)
    assert not repeats(alone)
    assert repeats(pa.array(map(str, rng.permutation(twice))))
    assert repeats(pa.array(map(str, twice))), "sorted as well"
    holes = [None] * 40_000 + [str(number) for number in range(10_000)]
    assert not repeats(pa.array(holes, pa.string()))
    assert repeats(pa.array(["a", "b"])), "it is not worth the question"


@pytest.mark.parametrize("name", ["fake", "fpe", "token", "hash"])
def test_a_number_written_as_a_fraction_becomes_what_the_number_becomes(ready, name):
    phone = ColumnPlan(0, "mobile", "PHONE_NUMBER", "PHONE_NUMBER")
    numbers = [str(number) for number in range(2_025_550_100, 2_025_550_140)]
    plain, _ = whole_cells(pa.array(numbers), phone, ready(name), None)
    written = pa.array([f"{number}.0" for number in numbers])
    made, counts = whole_cells(written, phone, ready(name), None)
    end = ".0" if name in ("fake", "fpe") else ""
    assert made.to_pylist() == [f"{number}{end}" for number in plain.to_pylist()]
    assert counts.changed == len(numbers)


def test_a_number_written_as_a_fraction_is_revealed_as_it_was(ready):
    cells = pa.array(["2025550142.0", "2025550142", "12.5"])
    card = ColumnPlan(0, "number", "US_SSN", "SOCIAL_SECURITY_ID")
    for name in ("fpe", "encrypt"):
        hidden, _ = whole_cells(cells, card, ready(name), None)
        assert hidden[0].as_py() != cells[0].as_py()
        assert whole_cells(hidden, card, Undo(ready(name)), None)[0].slice(0, 2) == cells.slice(
            0, 2
        )
