"""Where a keyring is kept: the environment, a file, a vault, or a file that a KMS has sealed.

`fetch_key` finds the module by scheme; SDKs are imported only there, when they are used.
"""

from __future__ import annotations

from lakescan.connectors.keys.lookup import fetch_key

__all__ = ["fetch_key"]
