"""Build a small data lake to try lakescan on: `python demo/build_lake.py DIR`.

The same bytes every time, of people who do not exist; well under a megabyte. One file is broken
on purpose.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import io
import json
import random
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

import fastavro
import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet as pq
import tables
from people import person
from xlsx import write_sheet

SEED = 20260701
DAYS = [dt.date(2026, 10, 30) + dt.timedelta(days=n) for n in range(4)]
INVOICE = {
    "type": "record",
    "name": "Invoice",
    "fields": [
        {"name": "invoice", "type": "string"},
        {"name": "payer", "type": "string"},
        {"name": "iban", "type": ["null", "string"]},
        {"name": "total", "type": "double"},
    ],
}


def build(root: Path) -> None:
    """Write the whole lake below ``root``, which must be new or empty."""
    rng = random.Random(SEED)
    people = [person(rng) for _ in range(400)]
    for folder in ("crm", "events", "hr", "billing", "health", "catalog", "logs", "archive", "ops"):
        (root / folder).mkdir(parents=True)

    (root / "crm/customers.csv").write_bytes(_csv(tables.customers(rng, people)))
    german = _csv(tables.leads(rng, people[:150]), delimiter=";", encoding="latin-1")
    (root / "crm/leads_de.csv.gz").write_bytes(gzip.compress(german, mtime=0))

    for day in DAYS:
        part = root / f"orders/year={day.year}/month={day.month:02d}/orders-{day}.parquet"
        part.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(tables.orders(rng, people, day, 300)), part)
        lines = [json.dumps(event) for event in tables.events(rng, people, day, 200)]
        (root / f"events/events-{day}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    write_sheet(root / "hr/staff.xlsx", "Staff", list(tables.staff(rng, people[:80])))
    with (root / "billing/invoices.avro").open("wb") as sink:
        marker = rng.randbytes(16)
        fastavro.writer(sink, INVOICE, list(tables.invoices(rng, people, 250)), sync_marker=marker)
    visits = pa.Table.from_pylist(list(tables.visits(rng, people, 200)))
    pa.orc.write_table(visits, root / "health/visits.orc")
    products = list(tables.products(rng, 300))
    (root / "catalog/products.csv").write_bytes(_csv(products))
    pa.feather.write_feather(pa.Table.from_pylist(products), str(root / "catalog/products.arrow"))

    log = "\n".join(tables.log_lines(rng, people, 400)) + "\n"
    (root / "logs/web.log").write_text(log, encoding="utf-8")
    (root / "ops/settings.json").write_text(json.dumps(tables.settings(rng), indent=1))
    with zipfile.ZipFile(root / "archive/crm-2024.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        old = _csv(tables.customers(rng, people[200:260]))
        archive.writestr(zipfile.ZipInfo("customers-2024.csv", (2024, 12, 31, 0, 0, 0)), old)

    broken = root / "orders/incoming/upload.parquet"
    broken.parent.mkdir()
    whole = (root / f"orders/year=2026/month=11/orders-{DAYS[-1]}.parquet").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])


def _csv(rows: Iterable[tables.Row], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), delimiter=delimiter, lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue().encode(encoding)


def main() -> None:
    """Build the lake where the command line says, in place of an older one."""
    parser = argparse.ArgumentParser(description="Build the demo lake.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder: Path = parser.parse_args().folder
    if folder.exists():
        if not (folder / "crm/customers.csv").exists() and any(folder.iterdir()):
            parser.error(f"{folder} holds something else")
        shutil.rmtree(folder)
    build(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{folder}: {len(files)} files, {size / 1e3:,.0f} kB")


if __name__ == "__main__":
    main()
