"""Excel and OpenDocument workbooks: each sheet that is not empty is a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.formats.delimited import column_names, preamble
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.header import sniff_header
from lakescan.connectors.source import Source
from lakescan.errors import CorruptFileError

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_SAMPLE_ROWS = 200
#: Whole numbers below this are exact in a double (IEEE 754 binary64).
_EXACT = 2**53


class ExcelFormat:
    """See the module."""

    name = "excel"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Describe each sheet; the first that is not empty stands for the file."""
        layouts: list[Layout] = []
        for sheet, rows in _sheets(source, selection.options.get("sheet")):
            if not rows:
                continue
            width = max(map(len, rows))
            sample = [[_text(cell) for cell in row] for row in rows[:_SAMPLE_ROWS]]
            skip = preamble(sample, width)
            known = selection.options.get("header")
            header = (
                known.lower() in ("true", "1", "yes")
                if known
                else sniff_header(sample[skip:], width)
            )
            options = (("header", str(header).lower()), ("sheet", sheet), ("skip", str(skip)))
            layouts.append(
                Layout(
                    FileFormat(self.name, options, source.compression),
                    (Piece(size=source.size, rows=len(rows) - skip - header),),
                    _table(rows[skip:], header=header).schema,
                    named=header,
                    rows=len(rows) - skip - header,
                    part=sheet if layouts else "",
                )
            )
        if not layouts:
            raise CorruptFileError(f"{source.uri}: no sheet holds a cell", uri=source.uri)
        return tuple(layouts)

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one sheet."""
        form = split.format
        for _, rows in _sheets(source, form.option("sheet")):
            batch = _table(
                rows[int(form.option("skip", "0")) :], header=form.option("header") == "true"
            )
            if request.columns is not None:
                batch = batch.select([n for n in batch.schema.names if n in request.columns])
            yield batch


def _sheets(source: Source, only: str | None) -> Iterator[tuple[str, list[list[Cell]]]]:
    """The sheets' names and rows, blank rows left out."""
    from python_calamine import CalamineError, CalamineWorkbook

    with source.random() as file:
        try:
            book = CalamineWorkbook.from_filelike(file)
            for name in book.sheet_names if only is None else [only]:
                rows = book.get_sheet_by_name(name).to_python()
                yield name, [row for row in rows if any(cell != "" for cell in row)]
        except CalamineError as error:
            raise CorruptFileError(
                f"{source.uri}: cannot be read as a workbook ({type(error).__name__})",
                uri=source.uri,
            ) from error


def _table(rows: list[list[Cell]], *, header: bool) -> pa.RecordBatch:
    """Columns of one type keep it; mixed ones become text."""
    width = max(map(len, rows), default=0)
    names = column_names([_text(cell) for cell in rows[0]] if header else None, width)
    body = rows[1:] if header else rows
    arrays = [_column([row[i] for row in body]) for i in range(width)]
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _column(cells: list[Cell]) -> pa.Array:
    values = [None if cell == "" else cell for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {float}:
        numbers = [value for value in values if isinstance(value, float)]
        if all(number.is_integer() and abs(number) < _EXACT for number in numbers):
            return pa.array([_whole(value) for value in values], pa.int64())
    if len(kinds) == 1 and kinds != {str}:
        return pa.array(values)
    return pa.array([None if v is None else _text(v) for v in values], pa.string())


def _whole(value: Cell | None) -> int | None:
    return int(value) if isinstance(value, float) else None


def _text(cell: Cell) -> str:
    """A cell as its sheet shows it: whole numbers without a fraction."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return str(cell)
