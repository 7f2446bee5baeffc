"""What a storage backend promises: named byte objects, read in pieces and written whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.storage.posture import Posture


@dataclass(frozen=True, slots=True)
class FileObject:
    """One object as a listing shows it.

    Args:
        uri: ``s3://bucket/key`` or an absolute path.
        size: bytes.
        version: changes whenever the bytes do (an ETag; size, mtime and inode of a local file).
        modified: seconds since the epoch.
    """

    uri: str
    size: int
    version: str
    modified: float


class Storage(Protocol):
    """A place for objects. Safe to use from several threads."""

    def list(self, prefix: str) -> Iterator[FileObject]:
        """List every object under a directory or prefix in the order of its URI; none is fine.

        A prefix that is an object itself lists just that.

        Raises:
            NotFoundError: no such bucket.
            CredentialError: refused.
        """

    def address(self, uri: str) -> str | None:
        """The URL of the service that has ``uri``; None for a disk."""

    def identity(self) -> str:
        """As whom we come, in words; no secret.

        Raises:
            CredentialError: as nobody.
        """

    def buckets(self, uri: str) -> Iterator[str]:
        """List the buckets or containers of the account that ``uri`` (``s3://``) stands for."""

    def posture(self, uri: str) -> Posture | None:
        """How the bucket of ``uri`` is protected; None where there are no buckets.

        What we may not see is ``unknown``.
        """

    def stat(self, uri: str) -> FileObject:
        """Describe one object.

        Raises:
            NotFoundError: there is no such object.
        """

    def open(self, uri: str) -> pa.NativeFile:
        """Open an object for random access."""

    def read_bytes(self, uri: str) -> bytes:
        """Read a whole (small) object."""

    def write_bytes(
        self, uri: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Write an object whole: others see the old bytes or the new ones, never a part.

        Args:
            uri: where; parent directories are made.
            data: all its bytes.
            if_absent: only where nothing is there yet.
            if_match: only over this version.

        Returns:
            The version written.

        Raises:
            ChangedSourceError: the condition does not hold.
        """

    def writing(self, uri: str) -> AbstractContextManager[pa.NativeFile]:
        """A stream whose bytes become the object when the block ends well.

        Until then others see what was there before. Of a block that raises, local files leave
        nothing; object stores may leave an object, which the caller deletes.
        """

    def move(self, source: str, uri: str) -> None:
        """Give an object another name in the same store, over what has that name: at once.

        Local files are renamed; object stores copy within the store, then delete.

        Raises:
            NotFoundError: there is no ``source``.
        """

    def delete(self, uri: str) -> None:
        """Remove an object; one that is not there is fine."""

    def exists(self, uri: str) -> bool:
        """Whether there is an object of exactly this name."""
