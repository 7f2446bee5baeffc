"""What a server does when it is written to: a session with the statements that differ."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import Blueprint
from lakescan.connectors.sinks.sql.servers.control import Control

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit does.

    Args:
        run_id: the run.
        designs: of the staged tables.
        removed: tables that go, with their schemas.
        horizon: set where the tables must not have been changed since.
        outputs: names of what is written.
        rows: in all of it.
    """

    run_id: str
    designs: tuple[Blueprint, ...]
    removed: tuple[tuple[str, str], ...]
    horizon: str
    outputs: tuple[str, ...]
    rows: int


class WritingSession(Protocol):
    """One open session that may write. Errors are ours."""

    #: Our name of the dialect.
    dialect: str

    @property
    def connection(self) -> Connection:
        """The session's connection."""

    def errors(self) -> AbstractContextManager[None]:
        """Turn the driver's errors into ours."""

    def quoted(self, name: str) -> str:
        """A name as it is written in SQL."""

    def control_schema(self) -> str | None:
        """Where the sink writes down what it does."""

    def lock(self) -> None:
        """Be the only one who commits, until the transaction ends, or `unlock`."""

    def unlock(self) -> None:
        """Let others commit, where the end of a transaction does not."""

    def recover(self, control: Control) -> None:
        """Finish what a driver that died in its commit has left to be done."""

    def make_schema(self, schema: str) -> None:
        """Make a schema where it is not."""

    def make_stage(self, design: Blueprint) -> None:
        """Make a table for rows that are staged."""

    def exists(self, schema: str, table: str) -> bool:
        """Whether there is such a table."""

    def load(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> int:
        """Add rows to a staged table, in the transaction; how many."""

    def horizon(self) -> str:
        """A mark by which `exchange` tells what was changed since."""

    def exchange(self, change: Change, control: Control) -> None:
        """Commit: staged rows go into their tables, new ones or in exchange for those there."""

    def drop(self, schema: str, table: str) -> None:
        """Drop a table, if it is there."""

    def close(self) -> None:
        """End the session."""
