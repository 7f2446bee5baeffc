"""What kind of values a column holds, whichever format or database keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pyarrow as pa

_Test: TypeAlias = Callable[[pa.DataType], bool]

_KINDS: tuple[tuple[str, tuple[_Test, ...]], ...] = (
    (
        "text",
        (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    ),
    ("whole number", (pa.types.is_integer,)),
    ("true or false", (pa.types.is_boolean,)),
    ("number", (pa.types.is_floating,)),
    ("decimal", (pa.types.is_decimal,)),
    ("date", (pa.types.is_date,)),
    ("timestamp", (pa.types.is_timestamp,)),
    ("time", (pa.types.is_time,)),
    ("duration", (pa.types.is_duration, pa.types.is_interval)),
    (
        "bytes",
        (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
            pa.types.is_binary_view,
        ),
    ),
    ("nested", (pa.types.is_nested,)),
)
#: What one kind becomes where a format or database has none such: a whole number for what is true
#: or false (MySQL) and for a duration (SQLite), JSON for what is nested, a timestamp for a date
#: (Oracle), a decimal for large whole numbers.
_STAND_IN = frozenset(
    {
        ("true or false", "whole number"),
        ("true or false", "decimal"),
        ("duration", "whole number"),
        ("duration", "time"),
        ("time", "text"),
        ("nested", "text"),
        ("date", "timestamp"),
        ("whole number", "decimal"),
    }
)
#: Formats that keep every value as a text, or say nothing of types.
UNTYPED = frozenset({"csv", "excel", "json", "jsonl", "text"})


def kind_of(type_: pa.DataType) -> str:
    """The kind of values of an Arrow type, such as ``whole number`` for all its widths."""
    if isinstance(type_, pa.BaseExtensionType):
        type_ = type_.storage_type
    while pa.types.is_dictionary(type_) or pa.types.is_run_end_encoded(type_):
        type_ = type_.value_type
    return next((name for name, tests in _KINDS if any(test(type_) for test in tests)), str(type_))


def same_kind(before: pa.DataType, after: pa.DataType) -> bool:
    """Whether values of one type may well be kept as values of the other elsewhere."""
    old, new = kind_of(before), kind_of(after)
    return old == new or (old, new) in _STAND_IN or (new, old) in _STAND_IN
