"""The sink of database servers: see `Sink` for the promise, `control` for what it leaves there.

A unit's rows and the note that they are there are one transaction: what a worker leaves when it
dies is nothing, and of two that wrote the same unit the second is told so and rolls back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain

import pyarrow as pa

from lakescan.connectors.model import Dataset
from lakescan.connectors.sinks.model import (
    Committed,
    Mode,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)
from lakescan.connectors.sinks.sql.blueprint import Blueprint
from lakescan.connectors.sinks.sql.designs import Place, blueprint
from lakescan.connectors.sinks.sql.plan import plan_tables, stage_name
from lakescan.connectors.sinks.sql.servers.control import ABORTED, COMMITTED, Control, RunRecord
from lakescan.connectors.sinks.sql.servers.lookup import open_writing
from lakescan.connectors.sinks.sql.servers.session import Change, WritingSession
from lakescan.connectors.sinks.sql.shape import shaped
from lakescan.connectors.sql.address import DIALECTS, FILES, Address
from lakescan.errors import ChangedSourceError, TransientError, UsageError

_log = logging.getLogger(__name__)


class ServerSink:
    """Writes tables of a server's database; all of a run appear in one commit."""

    schemes = frozenset(scheme for scheme, dialect in DIALECTS.items() if dialect not in FILES)

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it."""
        address = _address(target)
        with closing(open_writing(address)) as session, session.errors():
            control = _control(session)
            connection = session.connection
            if session.control_schema():
                session.make_schema(session.control_schema() or "")
                connection.commit()
            _make(session, control)
            session.lock()
            session.recover(control)
            last = control.last(connection)
            run = control.run(connection, target.run_id)
            if run is None:
                base = "" if last is None else last.run_id
                horizon = session.horizon() if target.mode is Mode.IN_PLACE else ""
                control.begin(connection, target, base, horizon)
                connection.commit()
                return Transaction(target, base)
            connection.rollback()
        if run.state == COMMITTED:
            return Transaction(target, run.base, run.committed)
        if run.state == ABORTED:
            raise UsageError(f"run {target.run_id} was aborted", hint="begin one of another name")
        return Transaction(target, run.base)

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> tuple[OutputUnit, ...]:
        """A unit for each split."""
        address = _address(transaction.target)
        units = plan_tables(transaction, address, dataset, origin)
        if transaction.target.mode is Mode.CREATE:
            with closing(open_writing(address)) as session, session.errors():
                schema, _, table = units[0].output.rpartition("/")
                if session.exists(schema, table):
                    raise UsageError(
                        f"{address.at(schema=schema, table=table).shown}: stands there",
                        hint="name another target, or choose the mode replace or update",
                    )
        return units

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """The units that are written down."""
        with closing(open_writing(_address(transaction.target))) as session, session.errors():
            found = _control(session).staged(session.connection, transaction.target.run_id)
        yield from found

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write a unit's rows into the table of its stage, in one transaction."""
        target = transaction.target
        with closing(open_writing(_address(target))) as session, session.errors():
            control, connection = _control(session), session.connection
            before = control.unit(connection, unit.id)
            if before is not None:
                return before
            _check_open(control.run(connection, target.run_id), target)
            connection.rollback()
            rows = iter(batches)
            first = next(rows, None)
            if first is None:
                raise UsageError(
                    f"{unit.output}: no batch to tell the columns by", hint="send one without rows"
                )
            first = shaped(first, unit)
            design = _prepared(session, control, transaction, unit, first.schema)
            body = (shaped(batch, unit, first.schema) for batch in rows)
            written = (batch.select(design.written) for batch in chain([first], body))
            count = session.load(design, written)
            made = Staged(unit.id, unit.output, unit.stage, count)
            _check_open(control.run(connection, target.run_id), target)
            other = _noted(session, control, target.run_id, made)
            return made if other is None else other

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """Exchange all tables, and write down that it is done, in one transaction."""
        target = transaction.target
        some = tuple({one.unit: one for one in staged}.values())
        address = _address(target)
        with closing(open_writing(address)) as session, session.errors():
            control, connection = _control(session), session.connection
            session.lock()
            session.recover(control)
            run = control.run(connection, target.run_id)
            if run is not None and run.state == COMMITTED:
                return run.committed
            last = control.last(connection)
            if (last.run_id if last is not None else "") != transaction.base:
                raise ChangedSourceError(
                    f"{address.shown}: another run was committed since this one began",
                    uri=address.shown,
                )
            if run is None or run.state == ABORTED:
                raise ChangedSourceError(f"{address.shown}: run {target.run_id} was aborted")
            designs = control.blueprints(connection, target.run_id)
            chosen = _covered(designs, control.staged(connection, target.run_id), some)
            stale = [design for stage, design in designs.items() if stage not in chosen]
            written = {design.output for design in chosen.values()}
            removed = [
                *((design.schema, stage_name(design.stage)) for design in stale),
                *_gone(target, last, written),
            ]

            outputs = tuple(one.output for one in some)
            change = Change(
                target.run_id,
                tuple(chosen.values()),
                tuple(removed),
                run.horizon,
                outputs,
                sum(one.rows for one in some),
            )
            session.exchange(change, control)
            for other in control.overtaken(connection):
                _abandon(session, control, other)
            connection.commit()
            done = control.run(connection, target.run_id)
            assert done is not None
            return done.committed

    def abort(self, transaction: Transaction) -> None:
        """Drop what the run staged."""
        target = transaction.target
        with closing(open_writing(_address(target))) as session, session.errors():
            control, connection = _control(session), session.connection
            session.lock()
            session.recover(control)
            run = control.run(connection, target.run_id)
            if run is None or run.state == COMMITTED:
                connection.rollback()
                return
            _abandon(session, control, target.run_id)
            connection.commit()
        _log.info("run %s: what it staged is removed", target.run_id)

    def recorded(self, target: Target) -> Mapping[str, str]:
        """What the last commit left beside the tables."""
        with closing(open_writing(_address(target))) as session, session.errors():
            control = _control(session)
            if not session.exists(session.control_schema() or "", control.runs.name):
                return {}
            session.recover(control)
            return control.metadata(session.connection)

    def unfinished(self, target: Target) -> Unfinished | None:
        """The open run that began last."""
        with closing(open_writing(_address(target))) as session, session.errors():
            control = _control(session)
            if not session.exists(session.control_schema() or "", control.runs.name):
                return None
            session.recover(control)
            return control.unfinished(session.connection)


def _abandon(session: WritingSession, control: Control, run_id: str) -> None:
    """A run is over; what it staged goes."""
    connection = session.connection
    connection.execute(
        control.runs.update().where(control.runs.c.run_id == run_id).values(state=ABORTED)
    )
    for design in control.blueprints(connection, run_id).values():
        session.drop(design.schema, stage_name(design.stage))
    control.forget(connection, run_id)


def _address(target: Target) -> Address:
    return Address.parse(target.uri)


def _control(session: WritingSession) -> Control:
    return Control(session.control_schema())


def _make(session: WritingSession, control: Control) -> None:
    """Make the tables that the sink writes down in; another driver may do so at the same time."""
    schema = session.control_schema() or ""
    if not session.exists(schema, control.units.name):
        session.lock()
        control.make(session.connection)
        session.connection.commit()


def _check_open(run: RunRecord | None, target: Target) -> None:
    if run is None or run.state in (ABORTED, COMMITTED):
        raise ChangedSourceError(f"run {target.run_id} is over")


def _prepared(
    session: WritingSession,
    control: Control,
    transaction: Transaction,
    unit: OutputUnit,
    schema: pa.Schema,
) -> Blueprint:
    """The stage of a unit, made by whoever comes first."""
    connection = session.connection
    run_id = transaction.target.run_id
    found = control.blueprints(connection, run_id).get(unit.stage)
    connection.rollback()
    if found is not None:
        return found
    address = _address(transaction.target)
    where, _, table = unit.output.rpartition("/")
    place = Place(
        session.dialect,
        connection.dialect,
        where,
        table,
        unit.stage,
        bool(address.schema) or not where,
    )
    design = blueprint(unit, schema, place)
    session.lock()
    found = control.blueprints(connection, run_id).get(unit.stage)
    if found is None:
        _check_open(control.run(connection, run_id), transaction.target)
        if where:
            session.make_schema(where)
        if session.exists(where, stage_name(unit.stage)):  # of one that died before it noted so
            session.drop(where, stage_name(unit.stage))
        session.make_stage(design)
        control.add_table(connection, run_id, unit.stage, design)
    connection.commit()
    session.unlock()
    return found or design


def _noted(session: WritingSession, control: Control, run_id: str, made: Staged) -> Staged | None:
    """Write a unit down and commit; another's, where that was first."""
    import sqlalchemy as sa

    connection = session.connection
    try:
        control.add_unit(connection, run_id, made)
        connection.commit()
    except sa.exc.IntegrityError:
        connection.rollback()
        other = control.unit(connection, made.unit)
        if other is None:
            raise TransientError(f"{made.output}: another worker is at it") from None
        return other
    return None


def _covered(
    designs: Mapping[str, Blueprint], noted: Iterable[Staged], staged: Iterable[Staged]
) -> dict[str, Blueprint]:
    """The stages of what is committed, each with exactly its units.

    Raises:
        UsageError: two stages have the same output.
        ChangedSourceError: a unit is not there, or one too many.
    """
    there: dict[str, set[str]] = {}
    for one in noted:
        there.setdefault(one.location, set()).add(one.unit)
    wanted: dict[str, set[str]] = {}
    for one in staged:
        wanted.setdefault(one.location, set()).add(one.unit)
    chosen: dict[str, Blueprint] = {}
    for stage, units in wanted.items():
        if there.get(stage) != units or stage not in designs:
            raise ChangedSourceError(
                f"{stage}: what is staged is not what is to be committed",
                hint="run it again under another run id",
            )
        chosen[stage] = designs[stage]
    outputs = [design.output for design in chosen.values()]
    for output in outputs:
        if outputs.count(output) > 1:
            raise UsageError(f"{output}: is written twice", hint="write to two targets")
    return chosen


def _gone(target: Target, last: RunRecord | None, written: set[str]) -> Iterator[tuple[str, str]]:
    if target.mode is Mode.REPLACE and last is not None:
        for output in last.outputs:
            if output not in written:
                schema, _, table = output.rpartition("/")
                yield schema, table
