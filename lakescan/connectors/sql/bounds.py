"""A range of keys: where a split of a table begins and ends, as plain text that travels."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import orjson

#: What a key may be made of; texts are none, since a name or an address may be a key.
KeyValue: TypeAlias = int | uuid.UUID | decimal.Decimal | dt.datetime | dt.date
Key: TypeAlias = tuple[KeyValue, ...]


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Rows whose key is at least ``low`` and less than ``high``.

    Args:
        columns: the key's columns; a row's address (``ctid``, ``rowid``) is a column of its own.
        low: None for from the first on.
        high: None for to the last.
    """

    columns: tuple[str, ...]
    low: Key | None = None
    high: Key | None = None

    def to_text(self) -> str:
        """As an option of a split's format."""
        ends = [None if key is None else [_packed(v) for v in key] for key in (self.low, self.high)]
        return orjson.dumps([self.columns, *ends]).decode()

    @classmethod
    def of_text(cls, text: str) -> KeyRange:
        """Read what `to_text` wrote."""
        columns, low, high = orjson.loads(text)
        return cls(tuple(columns), _key(low), _key(high))


def _packed(value: KeyValue) -> list[str]:
    if isinstance(value, dt.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    kinds = {int: "int", uuid.UUID: "uuid", decimal.Decimal: "decimal"}
    return [kinds[type(value)], str(value)]


def _key(packed: Sequence[tuple[str, str]] | None) -> Key | None:
    return None if packed is None else tuple(_value(kind, text) for kind, text in packed)


def _value(kind: str, text: str) -> KeyValue:
    if kind == "int":
        return int(text)
    if kind == "uuid":
        return uuid.UUID(text)
    if kind == "decimal":
        return decimal.Decimal(text)
    return dt.date.fromisoformat(text) if kind == "date" else dt.datetime.fromisoformat(text)


def even_cuts(first: int, last: int, pieces: int) -> list[int]:
    """Where ``first..last`` (both in it) is cut into at most ``pieces`` even pieces: inner ends."""
    span = last - first + 1
    pieces = max(1, min(pieces, span))
    return [first + span * number // pieces for number in range(1, pieces)]


def ranges_between(columns: tuple[str, ...], cuts: Sequence[Key]) -> list[KeyRange]:
    """The ranges that inner ends make: the first and the last are open, none overlap."""
    ends: list[Key | None] = [None, *cuts, None]
    return [KeyRange(columns, low, high) for low, high in pairwise(ends)]
