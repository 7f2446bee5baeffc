"""Strings that are none: whatever a file declares, what is read of it is UTF-8."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors.damage import Damage
from lakescan.connectors.utf8 import mended

BYTES = st.lists(st.none() | st.binary(max_size=6) | st.text(max_size=6).map(str.encode))


def unchecked(values: list[bytes | None], kind: pa.DataType) -> pa.Array:
    """Strings of any bytes, as a file may hold them."""
    return pa.array(values, pa.large_binary()).cast(kind, safe=False)


def shaped(strings: pa.Array, shape: str) -> pa.Array:
    """Strings within lists, structs, maps or a dictionary, with nulls on each level."""
    count = len(strings)
    edges = pa.array([*range(0, count, 2), count], pa.int32())
    nulls = pa.array([i % 5 == 3 for i in range(count)], pa.bool_())
    if shape == "struct":
        return pa.StructArray.from_arrays([strings], ["s"], mask=nulls)
    if shape == "list":
        return pa.ListArray.from_arrays(edges, strings)
    if shape == "map":
        keys = pa.array([f"k{i}" for i in range(count)])
        return pa.MapArray.from_arrays(edges, keys, strings)
    if shape == "dictionary":
        return pa.DictionaryArray.from_arrays(pa.array(range(count), pa.int32()), strings)
    if shape.endswith("union"):
        codes = pa.array([i % 2 for i in range(count)], pa.int8())
        if shape == "sparse union":
            return pa.UnionArray.from_sparse(codes, [strings, strings], ["s", "t"])
        places = pa.array(range(count), pa.int32())
        return pa.UnionArray.from_dense(codes, places, [strings, strings], ["s", "t"])
    return strings


def readable(value: object) -> object:
    """The same cells, with U+FFFD as Python decodes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(readable, value))
    return value


@pytest.mark.parametrize(
    "shape", ["plain", "struct", "list", "map", "dictionary", "sparse union", "dense union"]
)
@given(values=BYTES, start=st.integers(0, 3))
def test_what_is_no_utf8_is_replaced(shape: str, values: list[bytes | None], start: int) -> None:
    for kind in (pa.string(), pa.large_string()):
        array = shaped(unchecked(values, kind), shape).slice(start)
        raw = shaped(pa.array(values, pa.large_binary()), shape).slice(start)
        damage = Damage()
        (column,) = mended(pa.record_batch([array], ["c"]), damage).columns
        column.take(pa.array(range(len(column)), pa.int64())).validate(full=True)
        assert column.type == array.type
        assert column.to_pylist() == readable(raw.to_pylist())


def test_places_are_counted_but_not_those_that_stood_there() -> None:
    damage = Damage()
    values = unchecked([b"ok", "\ufffd".encode(), b"a\xff", b"\xff\xfeb\xff", None], pa.string())
    (column,) = mended(pa.record_batch([values], ["c"]), damage).columns
    assert column.to_pylist() == ["ok", "\ufffd", "a\ufffd", "\ufffd\ufffdb\ufffd", None]
    assert damage == Damage(lines=0, places=4)


def test_sound_batches_are_handed_on_as_they_are() -> None:
    damage = Damage()
    batch = pa.record_batch({"a": ["x", "é", None], "n": [1, 2, 3], "e": ["", "", ""]})
    assert mended(batch, damage) is batch
    assert damage.error("f") is None
