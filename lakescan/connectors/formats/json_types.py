"""The Arrow schema of JSON records: what pyarrow and Polars infer themselves is not safe here.

pyarrow reads some strings as timestamps, and both make a struct field of every key there is: one
object whose keys are ids takes minutes and gigabytes. So types are found first, in plain Python
over a sample, or over all records of a block that its sample does not describe.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from lakescan.entities.keys import is_value

#: An object with more keys than this, and many more than each instance of it has, is keyed by
#: values: it stays JSON text.
_MANY_KEYS, _KEYS_PER_OBJECT = 100, 4
#: What a field's metadata say of texts that are JSON: all of them, or only what looks like an
#: object or an array, as strings stand there as well; or that the one column is the whole record.
JSON, ALL, SOME, RECORD = b"lakescan.json", b"all", b"some", b"record"
#: No struct has more fields than this, and nothing nests deeper.
_MOST_KEYS, _DEEPEST = 2000, 24
_INT64 = 2**63
#: Records that are texts of one column.
WHOLE = pa.schema([pa.field("column_0", pa.string(), metadata={JSON: RECORD})])


class JsonType:
    """What was seen at one place of the records."""

    __slots__ = ("fields", "item", "keys", "kinds", "objects", "values")

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.fields: dict[str, JsonType] = {}
        self.item: JsonType | None = None
        self.objects = 0
        self.keys = 0
        self.values = 0

    def add(self, value: object, depth: int = 0) -> None:
        """Take a value into account."""
        if value is None:
            return
        if isinstance(value, dict) and depth < _DEEPEST:
            self.kinds.add("object")
            self.objects += 1
            self.keys += len(value)
            if self.by_value:
                return
            for key, child in value.items():
                if key not in self.fields:
                    self.fields[key] = JsonType()
                    self.values += is_value(key)
                self.fields[key].add(child, depth + 1)
        elif isinstance(value, list) and depth < _DEEPEST:
            self.kinds.add("array")
            self.item = self.item or JsonType()
            for child in value:
                self.item.add(child, depth + 1)
        else:
            self.kinds.add(_scalar(value))

    def add_all(self, records: Iterable[object]) -> None:
        """Take records into account."""
        for record in records:
            self.add(record)

    @property
    def by_value(self) -> bool:
        """Whether this object's keys are values rather than names."""
        count = len(self.fields)
        if count > _MOST_KEYS or 0 < count <= 2 * self.values:
            return True
        return count > _MANY_KEYS and count * self.objects > _KEYS_PER_OBJECT * self.keys

    def schema(self) -> pa.Schema:
        """The schema of the records; one column of text where their keys are values."""
        if self.by_value:
            return WHOLE
        return pa.schema([part.field(name) for name, part in self.fields.items()])

    def field(self, name: str) -> pa.Field:
        """As a field; `JSON` in its metadata says whether texts stand for other values."""
        kind = self.arrow()
        if kind != pa.string() or self.kinds <= {"text"}:
            return pa.field(name, kind)
        mark = SOME if "text" in self.kinds else ALL
        return pa.field(name, kind, metadata={JSON: mark})

    def arrow(self) -> pa.DataType:
        """The type of a field; text where values of several types were seen."""
        if self.kinds == {"object"} and self.fields and not self.by_value:
            return pa.struct([part.field(name) for name, part in self.fields.items()])
        if self.kinds == {"array"} and self.item is not None:
            return pa.list_(self.item.field("item"))
        if self.kinds == {"bool"}:
            return pa.bool_()
        if self.kinds == {"int"}:
            return pa.int64()
        if self.kinds in ({"float"}, {"int", "float"}):
            return pa.float64()
        return pa.string()


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_INT64 <= value < _INT64 else "text"
    return "float" if isinstance(value, float) else "text"
