"""Whether an object store lets us in, and do what a scan does."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from lakescan.connectors import FileObject, Storage
from lakescan.connectors.paths import glob_root
from lakescan.errors import LakeError
from lakescan.jobs.check.model import Outcome, Step

_PROBE = b"lakescan check"


def ask(storage: Storage, uri: str) -> Iterator[Step]:
    """List, read and look at the bucket; stops after a step that failed."""
    yield Step("credentials", Outcome.OK, storage.identity())
    if not uri.partition("://")[2].strip("/") and "://" in uri:
        buckets = list(storage.buckets(uri))
        yield Step("list", Outcome.OK, f"{len(buckets)} buckets")
        return
    root, _ = glob_root(uri)
    first = next(iter(storage.list(root)), None)
    if first is None:
        yield Step("list", Outcome.NOTED, "nothing stands there", "check the path; names count")
    else:
        yield Step("list", Outcome.OK, f"{first.uri}, and perhaps more")
        yield _read(storage, first)
    with contextlib.suppress(LakeError):  # what we may not see is not needed
        yield from _protection(storage, uri)


def write(storage: Storage, uri: str) -> Step:
    """Write a hidden object, read it back, remove it; on the condition that a commit needs."""
    probe = f"{uri.rstrip('/')}/_lakescan_check_{secrets.token_hex(4)}"
    version = storage.write_bytes(probe, _PROBE, if_absent=True)
    try:
        same = storage.read_bytes(probe) == _PROBE and storage.stat(probe).version == version
    finally:
        storage.delete(probe)
    if not same:
        return Step(
            "write",
            Outcome.FAILED,
            "what was written is not what is read",
            "is there a cache between us and the store?",
        )
    return Step("write", Outcome.OK, "an object was written, read and removed")


def _read(storage: Storage, file: FileObject) -> Step:
    with storage.open(file.uri) as stream:
        count = len(stream.read(1))
    if count < min(file.size, 1):
        return Step("read", Outcome.FAILED, f"{file.uri}: no byte could be read")
    return Step("read", Outcome.OK, f"{file.size} bytes, version {file.version}")


def _protection(storage: Storage, uri: str) -> Iterator[Step]:
    posture = storage.posture(uri)
    if posture is None:
        return
    told = (
        f"public: {posture.public}, encryption: {posture.encryption}, "
        f"versioning: {posture.versioning}"
    )
    if posture.public == "yes":
        yield Step("protection", Outcome.NOTED, told, "everyone may read it: is that meant?")
    else:
        yield Step("protection", Outcome.OK, told)
