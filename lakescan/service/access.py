"""Access: a credential becomes a caller, who may go where their scopes let them, at their pace."""

from __future__ import annotations

import math

from lakescan.service.answers import RefusedError
from lakescan.service.callers import EVERYBODY, Caller, wanted_scope
from lakescan.service.jwt import Tokens
from lakescan.service.keys import KeyRing
from lakescan.service.rates import Rates


class Access:
    """Lets callers in.

    Args:
        keys: API keys.
        tokens: reads bearer tokens; None where no issuer is trusted.
        rates: how much a caller may ask; None for as much as they like.
    """

    def __init__(self, keys: KeyRing, tokens: Tokens | None, rates: Rates | None) -> None:
        self._keys = keys
        self._tokens = tokens
        self._rates = rates

    @property
    def open(self) -> bool:
        """Whether nobody needs a credential."""
        return not self._keys and self._tokens is None

    async def admit(self, credential: str | None, path: str, address: str) -> Caller:
        """Who asks.

        Args:
            credential: an API key or a token.
            path: what they want.
            address: where they come from; counts as their name where nobody needs a credential.

        Raises:
            RefusedError: 401 for nobody, 403 for somebody who may not, 429 for too much.
        """
        caller = EVERYBODY if self.open else await self._caller(credential)
        if caller is None:
            raise RefusedError(401, "the API key or token is missing or not valid")
        if not caller.may(path):
            raise RefusedError(
                403, f"this needs a key or token with the scope {wanted_scope(path)!r}"
            )
        if self._rates is not None:
            wait = self._rates.wait(address if self.open else caller.name)
            if wait > 0:
                raise RefusedError(429, "too many requests; slow down", math.ceil(wait))
        return caller

    async def _caller(self, credential: str | None) -> Caller | None:
        if self._tokens is not None and credential and credential.count(".") == 2:
            caller = await self._tokens.caller(credential)
            if caller is not None:
                return caller
        return self._keys.caller(credential)
