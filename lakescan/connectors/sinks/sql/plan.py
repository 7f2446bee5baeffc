"""Datasets -> tables: each split is a unit, all units of a table go into one stage."""

from __future__ import annotations

import hashlib
import re

from lakescan.connectors.formats.detect import COMPRESSIONS, extension_of
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.paths import below
from lakescan.connectors.sinks.model import Mode, Origin, OutputUnit, Transaction
from lakescan.connectors.sql.address import DIALECTS, FLAT, Address
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import UsageError

#: What may stand in the name of a table that is made of a path.
_ODD = re.compile(r"[^\w]+")
#: The schema of tables that come from where there are none.
_DEFAULT_SCHEMA = {"postgresql": "public", "duckdb": "main", "mssql": "dbo"}
#: The longest name of a table in all dialects but Oracle's older ones.
_NAME_LENGTH = 60


def plan_tables(
    transaction: Transaction, address: Address, dataset: Dataset, origin: Origin
) -> tuple[OutputUnit, ...]:
    """The units of a dataset; one without rows if it has no splits.

    Raises:
        UsageError: the table would be its own source.
    """
    target = transaction.target
    output = output_of(address, dataset, origin)
    schema, _, table = output.rpartition("/")
    place = address.at(schema=schema or address.schema, table=table)
    if place.shown == dataset.uri and target.mode is not Mode.IN_PLACE:
        raise UsageError(
            f"{dataset.uri}: would be written over itself",
            hint="name another target, or ask for it with --in-place",
        )
    if target.mode is Mode.IN_PLACE and place.shown != dataset.uri:
        raise UsageError(f"{dataset.uri}: is not where it would be written in place")
    told = "\n".join(
        (
            target.run_id,
            output,
            target.metadata.get("lakescan.policy", ""),
            target.metadata.get("lakescan.key_id", ""),
            *(split.token for split in dataset.splits),
        )
    )
    stage = hashlib.sha256(told.encode()).hexdigest()[:12]
    groups: list[tuple[Split, ...]] = [(split,) for split in dataset.splits] or [()]
    return tuple(
        OutputUnit(
            hashlib.sha256(f"{stage}\n{number}".encode()).hexdigest()[:32],
            output,
            group,
            schema=dataset.schema,
            named=dataset.named,
            storage=tuple(sorted(origin.storage.items())),
            stage=stage,
        )
        for number, group in enumerate(groups)
    )


def output_of(address: Address, dataset: Dataset, origin: Origin) -> str:
    """The table's name in the target, after its schema where there are schemas."""
    scheme = scheme_of(dataset.uri).partition("+")[0]
    if scheme in DIALECTS:
        source = Address.parse(dataset.uri)
        schema, table = source.schema, source.table
    else:
        schema, table = "", named_after(below(dataset.uri, origin.uri))
    if address.dialect in FLAT:
        return table
    schema = address.schema or schema or _DEFAULT_SCHEMA.get(address.dialect, "")
    return f"{schema}/{table}" if schema else table


def named_after(path: str) -> str:
    """A table's name for a file's or a folder's path."""
    folder, slash, name = path.strip("/").rpartition("/")
    for extension in COMPRESSIONS:
        name = name.removesuffix(extension)
    known = extension_of(name)
    stem = name[: -len(known)] if known and len(known) < len(name) else name
    plain = _ODD.sub("_", f"{folder}{slash}{stem}").strip("_")
    if len(plain) > _NAME_LENGTH:
        plain = f"{plain[: _NAME_LENGTH - 9]}_{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
    return plain or "data"


def stage_name(stage: str) -> str:
    """What a table is called until it is committed."""
    return f"_lakescan_{stage}"
