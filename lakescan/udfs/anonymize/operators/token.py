"""token: a pseudonym, AES-CMAC of the value under a key of the domain."""

from __future__ import annotations

import pyarrow as pa

from lakescan.policy.operators import TokenOptions
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.operators.written import written_rows
from lakescan.udfs.anonymize.text_types import text_only


class Token:
    """The same token for equal values of a domain, in any table, file and run under one key.

    It has 128 bits: among a thousand million values, two share one with a chance of 10^-21.
    """

    name = "token"
    traits = Traits(keyed=True, light=True)

    def __init__(self, options: TokenOptions) -> None:
        self._format = options.format
        self._prefix = options.prefix
        self._cmac: Cmac | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the key."""
        assert keys is not None, "the job asks for a key first"
        self._cmac = Cmac(keys.secret("token"))

    def apply(self, cells: Cells) -> Applied:
        """The tokens."""
        assert self._cmac is not None, "setup comes first"
        tags = self._cmac(bytes_of(cells.values))
        return Applied(written_rows(tags, self._format, self._prefix))
