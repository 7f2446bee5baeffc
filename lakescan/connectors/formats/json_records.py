"""JSON records -> Arrow batches, and JSON documents -> the records in them."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl
import pyarrow as pa
from pyarrow import json as pa_json

from lakescan.connectors.damage import Damage
from lakescan.connectors.formats.json_types import WHOLE, JsonType

#: Lines that a block's types are looked for in: some at its start, some spread over it.
_SAMPLE_LINES = 200


class RecordParser:
    """Parses blocks of one file; what it learns of types it keeps for the next block."""

    def __init__(self) -> None:
        self._type = JsonType()
        self.damage = Damage()

    def parse(self, block: bytes) -> pa.Table:
        """Parse lines of one JSON text each; those that are none are counted in ``damage``."""
        self._type.add_all(filter(None, map(_loaded, _sample(block))))
        schema = self._type.schema()
        try:
            return pa_json.read_json(
                pa.BufferReader(block),
                pa_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
                pa_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
            )
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return self._parse_slowly(block)

    def _parse_slowly(self, block: bytes) -> pa.Table:
        """The same by Polars, after a look at every line: it makes text of what differs."""
        lines = [line for line in block.split(b"\n") if line.strip()]
        records = [_loaded(line, self.damage) for line in lines]
        self.damage.lines += records.count(None)
        good = [record for record in records if record is not None]
        self._type.add_all(good)
        schema = self._type.schema()
        if not good:
            return schema.empty_table()
        if self._type.by_value or not schema.names:
            texts = [orjson.dumps(record).decode() for record in good]
            return pa.table([pa.array(texts, pa.string())], schema=WHOLE)
        types = pl.from_arrow(schema.empty_table())
        assert isinstance(types, pl.DataFrame)
        frame = pl.read_ndjson(b"\n".join(map(orjson.dumps, good)), schema=types.schema)
        return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)


def schema_of(records: list[dict[str, object]]) -> pa.Schema:
    """The schema of a sample."""
    found = JsonType()
    found.add_all(records)
    return found.schema()


def records_of(document: object) -> list[dict[str, object]]:
    """The records of a document.

    They are the items of an array, the values of an object of like objects (with their keys in a
    last field, ``key``), or the one array of objects inside of an object; what stands beside that
    array goes with the first record, so that nothing is lost. Anything else is one record.
    """
    if isinstance(document, list):
        return [record_of(item) for item in document]
    if not isinstance(document, dict):
        return [record_of(document)]
    tables = [key for key, value in document.items() if _is_table(value)]
    if len(tables) == 1:
        return _unwrapped(document, tables[0])
    inner = [key for key, value in document.items() if isinstance(value, dict)]
    if not tables and len(inner) == 1 and _holds_table(document[inner[0]]):
        return _unwrapped(document, inner[0])
    if len(inner) == len(document) > 1 and _alike(list(document.values())):
        return [
            {**value, "key" if "key" not in value else "key.": key}
            for key, value in document.items()
        ]
    return [document]


def record_of(item: object) -> dict[str, object]:
    """An object as it is; an array's items and a lone value as unnamed columns."""
    if isinstance(item, dict):
        return item
    if isinstance(item, list):
        return {f"column_{i}": value for i, value in enumerate(item)}
    return {"column_0": item}


def _unwrapped(document: dict[str, object], name: str) -> list[dict[str, object]]:
    """The records in one field; the other fields go with the first of them."""
    first, *others = records_of(document[name])
    beside = {
        key if key not in first else f"{key}.": value
        for key, value in document.items()
        if key != name
    }
    return [{**first, **beside}, *others]


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value)


def _holds_table(value: dict[str, object]) -> bool:
    """Whether unwrapping goes on: there is a table below, one way down."""
    if any(_is_table(inner) for inner in value.values()):
        return True
    inner = [one for one in value.values() if isinstance(one, dict)]
    return len(inner) == 1 and _holds_table(inner[0])


def _alike(values: list[dict[str, object]]) -> bool:
    """Whether objects share most of their keys."""
    shared = set(values[0]).intersection(*map(set, values[1:]))
    return len(shared) * 2 >= max(map(len, values))


def _sample(block: bytes) -> Iterator[bytes]:
    """Some lines of a block: half of them at its start, half spread over it."""
    start = 0
    for _ in range(_SAMPLE_LINES // 2):
        end = block.find(b"\n", start)
        yield block[start : end if end >= 0 else len(block)]
        if end < 0:
            return
        start = end + 1
    rest = len(block) - start
    for i in range(_SAMPLE_LINES // 2):
        place = block.find(b"\n", start + rest * i // (_SAMPLE_LINES // 2)) + 1
        end = block.find(b"\n", place)
        if place and end > place:
            yield block[place:end]


def _loaded(line: bytes, damage: Damage | None = None) -> dict[str, object] | None:
    """A line's record; None if it is blank or no JSON."""
    if not line.strip():
        return None
    try:
        return record_of(orjson.loads(line))
    except orjson.JSONDecodeError:
        pass
    try:
        text = line.decode("utf-8", "replace")
        record = record_of(orjson.loads(text))
    except orjson.JSONDecodeError:
        return None
    if damage is not None:
        damage.decoded(line)
    return record
