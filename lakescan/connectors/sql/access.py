"""How a split's database is reached: options and login, which no report has, and a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import orjson

from lakescan.connectors.model import NOTHING_HIDDEN, Hidden
from lakescan.connectors.secrets import resolve_secret
from lakescan.connectors.sql.address import Address


@dataclass(frozen=True, slots=True)
class Access:
    """What travels with a split.

    Args:
        user: empty for what the driver assumes.
        password: as the URI has it; a reference to it stands in ``options`` and is resolved
            where the connection is made.
        options: of the URI's query.
        snapshot: the name of a snapshot to read in.
    """

    user: str = ""
    password: Hidden = NOTHING_HIDDEN
    options: Mapping[str, str] = field(default_factory=dict)
    snapshot: str = ""

    @classmethod
    def of(cls, address: Address, snapshot: str) -> Access:
        """That of a database that was reached."""
        reference = "password" in address.options
        password = Hidden() if reference else address.password
        return cls(address.user, password, dict(address.options), snapshot)

    def to_text(self) -> str:
        """As a split carries it."""
        return orjson.dumps(
            [self.user, str(self.password), dict(self.options), self.snapshot]
        ).decode()

    @classmethod
    def of_text(cls, text: str) -> Access:
        """Read what `to_text` wrote; an empty text is the access that asks for nothing."""
        if not text:
            return cls()
        user, password, options, snapshot = orjson.loads(str(text))
        return cls(user, Hidden(password), options, snapshot)

    def login(self, address: Address) -> Address:
        """The address with login and options, ready to connect."""
        known = replace(address, user=self.user, password=self.password, options=self.options)
        return located(known)


def located(address: Address) -> Address:
    """An address with the password that it refers to.

    Raises:
        UsageError: ``password=`` is no reference.
        CredentialError: nothing is where it points.
    """
    reference = address.option("password")
    if not reference:
        return address
    return replace(address, password=Hidden(resolve_secret(reference)))
