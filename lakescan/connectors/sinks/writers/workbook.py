"""Staged sheets -> one workbook (Office Open XML), a row at a time.

Values, their kinds, names and the order of sheets are kept; styles, formulas (their results stay),
comments, charts and macros are not: a cell's text is all that was looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

import orjson
import pyarrow as pa

from lakescan.connectors.sinks.writers.excel import ABOUT
from lakescan.errors import CorruptFileError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: How the kinds of moments are shown, which is how a reader tells them.
_SHOWN = {
    "date": "yyyy-mm-dd",
    "timestamp": "yyyy-mm-dd hh:mm:ss.000",
    "time": "hh:mm:ss.000",
    "duration": "[h]:mm:ss.000",
}
_AS_THEY_ARE = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
Opened = Callable[[], AbstractContextManager[pa.NativeFile]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A staged sheet.

    Args:
        name: as readers see it.
        place: among the sheets of its file.
        header: names of the columns; None where they have none.
        compression: of the whole file.
        opened: gives its bytes.
    """

    name: str
    place: int
    header: tuple[str, ...] | None
    compression: str | None
    opened: Opened


def staged_sheet(opened: Opened) -> Sheet:
    """What was written down of a staged sheet."""
    with opened() as file:
        metadata = pa.ipc.open_stream(file).schema.metadata or {}
    if ABOUT not in metadata:
        raise CorruptFileError("a staged sheet is none")
    about = orjson.loads(metadata[ABOUT])
    header = about["header"]
    return Sheet(
        about["sheet"],
        about["place"],
        None if header is None else tuple(header),
        about["compression"],
        opened,
    )


def write_workbook(stream: pa.NativeFile, sheets: Sequence[Sheet]) -> None:
    """Write a workbook, its sheets in the order of their places."""
    import xlsxwriter

    book = xlsxwriter.Workbook(cast("IO[bytes]", stream), _AS_THEY_ARE)
    formats = {kind: book.add_format({"num_format": shown}) for kind, shown in _SHOWN.items()}
    for sheet in sorted(sheets, key=lambda one: (one.place, one.name)):
        _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    book.close()


def _write_sheet(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    at = 0
    if sheet.header is not None:
        for place, name in enumerate(sheet.header):
            page.write_string(0, place, name)
        at = 1
    for batch in _batches(sheet):
        columns = [column.to_pylist() for column in batch.columns]
        kinds = [_kind(field.type) for field in batch.schema]
        for row in zip(*columns, strict=True):
            for place, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                _put(page, (at, place), kind, value, formats)
            at += 1


def _put(
    page: Worksheet, where: tuple[int, int], kind: str, value: object, formats: dict[str, Format]
) -> None:
    match value:
        case None | "":
            return
        case bool():
            page.write_boolean(*where, value)
        case float():
            page.write_number(*where, value)
        case str():
            page.write_string(*where, value)
        case dt.date() | dt.time() | dt.timedelta():
            page.write_datetime(*where, value, formats[kind])


def _kind(kind: pa.DataType) -> str:
    return str(kind).partition("[")[0].rstrip("0123456789")


def _batches(sheet: Sheet) -> Iterator[pa.RecordBatch]:
    """The batches of all streams of a staged sheet."""
    with sheet.opened() as file:
        size = file.size()
        while file.tell() < size:
            yield from pa.ipc.open_stream(file)
