"""Announced documents in a folder or bucket that several processes share.

Each job is two files, one with what is asked and one with the result. Their names and contents say
nothing to who can read the folder: a name is a digest of the job's id, the contents are sealed with
a key that is made of it, and the id is only with who was told it.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from lakescan.connectors import storage_for
from lakescan.errors import LakeError, NotFoundError
from lakescan.jobs.ledger.folder import folder_uri
from lakescan.service.answers import RefusedError
from lakescan.service.uploads import SECONDS, Options, Upload

T = TypeVar("T")

#: Seconds between two looks for what is forgotten.
_SWEEP = 60.0
#: Hexadecimal digits of the time at the head of an id and of a name; bytes of a nonce.
_TIME, _NONCE = 8, 12


class SharedUploads:
    """Announced documents of all processes that have the same folder.

    An id begins with when its job is forgotten; 128 random bits follow.

    Args:
        uri: a local folder, or one in object storage.
        storage: connection properties.
        clock: seconds since 1970, alike in all processes within seconds.
    """

    def __init__(
        self, uri: str, storage: Mapping[str, str], clock: Callable[[], float] = time.time
    ) -> None:
        self.uri = folder_uri(uri)
        self._storage = storage_for(self.uri, dict(storage))
        self._clock = clock
        self._swept = 0.0

    async def announce(self, options: Options) -> str:
        """A new job's id."""
        job = f"{int(self._clock() + SECONDS):0{_TIME}x}{secrets.token_hex(16)}"
        await _stored(lambda: self._put(job, "job", orjson.dumps(asdict(options))))
        now = self._clock()
        if now - self._swept > _SWEEP:
            self._swept = now
            await _stored(self._sweep)
        return job

    async def find(self, job: str) -> Upload | None:
        """The job; None if there is none of that id, or no longer."""
        try:
            expires = float(int(job[:_TIME], 16))
        except ValueError:
            return None
        if expires <= self._clock():
            return None
        asked = await _stored(lambda: self._got(job, "job"))
        if asked is None:
            return None
        result = await _stored(lambda: self._got(job, "result"))
        return Upload(Options(**orjson.loads(asked)), expires, result)

    async def keep(self, job: str, result: bytes) -> None:
        """Keep a job's result."""
        await _stored(lambda: self._put(job, "result", result))

    def _at(self, job: str, kind: str) -> str:
        name = hashlib.sha256(b"lakescan upload name " + job.encode()).hexdigest()
        return f"{self.uri}/{job[:_TIME]}-{name}.{kind}"

    def _put(self, job: str, kind: str, data: bytes) -> None:
        nonce = secrets.token_bytes(_NONCE)
        sealed = _seal(job).encrypt(nonce, data, kind.encode())
        self._storage.write_bytes(self._at(job, kind), nonce + sealed)

    def _got(self, job: str, kind: str) -> bytes | None:
        try:
            sealed = self._storage.read_bytes(self._at(job, kind))
        except NotFoundError:
            return None
        try:
            return _seal(job).decrypt(sealed[:_NONCE], sealed[_NONCE:], kind.encode())
        except (InvalidTag, ValueError):
            return None  # not of our making

    def _sweep(self) -> None:
        now = f"{int(self._clock()):0{_TIME}x}"
        for file in list(self._storage.list(self.uri + "/")):
            name = file.uri.rpartition("/")[2]
            ours = name.endswith((".job", ".result")) and name[_TIME : _TIME + 1] == "-"
            if ours and name[:_TIME] <= now:
                self._storage.delete(file.uri)


def _seal(job: str) -> AESGCMSIV:
    return AESGCMSIV(hashlib.sha256(b"lakescan upload key " + job.encode()).digest())


async def _stored(work: Callable[[], T]) -> T:
    """Run what asks the storage.

    Raises:
        RefusedError: 503, it does not answer.
    """
    try:
        return await asyncio.to_thread(work)
    except LakeError as error:
        raise RefusedError(503, f"the store of documents: {error.kind}; come again", 5) from None
