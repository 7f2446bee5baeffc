"""On record: who brought values back, or gave them another key, and why."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from lakescan.errors import UsageError

#: Who reads values is asked why: an empty reason is none.
_LEAST_REASON = 1


@dataclass(frozen=True, slots=True)
class Audit:
    """Where it is put on record who revealed what, and why.

    Args:
        path: a file that a line of JSON is added to, before anything is written and after.
        reason: why.
    """

    path: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < _LEAST_REASON or not self.path:
            raise UsageError(
                "nothing is brought back without a record",
                hint="give --audit FILE and --reason TEXT",
            )

    def add(self, event: str, entry: Mapping[str, object]) -> None:
        """Add a line."""
        about = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "user": getpass.getuser(),
            "host": socket.gethostname(),
            "reason": self.reason,
        }
        with Path(self.path).open("ab") as file:
            file.write(
                orjson.dumps({**about, "event": event, **entry}, option=orjson.OPT_APPEND_NEWLINE)
            )
