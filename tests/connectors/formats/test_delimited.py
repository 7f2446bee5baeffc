"""CSV of all kinds, read back cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.connectors import Dataset, ReadRequest, Selection
from lakescan.errors import UsageError

One = Callable[..., Dataset]
Load = Callable[..., pa.Table]


def cells(table: pa.Table) -> list[tuple[str | None, ...]]:
    return list(zip(*(c.to_pylist() for c in table.columns), strict=True))


def test_all_columns_are_strings_and_empty_is_null(one: One, load: Load) -> None:
    dataset = one("a.csv", "id,name,when\n1,Ann,2024-01-01\n2,,2024-01-02\n")
    table = load(dataset)
    assert table.schema.types == [pa.string()] * 3
    assert cells(table) == [("1", "Ann", "2024-01-01"), ("2", None, "2024-01-02")]
    assert dataset.schema is not None
    assert (dataset.named, dataset.schema.names) == (True, ["id", "name", "when"])


def test_quoted_line_ends_delimiters_and_quotes(one: One, load: Load) -> None:
    table = load(one("a.csv", 'id,note\n1,"a ""b"", c\nd"\n2,"x"\n3,5" pipe\n'))
    assert cells(table) == [("1", 'a "b", c\nd'), ("2", "x"), ("3", '5" pipe')]


def test_ragged_rows_are_kept_where_they_stand(one: One, load: Load) -> None:
    rows = [(str(i), f"n{i}", "x") for i in range(9)]
    lines = [",".join(row) for row in rows]
    lines[3:3] = ["", "10,short", '11,"long",x,more', "", "12"]
    rows[3:3] = [("10", "short", None), ("11", "long", "x,more"), ("12", None, None)]
    assert cells(load(one("a.csv", "\n".join(["id,name,c", *lines])))) == rows


def test_a_text_file_keeps_its_blank_lines(one: One, load: Load) -> None:
    """Also a line with the sign by which lines are held together while they are parsed."""
    text = "Dear Ann,\n\ngood\x1fbye.\n\n\nYours\n"
    table = load(one("a.txt", text))
    assert table.column(0).to_pylist() == ["Dear Ann,", None, "good\x1fbye.", None, None, "Yours"]


def test_a_quote_that_is_never_closed_takes_one_line(one: One, load: Load) -> None:
    body = "".join(f'{i},"n {i}",x\n' for i in range(20))
    table = load(one("a.csv", f'id,name,c\n{body}20,"open,x\n{body}'))
    assert table.num_rows == 41
    assert table["id"].to_pylist().count("20") == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
def test_encodings(one: One, load: Load, encoding: str) -> None:
    text = "name;city\nJosé;Köln\nZoë;Århus\n"
    table = load(one("a.csv", text.encode(encoding)))
    assert table.column_names == ["name", "city"]
    assert cells(table) == [("José", "Köln"), ("Zoë", "Århus")]


def test_invalid_utf8_is_replaced(one: One, load: Load) -> None:
    data = "name,city\nJosé,Köln\nZoë,Århus\n".encode() + b"bro\xffken,x\n"
    assert cells(load(one("a.csv", data)))[-1] == ("bro\ufffdken", "x")


def test_an_encoding_that_shows_late(one: One, load: Load) -> None:
    head = "id,name\n" + "1,plain\n" * 40_000
    table = load(one("a.csv", head.encode() + "2,José\n".encode("latin-1")))
    assert table.num_rows == 40_001
    assert table["name"][-1].as_py() == "José"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(one: One, load: Load, end: str) -> None:
    table = load(one("a.csv", end.join(["id,name", "1,Ann", "2,Bob", ""])))
    assert cells(table) == [("1", "Ann"), ("2", "Bob")]


def test_names_may_repeat_or_be_blank(one: One, load: Load) -> None:
    table = load(one("a.csv", "id,name,name,\n1,Ann,Lee,x\n2,Bob,Ray,y\n"))
    assert table.column_names == ["id", "name", "name", ""]
    assert cells(table)[0] == ("1", "Ann", "Lee", "x")


def test_without_a_header(one: One, load: Load) -> None:
    dataset = one("a.csv", "1,ann@x.org\n2,bob@x.org\n")
    assert not dataset.named
    assert load(dataset).column_names == ["column_0", "column_1"]


def test_a_header_that_is_wider_or_narrower(one: One, load: Load) -> None:
    wide = load(one("w.csv", "id,name,extra\n1,Ann\n2,Bob\n"))
    assert wide.column_names == ["id", "name", "extra"]
    assert cells(wide) == [("1", "Ann", None), ("2", "Bob", None)]
    narrow = load(one("n.csv", "name,score\n1,Ann,1.5\n2,Bob,2.5\n3,Cleo,3.5\n"))
    assert narrow.column_names == ["", "name", "score"]


def test_a_title_above_the_header_is_skipped(one: One, load: Load) -> None:
    text = "Report of the year\n\nid,name,score\n" + "".join(f"{i},n{i},{i}.5\n" for i in range(9))
    table = load(one("a.csv", text))
    assert table.column_names == ["id", "name", "score"]
    assert table.num_rows == 9


def test_comments_above_the_table(one: One, load: Load) -> None:
    body = "".join(f"{i},name {i},{i}.5\n" for i in range(9))
    table = load(one("a.csv", f"# of 2024, it's ours\n#\n#id,name,score\n{body}"))
    assert table.column_names == ["id", "name", "score"]
    assert table.num_rows == 9
    bare = one("b.csv", f"# of 2024, it's ours\n{body}")
    assert not bare.named
    assert load(bare).num_rows == 9


def test_options_override(one: One, load: Load) -> None:
    dataset = one("a.csv", "1;2\n3;4\n", Selection(options={"header": "true", "delimiter": ";"}))
    assert load(dataset).column_names == ["1", "2"]
    with pytest.raises(UsageError, match="unknown codec"):
        one("b.csv", "a,b\n1,2\n", Selection(options={"encoding": "no-such-codec"}))


def test_a_wrong_option_is_a_usage_error(one: One) -> None:
    with pytest.raises(UsageError, match="one ASCII character"):
        one("a.csv", "a,b\n1,2\n", Selection(options={"delimiter": "ab"}))


def test_projection_and_row_limits(one: One, load: Load) -> None:
    dataset = one("a.csv", "id,name\n" + "".join(f"{i},n{i}\n" for i in range(100)))
    table = load(dataset, ReadRequest(columns=("name",), max_rows=7))
    assert table.column_names == ["name"]
    assert table.num_rows == 7


@pytest.mark.parametrize("columns", [5_000, 12_000])
def test_a_table_of_thousands_of_columns_has_a_header(one: One, load: Load, columns: int) -> None:
    """Of which the first `HEAD_BYTES` hold few lines, or not even the first."""
    names = [f"metric_{i}" for i in range(columns)]
    rows = [",".join(f"{row}.{i:015}" for i in range(columns)) for row in range(20)]
    dataset = one("a.csv", "\n".join([",".join(names), *rows, ""]), Selection(split_bytes=500_000))
    assert dataset.schema is not None
    assert (dataset.named, dataset.schema.names) == (True, names)
    assert len(dataset.splits) > 2
    table = load(dataset)
    assert (table.num_rows, table.column_names) == (20, names)


@pytest.mark.parametrize("quoted", [False, True])
def test_byte_ranges_read_each_record_once(one: One, load: Load, quoted: bool) -> None:
    note = '"first, line\nsecond ""line"" {i}\n{i},fake,row"' if quoted else "note {i}"
    text = "id,name,note\n" + "".join(f"{i},name {i},{note.format(i=i)}\n" for i in range(20_000))
    whole = load(one("a.csv", text))
    dataset = one("a.csv", text, Selection(split_bytes=50_000))
    assert len(dataset.splits) > 9
    table = load(dataset)
    assert table["id"].to_pylist() == [str(i) for i in range(20_000)]
    assert cells(table) == cells(whole)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(*[st.text(st.sampled_from('ab",;\n\r \'é|"'), max_size=6) for _ in range(3)]),
        min_size=1,
        max_size=40,
    ),
    st.integers(20, 200),
)
def test_what_the_csv_module_writes_comes_back(
    one: One, load: Load, rows: list[tuple[str, str, str]], split_bytes: int
) -> None:
    rows = [(f"r{i}", *(c.replace("\r", "") for c in row[1:])) for i, row in enumerate(rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("alpha", "beta", "gamma"))
    writer.writerows(rows)
    options = {"delimiter": ",", "quote": '"', "header": "true", "encoding": "utf-8", "skip": "0"}
    dataset = one("p.csv", out.getvalue(), Selection(options=options, split_bytes=split_bytes))
    expected = [tuple(c or None for c in row) for row in rows]
    assert sorted(cells(load(dataset))) == sorted(expected, key=lambda r: r)
