"""Who asks, and what they may: scopes, and which of them a route wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lakescan.errors import UnknownNameError

#: What a caller may be allowed.
SCOPES = ("detect", "anonymize", "reveal", "jobs")
#: What a key without scopes may: all that touches nothing but the request itself.
USUAL = frozenset({"detect", "anonymize"})

#: The scope that a route wants, by the beginning of its path. Others want a valid key and no scope.
_WANTED = (
    ("/v1/detect/pii", "detect"),
    ("/v1/detect", "detect"),
    ("/v1/classify", "detect"),
    ("/v1/anonymize", "anonymize"),
    ("/v1/reveal", "reveal"),
    ("/v1/jobs", "jobs"),
    ("/analyze", "detect"),
    ("/anonymize", "anonymize"),
    ("/deanonymize", "anonymize"),
    ("/deidentify_text", "anonymize"),
    ("/pty/data-discovery/v1.1/classify", "detect"),
    ("/pty/data-discovery/v1.1/transform", "anonymize"),
    ("/presign", "detect"),
    ("/status", "detect"),
)
#: Paths that begin like one of these and are another thing.
_FREE = frozenset({"/anonymizers", "/deanonymizers"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in.

    Args:
        name: for logs, limits and audit records; no secret.
        scopes: of `SCOPES`.
        subject: whom a token names; for audit records alone.
    """

    name: str
    scopes: frozenset[str] = USUAL
    subject: str = ""

    def may(self, path: str) -> bool:
        """Whether they may call a path."""
        wanted = wanted_scope(path)
        return wanted is None or wanted in self.scopes


#: Everybody on this machine, where no keys are set: what reveals wants a key of its own.
EVERYBODY = Caller("local", frozenset({"detect", "anonymize", "jobs"}))


def wanted_scope(path: str) -> str | None:
    """The scope that a path wants; None if any caller will do."""
    if path in _FREE:
        return None
    return next((scope for begins, scope in _WANTED if path.startswith(begins)), None)


def scopes_of(names: Iterable[str]) -> frozenset[str]:
    """Scopes by their names.

    Raises:
        UnknownNameError: one is none.
    """
    found = frozenset(name.strip() for name in names if name.strip())
    for name in sorted(found):
        if name not in SCOPES:
            raise UnknownNameError("scope", name, SCOPES)
    return found
