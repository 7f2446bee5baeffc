"""An Arrow type -> the type of a new column, in each dialect's SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

#: Whole numbers by their bits, signed.
_INTEGERS: Mapping[str, tuple[str, str, str]] = {
    "postgresql": ("smallint", "integer", "bigint"),
    "mysql": ("SMALLINT", "INT", "BIGINT"),
    "sqlite": ("INTEGER", "INTEGER", "INTEGER"),
    "duckdb": ("SMALLINT", "INTEGER", "BIGINT"),
    "mssql": ("SMALLINT", "INT", "BIGINT"),
    "oracle": ("NUMBER(5)", "NUMBER(10)", "NUMBER(19)"),
}
#: boolean, 20 digits, float, double, date, timestamp, with zone, time, interval, bytes, text, JSON.
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "postgresql": tuple(
        "boolean|numeric(20)|real|double precision|date|timestamp|timestamptz|time|interval|bytea"
        "|text|jsonb".split("|")
    ),
    "mysql": tuple(
        "TINYINT(1)|BIGINT UNSIGNED|FLOAT|DOUBLE|DATE|DATETIME(6)|DATETIME(6)|TIME(6)|TIME(6)"
        "|LONGBLOB|LONGTEXT|JSON".split("|")
    ),
    "sqlite": tuple(
        "BOOLEAN|NUMERIC|REAL|REAL|DATE|DATETIME|DATETIME|TIME|INTEGER|BLOB|TEXT|TEXT".split("|")
    ),
    "duckdb": tuple(
        "BOOLEAN|UBIGINT|FLOAT|DOUBLE|DATE|TIMESTAMP|TIMESTAMPTZ|TIME|INTERVAL|BLOB|VARCHAR"
        "|VARCHAR".split("|")
    ),
    "mssql": tuple(
        "BIT|DECIMAL(20)|REAL|FLOAT(53)|DATE|DATETIME2(6)|DATETIMEOFFSET(6)|TIME(6)|BIGINT"
        "|VARBINARY(MAX)|NVARCHAR(MAX)|NVARCHAR(MAX)".split("|")
    ),
    "oracle": tuple(
        "NUMBER(1)|NUMBER(20)|BINARY_FLOAT|BINARY_DOUBLE|DATE|TIMESTAMP(6)"
        "|TIMESTAMP(6) WITH TIME ZONE|VARCHAR2(15)|INTERVAL DAY(9) TO SECOND(6)|BLOB|CLOB"
        "|CLOB".split("|")
    ),
}
#: Which of the others an Arrow type is.
_TESTS: tuple[Callable[[pa.DataType], bool], ...] = (
    pa.types.is_boolean,
    pa.types.is_uint64,
    lambda kind: pa.types.is_float16(kind) or pa.types.is_float32(kind),
    pa.types.is_float64,
    pa.types.is_date,
    lambda kind: pa.types.is_timestamp(kind) and kind.tz is None,
    pa.types.is_timestamp,
    pa.types.is_time,
    pa.types.is_duration,
    lambda kind: (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    ),
)
_TEXT, _JSON = 10, 11
#: The longest text that may be a key of MySQL and Oracle, in characters of four bytes.
_KEY_CHARACTERS = 700


def type_sql(kind: pa.DataType, dialect: str, *, key: bool = False) -> str:
    """The type of a column.

    Args:
        kind: of its values.
        dialect: one of `lakescan.connectors.sql.address.DIALECTS`.
        key: whether an index has to hold it.
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if dialect == "duckdb" and pa.types.is_nested(kind):
        return _nested(kind)
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        bits = kind.bit_width * (2 if pa.types.is_unsigned_integer(kind) else 1)
        return _INTEGERS[dialect][0 if bits <= 16 else 1 if bits == 32 else 2]
    if pa.types.is_decimal(kind):
        name = {"oracle": "NUMBER", "mssql": "DECIMAL"}.get(dialect, "NUMERIC")
        return f"{name}({kind.precision}, {kind.scale})"
    found = next((place for place, test in enumerate(_TESTS) if test(kind)), None)
    if found is None:
        found = _JSON if pa.types.is_nested(kind) else _TEXT
    if found == _TEXT and key:
        return text_sql(dialect, 255, key=True)
    return _OTHERS[dialect][found]


def text_sql(dialect: str, length: int | None, *, key: bool = False) -> str:
    """A text of at most so many characters, where the dialect counts them."""
    if key and dialect in ("mysql", "oracle", "mssql"):
        length = min(length or 255, _KEY_CHARACTERS if dialect != "mssql" else 450)
    if length is None or dialect in ("sqlite", "duckdb"):
        return _OTHERS[dialect][_TEXT]
    name = {"oracle": "VARCHAR2", "mssql": "NVARCHAR"}.get(dialect, "VARCHAR")
    if dialect in ("oracle", "mssql") and length > 1000:
        return _OTHERS[dialect][_TEXT]
    return f"{name}({length}{' CHAR' if dialect == 'oracle' else ''})"


def _nested(kind: pa.DataType) -> str:
    """A nested type of DuckDB."""
    if pa.types.is_struct(kind) or pa.types.is_union(kind):
        fields = (f'"{f.name.replace(chr(34), chr(34) * 2)}" {_inner(f.type)}' for f in kind)
        return f"{'STRUCT' if pa.types.is_struct(kind) else 'UNION'}({', '.join(fields)})"
    if pa.types.is_map(kind):
        return f"MAP({_inner(kind.key_type)}, {_inner(kind.item_type)})"
    return f"{_inner(kind.value_type)}[]"


def _inner(kind: pa.DataType) -> str:
    return type_sql(kind, "duckdb")
