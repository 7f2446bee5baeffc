"""Bearer tokens of an OIDC issuer: signed JSON Web Tokens (RFC 7519), checked against its keys.

Only asymmetric signatures are taken (RFC 8725, section 3.1): a service that checks with a public
key can be fooled by no token that was signed with that key as a shared secret.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lakescan.errors import MissingDependencyError, UsageError
from lakescan.service.callers import SCOPES, Caller

_log = logging.getLogger(__name__)

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
#: Clocks differ by so many seconds.
_LEEWAY = 30
#: The issuer's keys are fetched again after so many seconds, or for a key that is not known, but
#: then not more often than this: whoever sends made-up tokens makes us fetch nothing.
_FRESH, _PAUSE = 3600.0, 30.0
_FETCH_SECONDS = 10
#: Longest document of keys, in bytes.
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Which tokens are trusted.

    Args:
        issuer: the token's ``iss``.
        audience: must be in the token's ``aud``.
        jwks: an https URL or a file with the issuer's keys (RFC 7517).
        claim: which claim has the scopes: a list, or words between blanks.
    """

    issuer: str
    audience: str
    jwks: str
    claim: str = "scope"

    def __post_init__(self) -> None:
        if not (self.issuer and self.audience and self.jwks):
            raise UsageError("tokens need an issuer, an audience and the issuer's keys (JWKS)")
        scheme = self.jwks.partition("://")[0].lower() if "://" in self.jwks else "file"
        local = self.jwks.startswith(("http://127.0.0.1", "http://localhost"))
        if scheme not in ("https", "file") and not local:
            raise UsageError("the issuer's keys come by https or from a file")


class Tokens:
    """Reads tokens.

    Args:
        rules: which are trusted.
    """

    def __init__(self, rules: TokenRules) -> None:
        try:
            import jwt  # noqa: F401 - to say at the start that it is missing
        except ImportError:
            raise MissingDependencyError("PyJWT", "jwt") from None
        self._rules = rules
        self._keys: Mapping[str, object] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def caller(self, token: str) -> Caller | None:
        """Whose token it is; None if it is not to be trusted."""
        import jwt

        try:
            known = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            if known is None:
                return None
            claims = jwt.decode(
                token,
                known,  # type: ignore[arg-type]
                algorithms=_ALGORITHMS,
                audience=self._rules.audience,
                issuer=self._rules.issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError):
            return None
        return _caller(claims, self._rules)

    async def _key(self, name: str) -> object | None:
        """The public key of that id; the only one there is, for a token that names none."""
        age = time.monotonic() - self._fetched
        if age > _FRESH or (name not in self._keys and name and age > _PAUSE):
            async with self._lock:
                if time.monotonic() - self._fetched >= min(age, _PAUSE):
                    await asyncio.to_thread(self._fetch)
        if not name and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(name)

    def _fetch(self) -> None:
        """Read the issuer's keys; those that are known stay where they cannot be had."""
        from jwt import PyJWKSet, PyJWTError

        self._fetched = time.monotonic()
        try:
            keys = PyJWKSet.from_dict(json.loads(self._document())).keys
        except (OSError, ValueError, PyJWTError) as error:
            _log.error("the issuer's keys cannot be read: %s", type(error).__name__)
            return
        self._keys = {str(key.key_id or ""): key for key in keys}

    def _document(self) -> bytes:
        if "://" not in self._rules.jwks:
            return Path(self._rules.jwks).read_bytes()
        with urllib.request.urlopen(  # noqa: S310 - the scheme was looked at
            self._rules.jwks, timeout=_FETCH_SECONDS
        ) as answer:
            return bytes(answer.read(_LONGEST))


def _caller(claims: Mapping[str, object], rules: TokenRules) -> Caller:
    told = claims.get(rules.claim, "")
    names = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    # Issuers put an application's name before its scopes: lakescan:detect, lakescan.detect.
    words = {str(name).rpartition(":")[2].rpartition(".")[2] for name in names}
    subject = str(claims.get("sub", ""))
    short = hashlib.sha256(f"{rules.issuer}\n{subject}".encode()).hexdigest()[:8]
    return Caller(f"token-{short}", frozenset(words & set(SCOPES)), subject)
