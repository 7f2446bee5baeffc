"""The version of a database that is a file."""

from __future__ import annotations

import os


def file_version(path: str) -> str:
    """Changes when a database's file does, or its write-ahead log."""
    found = []
    for suffix in ("", "-wal", ".wal"):
        try:
            stat = os.stat(path + suffix)
        except OSError:
            continue
        if stat.st_size:
            found.append(f"{stat.st_size:x}-{stat.st_mtime_ns:x}-{stat.st_ino:x}")
    return "+".join(found)
