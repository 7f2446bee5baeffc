"""A column's type in the database -> the Arrow type of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

#: Digits that always fit into 64 bits, and into Arrow's 128-bit decimals.
_INT64_DIGITS, _DECIMAL_DIGITS = 18, 38


def arrow_type(kind: TypeEngine[object]) -> pa.DataType:
    """The Arrow type; what it has none for is text.

    A decimal without places is an integer where it fits, and text where it does not: an identity
    number kept in one has to be read digit by digit. So has a decimal of any precision.
    """
    import sqlalchemy as sa
    from sqlalchemy.sql.sqltypes import _AbstractInterval

    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    if isinstance(kind, sa.Float):
        return pa.float64()
    if isinstance(kind, sa.Numeric):
        return _decimal(kind.precision, kind.scale)
    if isinstance(kind, sa.DateTime):
        return pa.timestamp("us", "UTC" if kind.timezone else None)
    if isinstance(kind, sa.Date):
        return pa.date32()
    if isinstance(kind, sa.Time):
        return pa.time64("us")
    if isinstance(kind, _AbstractInterval):
        return pa.duration("us")
    if isinstance(kind, sa.LargeBinary | sa.BINARY | sa.VARBINARY):
        return pa.binary()
    return pa.string()


def _decimal(precision: int | None, scale: int | None) -> pa.DataType:
    if precision is None:
        return pa.string()
    if not scale:
        return pa.int64() if precision <= _INT64_DIGITS else pa.string()
    if precision <= _DECIMAL_DIGITS and 0 < scale <= precision:
        return pa.decimal128(precision, scale)
    return pa.string()


def key_kind(kind: TypeEngine[object]) -> str:
    """How a key of this type can be cut: ``int``, ``uuid``, ``other``, or not (empty)."""
    import sqlalchemy as sa

    if isinstance(kind, sa.Integer):
        return "int"
    if isinstance(kind, sa.Uuid):
        return "uuid"
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float):
        return "other"
    return "other" if isinstance(kind, sa.Date | sa.DateTime) else ""
