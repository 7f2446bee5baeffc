"""A wide mixed table like those in real lakes, made of nothing but dice: for speed and memory.

What it is not for is accuracy: its values are too regular for that.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

ROWS_PER_FILE = 100_000
ROWS_PER_GROUP = 25_000

FIRST = (
    "Anna Ben Carla David Erik Farida Georg Hanna Igor Julia Karim Lena Marco Nora Otto Paula "
    "Quinn Rosa Stefan Tara Umar Vera Walter Xenia Yusuf Zara"
).split()
LAST = (
    "Adler Brandt Castillo Dubois Eriksen Ferrari Gruber Hoffman Ito Jensen Kaya Lopez Meyer "
    "Nagy Olsen Park Quintero Richter Santos Torres Ueda Vogel Weber Xu Yilmaz Zimmer"
).split()
CITIES = "Boston Chicago Dallas Seattle Atlanta Phoenix Houston Detroit Oakland Tampa".split()
COUNTRIES = "US DE FR GB ES IT NL PL".split()
STATES = "new paid shipped delivered returned cancelled".split()
STREETS = "Oak Pine Main Elm Park Lake Hill River Church Mill".split()
SENTENCES = (
    "The parcel arrived late and the box was open.",
    "Please change the delivery address for the next order.",
    "Everything fine, thank you very much.",
    "Customer asked for an invoice with a different name on it.",
    "Refund was promised on the phone last week but has not come.",
    "No remarks.",
    "The second item is missing, see the photo that was sent.",
    "Wants to be called back after five in the afternoon.",
)


@dataclass(frozen=True, slots=True)
class Input:
    """What was generated.

    Args:
        folder: where the files are.
        rows: rows in all of them.
        columns: columns of each.
        file_bytes: bytes on disk.
        arrow_bytes: bytes of the same table as Arrow arrays in memory.
    """

    folder: str
    rows: int
    columns: int
    file_bytes: int
    arrow_bytes: int


def _pick(rng: np.random.Generator, words: Sequence[str], count: int) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(rng.integers(0, len(words), count)))


def _numbers(rng: np.random.Generator, low: int, high: int, count: int) -> pa.Array:
    return pa.array(rng.integers(low, high, count)).cast(pa.string())


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _hex(rng: np.random.Generator, digits: int, count: int) -> pa.Array:
    text = rng.bytes(count * digits // 2).hex()
    offsets = pa.array(np.arange(0, count * digits + 1, digits, dtype=np.int32))
    return pa.StringArray.from_buffers(count, offsets.buffers()[1], pa.py_buffer(text.encode()))


def table(rng: np.random.Generator, rows: int, first_id: int) -> pa.Table:
    """One file's rows: 26 columns, numbers and categories, names and addresses, prose and JSON."""
    first, last = _pick(rng, FIRST, rows), _pick(rng, LAST, rows)
    small = _numbers(rng, 1, 10_000, rows)
    area = _numbers(rng, 201, 989, rows)
    amount = np.round(rng.gamma(2.0, 40.0, rows), 2)
    seconds = 1_767_225_600 + rng.integers(0, 28_000_000, rows)
    email = _join(pc.utf8_lower(first), ".", pc.utf8_lower(last), small, "@example.com")
    prose = _join(*(p for _ in range(3) for p in (_pick(rng, SENTENCES, rows), " ")))
    basket = _join('{"items": ', _numbers(rng, 1, 9, rows), ', "coupon": "', area, '"}')
    uuid = [_hex(rng, digits, rows) for digits in (8, 4, 4, 4, 12)]
    columns: dict[str, pa.Array] = {
        "id": pa.array(np.arange(first_id, first_id + rows)),
        "customer_id": pa.array(rng.integers(1, 200_000, rows)),
        "row_uuid": pc.binary_join_element_wise(*uuid, "-"),
        "created_at": pa.array(seconds * 1_000_000, pa.timestamp("us")),
        "updated_on": pa.array((seconds // 86_400).astype(np.int32), pa.date32()),
        "status": _pick(rng, STATES, rows),
        "country": _pick(rng, COUNTRIES, rows),
        "amount": pa.array(amount),
        "tax": pa.array(np.round(amount * 0.19, 2)),
        "quantity": pa.array(rng.integers(1, 12, rows, dtype=np.int32)),
        "score": pa.array(rng.normal(0, 1, rows)),
        "active": pa.array(rng.random(rows) < 0.7),
        "sku": _join("SKU-", _numbers(rng, 10_000, 99_999, rows)),
        "reference": _numbers(rng, 10**15, 10**16, rows),
        "version": _join(_numbers(rng, 0, 9, rows), ".", _numbers(rng, 0, 40, rows), ".0"),
        "url": _join("https://shop.example.com/item/", _numbers(rng, 1, 50_000, rows)),
        "first_name": first,
        "last_name": last,
        "email": email,
        "phone": _join("(", area, ") 555-01", _numbers(rng, 10, 99, rows)),
        "street": _join(small, " ", _pick(rng, STREETS, rows), " Street"),
        "city": _pick(rng, CITIES, rows),
        "zip": _numbers(rng, 10_000, 99_999, rows),
        "ip": _join("198.51.100.", _numbers(rng, 1, 255, rows)),
        "comment": pc.if_else(
            pa.array(rng.random(rows) < 0.6), prose, pa.scalar(None, pa.string())
        ),
        "payload": basket,
    }
    return pa.table(columns)


def generate(folder: Path, megabytes: float, file_format: str) -> Input:
    """Write files of the mixed table until they hold ``megabytes`` (10^6) of Arrow data."""
    rng = np.random.default_rng(20260701)
    folder.mkdir(parents=True)
    per_row = table(rng, 2_000, 0).nbytes / 2_000
    left = max(1_000, int(megabytes * 1e6 / per_row))
    rows = arrow_bytes = columns = 0
    while left > 0:
        part = table(rng, min(left, ROWS_PER_FILE), rows)
        path = folder / f"part-{rows // ROWS_PER_FILE:05d}.{file_format}"
        if file_format == "parquet":
            pq.write_table(part, path, row_group_size=ROWS_PER_GROUP)
        else:
            pa.csv.write_csv(part, path)
        rows += part.num_rows
        left -= part.num_rows
        arrow_bytes += part.nbytes
        columns = part.num_columns
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Input(str(folder), rows, columns, size, arrow_bytes)


def joined(base: Input, folder: Path, megabytes: float) -> Input:
    """``base``'s rows again and again in one file, until they make the size on disk, about."""
    folder.mkdir(parents=True)
    files = sorted(Path(base.folder).iterdir())
    times = max(1, round(megabytes * 1e6 / base.file_bytes))
    target = folder / f"all{files[0].suffix}"
    if files[0].suffix == ".parquet":
        with pq.ParquetWriter(target, pq.read_schema(files[0])) as writer:
            for _ in range(times):
                for path in files:
                    writer.write_table(pq.read_table(path), row_group_size=ROWS_PER_GROUP)
    else:
        with target.open("wb") as out:
            for turn in range(times):
                for place, path in enumerate(files):
                    with path.open("rb") as part:
                        if turn or place:
                            part.readline()  # the header
                        shutil.copyfileobj(part, out, 1 << 20)
    return Input(
        str(folder),
        base.rows * times,
        base.columns,
        target.stat().st_size,
        base.arrow_bytes * times,
    )


def cached(folder: Path, megabytes: float, file_format: str) -> Input:
    """As `generate`, but only the first time."""
    note = folder / f"{file_format}-{megabytes:g}.json"
    if note.exists():
        return Input(**json.loads(note.read_text(encoding="utf-8")))
    target = folder / f"{file_format}-{megabytes:g}"
    shutil.rmtree(target, ignore_errors=True)  # of a run that was interrupted
    made = generate(target, megabytes, file_format)
    note.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def repeated(base: Input, folder: Path, megabytes: float) -> Input:
    """``base``'s files again and again, as hard links, until their bytes on disk make the size."""
    folder.mkdir(parents=True)
    files = sorted(Path(base.folder).iterdir())
    times = max(1, round(megabytes * 1e6 / base.file_bytes))
    for turn in range(times):
        for path in files:
            (folder / f"part-{turn:05d}-{path.name}").hardlink_to(path)
    return Input(
        str(folder),
        base.rows * times,
        base.columns,
        base.file_bytes * times,
        base.arrow_bytes * times,
    )
