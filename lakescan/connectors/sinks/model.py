"""The values that a sink takes and gives: all small, frozen and picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from lakescan.connectors.model import FileFormat, Split

#: Of what is written without being a file.
NO_FORMAT = FileFormat("")


class Mode(StrEnum):
    """What a commit does with what stands in the target.

    ``create``: nothing may stand there. ``replace``: what the last commit wrote and this one does
    not is removed. ``update``: it stays, unless this one writes it anew. ``in_place``: the target
    is the source; the commit holds only if nobody has changed it since the run began.
    """

    CREATE = "create"
    REPLACE = "replace"
    UPDATE = "update"
    IN_PLACE = "in_place"


class FileLayout(StrEnum):
    """Which files a table becomes.

    ``same``: one for each of the source. ``compacted``: those of one folder, in their order, go
    into one while that stays small enough.
    """

    SAME = "same"
    COMPACTED = "compacted"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one run writes.

    Args:
        uri: a folder, bucket prefix, database, table or topic; `Hidden` where it has a login.
        run_id: names the run. The same run begun again goes on; it is never applied twice.
        mode: what happens to what is there.
        format: the format to write; None for the source's own (Parquet where it has none).
        options: over the source's format options, such as ``{"encoding": "utf-8"}``.
        storage: connection properties, as in `Selection`.
        metadata: kept beside the output: policy hash, key ids, ... No secrets, no values.
        layout: of files; what has none does not look at it.
    """

    uri: str
    run_id: str
    mode: Mode = Mode.CREATE
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    storage: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    layout: FileLayout = FileLayout.SAME


@dataclass(frozen=True, slots=True)
class Committed:
    """What readers see since a commit.

    Args:
        run_id: the run.
        version: names this state of the target, as a source's version token does.
        outputs: how many files or tables the run wrote.
        rows: in them.
        bytes: in them, in storage; 0 where that is not known.
    """

    run_id: str
    version: str
    outputs: int
    rows: int
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """A run that has begun.

    Args:
        target: where it writes.
        base: the target's version when it began; the commit holds only on top of that.
        committed: set where this very run was committed before: nothing is left to be done.
    """

    target: Target
    base: str = ""
    committed: Committed | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that began and was neither committed nor aborted, as when its driver was killed.

    Args:
        run_id: its name.
        metadata: its `Target.metadata`.
    """

    run_id: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the datasets to be written come from.

    Args:
        uri: as it was given to `Connector.discover`: paths below it are kept.
        storage: its connection properties.
    """

    uri: str
    storage: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutputUnit:
    """What is staged at once, by one worker: for files, one whole file.

    Args:
        id: depends on the splits, their versions and the output's name, and on nothing else.
        output: the output's name in the target: a path, a table.
        splits: what to read, in the order of its rows.
        format: how to write it, where that is a file.
        schema: the source's columns (of what has rows, the batches say).
        named: whether the columns have names.
        partitions: columns that the output's path holds instead of its rows.
        storage: connection properties of the source, sorted.
        stage: what the units of one table share until the commit; the sink's own business.
        made: of what and how the rows are made, in any run; empty where they are always made anew.
    """

    id: str
    output: str
    splits: tuple[Split, ...]
    format: FileFormat = NO_FORMAT
    schema: pa.Schema | None = None
    named: bool = True
    partitions: tuple[str, ...] = ()
    storage: tuple[tuple[str, str], ...] = ()
    stage: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """A unit that is written, and not yet seen.

    Args:
        unit: the unit's id.
        output: the output's name, as readers will see it.
        location: where its rows lie until then; the sink's own business. Empty where an earlier
            run wrote them, and they stay.
        rows: how many.
        bytes: in storage; 0 where that is not known.
        version: of what is staged.
        made: the unit's.
    """

    unit: str
    output: str
    location: str
    rows: int
    bytes: int = 0
    version: str = ""
    made: str = ""
