"""A source that is no file: ``badges://SITE`` has one table of who wears which badge."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.model import (
    Dataset,
    FileFormat,
    ReadRequest,
    Selection,
    SourceFailure,
    Split,
)
from lakescan.errors import CorruptFileError, NotFoundError

SCHEMA = pa.schema([("door", pa.string()), ("code", pa.string())])
ROWS = 700


class BadgeConnector:
    """Answers for the scheme ``badges``."""

    schemes = frozenset({"badges"})

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """One table for the site ``north``, with one good split and one that breaks when read."""
        if not uri.startswith("badges://north"):
            raise NotFoundError(f"no badge system at {uri}", hint="try badges://north", uri=uri)
        memo = FileFormat("badges")
        splits = tuple(
            Split(
                uri, version="7", format=memo, start=at, stop=at + 1, unit="row_group", size=8_000
            )
            for at in range(2)
        )
        yield Dataset(uri, "badges", "7", splits, schema=SCHEMA, size=16_000)

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """The rows of the first split; the second is broken."""
        if split.start:
            raise CorruptFileError("the badge system hung up", uri=split.uri)
        numbers = (f"{n:06d}" for n in range(100_000, 999_999))
        codes = [f"NX{n}" for n in numbers if sum(map(int, n)) % 7 == 0][:ROWS]
        doors = [f"gate {n % 9}" for n in range(ROWS)]
        yield pa.record_batch([doors, codes], schema=SCHEMA)
