"""Values that are changed and put back in their own form."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import json
import struct
import uuid

import pytest
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors.kafka.codec import Codec
from lakescan.connectors.kafka.registry import Registry
from lakescan.errors import CorruptFileError

SCHEMA = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "mail", "type": ["null", "string"]},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
        {
            "name": "amount",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        },
        {"name": "raw", "type": "bytes"},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["NEW", "OLD"]}},
        {"name": "big", "type": "long"},
        {"name": "share", "type": "double"},
        {"name": "ok", "type": "boolean"},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "more", "type": {"type": "map", "values": ["null", "long", "string"]}},
    ],
}
PARSED = parse_schema(SCHEMA)


class _Known(Registry):
    """A registry whose schema is at hand."""

    def schema(self, number: int) -> object:
        assert number == 7
        return PARSED


CODEC = Codec("auto", _Known("http://registry"))

texts = st.text(max_size=20)
records = st.fixed_dictionaries(
    {
        "mail": st.none() | texts,
        "born": st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
        "at": st.datetimes(
            dt.datetime(1970, 1, 2), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)
        ),
        "id": st.uuids(),
        "amount": st.decimals(-9_999_999, 9_999_999, places=2),
        "raw": st.binary(max_size=8),
        "kind": st.sampled_from(["NEW", "OLD"]),
        "big": st.integers(-(2**63), 2**63 - 1),
        "share": st.floats(allow_nan=False, allow_infinity=False),
        "ok": st.booleans(),
        "tags": st.lists(texts, max_size=3),
        "more": st.dictionaries(texts, st.none() | st.integers(-9, 9) | texts, max_size=3),
    }
)


def packed(record: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    schemaless_writer(stream, PARSED, record)
    return struct.pack(">bI", 0, 7) + stream.getvalue()


def unpacked(data: bytes) -> dict[str, object]:
    return schemaless_reader(io.BytesIO(data[5:]), PARSED, None)


@given(record=records, mail=texts, tag=texts)
def test_avro_keeps_its_types_where_one_field_changes(record, mail, tag):
    record = {**record, "mail": "ann@example.com", "tags": [*record["tags"], "x"]}
    data = packed(record)
    decoded = CODEC.decode(data)
    assert decoded.document
    assert decoded.encoded(decoded.text) == data
    told = json.loads(decoded.text)
    told["mail"], told["tags"][-1] = mail, tag
    made = unpacked(decoded.encoded(json.dumps(told, ensure_ascii=False)))
    assert made == {**unpacked(data), "mail": mail, "tags": [*record["tags"][:-1], tag]}


@pytest.mark.parametrize(
    ("field", "put"),
    [
        ("born", "1990-05-01"),
        ("at", "2020-01-01T00:00:00+00:00"),
        ("id", "00000000-0000-0000-0000-000000000009"),
        ("amount", "1.25"),
        ("big", 17),
        ("share", 0.5),
        ("raw", "text"),
        ("mail", None),
    ],
)
def test_what_fits_is_put_in_the_fields_type(field, put):
    record = {
        "mail": "ann@example.com", "born": dt.date(1984, 3, 17),
        "at": dt.datetime(2001, 2, 3, tzinfo=dt.UTC), "id": uuid.UUID(int=7),
        "amount": decimal.Decimal("9.99"), "raw": b"\x01", "kind": "NEW", "big": 2**60,
        "share": 0.1, "ok": True, "tags": [], "more": {"a": 1},
    }  # fmt: skip
    decoded = CODEC.decode(packed(record))
    told = json.loads(decoded.text)
    told[field] = put
    made = unpacked(decoded.encoded(json.dumps(told)))
    expected = {"raw": b"text", "id": uuid.UUID(int=9), "amount": decimal.Decimal("1.25"),
                "born": dt.date(1990, 5, 1), "at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}  # fmt: skip
    assert made[field] == expected.get(field, put)
    assert {**made, field: None} == {**record, field: None}


@pytest.mark.parametrize(
    ("field", "put"),
    [("born", "<DATE>"), ("big", "<ID>"), ("id", "token"), ("kind", "*"), ("ok", "yes")],
)
def test_what_does_not_fit_is_said_without_the_value(field, put):
    record = {
        "mail": None, "born": dt.date(1984, 3, 17), "at": dt.datetime(2001, 2, 3, tzinfo=dt.UTC),
        "id": uuid.UUID(int=7), "amount": decimal.Decimal("9.99"), "raw": b"", "kind": "NEW",
        "big": 987654321, "share": 0.1, "ok": True, "tags": [], "more": {},
    }  # fmt: skip
    decoded = CODEC.decode(packed(record))
    told = json.loads(decoded.text)
    told[field] = put
    with pytest.raises(CorruptFileError, match="schema cannot hold") as caught:
        decoded.encoded(json.dumps(told))
    assert put not in str(caught.value)
    assert "987654321" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_json_of_any_shape_comes_back_byte_for_byte(value):
    data = f" {json.dumps(value)}\n".encode()
    decoded = CODEC.decode(data)
    assert decoded.encoded(decoded.text) == data
    if decoded.document:
        inner = json.loads(decoded.text)
        assert (inner[""] if decoded.wrapped else inner) == value
        changed = decoded.encoded(json.dumps(inner, indent=1)[:1] + decoded.text[1:])
        assert json.loads(changed) == value


def test_surrogate_pairs_and_halves_of_them():
    pair = rb'{"note": "\ud83d\ude00 caf\u00e9"}'
    assert json.loads(CODEC.decode(pair).text)["note"] == "😀 café"
    half = rb'{"note": "\ud83d alone"}'
    decoded = CODEC.decode(half)
    assert not decoded.document  # no text that could be searched field by field
    assert decoded.encoded(decoded.text) == half


@pytest.mark.parametrize(
    ("data", "form", "told"),
    [
        (b"\xff", "auto", "no UTF-8"),
        (b"\0\0\0\0\7\xff\xff", "auto", "not of schema 7"),
        (b"plain", "json", "no JSON"),
        (b"[" * 20 + b"]" * 20, "auto", "nested deeper"),
    ],
)
def test_what_cannot_be_read(data, form, told):
    codec = CODEC if form == "auto" else Codec(form, None)
    with pytest.raises(CorruptFileError, match=told):
        codec.decode(data)


def test_a_head_without_a_registry():
    with pytest.raises(CorruptFileError, match="SCHEMA_REGISTRY_URL"):
        Codec("auto", None).decode(b"\0\0\0\0\7ann")
