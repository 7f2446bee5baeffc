"""Where a range of delimited text begins: at a record, whatever its quoted cells hold."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lakescan.connectors.formats import record_starts
from lakescan.connectors.formats.quotes import Quotes
from lakescan.connectors.formats.ranges import LOOK_AHEAD_BYTES, Window
from lakescan.connectors.formats.record_starts import RecordStarts
from lakescan.connectors.sniff.dialect import Dialect

COLUMNS = 3
CELLS = st.text('ab<=>" \n', max_size=12)
ROWS = st.lists(st.tuples(st.integers(0, 9999), CELLS, st.sampled_from(["x", "yy"])), min_size=2)


def starts(columns=COLUMNS, **more):
    dialect = Dialect(",", '"', "", columns, **more)
    return RecordStarts(dialect, Quotes(b",", b'"', b"", dialect.space))


def records(rows, gap=""):
    """Each record as bytes."""
    out = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(row)
        out.append(text.getvalue().replace(',"', f',{gap}"').encode())
    return out


@given(ROWS, st.integers(min_value=0))
def test_what_is_found_is_a_record(rows, cut):
    parts = records(rows)
    data = b"".join(parts)
    places = {sum(map(len, parts[:n])) for n in range(len(parts) + 1)}
    cut %= len(data)
    found = starts()(Window(data[cut:], ends=True))
    assert cut + found in places


@given(st.text('a,"\n\r', max_size=300), st.booleans(), st.sampled_from([1, 2, 3]))
@example('",a\n' * 60, False, 2)
def test_it_does_not_matter_how_much_is_tried_at_once(text, ends, columns):
    window = Window(text.encode(), ends)
    whole = starts(columns)(window)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_starts, "_STRETCH_BYTES", 7)
        assert starts(columns)(window) == whole


@given(ROWS, st.data())
def test_more_bytes_never_change_what_was_found(rows, data):
    text = b"".join(records(rows))
    part = text[: data.draw(st.integers(0, len(text)))]
    found = starts()(Window(part, ends=False))
    assert found is None or found == starts()(Window(text, ends=True))


def test_a_space_may_stand_before_a_quote():
    rows = [(n, "some,\ntext", "x") for n in range(100)]
    first, *others = records(rows, gap=" ")
    data = first + b"".join(others)
    assert starts(space=True)(Window(data[3:], ends=False)) == len(first) - 3


def test_a_record_of_one_long_line_is_one():
    long = b'1,"' + b"a" * LOOK_AHEAD_BYTES + b'",x\n'
    data = b"tail of a record\n" + long + b"2,b,y\n" * 60
    assert starts()(Window(data, ends=False)) == data.index(b"1,")


@pytest.mark.parametrize(
    "line",
    [b"some text\n", b"a, few, words, more\n", b'<a href=""x"">y, z</a>\n', b'""a""\n', b"\n"],
)
def test_no_record_starts_inside_a_long_cell(line):
    cell = line * ((2 << 20) // len(line))
    assert starts()(Window(cell, ends=False)) is None
    rest = b'",z\n' + b"2,b,y\n" * 60
    assert starts()(Window(cell + rest, ends=False)) == len(cell) + 4
