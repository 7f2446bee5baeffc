"""Where data comes from: a URI becomes datasets, a dataset splits, a split Arrow batches.

`connector_for` finds the connector by scheme; `discover` and `read` are its shortcuts. Storage
backends stand in `lakescan.connectors.storage`, formats in `lakescan.connectors.formats`.
"""

from __future__ import annotations

from lakescan.connectors.lookup import connector_for, discover, read, shown
from lakescan.connectors.model import (
    Dataset,
    FileFormat,
    ReadRequest,
    Selection,
    SourceFailure,
    Split,
)
from lakescan.connectors.protocol import Connector
from lakescan.connectors.storage import FileObject, Storage, storage_for

__all__ = [
    "Connector",
    "Dataset",
    "FileFormat",
    "FileObject",
    "ReadRequest",
    "Selection",
    "SourceFailure",
    "Split",
    "Storage",
    "connector_for",
    "discover",
    "read",
    "shown",
    "storage_for",
]
