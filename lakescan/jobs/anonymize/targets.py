"""What a target may not be, whatever its sink."""

from __future__ import annotations

from collections.abc import Sequence

from lakescan.connectors import shown
from lakescan.connectors.paths import glob_root, hidden, matches
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, absolute, scheme_of
from lakescan.errors import UsageError


def check_has_files(target: str) -> None:
    """Refuse another layout of files where there are none.

    Raises:
        UsageError: the target is a database, a catalog or a topic.
    """
    if scheme_of(target) not in STORAGE_SCHEMES:
        raise UsageError(
            f"{shown(target)}: only files are compacted",
            hint="leave the layout out, or write to a folder",
            uri=shown(target),
        )


def check_apart(source: str, target: str, excluded: Sequence[str]) -> None:
    """Refuse a target that the next run would read as a part of its source.

    Raises:
        UsageError: the target's folder lies in the source's.
    """
    if not {scheme_of(source), scheme_of(target)} <= STORAGE_SCHEMES:
        return
    root, pattern = glob_root(absolute(source).rstrip("/"))
    below = absolute(target).rstrip("/").removeprefix(f"{root.rstrip('/')}/")
    if pattern or below == absolute(target).rstrip("/") or not below:
        return
    if not hidden(f"{below}/x") and not matches(f"{below}/x", excluded):
        raise UsageError(
            f"{shown(target)}: lies in the source, and the next run would read it, too",
            hint=f"write beside it, or leave it out with --exclude '{below}/'",
            uri=shown(target),
        )
