"""The table of customers in files of each format, in lake tables, databases and topics."""

from __future__ import annotations

import bz2
import csv
import datetime as dt
import gzip
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from customers import COLUMNS, DEFINITION, Row, arrow

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

#: Rows of a row group, stripe, block or batch: a file has several.
GROUP = 12_000


def _plain(row: Row) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in zip(COLUMNS, row, strict=True)
    }


def parquet(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    pq.write_table(arrow(rows), out, row_group_size=GROUP)
    return out.getvalue()


def _delimited(rows: Sequence[Row], delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        [str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows
    )
    return out.getvalue().encode()


def _csv(rows: Sequence[Row]) -> bytes:
    return _delimited(rows, ",")


def json_lines(rows: Sequence[Row]) -> bytes:
    return "".join(json.dumps(_plain(row)) + "\n" for row in rows).encode()


def avro_schema() -> dict[str, object]:
    kinds = {"bigint": "long", "date": {"type": "int", "logicalType": "date"}}
    kinds |= {"double precision": "double", "boolean": "boolean"}
    fields = [
        {"name": name, "type": ["null", kinds.get(kind, "string")]}
        for name, kind in COLUMNS.items()
    ]
    return {"type": "record", "name": "customer", "fields": fields}


def avro_messages(rows: Sequence[Row], number: int) -> list[bytes]:
    """Each row as a registry's clients write it: the schema's number, then the record."""
    import fastavro

    schema = fastavro.parse_schema(avro_schema())
    found = []
    for row in rows:
        out = io.BytesIO(struct.pack(">bI", 0, number))
        out.seek(0, io.SEEK_END)
        fastavro.schemaless_writer(out, schema, dict(zip(COLUMNS, row, strict=True)))
        found.append(out.getvalue())
    return found


def _avro(rows: Sequence[Row]) -> bytes:
    import fastavro

    schema = fastavro.parse_schema(avro_schema())
    records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    out = io.BytesIO()
    fastavro.writer(out, schema, records, codec="deflate")
    return out.getvalue()


def _orc(rows: Sequence[Row]) -> bytes:
    from pyarrow import orc

    out = io.BytesIO()
    orc.write_table(arrow(rows), out)
    return out.getvalue()


def _feather(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    table = arrow(rows)
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=GROUP)
    return out.getvalue()


def _excel(rows: Sequence[Row]) -> bytes:
    from workbooks import workbook

    cells = [[_excel_cell(value) for value in row] for row in rows]
    return workbook(("customers", [list(COLUMNS), *cells]))


def _excel_cell(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _zip(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        pack.writestr("customers.csv", _csv(rows))
    return out.getvalue()


def _zstd(rows: Sequence[Row]) -> bytes:
    return pa.compress(_csv(rows), codec="zstd", asbytes=True)


#: Name of a file -> its bytes, by rows.
FILES: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "parquet": parquet,
    "csv": _csv,
    "tsv": lambda rows: _delimited(rows, "\t"),
    "jsonl": json_lines,
    "json": lambda rows: json.dumps([_plain(row) for row in rows]).encode(),
    "avro": _avro,
    "orc": _orc,
    "feather": _feather,
    "xlsx": _excel,
    "csv.gz": lambda rows: gzip.compress(_csv(rows), 1),
    "jsonl.bz2": lambda rows: bz2.compress(json_lines(rows), 1),
    "csv.zst": _zstd,
    "zip": _zip,
}


def sqlite(path: Path, rows: Sequence[Row]) -> str:
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE customers ({DEFINITION})")
        marks = ", ".join("?" * len(COLUMNS))
        db.executemany(
            f"INSERT INTO customers VALUES ({marks})", [tuple(_plain(r).values()) for r in rows]
        )
    db.close()
    return f"sqlite:///{path}"


def duckdb(path: Path, rows: Sequence[Row]) -> str:
    import duckdb

    with duckdb.connect(path) as db:
        db.register("given", arrow(rows))
        db.execute(f"CREATE TABLE customers ({DEFINITION})")
        db.execute("INSERT INTO customers SELECT * FROM given")
    return f"duckdb:///{path}"


def iceberg(folder: Path, rows: Sequence[Row]) -> dict[str, str]:
    """The table ``crm.customers`` in a catalog; the catalog's properties."""
    from pyiceberg.catalog import load_catalog

    properties = {
        "type": "sql",
        "uri": f"sqlite:///{folder}/catalog.db",
        "warehouse": f"file://{folder}/warehouse",
    }
    catalog = load_catalog("lake", **properties)
    catalog.create_namespace("crm")
    iceberg_table(catalog, "crm", rows)
    catalog.engine.dispose()
    return properties


def iceberg_table(catalog: Catalog, namespace: str, rows: Sequence[Row]) -> None:
    """The table ``customers`` in a namespace."""
    table = catalog.create_table(f"{namespace}.customers", schema=arrow(rows[:1]).schema)
    for start in range(0, len(rows), GROUP):
        table.append(arrow(rows[start : start + GROUP]))


def delta(path: Path, rows: Sequence[Row]) -> str:
    import deltalake

    for start in range(0, len(rows), GROUP):
        deltalake.write_deltalake(path, arrow(rows[start : start + GROUP]), mode="append")
    return str(path)
