"""What is asked of a scan beyond its sources and policy."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class Output:
    """Where a run is kept, and what of earlier runs there is used.

    Args:
        uri: a folder: a local path or ``s3://bucket/prefix``.
        resume: go on with the unfinished run there, if there is one.
        incremental: take over what the finished run there read and has not changed since.
    """

    uri: str
    resume: bool = False
    incremental: bool = False

    def __post_init__(self) -> None:
        if not self.uri:
            raise UsageError("an output needs a folder")

    @property
    def reuses(self) -> bool:
        """Whether earlier work counts."""
        return self.resume or self.incremental
