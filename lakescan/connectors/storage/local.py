"""Files on this machine."""

from __future__ import annotations

import fcntl
import os
import stat as stat_module
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from lakescan.connectors.storage.protocol import FileObject
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    NotFoundError,
    TransientError,
)


def local_path(uri: str) -> str:
    """The absolute path that a path or a ``file:`` URI names."""
    if uri.startswith("file:"):
        uri = unquote(urlsplit(uri).path)
    slash = "/" if uri.endswith("/") and uri != "/" else ""
    return os.path.abspath(os.path.expanduser(uri)) + slash


class LocalStorage:
    """The file system. Versions are size, mtime in nanoseconds and inode."""

    def list(self, prefix: str) -> Iterator[FileObject]:
        """List the files under ``prefix`` by name; links to directories are not followed."""
        path = local_path(prefix)
        if os.path.isdir(path):
            yield from _walk(path.rstrip("/") or "/")
        elif os.path.exists(path):
            yield self.stat(path)

    def address(self, uri: str) -> None:
        """A disk has no URL."""

    def identity(self) -> str:
        """The user of this process."""
        return f"user {os.geteuid()} of this machine"

    def buckets(self, uri: str) -> Iterator[str]:
        """None: a disk has no buckets."""
        raise NotFoundError(f"{uri}: names no folder", uri=uri)

    def posture(self, uri: str) -> None:
        """A disk has no buckets."""

    def stat(self, uri: str) -> FileObject:
        """Describe one file."""
        path = local_path(uri)
        with _named_errors(path):
            return _object(path, os.stat(path))

    def open(self, uri: str) -> pa.NativeFile:
        """Open a file for random access."""
        path = local_path(uri)
        with _named_errors(path):
            return pa.OSFile(path, "rb")

    def read_bytes(self, uri: str) -> bytes:
        """Read a whole file."""
        path = local_path(uri)
        with _named_errors(path), open(path, "rb") as file:
            return file.read()

    def write_bytes(
        self, uri: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Write to a temporary neighbour, then rename; see `Storage`."""
        path = local_path(uri)
        folder = os.path.dirname(path)
        with _named_errors(path):
            os.makedirs(folder, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".lakescan-", dir=folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.chmod(temporary, 0o644)
                # Told now: once it has its name, another may take it away.
                version = _object(path, os.stat(temporary)).version
                if if_absent:
                    _link(temporary, path)
                elif if_match is not None:
                    _swap(temporary, path, if_match)
                else:
                    os.replace(temporary, path)
            finally:
                if os.path.exists(temporary):
                    os.unlink(temporary)
            return version

    @contextmanager
    def writing(self, uri: str) -> Iterator[pa.NativeFile]:
        """Write to a temporary neighbour, then rename; see `Storage`."""
        path = local_path(uri)
        folder = os.path.dirname(path)
        with _named_errors(path):
            os.makedirs(folder, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".lakescan-", dir=folder)
            os.close(handle)
            stream = pa.OSFile(temporary, "wb")
        try:
            with stream:
                yield stream
            with _named_errors(path):
                os.chmod(temporary, 0o644)
                _sync(temporary)
                os.replace(temporary, path)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)

    def move(self, source: str, uri: str) -> None:
        """Rename a file: rename(2) is atomic."""
        path = local_path(uri)
        with _named_errors(local_path(source)):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.replace(local_path(source), path)

    def delete(self, uri: str) -> None:
        """Remove a file; one that is not there is fine."""
        path = local_path(uri)
        with _named_errors(path), suppress(FileNotFoundError):
            os.unlink(path)

    def exists(self, uri: str) -> bool:
        """Whether there is a file of this name."""
        return os.path.isfile(local_path(uri))


def _walk(folder: str) -> Iterator[FileObject]:
    """All regular files below, ordered by their path; what goes meanwhile is passed over.

    A link to nothing and a folder that may not be read are listed too: opening them says why.
    """
    with _named_errors(folder):
        entries = sorted(os.scandir(folder), key=lambda e: e.name + "/" * e.is_dir())
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            try:
                yield from _walk(entry.path)
            except NotFoundError:
                continue
            except CredentialError:
                yield FileObject(entry.path, 0, "", 0.0)
        elif entry.is_file():
            with suppress(FileNotFoundError):
                yield _object(entry.path, entry.stat())
        elif entry.is_symlink() and not os.path.exists(entry.path):
            yield FileObject(entry.path, 0, "", 0.0)


def _object(path: str, status: os.stat_result) -> FileObject:
    if stat_module.S_ISDIR(status.st_mode):
        raise NotFoundError(f"{path}: is a directory, not a file", uri=path)
    version = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"
    return FileObject(path, status.st_size, version, status.st_mtime)


def _sync(path: str) -> None:
    """Have the bytes on the disk before the name."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(temporary: str, path: str) -> None:
    """Give the file its name unless the name is taken: link(2) is atomic."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise ChangedSourceError(f"{path}: already exists", uri=path) from None


def _swap(temporary: str, path: str, version: str) -> None:
    """Replace ``path`` if it is still at ``version``; writers of one folder take turns."""
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not os.path.exists(path) or _object(path, os.stat(path)).version != version:
            raise ChangedSourceError(f"{path}: was written by another run", uri=path)
        os.replace(temporary, path)
    finally:
        os.close(folder)


@contextmanager
def _named_errors(path: str) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except LakeError:
        raise
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotFoundError(f"{path}: no such file", uri=path) from error
    except PermissionError as error:
        raise CredentialError(f"{path}: permission denied", uri=path) from error
    except OSError as error:
        raise TransientError(f"{path}: {error.strerror or error}", uri=path) from error
