"""What a service is told when it starts."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakescan.errors import UnknownNameError, UsageError
from lakescan.policy import Policy
from lakescan.service.jobs.rules import JobRules
from lakescan.service.jwt import TokenRules
from lakescan.service.keys import KeyRing

#: What requests call the policy that is used where they name none.
DEFAULT_POLICY = "default"
#: So many policies beside it: the detectors of a few are kept ready.
_MOST_POLICIES = 3

#: Variables that the service reads.
KEYS, KEYS_FILE, SECURITY = "LAKESCAN_API_KEYS", "LAKESCAN_API_KEYS_FILE", "SECURITY_SETTINGS"
ZENGUARD = "LAKESCAN_ZENGUARD"

#: The types of ZenGuard's page on the wire, in its order.
ZENGUARD_TYPES = (
    "name", "email", "phone", "address", "credit_card", "ssn", "location", "ip_address", "uuid",
)  # fmt: skip
_REDACTIONS = ("marker", "mask", "none")

#: A web page's origin, as browsers send it (RFC 6454, section 6.2).
_ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", ""})


@dataclass(frozen=True, slots=True)
class ZenGuardPolicy:
    """What the vendor's console sets: which types are detected, and how they are redacted.

    Args:
        types: of `ZENGUARD_TYPES`.
        redact: ``marker``, ``mask`` or ``none``.
    """

    types: frozenset[str] = frozenset(ZENGUARD_TYPES)
    redact: str = "marker"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a service behaves.

    Args:
        policy: what every contract of it looks for.
        policies: others that requests may name.
        keys: who may ask; empty lets everybody in, which is for a loopback address only.
        tokens: which issuer's tokens let in too; None for none.
        rate: requests a second that each caller may send; None for as many as they like.
        burst: and at once.
        key: where the keyring for operators is; None without one.
        audit: the file that says who revealed what; empty: nothing is revealed.
        uploads: the folder of announced documents that other processes share, local or in object
            storage; empty: this process alone knows them.
        jobs: how scan jobs are run; None for no jobs.
        workers: threads that read short questions. One is fastest: a pass costs about the same for
            one question as for dozens, and what waits meanwhile is read by the next.
        processes: that read short questions instead of threads; 0 for none.
        connections: that one address may have open.
        body_bytes: the longest body, in bytes; some contracts allow less.
        stream_bytes: the longest body of those that are read piece by piece, in bytes.
        stream_seconds: how long the work on such a one may take, and the answer, if it is large.
        held_bytes: all bodies together that are held at one time.
        seconds: how long one request may take, its body's arrival included.
        pause: seconds within a body without a byte of it.
        waiting: requests that may wait for a worker; more are told to come again.
        origins: web pages' origins that may call (CORS); none by default.
        clean_input: whether the Protegrity contract refuses unclean Unicode.
        zenguard: the ZenGuard contract's policy.
        loopback: whether only names of this machine are answered to.
    """

    policy: Policy = field(default_factory=Policy.default)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    keys: KeyRing = field(default_factory=KeyRing)
    tokens: TokenRules | None = None
    rate: float | None = None
    burst: int = 20
    key: str | None = None
    audit: str = ""
    uploads: str = ""
    jobs: JobRules | None = None
    workers: int = 1
    processes: int = 0
    connections: int = 500
    body_bytes: int = 10 << 20
    stream_bytes: int = 1 << 30
    stream_seconds: float = 3600.0
    held_bytes: int = 256 << 20
    seconds: float = 60.0
    pause: float = 10.0
    waiting: int = 1000
    origins: tuple[str, ...] = ()
    clean_input: bool = True
    zenguard: ZenGuardPolicy = field(default_factory=ZenGuardPolicy)
    loopback: bool = True

    def __post_init__(self) -> None:
        if len(self.policies) > _MOST_POLICIES:
            raise UsageError(f"at most {_MOST_POLICIES} policies beside the default one")
        if DEFAULT_POLICY in self.policies:
            raise UsageError(f"{DEFAULT_POLICY!r} is the policy that --policy gives")
        for origin in self.origins:
            if origin == "*" and not self.guarded:
                raise UsageError(
                    "any web page could ask, and there are no API keys",
                    hint="name the origins that may",
                )
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise UsageError(
                    f"{origin!r} is no origin of a web page",
                    hint="such as https://app.example.com, without a path",
                )

    @property
    def every_policy(self) -> dict[str, Policy]:
        """All policies by the names that requests may use."""
        return {DEFAULT_POLICY: self.policy, **self.policies}

    @property
    def guarded(self) -> bool:
        """Whether somebody must say who they are."""
        return bool(self.keys) or self.tokens is not None

    @property
    def known_hosts(self) -> frozenset[str] | None:
        """The host names to answer to; None for any.

        Without keys, a page that a browser on this machine shows could otherwise reach the service
        under a name of its own (DNS rebinding).
        """
        return _LOOPBACK_NAMES if self.loopback and not self.guarded else None


def keys_from(environment: Mapping[str, str] | None = None, file: str | None = None) -> KeyRing:
    """The keys of a file, else those of the environment.

    Raises:
        UsageError: the file cannot be read or has a line that says nothing.
    """
    given = os.environ if environment is None else environment
    path = file or given.get(KEYS_FILE)
    if path:
        return KeyRing.of_file(Path(path))
    return KeyRing.of_keys(given.get(KEYS, "").split(","))


def clean_input_from(environment: Mapping[str, str] | None = None) -> bool:
    """Whether ``SECURITY_SETTINGS`` leaves the input checks on, as Protegrity documents it.

    Raises:
        UsageError: it is no JSON object.
    """
    value = _object(environment, SECURITY, '{"ENABLE_ALL_SECURITY_CONTROLS":false}')
    return value.get("ENABLE_ALL_SECURITY_CONTROLS", True) is not False


def zenguard_from(environment: Mapping[str, str] | None = None) -> ZenGuardPolicy:
    """The policy in ``LAKESCAN_ZENGUARD``, such as ``{"types": ["name"], "redact": "mask"}``.

    Raises:
        UsageError: it is no JSON object.
        UnknownNameError: no type or redaction has such a name.
    """
    value = _object(environment, ZENGUARD, '{"types": ["name", "email"], "redact": "mask"}')
    types = value.get("types", ZENGUARD_TYPES)
    for name in types if isinstance(types, list | tuple) else [str(types)]:
        if name not in ZENGUARD_TYPES:
            raise UnknownNameError("ZenGuard type", str(name), ZENGUARD_TYPES)
    redact = value.get("redact", "marker")
    if redact not in _REDACTIONS:
        raise UnknownNameError("ZenGuard redaction", str(redact), _REDACTIONS)
    return ZenGuardPolicy(frozenset(types), redact)


def _object(environment: Mapping[str, str] | None, name: str, such_as: str) -> dict[str, Any]:
    """A variable's JSON object; empty where it is not set."""
    text = (os.environ if environment is None else environment).get(name, "")
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{name} is no JSON object", hint=f"such as {such_as}")
    return value


def check_host(host: str, *, guarded: bool) -> bool:
    """Whether ``host`` is this machine's own.

    Raises:
        UsageError: others could reach it, and nobody must say who they are.
    """
    loopback = _is_loopback(host)
    if not loopback and not guarded:
        raise UsageError(
            f"{host} can be reached by others, and there are no API keys",
            hint=f"set {KEYS}, give --keys-file, or serve 127.0.0.1",
        )
    return loopback


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
