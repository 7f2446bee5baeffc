"""Where data goes: rows are staged where no reader looks, and one commit shows them all.

`protocol` has the promise, `model` its values; `sink_for` finds a URI's sink. Files lie in
`lakescan.connectors.sinks.files`, what writes each format in `lakescan.connectors.sinks.writers`.
"""

from __future__ import annotations

from lakescan.connectors.sinks.lookup import sink_for
from lakescan.connectors.sinks.model import (
    Committed,
    FileLayout,
    Mode,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)
from lakescan.connectors.sinks.protocol import Sink

__all__ = [
    "Committed",
    "FileLayout",
    "Mode",
    "Origin",
    "OutputUnit",
    "Sink",
    "Staged",
    "Target",
    "Transaction",
    "Unfinished",
    "sink_for",
]
