"""Making sure that a workbook can be opened: its reader fills each sheet's whole rectangle.

One cell in the last corner of an otherwise empty sheet stands for 17 thousand million cells, and
the allocation ends the process. So the sheets' XML is looked through first, as a stream.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import cast

import pyarrow as pa

from lakescan.connectors.limits import SHEET_CELLS, check_expansion, check_whole
from lakescan.errors import CorruptFileError, LimitExceededError, UnsupportedError

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK_BYTES = 1 << 20
#: A cell's or row's tag may be cut by the end of a chunk: so much of it is looked at again.
_TAG_BYTES = 256
#: References of rows and cells (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4).
_ROW = re.compile(rb'<(?:\w+:)?row [^>]{0,200}?\br="(\d{1,9})"')
_CELL = re.compile(rb'\br="([A-Z]{1,3})\d{1,7}"')


def check_workbook(file: pa.NativeFile, uri: str) -> None:
    """Refuse a workbook that would not fit into memory.

    Raises:
        LimitExceededError: a sheet's rectangle has more than `SHEET_CELLS` cells, or the parts
            expand beyond what may be held.
        UnsupportedError: no Office Open XML and no BIFF workbook.
        CorruptFileError: no archive, or cut short.
    """
    check_whole(file.size(), uri)
    magic = file.read_at(len(_OLE_MAGIC), 0)
    file.seek(0)
    if magic == _OLE_MAGIC:
        return  # BIFF: at most 65,536 rows of 256 columns
    buffered = io.BufferedReader(cast("io.RawIOBase", file), _CHUNK_BYTES)
    try:
        with zipfile.ZipFile(buffered) as book:
            parts = book.infolist()
            expanded = sum(part.file_size for part in parts)
            check_expansion(expanded, file.size(), uri)
            check_whole(expanded, uri)
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise UnsupportedError(
                    f"{uri}: a workbook of another kind", hint="save it as .xlsx", uri=uri
                )
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    _check_sheet(book, part, uri)
    except zipfile.BadZipFile as error:
        raise CorruptFileError(f"{uri}: is no workbook, or cut short", uri=uri) from error
    finally:
        buffered.detach()
        file.seek(0)


def _check_sheet(book: zipfile.ZipFile, part: zipfile.ZipInfo, uri: str) -> None:
    """Refuse a sheet whose rectangle is too large."""
    rows: set[int] = set()
    columns: set[int] = set()
    rest = b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            text = rest + chunk
            rows.update(_ends(set(map(int, _ROW.findall(text)))))
            columns.update(_ends({_column(name) for name in set(_CELL.findall(text))}))
            rest = text[-_TAG_BYTES:]
    height = max(rows, default=0) - min(rows, default=0) + 1
    width = max(columns, default=0) - min(columns, default=0) + 1
    if height * width > SHEET_CELLS:
        raise LimitExceededError(
            f"{uri}: a sheet spans {height} rows and {width} columns",
            hint="delete the stray cells, or save it as CSV",
            uri=uri,
        )


def _ends(numbers: set[int]) -> set[int]:
    return {min(numbers), max(numbers)} if numbers else set()


def _column(name: bytes) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
