"""A keyring: master keys with ids, and the keys that are derived of them per domain and purpose."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping

import yaml
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lakescan.errors import UnknownNameError, UsageError

#: A master key has at least so many bytes.
LEAST_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTEXT = b"lakescan/1"
_MAKE = "make one: lakescan keys new"


class Keyring:
    """Master keys by id; one of them is in use, the others only reveal what they once hid.

    Args:
        keys: id -> at least 32 bytes.
        primary: the id of the one in use.
    """

    __slots__ = ("_keys", "primary")

    def __init__(self, keys: Mapping[str, bytes], primary: str) -> None:
        if primary not in keys:
            raise UnknownNameError("key id", primary, keys)
        for name, key in keys.items():
            if not _ID.fullmatch(name):
                raise UsageError("a key's id is 1 to 32 letters, digits, - and _")
            if len(key) < LEAST_BYTES:
                raise UsageError(f"key {name!r} has {len(key)} bytes, needs 32", hint=_MAKE)
        self._keys = dict(keys)
        self.primary = primary

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(sorted(self._keys))

    def derived(self, key_id: str, domain: str, purpose: str, size: int = 32) -> bytes:
        """A key of ``size`` bytes for one use: HKDF-SHA-256 (RFC 5869) of a master key.

        Raises:
            UnknownNameError: no key has that id.
        """
        if key_id not in self._keys:
            raise UnknownNameError("key id", key_id, self._keys)
        info = b"\x00".join((_CONTEXT, purpose.encode(), domain.encode()))
        return HKDF(hashes.SHA256(), size, None, info).derive(self._keys[key_id])

    def domain(self, name: str, key_id: str | None = None) -> DomainKeys:
        """The keys of one domain; of the key in use, if no other is named."""
        return DomainKeys(self, name, key_id or self.primary)

    def __repr__(self) -> str:
        return f"Keyring(ids={list(self.ids)}, primary={self.primary!r})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never pickled")


class DomainKeys:
    """The keys of one domain, each for one purpose.

    Args:
        ring: the master keys.
        domain: values are joinable within it.
        key_id: the master key.
    """

    __slots__ = ("_ring", "domain", "key_id")

    def __init__(self, ring: Keyring, domain: str, key_id: str) -> None:
        self._ring = ring
        self.domain = domain
        self.key_id = key_id

    def secret(self, purpose: str, size: int = 32) -> bytes:
        """The key for a purpose."""
        return self._ring.derived(self.key_id, self.domain, purpose, size)

    def older(self) -> tuple[DomainKeys, ...]:
        """The same domain's keys under every master key, this one first."""
        others = (name for name in self._ring.ids if name != self.key_id)
        return (self, *(DomainKeys(self._ring, self.domain, name) for name in others))

    def under(self, key_id: str) -> DomainKeys:
        """The same domain's keys under another master key."""
        return DomainKeys(self._ring, self.domain, key_id)

    def __repr__(self) -> str:
        return f"DomainKeys(domain={self.domain!r}, key_id={self.key_id!r})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never pickled")


def parse_keyring(document: bytes) -> Keyring:
    """Read a keyring: one key in base64 or hexadecimal, or a document with several.

    The document is JSON or YAML: ``{"primary": ID, "keys": {ID: KEY, ...}}``. A bare key's id
    is made of a hash of it.

    Raises:
        UsageError: it is no keyring. The message holds nothing of it.
    """
    try:
        text = document.decode("ascii").strip()
    except UnicodeDecodeError:
        raise UsageError("the key is not text", hint=_MAKE) from None
    if "\n" not in text and ":" not in text:
        key = _key(text, "the key")
        name = hashlib.sha256(_CONTEXT + key).hexdigest()[:8]
        return Keyring({name: key}, name)
    try:
        data = json.loads(text) if text.startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        raise UsageError("the keyring is neither JSON nor YAML", hint=_MAKE) from None
    keys = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(keys, dict) or not keys:
        raise UsageError("the keyring has no keys", hint=_MAKE)
    found = {str(name): _key(str(key), f"key {name!r}") for name, key in keys.items()}
    return Keyring(found, str(data.get("primary", list(found)[-1])))


def _key(text: str, what: str) -> bytes:
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2}){32,}", text):
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        raise UsageError(f"{what} is neither base64 nor hexadecimal", hint=_MAKE) from None
