"""Parts of the ledger."""

from __future__ import annotations

import pytest

from lakescan.errors import CorruptFileError
from lakescan.jobs.ledger.parts import Entry, part_name, read_part, write_part
from lakescan.jobs.scan.unit import Partial
from lakescan.reports.splits import SplitReport


def entry(name: str) -> Entry:
    split = SplitReport(
        name, "/lake/", f"/lake/{name}", "v1", "csv", "", "complete", rows=3, bytes=10, seconds=0.5
    )
    return Entry(split, Partial(name, 3, name.encode() * 20))


def test_a_part_comes_back_as_it_was():
    entries = [entry("a"), entry("b")]
    assert list(read_part(write_part(entries), "/x")) == entries


def test_a_parts_name_depends_on_its_units_alone():
    assert part_name([entry("a"), entry("b")]) == part_name([entry("b"), entry("a")])
    assert part_name([entry("a")]) != part_name([entry("b")])


@pytest.mark.parametrize("data", [b"", b"ARROW1 but not really", write_part([entry("a")])[:-40]])
def test_what_is_no_part_says_so(data):
    with pytest.raises(CorruptFileError, match="not a part"):
        list(read_part(data, "/x"))
