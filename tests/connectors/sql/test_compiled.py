"""What SQL Server and Oracle would be asked, as no such server can be had here.

Each statement that reading needs is compiled by the dialect, and parsed as that dialect by sqlglot:
that it is well formed is shown, that a server answers it is not.
"""

from __future__ import annotations

import datetime as dt
import uuid

import pyarrow as pa
import pytest
import sqlglot

from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.bounds import KeyRange
from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.dialects import mssql, oracle
from lakescan.connectors.sql.patience import Patience
from lakescan.connectors.sql.statements import end_of, key_after, rows_of
from lakescan.errors import CredentialError, NotFoundError, TransientError

COLUMNS = (SqlColumn("id", pa.int64(), key="int"), SqlColumn("e mail", pa.string(), form="text"))
TABLE = SqlTable("people", "customers 1", COLUMNS, ("id",))
RANGES = [
    None,
    KeyRange(("id",), None, (7,)),
    KeyRange(("id", "n"), (1, 2), (3, 4)),
    KeyRange(("day",), (dt.date(2020, 1, 2),), (dt.datetime(2021, 1, 2, 3),)),
    KeyRange(("u",), (uuid.UUID(int=1),), None),
]


def unconnected(cls, scheme):
    """The database, without a session: what it would ask."""
    database = cls.__new__(cls)
    database.address_of = Address.parse(f"{scheme}://sa:pw@127.0.0.1/shop")
    database.patience = Patience()
    database._engine = database.make_engine()
    return database


@pytest.fixture(params=["mssql", "oracle"])
def dialect(request):
    cls = {"mssql": mssql.MssqlDatabase, "oracle": oracle.OracleDatabase}[request.param]
    return ("tsql" if request.param == "mssql" else "oracle"), unconnected(cls, request.param)


def parsed(dialect, statement):
    name, database = dialect
    compiled = statement.compile(
        dialect=database._engine.dialect, compile_kwargs={"render_postcompile": True}
    )
    text = str(compiled).replace("%(", ":").replace(")s", "")
    return sqlglot.parse_one(text, dialect=name), text


@pytest.mark.parametrize("within", RANGES)
def test_ranges_are_well_formed(dialect, within):
    tree, _ = parsed(dialect, rows_of(dialect[1], TABLE, COLUMNS, within, limit=10))
    assert [table.name.lower() for table in tree.find_all(sqlglot.exp.Table)] == ["customers 1"]
    assert bool(tree.find(sqlglot.exp.Where)) == (within is not None)


def test_samples_are_taken_by_the_server(dialect):
    tree, text = parsed(dialect, rows_of(dialect[1], TABLE, COLUMNS, None, limit=10, percent=2.5))
    assert tree.find(sqlglot.exp.TableSample), text
    assert "2.5" in text


def test_keys_are_looked_up(dialect):
    for statement in (
        end_of(dialect[1], TABLE, ("id",), last=True),
        key_after(dialect[1], TABLE, ("id",), None, 1000),
        key_after(dialect[1], TABLE, ("id",), (5,), 1000),
    ):
        tree, _ = parsed(dialect, statement)
        assert tree.find(sqlglot.exp.Order)


def test_the_catalog_s_questions_are_well_formed():
    for text in (mssql._DATABASES, mssql._SCHEMAS, mssql._FACTS):
        assert sqlglot.parse_one(text, dialect="tsql")
    for text in (oracle._SCHEMAS, oracle._FACTS):
        assert sqlglot.parse_one(text, dialect="oracle")


def test_errors_have_their_numbers(dialect):
    name, database = dialect
    if name == "tsql":
        import pymssql

        cases = [
            (pymssql.OperationalError((18456, b"Login failed for user 'ann'")), CredentialError),
            (pymssql.OperationalError(208, b"Invalid object name"), NotFoundError),
            (pymssql.OperationalError((20009, b"Unable to connect")), TransientError),
        ]
    else:
        import oracledb
        from oracledb.errors import _Error

        cases = [
            (oracledb.DatabaseError(_Error("ORA-01017: invalid credential")), CredentialError),
            (oracledb.DatabaseError(_Error("ORA-00942: no table")), NotFoundError),
            (oracledb.OperationalError(_Error("ORA-03113: end-of-file")), TransientError),
        ]
    for given, expected in cases:
        found = database.error(given)
        assert type(found) is expected
        assert "ann" not in str(found)


def test_nobody_at_the_port_is_said(dialect):
    name = {"tsql": "mssql", "oracle": "oracle"}[dialect[0]]
    cls = type(dialect[1])
    address = Address.parse(f"{name}://sa:pw@127.0.0.1:1/shop")
    with pytest.raises(TransientError, match=r"127\.0\.0\.1:1/shop"):
        cls(address, Patience(connect_seconds=2))
