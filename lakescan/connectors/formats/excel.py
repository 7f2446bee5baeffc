"""Excel workbooks: each sheet that is not empty is a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.formats.batches import projected
from lakescan.connectors.formats.delimited import column_names, preamble
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.workbook import check_workbook
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.header import sniff_header
from lakescan.connectors.source import Source
from lakescan.errors import CorruptFileError, UnsupportedError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Row = list[Cell]

_SAMPLE_ROWS, _BATCH_ROWS = 200, 16_384
#: Whole numbers below this are exact in a double (IEEE 754 binary64).
_EXACT = 2**53
_TRUE = frozenset({"true", "1", "yes"})


class ExcelFormat:
    """See the module. Options: sheet, header, skip."""

    name = "excel"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Describe each sheet; the first that is not empty stands for the file."""
        layouts: list[Layout] = []
        only = selection.options.get("sheet")
        with _book(source) as book:
            for sheet in [only] if only else book.sheet_names:
                rows = list(islice(_rows(book, sheet), _SAMPLE_ROWS))
                if rows:
                    part = sheet if layouts else ""
                    layouts.append(self._layout(sheet, rows, source, selection, part))
        if not layouts:
            raise CorruptFileError(f"{source.uri}: no sheet holds a cell", uri=source.uri)
        return tuple(layouts)

    def _layout(
        self, sheet: str, rows: list[Row], source: Source, selection: Selection, part: str
    ) -> Layout:
        width = max(map(len, rows))
        sample = [[_text(cell) for cell in row] for row in rows]
        known = selection.options
        skip = int(known["skip"]) if "skip" in known else preamble(sample, width)
        header = (
            known["header"].lower() in _TRUE
            if "header" in known
            else sniff_header(sample[skip:], width)
        )
        options = (("header", str(header).lower()), ("sheet", sheet), ("skip", str(skip)))
        names = column_names(sample[skip] if header and len(sample) > skip else None, width)
        return Layout(
            FileFormat(self.name, options, source.compression),
            (Piece(size=source.size),),
            _batch(rows[skip + header :], names).schema,
            named=header,
            part=part,
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one sheet; batches may differ in the type of a mixed column."""
        form = split.format
        with _book(source) as book:
            rows = islice(_rows(book, form.option("sheet")), int(form.option("skip", "0")), None)
            head = next(rows, None) if form.option("header") == "true" else None
            names = column_names([_text(cell) for cell in head], len(head)) if head else None
            while chunk := list(islice(rows, _BATCH_ROWS)):
                names = names or column_names(None, max(map(len, chunk)))
                yield projected(_batch(chunk, names), request.columns)


def sheet_names(source: Source) -> list[str]:
    """The names of all sheets, in their order."""
    with _book(source) as book:
        return list(book.sheet_names)


@contextmanager
def _book(source: Source) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with source.random() as file:
        check_workbook(file, source.uri)
        try:
            yield CalamineWorkbook.from_filelike(file)
        except PasswordError as error:
            raise UnsupportedError(f"{source.uri}: is encrypted", uri=source.uri) from error
        except CalamineError as error:
            raise CorruptFileError(
                f"{source.uri}: cannot be read as a workbook ({type(error).__name__})",
                uri=source.uri,
            ) from error


def _rows(book: CalamineWorkbook, sheet: str) -> Iterator[Row]:
    """A sheet's rows, blank ones left out; all of the same width."""
    for row in book.get_sheet_by_name(sheet).iter_rows():
        if any(cell != "" for cell in row):
            yield list(row)


def _batch(rows: list[Row], names: list[str]) -> pa.RecordBatch:
    """Columns of one type keep it; mixed ones become text."""
    arrays = [_column([row[i] if i < len(row) else "" for row in rows]) for i in range(len(names))]
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _column(cells: list[Cell]) -> pa.Array:
    values = [None if cell == "" else cell for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {float}:
        numbers = [value for value in values if isinstance(value, float)]
        if all(number.is_integer() and abs(number) < _EXACT for number in numbers):
            return pa.array([_whole(value) for value in values], pa.int64())
    if kinds == {dt.date, dt.datetime}:
        # A moment at midnight is told as a day.
        return pa.array([_moment(value) for value in values], pa.timestamp("us"))
    if len(kinds) == 1 and kinds != {str}:
        return pa.array(values)
    return pa.array([None if v is None else _text(v) for v in values], pa.string())


def _whole(value: Cell | None) -> int | None:
    return int(value) if isinstance(value, float) else None


def _moment(value: Cell | None) -> dt.datetime | None:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        return value if isinstance(value, dt.datetime) else None
    return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - sheets know no zones


def _text(cell: Cell) -> str:
    """A cell as its sheet shows it: whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return str(cell)
