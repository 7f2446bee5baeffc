"""Workbooks are written as they were read: sheets, their order, headers, values and their kinds."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lakescan.connectors import Dataset, FileFormat, discover
from lakescan.connectors.sinks import Origin, Target, sink_for
from lakescan.connectors.sinks.writers import Draft, open_writer
from lakescan.connectors.sinks.writers.excel import cells
from lakescan.errors import LimitExceededError

#: Sheets that do not stand in the order of their names.
SHEETS = {
    "Zeta": [
        ["id", "day", "at", "took", "open", "paid", "share", "code", "note"],
        [1, dt.date(2024, 2, 29), dt.datetime(2024, 1, 1), dt.timedelta(hours=30), dt.time(7, 5),
         True, 0.1, "007", "=1+1"],
        [2, dt.date(1900, 1, 1), dt.datetime(1999, 12, 31, 23, 59, 59, 125000),
         dt.timedelta(seconds=1.5), dt.time(23, 59, 59), False, -1e300, "x_x000D_", "å\U0001f600 <&>\n\"'"],
        [3, None, None, None, None, None, None, "http://example.com", "{=A1}"],
    ],
    "Alpha & Beta": [["name", "odd"], ["a", 3.5], ["b", "text"], ["c", True]],
    "2024": [["mail"], ["ann@example.com"]],
}  # fmt: skip


def book(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    shown = {
        dt.date: "d/m/yyyy", dt.datetime: "d/m/yy hh:mm", dt.time: "hh:mm", dt.timedelta: "[h]:mm",
    }  # fmt: skip
    forms = {kind: made.add_format({"num_format": form}) for kind, form in shown.items()}
    for name, rows in sheets.items():
        page = made.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(r, c, value)
                elif value is not None:
                    page.write(r, c, value, forms.get(type(value)))
    made.close()
    return out.getvalue()


def cells_of(data: bytes) -> dict[str, list[list[object]]]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def test_every_sheet_comes_back_cell_by_cell(tmp_path: Path, copy: Callable) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "book.xlsx").write_bytes(book(SHEETS))
    copy(source=tmp_path / "in").go()
    written = cells_of((tmp_path / "out" / "book.xlsx").read_bytes())
    before = cells_of(book(SHEETS))
    # A column of mixed cells is text by the time it is read.
    before["Alpha & Beta"][1][1], before["Alpha & Beta"][3][1] = "3.5", "True"
    assert list(written) == list(SHEETS)
    assert written == before


def test_old_packed_and_macro_workbooks(tmp_path: Path, copy: Callable) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsm").write_bytes(book(SHEETS))
    (tmp_path / "in" / "b.xlsx.gz").write_bytes(gzip.compress(book(SHEETS)))
    copy(source=tmp_path / "in").go()
    made = sorted(p.name for p in (tmp_path / "out").iterdir() if p.name[0] != "_")
    assert made == ["a.xlsx", "b.xlsx.gz"]
    assert list(cells_of((tmp_path / "out" / "a.xlsx").read_bytes())) == list(SHEETS)
    packed = gzip.decompress((tmp_path / "out" / "b.xlsx.gz").read_bytes())
    assert list(cells_of(packed)) == list(SHEETS)


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x == 0 or abs(x) > 1e-300),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 30)),
)


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12))
def test_any_cells_survive(
    rows: list[tuple[object, object]], tmp_path_factory: pytest.TempPathFactory, copy: Callable
) -> None:
    root = tmp_path_factory.mktemp("cells")
    (root / "in").mkdir()
    data = book({"S": [["left", "right"], *rows, ["end", "end"]]})
    (root / "in" / "a.xlsx").write_bytes(data)
    copy(source=root / "in", to=root / "out").go()
    copy(source=root / "out", to=root / "again").go()
    once = (root / "out" / "a.xlsx").read_bytes()
    # The first reading may make text of a mixed column; from then on nothing changes.
    assert cells_of((root / "again" / "a.xlsx").read_bytes()) == cells_of(once)
    some = [row for row in cells_of(data)["S"] if any(cell != "" for cell in row)]
    assert len(cells_of(once)["S"]) == len(some)


def test_what_a_sheet_would_change_is_text() -> None:
    utc = pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    for array, said in (
        (pa.array([2**53, None]), "9007199254740992"),
        (pa.array([0.5, float("nan")]), "0.5"),
        (pa.array([Decimal("1.50")], pa.decimal128(20, 2)), "1.50"),
        (pa.array([dt.date(1850, 1, 1)]), "1850-01-01"),
        (pa.array([dt.datetime(2024, 1, 1, 0, 0, 0, 5)]), "2024-01-01 00:00:00.000005"),
        (utc, "2024-01-01 00:00:00.000000Z"),
        (pa.array([[1, None]]), "[1,null]"),
        (pa.array([b"\xff"]), "/w=="),
    ):
        assert cells(array)[0].as_py() == said, array.type
    assert cells(pa.array(["a", "a"]).dictionary_encode()).to_pylist() == ["a", "a"]


def test_more_than_a_sheet_holds_is_refused() -> None:
    def write(batch: pa.RecordBatch) -> None:
        draft = Draft(FileFormat("excel"), batch.schema, uri="out/a.xlsx!/S")
        open_writer(pa.BufferOutputStream(), draft).write(batch)

    write(pa.record_batch({"a": ["x" * 32_767]}))
    write(pa.record_batch({"a": pa.nulls(1_048_575)}))
    for batch, what in (
        (pa.record_batch({"a": ["x" * 32_768]}), "cell"),
        (pa.record_batch({"a": ["\U0001f600" * 16_384]}), "cell"),
        (pa.record_batch({"a": pa.nulls(1_048_576)}), "rows"),
        (pa.record_batch({str(i): pa.nulls(1) for i in range(16_385)}), "columns"),
    ):
        with pytest.raises(LimitExceededError, match=what) as caught:
            write(batch)
        assert "parquet" in str(caught.value.hint)


def test_any_table_may_become_a_workbook(lake: Path, tmp_path: Path, copy: Callable) -> None:
    copy(form="excel").go()
    found = {
        d.uri: d.schema.names for d in discover(str(tmp_path / "out")) if isinstance(d, Dataset)
    }
    out = str(tmp_path / "out")
    assert found[f"{out}/a.xlsx"] == ["id", "name"]
    assert found[f"{out}/b.xlsx"] == ["id", "n"]
    sink = sink_for(out)
    again = sink.begin(Target(str(tmp_path / "csv"), "r1", format="csv"))
    (table,) = [d for d in discover(f"{out}/a.xlsx") if isinstance(d, Dataset)]
    (unit,) = sink.plan(again, table, Origin(out))
    assert unit.output == "a.csv"
