"""API keys: kept as hashes, compared in constant time, read again when their file changes."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lakescan.errors import UnknownNameError, UsageError
from lakescan.service.callers import USUAL, Caller, scopes_of

_log = logging.getLogger(__name__)

_HASHED = "sha256:"
_HINT = "a key or sha256:<hex>, then perhaps name=team-a scopes=detect,anonymize expires=2027-01-31"


@dataclass(frozen=True, slots=True)
class _Key:
    digest: bytes
    caller: Caller
    expires: datetime | None


class KeyRing:
    """Who may ask. Holds no key, only digests; empty without keys.

    A file has one key a line: the key itself, or ``sha256:`` and its SHA-256 in hexadecimal; then
    perhaps ``name=team-a``, ``scopes=detect,anonymize`` (without it: the usual ones) and
    ``expires=2027-01-31`` (or a time with its zone). ``#`` begins a comment. The file is read again
    when it changes, so that keys are exchanged without a restart.
    """

    def __init__(self) -> None:
        self._pepper = secrets.token_bytes(32)
        self._keys: tuple[_Key, ...] = ()
        self._file: Path | None = None
        self._seen = (0, 0, 0)
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    @classmethod
    def of_keys(cls, keys: Iterable[str]) -> KeyRing:
        """A ring of these keys; blank ones are none."""
        ring = cls()
        ring._keys = tuple(ring._key(key.strip()) for key in keys if key.strip())
        return ring

    @classmethod
    def of_file(cls, path: Path) -> KeyRing:
        """The keys of a file.

        Raises:
            UsageError: it cannot be read, has no key, or a line that says nothing.
        """
        ring = cls()
        ring._file = path
        ring._read()
        if not ring._keys:
            raise UsageError(f"{path} has no key")
        return ring

    def __bool__(self) -> bool:
        return bool(self._keys) or self._file is not None

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys)} keys)"

    def caller(self, key: str | None, now: datetime | None = None) -> Caller | None:
        """Whose key it is; None if it is nobody's, or has expired."""
        self._refresh()
        if not key:
            return None
        digest = self._peppered(hashlib.sha256(key.encode("utf-8", "replace")).digest())
        at = now or datetime.now(UTC)
        found = None
        for each in self._keys:  # all of them, so that the time says nothing
            same = hmac.compare_digest(each.digest, digest)
            if same and (each.expires is None or at < each.expires):
                found = each.caller
        return found

    def _refresh(self) -> None:
        """Read the file again if it changed; keep what was known where it cannot be read."""
        if self._file is None:
            return
        try:
            changed = _state(self._file) != self._seen
        except OSError:
            return
        if changed:
            with self._lock:
                try:
                    self._read()
                except UsageError as error:
                    self._keys = ()  # a broken file lets nobody in, rather than yesterday's keys
                    _log.error("no key is valid until this is mended: %s", error)

    def _read(self) -> None:
        assert self._file is not None
        try:
            self._seen = _state(self._file)
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"the key file {self._file} cannot be read") from None
        keys = []
        for number, line in enumerate(lines, 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            try:
                keys.append(self._key(*words))
            except (UnknownNameError, ValueError) as error:
                why = str(error) if isinstance(error, UnknownNameError) else "no key"
                raise UsageError(f"{self._file}, line {number}: {why}", hint=_HINT) from None
        self._keys = tuple(keys)

    def _key(self, key: str, *facts: str) -> _Key:
        told: dict[str, str] = {}
        for fact in facts:
            name, equals, value = fact.partition("=")
            if not equals or name not in ("name", "scopes", "expires") or name in told:
                raise ValueError(name)
            told[name] = value
        if key.startswith(_HASHED):
            digest = bytes.fromhex(key.removeprefix(_HASHED))
            if len(digest) != hashlib.sha256().digest_size:
                raise ValueError(key)
        else:
            digest = hashlib.sha256(key.encode()).digest()
        scopes = scopes_of(told["scopes"].split(",")) if "scopes" in told else USUAL
        # Eight digits of a hash of the digest tell keys apart in a log, and tell nothing of them.
        name = told.get("name") or f"key-{hashlib.sha256(digest).hexdigest()[:8]}"
        expires = _time(told["expires"]) if "expires" in told else None
        return _Key(self._peppered(digest), Caller(name, scopes), expires)

    def _peppered(self, digest: bytes) -> bytes:
        return hmac.digest(self._pepper, digest, "sha256")


def _state(file: Path) -> tuple[int, int, int]:
    """What tells one version of a file from the next; of its time alone a clock's tick is one."""
    at = file.stat()
    return at.st_mtime_ns, at.st_size, at.st_ino


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
