"""What a connector promises: a URI becomes datasets, a split becomes Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split


class Connector(Protocol):
    """Where data comes from. Found by scheme; third parties add theirs by entry point."""

    schemes: frozenset[str]

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """List what stands under ``uri``, on the driver, without reading cells.

        Raises:
            NotFoundError: nothing is there at all.
            CredentialError: the source refuses us.
        """

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one split, on a worker, in batches bounded by ``request.batch_bytes``.

        A dataset's Hive partition values come as extra columns. Values keep the file's types; a
        format without types gives strings. Bytes that are no text in the declared encoding are
        replaced (U+FFFD), never fatal.

        Raises:
            ChangedSourceError: the object is no longer at ``split.version``.
            CorruptFileError: it cannot be decoded.
            LimitExceededError: a cell, a line or an expansion is over its bound.
            TransientError: worth a retry.
        """
