"""What the sinks of SQL Server and Oracle would ask, as no such server can be had here.

The statements are parsed as that dialect by sqlglot: that they are well formed is shown, that a
server answers them is not.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from lakescan.connectors.sinks.model import OutputUnit
from lakescan.connectors.sinks.sql.blueprint import whole_sql
from lakescan.connectors.sinks.sql.designs import Place, blueprint
from lakescan.connectors.sinks.sql.servers.control import Control
from lakescan.connectors.sinks.sql.servers.mssql import MssqlWriting
from lakescan.connectors.sinks.sql.servers.oracle import OracleWriting
from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.patience import Patience

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False), ("e mail", pa.string()), ("on", pa.date32()),
        ("at", pa.timestamp("us", "UTC")), ("amount", pa.decimal128(12, 2)), ("raw", pa.binary()),
        ("yes", pa.bool_()), ("x", pa.float64()), ("t", pa.time64("us")),
        ("tags", pa.list_(pa.string())),
    ]
)  # fmt: skip


@pytest.fixture(params=["mssql", "oracle"])
def writing(request):
    """A session without a server, and the statements that it would run."""
    cls = {"mssql": MssqlWriting, "oracle": OracleWriting}[request.param]
    session = cls.__new__(cls)
    session.address_of = Address.parse(f"{request.param}://sa:pw@127.0.0.1/shop?schema=crm")
    session.patience = Patience()
    session._engine = session.make_engine()
    ran = []
    session.execute = lambda *statements: ran.extend(statements)
    yield session, ran
    session._engine.dispose()


def design_of(session):
    unit = OutputUnit("u1", "crm/people 1", (), schema=SCHEMA)
    compiler = session._engine.dialect
    return blueprint(unit, SCHEMA, Place(session.dialect, compiler, "crm", "people 1", "abc", True))


def parsed(session, statement):
    name = "tsql" if session.dialect == "mssql" else "oracle"
    tree = sqlglot.parse_one(re.sub(r":\d+", "?", statement), dialect=name)
    assert not isinstance(tree, exp.Command), statement
    return tree


def test_the_stage_is_made_in_the_tables_columns(writing):
    session, ran = writing
    design = design_of(session)
    session.make_stage(design)
    trees = [parsed(session, text) for text in (*ran, whole_sql(design, "x", session.quoted))]
    for tree in trees:
        assert isinstance(tree, exp.Create)
        assert [column.name for column in tree.find_all(exp.ColumnDef)] == SCHEMA.names


def test_rows_are_added_and_exchanged(writing):
    session, ran = writing
    design = design_of(session)
    if session.dialect == "oracle":
        session.execute(session.insert_sql(design), *session.exchange_sql(design))
    else:
        session.rewrite([design], "")
    kinds = [type(parsed(session, text)) for text in ran]
    assert exp.Delete in kinds
    assert exp.Insert in kinds
    copied = next(t for t in (parsed(session, s) for s in ran) if t.find(exp.Select))
    assert [c.name for c in copied.find(exp.Select).find_all(exp.Column)] == list(design.written)


def test_the_tables_that_runs_are_written_down_in_compile(writing):
    import sqlalchemy as sa

    session, _ = writing
    control = Control(session.control_schema())
    for table in (control.runs, control.units):
        made = str(sa.schema.CreateTable(table).compile(dialect=session._engine.dialect))
        assert isinstance(parsed(session, made), exp.Create)
        added = str(table.insert().compile(dialect=session._engine.dialect))
        added = re.sub(r"%\(\w+\)s|:\w+", "?", added)
        assert isinstance(parsed(session, added), exp.Insert)
